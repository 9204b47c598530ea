"""The records behind the figures of a report, oldest first, streamed."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from storage import daily_count
from storage.daily_count import identities_of
from storage.records import Scope, within
from storage.tables import Duty, Figure, HealthReport, RecordRow, Returnee
from storage.tables_duty import SignUp
from storage.tables_org import Person

STREAM = {"yield_per": 1000}


def figures(session: Session, scope: Scope, name: str = "") -> Iterator[Figure]:
    """Active counts, those called `work|item|measure` where a name is given."""
    query = within(select(Figure).where(Figure.state == "active"), Figure, scope)
    if name:
        _, item, measure = name.split("|", 2)
        query = query.where(Figure.item == item, Figure.measure == measure)
    yield from session.scalars(query.order_by(Figure.id), execution_options=STREAM)


def duty(session: Session, scope: Scope, post: str | None = None) -> Iterator[Duty]:
    """Periods of duty, of one post where one is given."""
    query = within(select(Duty).where(Duty.state != "undone"), Duty, scope)
    if post is not None:
        query = query.where(Duty.post == post)
    yield from session.scalars(query.order_by(Duty.id), execution_options=STREAM)


def told_twice(session: Session, scope: Scope) -> dict[int, float]:
    """Number of a period of duty → those of its hours that another report of the same person, day and place counts
    already.
    """
    columns = (Duty.id, Duty.day, Duty.unit, Duty.chat, Duty.person, Duty.account, Duty.person_id, Duty.hours)
    query = within(select(*columns, Duty.starts_at, Duty.ends_at), Duty, scope)
    query = query.where(Duty.state != "undone", Duty.starts_at.is_not(None), Duty.hours > 0).order_by(Duty.day)
    found: dict[int, float] = {}
    for _, day in groupby(session.execute(query), key=lambda row: row.day):
        rows = list(day)
        whose = identities_of(session, rows)
        found |= daily_count.told_twice(rows, [whose(row) for row in rows])
    return found


def records(session: Session, scope: Scope, kinds: Sequence[str]) -> Iterator[RecordRow]:
    """Active records of some kinds."""
    query = within(select(RecordRow).where(RecordRow.kind.in_(kinds), RecordRow.state == "active"), RecordRow, scope)
    yield from session.scalars(query.order_by(RecordRow.id), execution_options=STREAM)


def returnees(session: Session, scope: Scope, day: str = "day", states: Sequence[str] = ()) -> Iterator[Returnee]:
    """Cases by the day of a column (`day`, `handed_on`, `closed_on`), in some states where any are given."""
    column = getattr(Returnee, day)
    query = within(select(Returnee), Returnee, Scope(unit=scope.unit, chat=scope.chat))
    query = query.where(Returnee.state.in_(states) if states else Returnee.state.not_in(("undone", "merged")))
    if scope.first and scope.last:
        query = query.where(and_(column >= scope.first, column <= scope.last))
    yield from session.scalars(query.order_by(Returnee.id), execution_options=STREAM)


def health(session: Session, scope: Scope) -> Iterator[HealthReport]:
    """Active health reports."""
    query = within(select(HealthReport).where(HealthReport.state == "active"), HealthReport, scope)
    yield from session.scalars(query.order_by(HealthReport.id), execution_options=STREAM)


def sign_ups(session: Session, call_ref: str) -> list[SignUp]:
    """Those who signed up for a call."""
    from storage.callups import by_ref  # noqa: PLC0415  (only here)

    call = by_ref(session, call_ref)
    if call is None:
        return []
    query = select(SignUp).where(SignUp.call_up_id == call.id, SignUp.state == "active").order_by(SignUp.id)
    return list(session.scalars(query))


def group_duty(session: Session, column: str, path: str, first: date, last: date) -> list[Any]:
    """(person id, unnamed, hours, state, day, post, …) of duty by people of a team or an employer and below it."""
    whose = getattr(Person, column)
    people = select(Person.id).where((whose == path) | whose.startswith(path + "/", autoescape=True))
    whole = (Duty.person_id, Duty.unnamed, Duty.hours, Duty.state, Duty.day, Duty.post)
    columns = (*whole, Duty.id, Duty.unit, Duty.chat, Duty.starts_at, Duty.ends_at)
    query = select(*columns).where(Duty.person_id.in_(people), Duty.state != "undone", Duty.day.between(first, last))
    return list(session.execute(query.order_by(Duty.id)))


def group_named(session: Session, column: str, name: str) -> str | None:
    """The path of the team or employer called `name`: the highest one."""
    whose = getattr(Person, column)
    query = select(whose).where(whose != "", whose.contains(name, autoescape=True)).distinct()
    cuts = {cut for path in session.scalars(query) if (cut := _cut(path, name))}
    return min(cuts, key=lambda path: (path.count("/"), path), default=None)


def _cut(path: str, name: str) -> str:
    levels = path.split("/")
    for depth, level in enumerate(levels, 1):
        if level == name:
            return "/".join(levels[:depth])
    return name if path == name or path.startswith(name + "/") else ""
