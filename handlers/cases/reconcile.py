"""不遗漏一人: what came in must be the sum of the states, on any day and for any unit.

Intake is counted from the ledger of registrations and from the acceptances of transfers; states are counted from the
events of the cases. Both are written by different hands, so that a case that was lost between them is named.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from handlers.cases import states
from storage import cases
from storage.daily_count import place_of
from storage.nest import Nest


@dataclass(frozen=True, slots=True)
class Balance:
    """The proof for one unit (or chat) at the end of one day."""

    intake: int
    counts: Mapping[str, int]
    """State → number of cases, in the order of `states.STATES`."""
    wrong: Sequence[str]
    """References that are in one book and not in the other, or whose state the books tell differently."""
    refs: Mapping[str, str]
    """Reference → state as counted here."""

    @property
    def holds(self) -> bool:
        return not self.wrong and self.intake == sum(self.counts.values())


def balance(session: Session, day: date, unit: str = "", chat: str = "", *, now: bool = False) -> Balance:
    """Count both books. `now`: the day is the present one, so that the cases themselves are compared, too."""
    place = place_of(unit, chat) if unit or chat else ""
    return balances(session, day, [place], now=now)[place]


def balances(session: Session, day: date, places: Collection[str], *, now: bool = False) -> dict[str, Balance]:
    """The same for many places (see `storage.tables_daily`), from books that are read once for all of them."""
    nest = Nest(places)
    came: dict[str, set[str]] = {place: set() for place in places}
    for row in cases.registrations(session, day, nest):
        for place in nest.of(row.unit, row.chat):
            came[place].add(row.ref)
    been: dict[str, tuple[str, ...]] = {}
    last: dict[str, tuple[str, tuple[str, ...]]] = {}
    for ref, target, unit, chat, action in cases.events_until(session, day, nest):
        here = nest.of(unit, chat)
        last[ref] = (target, here)
        known = been.setdefault(ref, here)
        if known is not here:
            been[ref] = tuple({*known, *here})
        for place in here if action == "accept" else ():
            came[place].add(ref)
    differing = _differing(session, last) if now else set()
    return {place: _balanced(came[place], refs, differing) for place, refs in _seen(places, been, last).items()}


def _seen(
    places: Iterable[str], been: Mapping[str, tuple[str, ...]], last: Mapping[str, tuple[str, tuple[str, ...]]]
) -> dict[str, dict[str, str]]:
    """Place → reference → state: the one that the newest event says, unless that happened elsewhere."""
    found: dict[str, dict[str, str]] = {place: {} for place in places}
    for ref, where in been.items():
        target, here = last[ref]
        for place in where:
            found[place][ref] = target if place in here else states.TRANSFERRED
    return found


def _balanced(came: set[str], seen: Mapping[str, str], differing: set[str]) -> Balance:
    counts = Counter(seen.values())
    wrong = (came ^ set(seen)) | (differing & set(seen))
    ordered = {state: counts[state] for state in states.STATES if counts[state]}
    return Balance(len(came), ordered, sorted(wrong, key=_number), seen)


def _differing(session: Session, last: Mapping[str, tuple[str, Any]]) -> set[str]:
    """Cases whose state is not what their newest event says."""
    real = cases.states_now(session)
    return {ref for ref, (target, _) in last.items() if real.get(ref) != target}


def _number(ref: str) -> tuple[str, int]:
    digits = "".join(char for char in ref if char.isdigit())
    return ref.rstrip("0123456789"), int(digits or 0)
