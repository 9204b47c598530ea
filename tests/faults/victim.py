"""A bot that is killed at a named point: `victim.py CONFIG [POINT]`. Prints its port when it listens.

The product knows nothing of this: the points are put around its functions here, in a process of its own."""

import asyncio
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import inbox, log, outbox
from bot.app import Service, run
from bot.config import load
from storage import outbox as outbox_rows
from storage.unit_of_work import UnitOfWork
from storage.writer import Writer


def die() -> None:
    """End like a process that is killed: nothing is flushed, closed or answered."""
    os._exit(9)


def dying(function: Callable[..., Any], *, before: bool = False) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before:
            die()
        function(*args, **kwargs)
        die()

    return wrapped


def insert_before_commit() -> None:
    """Everything of the batch is written, the transaction is still open."""
    original = UnitOfWork.flush

    def flush(self: UnitOfWork) -> None:
        filled = bool(self._rows)
        original(self)
        if filled:
            die()

    UnitOfWork.flush = flush  # type: ignore[method-assign]


def commit_before_answer() -> None:
    """The batch is on disk, the callback has not been answered."""
    original = Writer.run

    async def run(self: Writer, work: Any) -> Any:
        result = await original(self, work)
        if isinstance(work, inbox._Batch) and work._messages:
            die()
        return result

    Writer.run = run  # type: ignore[method-assign]


def in_handler() -> None:
    """In the middle of a handler, on the database thread."""
    from handlers import duty

    duty.texts.checked_in = dying(duty.texts.checked_in)


def answer_before_mark() -> None:
    """The answer has reached the platform, nobody has written that down."""
    inbox.Inbox.delivered = dying(inbox.Inbox.delivered, before=True)  # type: ignore[method-assign]


def send_before_mark() -> None:
    """A webhook has taken a message, nobody has written that down."""
    outbox_rows.mark_sent = dying(outbox_rows.mark_sent, before=True)


def claim_before_send() -> None:
    """A message is claimed, and not yet sent."""
    outbox._message = dying(outbox._message, before=True)


POINTS = {
    function.__name__: function
    for function in (
        insert_before_commit,
        commit_before_answer,
        in_handler,
        answer_before_mark,
        send_before_mark,
        claim_before_send,
    )
}


async def main(config: Path, point: str | None) -> None:
    log.configure("error")
    if point:
        POINTS[point]()
    service = Service(load(config, os.environ))
    await run(service, asyncio.Event(), lambda: print(service.port, flush=True))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
