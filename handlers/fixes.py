"""撤回, 更正, 同昨天: on the writer's last record or step, or the one referred to. Old values stay in the history."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import (
    corrections,
    duty,
    duty_fixing,
    effects,
    health,
    meant,
    notes,
    returnee,
    texts,
    texts_steps,
    undoing,
    work,
)
from handlers.cases import fixing
from handlers.form_books import fixing as form_fixing
from handlers.ledger import audit, in_group, keep, written_at
from handlers.patrols import fixing as patrol_fixing
from handlers.rights import may_change
from storage import figures, records
from storage.tables import RecordRow

router = Router("fixes")

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
    """Take back what is referred to, or everything that the writer's last message made or did."""
    ctx.uow.flush()
    return texts.joined([line for record in found for line in _undo(ctx, record)])


def _undo(ctx: Context, record: Any) -> list[str]:
    refs = [record.fields["ref"]] if "ref" in record.fields else meant.refs_in(ctx, found=len(ctx.reading.records))
    if not refs and (rows := meant.answered(ctx)) is not None:
        return _take_back(ctx, record, "", rows) if rows else [texts_steps.GONE]
    if not refs and meant.quotes(ctx):
        refs = meant.quoted_refs(ctx)
        if len(refs) != 1:
            return [texts_steps.WHICH.format(ref=next(iter(refs), "C12"))]
    if not refs:
        return _take_last(ctx, record)
    return [line for ref in refs for line in _take_back(ctx, record, ref, _about(ctx, ref))]


def _take_last(ctx: Context, record: Any) -> list[str]:
    """The last step of the kind that is named (撤回签收), else what the writer's last message made or did. That goes
    first where it has the word itself.
    """
    word, actions = texts_steps.named(ctx.reading.text)
    last = meant.last_message(ctx)
    if not actions or meant.says(ctx, last, word):
        return _take_back(ctx, record, "", last)
    rows = meant.of_kind(ctx, actions)
    return _take_back(ctx, record, "", rows) if rows else [texts_steps.NO_SUCH.format(word=word)]


def _about(ctx: Context, ref: str) -> list[RecordRow]:
    """The record of a reference; where there is none, or it is somebody else's, the newest step about it."""
    row, step = meant.record(ctx, ref), undoing.newest_about(ctx, ref)
    if row is not None and (step is None or may_change(ctx, row) or not may_change(ctx, step)):
        return [row]
    return [] if step is None else [step]


def _take_back(ctx: Context, record: Any, ref: str, rows: Sequence[RecordRow]) -> list[str]:
    if not rows:
        return [texts.UNKNOWN_REF.format(ref=ref) if ref else texts.NOTHING_TO_UNDO]
    if not all(may_change(ctx, row) for row in rows):
        return [texts.NOT_YOURS.format(ref=ref)]
    steps, made = [row for row in rows if undoing.is_step(row)], [row for row in rows if not undoing.is_step(row)]
    if why := next((why for row in made if (why := _why_not(ctx, row))), "") or undoing.why_not(ctx, steps):
        return [why]
    keep(ctx, record)
    said = undoing.take_back(ctx, steps)
    for row in made:
        _take_out(ctx, row)
    forms = [told for row in made if (told := form_fixing.undo(ctx, row))]
    if made:
        said.append(texts.undone([row.ref for row in made]) + "".join(f"{told}。" for told in dict.fromkeys(forms)))
    return said


def _why_not(ctx: Context, row: RecordRow) -> str:
    return fixing.why_not(ctx, row) or patrol_fixing.why_not(ctx, row)


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
        return meant.record(ctx, wanted["ref"])
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
