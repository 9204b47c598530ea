"""What the bot asked and still waits for: one question per person and chat."""

from collections.abc import Iterable

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from storage.tables import PendingQuestion


def load(session: Session, pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], PendingQuestion]:
    """Open questions of (chat, sender) pairs."""
    query = select(PendingQuestion).where(tuple_(PendingQuestion.chat, PendingQuestion.sender).in_(list(pairs)))
    return {(row.chat, row.sender): row for row in session.scalars(query)}


def forget(session: Session, chat: str, sender: str) -> None:
    """The question was answered, or is no longer worth an answer."""
    session.execute(delete(PendingQuestion).where(PendingQuestion.chat == chat, PendingQuestion.sender == sender))
