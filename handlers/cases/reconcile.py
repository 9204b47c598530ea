"""不遗漏一人: what came in must be the sum of the states, on any day and for any unit.

Intake is counted from the ledger of registrations and from the acceptances of transfers; states are counted from the
events of the cases. Both are written by different hands, so that a case that was lost between them is named.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from handlers import texts_returnee as words
from handlers.cases import states
from storage import cases


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
    ours = _scope(unit, chat)
    events = cases.events_until(session, day)
    came = {row.ref for row in cases.registrations(session, day) if ours(row.unit, row.chat)}
    came |= {event.ref for event in events if event.action == "accept" and ours(event.unit, event.chat)}
    seen: dict[str, str] = {}
    for event in events:
        if ours(event.unit, event.chat):
            seen[event.ref] = event.target
        elif event.ref in seen:
            seen[event.ref] = states.TRANSFERRED
    counts = Counter(seen.values())
    wrong = came ^ set(seen)
    if now:
        wrong |= _differing(session, events, seen)
    ordered = {state: counts[state] for state in states.STATES if counts[state]}
    return Balance(len(came), ordered, sorted(wrong, key=_number), seen)


def _differing(session: Session, events: Sequence[Any], seen: Iterable[str]) -> set[str]:
    last = {event.ref: event.target for event in events}
    real = cases.states_now(session)
    return {ref for ref in seen if real.get(ref) != last[ref]}


def _scope(unit: str, chat: str) -> Callable[[str, str], bool]:
    if unit:
        return lambda of, _chat: of == unit or of.startswith(unit + "/")
    return (lambda _unit, of: of == chat) if chat else (lambda _unit, _chat: True)


def _number(ref: str) -> tuple[str, int]:
    digits = "".join(char for char in ref if char.isdigit())
    return ref.rstrip("0123456789"), int(digits or 0)


def block(session: Session, day: date, unit: str, chat: str) -> str:
    """The line of the digest; empty where nobody ever registered."""
    found = balance(session, day, unit, "" if unit else chat)
    return (
        words.check(words.DIGEST_HEAD, found.intake, found.counts, found.wrong) if found.intake or found.wrong else ""
    )
