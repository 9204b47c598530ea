"""Many rows of one table at once. What SQLAlchemy works out anew for each call and each row (the statement, its
parameters' names and order, their types) is worked out once per table here: rows are most of what a batch writes.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from storage.tables import Base

Row = dict[str, Any]


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

    def parameters(self, rows: Sequence[Row]) -> list[Any]:
        """The rows as the driver takes them."""
        values = zip(*(field.column(rows) for field in self.fields), strict=True)
        if self.positional:
            return list(values)
        names = [field.name for field in self.fields]
        return [dict(zip(names, row, strict=True)) for row in values]


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
        session.connection().exec_driver_sql(plan.sql, plan.parameters([*alike]))


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
