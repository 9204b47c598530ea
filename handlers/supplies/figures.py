"""The block of companies and supplies in a report: what was surveyed, asked for, came, was shared out and signed for in
the period, and how the list stands.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.supplies import covered
from handlers.supplies.needs import Goods
from handlers.supplies.rules import Rules, shipped
from handlers.supplies.standing import load
from storage import supplies
from storage.daily_count import NO_UNIT
from storage.daily_read import Figures
from storage.records import Scope

SURVEYS = "kind|enterprise"
ORDER = ("need", "received", "given", "signed")
"""The figures of a period, in the order of their lines; each is the first part of a source, too."""


@dataclass(frozen=True, slots=True)
class State:
    """How a place stands now."""

    signed: int
    """Parties that have signed for something."""
    wanted: int
    """Parties that are to get something."""
    gap: tuple[tuple[Goods, int], ...] = ()
    """What would have to be bought."""


def state_of(session: Session, place: str, today: date, rules: Rules | None = None) -> State:
    """How a place stands now, with everything below it."""
    at = Home(place.removeprefix(NO_UNIT), "") if place.startswith(NO_UNIT) else Home("", place)
    books = load(session, at, rules or shipped(), today)
    signed, wanted = covered.coverage(books)
    return State(
        signed, wanted, tuple((goods, books.totals[goods].gap) for goods in books.goods() if books.totals[goods].gap)
    )


def has_any(names: Collection[str]) -> bool:
    """Whether a place ever had to do with companies or supplies."""
    return any(name == SURVEYS or name.startswith("supply|") for name in names)


@dataclass(frozen=True, slots=True)
class Supplies:
    """The figures of a place and period."""

    now: Figures
    state: State | None = None

    def items(self, what: str) -> list[tuple[Goods, float]]:
        """Goods of one figure, the largest first."""
        found: list[tuple[Goods, float]] = []
        for name, cell in self.now.whole.items():
            parts = name.split("|")
            if parts[:2] == ["supply", what] and len(parts) == 4 and cell.value:  # noqa: PLR2004  (item and measure)
                found.append(((parts[2], parts[3]), cell.value))
        return sorted(found, key=lambda one: (-one[1], one[0]))

    @property
    def served(self) -> int:
        """Different parties that signed in the period."""
        cell = self.now.whole.get("supply|served")
        return len(cell.members) if cell else 0

    def lines(self) -> Iterator[tuple[str, str]]:
        """(text, source of its records)."""
        if surveys := self.now.value(SURVEYS):
            yield words.DIGEST["survey"].format(count=surveys), SURVEYS
        for what in ORDER:
            if found := self.items(what):
                yield words.DIGEST[what].format(items=words.items(found), served=self.served), f"supply|{what}"
        if self.state is not None and (self.state.wanted or self.state.gap):
            yield self._state(self.state), ""

    def _state(self, state: State) -> str:
        covered = words.coverage(state.signed, state.wanted) if state.wanted else ""
        gap = words.DIGEST["gap"].format(items=words.items((g, float(n)) for g, n in state.gap)) if state.gap else ""
        return f"{words.DIGEST['now'].format(covered=covered)}{gap}"

    def clause(self) -> str:
        """For the sentence that newspapers write."""
        found = self.items("signed")
        if not found:
            return ""
        if not self.served:
            return words.CLAUSE_PLAIN.format(items=words.items(found))
        return words.CLAUSE.format(served=self.served, items=words.items(found))


def listed(session: Session, what: str, scope: Scope) -> Iterator[str]:
    """The records behind a line, one sentence each."""
    if what in {"need", "received"}:
        for line in supplies.lines(session, scope):
            if line.action == what:
                yield words.listed_line(line)
        return
    for line in supplies.lines(session, scope):
        if line.action == "delivered":
            yield words.listed_line(line)
    for note, share in supplies.shares_by_day(session, scope, signed=what == "signed"):
        yield words.listed_share(note, share)
