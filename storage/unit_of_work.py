"""One batch of messages as one unit of work: rows are written in bulk at the end, numbers are given out once."""

from collections import defaultdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import daily
from storage.bulk import insert_rows
from storage.tables import Base, Sequence


class UnitOfWork:
    """What a batch is going to write: objects that change later through `session.add`, rows that do not through
    `insert`.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self._rows: dict[type[Base], list[dict[str, Any]]] = defaultdict(list)
        self._sequences: dict[str, Sequence] | None = None
        self._touched = daily.Touched(session)

    def insert(self, table: type[Base], **values: Any) -> None:
        """Add one row to be written at the end of the batch. Every row of a table gives the same columns."""
        self._rows[table].append(values)

    def next_ref(self, prefix: str) -> str:
        """The next reference of a kind: C1, C2, …; given back with everything else when the batch is rolled back."""
        if self._sequences is None:
            self._sequences = self._lock_sequences()
        row = self._sequences.get(prefix)
        if row is None:
            row = self._sequences[prefix] = Sequence(prefix=prefix, last=0)
            self.session.add(row)
        row.last += 1
        return f"{prefix}{row.last}"

    def _lock_sequences(self) -> dict[str, Sequence]:
        # All at once and in one order, so that two instances can wait for each other, never in a ring.
        query = select(Sequence).order_by(Sequence.prefix).with_for_update()
        return {row.prefix: row for row in self.session.scalars(query)}

    def flush(self) -> None:
        """Write everything, and which daily aggregates it changed. The caller commits."""
        self.session.flush()
        for table, rows in self._rows.items():
            insert_rows(self.session, table, rows)
            for row in rows if table.__tablename__ in daily.DAYS else ():
                self._touched.row(table.__tablename__, row)
        self._rows.clear()
        daily.mark(self.session, self._touched.take())
