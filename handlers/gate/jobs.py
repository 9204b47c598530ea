"""What the gate does by itself: reminders of expected returns, deletion at midnight."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.scheduler import Job, Part, trigger
from handlers import texts_gate as words
from handlers.cases.jobs import Desk
from handlers.cases.people import Home
from handlers.gate.departures import LINKED
from handlers.gate.entries import PURPOSE
from handlers.gate.people import accounts_in_charge
from handlers.gate.purge import purge
from handlers.gate.settings import settings_of
from storage import gate
from storage.tables_gate import Departure
from storage.unit_of_work import UnitOfWork

LATE = timedelta(hours=12)
EVER = timedelta(days=400)

Compose = Callable[[Desk, UnitOfWork, datetime], Sequence[Part]]


def jobs(desk: Desk) -> list[Job]:
    """All jobs of the gate."""
    rules = settings_of(desk.services)
    return [
        _job(desk, "gate_returns", rules.remind_at, LATE, remind),
        _job(desk, "gate_midnight", "00:00", EVER, midnight),
    ]


def _job(desk: Desk, name: str, at: str, delay: timedelta, compose: Compose) -> Job:
    hour, minute = at.split(":")
    when = trigger({"minute": str(int(minute)), "hour": str(int(hour)), "day": "*", "month": "*"}, desk.zone)
    return Job(name, when, lambda _session: ("",), delay, partial(_run, desk, compose))


def _run(desk: Desk, compose: Compose, uow: UnitOfWork, _target: str, slot: datetime, _now: datetime) -> Sequence[Part]:
    return compose(desk, uow, slot.astimezone(desk.zone))


def midnight(desk: Desk, uow: UnitOfWork, at: datetime) -> list[Part]:
    """What is old enough is deleted."""
    uow.flush()
    purge(uow.session, at, settings_of(desk.services).purge_days)
    return []


def remind(desk: Desk, uow: UnitOfWork, at: datetime) -> list[Part]:
    """Those expected back today, and those who are late: to those in charge by name, to the group as a number. Whoever
    has been registered meanwhile is back.
    """
    by_home: dict[Home, list[Departure]] = {}
    for row in gate.expected(uow.session, at.date()):
        if not _is_back(uow, row, at):
            row.reminded_on = row.returns_on
            by_home.setdefault(Home(row.chat, row.unit), []).append(row)
    return [part for home, rows in by_home.items() for part in _parts(desk, uow, home, rows, at)]


def _is_back(uow: UnitOfWork, row: Departure, at: datetime) -> bool:
    if not row.phone_hash:
        return False
    ref = gate.registered_since(uow.session, row.phone_hash, max(at.date() - LINKED, _left_on(row)))
    if ref:
        row.returnee_ref, row.state, row.closed_on = ref, "returned", at.date()
        row.done_on = row.done_on or at.date()
    return bool(ref)


def _left_on(row: Departure) -> date:
    """A registration from before they left was another return."""
    stated = row.facts.get("left_at")
    return date.fromisoformat(stated[:10]) if stated else row.day


def _parts(desk: Desk, uow: UnitOfWork, home: Home, rows: Sequence[Departure], at: datetime) -> list[Part]:
    leads = accounts_in_charge(uow.session, desk.services["coordinators"](home.chat), home.unit)
    content = words.expected(rows, at.date())
    parts = [replace(part, purpose=PURPOSE) for user in leads for part in desk.member(user, content)]
    if desk.to_group(home.chat):
        parts += desk.group(home.chat, words.expected_group(len(rows)))
    return parts
