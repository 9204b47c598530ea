"""When reports go out, to whom, and in which form: the jobs of the configuration, the times that chats asked for, and
the amendments.
"""

import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import structlog
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import Session

from bot.scheduler import Job, NotToday, Part
from bot.workdays import wanted
from handlers import texts_report as words
from handlers.reports import late, pictures, workbook
from handlers.reports.data import Period, place_for
from handlers.reports.digest import made, plain, tables
from handlers.reports.figures import BACKLOG, SECTIONS, Report
from storage import report_books, report_facts, slots
from storage.tables_daily import ReportPlan
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("kakou.reports")

SMALL_HOURS = 6
"""A report that is due before this hour is about the day that has just ended."""
TICK = "report-times"
LATE_JOB = "report-amendments"
EVERYBODY = ""
KEEP_TICKS = timedelta(days=1)
CATCH_UP = timedelta(hours=6)
"""How late a report at a time that a chat asked for may still come."""
STEP = 5
"""Minutes: the times that chats ask for are multiples of it."""
FEW = 20
"""So many groups may share a minute without being spread."""
TITLES = {"day": words.DIGEST, "week": words.WEEKLY, "month": words.MONTHLY}
COVERS = {"daily": "day", "weekly": "week", "monthly": "month"}


class Plan(Protocol):
    """A report of the configuration."""

    @property
    def name(self) -> str: ...
    @property
    def covers(self) -> str: ...
    @property
    def days(self) -> str: ...
    @property
    def extra_days(self) -> tuple[date, ...]: ...
    @property
    def skip_days(self) -> tuple[date, ...]: ...
    @property
    def forms(self) -> tuple[str, ...]: ...
    @property
    def sections(self) -> tuple[str, ...]: ...
    @property
    def mention(self) -> bool: ...
    @property
    def spread(self) -> timedelta: ...
    @property
    def max_delay(self) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class ByChat:
    """A report at a time that a chat asked for: in text, with everything."""

    name: str
    covers: str
    days: str = "all"
    extra_days: tuple[date, ...] = ()
    skip_days: tuple[date, ...] = ()
    forms: tuple[str, ...] = ("text",)
    sections: tuple[str, ...] = ()
    mention: bool = False
    spread: timedelta = timedelta(0)
    max_delay: timedelta = CATCH_UP


@dataclass(frozen=True, slots=True)
class Desk:
    """What the composition root knows and reports need."""

    zone: ZoneInfo
    groups: Mapping[str, str]
    """Configured group → its unit."""
    coordinators: Callable[[str], Sequence[str]]
    channel: Callable[[str], str]
    """Chat → the channel that posts there; empty where there is none."""
    shows_tables: Callable[[str], bool]
    """Channel → whether it renders tables."""
    split: Callable[[str, str, str], list[str]]
    """(text, channel, form) → parts within the channel's limits."""

    def unit(self, session: Session, chat: str) -> str:
        """The unit of a chat: what was bound inside it wins."""
        return report_facts.unit_of_chat(session, chat) or self.groups.get(chat, "")

    @property
    def units(self) -> list[str]:
        """Units of the configuration."""
        return [unit for unit in self.groups.values() if unit]


def jobs(desk: Desk, plans: Sequence[tuple[Plan, CronTrigger, tuple[str, ...]]]) -> list[Job]:
    """(report, when, chats) of the configuration, and what looks after the rest every few minutes."""
    made_ = [
        Job(plan.name, when, partial(_always, chats), plan.max_delay, partial(post, desk, plan, len(chats)))
        for plan, when, chats in plans
    ]
    minutes = CronTrigger(minute=f"*/{STEP}", timezone=desk.zone)
    ten = CronTrigger(minute="*/10", timezone=desk.zone)
    everybody = partial(_always, (EVERYBODY,))
    made_.append(Job(TICK, minutes, everybody, timedelta(minutes=15), partial(_tick, desk)))
    made_.append(Job(LATE_JOB, ten, everybody, timedelta(minutes=15), partial(_amend, desk)))
    return made_


def _always(chats: tuple[str, ...], _session: Session) -> tuple[str, ...]:
    return chats


# -- one report --------------------------------------------------------------------------------------------------------


def post(
    desk: Desk, plan: Plan, sharing: int, uow: UnitOfWork, chat: str, slot: datetime, now: datetime
) -> Sequence[Part]:
    """The parts of one report for one chat. Raises `NotToday` where it is not wanted."""
    local = slot.astimezone(desk.zone)
    period = period_of(plan.covers, local)
    _check(uow.session, plan, chat, local.date())
    as_of = now.astimezone(desk.zone)
    unit = desk.unit(uow.session, chat)
    place = place_for(unit, chat)
    report = made(uow.session, period, place, as_of, title=TITLES[plan.covers], units=desk.units)
    chosen = report.without(hidden(uow.session, plan, chat))
    if plan.covers == "day":
        chosen = replace(chosen, changes=late.since_then(uow.session, chat, period.last, as_of))
        report_books.remember_posted(uow.session, chat, period.last, place, report.values, as_of)
    remember(uow.session, chat, chosen, period, as_of)
    delay = spread(chat, plan.spread) if sharing > FEW else timedelta(0)
    return [replace(part, delay=delay) for part in parts(desk, plan, uow.session, chat, chosen, period)]


def period_of(covers: str, local: datetime) -> Period:
    """What a report that is posted at `local` is about."""
    today = local.date()
    if covers == "week":
        return Period(today - timedelta(days=7), today - timedelta(days=1))
    if covers == "month":
        last = today.replace(day=1) - timedelta(days=1)
        return Period(last.replace(day=1), last)
    day = today - timedelta(days=1 if local.hour < SMALL_HOURS else 0)
    return Period(day, day)


def _check(session: Session, plan: Plan, chat: str, today: date) -> None:
    if not wanted(today, plan.days, plan.extra_days, plan.skip_days):
        raise NotToday(f"not on {today.isoformat()}: it is for {plan.days} days")
    if isinstance(plan, ByChat):
        return
    if report_books.choice(session, chat).stopped:
        raise NotToday("stopped in the chat")
    if plan.covers == "day" and any(one.kind == "daily" for one in report_books.plans(session, chat)):
        raise NotToday("the chat has its own times")


def hidden(session: Session, plan: Plan, chat: str) -> Collection[str]:
    """Sections that are left out: by the configuration, and by the chat's coordinators."""
    unwanted = set(SECTIONS) - set(plan.sections) if plan.sections else set()
    return unwanted | report_books.hidden(session, chat)


def spread(chat: str, width: timedelta) -> timedelta:
    """A stable offset of a chat within `width`, in whole seconds."""
    seconds = int(width.total_seconds())
    return timedelta(seconds=zlib.crc32(chat.encode()) % seconds) if seconds else timedelta(0)


def remember(session: Session, chat: str, report: Report, period: Period, at: datetime) -> None:
    """Note what the lines are about, for `/列 n`."""
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    sources = [
        {"text": line.text, "source": line.source, "place": report.place if line.place is None else line.place, **days}
        for line in report.numbered
    ]
    report_books.remember_lines(session, chat, sources, at)


def parts(desk: Desk, plan: Plan, session: Session, chat: str, report: Report, period: Period) -> Iterator[Part]:
    """The report in the forms that are wanted, then a word to those who are expected to act."""
    channel = desk.channel(chat)
    for form in plan.forms:
        yield from FORMS[form](desk, session, channel, chat, report, period)
    if plan.mention and (who := tuple(desk.coordinators(chat))):
        yield from _mention(channel, chat, report, who)


def _text(desk: Desk, _session: Session, channel: str, chat: str, report: Report, _period: Period) -> Iterator[Part]:
    as_table = tables(report) if desk.shows_tables(channel) else ""
    form = "markdown_v2" if as_table else "markdown"
    for part in desk.split(as_table or plain(report), channel, form):
        yield Part(channel, chat, form, part)


def _picture(_desk: Desk, session: Session, channel: str, chat: str, report: Report, period: Period) -> Iterator[Part]:
    if not pictures.available():
        log.warning("no picture: install kakou[pictures]", action="report.no_picture", chat=chat)
        return
    content = pictures.content(session, report, period)
    yield Part(channel, chat, "image", content, file_name=f"{report.title}.png")


def _workbook(desk: Desk, session: Session, channel: str, chat: str, report: Report, period: Period) -> Iterator[Part]:
    media = workbook.report_book(session, report, period, desk.zone, masked=True)
    name = workbook.file_name(report.title, period)
    yield Part(channel, chat, "file", name, media=media, file_name=name)


FORMS: Mapping[str, Callable[..., Iterator[Part]]] = {"text": _text, "picture": _picture, "workbook": _workbook}


def _mention(channel: str, chat: str, report: Report, who: tuple[str, ...]) -> Iterator[Part]:
    """Markdown v2 cannot notify anybody, a short text can."""
    waiting = next((section for section in report.sections if section.name == BACKLOG), None)
    if waiting is not None:
        yield Part(channel, chat, "text", words.waiting([line.text for line in waiting.lines]), mentions=who)


# -- times that chats asked for ----------------------------------------------------------------------------------------


def _tick(desk: Desk, uow: UnitOfWork, _target: str, slot: datetime, now: datetime) -> list[Part]:
    found = [
        part
        for one in report_books.plans(uow.session)
        for part in _alone(uow, one.chat, partial(_by_chat, desk, one, uow, now))
    ]
    slots.forget(uow.session, TICK, slot - KEEP_TICKS)
    return found


def _alone(uow: UnitOfWork, chat: str, write: Callable[[], Sequence[Part]]) -> Sequence[Part]:
    """What is written for one chat must not stand in the way of the others; it is tried again with the next look."""
    try:
        with uow.session.begin_nested():
            return write()
    except Exception as error:  # noqa: BLE001  (whatever it is, the others get their reports)
        log.error("a report failed", action="report.failed", chat=chat, error=type(error).__name__)
        return ()


def _by_chat(desk: Desk, plan: ReportPlan, uow: UnitOfWork, now: datetime) -> Sequence[Part]:
    """The report of a chat's own time, if that has come and nobody has written it; its slot says that it was."""
    due = last_due(plan, now.astimezone(desk.zone))
    if due < plan.made_at or now - due > CATCH_UP:
        return ()
    name = f"chat-{plan.kind}"
    if not slots.claim(uow.session, name, plan.chat, due, now):
        return ()
    try:
        return post(desk, ByChat(name, COVERS[plan.kind], plan.days or "all"), 0, uow, plan.chat, due, now)
    except NotToday as reason:
        slots.skip(uow.session, name, plan.chat, due, str(reason))
        return ()


def last_due(plan: ReportPlan, now: datetime) -> datetime:
    """The newest moment at which a plan was due, not after `now` (local)."""
    hour, minute = (int(number) for number in plan.at.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if due > now:
        due -= timedelta(days=1)
    if plan.kind == "weekly":
        return due - timedelta(days=due.weekday())
    return due.replace(day=1) if plan.kind == "monthly" else due


# -- late reports ------------------------------------------------------------------------------------------------------


def _amend(desk: Desk, uow: UnitOfWork, _target: str, slot: datetime, now: datetime) -> list[Part]:
    slots.forget(uow.session, LATE_JOB, slot - KEEP_TICKS)
    found = []
    for chat, text in late.amendments(uow.session, now.astimezone(desk.zone)):
        channel = desk.channel(chat)
        found += [Part(channel, chat, "markdown", part) for part in desk.split(text, channel, "markdown")]
    return found


def services(desk: Desk) -> dict[str, Any]:
    """What handlers of reports are given."""
    return {"report_desk": desk}
