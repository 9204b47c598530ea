"""The life of a case: which state leads where, under what condition, and what is written down about each step.

```
                       ┌──────────────────────────── ours to decide: the clock of the same day runs ──────┐
registration ─────────▶ registered ─claim─▶ calling ─verify─▶ verified ─hand_over─▶ observing ─release─▶ released
                          ▲  ▲  ▲             │ ├ fail ──────▶ waiting ─(due)─▶ claim      │  ▲ ├─ end ──▶ ended
                          │  │  │             │ ├ escalate ──▶ escalated: the lead decides │  └─┴─ extend ─┘
                          │  │  └─ complete ──│─┴ vague ─────▶ incomplete                  │
                          │  └──── resume ────┤ suspend ─────▶ suspended (until the day of arrival)
                          └ accept, return ───┴ send ────────▶ transferring ─leave─▶ transferred (to another town)
anything before observing ─cancel─▶ cancelled ─reopen─▶ registered      any ─merge─▶ merged      ─undo─▶ undone
```

Every step is a row of `CaseEvent`: who, when, from which message, and what the case held before, so that the last step
can be taken back. A step that the table or a guard does not allow changes nothing and raises `Illegal` with a sentence
that says what is possible. Nothing else in Kakou writes `Returnee.state`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers import texts_returnee as words
from handlers.cases.settings import Settings
from handlers.steps import Illegal
from storage.tables import Returnee
from storage.tables_cases import CaseEvent
from storage.unit_of_work import UnitOfWork

REGISTERED = "registered"
CALLING = "calling"
WAITING = "waiting"
ESCALATED = "escalated"
INCOMPLETE = "incomplete"
SUSPENDED = "suspended"
TRANSFERRING = "transferring"
TRANSFERRED = "transferred"
VERIFIED = "verified"
OBSERVING = "observing"
RELEASED = "released"
ENDED = "ended"
CANCELLED = "cancelled"
MERGED = "merged"
UNDONE = "undone"

STATES = (
    (REGISTERED, CALLING, WAITING, ESCALATED, INCOMPLETE, SUSPENDED, TRANSFERRING, VERIFIED, OBSERVING)
    + (RELEASED, ENDED, TRANSFERRED, CANCELLED, MERGED, UNDONE)
)  # fmt: skip
"""In the order in which they are shown."""
CALLABLE = (REGISTERED, CALLING, WAITING, INCOMPLETE, ESCALATED)
"""In which a call makes sense."""
OURS = frozenset((*CALLABLE, VERIFIED))
"""Ours to decide: the clock of the same-day hand-over runs."""
OPEN = (*CALLABLE, SUSPENDED, TRANSFERRING, VERIFIED)
"""Not handed over yet."""
FINAL = frozenset((RELEASED, ENDED, TRANSFERRED, CANCELLED, MERGED, UNDONE))
"""Over: purging counts from the day of the last of these steps."""
ALIVE = tuple(state for state in STATES if state not in FINAL)

KEPT = (
    ("unit", "chat", "owner", "attempts", "failures", "due_at", "clock_on", "arrives_on", "arrived_on", "handed_on")
    + ("transfer_to", "release_on", "closed_on", "merged_into", "confirmed")
)  # fmt: skip
"""What a step may change, and taking it back restores."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and why: what the history keeps."""

    uow: UnitOfWork
    settings: Settings
    at: datetime
    """Local."""
    actor: str = ""
    message_key: str = ""
    record_ref: str = ""
    reason: str = ""
    noted: Callable[[str, str], None] = lambda _action, _ref: None
    """Hears of each step that was taken: (step, reference of the case)."""

    @property
    def day(self) -> date:
        return self.at.date()


Guard = Callable[[Returnee, Act, Mapping[str, Any]], str]
"""Why the step is not possible, or an empty text. The mapping holds what the step is going to set."""


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of step."""

    sources: tuple[str, ...]
    target: str
    """Empty: the state stays."""
    guard: Guard = lambda _case, _act, _changes: ""


def _arrival_known(case: Returnee, act: Act, changes: Mapping[str, Any]) -> str:
    """A call confirms the arrival first of all; a person who has not come cannot be verified."""
    arrived = changes.get("arrived_on") or case.arrived_on
    if arrived is None:
        return words.ARRIVAL_UNKNOWN.format(ref=case.ref)
    if arrived <= act.day:
        return ""
    return words.NOT_ARRIVED_YET.format(ref=case.ref, day=words.day(arrived), today=words.day(act.day))


def _resume_day(case: Returnee, act: Act, changes: Mapping[str, Any]) -> str:
    day = changes.get("arrives_on")
    return "" if day is not None and day > act.day else words.WHICH_DAY.format(ref=case.ref)


def _observation_over(case: Returnee, act: Act, changes: Mapping[str, Any]) -> str:
    until = changes.get("release_on") or case.release_on
    return "" if until is not None and act.day >= until else words.NOT_OVER.format(ref=case.ref, day=words.day(until))


def _later_release(case: Returnee, act: Act, changes: Mapping[str, Any]) -> str:
    until = changes["release_on"]
    if until <= act.day:
        return words.RELEASE_IN_PAST.format(ref=case.ref, day=words.day(until))
    return ""


def _has_reason(case: Returnee, act: Act, changes: Mapping[str, Any]) -> str:  # noqa: ARG001  (a guard's shape)
    return "" if act.reason else words.REASON_MISSING.format(ref=case.ref)


def _both(*guards: Guard) -> Guard:
    def check(case: Returnee, act: Act, changes: Mapping[str, Any]) -> str:
        return next((why for guard in guards if (why := guard(case, act, changes))), "")

    return check


MOVES: Mapping[str, Move] = {
    "claim": Move((REGISTERED, WAITING), CALLING),
    "put_back": Move((CALLING,), REGISTERED),
    "verify": Move((*CALLABLE, SUSPENDED, VERIFIED), VERIFIED, _arrival_known),
    "fail": Move((*CALLABLE, SUSPENDED), WAITING),
    "escalate": Move((*CALLABLE, SUSPENDED), ESCALATED),
    "vague": Move((*CALLABLE, SUSPENDED, VERIFIED), INCOMPLETE),
    "complete": Move((INCOMPLETE,), REGISTERED),
    "suspend": Move((*CALLABLE, SUSPENDED, VERIFIED), SUSPENDED, _resume_day),
    "resume": Move((SUSPENDED,), REGISTERED),
    "send": Move((*CALLABLE, SUSPENDED, VERIFIED), TRANSFERRING),
    "accept": Move((TRANSFERRING,), REGISTERED),
    "return": Move((TRANSFERRING,), REGISTERED),
    "leave": Move((TRANSFERRING,), TRANSFERRED),
    "hand_over": Move((VERIFIED,), OBSERVING, _arrival_known),
    "release": Move((OBSERVING,), RELEASED, _observation_over),
    "end": Move((OBSERVING,), ENDED, _has_reason),
    "extend": Move((OBSERVING, RELEASED, ENDED), OBSERVING, _both(_has_reason, _later_release)),
    "cancel": Move((*OPEN,), CANCELLED, _has_reason),
    "reopen": Move((CANCELLED, ESCALATED), REGISTERED),
    "merge": Move((*ALIVE, CANCELLED), MERGED),
    "undo": Move((*OPEN,), UNDONE),
    "change": Move(STATES, ""),
    "carry": Move(STATES, ""),
}  # fmt: skip
"""Step → from where, to where, under what condition. `change`: a correction of fields; `carry`: what a merged double
brought along.
"""


def refusal(case: Returnee, action: str, act: Act, changes: Mapping[str, Any] | None = None) -> str:
    """Why a step is not possible, as a sentence that says what is; empty where it is possible."""
    move = MOVES[action]
    if case.state not in move.sources:
        return words.illegal(case.ref, case.state, action, possible(case.state))
    return move.guard(case, act, changes or {})


def possible(state: str) -> list[str]:
    """The steps out of a state that people can ask for."""
    return [action for action, move in MOVES.items() if state in move.sources and action in words.ASKED_FOR]


def step(case: Returnee, action: str, act: Act, changes: Mapping[str, Any] | None = None, *, number: int = 0) -> None:
    """Take a step: check it, change the case, write the event. Raises `Illegal`, then nothing has changed."""
    why = refusal(case, action, act, changes)
    if why:
        raise Illegal(why)
    before = {"state": case.state, **{name: _plain(getattr(case, name)) for name in KEPT}}
    source = case.state
    case.state = MOVES[action].target or source
    _tend_clock(case, source, act)
    for name, value in (changes or {}).items():
        setattr(case, name, value)
    _close(case, source, act)
    _note(case, action, source, act, {**before, "reason": act.reason}, number)
    act.noted(action, case.ref)


def born(case: Returnee, act: Act) -> None:
    """The first event of a case: its registration."""
    case.state, case.clock_on = REGISTERED, act.day
    _note(case, "register", "", act, None, 0)


def take_back(case: Returnee, event: CaseEvent, act: Act) -> None:
    """Undo the newest step of a case: everything that it changed is as it was, and the undoing is itself written
    down.
    """
    before = event.before or {}
    source = case.state
    case.state = before["state"]
    for name in KEPT:
        setattr(case, name, _rich(name, before[name]))
    _note(case, "take_back", source, act, {"reason": act.reason}, 0)


def _tend_clock(case: Returnee, source: str, act: Act) -> None:
    """The day by whose end we must decide begins when a case comes (back) into our hands, and ends when it leaves
    them.
    """
    if case.state not in OURS:
        case.clock_on = None
    elif source not in OURS or case.clock_on is None:
        case.clock_on = act.day


def _close(case: Returnee, source: str, act: Act) -> None:
    if case.state in FINAL and source not in FINAL:
        case.closed_on = act.day
    elif case.state not in FINAL:
        case.closed_on = None


def _note(case: Returnee, action: str, source: str, act: Act, before: dict[str, Any] | None, number: int) -> None:
    on_time = action == "hand_over" and before is not None and (before["clock_on"] or "") >= act.day.isoformat()
    act.uow.insert(
        CaseEvent,
        ref=case.ref,
        action=action,
        source=source,
        target=case.state,
        unit=case.unit,
        chat=case.chat,
        day=act.day,
        at=act.at,
        actor=act.actor,
        message_key=act.message_key,
        record_ref=act.record_ref,
        number=number,
        on_time=int(on_time),
        before=before,
    )


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _rich(name: str, value: Any) -> Any:
    if value is None or not name.endswith(("_on", "_at")):
        return value
    return datetime.fromisoformat(value) if name.endswith("_at") else date.fromisoformat(value)
