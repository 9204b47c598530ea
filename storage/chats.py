"""Chats with their units, and accounts with their display names."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.fresh import fresh
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
    """Accounts by user id, with name and source: to be looked at. What changes goes through `rename`."""

    PROBE = Probe[str]("EXISTS (SELECT 1 FROM accounts WHERE user_id = {})")

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Account]]:
        for row in self.session.execute(_ACCOUNTS, {"users": keys}):
            yield row.user_id, fresh(Account, user_id=row.user_id, name=row.name, source=row.source)

    def get(self, user: str) -> Account | None:
        """One account, if the bot has met it."""
        return next(iter(self.of(user)), None)

    def rename(self, user: str, name: str, source: str) -> None:
        """An account that the bot has met goes by another name."""
        account = self.of(user)[0]
        if account not in self.session:
            account = self.session.get_one(Account, user)
            self._found[user] = [account]
        account.name, account.source = name, source


_ACCOUNTS = select(Account.user_id, Account.name, Account.source).where(
    Account.user_id.in_(bindparam("users", expanding=True))
)
_CHATS = select(Chat).where(Chat.chat.in_(bindparam("chats", expanding=True)))


def load_chats(session: Session, chats: Iterable[str]) -> dict[str, Chat]:
    """The known ones of `chats`, by id."""
    return {row.chat: row for row in session.scalars(_CHATS, {"chats": list(chats)})}


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
