"""Steps: what people do to things that are in the books already, each allowed or refused with a sentence, and the way
back from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.context import Context

T = TypeVar("T")
TAKE_BACK = "take_back"
"""The event of a history that says that everything of the message before it was taken back."""


class Event(Protocol):
    """One line of a history."""

    action: Any
    message_key: Any


E = TypeVar("E", bound=Event)


def standing(events: Iterable[E]) -> list[E]:
    """A history without what was taken back, oldest first."""
    found: list[E] = []
    for event in events:
        if event.action != TAKE_BACK:
            found.append(event)
            continue
        gone = found[-1].message_key if found else ""
        while found and found[-1].message_key == gone:
            found.pop()
    return found


class Illegal(Exception):
    """A step that is not possible now. `sentence` says what is."""

    def __init__(self, sentence: str) -> None:
        super().__init__("illegal step")
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Taken:
    """Steps of one kind that one message took."""

    action: str
    refs: tuple[str, ...]
    """What they were about."""
    at: datetime
    message_key: str
    rows: Sequence[Any]
    """What they changed or made."""

    def of(self, table: type[T]) -> list[T]:
        """Those of `rows` that belong to a table."""
        return [row for row in self.rows if isinstance(row, table)]


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of step is taken back, beside putting back what it changed."""

    stands: Callable[[Context, Taken], str]
    """What stands afterwards, as the end of a sentence."""
    why_not: Callable[[Context, Taken], str] = lambda _ctx, _taken: ""
    """Why it cannot be taken back, beside that its rows have changed since; empty where it can."""
    back: Callable[[Context, Taken], None] = lambda _ctx, _taken: None
    """What else there is to do once the rows are what they were."""


Ways = Mapping[str, Way]
"""Action → the way back."""
