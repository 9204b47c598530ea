"""Which of many keys the database knows at all: what a batch asks for is mostly new.

On SQLite one short statement, always the same, answers for all keys of a batch at a tenth of what a query for objects
costs. On PostgreSQL every statement is a journey, so there the query that follows is asked at once.
"""

import json
from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

K = TypeVar("K", bound=Hashable)

NUL = "\\u0000"
"""As JSON writes it: SQLite reads a text only up to there, so that a key with one would be compared wrongly."""


class Probe(Generic[K]):
    """`condition` is SQL about one key: `{0}`, `{1}` … are its parts, `{}` a key that has none."""

    def __init__(self, condition: str) -> None:
        parts = [f"json_extract(k.value, '$[{number}]')" for number in range(8)]
        told = condition.replace("{}", "k.value")
        for number, part in enumerate(parts):
            told = told.replace(f"{{{number}}}", part)
        self._sql = f"SELECT k.key FROM json_each(?) AS k WHERE {told}"  # noqa: S608  (of our own modules)

    def known(self, session: Session, keys: Sequence[K]) -> list[K]:
        """Those of `keys` for which the condition may hold; the others are certain not to be known."""
        if session.get_bind().dialect.name != "sqlite":
            return list(keys)
        told = json.dumps(keys, default=str)
        if NUL in told:
            return list(keys)
        found = session.connection().exec_driver_sql(self._sql, (told,))
        return [keys[number] for (number,) in found]
