"""A pure function on many items, shared with a helper process: bursts of messages use a second core to be understood.

Python runs one thread at a time, so reading texts in the database thread slows down the event loop. A large batch is
cut in two: this process takes the head, a process that was started for it the tail. Small batches never leave the
process, and without a burst no second process exists. Whatever goes wrong with it, the items are done here.
"""

import os
import pickle
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any, Generic, TypeVar

import structlog

log = structlog.get_logger("kakou.second_core")

T = TypeVar("T")
R = TypeVar("R")

LEAST = 24
"""Items of a batch below which sharing costs more than it gives."""
TAIL = 0.8
"""The share of the helper: it has nothing else to do, and while this thread waits for it the event loop runs."""
PATIENCE = 3.0
"""Seconds that the helper may take for its share before it is given up."""
_HEAD = 4


class SecondCore(Generic[T, R]):
    """`map` of one function. `module` is run with `-m` and serves `serve(function)` on its standard streams."""

    def __init__(self, function: Callable[[T], R], module: str) -> None:
        self._function = function
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._starting: threading.Thread | None = None
        self._enabled = (os.cpu_count() or 1) > 1

    def map(self, items: Sequence[T]) -> list[R]:
        """The function's result for each item, in order."""
        if len(items) < LEAST or not self._ready():
            return [self._function(item) for item in items]
        cut = round(len(items) * (1 - TAIL))
        tail = items[cut:]
        sent = self._send(tail)
        done = [self._function(item) for item in items[:cut]]
        rest: list[R] | None = self._receive() if sent else None
        return done + (rest if rest is not None else [self._function(item) for item in tail])

    def close(self) -> None:
        """End the helper."""
        process, self._process = self._process, None
        self._enabled = False
        if self._starting is not None:
            self._starting.join()
            process = process or self._process
        if process is not None:
            _end(process)

    def _ready(self) -> bool:
        """Whether the helper can be used now. The first call starts it, off this thread: it needs half a second."""
        if self._process is not None:
            return True
        if self._enabled and self._starting is None:
            self._starting = threading.Thread(target=self._start, name="kakou-second-core", daemon=True)
            self._starting.start()
        return False

    def _start(self) -> None:
        command = [sys.executable, "-m", self._module]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  (our own module)
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  (pipes were asked for)
            _write(process.stdin, b"")
            _read(process.stdout)
        except (OSError, EOFError):
            self._give_up(process, "did not start")
            return
        self._process = process

    def _send(self, items: Sequence[T]) -> bool:
        process = self._process
        if process is None or process.stdin is None:
            return False
        try:
            _write(process.stdin, pickle.dumps(list(items), pickle.HIGHEST_PROTOCOL))
        except OSError:
            self._give_up(process, "does not listen")
            return False
        return True

    def _receive(self) -> list[R] | None:
        process = self._process
        if process is None or process.stdout is None:
            return None
        try:
            ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
            if ready:
                answer: list[R] | None = pickle.loads(_read(process.stdout))  # noqa: S301  (from our own process)
                if answer is not None:
                    return answer
        except (OSError, EOFError, pickle.UnpicklingError):
            pass
        self._give_up(process, "did not answer")
        return None

    def _give_up(self, process: "subprocess.Popen[bytes]", why: str) -> None:
        """Do without it for good: a helper that fails once would fail in the next burst, too."""
        log.warning("the second core is given up", action="second_core.lost", why=why)
        self._process, self._enabled = None, False
        _end(process)


def serve(function: Callable[[Any], Any]) -> None:
    """The helper's side: lists of items on standard input, of results on standard output, until the input ends."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing else may write into the stream of results
    while True:
        try:
            data = _read(source)
        except EOFError:
            return
        items = pickle.loads(data) if data else []  # noqa: S301  (from the process that started this one)
        try:
            answer: list[Any] | None = [function(item) for item in items]
        except Exception:  # noqa: BLE001  (the other side does the items itself, and meets the fault where it is handled)
            answer = None
        _write(sink, pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_HEAD, "big") + data)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    head = stream.read(_HEAD)
    if len(head) < _HEAD:
        raise EOFError
    size = int.from_bytes(head, "big")
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
