"""What a report tells of the present moment: open cases, observation, calls, posts, units. Counts, no persons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from storage.daily_count import NO_UNIT
from storage.tables import Chat, HealthReport, Returnee
from storage.tables_duty import CallUp, SignUp
from storage.tables_org import Post, Unit


@dataclass(frozen=True, slots=True)
class Open:
    """Cases in one state that are not handed over yet."""

    state: str
    number: int
    since: date
    """Day of the oldest registration among them."""


@dataclass(frozen=True, slots=True)
class Observed:
    """People under observation."""

    arrived: Sequence[date]
    """The day of arrival of each."""
    missing: int
    """Those from whom nothing has come today."""
    ending: int
    """Those who are released at the coming midnight."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call-up that is going on."""

    ref: str
    place: str
    needed: int
    signed: int
    arrived: int
    opened: date


def scope(session: Session, table: Any, place: str) -> Iterator[ColumnElement[bool]]:
    """SQL: rows of a table with `unit` and `chat` that belong to a place or lie below it."""
    if place.startswith(NO_UNIT):
        yield table.chat == place.removeprefix(NO_UNIT)
    elif place:
        yield from below(session, table.unit, place)


def below(session: Session, column: Any, place: str) -> Iterator[ColumnElement[bool]]:
    """SQL: a path is `place` or below it. SQLite compares bytes, so a range finds it through an index."""
    if not place:
        return
    if session.get_bind().dialect.name == "sqlite":
        yield column >= place
        yield column < place + "0"  # the character after the slash
    yield (column == place) | (func.substr(column, 1, len(place) + 1) == place + "/")


def open_cases(session: Session, place: str, states: Sequence[str]) -> list[Open]:
    """Cases in `states`, by state, in the order of `states`."""
    columns = (Returnee.state, func.count(), func.min(Returnee.day))
    query = select(*columns).where(Returnee.state.in_(states), *scope(session, Returnee, place))
    found = {row[0]: Open(row[0], row[1], row[2]) for row in session.execute(query.group_by(Returnee.state))}
    return [found[state] for state in states if state in found]


def observed(session: Session, place: str, today: date) -> Observed:
    """Who is under observation as things stand."""
    here = (Returnee.state == "observing", *scope(session, Returnee, place))
    rows = session.execute(select(Returnee.ref, Returnee.arrived_on, Returnee.release_on).where(*here)).all()
    if not rows:
        return Observed((), 0, 0)
    reports = select(HealthReport.returnee_ref).where(
        HealthReport.day == today, HealthReport.state == "active", HealthReport.returnee_ref.is_not(None)
    )
    told = set(session.scalars(reports))
    due = [row for row in rows if row.arrived_on and row.arrived_on < today]
    return Observed(
        [row.arrived_on for row in rows if row.arrived_on],
        sum(row.ref not in told for row in due),
        sum(row.release_on is not None and (row.release_on - today).days == 1 for row in rows),
    )


def calls(session: Session, place: str) -> list[Call]:
    """Call-ups that go on, oldest first."""
    heads = func.coalesce(func.sum(1 + SignUp.extra), 0)
    came = func.coalesce(func.sum(SignUp.arrived), 0)
    columns = (CallUp.ref, CallUp.place, CallUp.needed, heads, came, CallUp.opened_at)
    query: Select[Any] = select(*columns).outerjoin(
        SignUp, (SignUp.call_up_id == CallUp.id) & (SignUp.state == "active")
    )
    query = query.where(CallUp.state.in_(("open", "confirmed")), *scope(session, CallUp, place))
    query = query.group_by(CallUp.id, CallUp.ref, CallUp.place, CallUp.needed, CallUp.opened_at).order_by(CallUp.id)
    return [Call(row[0], row[1], row[2], int(row[3]), int(row[4]), row[5].date()) for row in session.execute(query)]


def posts_with_hours(session: Session, place: str) -> list[str]:
    """Names of the active posts of a unit itself that are to be manned each day."""
    query = select(Post.name).where(Post.unit == place, Post.state == "active", Post.starts.is_not(None))
    return list(session.scalars(query.order_by(Post.name)))


def units_below(session: Session, place: str) -> set[str]:
    """Paths of units below a place that are known: those right below it from the tree, all that chats are bound to."""
    if place.startswith(NO_UNIT):
        return set()
    depth = place.count("/") + 1 if place else 0
    slashes = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    units = select(Unit.path).where(Unit.axis == "place", slashes == depth, *below(session, Unit.path, place))
    bound = select(Chat.unit).where(Chat.unit != "", *below(session, Chat.unit, place)).distinct()
    return {*session.scalars(units), *session.scalars(bound)} - {place}


def unit_of_chat(session: Session, chat: str) -> str:
    """The unit that a chat was bound to inside it."""
    return session.scalar(select(Chat.unit).where(Chat.chat == chat)) or ""
