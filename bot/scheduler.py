"""Report slots: when a report is due for a group, who writes it, and what happens to the ones that were missed.

APScheduler only wakes us. What is due follows from the trigger and the newest slot in the database; the unique key of
the slot decides who writes it, in the same transaction that writes the outbox rows. So a second instance, a restart or
a clock that jumps can neither post a report twice nor lose one without a row that says why.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import Session

from bot.clock import Clock
from storage import slots
from storage.tables import Outbox
from storage.unit_of_work import UnitOfWork
from storage.writer import Writer

log = structlog.get_logger("kakou.scheduler")

LOOK_BACK = timedelta(days=7)
"""How far back missed slots are looked for after a pause, and written down one by one; the first says that there were
older ones. A bot that was off for a year has nothing to say about each of its evenings.
"""
AT_ONCE = 50
"""Targets whose reports are written in one transaction: they share what they read, and messages wait for no more."""
AGAIN_SECONDS = 60
"""How soon a report that failed is tried again, until it is too late for it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a report."""

    channel: str
    chat: str
    form: str
    content: str
    mentions: tuple[str, ...] = ()
    media: bytes = b""
    file_name: str = ""
    chat_type: str = "group"
    purpose: str = "report"
    delay: timedelta = timedelta(0)
    """So much later it may go at the earliest: groups that share a minute are spread over a few."""


class NotToday(Exception):
    """A job has nothing to do with this slot; the slot is written down as skipped, with the reason."""


Compose = Callable[[UnitOfWork, str, datetime, datetime], Sequence[Part]]
"""(unit of work, target, slot, now) → the messages of the job, in order. Runs inside the transaction that claims the
slot, so whatever it changes is done exactly once for each slot, too."""
Bundle = Callable[[UnitOfWork, Sequence[str], datetime, datetime], Mapping[str, "Sequence[Part] | NotToday"]]
"""(unit of work, targets, slot, now) → what `Compose` gives for each of the targets."""
Targets = Callable[[Session], Sequence[str]]
"""Whom a job is for, as things stand: chat ids for reports; `""` for a job that is done once for everybody. Neighbours
are written together.
"""


@dataclass(frozen=True, slots=True)
class Job:
    """Something that is due at certain times: a report, a reminder, a change of state."""

    name: str
    trigger: CronTrigger
    targets: Targets
    max_delay: timedelta
    compose: Compose
    bundle: Bundle | None = None
    """Where targets that are due together are cheaper together: gives each exactly what `compose` would."""
    frequent: bool = False
    """Looks every few minutes at things as they stand: only its newest slot counts, and a clock that jumps need not
    stop for it.
    """


def trigger(fields: dict[str, str], zone: ZoneInfo) -> CronTrigger:
    """The trigger of cron fields in a zone."""
    return CronTrigger(timezone=zone, **fields)


class Scheduler:
    """Runs the jobs."""

    def __init__(self, writer: Writer, clock: Clock, jobs: Sequence[Job]) -> None:
        self._writer = writer
        self._clock = clock
        self.jobs = {job.name: job for job in jobs}
        self._alarm = AsyncIOScheduler(timezone=clock.zone)
        self._failing: dict[tuple[str, str], str] = {}
        self._asked: tuple[str, datetime, datetime] | None = None
        self._answer: list[datetime] = []
        """(job, target) → the error that its oldest due slot met."""
        self.on_outgoing: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Catch up on what was missed, then wait for what comes."""
        await self.tick()
        options = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        for job in self.jobs.values():
            self._alarm.add_job(self.tick, job.trigger, args=[job.name], id=job.name, **options)
        self._alarm.add_job(self.retry, "interval", seconds=AGAIN_SECONDS, id="|retry", **options)
        self._alarm.start()

    def stop(self) -> None:
        """No more wake-ups. A tick that runs goes on to its end on the database thread."""
        if self._alarm.running:
            self._alarm.shutdown(wait=False)

    def _planned(self) -> list[Job]:
        return [job for job in self.jobs.values() if not job.frequent]

    def next_due(self, after: datetime) -> datetime | None:
        """The first slot after a moment of any job that does not only look around."""
        times = [job.trigger.get_next_fire_time(None, after + timedelta(microseconds=1)) for job in self._planned()]
        return min((time for time in times if time is not None), default=None)

    async def tick(self, name: str | None = None) -> int:
        """Write every report that is due now. Returns how many slots this call claimed, skipped ones not counted."""
        now = self._clock.now()
        written = 0
        jobs = [self.jobs[name]] if name else list(self.jobs.values())
        armed = await self._writer.run(partial(_armed, jobs=jobs, now=now))
        for job in jobs:
            bases = armed[job.name]
            written += await self._together(job, bases, now)
            for chat, base in bases.items():
                written += await self._chat(job, chat, base, now)
        if written:
            self.on_outgoing()
        return written

    async def retry(self) -> int:
        """Try again what failed. Returns how many slots were written."""
        return sum([await self.tick(name) for name in sorted({name for name, _ in self._failing})])

    async def run_now(self, name: str, chat: str | None = None) -> int:
        """Write a report for this very moment, outside its plan. Raises KeyError where there is no such report."""
        job = self.jobs[name]
        now = self._clock.now().replace(microsecond=0)
        written = 0
        for target in [chat] if chat else await self._writer.run(job.targets):
            written += await self._writer.run(partial(_write, job=job, chat=target, slot=now, now=now, state="manual"))
        self.on_outgoing()
        return written

    def _due(self, job: Job, since: datetime, now: datetime) -> list[datetime]:
        """The slots of a job after `since`; many targets of one tick ask for the same."""
        key = (job.name, since, now)
        if key != self._asked:
            self._asked, self._answer = key, list(_due(job.trigger, since, now))
        return self._answer

    async def _together(self, job: Job, bases: dict[str, datetime], now: datetime) -> int:
        """Write what many targets have due at one moment, some at a time, and take those from `bases`. Where that fails
        nothing of it is written, and each of them gets its turn alone.
        """
        written = 0
        for slot, chats in self._bundles(job, bases, now):
            try:
                written += await self._writer.run(partial(_write_all, job=job, chats=chats, slot=slot, now=now))
            except Exception as error:  # noqa: BLE001  (whose fault it is shows when each is written alone)
                log.warning("reports failed together", action="report.apart", job=job.name, error=type(error).__name__)
                continue
            for chat in chats:
                del bases[chat]
        return written

    def _bundles(self, job: Job, bases: dict[str, datetime], now: datetime) -> list[tuple[datetime, list[str]]]:
        """(slot, targets) to be written together: of targets that have nothing else to catch up on."""
        waiting: dict[datetime, list[str]] = defaultdict(list)
        for chat, base in bases.items() if len(bases) > 1 else ():
            due = self._due(job, max(base, now - LOOK_BACK - job.max_delay), now)
            if len(due) == 1 and now - due[0] <= job.max_delay and (job.name, chat) not in self._failing:
                waiting[due[0]].append(chat)
        return [
            (slot, chats[start : start + AT_ONCE])
            for slot, chats in waiting.items()
            for start in range(0, len(chats), AT_ONCE)
        ]

    async def _chat(self, job: Job, chat: str, base: datetime, now: datetime) -> int:
        since = max(base, now - LOOK_BACK - job.max_delay)
        due = self._due(job, since, now)
        chosen = due[-1:] if job.frequent else due
        late = [slot for slot in chosen if now - slot > job.max_delay]
        if late:
            note = _note(older=since > base, error=self._failing.get((job.name, chat)))
            await self._writer.run(partial(_skip, job=job, chat=chat, late=late, now=now, note=note))
        written = 0
        for slot in chosen[len(late) :]:
            try:
                written += await self._writer.run(partial(_write, job=job, chat=chat, slot=slot, now=now))
            except Exception as error:
                # Later slots wait, or this one would be passed over without a row that says why.
                self._failing[job.name, chat] = type(error).__name__
                log.exception("a report failed", action="report.failed", job=job.name, error=type(error).__name__)
                return written
        self._failing.pop((job.name, chat), None)
        return written


def _armed(session: Session, jobs: Sequence[Job], now: datetime) -> dict[str, dict[str, datetime]]:
    """The newest slot of each target of each job, from which on slots are due; the first look at one is written down,
    too.
    """
    newest = slots.newest(session, [job.name for job in jobs])
    return {job.name: _armed_targets(session, job, newest[job.name], now) for job in jobs}


def _armed_targets(session: Session, job: Job, newest: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    targets = job.targets(session)
    for target in targets:
        if target not in newest:
            slots.claim(session, job.name, target, now, now, state="armed", reason="first seen")
    return {target: newest.get(target, now) for target in targets}


def _due(cron: CronTrigger, base: datetime, now: datetime) -> Iterator[datetime]:
    moment = cron.get_next_fire_time(None, base.astimezone(cron.timezone) + timedelta(microseconds=1))
    while moment is not None and moment <= now:
        yield moment
        moment = cron.get_next_fire_time(moment, moment + timedelta(microseconds=1))


def _note(*, older: bool, error: str | None) -> str:
    """What is to be added to the reason of the oldest slot that is skipped."""
    return (f"; it failed with {error}" if error else "") + ("; older ones as well" if older else "")


def _skip(session: Session, *, job: Job, chat: str, late: Sequence[datetime], now: datetime, note: str) -> None:
    """Write down slots whose time is over, and why."""
    most = job.max_delay // timedelta(minutes=1)
    reasons = [f"{(now - slot) // timedelta(minutes=1)} minutes late, at most {most} are allowed" for slot in late]
    reasons[0] += note
    slots.skip_all(session, job.name, chat, list(zip(late, reasons, strict=True)), now)
    span = {"first": late[0].isoformat(), "last": late[-1].isoformat()}
    log.warning("reports were skipped", action="report.skipped", job=job.name, count=len(late), **span)


def _write(session: Session, *, job: Job, chat: str, slot: datetime, now: datetime, state: str = "sent") -> int:
    """Claim a slot and write its report. 1 where a report was written."""
    if not slots.claim(session, job.name, chat, slot, now, state=state):
        return 0
    uow = UnitOfWork(session)
    try:
        parts = job.compose(uow, chat, slot, now)
    except NotToday as reason:
        slots.skip(session, job.name, chat, slot, str(reason))
        log.info("a report was skipped", action="report.skipped", job=job.name, reason=str(reason))
        return 0
    _post_all(uow, job, chat, slot, parts, now)
    uow.flush()
    log.info("a report was written", action="report.written", job=job.name, slot=slot.isoformat())
    return 1


def _write_all(session: Session, *, job: Job, chats: Sequence[str], slot: datetime, now: datetime) -> int:
    """Claim a slot for several targets and write their reports: all of them or, with an exception, none. How many were
    written.
    """
    free = slots.free(session, job.name, chats, slot)
    if not free:
        return 0
    uow = UnitOfWork(session)
    made = job.bundle(uow, free, slot, now) if job.bundle else _one_by_one(job, uow, free, slot, now)
    reasons = reasons_of(made)
    slots.take(session, job.name, slot, now, reasons)
    for chat, parts in made.items():
        if not isinstance(parts, NotToday):
            _post_all(uow, job, chat, slot, parts, now)
    uow.flush()
    written = sum(not reason for reason in reasons.values())
    told = {"job": job.name, "slot": slot.isoformat(), "count": written, "skipped": len(reasons) - written}
    log.info("reports were written", action="report.written", **told)
    return written


def _one_by_one(
    job: Job, uow: UnitOfWork, chats: Sequence[str], slot: datetime, now: datetime
) -> dict[str, Sequence[Part] | NotToday]:
    """What a job without a bundle of its own has for several targets; each sees what was done for those before it."""
    made: dict[str, Sequence[Part] | NotToday] = {}
    for chat in chats:
        try:
            made[chat] = job.compose(uow, chat, slot, now)
        except NotToday as reason:
            made[chat] = reason
        uow.flush()
    return made


def reasons_of(made: Mapping[str, Sequence[Part] | NotToday]) -> dict[str, str]:
    """Target → why there is nothing to write for it, or an empty text."""
    return {chat: str(parts) if isinstance(parts, NotToday) else "" for chat, parts in made.items()}


def _post_all(uow: UnitOfWork, job: Job, chat: str, slot: datetime, parts: Sequence[Part], now: datetime) -> None:
    for number, part in enumerate(parts):
        _post(uow, f"report|{job.name}|{chat}|{slot.isoformat()}|{number}", part, now)


def _post(uow: UnitOfWork, key: str, part: Part, now: datetime) -> None:
    uow.insert(
        Outbox,
        key=key,
        purpose=part.purpose,
        channel=part.channel,
        chat=part.chat,
        chat_type=part.chat_type,
        form=part.form,
        content=part.content,
        mentions=list(part.mentions) or None,
        media=part.media or None,
        file_name=part.file_name,
        response_url=None,
        message_key=None,
        state="pending",
        attempts=0,
        not_before=now + part.delay,
        created_at=now,
        sent_at=None,
        error="",
    )
