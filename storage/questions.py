"""What the bot asked and still waits for: one question per person and chat."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_

from storage.facts import Facts
from storage.tables import PendingQuestion

Asked = tuple[str, str]
"""(chat, sender)."""


class Questions(Facts[Asked, PendingQuestion]):
    """Open questions by chat and person."""

    def fetch(self, keys: list[Asked]) -> Iterable[tuple[Asked, PendingQuestion]]:
        query = select(PendingQuestion).where(tuple_(PendingQuestion.chat, PendingQuestion.sender).in_(keys))
        return [((row.chat, row.sender), row) for row in self.session.scalars(query)]

    def get(self, key: Asked) -> PendingQuestion | None:
        """The open question, if there is one."""
        return next(iter(self.of(key)), None)

    def ask(self, key: Asked, kind: str, field: str, understood: Mapping[str, Any], now: datetime) -> None:
        """Remember a question; it replaces an older one."""
        row = self.get(key)
        if row is None:
            row = PendingQuestion(chat=key[0], sender=key[1])
            self.add(key, row)
        row.kind, row.field, row.understood, row.asked_at = kind, field, dict(understood), now

    def settle(self, key: Asked) -> None:
        """The question was answered."""
        row = self.get(key)
        if row is None:
            return
        self.of(key).clear()
        if row in self.session.new:
            self.session.expunge(row)
        else:
            self.session.delete(row)
