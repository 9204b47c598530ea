"""What records of duty, calls and leave had changed, changed back or changed again. The rows stay, marked as undone."""

from bot.context import Context
from handlers import call_lists, callup, duty_fixing, work_figures
from handlers.gate import fixing as gate_fixing
from handlers.ledger import audit
from handlers.patrols import fixing as patrol_fixing
from handlers.supplies import fixing as supply_fixing
from storage import callups, records, rosters
from storage.tables import RecordRow
from storage.tables_duty import CallUp


def take_out(ctx: Context, ref: str) -> None:
    """Take a record back in the place of a newer telling of it."""
    ctx.uow.flush()
    row = records.by_refs(ctx.uow.session, [ref]).get(ref)
    if row is not None and row.state == "active":
        row.state = "undone"
        undo(ctx, row)
        audit(ctx, "record.undone", row.ref)


def undo(ctx: Context, row: RecordRow) -> None:
    """Take the effects of a record back."""
    session = ctx.uow.session
    if row.kind in duty_fixing.KINDS:
        duty_fixing.undo(ctx, row)
    for leave in rosters.leaves(session, row.ref):
        leave.state = "undone"
    if row.kind in {"sign_up", "withdraw"}:
        call_lists.undo(ctx, row)
    if row.kind == "call_up" and (call := callups.by_ref(session, row.ref)) is not None:
        call.state = "undone"
    gate_fixing.undo(ctx, row)
    supply_fixing.undo(ctx, row)
    if row.kind == "patrol":
        patrol_fixing.undo(ctx, row)


def carry(ctx: Context, row: RecordRow, field: str) -> None:
    """Carry a corrected field of a record into what the record made."""
    if row.kind in duty_fixing.KINDS:
        duty_fixing.carry(ctx, row, field)
    elif row.kind == "sign_up":
        call_lists.carry(ctx, row)
    elif row.kind == "work":
        work_figures.carry(ctx.uow.session, row)
    elif row.kind == "call_up" and (call := callups.by_ref(ctx.uow.session, row.ref)) is not None:
        _carry_call(ctx, call, row)
    elif row.kind == "patrol":
        patrol_fixing.carry(ctx, row)
    gate_fixing.carry(ctx, row)
    supply_fixing.carry(ctx, row)


def _carry_call(ctx: Context, call: CallUp, row: RecordRow) -> None:
    before = call_lists.current(ctx, call).seats
    callup.fill(call, row.fields, ctx.zone)
    call_lists.change(ctx, call, before)
