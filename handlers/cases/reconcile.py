"""不遗漏一人: what came in must be the sum of the states, on any day and for any unit.

Intake is counted from the ledger of registrations and from the acceptances of transfers; states are counted from the
events of the cases. Both are written by different hands, so that a case that was lost between them is named.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from handlers.cases import states
from storage import cases
from storage.daily_count import place_of
from storage.nest import Nest

Where = tuple[str, ...]
"""Those of the places asked for to which a row belongs."""


@dataclass(frozen=True, slots=True)
class Balance:
    """The proof for one unit (or chat) at the end of one day."""

    intake: int
    counts: Mapping[str, int]
    """State → number of cases, in the order of `states.STATES`."""
    wrong: Sequence[str]
    """References that are in one book and not in the other, or whose state the books tell differently."""

    @property
    def holds(self) -> bool:
        return not self.wrong and self.intake == sum(self.counts.values())


@dataclass(slots=True)
class _Books:
    """What is found for one place."""

    intake: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    wrong: set[str] = field(default_factory=set)

    def balance(self) -> Balance:
        ordered = {state: self.counts[state] for state in states.STATES if self.counts[state]}
        return Balance(self.intake, ordered, sorted(self.wrong, key=_number))


def balance(session: Session, day: date, unit: str = "", chat: str = "", *, now: bool = False) -> Balance:
    """Count both books. `now`: the day is the present one, so that the cases themselves are compared, too."""
    place = place_of(unit, chat) if unit or chat else ""
    return balances(session, day, [place], now=now)[place]


def balances(session: Session, day: date, places: Collection[str], *, now: bool = False) -> dict[str, Balance]:
    """The same for many places (see `storage.tables_daily`), from books that are read once for all of them.

    Cases that were registered where all their events are, which are nearly all, are compared and counted by the
    database; the others one by one.
    """
    nest = Nest(places)
    found = {place: _Books() for place in places}
    odd: set[str] = set()
    plain = 0
    for unit, chat, target, ref, number in cases.standing(session, day, nest):
        if ref:
            odd.add(ref)
            continue
        plain += number
        for place in nest.of(unit, chat):
            found[place].intake += number
            found[place].counts[target] += number
    if plain + cases.registered(session, day, nest, odd) != cases.registered(session, day, nest):
        odd |= {*cases.unseen(session, day, nest)}
    _one_by_one(session, day, odd, nest, found)
    if now:
        for ref, unit, chat in cases.in_other_state(session, day):
            for place in nest.of(unit, chat):
                found[place].wrong.add(ref)
    return {place: books.balance() for place, books in found.items()}


def _one_by_one(session: Session, day: date, refs: Collection[str], nest: Nest, found: Mapping[str, _Books]) -> None:
    """Count cases that have been in several places, and those of which the books tell different things."""
    came: dict[str, set[str]] = defaultdict(set)
    for ref, unit, chat in cases.registrations(session, day, refs):
        came[ref] |= {*nest.of(unit, chat)}
    been: dict[str, set[str]] = defaultdict(set)
    last: dict[str, tuple[str, Where]] = {}
    for ref, target, unit, chat, action in cases.events_until(session, day, refs):
        here = nest.of(unit, chat)
        last[ref] = (target, here)
        been[ref] |= {*here}
        if action == "accept":
            came[ref] |= {*here}
    for ref in refs:
        for place in came[ref]:
            found[place].intake += 1
        for place in been[ref]:
            target, here = last[ref]
            found[place].counts[target if place in here else states.TRANSFERRED] += 1
        for place in came[ref] ^ been[ref]:
            found[place].wrong.add(ref)


def _number(ref: str) -> tuple[str, int]:
    digits = "".join(char for char in ref if char.isdigit())
    return ref.rstrip("0123456789"), int(digits or 0)
