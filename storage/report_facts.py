"""What reports tell of the present moment: open cases, observation, calls, posts, units. Counts, no persons.

Each question is asked for several places at once; places of which there is nothing to tell are not in its answer.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from storage.daily_count import parent_of
from storage.nest import Nest
from storage.portions import portions
from storage.tables import Chat, HealthReport, RecordRow, Returnee
from storage.tables_cases import CaseEvent
from storage.tables_duty import CallUp, SignUp
from storage.tables_org import Post, Unit

AT_ONCE = 5000
"""Values of one statement: SQLite takes 32,766."""


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


def open_cases_all(session: Session, nest: Nest, states: Sequence[str]) -> dict[str, list[Open]]:
    """Of each place: its cases in `states`, by state, in the order of `states`."""
    columns = (Returnee.unit, Returnee.chat, Returnee.state)
    here = nest.rows(session, Returnee.unit, Returnee.chat)
    query = select(*columns, func.count(), func.min(Returnee.day)).where(Returnee.state.in_(states), here)
    found: dict[str, dict[str, Open]] = defaultdict(dict)
    for unit, chat, state, number, since in session.execute(query.group_by(*columns)):
        for place in nest.of(unit, chat):
            known = found[place].get(state)
            both = Open(state, number + known.number, min(since, known.since)) if known else Open(state, number, since)
            found[place][state] = both
    return {place: [known[state] for state in states if state in known] for place, known in found.items()}


_NEWEST = select(func.max(CaseEvent.id).label("id")).group_by(CaseEvent.ref).subquery()
_STATES = select(CaseEvent.target, func.count()).join(_NEWEST, _NEWEST.c.id == CaseEvent.id).group_by(CaseEvent.target)
_REFS = select(CaseEvent.ref).distinct().subquery()


def all_cases(session: Session, day: date) -> dict[str, int] | None:
    """State → number of all cases that there are, where `day` is not before any of their events, and where exactly the
    cases that have events are registered in the ledger: each is read from an index. None where that is not so, and the
    books must be compared case by case.
    """
    if session.scalar(select(CaseEvent.id).where(CaseEvent.day > day).limit(1)) is not None:
        return None
    states = {state: int(number) for state, number in session.execute(_STATES)}
    in_ledger = (RecordRow.kind == "returnee", RecordRow.day <= day)
    if session.scalar(select(func.count()).where(*in_ledger)) != sum(states.values()):
        return None
    registered = select(RecordRow.id).where(RecordRow.ref == _REFS.c.ref, *in_ledger).exists()
    return states if session.scalar(select(_REFS.c.ref).where(~registered).limit(1)) is None else None


def observed_all(session: Session, nest: Nest, today: date) -> dict[str, Observed]:
    """Of each place: who is under observation as things stand."""
    told = select(HealthReport.returnee_ref).where(
        HealthReport.day == today, HealthReport.state == "active", HealthReport.returnee_ref.is_not(None)
    )
    case: Any = Returnee.__table__.c  # rows of the table cost half of what those of the class do
    here = (case.state == "observing", nest.rows(session, case.unit, case.chat))
    columns = (case.unit, case.chat, case.arrived_on, case.release_on, case.ref.in_(told))
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.execute(select(*columns).where(*here).order_by(case.id)):
        for place in nest.of(row[0], row[1]):
            found[place].append(row)
    return {place: _observed(rows, today) for place, rows in found.items()}


def _observed(rows: Sequence[Any], today: date) -> Observed:
    """Of rows (…, day of arrival, day of release, whether health was reported today)."""
    return Observed(
        [arrived for _, _, arrived, _, _ in rows if arrived],
        sum(not told for _, _, arrived, _, told in rows if arrived and arrived < today),
        sum(release is not None and (release - today).days == 1 for _, _, _, release, _ in rows),
    )


def calls_all(session: Session, nest: Nest) -> dict[str, list[Call]]:
    """Of each place: call-ups that go on, oldest first."""
    heads = func.coalesce(func.sum(1 + SignUp.extra), 0)
    came = func.coalesce(func.sum(SignUp.arrived), 0)
    what = (CallUp.unit, CallUp.chat, CallUp.ref, CallUp.place, CallUp.needed)
    query: Select[Any] = select(*what, heads, came, CallUp.opened_at).outerjoin(
        SignUp, (SignUp.call_up_id == CallUp.id) & (SignUp.state == "active")
    )
    query = query.where(CallUp.state.in_(("open", "confirmed")), nest.rows(session, CallUp.unit, CallUp.chat))
    query = query.group_by(CallUp.id, *what, CallUp.opened_at).order_by(CallUp.id)
    found: dict[str, list[Call]] = defaultdict(list)
    for unit, chat, ref, where, needed, signed, arrived, opened in session.execute(query):
        for place in nest.of(unit, chat):
            found[place].append(Call(ref, where, needed, int(signed), int(arrived), opened.date()))
    return found


_HOURS = select(Post.unit, Post.name).where(
    Post.unit.in_(bindparam("places", expanding=True)), Post.state == "active", Post.starts.is_not(None)
)
_HOURS = _HOURS.order_by(Post.name)


def posts_with_hours_all(session: Session, places: Collection[str]) -> dict[str, list[str]]:
    """Of each place: names of the active posts of the unit itself that are to be manned each day."""
    found: dict[str, list[str]] = defaultdict(list)
    for unit, name in session.execute(_HOURS, {"places": list(places)}):
        found[unit].append(name)
    return found


def units_below_all(session: Session, nest: Nest) -> dict[str, set[str]]:
    """Of each place: the units right below it, as far as the tree or chats that are bound there know them."""
    found: dict[str, set[str]] = defaultdict(set)
    slashes = func.length(Unit.path) - func.length(func.replace(Unit.path, "/", ""))
    depths = {place.count("/") + 1 if place else 0 for place in nest.places}
    here = (Unit.axis == "place", slashes.in_(depths), nest.rows(session, Unit.path))
    for path in session.scalars(select(Unit.path).where(*here)):
        above = parent_of(path)
        if above in nest.places:
            found[above].add(path)
    for path in session.scalars(select(Chat.unit).where(Chat.unit != "", nest.rows(session, Chat.unit)).distinct()):
        for above, child in steps(path):
            if above in nest.places:
                found[above].add(child)
    return found


def steps(path: str) -> Iterator[tuple[str, str]]:
    """(place, the unit right below it) on the way from a unit up to the top."""
    child = path
    while child:
        above = parent_of(child) or ""
        yield above, child
        child = above


def units_of_chats(session: Session, chats: Collection[str]) -> dict[str, str]:
    """The units that chats were bound to inside them."""
    found: dict[str, str] = {}
    for some in portions(list(chats), AT_ONCE):
        query = select(Chat.chat, Chat.unit).where(Chat.chat.in_(some), Chat.unit != "")
        found |= dict(session.execute(query).tuples().all())
    return found
