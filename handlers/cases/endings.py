"""Hand-over by command, and what ends or moves an observation: always explicit, with a reason, both ways."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.context import Context
from handlers import texts_returnee as words
from handlers.cases import states
from handlers.cases.act import act_of
from handlers.cases.people import home, is_lead, may_handle, people_named
from handlers.cases.queue import each
from storage.tables import Returnee

Changes = Callable[[Returnee], Mapping[str, Any]]


def _nothing(_case: Returnee) -> Mapping[str, Any]:
    return {}


def end(ctx: Context, refs: Sequence[str], reason: str) -> str:
    """解除 R58 原因: before its time; on or after the last day it is the ordinary release."""
    return _as_lead(ctx, refs, lambda case: _move(ctx, case, _ending(ctx, case), reason, _nothing))


def _ending(ctx: Context, case: Returnee) -> str:
    over = case.release_on is not None and act_of(ctx).day >= case.release_on
    return "release" if over else "end"


def prolong(ctx: Context, refs: Sequence[str], days: int, reason: str) -> str:
    """延长 R58 3天 原因, 缩短 R58 2天 原因: moves the day of release, also of somebody who is released already."""

    def changes(case: Returnee) -> Mapping[str, Any]:
        today = act_of(ctx).day
        base = case.release_on or today
        if days > 0 and case.state != states.OBSERVING:
            base = max(base, today)
        return {"release_on": base + timedelta(days=days)}

    return _as_lead(ctx, refs, lambda case: _move(ctx, case, "extend", reason, changes))


def release_on(ctx: Context, refs: Sequence[str], day: date, reason: str) -> str:
    """解除日 R58 3月10日 原因: sets the day of release."""
    return _as_lead(ctx, refs, lambda case: _move(ctx, case, "extend", reason, lambda _case: {"release_on": day}))


def cancel(ctx: Context, refs: Sequence[str], reason: str) -> str:
    """注销 R58 原因: the person does not come, or was registered by mistake."""
    return _as_lead(ctx, refs, lambda case: _move(ctx, case, "cancel", reason, _nothing))


def reopen(ctx: Context, refs: Sequence[str], reason: str) -> str:
    """重开 R58: back into the queue."""
    fresh = {"failures": 0, "due_at": None, "owner": ""}
    return _as_lead(ctx, refs, lambda case: _move(ctx, case, "reopen", reason, lambda _case: fresh))


def _as_lead(ctx: Context, refs: Sequence[str], work: Callable[[Returnee], str]) -> str:
    at = home(ctx)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    if not is_lead(ctx, at):
        return words.ONLY_LEAD.format(who=people_named(ctx, at))
    return each(ctx, refs, work)


def _move(ctx: Context, case: Returnee, action: str, reason: str, changes: Changes) -> str:
    act = act_of(ctx, reason=reason)
    states.step(case, action, act, changes(case))
    said = words.moved(case, action)
    if case.state == states.OBSERVING and case.arrived_on is not None:
        number = act.settings.day_number(case.arrived_on, act.day)
        length = act.settings.day_number(case.arrived_on, case.release_on or act.day) - 1
        said += words.observation(case, number, length) + "。"
    return said
