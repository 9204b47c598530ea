"""From records to the aggregates of cells: a cell is one (day, place) with the records that belong to it alone.

A cell is always counted anew from its records, so that nothing depends on the order in which they came.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyroaring import BitMap
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, insert, select, tuple_
from sqlalchemy.orm import Session

from storage import gate_count, report_hours, supply_count
from storage.portions import portions
from storage.tables import Base, Duty, Figure, HealthReport, RecordRow, Returnee
from storage.tables_cases import CaseEvent
from storage.tables_daily import Identity
from storage.tables_gate import Departure, GateEntry, Pass
from storage.tables_patrols import Finding, PatrolRound, PatrolSlot
from storage.tables_supplies import SupplyLine, SupplyShare

Cell = tuple[date, str]
"""(day, place)."""
CHUNK = 400
WHOLE = "*"
"""The post of a row that is about a place with everything below it."""
NO_UNIT = "@"
LOOKING = "kakou_only_looks"
"""Mark of a session that compares and must not write."""
HIGHEST = 2**32 - 1
"""The last number that a set takes: nobody has it, so that a person without a number shows as a difference."""
MERGED = ("undone", "merged")
DOUBLE = "double"
"""The count of figures that were perhaps told twice."""


def place_of(unit: str, chat: str) -> str:
    """The place of a record: its unit, or its chat where the chat is bound to none."""
    return unit or NO_UNIT + chat


def parent_of(place: str) -> str | None:
    """The place above; None above the top."""
    if not place:
        return None
    return "" if place.startswith(NO_UNIT) else place.rpartition("/")[0]


def hedged(one: str, other: str) -> str:
    """The hedge of a sum: that of its parts where they agree or only one has any, 约 where they do not."""
    return one or other if not one or not other or one == other else "about"


@dataclass(slots=True)
class DutyCell:
    """Duty of one post, or of all."""

    participations: int = 0
    unnamed: int = 0
    hours: float = 0.0
    unknown: int = 0
    open: int = 0
    people: BitMap = field(default_factory=BitMap)
    posts: BitMap = field(default_factory=BitMap)

    def merge(self, other: "DutyCell") -> None:
        self.participations += other.participations
        self.unnamed += other.unnamed
        self.hours += other.hours
        self.unknown += other.unknown
        self.open += other.open
        self.people |= other.people
        self.posts |= other.posts


@dataclass(slots=True)
class CountCell:
    """One other figure."""

    value: float = 0.0
    upper: float = 0.0
    ranged: int = 0
    hedge: str = ""
    reports: int = 0
    members: BitMap = field(default_factory=BitMap)
    days: int = 0
    """Days that are summed up here, where a sum was asked for: people of several days must not be added as people."""
    highest: float = 0.0
    """The value of the highest of these days."""

    def merge(self, other: "CountCell") -> None:
        self.value += other.value
        self.upper += other.upper
        self.ranged += other.ranged
        self.hedge = hedged(self.hedge, other.hedge)
        self.reports += other.reports
        self.members |= other.members


@dataclass(frozen=True, slots=True)
class TotalCell:
    """A stated total."""

    value: float
    hedge: str
    number: int


@dataclass(slots=True)
class Counted:
    """What cells hold, by (day, place) and then by post, figure, chat."""

    duty: dict[tuple[date, str, str], DutyCell] = field(default_factory=lambda: defaultdict(DutyCell))
    counts: dict[tuple[date, str, str, str], CountCell] = field(default_factory=lambda: defaultdict(CountCell))
    totals: dict[tuple[date, str, str, str, str], TotalCell] = field(default_factory=dict)

    def one(self, cell: Cell, name: str, value: float = 1, post: str = "") -> CountCell:
        found = self.counts[(*cell, post, name)]
        found.value += value
        found.upper += value
        found.reports += 1
        return found


def count(session: Session, cells: Iterable[Cell]) -> Counted:
    """The aggregates of these cells, from their records. Cells without any are not among them."""
    found = Counted()
    for some in portions(sorted(cells), CHUNK):
        _duties(session, some, found)
        _figures(session, some, found)
        _records(session, some, found)
        _cases(session, some, found)
        _health(session, some, found)
        _gate(session, some, found)
        _supplies(session, some, found)
        _patrols(session, some, found)
    return found


def rows_of(query: Select[Any], table: Any, cells: Sequence[Cell], day: Any = None) -> Iterator[Select[Any]]:
    """`query` narrowed to the rows of cells: one for those of units, one for those of chats without."""
    when = table.day if day is None else day
    units = [(on, place) for on, place in cells if not place.startswith(NO_UNIT) and place]
    chats = [(on, place.removeprefix(NO_UNIT)) for on, place in cells if place.startswith(NO_UNIT)]
    if units:
        yield query.where(tuple_(when, table.unit).in_(units))
    if chats:
        yield query.where(table.unit == "", tuple_(when, table.chat).in_(chats))


def _duties(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    columns = (Duty.day, Duty.unit, Duty.chat, Duty.post, Duty.person, Duty.account, Duty.person_id, Duty.unnamed)
    times = (Duty.id, Duty.starts_at, Duty.ends_at, Duty.hours, Duty.state)
    query = select(*columns, *times).where(Duty.state != "undone")
    rows = [row for narrowed in rows_of(query, Duty, cells) for row in session.execute(narrowed)]
    if not rows:
        return
    whose = identities_of(session, rows)
    names = [whose(row) for row in rows]
    twice = told_twice(rows, names)
    posts = [f"post|{place_of(row.unit, row.chat)}|{row.post}" if row.post else "" for row in rows]
    number = numbers(session, {*names, *posts} - {""})
    for row, name, post in zip(rows, names, posts, strict=True):
        cell = found.duty[row.day, place_of(row.unit, row.chat), row.post]
        cell.participations += 1 + row.unnamed
        cell.unnamed += row.unnamed
        cell.hours += (row.hours or 0.0) - twice.get(row.id, 0.0)
        cell.open += row.state == "open"
        cell.unknown += row.state == "closed" and row.hours is None
        cell.people.add(number[name])
        if post:
            cell.posts.add(number[post])


def told_twice(rows: Sequence[Any], names: Sequence[str]) -> dict[int, float]:
    """Row's number → its hours that another report of the same person, day and place counts already."""
    return report_hours.told_before(
        report_hours.stretch(
            (row.day, place_of(row.unit, row.chat), name), row.id, row.starts_at, row.ends_at, row.hours
        )
        for row, name in zip(rows, names, strict=True)
    )


def identities_of(session: Session, rows: Sequence[Any]) -> Any:
    """Row → key of its person. The volunteer of the books, else the account, else the name in its chat; where some rows
    of a name in a chat tell and others do not, the others are the same person.
    """
    pairs = {(row.chat, row.person) for row in rows if row.person_id is None}
    known: dict[tuple[str, str], Any] = {}
    told = (func.min(Duty.person_id), func.min(func.nullif(Duty.account, "")))
    for some in portions(sorted(pairs), CHUNK):
        query = select(Duty.chat, Duty.person, *told).where(tuple_(Duty.chat, Duty.person).in_(some))
        query = query.where(Duty.state != "undone").group_by(Duty.chat, Duty.person)
        known |= {(row[0], row[1]): (row[2], row[3]) for row in session.execute(query)}

    def key(row: Any) -> str:
        number, account = known.get((row.chat, row.person), (None, None))
        number = row.person_id if row.person_id is not None else number
        if number is not None:
            return f"person|{number}"
        account = row.account or account
        return f"account|{account}" if account else f"name|{row.chat}|{row.person}"

    return key


def same_people(session: Session, pairs: Iterable[tuple[str, str]]) -> Iterator[Cell]:
    """The cells of other rows of names whose account or volunteer became known, or unknown again."""
    for some in portions(sorted(pairs), CHUNK):
        for row in session.execute(_OF_NAMES, {"pairs": some}):
            yield row.day, place_of(row.unit, row.chat)


_OF_NAMES = (
    select(Duty.day, Duty.unit, Duty.chat)
    .where(tuple_(Duty.chat, Duty.person).in_(bindparam("pairs", expanding=True)), Duty.person_id.is_(None))
    .distinct()
)


def numbers(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of keys; new ones are given out."""
    known: dict[str, int] = {}
    for some in portions(sorted(set(keys)), CHUNK):
        query = select(Identity.key, Identity.id).where(Identity.key.in_(some))
        known |= dict(session.execute(query).tuples().all())
        new = [key for key in some if key not in known]
        if new and session.info.get(LOOKING):
            known |= {key: HIGHEST - number for number, key in enumerate(new)}
        elif new:
            session.execute(insert(Base.metadata.tables["identities"]), [{"key": key} for key in new])
            known |= dict(session.execute(query).tuples().all())
    return known


def figure_name(item: str, measure: str) -> str:
    """How a figure of work is called among the counts."""
    return f"work|{item}|{measure}"


def _figures(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    query = select(Figure).where(Figure.state == "active").order_by(Figure.id)
    for narrowed in rows_of(query, Figure, cells):
        for row in session.scalars(narrowed):
            _figure(row, found)


def _figure(row: Figure, found: Counted) -> None:
    cell, name = (row.day, place_of(row.unit, row.chat)), figure_name(row.item, row.measure)
    if row.total:
        found.totals[(*cell, row.chat, row.post, name)] = TotalCell(row.value, row.approx, row.id)
        return
    if row.double_of:
        found.one(cell, DOUBLE)
    count_ = found.counts[(*cell, row.post, name)]
    count_.merge(
        CountCell(
            row.value,
            row.value if row.most is None else row.most,
            int(row.most is not None),
            row.approx,
            1,
        )
    )


def _records(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    columns = (RecordRow.day, RecordRow.unit, RecordRow.chat, RecordRow.kind)
    active: ColumnElement[bool] = RecordRow.state == "active"
    for narrowed in rows_of(select(*columns, func.count().label("n")).where(active), RecordRow, cells):
        for row in session.execute(narrowed.group_by(*columns)):
            found.one((row.day, place_of(row.unit, row.chat)), f"kind|{row.kind}", row.n)


def _cases(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    for name, day, extra in (
        ("case|registered", Returnee.day, Returnee.state.not_in(MERGED)),
        ("case|arrived", Returnee.day, and_(Returnee.state.not_in(MERGED), Returnee.arrived.is_(True))),
        ("case|handed", Returnee.handed_on, Returnee.state.not_in(MERGED)),
        ("case|released", Returnee.closed_on, Returnee.state == "released"),
    ):
        columns = (day.label("day"), Returnee.unit, Returnee.chat)
        for narrowed in rows_of(select(*columns, func.count().label("n")).where(extra), Returnee, cells, day):
            for row in session.execute(narrowed.group_by(*columns)):
                found.one((row.day, place_of(row.unit, row.chat)), name, row.n)
    _verified(session, cells, found)


def _verified(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    """Cases found right on a day, but those of which it was taken back the same day."""
    steps = CaseEvent.action.in_(("verify", "take_back"))
    query = select(CaseEvent).where(steps).order_by(CaseEvent.id)
    right: dict[Cell, set[str]] = defaultdict(set)
    for narrowed in rows_of(query, CaseEvent, cells):
        for event in session.scalars(narrowed):
            cell = (event.day, place_of(event.unit, event.chat))
            if event.action == "verify":
                right[cell].add(event.ref)
            elif event.source == "verified":
                right[cell].discard(event.ref)
    for cell, refs in right.items():
        if refs:
            found.one(cell, "case|verified", len(refs))


def _patrols(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    """Rounds that were made and that were due; findings on the days on which they were found, put right and closed."""
    for name, table, day, extra in (
        ("round", PatrolRound, PatrolRound.day, PatrolRound.state == "active"),
        ("round|due", PatrolSlot, PatrolSlot.day, PatrolSlot.state != "off"),
        ("round|done", PatrolSlot, PatrolSlot.day, PatrolSlot.state == "done"),
        ("round|missed", PatrolSlot, PatrolSlot.day, PatrolSlot.state == "missed"),
        ("finding", Finding, Finding.day, Finding.state != "undone"),
        ("finding|fixed", Finding, Finding.fixed_on, Finding.state.in_(("fixed", "closed"))),
        ("finding|closed", Finding, Finding.closed_on, Finding.state == "closed"),
    ):
        columns = (day.label("day"), table.unit, table.chat)
        for narrowed in rows_of(select(*columns, func.count().label("n")).where(extra), table, cells, day):
            for row in session.execute(narrowed.group_by(*columns)):
                found.one((row.day, place_of(row.unit, row.chat)), name, row.n)


def _health(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    columns = (HealthReport.day, HealthReport.unit, HealthReport.chat, HealthReport.abnormal, HealthReport.ref)
    query = select(*columns, HealthReport.returnee_ref, HealthReport.person_hash).where(HealthReport.state == "active")
    rows = [row for narrowed in rows_of(query, HealthReport, cells) for row in session.execute(narrowed)]
    keys = [f"health|{row.returnee_ref or row.person_hash or row.ref}" for row in rows]
    number = numbers(session, keys)
    for row, key in zip(rows, keys, strict=True):
        cell = (row.day, place_of(row.unit, row.chat))
        found.one(cell, "health").members.add(number[key])
        if row.abnormal:
            found.one(cell, "abnormal")


def _gate(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    """What came through the gates, and passes."""
    entries: dict[Cell, list[GateEntry]] = defaultdict(list)
    counts: dict[Cell, list[Figure]] = defaultdict(list)
    for narrowed in rows_of(select(GateEntry).where(GateEntry.state == "active"), GateEntry, cells):
        for entry in session.scalars(narrowed):
            entries[entry.day, place_of(entry.unit, entry.chat)].append(entry)
    told = and_(Figure.state == "active", Figure.gate != "", Figure.total.is_(False))
    for narrowed in rows_of(select(Figure).where(told).order_by(Figure.id), Figure, cells):
        for figure in session.scalars(narrowed):
            counts[figure.day, place_of(figure.unit, figure.chat)].append(figure)
    for cell in {**entries, **counts}:
        for (post, name), stretches in gate_count.figures(entries[cell], counts[cell]).items():
            for one in stretches:
                stretch = CountCell(one.value, one.upper, one.ranged, one.hedge, 1)
                found.counts[(*cell, post, f"gate|{name}")].merge(stretch)
        if singly := sum(entry.direction != "" for entry in entries[cell]):
            found.one(cell, "gate|singly", singly)
    _numbered(session, cells, found)


def _numbered(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    """Passes, and people who left."""
    for table, name, day, state in (
        (Pass, "pass|issued", Pass.issued_on, Pass.state != "undone"),
        (Pass, "pass|void", Pass.closed_on, Pass.state.in_(("void", "replaced"))),
        (Departure, "departure|registered", Departure.day, Departure.state != "undone"),
        (Departure, "departure|done", Departure.done_on, Departure.state != "undone"),
    ):
        columns = (day.label("day"), table.unit, table.chat)
        for narrowed in rows_of(select(*columns, func.count().label("n")).where(state), table, cells, day):
            for row in session.execute(narrowed.group_by(*columns)):
                found.one((row.day, place_of(row.unit, row.chat)), name, row.n)


def _supplies(session: Session, cells: Sequence[Cell], found: Counted) -> None:
    """What was asked for, came, was set aside and signed for, and by whom."""
    lines = select(SupplyLine).where(SupplyLine.state == "active").order_by(SupplyLine.id)
    shares = select(SupplyShare).where(SupplyShare.state != "returned").order_by(SupplyShare.id)
    told = _all(session, rows_of(lines, SupplyLine, cells))
    given = _all(session, rows_of(shares, SupplyShare, cells))
    signed = _all(session, rows_of(shares, SupplyShare, cells, SupplyShare.signed_on))
    for (day, unit, chat), name, value in supply_count.figures(told, given, signed):
        found.one((day, place_of(unit, chat)), name, value)
    number = numbers(session, {f"supply|{share.party}" for share in signed})
    for share in signed:
        served = found.one((share.signed_on, place_of(share.unit, share.chat)), "supply|served", 0)
        served.members.add(number[f"supply|{share.party}"])


def _all(session: Session, queries: Iterable[Select[Any]]) -> list[Any]:
    return [row for query in queries for row in session.scalars(query)]
