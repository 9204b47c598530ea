"""One text with everything in it that stands on its own – identifiers, times, numbers – found once, each
stretch claimed by one reader.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from handlers.language import identifiers
from handlers.language.expressions import expression
from handlers.language.forms import Field, find_fields
from handlers.language.identifiers import IdNumber, Trip
from handlers.language.light import light
from handlers.language.numbers import Quantity, find_numbers
from handlers.language.times import TimeExpr, TimeRange, find_times
from handlers.language.triggers import Trigger, find_duty
from handlers.language.types import Message, Record, Span

S = TypeVar("S")
T = TypeVar("T")
_DIGITS = frozenset("0123456789")
CLAIMED = "\x00"
"""Stands in a working copy where a reader has taken something; no text contains it after normalisation."""


class lazy(Generic[S, T]):  # noqa: N801 - used like `property`
    """An attribute that is computed at first use. Like `cached_property`, without the lock that it takes up to 3.11:
    a scan belongs to one thread.
    """

    def __init__(self, compute: Callable[[S], T]) -> None:
        self.compute, self.name = compute, compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, instance: S, owner: type[S] | None = None) -> T:
        value: T = self.compute(instance)
        instance.__dict__[self.name] = value
        return value


class Scan:
    """A normalised text, its message, and the spans of its parts. Everything is found at first use and only once."""

    def __init__(self, text: str, message: Message, *, addressed: bool = False) -> None:
        self.text = text
        self.message = message
        self.addressed = addressed
        self.known = message.roster | {message.sender}
        self.notes: list[str] = []
        self.doubtful: list[Record] = []
        """What was read and is not sure enough."""
        self.sorted_chunks: dict[tuple[str, bool], Any] = {}
        """What `chunks` made of a stretch of words: the same words mean the same in all of one message."""
        self._triggers: dict[tuple[int, int], Sequence[Trigger]] = {}
        self._fields: dict[tuple[int, int], tuple[Field, ...]] = {}

    @lazy
    def characters(self) -> frozenset[str]:
        """All that stand in the text: what needs others of them cannot match."""
        return frozenset(self.text)

    @lazy
    def ids(self) -> list[Span[IdNumber]]:
        return identifiers.find_id_numbers(self.text) if self.has_digits else []

    @lazy
    def has_digits(self) -> bool:
        return not _DIGITS.isdisjoint(self.characters)

    @lazy
    def phones(self) -> list[Span[str]]:
        return identifiers.find_phones(hide(self.text, self.ids))

    @lazy
    def tails(self) -> list[Span[str]]:
        return identifiers.find_phone_tails(self.text)

    @lazy
    def refs(self) -> list[Span[str]]:
        return identifiers.find_refs(self.text) if self.has_digits else []

    @lazy
    def trips(self) -> list[Span[Trip]]:
        return identifiers.find_trips(self._without_codes) if self.has_digits else []

    @lazy
    def temperatures(self) -> list[Span[float]]:
        return identifiers.find_temperatures(hide(self._without_codes, self.trips))

    @lazy
    def _without_codes(self) -> str:
        return hide(self.text, [*self.ids, *self.phones, *self.tails]) if self.has_digits else self.text

    @lazy
    def plain(self) -> str:
        """The text without identifiers and temperatures."""
        return hide(self._without_codes, [*self.trips, *self.temperatures])

    @lazy
    def times(self) -> list[Span[TimeExpr | TimeRange]]:
        return find_times(self.plain, self.message.sent_at)

    @lazy
    def numbers(self) -> list[Span[Quantity]]:
        return find_numbers(hide(self.plain, self.times))

    @lazy
    def known_here(self) -> list[str]:
        """Those of the known names that may stand in the text, spelled or not."""
        spaceless = self.text.replace(" ", "")
        return [name for name in self.known if name in spaceless or name in self.text]

    def triggers(self, start: int = 0, end: int | None = None) -> Sequence[Trigger]:
        """The words of coming and going in `text[start:end]`."""
        stretch = (start, len(self.text) if end is None else end)
        if (found := self._triggers.get(stretch)) is None:
            found = self._triggers[stretch] = find_duty(self.text, *stretch)
        return found

    def fields(self, start: int = 0, end: int | None = None) -> tuple[Field, ...]:
        """The labelled values in `text[start:end]`."""
        stretch = (start, len(self.text) if end is None else end)
        if (found := self._fields.get(stretch)) is None:
            found = self._fields[stretch] = find_fields(self.text, *stretch)
        return found

    def note(self, words: str) -> None:
        """Remember for `--explain` what was rejected and why."""
        self.notes.append(words)


class Stretch(Protocol):
    """Whatever has a beginning and an end in a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def hide(text: str, spans: Sequence[Stretch]) -> str:
    """`text` with the spans blanked out, of the same length."""
    return _blanked(text, sorted([(span.start, span.end) for span in spans])) if spans else text


def _blanked(text: str, stretches: Sequence[tuple[int, int]]) -> str:
    """`text` with the stretches blanked out, which are in order and may overlap."""
    if len(stretches) == 1:
        start, end = stretches[0]
        return text[:start] + CLAIMED * (end - start) + text[end:]
    pieces: list[str] = []
    at = 0
    for begin, end in stretches:
        if end > at:
            start = max(begin, at)
            pieces += (text[at:start], CLAIMED * (end - start))
            at = end
    return "".join(pieces) + text[at:]


def within(spans: list[Span[T]], start: int, end: int) -> list[Span[T]]:
    """The spans that lie in `[start, end)`; `spans` are in order."""
    if len(spans) < _MANY:
        return [span for span in spans if start <= span.start < end and span.end <= end]
    found: list[Span[T]] = []
    for index in range(bisect_left(spans, start, key=_start), len(spans)):
        span = spans[index]
        if span.start >= end:
            break
        if span.end <= end:
            found.append(span)
    return found


_start = attrgetter("start")
_MANY = 16
"""From so many spans on, a search for the first one is quicker than a look at all."""


@light
class Chunk:
    """A stretch that no reader has claimed yet."""

    start: int
    end: int
    text: str
    bracketed: bool = False


_CHUNK = expression(r"([^ \n\t,;。、!?()\[\]【】:→|/~<>“”\"'=*#\x00]+)|([()\[\]【】])")


class Region:
    """The part `[start, end)` of a text from which readers take what they understand, until the rest speaks for itself.

    Positions are those of the whole text.
    """

    def __init__(self, scan: Scan, start: int = 0, end: int | None = None) -> None:
        self.scan = scan
        self.start = start
        self.end = len(scan.text) if end is None else end
        self._rest = scan.text[self.start : self.end]
        self._taken: list[tuple[int, int]] = []

    @property
    def rest(self) -> str:
        """What nobody has claimed, claimed stretches blanked out; its first character is at `start`."""
        if self._taken:
            self._settle()
        return self._rest

    @rest.setter
    def rest(self, text: str) -> None:
        self._taken.clear()
        self._rest = text

    @property
    def text(self) -> str:
        return self.scan.text[self.start : self.end]

    def claim(self, start: int, end: int) -> None:
        """Take `[start, end)`: nobody else sees it."""
        self._taken.append((start - self.start, end - self.start))

    def _settle(self) -> None:
        """Blank out at once what was claimed one by one: many claims on a long text are no more than one copy of it."""
        taken = self._taken
        self._rest = _blanked(self._rest, taken if len(taken) == 1 else sorted(taken))
        taken.clear()

    def claim_all(self, spans: Sequence[Stretch]) -> None:
        """Take every span."""
        if not spans:
            return
        base = self.start
        self._taken += [(span.start - base, span.end - base) for span in spans]

    def put(self, inner: "Region") -> None:
        """Take over what `inner`, a part of this region, has claimed."""
        at = inner.start - self.start
        self.rest = self.rest[:at] + inner.rest + self.rest[at + len(inner.rest) :]

    def free(self, start: int, end: int) -> bool:
        return CLAIMED not in self.rest[start - self.start : end - self.start]

    def inside(self, spans: list[Span[T]]) -> list[Span[T]]:
        """The spans in this region that are still free."""
        if not spans or not (found := within(spans, self.start, self.end)):
            return []
        base, rest = self.start, self.rest
        return [span for span in found if CLAIMED not in rest[span.start - base : span.end - base]]

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Claim the first match; positions of the match count from `start`."""
        if match := pattern.search(self.rest):
            self._taken.append(match.span())
        return match

    def take_all(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        found = list(pattern.finditer(self.rest))
        self._taken += [match.span() for match in found]
        return found

    def before(self, position: int, length: int = 8) -> str:
        """The characters right before `position`, claimed or not, in this region."""
        return self.scan.text[max(self.start, position - length) : position]

    def after(self, position: int, length: int = 8) -> str:
        return self.scan.text[position : min(self.end, position + length)]

    def chunks(self) -> list[Chunk]:
        """What is left, cut at separators and claimed stretches, in order."""
        found: list[Chunk] = []
        depth = 0
        base = self.start
        for match in _CHUNK.finditer(self.rest):
            text = match[0]
            if match.lastindex == 1:
                start, end = match.span()
                found.append(Chunk(start + base, end + base, text, depth > 0))
            elif text not in "【】":
                depth = max(0, depth + (1 if text in "([" else -1))
        return found


@dataclass(frozen=True)
class Context:
    """What a header, an earlier line or the chat says for the text that follows."""

    kind: str | None = None
    day: object = None
    """The date that times without one belong to."""
    post: str | None = None
    shift: str | None = None
    duty: str | None = None
    starts_at: str | None = None
    ends_at: str | None = None
    topic: str | None = None
    """The work that the header counts, or the action on goods that it asks for."""
    round_day: int | None = None
    entry: bool = False
    """The text is one line of a list: it begins with a name more often than not."""
    sender: str | None = None
    """Who is meant where nobody is named; None where nobody may be assumed."""

    def but(self, **changes: object) -> "Context":
        """The same with some fields changed."""
        other = Context.__new__(Context)
        other.__dict__.update(self.__dict__, **changes)
        return other


NO_CONTEXT = Context.__new__(Context)
"""Nothing is said: all of it are the defaults of the class, so that little has to be copied."""
