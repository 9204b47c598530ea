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
from handlers.language.form_spec import FormSpec
from handlers.reports import late, pictures, workbook
from handlers.reports.data import Period, place_for
from handlers.reports.digest import made_all, plain, tables
from handlers.reports.figures import BACKLOG, SECTIONS, Report
from handlers.supplies.rules import Rules
from storage import report_books, report_facts, slots
from storage.tables_daily import ReportChoice
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("kakou.reports")

SMALL_HOURS = 6
"""A report that is due before this hour is about the day that has just ended."""
LATE_JOB = "report-amendments"
EVERYBODY = ""
KEEP_TICKS = timedelta(days=1)
CATCH_UP = timedelta(hours=6)
"""How late a report at a time that a chat asked for may still come."""
FEW = 20
"""So many groups may share a minute without being spread."""
TITLES = {"day": words.DIGEST, "week": words.WEEKLY, "month": words.MONTHLY}


class Plan(Protocol):
    """A report of the configuration, or one that a chat asked for."""

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

    forms: Sequence[FormSpec] | None = None
    """The forms of the service; None for the shipped ones."""
    rules: Rules | None = None
    """The rules of supplies likewise."""

    def units_of(self, session: Session, chats: Collection[str]) -> dict[str, str]:
        """The unit of each chat, empty where it has none: what was bound inside it wins."""
        bound = report_facts.units_of_chats(session, chats)
        return {chat: bound.get(chat) or self.groups.get(chat, "") for chat in chats}

    @property
    def units(self) -> list[str]:
        """Units of the configuration."""
        return [unit for unit in self.groups.values() if unit]


def jobs(desk: Desk, plans: Sequence[tuple[Plan, CronTrigger, tuple[str, ...]]]) -> list[Job]:
    """(report, when, chats) of the configuration, and what looks after the rest every few minutes."""
    made_ = [
        Job(
            plan.name,
            when,
            partial(_neighbours, desk, chats),
            plan.max_delay,
            partial(post, desk, plan, len(chats)),
            bundle=partial(post_all, desk, plan, len(chats)),
        )
        for plan, when, chats in plans
    ]
    ten = CronTrigger(minute="*/10", timezone=desk.zone)
    everybody = partial(_always, (EVERYBODY,))
    left_out = {chat: _seen_by_none([plan for plan, _, theirs in plans if chat in theirs]) for chat in desk.groups}
    shown = late.Shown(desk.forms, desk.rules, left_out)
    made_.append(Job(LATE_JOB, ten, everybody, timedelta(minutes=15), partial(_amend, desk, shown)))
    return made_


def _seen_by_none(plans: Sequence[Plan]) -> set[str]:
    """Sections that no daily report of these has."""
    unwanted = [_unwanted(plan) for plan in plans if plan.covers == "day"]
    return set.intersection(*unwanted) if unwanted else set()


def _neighbours(desk: Desk, chats: tuple[str, ...], session: Session) -> list[str]:
    """Chats in the order of the tree: what is written together lies together in the books."""
    units = desk.units_of(session, chats)
    return sorted(chats, key=units.__getitem__)


def _always(chats: tuple[str, ...], _session: Session) -> tuple[str, ...]:
    return chats


# -- one report, and many ----------------------------------------------------------------------------------------------


def post(
    desk: Desk, plan: Plan, sharing: int, uow: UnitOfWork, chat: str, slot: datetime, now: datetime
) -> Sequence[Part]:
    """The parts of one report for one chat. Raises `NotToday` where it is not wanted."""
    found = post_all(desk, plan, sharing, uow, [chat], slot, now)[chat]
    if isinstance(found, NotToday):
        raise found
    return found


def post_all(
    desk: Desk, plan: Plan, sharing: int, uow: UnitOfWork, chats: Sequence[str], slot: datetime, now: datetime
) -> dict[str, Sequence[Part] | NotToday]:
    """The parts of one report for each of the chats, or why it is not wanted there."""
    local, as_of = slot.astimezone(desk.zone), now.astimezone(desk.zone)
    session, period = uow.session, period_of(plan.covers, local)
    found: dict[str, Sequence[Part] | NotToday] = dict(_refused(session, plan, chats, local.date()))
    wanted_by = [chat for chat in chats if chat not in found]
    if not wanted_by:
        return found
    places = {chat: place_for(unit, chat) for chat, unit in desk.units_of(session, wanted_by).items()}
    every = sorted(set(places.values()))
    reports = made_all(
        session,
        period,
        every,
        as_of,
        title=TITLES[plan.covers],
        units=desk.units,
        forms=desk.forms,
        rules=desk.rules,
    )
    changed = _changes(desk, session, plan, wanted_by, period, as_of)
    chosen = report_books.chosen(session, wanted_by)
    shown = {
        chat: replace(reports[place], changes=changed.get(chat, ())).without(_unwanted(plan) | hidden(chosen.get(chat)))
        for chat, place in places.items()
    }
    if plan.covers == "day":
        said = {chat: (place, reports[place].values) for chat, place in places.items()}
        report_books.remember_posted(session, period.last, said, as_of)
    report_books.remember_lines(session, {chat: sources(one, period) for chat, one in shown.items()}, as_of)
    for chat, one in shown.items():
        delay = spread(chat, plan.spread) if sharing > FEW else timedelta(0)
        found[chat] = [replace(part, delay=delay) for part in parts(desk, plan, session, chat, one, period)]
    return found


def _changes(
    desk: Desk, session: Session, plan: Plan, chats: Sequence[str], period: Period, as_of: datetime
) -> Mapping[str, Sequence[str]]:
    if plan.covers != "day":
        return {}
    shown = late.Shown(desk.forms, desk.rules, dict.fromkeys(chats, _unwanted(plan)))
    return late.since_then(session, chats, period.last, as_of, shown)


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


def _refused(session: Session, plan: Plan, chats: Sequence[str], today: date) -> Iterator[tuple[str, NotToday]]:
    """(chat, why it does not want this report)."""
    if not wanted(today, plan.days, plan.extra_days, plan.skip_days):
        yield from ((chat, NotToday(f"not on {today.isoformat()}: it is for {plan.days} days")) for chat in chats)
    elif not isinstance(plan, ByChat):
        stopped = {chat for chat, choice in report_books.chosen(session, chats).items() if choice.stopped}
        own = report_books.with_own_times(session, chats, "daily") if plan.covers == "day" else set()
        yield from ((chat, NotToday("the chat has its own times")) for chat in own - stopped)
        yield from ((chat, NotToday("stopped in the chat")) for chat in stopped)


def _unwanted(plan: Plan) -> set[str]:
    """Sections that the configuration leaves out."""
    return set(SECTIONS) - set(plan.sections) if plan.sections else set()


def hidden(choice: ReportChoice | None) -> set[str]:
    """Sections that a chat's coordinators left out."""
    return set(choice.hidden.split()) if choice else set()


def spread(chat: str, width: timedelta) -> timedelta:
    """A stable offset of a chat within `width`, in whole seconds."""
    seconds = int(width.total_seconds())
    return timedelta(seconds=zlib.crc32(chat.encode()) % seconds) if seconds else timedelta(0)


def sources(report: Report, period: Period) -> list[dict[str, Any]]:
    """What the lines are about, for `/列 n`."""
    days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
    return [
        {"text": line.text, "source": line.source, "place": report.place if line.place is None else line.place, **days}
        for line in report.numbered
    ]


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
    media = workbook.report_book(session, report, period, desk.zone, masked=True, forms=desk.forms)
    name = workbook.file_name(report.title, period)
    yield Part(channel, chat, "file", name, media=media, file_name=name)


FORMS: Mapping[str, Callable[..., Iterator[Part]]] = {"text": _text, "picture": _picture, "workbook": _workbook}


def _mention(channel: str, chat: str, report: Report, who: tuple[str, ...]) -> Iterator[Part]:
    """Markdown v2 cannot notify anybody, a short text can."""
    waiting = next((section for section in report.sections if section.name == BACKLOG), None)
    if waiting is not None:
        yield Part(channel, chat, "text", words.waiting([line.text for line in waiting.lines]), mentions=who)


# -- late reports ------------------------------------------------------------------------------------------------------


def _amend(desk: Desk, shown: late.Shown, uow: UnitOfWork, _target: str, slot: datetime, now: datetime) -> list[Part]:
    slots.forget(uow.session, LATE_JOB, slot - KEEP_TICKS)
    found = []
    for chat, text in late.amendments(uow.session, now.astimezone(desk.zone), shown):
        channel = desk.channel(chat)
        found += [Part(channel, chat, "markdown", part) for part in desk.split(text, channel, "markdown")]
    return found


def services(desk: Desk) -> dict[str, Any]:
    """What handlers of reports are given."""
    return {"report_desk": desk}
