"""Many rows of one table at once. What SQLAlchemy works out anew for each call and each row (the statement, its
parameters' names and order, their types) is worked out once per table here: rows are most of what a batch writes.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import Session

from storage.tables import Base

Row = dict[str, Any]
MOST_TOGETHER = 64
"""Rows of one statement. More of them gain nothing, and every size is a statement that the driver keeps."""
MOST_PARAMETERS = 30_000
"""Of one statement, for both databases."""


class _Field(NamedTuple):
    """A parameter of the statement. `given`: the rows have it; else `default` stands there."""

    name: str
    prepare: Callable[[Any], Any] | None
    given: bool
    default: Any

    def column(self, rows: Sequence[Row]) -> list[Any]:
        """Its values as the driver takes them."""
        name, prepare = self.name, self.prepare
        if not self.given:
            return [prepare(self.default) if prepare else self.default] * len(rows)
        return [row[name] for row in rows] if prepare is None else [prepare(row[name]) for row in rows]


class _Plan(NamedTuple):
    sql: str
    fields: tuple[_Field, ...]
    positional: bool

    def values(self, rows: Sequence[Row]) -> Iterator[tuple[Any, ...]]:
        """The rows, each as the driver takes its values, in the order of the fields."""
        return zip(*(field.column(rows) for field in self.fields), strict=True)

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Insert rows. On SQLite several at a time: the driver gives way to other threads after each step of a
        statement, and to get the turn back from an event loop at work costs five times what a row does.
        """
        if not self.positional:
            names = [field.name for field in self.fields]
            told = [dict(zip(names, row, strict=True)) for row in self.values(rows)]
            connection.exec_driver_sql(self.sql, told)
            return
        values, mark = [*self.values(rows)], f"({', '.join('?' * len(self.fields))})"
        for start, count in _lumps(len(values), MOST_PARAMETERS // len(self.fields)):
            sql = self.sql if count == 1 else self.sql.replace(mark, ", ".join([mark] * count), 1)
            connection.exec_driver_sql(sql, tuple(chain.from_iterable(values[start : start + count])))


def _lumps(rows: int, most: int) -> Iterator[tuple[int, int]]:
    """(first, how many) of rows that go together: powers of two, so that few statements are ever seen."""
    start = 0
    while start < rows:
        count = 1 << (min(rows - start, most, MOST_TOGETHER).bit_length() - 1)
        yield start, count
        start += count


_plans: "WeakKeyDictionary[Dialect, dict[tuple[str, bool, tuple[str, ...]], _Plan]]" = WeakKeyDictionary()


def insert_rows(session: Session, table: type[Base], rows: Sequence[Row], *, missing: bool = False) -> None:
    """Insert rows in their order, with one statement where all give the same columns; with `missing` only those whose
    unique keys are not taken.
    """
    dialect = session.get_bind().dialect
    plans = _plans.setdefault(dialect, {})
    for names, alike in groupby(rows, tuple):
        key = (table.__tablename__, missing, names)
        plan = plans.get(key)
        if plan is None:
            plan = plans[key] = _plan(dialect, *key)
        plan.run(session.connection(), [*alike])


def _plan(dialect: Dialect, name: str, missing: bool, names: Sequence[str]) -> _Plan:  # noqa: FBT001  (of the key)
    """`exec_driver_sql` prepares nothing: each value goes through its column's type here."""
    table = Base.metadata.tables[name]
    columns = {**dict.fromkeys(_defaults(table), False), **dict.fromkeys(names, True)}
    statement = conflict_insert(dialect, table).on_conflict_do_nothing() if missing else insert(table)
    compiled = statement.compile(dialect=dialect, column_keys=list(columns))
    order = (compiled.positiontup or ()) if compiled.positional else columns
    fields = [_field(dialect, table, column, given=columns[column]) for column in order]
    return _Plan(str(compiled), tuple(fields), bool(compiled.positional))


def _defaults(table: Table) -> list[str]:
    """Columns that have a value when none is given. What tells the rows of an ORM's INSERT apart is not needed here."""
    found = [column for column in table.columns if column.default is not None and not column.default.is_sentinel]
    if any(not column.default.is_scalar for column in found if column.default is not None):
        raise NotImplementedError(f"{table.name}: a default that is not a value")
    return [column.name for column in found]


def _field(dialect: Dialect, table: Table, name: str, *, given: bool) -> _Field:
    column: Any = table.columns[name]
    prepare = column.type.dialect_impl(dialect).bind_processor(dialect)
    return _Field(name, prepare, given, None if given else column.default.arg)


def conflict_insert(dialect: Dialect, table: Any) -> Any:
    """An INSERT that can be told what to do where a unique key is taken."""
    if dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as of_dialect  # noqa: PLC0415  (its drivers slow a start)
    else:
        from sqlalchemy.dialects.sqlite import insert as of_dialect  # type: ignore[assignment]  # noqa: PLC0415
    return of_dialect(table)
