"""What happens to cases by itself, and when. Each slot is claimed in the transaction that does it: exactly once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.scheduler import Job, Part, trigger
from handlers import texts_returnee as words
from handlers.cases import handover, observation, states
from handlers.cases.people import Home, home_of_case, homes, leads, settings_of
from handlers.cases.purge import purge
from handlers.cases.settings import Settings
from handlers.cases.states import Act
from storage import cases
from storage.cases import BoundGroups
from storage.tables import Returnee
from storage.unit_of_work import UnitOfWork

LATE = timedelta(hours=2)
"""A reminder that is later than this is worth nothing; what changes a state is caught up whenever it is."""
WEEK = timedelta(days=7)
"""A list of the day before yesterday is still of use."""
EVER = timedelta(days=400)
ALL = ""
"""The target of a job that is done once for everybody."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the composition root knows and the jobs need."""

    services: Mapping[str, Any]
    zone: ZoneInfo
    to_member: Callable[[], str]
    """The channel that writes to single members."""
    to_group: Callable[[str], str]
    """Chat → the channel that posts there."""
    split: Callable[[str, str, str], list[str]]
    """(text, channel, form) → parts within the channel's limits."""

    @property
    def rules(self) -> Settings:
        return settings_of(self.services)

    def homes(self, session: Session) -> list[Home]:
        return homes(self.services, BoundGroups(session).of(""))

    def member(self, user: str, content: str) -> Iterator[Part]:
        """A message to one person."""
        channel = self.to_member()
        for part in self.split(content, channel, "markdown"):
            yield Part(channel, user, "markdown", part, chat_type="single", purpose="case")

    def file(self, user: str, name: str, content: bytes) -> Part:
        """A file to one person."""
        return Part(
            self.to_member(), user, "file", name, media=content, file_name=name, chat_type="single", purpose="case"
        )

    def group(self, chat: str, content: str) -> Iterator[Part]:
        """A message to a group."""
        channel = self.to_group(chat)
        for part in self.split(content, channel, "markdown"):
            yield Part(channel, chat, "markdown", part, purpose="notice")


Compose = Callable[[Desk, UnitOfWork, str, datetime], Sequence[Part]]
"""(desk, unit of work, target, local moment) → messages."""


def jobs(desk: Desk) -> list[Job]:
    """All jobs of the returnees."""
    rules = desk.rules
    plan: list[tuple[str, str, bool, timedelta, Compose]] = [("returnee_midnight", "00:00", False, EVER, midnight)]
    plan += [(f"returnee_handover_{at}", at, True, LATE, remind_handover) for at in rules.handover_at]
    plan += [
        ("returnee_health_self", rules.remind_self_at, False, LATE, remind_self),
        ("returnee_health_volunteer", rules.remind_volunteer_at, False, LATE, remind_volunteers),
        ("returnee_health_lead", rules.remind_lead_at, True, LATE, remind_leads),
    ]
    if rules.handover_at:
        plan.append(("returnee_handover_list", max(rules.handover_at), True, WEEK, handover_list))
    return [_job(desk, *one) for one in plan if one[1]]


def _job(desk: Desk, name: str, at: str, each_group: bool, delay: timedelta, compose: Compose) -> Job:  # noqa: FBT001  (a row of the plan)
    hour, minute = at.split(":")
    when = trigger({"minute": str(int(minute)), "hour": str(int(hour)), "day": "*", "month": "*"}, desk.zone)
    targets = partial(_groups, desk) if each_group else _everybody
    return Job(name.replace(":", ""), when, targets, delay, partial(_run, desk, compose))


def _groups(desk: Desk, session: Session) -> list[str]:
    return [home.chat for home in desk.homes(session)]


def _everybody(_session: Session) -> tuple[str, ...]:
    return (ALL,)


def _run(desk: Desk, compose: Compose, uow: UnitOfWork, target: str, slot: datetime, _now: datetime) -> Sequence[Part]:
    return compose(desk, uow, target, slot.astimezone(desk.zone))


def _home(desk: Desk, session: Session, chat: str) -> Home:
    return next((home for home in desk.homes(session) if home.chat == chat), Home(chat, ""))


# -- midnight ----------------------------------------------------------------------------------------------------------


def midnight(desk: Desk, uow: UnitOfWork, _target: str, at: datetime) -> list[Part]:
    """What the new day brings: the suspended come back, observations end, what is old enough is deleted."""
    session = uow.session
    act = Act(uow, desk.rules, at)
    for case in cases.suspended_until(session, at):
        states.step(case, "resume", act, {"due_at": None})
    parts = _release(desk, uow, cases.ending(session, at.date()), act)
    uow.flush()
    purge(session, at, desk.rules.purge_days)
    return parts


def _release(desk: Desk, uow: UnitOfWork, ending: Sequence[Returnee], act: Act) -> list[Part]:
    lines: dict[Home, list[str]] = {}
    parts: list[Part] = []
    for case in ending:
        length = act.settings.day_number(case.arrived_on or act.day, case.release_on or act.day) - 1
        reported, worrying = observation.report_days(uow.session, case, act.settings)
        states.step(case, "release", act)
        lines.setdefault(home_of_case(case), []).append(words.released_line(case, reported, length, worrying=worrying))
        if case.account:
            parts += desk.member(case.account, words.released_self(case))
    for home, some in lines.items():
        for user in leads(uow.session, desk.services, home):
            parts += desk.member(user, words.released_notice(some))
    return parts


# -- the same-day hand-over --------------------------------------------------------------------------------------------


def remind_handover(desk: Desk, uow: UnitOfWork, chat: str, at: datetime) -> list[Part]:
    """What is open and whose it is: to the group masked, to each volunteer in full; silence where nothing is."""
    found = handover.open_cases(uow.session, _home(desk, uow.session, chat))
    if not found:
        return []
    parts = [*desk.group(chat, handover.reminder(uow.session, found, at.date()))]
    for user, content in handover.to_owners(found).items():
        parts += desk.member(user, content)
    return parts


def handover_list(desk: Desk, uow: UnitOfWork, chat: str, at: datetime) -> list[Part]:
    """The workbook of those handed over today, to the leads, in single chats."""
    home = _home(desk, uow.session, chat)
    found = [case for case in cases.handed_over(uow.session, at.date(), home.unit, chat) if case.chat == chat]
    if not found:
        return []
    content = handover.workbook(uow.session, found, 1 - desk.rules.arrival_is_day)
    parts: list[Part] = []
    for user in leads(uow.session, desk.services, home):
        parts += desk.member(user, words.HAND_LIST.format(day=words.day(at.date()), count=len(found)))
        parts.append(desk.file(user, handover.file_name(at.date()), content))
    return parts


# -- health reports ----------------------------------------------------------------------------------------------------


def remind_self(desk: Desk, uow: UnitOfWork, _target: str, at: datetime) -> list[Part]:
    """First those who report for themselves."""
    found = observation.to_themselves(uow.session, desk.rules, at)
    return [part for user, content in found.items() for part in desk.member(user, content)]


def remind_volunteers(desk: Desk, uow: UnitOfWork, _target: str, at: datetime) -> list[Part]:
    """Then the volunteers in whose hands somebody is."""
    found = observation.to_volunteers(uow.session, desk.rules, at)
    return [part for user, content in found.items() for part in desk.member(user, content)]


def remind_leads(desk: Desk, uow: UnitOfWork, chat: str, at: datetime) -> list[Part]:
    """Last the leads of each group."""
    home = _home(desk, uow.session, chat)
    content = observation.to_leads(uow.session, desk.rules, at, home)
    if not content:
        return []
    return [part for user in leads(uow.session, desk.services, home) for part in desk.member(user, content)]
