"""One batch of messages as one unit of work: rows are written in bulk at the end, numbers are given out once."""

from collections import defaultdict
from functools import cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage import daily
from storage.bulk import insert_rows
from storage.tables import Base, Sequence

PLAIN = frozenset({"accounts", "case_pairs", "chats", "duties", "returnees", "said_once"})
"""Tables of which a batch makes many objects, and whose rows no other table points to."""


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
        """Add one row to be written at the end of the batch."""
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

    def finish(self) -> None:
        """As `flush`, at the end: nobody asks the new objects for their numbers any more, so the plain ones of them are
        written as rows, which costs a third.
        """
        for one in self.session.new:
            if one.__tablename__ in PLAIN:
                self.session.expunge(one)
                self._rows[type(one)].append(_values(one))
        self.flush()

    def flush(self) -> None:
        """Write everything, and which daily aggregates it changed. The caller commits."""
        self.session.flush()
        for table, rows in self._rows.items():
            insert_rows(self.session, table, rows)
            for row in rows if table.__tablename__ in daily.DAYS else ():
                self._touched.row(table.__tablename__, row)
        self._rows.clear()
        daily.mark(self.session, self._touched.take())


def _values(one: Base) -> dict[str, Any]:
    """A new object as a row: all its columns but its number, which the database gives. None is what nobody said, as it
    is to the ORM.
    """
    known = vars(one)
    found = ((name, known.get(name), default) for name, default in _columns(type(one)))
    return {name: default if said is None else said for name, said, default in found}


@cache
def _columns(table: type[Base]) -> list[tuple[str, Any]]:
    """(name, value where none was given) of what an object says itself."""
    columns: Any = Base.metadata.tables[table.__tablename__].columns
    said = (column for column in columns if column.name not in {"id", "_sentinel"})
    return [(column.name, column.default.arg if column.default is not None else None) for column in said]
