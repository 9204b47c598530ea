"""接龙 chains: the newest known state of each."""

from collections.abc import Iterable

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.tables import Chain


class Chains(Facts[tuple[str, str], Chain]):
    """Chains by (chat, identity)."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.turns: dict[str, object] = {}
        """Message key → what its list was found to say, for all the handlers of that message."""

    def fetch(self, keys: list[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], Chain]]:
        query = select(Chain).where(tuple_(Chain.chat, Chain.identity).in_(keys))
        return [((row.chat, row.identity), row) for row in self.session.scalars(query)]

    def get(self, chat: str, identity: str) -> Chain | None:
        """One chain, if it is known."""
        return next(iter(self.of((chat, identity))), None)
