"""The aggregates against the records: what `kakou doctor` verifies and rebuilds."""

from collections.abc import Callable, Iterator
from math import isclose
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.daily import DAYS, count_cell, duty_cell, levels, settle
from storage.daily_count import LOOKING, WHOLE, Cell, Counted, TotalCell, count, place_of
from storage.tables import Base
from storage.tables_daily import DailyCount, DailyDirty, DailyDuty, DailyTotal

Progress = Callable[[int, int], None]
TABLES = (DailyDuty, DailyCount, DailyTotal)
AT_ONCE = 2000


def _columns(table: type[Base]) -> list[Any]:
    return list(Base.metadata.tables[table.__tablename__].c)


def cells_of_records(session: Session) -> list[Cell]:
    """Every cell that some record belongs to."""
    found: set[Cell] = set()
    for name, days in DAYS.items():
        table = Base.metadata.tables[name]
        for day in days:
            query = select(table.c[day], table.c.unit, table.c.chat).where(table.c[day].is_not(None)).distinct()
            found |= {(row[0], place_of(row[1], row[2])) for row in session.execute(query)}
    return sorted(found)


def rebuild(session: Session, progress: Progress = lambda _done, _all: None) -> int:
    """Make all aggregates anew; how many cells there are."""
    for table in (*TABLES, DailyDirty):
        session.execute(delete(table), execution_options={"synchronize_session": False})
    cells = cells_of_records(session)
    for start in range(0, len(cells), AT_ONCE):
        settle(session, cells[start : start + AT_ONCE])
        progress(min(start + AT_ONCE, len(cells)), len(cells))
    return len(cells)


def differences(session: Session, progress: Progress = lambda _done, _all: None) -> list[Cell]:
    """Cells, and places above them, whose aggregates are not what their records give. Reads only; what is marked as not
    counted yet must have been counted before (`catch_up`).
    """
    session.info[LOOKING] = True
    cells = cells_of_records(session)
    known = {(row.day, row.place) for table in TABLES for row in _cells_in(session, table)}
    wrong = {cell for cell in known - set(cells) if _own(session, cell)}
    for start in range(0, len(cells), AT_ONCE):
        some = cells[start : start + AT_ONCE]
        wrong |= _wrong(count(session, some), _stored(session, some))
        progress(min(start + AT_ONCE, len(cells)), len(cells))
    for level in levels({*cells, *known}):
        wrong |= {cell for cell in level if not _sums_hold(session, cell)}
    return sorted(wrong)


def _cells_in(session: Session, table: Any) -> Iterator[Any]:
    yield from session.execute(select(table.day, table.place).distinct())


def _own(session: Session, cell: Cell) -> bool:
    found = _stored(session, [cell])
    return bool(found.duty or found.counts or found.totals)


def _stored(session: Session, cells: list[Cell]) -> Counted:
    """The own rows of cells."""
    found, wanted = Counted(), set(cells)
    days = sorted({day for day, _ in cells})
    places = sorted({place for _, place in cells})
    for table in TABLES:
        query = select(*_columns(table)).where(table.day.between(days[0], days[-1]))
        query = query.where(table.place.between(places[0], places[-1]), table.post != WHOLE)
        for row in session.execute(query):
            if (row.day, row.place) in wanted:
                _note(found, table, row)
    return found


def _note(found: Counted, table: Any, row: Any) -> None:
    if table is DailyDuty:
        found.duty[row.day, row.place, row.post] = duty_cell(row)
    elif table is DailyCount:
        found.counts[row.day, row.place, row.post, row.name] = count_cell(row)
    else:
        found.totals[row.day, row.place, row.chat, row.post, row.name] = TotalCell(row.value, row.hedge, row.number)


def _wrong(one: Counted, other: Counted) -> set[Cell]:
    wrong: set[Cell] = set()
    for mine, theirs in ((one.duty, other.duty), (one.counts, other.counts), (one.totals, other.totals)):
        for key in {*mine, *theirs}:
            if key not in mine or key not in theirs or not _same(mine[key], theirs[key]):
                wrong.add((key[0], key[1]))
    return wrong


def _same(one: Any, other: Any) -> bool:
    left, right = ([*_parts(one)], [*_parts(other)])
    return all(
        isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) if isinstance(a, float) else a == b
        for a, b in zip(left, right, strict=True)
    )


def _parts(cell: Any) -> Iterator[Any]:
    yield from (getattr(cell, name) for name in cell.__slots__)


def _sums_hold(session: Session, cell: Cell) -> bool:
    """Σ of the own rows and the children = the row of the whole."""
    day, place = cell
    for table, made in ((DailyDuty, duty_cell), (DailyCount, count_cell)):
        columns = _columns(table)
        whole = session.execute(select(*columns).where(table.place == place, table.day == day, table.post == WHOLE))
        parts = [*session.execute(select(*columns).where(table.place == place, table.day == day, table.post != WHOLE))]
        parts += session.execute(select(*columns).where(table.parent == place, table.day == day, table.post == WHOLE))
        if not _adds_up([*whole], parts, made):
            return False
    return True


def _adds_up(whole: list[Any], parts: list[Any], made: Callable[[Any], Any]) -> bool:
    sums: dict[str, Any] = {}
    for row in parts:
        name = getattr(row, "name", "")
        if name in sums:
            sums[name].merge(made(row))
        else:
            sums[name] = made(row)
    found = {getattr(row, "name", ""): made(row) for row in whole}
    return set(found) == set(sums) and all(_same(found[name], sums[name]) for name in sums)
