"""Standing rosters, the people on them, swaps and leave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.records import Scope, within
from storage.tables import Base
from storage.tables_duty import Assignment, Leave, Roster, Swap


@dataclass(frozen=True, slots=True)
class Plan:
    """Rosters of a scope with everything that says who comes."""

    rosters: Sequence[Any]
    """Rows with the columns of `Roster`: a district has thousands, and nobody changes them here."""
    assignments: Sequence[Any]
    """Rows with the columns of `Assignment` that say who comes when."""
    away: frozenset[tuple[str, date]]
    """(person, day) on leave."""


class _Days:
    """`within` narrows by `day`; a roster lies on all its days."""

    unit = Roster.unit
    chat = Roster.chat


# Columns of the tables, not of the classes: of thousands of rows the ORM makes as much work as the database.
_ROSTERS, _ASSIGNED = Base.metadata.tables["rosters"].c, Base.metadata.tables["assignments"].c
_ROSTER = tuple(
    _ROSTERS[name]
    for name in ("id", "ref", "chat", "unit", "post", "shift", "first", "last", "starts", "ends", "least", "most")
)
_ASSIGNMENT = tuple(_ASSIGNED[name] for name in ("roster_id", "day", "person", "state"))


def plan(session: Session, scope: Scope, first: date, last: date) -> Plan:
    """What is planned on the days from `first` to `last`."""
    place = Scope(unit=scope.unit, chat=scope.chat)
    on_days = (Roster.state == "active", Roster.first <= last, or_(Roster.last.is_(None), Roster.last >= first))
    rosters = session.execute(within(select(*_ROSTER).where(*on_days), _Days, place).order_by(Roster.id)).all()
    if not rosters:
        return Plan((), (), frozenset())
    mine = Assignment.roster_id.in_(within(select(Roster.id).where(*on_days), _Days, place))
    when = or_(Assignment.day.is_(None), Assignment.day.between(first, last))
    assignments = session.execute(select(*_ASSIGNMENT).where(mine, when).order_by(Assignment.id)).all()
    return Plan(rosters, assignments, _away(session, {row.chat for row in rosters}, first, last))


def plan_of(session: Session, person: str, chat: str, first: date, last: date) -> Plan:
    """What is planned for one person of a chat on the days from `first` to `last`."""
    when = or_(Assignment.day.is_(None), Assignment.day.between(first, last))
    theirs = select(Assignment.roster_id).where(Assignment.person == person, when)
    query = select(*_ROSTER).where(Roster.id.in_(theirs), Roster.chat == chat, Roster.state == "active")
    rosters = session.execute(query).all()
    mine = (Assignment.roster_id.in_([row.id for row in rosters]), Assignment.person == person, when)
    assignments = session.execute(select(*_ASSIGNMENT).where(*mine).order_by(Assignment.id)).all() if rosters else ()
    return Plan(rosters, assignments, _away(session, [chat], first, last) if rosters else frozenset())


def _away(session: Session, chats: Iterable[str], first: date, last: date) -> frozenset[tuple[str, date]]:
    query = select(Leave.person, Leave.day).where(
        Leave.chat.in_(list(chats)), Leave.state == "active", Leave.day.between(first, last)
    )
    return frozenset((row.person, row.day) for row in session.execute(query))


def roster(session: Session, roster_id: int) -> Roster | None:
    """One roster."""
    return session.get(Roster, roster_id)


def by_ref(session: Session, ref: str) -> Roster | None:
    """A roster by its reference."""
    return session.scalar(select(Roster).where(Roster.ref == ref, Roster.state == "active"))


def swap(session: Session, ref: str) -> Swap | None:
    """A swap by its reference."""
    return session.scalar(select(Swap).where(Swap.ref == ref))


def leaves(session: Session, ref: str) -> Sequence[Leave]:
    """The days of leave that a record stated."""
    return session.scalars(select(Leave).where(Leave.ref == ref)).all()


def chats_with_plans(session: Session, day: date) -> Sequence[str]:
    """Chats that have a roster on a day or later."""
    query = select(Roster.chat).where(Roster.state == "active", or_(Roster.last.is_(None), Roster.last >= day))
    return session.scalars(query.distinct()).all()
