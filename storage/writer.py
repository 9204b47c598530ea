"""The database thread: every transaction that writes runs here, one after the other, never cancelled in the middle."""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.trouble import conflict

T = TypeVar("T")
Work = Callable[[Session], Any]

TURN = 0x6B616B6F76
"""The advisory lock of PostgreSQL that lets writers of several instances work one after the other."""
TRIES = 3
"""How often a transaction that another one stood in the way of is done at most."""


class WriterClosed(Exception):
    """Work was given to a writer that has stopped."""


class Writer:
    """One thread, one engine. `run` commits what the work did, or rolls all of it back.

    Work may be done again from its beginning where another instance's transaction stood in its way, so it keeps nothing
    outside the session.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._queue: queue.SimpleQueue[tuple[Work, Future[Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="kakou-writer", daemon=True)
        self._closed = False
        self._door = threading.Lock()
        self._thread.start()

    def submit(self, work: Callable[[Session], T]) -> "Future[T]":
        """Queue `work`; the future ends after the commit, or with the exception after the rollback."""
        future: Future[T] = Future()
        with self._door:
            if self._closed:
                raise WriterClosed("the writer has stopped")
            self._queue.put((work, future))
        return future

    async def run(self, work: Callable[[Session], T]) -> T:
        """As `submit`, awaited. Cancelling the caller leaves the work to its end."""
        return await asyncio.shield(asyncio.wrap_future(self.submit(work)))

    def close(self, seconds: float = 10.0) -> bool:
        """Finish what is queued and stop; False where that took longer than `seconds`."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while (job := self._queue.get()) is not None:
            self._do(*job)
            del job  # an idle thread keeps no messages

    def _do(self, work: Work, future: "Future[Any]") -> None:
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = self._persist(work)
        except BaseException as error:  # noqa: BLE001  (the future carries it to whoever waits)
            future.set_exception(error)
        else:
            future.set_result(result)

    def _persist(self, work: Work) -> Any:
        for _ in range(TRIES - 1):
            try:
                return self._transact(work)
            except DBAPIError as error:
                if not conflict(error):
                    raise
        return self._transact(work)

    def _transact(self, work: Work) -> Any:
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            if self.engine.dialect.name == "postgresql":
                # As SQLite does it: what a batch has read stays true until it commits, whatever other instances do.
                session.execute(select(func.pg_advisory_xact_lock(TURN)))
            return work(session)
