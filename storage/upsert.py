"""Rows that may be there already: the unique key decides, on both databases, and the transaction goes on."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from storage.bulk import conflict_insert, insert_rows
from storage.tables import Base


def insert_new(session: Session, table: type[Base], row: Mapping[str, Any]) -> bool:
    """Insert one row unless a unique key of its table is taken; False then."""
    statement = conflict_insert(session.get_bind().dialect, table).values(**row).on_conflict_do_nothing()
    return session.execute(statement.returning(*table.__table__.primary_key)).first() is not None


def insert_missing(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those of `rows` whose unique keys are not taken."""
    insert_rows(session, table, [dict(row) for row in rows], missing=True)
