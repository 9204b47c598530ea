"""Rows that may be there already: the unique key decides, on both databases, and the transaction goes on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from storage.tables import Base


def insert_new(session: Session, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert one row unless a unique key of its table is taken; False then."""
    statement = _statement(session, table).values(**row).on_conflict_do_nothing()
    return session.execute(statement.returning(*table.__table__.primary_key)).first() is not None


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of `rows` whose unique keys are not taken."""
    if rows:
        session.execute(_statement(session, table).on_conflict_do_nothing(), list(rows))


def _statement(session: Session, table: type[Base]) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  (its drivers take a tenth of a start)
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # noqa: PLC0415
    return insert(table)
