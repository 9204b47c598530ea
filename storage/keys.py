"""Changing the key of a database: every sealed value is sealed anew with the newest key, and its keyed hashes with it.

A row's sealed values and hashes are rewritten in one statement, so that a rotation may stop anywhere and be started
again.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary, Table, func, or_, select, type_coerce, update
from sqlalchemy.orm import Session

from storage.crypto import Keyring
from storage.schema import METADATA
from storage.types import SealedBytes, SealedJSON, SealedText

CHUNK = 500
HASHES = {
    "returnees": {"name_hash": "name", "phone_hash": "phone", "tail_hash": "tail"},
    "form_entries": {
        "identity_hash": "identity",
        "above_hash": "above",
        "person_hash": "person",
        "phone_hash": "phone",
    },
    "health_reports": {"person_hash": "person"},
    "gate_entries": {"plate_hash": "plate"},
    "passes": {"holder_hash": "holder", "plate_hash": "plate", "tail_hash": "tail", "household_hash": "household"},
    "departures": {"name_hash": "name", "phone_hash": "phone", "tail_hash": "tail"},
    "people": {"phone_hash": "phone"},
}
"""Table → column of a keyed hash → the sealed column that it is made from."""


def rotate(
    session: Session, ring: Keyring, progress: Callable[[str, int], None] = lambda _table, _rows: None
) -> dict[str, int]:
    """Rewrite what is not sealed with the newest key of `ring`. Returns the number of rows rewritten by table.

    `session` is the caller's own, outside a transaction: each chunk is committed. Rows that are current cost one look,
    so a second call finds nothing to do. `progress` is told the table and the rows done after each chunk. Raises
    `SealError` where a value's key is not in the ring; what was rewritten until then stays.
    """
    counts: dict[str, int] = {}
    for table in METADATA.sorted_tables:
        if not sealed_columns(table):
            continue
        counts[table.name] = 0
        while done := _rotate_some(session, ring, table):
            session.commit()
            counts[table.name] += done
            progress(table.name, counts[table.name])
        session.rollback()
    return counts


def sealed_columns(table: Table) -> dict[str, str]:
    """Sealed column → the context of its seal."""
    return {
        column.name: column.type.context
        for column in table.columns
        if isinstance(column.type, SealedText | SealedBytes | SealedJSON)
    }


def _rotate_some(session: Session, ring: Keyring, table: Table) -> int:
    sealed = sealed_columns(table)
    raw = {name: type_coerce(table.c[name], LargeBinary) for name in sealed}
    stale = or_(*(func.substr(column, 1, len(ring.head), type_=LargeBinary) != ring.head for column in raw.values()))
    keys = list(table.primary_key.columns)
    columns = [*keys, *(column.label(name) for name, column in raw.items())]
    query = select(*columns).where(stale).order_by(*keys).limit(CHUNK).with_for_update()
    rows = session.execute(query).mappings().all()
    for row in rows:
        values = _renewed(ring, table.name, sealed, {name: row[name] for name in sealed})
        session.execute(update(table).where(*(key == row[key.name] for key in keys)).values(values))
    return len(rows)


def _renewed(ring: Keyring, table: str, sealed: dict[str, str], old: dict[str, bytes | None]) -> dict[str, Any]:
    plain = {
        name: None if value is None else ring.open(bytes(value), sealed[name].encode()) for name, value in old.items()
    }
    values: dict[str, Any] = {
        name: type_coerce(None if value is None else ring.seal(value, sealed[name].encode()), LargeBinary)
        for name, value in plain.items()
    }
    for column, source in HASHES.get(table, {}).items():
        value = plain[source]
        values[column] = None if value is None else ring.hash(value.decode())
    return values
