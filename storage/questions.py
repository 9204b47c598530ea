"""What the bot asked and still waits for: one question per person and chat."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, tuple_

from storage.facts import Facts
from storage.probe import Probe
from storage.tables import PendingQuestion

Asked = tuple[str, str]
"""(chat, sender)."""


class Asking(Protocol):
    """What is asked: the kind of record, the missing field, what was understood."""

    @property
    def kind(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def understood(self) -> Mapping[str, Any]: ...


class Questions(Facts[Asked, PendingQuestion]):
    """Open questions by chat and person."""

    PROBE = Probe[Asked]("EXISTS (SELECT 1 FROM questions WHERE chat = {0} AND sender = {1})")

    def fetch(self, keys: list[Asked]) -> Iterable[tuple[Asked, PendingQuestion]]:
        query = select(PendingQuestion).where(tuple_(PendingQuestion.chat, PendingQuestion.sender).in_(keys))
        return [((row.chat, row.sender), row) for row in self.session.scalars(query)]

    def get(self, key: Asked) -> PendingQuestion | None:
        """The open question, if there is one."""
        return next(iter(self.of(key)), None)

    def ask(self, key: Asked, question: Asking, text: str, ref: str, now: datetime) -> None:
        """Remember a question about `text`, or about the record `ref` that was kept; it replaces an older one."""
        row = self.get(key)
        if row is None:
            row = PendingQuestion(chat=key[0], sender=key[1])
            self.add(key, row)
        row.kind, row.field, row.understood = question.kind, question.field, dict(question.understood)
        row.text, row.ref, row.asked_at = text, ref, now

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
