"""Counts of work done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.probe import Probe
from storage.records import Scope, within
from storage.tables import Figure, RecordRow

Told = tuple[str, date, str, str, str, float]
"""(chat, day, item, measure, post, value)."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Who told a figure, when, in which record."""

    ref: str
    sender: str
    name: str
    at: datetime


class ToldFigures(Facts[Told, Telling]):
    """Figures of a day that are in the books, by what they say."""

    PROBE = Probe[Told](
        "EXISTS (SELECT 1 FROM figures WHERE chat = {0} AND day = {1} AND item = {2} AND value = {5}"
        " AND measure = {3} AND post = {4})"
    )

    def fetch(self, keys: list[Told]) -> Iterable[tuple[Told, Telling]]:
        columns = (Figure.chat, Figure.day, Figure.item, Figure.measure, Figure.post, Figure.value)
        query = select(*columns, Figure.ref, RecordRow.sender, RecordRow.reporter, Figure.reported_at)
        query = query.join(RecordRow, RecordRow.ref == Figure.ref)
        wanted = tuple_(*columns).in_(keys)
        active = (Figure.state == "active", Figure.total.is_(False))
        rows = self.session.execute(query.where(wanted, *active).order_by(Figure.id)).tuples()
        return [(row[:6], Telling(*row[6:])) for row in rows]

    def tell(self, key: Told, telling: Telling) -> None:
        """A figure that this batch writes."""
        self.of(key).append(telling)


def listing(session: Session, scope: Scope) -> Sequence[Figure]:
    """Active counts, in the order in which they were reported."""
    query = within(select(Figure).where(Figure.state == "active"), Figure, scope)
    return session.scalars(query.order_by(Figure.id)).all()


def set_state(session: Session, ref: str, state: str) -> None:
    """Take the counts of a record out of the sums, or back in."""
    session.execute(update(Figure).where(Figure.ref == ref).values(state=state))


def not_doubled(session: Session, ref: str) -> bool:
    """Note that the counts of a record are work of its own. False where nobody thought otherwise."""
    rows = session.scalars(select(Figure).where(Figure.ref == ref, Figure.double_of.is_not(None))).all()
    for row in rows:
        row.double_of = None
    return bool(rows)
