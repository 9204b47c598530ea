"""A pure function on many items, shared with a helper process: bursts of messages use a second core to be understood.

Python runs one thread at a time, so reading texts in the database thread slows down the event loop. Once several items
have come together, a helper process exists, and items are handed to it as soon as they are known (`expect`), while the
batch before theirs is still at work; `map` collects what it made of them. A quiet group never needs one. Whatever goes
wrong with it, the items are done here.
"""

import os
import pickle
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any, Generic, TypeVar

import structlog

log = structlog.get_logger("kakou.second_core")

T = TypeVar("T")
R = TypeVar("R")

SOON = 4
"""Items of a batch that foretell a burst: the helper is started, as it takes a while to be ready."""
LEAST = 24
"""Items of a batch below which sharing costs more than it gives."""
LUMP = 32
"""Items that travel together: long enough to pay for the journey, short enough not to be waited for."""
AHEAD = 2
"""Lumps on their way at a time: the helper finds the next one when it has done with one."""
WORTH = 8
"""Items that make it worth to send a lump while another one is on its way: every lump takes the event loop's turn."""
MOST = 4000
"""Items that are expected, and results that nobody has fetched, at most: an item may turn out differently."""
PATIENCE = 3.0
"""Seconds that a batch waits for the helper before it is given up."""
_HEAD = 4


@dataclass(frozen=True, slots=True)
class Travel:
    """How items and results travel: what does not change is told once, the rest is made small, as packing it is work of
    the process that is to be relieved.
    """

    setup: Any = None
    """What the helper's function is made with; it can be pickled."""
    pack: Callable[[Any], Any] = lambda item: item
    unpack: Callable[[Any], Any] = lambda result: result


class SecondCore(Generic[T, R]):
    """`map` of one function. `module` is run with `-m` and serves it, with `serve`, on its standard streams."""

    def __init__(self, function: Callable[[T], R], module: str, travel: Travel | None = None) -> None:
        self._function = function
        self._module = module
        self._travel = travel or Travel()
        self._process: subprocess.Popen[bytes] | None = None
        self._starting: threading.Thread | None = None
        self._enabled = (os.cpu_count() or 1) > 1
        self._lock = threading.Lock()
        self._work = threading.Condition(self._lock)
        self._news = threading.Condition(self._lock)
        self._waiting: dict[T, None] = {}
        self._sent: deque[Mapping[T, None]] = deque()
        self._done: dict[T, Any] = {}

    def expect(self, item: T) -> None:
        """An item that `map` is going to be asked for soon. Never waits."""
        if self._process is None:
            return
        with self._lock:
            if len(self._waiting) < MOST:
                self._waiting[item] = None
                if self._sendable():
                    self._work.notify()

    def map(self, items: Sequence[T]) -> list[R]:
        """The function's result for each item, in order."""
        ready = len(items) >= SOON and self._ready()
        done = self._fetch(items, share=ready and len(items) >= LEAST)
        unpack = self._travel.unpack
        return [unpack(done[item]) if item in done else self._function(item) for item in items]

    def close(self) -> None:
        """End the helper."""
        process, self._process = self._process, None
        self._enabled = False
        if self._starting is not None:
            self._starting.join()
            process = process or self._process
        self._forget()
        if process is not None:
            _end(process)

    # -- the side of those who ask -------------------------------------------------------------------------------------

    def _fetch(self, items: Sequence[T], *, share: bool) -> dict[T, Any]:
        """What the helper made of `items`. Those that it does not have yet are given to it before all others, or, where
        that does not pay, not left to it any longer.
        """
        with self._lock:
            if share:
                mine = dict.fromkeys(item for item in items if item not in self._done and not self._under_way(item))
                self._waiting = mine | self._waiting
                self._work.notify()
            else:
                for item in items:
                    self._waiting.pop(item, None)
            # From the end: what was given last comes last.
            in_time = self._news.wait_for(lambda: not any(self._is_out(item) for item in reversed(items)), PATIENCE)
            done = {item: self._done.pop(item) for item in items if item in self._done}
        if not in_time:
            self._give_up(self._process, "does not answer")
        return done

    def _is_out(self, item: T) -> bool:
        return item in self._waiting or self._under_way(item)

    def _under_way(self, item: T) -> bool:
        return any(item in lump for lump in self._sent)

    def _ready(self) -> bool:
        """Whether the helper can be used now. The first call starts it, off this thread: it needs half a second."""
        if self._process is not None:
            return True
        if self._enabled and self._starting is None:
            self._starting = threading.Thread(target=self._start, name="kakou-second-core", daemon=True)
            self._starting.start()
        return False

    # -- the side of the helper ----------------------------------------------------------------------------------------

    def _start(self) -> None:
        command = [sys.executable, "-m", self._module]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603  (our own module)
        try:
            assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018  (pipes were asked for)
            _write(process.stdin, pickle.dumps(self._travel.setup, pickle.HIGHEST_PROTOCOL))
            _read(process.stdout)
        except (OSError, EOFError):
            self._give_up(process, "did not start")
            return
        self._process = process
        for work in (self._send, self._receive):
            threading.Thread(target=work, args=(process,), name="kakou-second-core", daemon=True).start()

    def _send(self, process: "subprocess.Popen[bytes]") -> None:
        """A thread of its own, so that answers are always taken from the helper and it never waits for that."""
        while lump := self._next_lump(process):
            try:
                assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
                packed = [self._travel.pack(item) for item in lump]
                _write(process.stdin, pickle.dumps(packed, pickle.HIGHEST_PROTOCOL))
            except (OSError, ValueError):
                self._give_up(process, "does not listen")

    def _next_lump(self, process: "subprocess.Popen[bytes]") -> Sequence[T]:
        """What is to be sent next; nothing once the helper is given up."""
        with self._lock:
            self._work.wait_for(lambda: self._process is not process or self._sendable())
            if self._process is not process:
                return ()
            lump = dict.fromkeys(islice(self._waiting, LUMP))
            for item in lump:
                del self._waiting[item]
            self._sent.append(lump)
            return tuple(lump)

    def _sendable(self) -> bool:
        if not self._sent:
            return bool(self._waiting)
        return len(self._sent) < AHEAD and len(self._waiting) >= WORTH

    def _receive(self, process: "subprocess.Popen[bytes]") -> None:
        while self._process is process:
            try:
                assert process.stdout is not None  # noqa: S101  (a pipe was asked for)
                answers: Sequence[Any] | None = pickle.loads(_read(process.stdout))  # noqa: S301  (from our own process)
            except (OSError, ValueError, EOFError, pickle.UnpicklingError):
                self._give_up(process, "is gone")
                return
            self._settle(answers)

    def _settle(self, answers: Sequence[Any] | None) -> None:
        """Without answers one of the items was at fault: they are done by whoever asks, who meets the fault then."""
        with self._lock:
            if not self._sent:
                return
            lump = self._sent.popleft()
            self._done.update(zip(lump, answers or (), strict=False))
            for old in list(islice(self._done, max(0, len(self._done) - MOST))):
                del self._done[old]
            self._news.notify_all()
            self._work.notify()

    def _give_up(self, process: "subprocess.Popen[bytes] | None", why: str) -> None:
        """Do without it for good: a helper that fails once would fail in the next burst, too."""
        if process is None or not self._enabled:
            return
        log.warning("the second core is given up", action="second_core.lost", why=why)
        self._process, self._enabled = None, False
        self._forget()
        _end(process)

    def _forget(self) -> None:
        with self._lock:
            self._waiting.clear()
            self._sent.clear()
            self._news.notify_all()
            self._work.notify_all()


def serve(make: Callable[[Any], Callable[[Any], Any]]) -> None:
    """The helper's side: the setup, then lists of packed items on standard input, lists of packed results on standard
    output, until the input ends. `make` makes the function of the setup.
    """
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # nothing else may write into the stream of results
    try:
        function = make(pickle.loads(_read(source)))  # noqa: S301  (from the process that started this one)
        _write(sink, b"")
        while True:
            _write(sink, pickle.dumps(_answer(function, pickle.loads(_read(source))), pickle.HIGHEST_PROTOCOL))  # noqa: S301
    except EOFError:
        return


def _answer(function: Callable[[Any], Any], items: Sequence[Any]) -> list[Any] | None:
    try:
        return [function(item) for item in items]
    except Exception:  # noqa: BLE001  (the other side does the items itself, and meets the fault where it is handled)
        return None


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
        with suppress(OSError):  # what was on its way to it cannot be delivered any more
            if stream is not None:
                stream.close()
