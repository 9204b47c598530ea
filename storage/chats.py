"""Chats with their units, and accounts with their display names."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import Account, Chat


def load_chats(session: Session, chats: Iterable[str]) -> dict[str, Chat]:
    """The known ones of `chats`, by id."""
    return {row.chat: row for row in session.scalars(select(Chat).where(Chat.chat.in_(list(chats))))}


def load_accounts(session: Session, users: Iterable[str]) -> dict[str, Account]:
    """The known ones of `users`, by user id."""
    return {row.user_id: row for row in session.scalars(select(Account).where(Account.user_id.in_(list(users))))}


def names(session: Session) -> dict[str, str]:
    """Display names of all accounts that have one."""
    return {
        user: name
        for user, name in session.execute(select(Account.user_id, Account.name).where(Account.name != "")).all()
    }


def bind(session: Session, chat: str, channel: str, chat_type: str, unit: str, by: str, now: datetime) -> None:
    """Bind a chat to a unit."""
    row = session.get(Chat, chat)
    if row is None:
        row = Chat(chat=chat, channel=channel, chat_type=chat_type, seen_at=now)
        session.add(row)
    row.unit, row.bound_by = unit, by


def learn(session: Session, known: Mapping[str, str], source: str, now: datetime) -> None:
    """Note display names. What a person said of themselves is not overwritten by a directory."""
    rows = load_accounts(session, known)
    for user, name in known.items():
        row = rows.get(user)
        if row is None:
            session.add(Account(user_id=user, name=name, source=source, seen_at=now))
        elif row.source != "self" or source == "self":
            row.name, row.source = name, source
