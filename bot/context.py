"""What a handler is given, and the shapes that the engine needs of a reading. The engine knows no volunteers: it
moves these along.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from bot.channels.base import Incoming
from storage.facts import Facts
from storage.unit_of_work import UnitOfWork

F = TypeVar("F", bound=Facts[Any, Any])


class Reading(Protocol):
    """What the interpreter made of a message."""

    @property
    def records(self) -> Sequence[Any]: ...

    @property
    def command(self) -> Mapping[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that a handler wants sent besides its answer: an alert to a person, a line to another group."""

    chat: str
    content: str
    purpose: str = "alert"
    chat_type: str = "single"
    form: str = "markdown"
    media: bytes = b""
    file_name: str = ""
    delay: timedelta = timedelta(0)
    """So much later it may go at the earliest."""


class FactBook:
    """The facts of one batch, one store per aggregate."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._stores: dict[type[Any], Any] = {}
        self.marks: set[Hashable] = set()
        """What a handler changed that later messages of the batch must be read anew for; the interpreter knows their
        meaning.
        """

    def get(self, store: type[F]) -> F:
        """The batch's store of this kind, made when first asked for."""
        if store not in self._stores:
            self._stores[store] = store(self._uow.session)
        return self._stores[store]  # type: ignore[no-any-return]


@dataclass(slots=True)
class Context:
    """One message, what it means, and what a handler may use to act on it. Handlers never send, wait or commit."""

    incoming: Incoming
    reading: Any
    now: datetime
    name: str
    """Display name of the writer."""
    unit: str
    """Unit that the chat is bound to; empty where it is not."""
    uow: UnitOfWork
    book: FactBook
    services: Mapping[str, Any] = field(default_factory=dict)
    """What the composition root gives to handlers: settings and read-only helpers."""
    notices: list[Notice] = field(default_factory=list)
    kept: list[tuple[str, str]] = field(default_factory=list)
    """(kind, reference) of the records that this message made, in order."""

    @property
    def zone(self) -> ZoneInfo:
        return self.now.tzinfo  # type: ignore[return-value]  # the clock's times carry a ZoneInfo

    @property
    def today(self) -> date:
        """The local day on which the message was received."""
        return self.now.date()

    def facts(self, store: type[F]) -> F:
        """A store of facts."""
        return self.book.get(store)
