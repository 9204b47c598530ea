"""Keeps the daily aggregates true to the records: features need not know of them.

Every unit of work listens to its session. Whatever adds, changes or deletes a row that is counted marks the row's
cells as dirty, in the same transaction. Dirty cells are counted anew, and then the places above them from their
children, before anybody reads: a little at a time while the bot is idle, the rest by the reader. Counting a cell at
each of its messages would make the hundredth message of a day cost a hundred times the first.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any

from pyroaring import BitMap
from sqlalchemy import delete, event, insert, inspect, select, tuple_, update
from sqlalchemy.orm import ORMExecuteState, Session

from storage.daily_count import (
    CHUNK,
    WHOLE,
    Cell,
    CountCell,
    Counted,
    DutyCell,
    count,
    parent_of,
    place_of,
    same_people,
)
from storage.portions import portions
from storage.tables import Base, Duty, Figure, HealthReport, RecordRow, Returnee
from storage.tables_cases import CaseEvent
from storage.tables_daily import DailyCount, DailyDirty, DailyDuty, DailyTotal, Posted
from storage.tables_gate import Departure, GateEntry, Pass
from storage.tables_patrols import Finding, PatrolRound, PatrolSlot
from storage.tables_supplies import SupplyLine, SupplyShare
from storage.upsert import insert_missing

DAYS: Mapping[str, tuple[str, ...]] = {
    Duty.__tablename__: ("day",),
    Figure.__tablename__: ("day",),
    RecordRow.__tablename__: ("day",),
    HealthReport.__tablename__: ("day",),
    CaseEvent.__tablename__: ("day",),
    Returnee.__tablename__: ("day", "handed_on", "closed_on"),
    PatrolRound.__tablename__: ("day",),
    PatrolSlot.__tablename__: ("day",),
    Finding.__tablename__: ("day", "fixed_on", "closed_on"),
    GateEntry.__tablename__: ("day",),
    Pass.__tablename__: ("issued_on", "closed_on"),
    SupplyLine.__tablename__: ("day",),
    SupplyShare.__tablename__: ("day", "signed_on"),
    Departure.__tablename__: ("day", "done_on"),
}
"""Table → the columns that say on which days its rows count. All of them have `unit` and `chat`."""
UNSEEN = {"synchronize_session": False}
PEOPLE = ("chat", "person", "account", "person_id")
_DIRTY = select(DailyDirty.day, DailyDirty.place).order_by(DailyDirty.day, DailyDirty.place)


class Touched:
    """The cells that a unit of work changes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._cells: set[Cell] = set()
        self._pairs: set[tuple[str, str]] = set()
        event.listen(session, "before_flush", self._flushing)
        event.listen(session, "do_orm_execute", self._executing)

    def row(self, table: str, values: Mapping[str, Any]) -> None:
        """A row that is inserted."""
        if table not in DAYS or not _placed(values["unit"], values["chat"]):
            return
        place = place_of(values["unit"], values["chat"])
        self._cells |= {(values[day], place) for day in DAYS[table] if values.get(day)}
        if table == Duty.__tablename__ and (values.get("account") or values.get("person_id")):
            self._pairs.add((values["chat"], values["person"]))

    def take(self) -> set[Cell]:
        """The cells marked since the last call."""
        if self._pairs:
            self._cells |= set(same_people(self._session, self._pairs))
        taken, self._cells, self._pairs = self._cells, set(), set()
        return taken

    def _flushing(self, session: Session, _context: Any, _instances: Any) -> None:
        for one in session.new:
            values = vars(one)
            if getattr(one, "__tablename__", "") in DAYS:
                self.row(one.__tablename__, {"unit": None, "chat": None, **values})
        for one in (*session.dirty, *session.deleted):
            if getattr(one, "__tablename__", "") in DAYS:
                self._object(one)

    def _object(self, one: Any) -> None:
        """Where it counted before, and where it counts now."""
        was = {name: _values(one, name) for name in (*DAYS[one.__tablename__], "unit", "chat")}
        places = {place_of(unit, chat) for unit, chat in product(was["unit"], was["chat"]) if _placed(unit, chat)}
        days = {day for name in DAYS[one.__tablename__] for day in was[name] if day}
        self._cells |= set(product(days, places))
        if isinstance(one, Duty) and any(value for name in PEOPLE[2:] for value in _values(one, name)):
            self._pairs |= set(product(_values(one, "chat"), _values(one, "person")))

    def _executing(self, state: ORMExecuteState) -> None:
        """An UPDATE or DELETE of many rows at once: the cells of those that it is going to find."""
        if not (state.is_update or state.is_delete):
            return
        table: Any = state.statement.table  # type: ignore[attr-defined]  # an UPDATE or DELETE has one
        if table.name not in DAYS:
            return
        columns = [table.c[name] for name in (*DAYS[table.name], "unit", "chat")]
        query = select(*columns)
        if (where := state.statement.whereclause) is not None:  # type: ignore[attr-defined]
            query = query.where(where)
        for row in state.session.execute(query.distinct()):
            values = dict(row._mapping)  # noqa: SLF001  (the public name of a row's mapping)
            self.row(table.name, {**values, "person": ""} if table.name == Duty.__tablename__ else values)


def _placed(unit: str | None, chat: str | None) -> bool:
    """Whether a row belongs anywhere: what is imported has a unit and no chat."""
    return unit is not None and chat is not None and bool(unit or chat)


def _values(one: Any, name: str) -> tuple[Any, ...]:
    """A column's value before and after what was changed."""
    history = inspect(one).attrs[name].history
    return (*(history.deleted or ()), *(history.unchanged or ()), *(history.added or ()))


def mark(session: Session, cells: Iterable[Cell]) -> None:
    """Write down which cells are no longer what their records say."""
    insert_missing(session, DailyDirty, [{"place": place, "day": day} for day, place in sorted(cells) if place])


def catch_up(session: Session, most: int | None = None) -> int:
    """Count dirty cells anew, `most` of them at a time; how many there were. Costs one look where there are none."""
    query = _DIRTY if most is None else _DIRTY.limit(most)
    cells = [(row.day, row.place) for row in session.execute(query)]
    if cells:
        settle(session, cells)
        for some in portions(cells, CHUNK):
            here = tuple_(DailyDirty.place, DailyDirty.day).in_([(place, day) for day, place in some])
            _drop(session, delete(DailyDirty).where(here))
    return len(cells)


def settle(session: Session, cells: Iterable[Cell]) -> None:
    """Count cells anew, then everything above them."""
    dirty = {cell for cell in cells if cell[1]}
    if not dirty:
        return
    _clear(session, dirty, own=True)
    _write(session, count(session, dirty))
    for level in levels(dirty):
        _clear(session, level, own=False)
        _write(session, _gathered(session, level))
        _outdate(session, level)


def _outdate(session: Session, cells: Iterable[Cell]) -> None:
    """What was posted about these cells may no longer be what the books say."""
    for some in portions(sorted(cells), CHUNK):
        keys = [(place, day) for day, place in some]
        where = (tuple_(Posted.place, Posted.day).in_(keys), Posted.stale.is_(False))
        session.execute(update(Posted).where(*where).values(stale=True), execution_options=UNSEEN)


def levels(cells: Iterable[Cell]) -> Iterator[set[Cell]]:
    """The cells whose sums must be made anew, from the deepest places to the top."""
    by_depth: dict[int, set[Cell]] = defaultdict(set)
    for day, start in cells:
        place: str | None = start
        while place is not None:
            by_depth[depth(place)].add((day, place))
            place = parent_of(place)
    return (by_depth[number] for number in sorted(by_depth, reverse=True))


def depth(place: str) -> int:
    """How many levels a place lies below the top."""
    return 0 if not place else 1 + place.count("/") if not place.startswith("@") else 1


def _clear(session: Session, cells: Iterable[Cell], *, own: bool) -> None:
    """Remove the rows of cells: their own, or the sums with everything below."""
    for some in portions(sorted(cells), CHUNK):
        for table in (DailyDuty, DailyCount):
            where = table.post != WHOLE if own else table.post == WHOLE
            _drop(session, delete(table).where(tuple_(table.place, table.day).in_([(p, d) for d, p in some]), where))
        if own:
            here = tuple_(DailyTotal.place, DailyTotal.day).in_([(p, d) for d, p in some])
            _drop(session, delete(DailyTotal).where(here))


def _drop(session: Session, statement: Any) -> None:
    session.execute(statement, execution_options=UNSEEN)


def _gathered(session: Session, cells: Iterable[Cell]) -> Counted:
    """The sums of places: their own rows and those of their children."""
    found = Counted()
    for some in portions(sorted(cells), CHUNK):
        keys = [(place, day) for day, place in some]
        for table, take in GATHERED:
            columns = list(Base.metadata.tables[table.__tablename__].c)
            own = select(*columns).where(tuple_(table.place, table.day).in_(keys), table.post != WHOLE)
            below = select(*columns).where(tuple_(table.parent, table.day).in_(keys), table.post == WHOLE)
            for row in session.execute(own):
                take(found, row.place, row)
            for row in session.execute(below):
                take(found, row.parent, row)
    return found


def _add_duty(found: Counted, place: str, row: Any) -> None:
    found.duty[row.day, place, WHOLE].merge(duty_cell(row))


def _add_count(found: Counted, place: str, row: Any) -> None:
    found.counts[row.day, place, WHOLE, row.name].merge(count_cell(row))


GATHERED: Sequence[tuple[Any, Callable[[Counted, str, Any], None]]] = (
    (DailyDuty, _add_duty),
    (DailyCount, _add_count),
)


def duty_cell(row: Any) -> DutyCell:
    """A row as an object that can be added to."""
    sets = (BitMap.deserialize(row.people), BitMap.deserialize(row.posts))
    return DutyCell(row.participations, row.unnamed, row.hours, row.unknown, row.open, *sets)


def count_cell(row: Any) -> CountCell:
    """As `duty_cell`."""
    members = BitMap.deserialize(row.members) if row.members else BitMap()
    return CountCell(row.value, row.upper, row.ranged, row.hedge, row.reports, members)


def _write(session: Session, found: Counted) -> None:
    _insert(session, DailyDuty, [_duty_row(*key, cell) for key, cell in found.duty.items()])
    _insert(session, DailyCount, [_count_row(*key, cell) for key, cell in found.counts.items()])
    totals = [
        {"day": key[0], "place": key[1], "chat": key[2], "post": key[3], "name": key[4]}
        | {"value": cell.value, "hedge": cell.hedge, "number": cell.number}
        for key, cell in found.totals.items()
    ]
    _insert(session, DailyTotal, totals)


def _insert(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(Base.metadata.tables[table.__tablename__]), rows)


def _duty_row(day: date, place: str, post: str, cell: DutyCell) -> dict[str, Any]:
    where = {"day": day, "place": place, "post": post, "parent": parent_of(place)}
    plain = {name: getattr(cell, name) for name in ("participations", "unnamed", "hours", "unknown", "open")}
    return {**where, **plain, "people": cell.people.serialize(), "posts": cell.posts.serialize()}


def _count_row(day: date, place: str, post: str, name: str, cell: CountCell) -> dict[str, Any]:
    where = {"day": day, "place": place, "post": post, "name": name, "parent": parent_of(place)}
    plain = {name: getattr(cell, name) for name in ("value", "upper", "ranged", "hedge", "reports")}
    return {**where, **plain, "members": cell.members.serialize() if cell.members else None}
