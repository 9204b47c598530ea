"""The verification queue: what is in it, who takes the next five, and how they go back."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.context import Context, Notice
from handlers import texts
from handlers import texts_returnee as words
from handlers.cases import find, states
from handlers.cases.act import act_of
from handlers.cases.find import effective
from handlers.cases.people import Home, home, may_handle, name_of, people_named
from handlers.ledger import in_group, written_at
from handlers.steps import Illegal
from storage import cases
from storage.tables import Returnee

MOST_CLAIMED = 20
SHOWN = (states.REGISTERED, states.CALLING, states.WAITING, states.INCOMPLETE, states.ESCALATED, states.VERIFIED)
"""What still waits for us, in the order of the list; what waits for others is counted."""


def pending(ctx: Context, _command: Any) -> str:
    """待核实: how many in which state, and who has them."""
    ctx.uow.flush()
    at = home(ctx)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    found = cases.in_states(ctx.uow.session, states.OPEN, at.unit, at.chat)
    if not found:
        return words.QUEUE_EMPTY
    counts = Counter(case.state for case in found)
    listed = sorted((case for case in found if case.state in SHOWN), key=_urgency)
    lines = [_line(ctx, case) for case in listed[: texts.MOST_LINES]]
    ordered = {state: counts[state] for state in states.STATES if counts[state]}
    return words.queue(ordered, lines, max(0, len(listed) - texts.MOST_LINES))


def _urgency(case: Returnee) -> tuple[int, Any, int]:
    return SHOWN.index(case.state), case.clock_on or case.day, case.id


def _line(ctx: Context, case: Returnee) -> str:
    at = written_at(ctx)
    when = ""
    if case.state == states.WAITING and case.due_at is not None:
        due = case.due_at.astimezone(ctx.zone)
        when = f"{words.clock(due, at.date())}后再打" if due > at else "可以再打了"
    return words.queue_line(case, name_of(ctx, case.owner), when)


def claim(ctx: Context, number: int) -> str:
    """领取 5: the next ones are the caller's; details go to the single chat, never to a group."""
    ctx.uow.flush()
    at = home(ctx)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at)) if at.chat or at.unit else words.NO_UNIT
    chosen = _next(ctx, at)[: max(1, min(number, MOST_CLAIMED))]
    if not chosen:
        return words.NOTHING_TO_CLAIM
    for case in chosen:
        states.step(case, "claim", act_of(ctx), {"owner": ctx.incoming.sender, "due_at": None})
    sheet = words.call_sheet([words.full(case, effective(case)) for case in chosen], [case.ref for case in chosen])
    if not in_group(ctx):
        return f"{words.claimed(chosen, group=False)}\n{sheet}"
    ctx.notices.append(Notice(ctx.incoming.sender, sheet, purpose="case"))
    return words.claimed(chosen, group=True)


def _next(ctx: Context, at: Home) -> list[Returnee]:
    """Those that may be called now: oldest clock first, own recalls before others'."""
    now = written_at(ctx)
    found = cases.in_states(ctx.uow.session, (states.REGISTERED, states.WAITING), at.unit, at.chat)
    free = [case for case in found if case.due_at is None or case.due_at <= now]
    return sorted(free, key=lambda case: (case.owner != ctx.incoming.sender, case.clock_on or case.day, case.id))


def put_back(ctx: Context, refs: Sequence[str], _reason: str) -> str:
    """放回 R58: somebody else may take it."""
    return each(ctx, refs, lambda case: _put_back(ctx, case))


def _put_back(ctx: Context, case: Returnee) -> str:
    states.step(case, "put_back", act_of(ctx), {"owner": ""})
    return words.moved(case, "put_back")


def show(ctx: Context, refs: Sequence[str], _reason: str) -> str:
    """查看 R58: everything, in the single chat only."""
    at = home(ctx)
    return each(ctx, refs, lambda case: _show(ctx, at, case))


def _show(ctx: Context, at: Home, case: Returnee) -> str:
    if not may_handle(ctx, at) and case.account != ctx.incoming.sender:
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    details = words.full(case, effective(case))
    if not in_group(ctx):
        return details
    ctx.notices.append(Notice(ctx.incoming.sender, details, purpose="case"))
    return words.DETAILS_SENT


def history(ctx: Context, refs: Sequence[str], _reason: str) -> str:
    """历史 R58: who did what, when."""
    return each(ctx, refs, lambda case: _history(ctx, case))


def _history(ctx: Context, case: Returnee) -> str:
    ctx.uow.flush()
    events = cases.events_of(ctx.uow.session, case.ref)
    lines = [words.history_line(event, name_of(ctx, event.actor), _local(ctx, event.at)) for event in events]
    return words.history(case, lines)


def _local(ctx: Context, at: datetime) -> datetime:
    return at.astimezone(ctx.zone)


def each(ctx: Context, refs: Sequence[str], work: Any) -> str:
    """One line for each reference: what the work says, or why it is not possible."""
    at = home(ctx)
    lines = []
    for ref in refs:
        found = find.by_ref(ctx, ref, at)
        if found.case is None:
            lines.append(found.why)
            continue
        try:
            lines.append(work(found.case))
        except Illegal as illegal:
            lines.append(illegal.sentence)
    return "\n".join(lines)
