"""The values that go in and out of the language, and the span that every reader returns."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from handlers.language.form_spec import Entry
from handlers.language.light import light

if TYPE_CHECKING:
    from handlers.language.form_book import FormBook

T = TypeVar("T")
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What is read: a text and what is known about its writing."""

    text: str
    sent_at: datetime
    """Aware; the reference of relative times."""
    sender: str
    """Display name of the writer."""
    place: str | None = None
    """Unit that the chat is bound to, from the district down, joined by `/`."""
    chat_type: Literal["group", "single"] = "group"
    bot_names: tuple[str, ...] = ("小站",)
    roster: frozenset[str] = frozenset()
    """Names known to be people of this chat: the strongest evidence for a name."""
    quote: str = ""
    """Text that the message quotes, where the transport delivers it apart."""
    forms: "FormBook | None" = dataclasses.field(default=None, compare=False, repr=False)
    """The forms that the message is held against; None: those that come with the program."""


@light
class Span(Generic[T]):
    """A stretch `text[start:end]` of a normalised text and what it was read as."""

    start: int
    end: int
    value: T


@dataclass(slots=True)
class Record:
    """One record of the parse contract. `fields` holds its keys but `kind`, in the contract's form."""

    kind: str
    fields: Fields = dataclasses.field(default_factory=dict)
    confidence: float = 1.0
    """0…1; below the threshold of `read` a record is not returned but asked about."""
    sources: dict[str, tuple[int, int]] = dataclasses.field(default_factory=dict)
    """Field name → the stretch of the normalised text that made it."""
    problems: tuple[str, ...] = ()
    """Machine words for what looked wrong but did not stop the record: `id_checksum`, `id_county`, …"""
    entries: tuple[Entry, ...] = ()
    """What the record says under forms (`handlers.language.form_spec`), one for each building, enterprise or row.
    Hardly ever of several forms: each names its own.
    """
    parts: Mapping[int, int] = dataclasses.field(default_factory=dict)
    """Of the counts of a `work` record: number of a part → number of its whole, both counted from 0."""

    @property
    def form(self) -> str:
        """Name of the form that the record is of (of the first, where there are several), or nothing."""
        return self.entries[0].form if self.entries else ""

    def as_json(self) -> Fields:
        return {"kind": self.kind, **self.fields}


@dataclass(frozen=True, slots=True)
class Question:
    """The one thing that a message addressed to the bot did not say: what kind of record, which field, what was
    understood.
    """

    kind: str
    field: str
    understood: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@light
class Reading:
    """What a message means."""

    records: tuple[Record, ...] = ()
    command: Mapping[str, Any] | None = None
    """`{"name": …, "period"?: …, "unit"?: …}` of the contract."""
    addressed: bool = False
    """Whether the writer spoke to the bot: an @-mention of it, a single chat, or a command with a slash."""
    question: Question | None = None
    text: str = ""
    """The normalised text that spans refer to."""
    notes: tuple[str, ...] = ()
    """For `--explain`: what was rejected and why."""
    unread: int = 0
    """Characters at the end of the text that were too many to be read."""
