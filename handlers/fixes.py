"""撤回, 更正, 同昨天: on the writer's last record or the one referred to. The old value stays in the history."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import corrections, duty, duty_fixing, effects, health, notes, returnee, texts, work
from handlers.cases import fixing
from handlers.form_books import fixing as form_fixing
from handlers.ledger import audit, in_group, keep, written_at
from handlers.patrols import fixing as patrol_fixing
from handlers.rights import may_change
from storage import figures, records
from storage.tables import RecordRow

router = Router("fixes")

UNDOABLE = tuple(kind for kind in texts.KINDS if kind not in {"undo", "correction", "repeat"})
"""Kinds that 撤回 without a reference may mean."""
REPEATABLE = ("check_in", "health", "work", "check_out")
HANDLERS = {
    "check_in": duty.check_in,
    "check_out": duty.check_out,
    "work": work.work,
    "health": health.report,
    "returnee": returnee.register,
}


@router.record("undo")
def undo(ctx: Context, found: Sequence[Any]) -> str:
    """Take records back: the one referred to, or everything that the writer's last message made."""
    ctx.uow.flush()
    return texts.joined([_undo(ctx, record) for record in found])


def _undo(ctx: Context, record: Any) -> str:
    ref = record.fields.get("ref")
    rows = _named(ctx, ref) if ref else _last_message(ctx)
    if not rows:
        return texts.UNKNOWN_REF.format(ref=ref) if ref else texts.NOTHING_TO_UNDO
    if not all(may_change(ctx, row) for row in rows):
        return texts.NOT_YOURS.format(ref=ref)
    if why := next((why for row in rows if (why := fixing.why_not(ctx, row) or patrol_fixing.why_not(ctx, row))), ""):
        return why
    for row in rows:
        _take_out(ctx, row)
    forms = [said for row in rows if (said := form_fixing.undo(ctx, row))]
    keep(ctx, record)
    return texts.undone([row.ref for row in rows]) + "".join(f"{said}。" for said in dict.fromkeys(forms))


def _named(ctx: Context, ref: str) -> list[RecordRow]:
    row = records.by_refs(ctx.uow.session, [ref]).get(ref)
    return [row] if row is not None and row.state == "active" else []


def _last_message(ctx: Context) -> list[RecordRow]:
    last = records.last_of(ctx.uow.session, ctx.incoming.sender, ctx.incoming.chat, UNDOABLE)
    if last is None:
        return []
    made = records.of_message(ctx.uow.session, last.message_key)
    return [row for row in made if row.state == "active"]


def _take_out(ctx: Context, row: RecordRow) -> None:
    session = ctx.uow.session
    row.state = "undone"
    figures.set_state(session, row.ref, "undone")
    fixing.undo(ctx, row)
    effects.undo(ctx, row)
    audit(ctx, "record.undone", row.ref)


@router.record("correction")
def correct(ctx: Context, found: Sequence[Any]) -> str:
    """Change one field of a record and keep what it was."""
    ctx.uow.flush()
    return texts.joined([_correct(ctx, record) for record in found])


def _correct(ctx: Context, record: Any) -> str:
    wanted = record.fields
    row = _target(ctx, wanted)
    if row is None:
        return texts.UNKNOWN_REF.format(ref=wanted.get("ref") or wanted.get("person") or "这条记录")
    if not (may_change(ctx, row) or fixing.may_change(ctx, row)):
        return texts.NOT_YOURS.format(ref=row.ref)
    if (said := form_fixing.correct(ctx, row)) is not None:
        keep(ctx, record)
        return said
    if "field" not in wanted or "value" not in wanted:
        return texts.CANNOT_CORRECT.format(ref=row.ref)
    if why := duty_fixing.why_not(ctx, row, wanted["field"], wanted["value"]):
        return why
    _change(ctx, row, wanted["field"], wanted["value"])
    keep(ctx, record)
    return texts.corrected(row.ref, wanted["field"], wanted["value"], group=in_group(ctx))


def _target(ctx: Context, wanted: dict[str, Any]) -> RecordRow | None:
    """The record referred to, the newest one of the person named, or the writer's last that has such a field."""
    session = ctx.uow.session
    if wanted.get("ref"):
        return next(iter(_named(ctx, wanted["ref"])), None)
    kinds = corrections.kinds_with(wanted.get("field", ""))
    if wanted.get("person"):
        since = written_at(ctx).date() - timedelta(days=30)
        return corrections.newest_about(session, ctx.incoming.chat, wanted["person"], kinds, since)
    return records.last_of(session, ctx.incoming.sender, ctx.incoming.chat, kinds)


def _change(ctx: Context, row: RecordRow, field: str, value: Any) -> None:
    old = row.fields.get(field)
    entry = {
        "at": ctx.now.isoformat(),
        "by": ctx.incoming.sender,
        "message_key": ctx.incoming.key,
        "field": field,
        "old": old,
    }
    row.history = [*(row.history or []), entry]
    row.fields = corrections.applied(row.kind, row.fields, field, value)
    effects.carry(ctx, row, field)
    if row.kind == "returnee":
        fixing.corrected(ctx, row)
    elif row.kind == "health":
        health.corrected(ctx, row)
    audit(ctx, "record.corrected", row.ref, field=field)


@router.record("repeat")
def repeat(ctx: Context, found: Sequence[Any]) -> str:
    """同昨天: the last report of each person once more, for today."""
    ctx.uow.flush()
    lines = [_repeat(ctx, record, person) for record in found for person in record.fields["people"]]
    return texts.joined(lines)


def _repeat(ctx: Context, record: Any, person: str) -> str:
    former = corrections.last_report(ctx.uow.session, ctx.incoming.chat, person, REPEATABLE, written_at(ctx).date())
    if former is None:
        return texts.NO_FORMER
    keep(ctx, record)
    again = corrections.for_today(former, person, written_at(ctx).date())
    handler = HANDLERS.get(former.kind, notes.note)
    return str(handler(ctx, [again]))
