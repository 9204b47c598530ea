"""When rounds are due: set, shown and stopped in the group; the board of a turn."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context
from handlers import rights, shifts, times
from handlers import texts_patrol as words
from handlers.cases.people import Home
from handlers.duty_rules import rules as duty_rules
from handlers.ledger import audit, in_group, written_at
from handlers.patrols import plan_reading, slots, states, turns
from handlers.patrols.people import scope, where
from handlers.patrols.settings import rules
from handlers.traces import Trail
from storage import patrols
from storage.tables_patrols import PatrolPlan, PatrolRound, PatrolSlot

ALL = ("全部", "所有", "都停", "都")
YESTERDAY = frozenset({"昨天", "昨晚", "昨夜", "上一班"})
DAYS = timedelta(days=2)


def make(ctx: Context, command: Mapping[str, Any]) -> str:
    """巡查 每2小时 22:00-6:00 红石坎村卡口: takes the place of a former plan of that post."""
    ctx.uow.flush()
    if not in_group(ctx):
        return words.PLAN_GROUP
    if not rights.may(ctx, "patrol_plan"):
        return rights.refusal(ctx, "patrol_plan")
    told = plan_reading.read(command["text"], duty_rules(ctx).night)
    if told is None:
        return words.PLAN_HOW
    if told.unclear:
        return words.PLAN_CLOCK.format(said=told.unclear)
    if not told.possible:
        return words.PLAN_LONG
    at, now = where(ctx), written_at(ctx)
    formers = [former for former in patrols.plans(ctx.uow.session, at.chat) if former.post == told.post]
    trail = _trail(ctx, formers)
    for former in formers:
        slots.stop(ctx.uow.session, former, now)
    row = PatrolPlan(chat=at.chat, unit=at.unit, post=told.post, every=told.every, starts=told.starts, ends=told.ends)
    row.by, row.made_at, row.state = ctx.name, now, "active"
    ctx.facts(patrols.Plans).add(at.chat, row)
    trail.made(row, state="stopped", stopped_at=now)
    audit(ctx, "patrol.planned", "", trail, post=told.post, every=told.every, starts=told.starts, ends=told.ends)
    return _planned(ctx, row, now)


def _trail(ctx: Context, plans: Sequence[PatrolPlan]) -> Trail:
    """What stopping plans changes: them, and the rounds that are due."""
    due = [slot for plan in plans for slot in patrols.due_of_plan(ctx.uow.session, plan.id)]
    return Trail(*plans, *due)


def _planned(ctx: Context, row: PatrolPlan, now: datetime) -> str:
    every = timedelta(minutes=row.every)
    waits = (_minutes(rules(ctx).remind(every)), _minutes(rules(ctx).alert(every)))
    said = words.planned(say(row), turns.minutes(row), waits, _next(row, now, ctx))
    return "\n".join([said, *_beside(ctx, row)])


def _beside(ctx: Context, row: PatrolPlan) -> list[str]:
    """Plans of posts with names near this one: both would ask for the same round."""
    others = [one for one in patrols.plans(ctx.uow.session, row.chat) if one.post and one.post != row.post]
    near = [one for one in others if row.post and shifts.same_post(one.post, row.post)]
    said = "；".join(say(one) for one in near)
    return [words.PLAN_BESIDE.format(plans=said, post=near[0].post)] if near else []


def _minutes(length: timedelta) -> int:
    return length // timedelta(minutes=1)


def say(row: PatrolPlan) -> str:
    """红石坎村卡口 每2小时（22:00–次日06:00）."""
    return words.plan(row.post, row.every, row.starts, row.ends)


def _next(row: PatrolPlan, now: datetime, ctx: Context) -> str:
    following = turns.coming(row, now, ctx.zone)
    return words.NEXT_DUE.format(at=times.clock(following.at, now.date())) if following else ""


def stop(ctx: Context, command: Mapping[str, Any]) -> str:
    """巡查 停: the plan of a post, or the only one, or all."""
    ctx.uow.flush()
    if not rights.may(ctx, "patrol_plan"):
        return rights.refusal(ctx, "patrol_plan")
    plans = patrols.plans(ctx.uow.session, where(ctx).chat)
    if not plans:
        return words.PLAN_NONE
    wanted = command.get("post", "")
    chosen = _chosen(plans, wanted)
    if not chosen:
        named = "；".join(say(row) for row in plans)
        said = words.NO_SUCH_PLAN.format(post=wanted, plans=named) if wanted else words.STOP_WHICH.format(plans=named)
        return said + words.STOP_HOW.format(post=plans[-1].post or words.HERE)
    for row in chosen:
        trail = _trail(ctx, [row])
        slots.stop(ctx.uow.session, row, written_at(ctx))
        audit(ctx, "patrol.stopped", "", trail, post=row.post)
    return words.STOPPED.format(posts="、".join(row.post or words.HERE for row in chosen))


def _chosen(plans: Sequence[PatrolPlan], wanted: str) -> list[PatrolPlan]:
    if wanted in ALL or (not wanted and len(plans) == 1):
        return list(plans)
    if wanted == words.HERE:
        return [row for row in plans if not row.post]
    return [row for row in plans if wanted and row.post and shifts.same_post(row.post, wanted)]


def show(ctx: Context) -> str:
    """巡查计划."""
    ctx.uow.flush()
    plans, now = patrols.plans(ctx.uow.session, where(ctx).chat), written_at(ctx)
    if not plans:
        return words.PLAN_NONE
    return "\n".join(["**巡查计划**", *(f"- {say(row)}，{_next(row, now, ctx)}" for row in plans)])


# -- the board -----------------------------------------------------------------------------------------------------


def board(ctx: Context, command: Mapping[str, Any]) -> str:
    """/巡查: the due rounds of each post's present turn, or of the one before; what was found and is open."""
    ctx.uow.flush()
    at, now = where(ctx), written_at(ctx)
    plans = patrols.plans(ctx.uow.session, at.chat)
    slots.fill(ctx.uow.session, plans, now, ctx.zone)
    ctx.uow.flush()
    back = command.get("turn", "") in YESTERDAY
    blocks = [_turn(ctx, plan, now, back=back) for plan in plans]
    if not plans:
        blocks = [_free(ctx, at, now)]
    return "\n".join([*blocks, *_open(ctx, at)])


def _turn(ctx: Context, plan: PatrolPlan, now: datetime, *, back: bool) -> str:
    known = [row for row in patrols.of_plan(ctx.uow.session, plan.id, now - DAYS) if row.state != "off"]
    begun = sorted({row.turn for row in known})
    wanted = begun[-2:-1] if back else begun[-1:]
    rows = [row for row in known if row.turn in wanted]
    done = patrols.rounds_by_ref(ctx.uow.session, [row.round_ref for row in rows if row.round_ref])
    lines = [_line(ctx, row, done, now) for row in rows]
    missed = sum(row.state == "missed" for row in rows)
    score = words.score(sum(row.state == "done" for row in rows), len(rows), missed) if rows else words.NO_ROUNDS
    later = max([now, *(row.due_at.astimezone(ctx.zone) for row in rows)])
    following = "" if back else f"，{_next(plan, later, ctx)}"
    return "\n".join([f"**巡查** {say(plan)}", *lines, f"{score}{following}。"])


def _line(ctx: Context, row: PatrolSlot, done: Mapping[str, PatrolRound], now: datetime) -> str:
    made = done.get(row.round_ref or "")
    said = _made(ctx, made, now) if made is not None else ""
    return words.slot(times.clock(row.due_at.astimezone(ctx.zone), now.date()), row.state, said, row.note)


def _made(ctx: Context, row: PatrolRound, now: datetime) -> str:
    return words.made(times.clock(row.at.astimezone(ctx.zone), now.date()), row.by, row.number)


def _free(ctx: Context, at: Home, now: datetime) -> str:
    """Without a plan: the rounds of the last day and night."""
    made = patrols.rounds(ctx.uow.session, at.chat, now - timedelta(days=1), now)
    lines = [f"- {words.place(row.post)}{_made(ctx, row, now)}" for row in made[-words.MOST_LISTED :]]
    return "\n".join([words.FREE.format(rounds=len(made)), *lines, words.PLAN_NONE])


def _open(ctx: Context, at: Home) -> list[str]:
    found = patrols.findings(ctx.uow.session, states.WAITING, scope(at))
    counts = {state: sum(one.state == state for one in found) for state in states.WAITING}
    said = "，".join(f"{words.STATES[state]} {number} 处" for state, number in counts.items() if number)
    return [words.OPEN.format(said=said)] if said else []
