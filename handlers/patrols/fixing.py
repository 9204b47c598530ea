"""撤回 and 更正 of a round or a finding."""

from typing import Any

from bot.context import Context
from handlers import texts_patrol as words
from handlers import times
from handlers.ledger import written_at
from handlers.patrols import findings, slots, states, wording
from handlers.patrols.people import where
from handlers.patrols.states import Act
from storage import patrols
from storage.tables import RecordRow
from storage.tables_patrols import Finding, PatrolRound


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
