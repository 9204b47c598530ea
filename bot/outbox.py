"""The sender: takes what the outbox holds, within the limits of each channel, in the order of each chat, until it is
sent or dead.

One loop decides who may go; messages of different chats travel at the same time, those of one chat one after the
other. A row is claimed in the database before it is sent and marked afterwards; a row whose process ended in between is
uncertain, is never sent again by itself, and is shown to a person.
"""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.channels.base import Outgoing, Sender
from bot.clock import Clock
from bot.errors import GiveUp, RetryLater
from bot.limiter import Limiter
from storage import outbox as rows
from storage.crypto import SealError
from storage.tables import Outbox as OutboxRow
from storage.writer import Writer, WriterClosed

log = structlog.get_logger("kakou.outbox")

LEASE = timedelta(seconds=120)
"""How long a claimed row may be on its way before it counts as lost with its process."""
BACKOFF_FIRST = 2.0
BACKOFF_CAP = 600.0
BACKOFF_JITTER = 0.2
MOST_ATTEMPTS = 18
"""With the back-off above, a bit over an hour and a half of trying: 2 + 4 + … + 512 s, then eight times 600 s."""
SCAN = 500
"""How many waiting rows one look at the outbox sees."""
CONCURRENT = 16
SWEEP_EVERY = timedelta(seconds=10)
MARK_AGAIN = (0.2, 1.0, 5.0, 20.0)
"""Seconds between tries to write down what became of a message while the database does not answer."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What the composition root knows about where messages can go."""

    senders: Mapping[str, Sender]
    fallback: Callable[[OutboxRow], str | None]
    """Another channel for a row that its own channel will never take, or None."""
    split: Callable[[str, str, str], list[str]] = lambda text, _channel, _form: [text]
    """(text, channel, form) → parts within the channel's limits, for a row that goes another way."""
    picture: Callable[[str], bytes] | None = None
    """What an image row without bytes shows → its bytes: made when it is sent, in a thread of its own."""


class Outbox:
    """Sends. `wake` tells it that there is something new."""

    def __init__(self, writer: Writer, ways: Ways, clock: Clock, limiter: Limiter) -> None:
        self._writer = writer
        self._ways = ways
        self._clock = clock
        self._limiter = limiter
        self._news = asyncio.Event()
        self._busy: dict[int, tuple[str, str]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop_task: asyncio.Task[None] | None = None
        self._looking = False
        self._stopping = False
        self._swept: datetime | None = None
        self._alone = True
        self._own: set[int] = set()
        self.busy_keys: Callable[[], Sequence[str]] = lambda: ()
        """Keys of messages whose callbacks are still open in this process."""

    async def start(self, *, alone: bool) -> None:
        """Rebuild the limiter from what was sent, and begin. `alone`: no other process uses this database."""
        now = self._clock.now()
        self._alone = alone
        await self._writer.run(lambda session: self._prepare(session, now, alone=alone))
        self._loop_task = asyncio.get_running_loop().create_task(self._loop(), name="kakou-outbox")

    async def stop(self, seconds: float) -> None:
        """Let what is on its way arrive, for `seconds` at most; the rest stays in the outbox."""
        self._stopping = True
        self._news.set()
        if self._loop_task is not None:
            await asyncio.wait([self._loop_task], timeout=seconds)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def wake(self) -> None:
        """There may be something to send."""
        self._news.set()

    async def drain(self) -> None:
        """Wait until nothing that is due now is left. For tests and for moving the sandbox's clock."""
        while True:
            waiting = await self._writer.run(lambda session: list(rows.waiting(session, SCAN)))
            now = self._clock.now()
            due = (row.state == "sending" or (row.not_before <= now and self._wait(row, now) <= 0) for row in waiting)
            if not (self._looking or self._busy or any(due)):
                return
            self.wake()
            await asyncio.sleep(0.005)

    def _prepare(self, session: Session, now: datetime, *, alone: bool) -> None:
        if alone:
            rows.end_leases(session, now)
        self._note(rows.sent_since(session, now - timedelta(seconds=60)))
        self._swept = now - SWEEP_EVERY

    def _note(self, sent: Sequence[tuple[str, str, datetime]]) -> None:
        for channel, chat, at in sent:
            self._limiter.note(self._scope(channel, chat), at)

    def _scope(self, channel: str, chat: str) -> str:
        sender = self._ways.senders.get(channel)
        return channel if sender is None or sender.limits.scope == "channel" else f"{channel}|{chat}"

    def _wait(self, row: Row[Any], now: datetime) -> float:
        sender = self._ways.senders.get(row.channel)
        if sender is None:
            return 0.0
        return self._limiter.wait(self._scope(row.channel, row.chat), sender.limits.per_minute, now)

    async def _loop(self) -> None:
        while not self._stopping:
            self._news.clear()
            self._looking = True
            try:
                pause = await self._look()
            except Exception as error:  # noqa: BLE001  (the database may be down; the sender outlives it)
                log.error("the outbox could not be read", action="outbox.unreadable", error=type(error).__name__)
                pause = 2.0
            self._looking = False
            try:
                await asyncio.wait_for(self._news.wait(), pause)
            except TimeoutError:
                continue

    async def _look(self) -> float:
        """Start what may go now. Returns the seconds until the next look."""
        now = self._clock.now()
        if self._swept is None or abs(now - self._swept) >= SWEEP_EVERY:
            await self._sweep(now)
        waiting = await self._writer.run(lambda session: list(rows.waiting(session, SCAN)))
        ready, pause = self._choose(waiting, now)
        if ready:
            lease = now + LEASE
            claimed = await self._writer.run(lambda session: self._claim(session, ready, lease))
            for row in claimed:
                self._launch(row)
        return pause

    async def _sweep(self, now: datetime) -> None:
        busy, own, since = list(self._busy), list(self._own), self._swept
        keys = list(self.busy_keys())
        lost = await self._writer.run(lambda session: rows.sweep(session, now, busy, keys))
        if since is not None and not self._alone:
            self._note(await self._writer.run(lambda session: rows.sent_since(session, since, own)))
        self._own = set(self._busy)
        self._swept = now
        if lost:
            log.error("messages may or may not have arrived", action="outbox.uncertain", count=lost)

    @staticmethod
    def _claim(session: Session, ids: Sequence[int], lease: datetime) -> Sequence[OutboxRow]:
        claimed = rows.claim(session, ids, lease)
        try:
            return rows.load(session, claimed)
        except SealError:
            return [row for row_id in claimed for row in _opened(session, row_id)]

    def _choose(self, waiting: Sequence[Row[Any]], now: datetime) -> tuple[list[int], float]:
        """The first message of each free chat whose time has come; later ones of the same chat wait for it."""
        pause = SWEEP_EVERY.total_seconds()
        taken = set(self._busy.values())
        ready: list[int] = []
        for row in waiting:
            lane = (row.channel, row.chat)
            if lane in taken or len(self._busy) + len(ready) >= CONCURRENT:
                continue
            taken.add(lane)
            wait = max((row.not_before - now).total_seconds(), self._wait(row, now))
            if row.state == "sending":
                pause = min(pause, max(wait, 0.05))
            elif wait > 0:
                pause = min(pause, wait)
            else:
                self._limiter.note(self._scope(row.channel, row.chat), now)
                ready.append(row.id)
        return ready, pause

    def _launch(self, row: OutboxRow) -> None:
        self._busy[row.id] = (row.channel, row.chat)
        self._own.add(row.id)
        task = asyncio.get_running_loop().create_task(self._send(row), name=f"kakou-send-{row.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, row: OutboxRow) -> None:
        try:
            await self._mark(row, await self._try(row))
        except Exception as error:  # noqa: BLE001  (the row stays `sending`; the sweep will find it)
            log.error(
                "a sent message could not be marked", action="outbox.unmarked", id=row.id, error=type(error).__name__
            )
        finally:
            self._busy.pop(row.id, None)
            self.wake()

    async def _mark(self, row: OutboxRow, verdict: Callable[[Session], None]) -> None:
        """Write down what became of a row. A database that is away for a moment must not make it uncertain."""
        for pause in MARK_AGAIN:
            try:
                return await self._writer.run(verdict)
            except WriterClosed:
                raise
            except Exception as error:  # noqa: BLE001  (tried again, the last time without a net)
                log.warning("not marked yet", action="outbox.mark_again", id=row.id, error=type(error).__name__)
                await asyncio.sleep(pause)
        return await self._writer.run(verdict)

    async def _try(self, row: OutboxRow) -> Callable[[Session], None]:
        """Send once; what to write down about it."""
        sender = self._ways.senders.get(row.channel)
        if sender is None:
            return self._refused(row, "no such channel is configured")
        try:
            await sender.send(await self._message(row))
        except RetryLater as error:
            return self._later(row, error)
        except GiveUp as error:
            return self._refused(row, f"{error.code} {error.detail}".strip())
        except Exception as error:  # noqa: BLE001  (a fault of ours; whether the message left cannot be known)
            why = f"uncertain: {type(error).__name__} while sending"
            log.error("a channel failed", action="outbox.dead", id=row.id, channel=row.channel, error=why)
            return lambda session: rows.mark_dead(session, row.id, why)
        at = self._clock.now()
        return lambda session: rows.mark_sent(session, row.id, at)

    async def _message(self, row: OutboxRow) -> Outgoing:
        message = _message(row)
        draw = self._ways.picture
        if row.form != "image" or row.media or draw is None:
            return message
        return replace(message, content="", media=await asyncio.to_thread(draw, row.content))

    def _later(self, row: OutboxRow, error: RetryLater) -> Callable[[Session], None]:
        said = f"{error.code} {error.detail}".strip()
        if not error.sure_unsent and row.purpose == "report":
            # A report must never appear twice, so a doubtful one waits for a person.
            return lambda session: rows.mark_dead(session, row.id, f"uncertain: {said}")
        if row.attempts >= MOST_ATTEMPTS:
            return self._refused(row, f"given up after {row.attempts} attempts: {said}")
        until = self._clock.now() + timedelta(seconds=max(error.after, backoff(row.attempts)))
        log.warning("will be sent later", action="outbox.retry", id=row.id, channel=row.channel, code=error.code)
        return lambda session: rows.mark_retry(session, row.id, until, said)

    def _refused(self, row: OutboxRow, why: str) -> Callable[[Session], None]:
        other = self._ways.fallback(row)
        if other is not None and other not in {row.channel, *row.tried.split()}:
            now = self._clock.now()
            parts = self._ways.split(row.content, other, row.form) if row.content else ()
            log.info("goes another way", action="outbox.reroute", id=row.id, channel=other)
            return lambda session: rows.reroute(session, row.id, other, now, parts)
        if row.chat_type == "single" and self._ways.fallback(row) is None:
            log.warning("waits until the person writes", action="outbox.waits", id=row.id, channel=row.channel)
            return lambda session: rows.mark_dead(session, row.id, rows.WAITS)
        log.error("will not be sent", action="outbox.dead", id=row.id, channel=row.channel, error=why)
        return lambda session: rows.mark_dead(session, row.id, why)


def _opened(session: Session, row_id: int) -> Sequence[OutboxRow]:
    """The row, or nothing where its key is missing: it is dead then, and does not stand in the way of the others."""
    try:
        return rows.load(session, [row_id])
    except SealError as error:
        log.error("a message cannot be opened", action="outbox.dead", id=row_id)
        rows.mark_dead(session, row_id, str(error))
        return []


def backoff(attempts: int) -> float:
    """Seconds to wait after the n-th failed attempt: doubling, capped, with jitter so that retries do not march in
    step.
    """
    base = min(BACKOFF_CAP, BACKOFF_FIRST * 2 ** max(0, attempts - 1))
    return float(base * random.uniform(1 - BACKOFF_JITTER, 1 + BACKOFF_JITTER))  # noqa: S311  (no secret hangs on it)


def _message(row: OutboxRow) -> Outgoing:
    return Outgoing(
        channel=row.channel,
        chat=row.chat,
        form=row.form,  # type: ignore[arg-type]  # written from the same literal
        content=row.content,
        mentions=tuple(row.mentions or ()),
        media=row.media or b"",
        file_name=row.file_name,
        response_url=row.response_url or "",
        chat_type=row.chat_type,  # type: ignore[arg-type]
    )
