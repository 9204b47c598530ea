"""One batch of messages as one unit of work: rows are collected and written in bulk at the end, numbers are given out once."""

from collections import defaultdict
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.tables import Base, Sequence


class UnitOfWork:
    """What a batch is going to write. Objects that change later are added to `session`; rows that do not, through `insert`."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._sequences: dict[str, Sequence] = {}

    def insert(self, table: type[Base], **values: Any) -> None:
        """Add one row to be written at the end of the batch. Every row of a table gives the same columns."""
        self._rows[table].append(values)

    def next_ref(self, prefix: str) -> str:
        """The next reference of a kind: C1, C2, …; given back with everything else when the batch is rolled back."""
        row = self._sequences.get(prefix) or self._sequence(prefix)
        row.last += 1
        return f"{prefix}{row.last}"

    def _sequence(self, prefix: str) -> Sequence:
        row = self.session.scalar(select(Sequence).where(Sequence.prefix == prefix).with_for_update())
        if row is None:
            row = Sequence(prefix=prefix, last=0)
            self.session.add(row)
        self._sequences[prefix] = row
        return row

    def flush(self) -> None:
        """Write everything. The caller commits."""
        self.session.flush()
        for table, rows in self._rows.items():
            self.session.execute(insert(table), rows)
        self._rows.clear()
