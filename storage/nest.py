"""Places that are asked for together: one statement reads the rows of all of them, a table says whose each row is."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlalchemy.orm import Session

from storage.daily_count import NO_UNIT, parent_of

AFTER_SLASH = "0"
"""The character after the slash: whatever lies below a path comes before the path with it."""


class Nest:
    """Some places of the tree, in any number, and chats (`@` + chat) among them."""

    def __init__(self, places: Collection[str]) -> None:
        self.places = frozenset(places)
        self._above: dict[str, tuple[str, ...]] = {}
        self._units = [place for place in self.places if not place.startswith(NO_UNIT)]
        self._chats = [place.removeprefix(NO_UNIT) for place in self.places if place.startswith(NO_UNIT)]

    def above(self, place: str) -> tuple[str, ...]:
        """Those of the places that are `place` or lie above it."""
        found = self._above.get(place)
        if found is None:
            parent = parent_of(place)
            rest = () if parent is None else self.above(parent)
            found = self._above[place] = (place, *rest) if place in self.places else rest
        return found

    def of(self, unit: str, chat: str) -> tuple[str, ...]:
        """The places to which a row with `unit` and `chat` belongs."""
        found = self.above(unit)
        here = NO_UNIT + chat
        return (*found, here) if here in self.places else found

    def rows(self, session: Session, unit: Any, chat: Any = None) -> ColumnElement[bool]:
        """SQL: all rows that belong to any of the places; a few others may be among them. `chat`: the column, where
        rows of chats without a unit are asked for, too.
        """
        if "" in self.places:
            return true()
        by_chat = chat.in_(self._chats) if self._chats and chat is not None else false()
        return or_(by_chat, self._between(session, unit)) if self._units else by_chat

    def paths(self, session: Session, place: Any) -> ColumnElement[bool]:
        """The same for rows that name their place in one column, be it a unit or a chat."""
        if "" in self.places:
            return true()
        by_chat = place.in_([NO_UNIT + chat for chat in self._chats]) if self._chats else false()
        return or_(by_chat, self._between(session, place)) if self._units else by_chat

    def _between(self, session: Session, unit: Any) -> ColumnElement[bool]:
        """The stretch of the books in which the units and everything below them lie, by the bytes of their paths."""
        by_bytes = unit if session.get_bind().dialect.name == "sqlite" else unit.collate("C")
        return and_(by_bytes >= min(self._units), by_bytes < max(path + AFTER_SLASH for path in self._units))
