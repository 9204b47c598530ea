"""The ledger of records: what was said, by whom, when, and what became of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from storage.tables import Audit, RecordRow


@dataclass(frozen=True, slots=True)
class Scope:
    """Which records: a closed range of days, a unit with everything below it, a chat. None means all."""

    first: date | None = None
    last: date | None = None
    unit: str | None = None
    chat: str | None = None


def within(query: Select[Any], table: Any, scope: Scope) -> Select[Any]:
    """Narrow `query` over a table that has `day`, `unit` and `chat`."""
    if scope.first:
        query = query.where(table.day >= scope.first)
    if scope.last:
        query = query.where(table.day <= scope.last)
    if scope.unit:
        # Not LIKE: SQLite's ignores case and knows wildcards.
        below = scope.unit + "/"
        query = query.where(or_(table.unit == scope.unit, func.substr(table.unit, 1, len(below)) == below))
    if scope.chat:
        query = query.where(table.chat == scope.chat)
    return query


def listing(session: Session, kind: str, scope: Scope) -> Iterator[RecordRow]:
    """Active records of a kind, oldest first, streamed."""
    query = within(select(RecordRow).where(RecordRow.kind == kind, RecordRow.state == "active"), RecordRow, scope)
    yield from session.scalars(query.order_by(RecordRow.id).execution_options(yield_per=1000))


def by_refs(session: Session, refs: Sequence[str]) -> dict[str, RecordRow]:
    """Records by their references."""
    return {row.ref: row for row in session.scalars(select(RecordRow).where(RecordRow.ref.in_(refs)))}


def last_of(
    session: Session, sender: str, chat: str, kinds: Sequence[str] | None = None, before: date | None = None
) -> RecordRow | None:
    """The sender's newest active record in a chat."""
    query = select(RecordRow).where(RecordRow.sender == sender, RecordRow.chat == chat, RecordRow.state == "active")
    if kinds is not None:
        query = query.where(RecordRow.kind.in_(kinds))
    if before is not None:
        query = query.where(RecordRow.day < before)
    return session.scalar(query.order_by(RecordRow.id.desc()).limit(1))


def of_message(session: Session, message_key: str) -> Sequence[RecordRow]:
    """All records that one message made."""
    return session.scalars(select(RecordRow).where(RecordRow.message_key == message_key).order_by(RecordRow.id)).all()


def messages_of(session: Session, sender: str, chat: str, kinds: Sequence[str], limit: int) -> Sequence[str]:
    """Keys of the sender's newest messages in a chat that made records of some kinds, the newest first, those that were
    taken back among them.
    """
    mine = (RecordRow.sender == sender, RecordRow.chat == chat, RecordRow.kind.in_(kinds))
    query = select(RecordRow.message_key).where(*mine).group_by(RecordRow.message_key)
    return session.scalars(query.order_by(func.max(RecordRow.id).desc()).limit(limit)).all()


def messages_about(session: Session, ref: str, limit: int) -> list[str]:
    """Keys of the messages that last did anything about a reference, as the audit has it, the newest first."""
    query = select(Audit.message_key).where(Audit.ref == ref).order_by(Audit.id.desc()).limit(limit)
    return list(dict.fromkeys(session.scalars(query)))


def of_sender(session: Session, sender: str, since: datetime, limit: int) -> Sequence[RecordRow]:
    """A person's newest active records."""
    query = select(RecordRow).where(
        RecordRow.sender == sender, RecordRow.state == "active", RecordRow.reported_at >= since
    )
    return session.scalars(query.order_by(RecordRow.id.desc()).limit(limit)).all()
