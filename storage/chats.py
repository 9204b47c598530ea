"""Chats with their units, and accounts with their display names."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.probe import Probe
from storage.tables import Account, Chat
from storage.upsert import insert_new


class Chats(Facts[str, Chat]):
    """Chats by id."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Chat]]:
        return load_chats(self.session, keys).items()

    def get(self, chat: str) -> Chat | None:
        """One chat, if the bot has met it."""
        return next(iter(self.of(chat)), None)


class Accounts(Facts[str, Account]):
    """Accounts by user id."""

    PROBE = Probe[str]("EXISTS (SELECT 1 FROM accounts WHERE user_id = {})")

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Account]]:
        return load_accounts(self.session, keys).items()

    def get(self, user: str) -> Account | None:
        """One account, if the bot has met it."""
        return next(iter(self.of(user)), None)


def load_chats(session: Session, chats: Iterable[str]) -> dict[str, Chat]:
    """The known ones of `chats`, by id."""
    return {row.chat: row for row in session.scalars(select(Chat).where(Chat.chat.in_(list(chats))))}


def load_accounts(session: Session, users: Iterable[str]) -> dict[str, Account]:
    """The known ones of `users`, by user id."""
    return {row.user_id: row for row in session.scalars(select(Account).where(Account.user_id.in_(list(users))))}


def names(session: Session) -> dict[str, str]:
    """Display names of all accounts that have one."""
    found = session.execute(select(Account.user_id, Account.name))
    return {row.user_id: row.name for row in found if row.name}


def learn(session: Session, known: Mapping[str, str], source: str, now: datetime) -> None:
    """Note display names. What a person said of themselves is not overwritten by a directory."""
    rows = load_accounts(session, known)
    for user, name in known.items():
        row = rows.get(user)
        if row is None:
            insert_new(session, Account, {"user_id": user, "name": name, "source": source, "seen_at": now})
        elif row.source != "self" or source == "self":
            row.name, row.source = name, source


def bound(session: Session) -> dict[str, str]:
    """Unit by chat, of the groups that were bound in the chat."""
    found = session.execute(select(Chat.chat, Chat.unit).where(Chat.unit != "", Chat.chat_type == "group"))
    return {row.chat: row.unit for row in found}
