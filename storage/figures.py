"""Counts of work done."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, func, or_, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from storage.daily_count import NO_UNIT, place_of
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
    """Who told a figure of a day first, and who tells it in this batch."""

    PROBE = Probe[Told](
        "EXISTS (SELECT 1 FROM figures WHERE chat = {0} AND day = {1} AND item = {2} AND value = {5}"
        " AND measure = {3} AND post = {4})"
    )

    def fetch(self, keys: list[Told]) -> Iterable[tuple[Told, Telling]]:
        rows = self.session.execute(_FIRST, {"keys": keys}).tuples()
        return [(row[:6], Telling(*row[6:])) for row in rows]

    def by_another(self, key: Told, sender: str) -> Telling | None:
        """The first telling by anybody but `sender`. Few repeat what they were the first to tell: these ask again."""
        told = self.of(key)
        if told and told[0].sender == sender:
            other = self.session.execute(_BY_ANOTHER, {"keys": [key], "sender": sender}).tuples().first()
            told = [Telling(*other[6:])] if other else told
        return next((one for one in told if one.sender != sender), None)

    def tell(self, key: Told, telling: Telling) -> None:
        """A figure that this batch writes."""
        self.of(key).append(telling)


_SAYS = (Figure.chat, Figure.day, Figure.item, Figure.measure, Figure.post, Figure.value)
_COUNTED = (
    tuple_(*_SAYS).in_(bindparam("keys", expanding=True)),
    Figure.state == "active",
    Figure.total.is_(False),
)
_TELLINGS = (
    select(*_SAYS, Figure.ref, RecordRow.sender, RecordRow.reporter, Figure.reported_at)
    .join(RecordRow, RecordRow.ref == Figure.ref)
    .order_by(Figure.id)
)
_FIRST = _TELLINGS.where(Figure.id.in_(select(func.min(Figure.id)).where(*_COUNTED).group_by(*_SAYS)))
_BY_ANOTHER = _TELLINGS.where(*_COUNTED, RecordRow.sender != bindparam("sender")).limit(1)


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


def doubles_all(session: Session, places: Collection[str], first: date, last: date) -> dict[str, list[str]]:
    """Of each place: references of records of its own whose figures somebody else had told already, and of which nobody
    has said yet whether they are the same. Where the other telling was taken back, nothing is in doubt.
    """
    units = [place for place in places if not place.startswith(NO_UNIT)]
    chats = [place.removeprefix(NO_UNIT) for place in places if place.startswith(NO_UNIT)]
    former = aliased(Figure)
    other = select(former.id).where(former.ref == Figure.double_of, former.state == "active").exists()
    mine = or_(Figure.unit.in_(units), and_(Figure.unit == "", Figure.chat.in_(chats)))
    query = select(Figure.unit, Figure.chat, Figure.ref).where(Figure.day.between(first, last), mine)
    query = query.where(Figure.state == "active", Figure.double_of.is_not(None), other).order_by(Figure.id)
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for unit, chat, ref in session.execute(query):
        found[place_of(unit, chat)][ref] = None
    return {place: list(refs) for place, refs in found.items()}


def both_tellings(session: Session, refs: Collection[str]) -> Sequence[Figure]:
    """The active figures in doubt of these records, and of those that told them before."""
    doubtful = select(Figure).where(Figure.ref.in_(refs), Figure.double_of.is_not(None), Figure.state == "active")
    told = session.scalars(doubtful.order_by(Figure.id)).all()
    before = {(row.double_of, row.item, row.measure, row.value) for row in told}
    what = tuple_(Figure.ref, Figure.item, Figure.measure, Figure.value).in_(before)
    former = session.scalars(select(Figure).where(what, Figure.state == "active")).all()
    return sorted([*former, *told], key=lambda row: row.id)
