"""撤回 and 更正 of a round or a finding, and 撤回 of steps with findings and plans."""

from typing import Any

from bot.context import Context
from handlers import texts_patrol as words
from handlers import times
from handlers.ledger import written_at
from handlers.patrols import findings, plans, slots, states, wording
from handlers.patrols.people import where
from handlers.patrols.states import Act
from handlers.steps import Taken, Way, Ways, standing
from handlers.texts_steps import built_upon
from storage import patrols
from storage.tables import RecordRow
from storage.tables_patrols import Finding, PatrolPlan, PatrolRound


def _act(ctx: Context) -> Act:
    return Act(ctx.uow, written_at(ctx), ctx.incoming.sender, ctx.name, ctx.incoming.key)


def why_not(ctx: Context, row: RecordRow) -> str:
    """Why a record cannot be taken back; empty where it can, or is no round."""
    one = patrols.finding(ctx.uow.session, row.ref) if row.kind == "patrol" else None
    if one is None or one.state == states.UNDONE or not states.refusal(one, "undo", _act(ctx)):
        return ""
    return words.CANNOT_UNDO.format(ref=row.ref)


def undo(ctx: Context, row: RecordRow) -> None:
    """The round was not made, what it found is not there."""
    session = ctx.uow.session
    made = patrols.rounds_by_ref(session, [row.ref]).get(row.ref)
    if made is not None:
        made.state = "undone"
        session.flush()
        slots.release(session, row.ref, ctx.now)
    one = patrols.finding(session, row.ref)
    if one is not None and one.state != states.UNDONE:
        states.step(one, "undo", _act(ctx))


def carry(ctx: Context, row: RecordRow) -> None:
    """A record was corrected in the ledger: the round and the finding say the same."""
    session, fields = ctx.uow.session, row.fields
    made = patrols.rounds_by_ref(session, [row.ref]).get(row.ref)
    one = patrols.finding(session, row.ref)
    if made is not None:
        _carry_round(ctx, made, fields, row)
    if one is not None:
        _carry_finding(ctx, one, fields)
    elif fields.get("ok") is False and made is not None:
        for pair in wording.found(fields.get("finding", ""), "", alone=False)[:1]:
            findings.begin(ctx, row.ref, pair, made, where(ctx))


def _carry_round(ctx: Context, made: PatrolRound, fields: dict[str, Any], row: RecordRow) -> None:
    session = ctx.uow.session
    before = (made.post, made.at)
    made.number = fields.get("round") or made.number
    made.post = fields.get("post") or made.post
    made.at = times.moment(fields.get("at"), ctx.zone) or made.at
    made.day = row.day = made.at.astimezone(ctx.zone).date()
    if (made.post, made.at) == before:
        return
    session.flush()
    slots.release(session, made.ref, ctx.now)
    plan = slots.of_post(patrols.plans(session, made.chat), made.post)
    due = slots.due_at(plan, made.at.astimezone(ctx.zone), ctx.zone)
    if plan is not None and due is not None:
        session.flush()
        slots.close(session, plan, due, made.ref)


def _carry_finding(ctx: Context, one: Finding, fields: dict[str, Any]) -> None:
    one.post = fields.get("post") or one.post
    if fields.get("ok") is True:
        if not states.refusal(one, "undo", _act(ctx)):
            states.step(one, "undo", _act(ctx))
        return
    told = wording.found(fields.get("finding", ""), "", alone=False)
    if told and told[0][0] != one.text:
        one.text = told[0][0]


# -- steps -------------------------------------------------------------------------------------------------------------


def _newer_step(ctx: Context, taken: Taken) -> str:
    """Whoever did the next thing relied on this one, also where everything looks as it did."""
    for one in taken.of(Finding):
        if standing(patrols.events(ctx.uow.session, one.ref))[-1].message_key != taken.message_key:
            return built_upon(taken.action, taken.refs)
    return ""


def _taken_back(ctx: Context, taken: Taken) -> None:
    for one in taken.of(Finding):
        source = standing(patrols.events(ctx.uow.session, one.ref))[-1].target
        states.taken_back(one, source, _act(ctx))


def _finding_stands(_ctx: Context, taken: Taken) -> str:
    return "".join(words.finding_stands(one.text, one.state, one.assignee) for one in taken.of(Finding))


def _plans_stand(_ctx: Context, taken: Taken) -> str:
    again = "；".join(plans.say(row) for row in taken.of(PatrolPlan) if row.state == "active")
    gone = "" if taken.action == "patrol.stopped" else words.PLAN_GONE
    return gone + (words.PLAN_AGAIN.format(plans=again) if again else "")


def _planned_since(ctx: Context, taken: Taken) -> str:
    """A post has one plan: where another was made since, that one holds."""
    rows = taken.of(PatrolPlan)
    now = {row.post for row in patrols.plans(ctx.uow.session, rows[0].chat)} if rows else set()
    again = [row.post or words.HERE for row in rows if row.post in now]
    return words.PLANNED_SINCE.format(posts="、".join(again)) if again else ""


def _unplanned(ctx: Context, taken: Taken) -> None:
    """Rounds that have become due by the plan meanwhile are nobody's."""
    for row in taken.of(PatrolPlan):
        if row.state == "stopped":
            slots.stop(ctx.uow.session, row, ctx.now)


FINDING = Way(_finding_stands, _newer_step, _taken_back)
WAYS: Ways = {
    **{f"finding.{action}": FINDING for action in findings.STEPS},
    "patrol.planned": Way(_plans_stand, back=_unplanned),
    "patrol.stopped": Way(_plans_stand, _planned_since),
}
"""What can be taken back exactly."""
