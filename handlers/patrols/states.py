"""The life of a finding: which state leads where, under what condition, and what is written down about each step.

```
found ──▶ open ──assign──▶ assigned ──fix──▶ fixed ──pass──▶ closed
            │  └───────────── fix ───────────▲  │ │             │
            ◀──────────(nobody assigned)── fail ┘ └─────────────┴─ reopen ─▶ back to whoever it was assigned to
                     open, assigned, fixed ──undo──▶ undone
```

What was put right at once on the same round is found and fixed in one message: it waits for the re-check like any
other. Every step is a row of `FindingEvent`. A step that the table or a guard does not allow changes nothing and raises
`Illegal` with a sentence that says what is possible. Nothing else in Kakou writes `Finding.state`, but for 撤回 of the
newest step, which puts everything back as it was (`handlers.undoing`) and is noted here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import texts_patrol as words
from handlers.steps import Illegal
from storage.tables_patrols import Finding, FindingEvent
from storage.unit_of_work import UnitOfWork

OPEN = "open"
ASSIGNED = "assigned"
FIXED = "fixed"
CLOSED = "closed"
UNDONE = "undone"

STATES = (OPEN, ASSIGNED, FIXED, CLOSED, UNDONE)
WAITING = (OPEN, ASSIGNED, FIXED)
"""Not closed: somebody is still to do something. In the order in which they are shown."""
BACK = ""
"""A target: to whoever it was assigned to, else open."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when, and in what words."""

    uow: UnitOfWork
    at: datetime
    """Local."""
    actor: str
    name: str
    message_key: str = ""
    said: str = ""
    """What was done about it, or why it is not right."""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """One kind of step."""

    sources: tuple[str, ...]
    target: str
    effect: Callable[[Finding, Act], None] = lambda _finding, _act: None
    guard: Callable[[Finding, Act], str] = lambda _finding, _act: ""
    """Why the step is not possible, or an empty text."""


def _assign(finding: Finding, act: Act) -> None:
    finding.assignee, finding.assigned_at = act.assignee, act.at


def _fix(finding: Finding, act: Act) -> None:
    finding.fix, finding.fixed_by, finding.fixed_sender = act.said, act.name, act.actor
    finding.fixed_on = act.at.date()


def _pass(finding: Finding, act: Act) -> None:
    finding.closed_by, finding.closed_on = act.name, act.at.date()


def _return(finding: Finding, _act: Act) -> None:
    finding.fix, finding.fixed_by, finding.fixed_sender, finding.fixed_on = "", "", "", None
    finding.closed_by, finding.closed_on = "", None
    finding.returned += 1


def _another(finding: Finding, act: Act) -> str:
    """Four eyes: nobody re-checks their own work."""
    return words.ANOTHER_CHECKS.format(ref=finding.ref) if finding.fixed_sender == act.actor else ""


def _somebody(finding: Finding, act: Act) -> str:
    return "" if act.assignee else words.ASSIGN_WHOM.format(ref=finding.ref)


MOVES: Mapping[str, Move] = {
    "assign": Move((OPEN, ASSIGNED), ASSIGNED, _assign, _somebody),
    "fix": Move((OPEN, ASSIGNED), FIXED, _fix),
    "pass": Move((FIXED,), CLOSED, _pass, _another),
    "fail": Move((FIXED,), BACK, _return),
    "reopen": Move((FIXED, CLOSED), BACK, _return),
    "undo": Move(WAITING, UNDONE),
}
"""Step → from where, to where, what it changes, under what condition."""


def possible(state: str) -> list[str]:
    """The steps out of a state that people can ask for."""
    return [action for action, move in MOVES.items() if state in move.sources and action in words.ASKED_FOR]


def refusal(finding: Finding, action: str, act: Act) -> str:
    """Why a step is not possible, as a sentence that says what is; empty where it is possible."""
    move = MOVES[action]
    if finding.state not in move.sources:
        return words.illegal(finding.ref, finding.state, possible(finding.state))
    return move.guard(finding, act)


def step(finding: Finding, action: str, act: Act) -> None:
    """Take a step: check it, change the finding, write the event. Raises `Illegal`, then nothing has changed."""
    if why := refusal(finding, action, act):
        raise Illegal(why)
    source, move = finding.state, MOVES[action]
    detail = _before(finding)
    move.effect(finding, act)
    finding.state = move.target or (ASSIGNED if finding.assignee else OPEN)
    _note(finding, action, source, act, detail)


def born(finding: Finding, act: Act) -> None:
    """The first event of a finding."""
    finding.state, finding.returned = OPEN, 0
    for name in ("assignee", "fix", "fixed_by", "fixed_sender", "closed_by"):
        setattr(finding, name, "")
    _note(finding, "find", "", act, {})


def taken_back(finding: Finding, source: str, act: Act) -> None:
    """Note that the newest step, which had led to `source`, was taken back."""
    _note(finding, "take_back", source, act, {})


def _before(finding: Finding) -> dict[str, Any]:
    """What a step may overwrite: the history keeps it."""
    kept = {"assignee": finding.assignee, "fix": finding.fix, "fixed_by": finding.fixed_by}
    return {name: value for name, value in kept.items() if value}


def _note(finding: Finding, action: str, source: str, act: Act, before: dict[str, Any]) -> None:
    said = {name: value for name, value in (("said", act.said), ("assignee", act.assignee)) if value}
    act.uow.insert(
        FindingEvent,
        ref=finding.ref,
        action=action,
        source=source,
        target=finding.state,
        at=act.at,
        actor=act.actor,
        name=act.name,
        message_key=act.message_key,
        detail=({**said, "before": before} if before else said) or None,
    )
