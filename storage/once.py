"""What is said to somebody only once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from storage.facts import Facts
from storage.fresh import fresh
from storage.probe import Probe
from storage.tables_cases import Once


class Said(Facts[str, Once]):
    """What has been said, by key: the key tells what and to whom."""

    PROBE = Probe[str]('EXISTS (SELECT 1 FROM said_once WHERE "key" = {})')

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Once]]:
        return [(row.key, row) for row in self.session.scalars(select(Once).where(Once.key.in_(keys)))]

    def first_time(self, key: str, now: datetime) -> bool:
        """Whether it is being said for the first time; from now on it is not."""
        if self.of(key):
            return False
        self.add(key, fresh(Once, key=key, at=now))
        return True
