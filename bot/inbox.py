"""From a decrypted message to its stored effects and its answer.

All that has queued up while the database thread was busy is one batch: one transaction, one fsync. A message is
answered only after the commit. What a batch does with a failure:

a handler raises     → the batch is rolled back and done again; the guilty message is stored as failed, without effects
the flush fails      → the batch is rolled back and done again message by message; the guilty one is stored as failed
the database is down → every message of the batch raises, the callback answers 5xx and the platform sends it again
"""

import asyncio
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy.orm import Session

from bot.channels.base import Incoming
from bot.clock import Clock
from bot.dispatch import Dispatcher, HandlerFailed
from bot.effects import Addressing, Decider, Outcome
from storage import outbox
from storage.trouble import unavailable
from storage.writer import Writer

log = structlog.get_logger("kakou.inbox")

PASSIVE_SECONDS = 3.0
"""An answer that is ready by then rides in the callback's response; WeCom cuts the connection after 5 s."""
GIVE_UP_SECONDS = 4.5
"""Not on disk by then: 5xx, and the platform sends it again."""
OPEN_SECONDS = 10.0
"""No callback is open for longer: the platform cuts it after 5 s."""
MOST_GUILTY = 3
"""Failing messages for which a batch is done again as a whole; with more of them message by message costs less."""


@dataclass(slots=True)
class _Waiting:
    incoming: Incoming
    future: "asyncio.Future[Outcome]"
    since: float = field(default_factory=time.monotonic)


class Inbox:
    """Takes messages in on the event loop, has them decided in batches on the database thread."""

    def __init__(
        self, writer: Writer, dispatcher: Dispatcher, clock: Clock, addressing: Addressing, *, batch: int = 200
    ) -> None:
        self._writer = writer
        self._dispatcher = dispatcher
        self._clock = clock
        self._addressing = addressing
        self._batch = batch
        self._queue: list[_Waiting] = []
        self._running: asyncio.Task[None] | None = None
        self._delivered: list[str] = []
        self._late: list[str] = []
        self._open: dict[str, float] = {}
        self.on_outgoing: Callable[[], None] = lambda: None
        self.on_waiting: Callable[[Incoming], None] = lambda _incoming: None
        """Told of a message that must wait for the batch before it."""

    async def submit(self, incoming: Incoming) -> str | None:
        """Store and decide one message. Returns the passive reply once it is on disk, or None; raises where it is not
        on disk.
        """
        incoming = replace(incoming, arrived_at=self._clock.now())
        loop = asyncio.get_running_loop()
        waiting = _Waiting(incoming, loop.create_future())
        patience = loop.call_later(GIVE_UP_SECONDS, _give_up, waiting.future)
        self._queue.append(waiting)
        self._open[incoming.key] = waiting.since
        if self._running is not None:
            self.on_waiting(incoming)
        self._wake()
        try:
            outcome = await waiting.future
        except BaseException:
            self._open.pop(incoming.key, None)
            raise
        finally:
            patience.cancel()
        if outcome.reply is not None and time.monotonic() - waiting.since > PASSIVE_SECONDS:
            self.missed(incoming)
            return None
        if outcome.reply is None:
            self._open.pop(incoming.key, None)
        return outcome.reply

    def delivered(self, incoming: Incoming) -> None:
        """The callback's response, with the passive reply, has been written."""
        self._open.pop(incoming.key, None)
        self._delivered.append(incoming.key)
        self._wake()

    def missed(self, incoming: Incoming) -> None:
        """The passive reply could not ride along: it goes another way."""
        self._open.pop(incoming.key, None)
        self._late.append(incoming.key)
        self._wake()

    def busy_keys(self) -> list[str]:
        """Keys of messages whose callback is still open: their replies are nobody else's. A client that went away
        without a
        word is forgotten after the time that the platform itself would wait.
        """
        oldest = time.monotonic() - OPEN_SECONDS
        self._open = {key: since for key, since in self._open.items() if since > oldest}
        return list(self._open)

    def is_idle(self) -> bool:
        """Whether nothing waits to be decided or marked."""
        return self._running is None

    async def drain(self) -> None:
        """Wait until everything that was taken in is decided and marked."""
        while self._running is not None:
            await asyncio.wait([self._running])

    def _wake(self) -> None:
        if self._running is None:
            self._running = asyncio.get_running_loop().create_task(self._run(), name="kakou-inbox")

    async def _run(self) -> None:
        # A turn of the loop lets callbacks that arrive together share a commit.
        await asyncio.sleep(0)
        try:
            while self._queue or self._delivered or self._late:
                await self._turn()
        finally:
            self._running = None
            if self._queue or self._delivered or self._late:
                self._wake()

    async def _turn(self) -> None:
        taken, self._queue = self._queue[: self._batch], self._queue[self._batch :]
        sent, self._delivered = self._delivered, []
        late, self._late = self._late, []
        work = _Batch(self, [w.incoming for w in taken], sent, late)
        try:
            outcomes = await self._writer.run(work)
        except Exception as error:  # noqa: BLE001  (every waiting callback is told, whatever it was)
            log.error("the batch was not stored", action="batch_failed", size=len(taken), error=type(error).__name__)
            self._delivered[:0], self._late[:0] = sent, late
            for waiting in taken:
                _settle(waiting.future, error)
            await asyncio.sleep(0.2)
            return
        for waiting, outcome in zip(taken, outcomes, strict=True):
            _settle(waiting.future, outcome)
        if late or any(isinstance(outcome, Outcome) and outcome.sends for outcome in outcomes):
            self.on_outgoing()

    def attempt(self, session: Session, batch: Sequence[Incoming], *, passive: bool = True) -> list[Outcome]:
        """Decide a batch; on failure again, without the effects of the guilty. Runs on the database thread.

        Without `passive` no callback is open, and answers go through the outbox.
        """
        addressing = self._addressing if passive else replace(self._addressing, passive_bytes=lambda _channel: 0)
        guilty: dict[str, str] = {}
        while True:
            try:
                return self._decide(session, batch, guilty, addressing)
            except HandlerFailed as failure:
                if unavailable(failure) or len(guilty) >= MOST_GUILTY:
                    raise
                guilty[failure.incoming.key] = _describe(failure)
                log.error(
                    "a handler failed", action="handler_failed", error=guilty[failure.incoming.key].splitlines()[-1]
                )

    def one_by_one(self, session: Session, batch: Sequence[Incoming]) -> list[Outcome | Exception]:
        """As `attempt`, each message in a savepoint of its own: one that cannot be written is stored as failed."""
        outcomes: list[Outcome | Exception] = []
        for incoming in batch:
            try:
                outcomes += self.attempt(session, [incoming])
            except Exception as error:
                if unavailable(error):
                    raise
                outcomes.append(self._bare(session, incoming, error))
        return outcomes

    def _bare(self, session: Session, incoming: Incoming, cause: Exception) -> Outcome | Exception:
        """Store a message without effects. Where even that cannot be done, the exception is for its sender alone."""
        reason = _describe(cause)
        log.error("a message could not be written", action="inbox.unwritable", error=reason)
        try:
            return self._decide(session, [incoming], {incoming.key: reason}, self._addressing)[0]
        except Exception as error:
            if unavailable(error):
                raise
            log.error("a message could not be stored", action="inbox.unstorable", error=_describe(error))
            return error

    def _decide(
        self, session: Session, batch: Sequence[Incoming], guilty: dict[str, str], addressing: Addressing
    ) -> list[Outcome]:
        decider = Decider(session, self._dispatcher, addressing, self._clock)
        try:
            with session.begin_nested():
                return decider.run(batch, guilty)
        except BaseException:
            session.expunge_all()
            raise


class _Batch:
    """The work of one transaction, as the database thread gets it."""

    def __init__(self, inbox: Inbox, batch: Sequence[Incoming], sent: Sequence[str], late: Sequence[str]) -> None:
        self._inbox = inbox
        self._messages = batch
        self._sent = sent
        self._late = late

    def __call__(self, session: Session) -> Sequence[Outcome | Exception]:
        inbox = self._inbox
        now = inbox._clock.now()  # noqa: SLF001  (its own half)
        if self._sent:
            outbox.mark_delivered(session, self._sent, now)
        if self._late:
            outbox.take_back(session, self._late, now)
        try:
            return inbox.attempt(session, self._messages) if self._messages else []
        except Exception as error:
            if unavailable(error):
                raise
            log.warning("a batch is done again message by message", action="batch_split", error=type(error).__name__)
            return inbox.one_by_one(session, self._messages)


def _describe(error: BaseException) -> str:
    """Type and place of an error, without its message: that may quote what somebody wrote."""
    cause = error.__cause__ or error
    frames = traceback.extract_tb(cause.__traceback__)
    where = f"{frames[-1].name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(cause).__name__} in {where}"


def _settle(future: "asyncio.Future[Outcome]", result: Outcome | Exception) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)


def _give_up(future: "asyncio.Future[Outcome]") -> None:
    """The message may be stored all the same: the platform sends it again, and gets its answer then."""
    if not future.done():
        future.set_exception(TimeoutError())
