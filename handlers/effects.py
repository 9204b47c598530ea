"""What records of duty, calls and leave had changed, changed back or changed again. The rows stay, marked as undone."""

from bot.context import Context
from handlers import call_lists, callup
from handlers.gate import fixing as gate_fixing
from handlers.ledger import audit
from handlers.patrols import fixing as patrol_fixing
from handlers.supplies import fixing as supply_fixing
from storage import callups, duties, records, rosters
from storage.tables import Duty, RecordRow
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
    for period in duties.of_ref(session, row.ref):
        _undo_duty(period, row)
    for leave in rosters.leaves(session, row.ref):
        leave.state = "undone"
    if row.kind == "sign_up":
        call_lists.sign_ups_undone(ctx, callups.of_record(session, row.ref))
    if row.kind == "call_up" and (call := callups.by_ref(session, row.ref)) is not None:
        call.state = "undone"
    gate_fixing.undo(ctx, row)
    supply_fixing.undo(ctx, row)
    if row.kind == "patrol":
        patrol_fixing.undo(ctx, row)


def _undo_duty(period: Duty, row: RecordRow) -> None:
    """A period goes with the record that began it; without the one that ended it, it is open again."""
    if period.in_ref in (None, row.ref):
        period.state = "undone"
    else:
        period.out_ref, period.state, period.ends_at, period.hours = None, "open", None, None


def carry(ctx: Context, row: RecordRow) -> None:
    """Carry a corrected record into its call."""
    if row.kind == "call_up" and (call := callups.by_ref(ctx.uow.session, row.ref)) is not None:
        _carry_call(ctx, call, row)
    elif row.kind == "patrol":
        patrol_fixing.carry(ctx, row)
    gate_fixing.carry(ctx, row)
    supply_fixing.carry(ctx, row)


def _carry_call(ctx: Context, call: CallUp, row: RecordRow) -> None:
    before = call_lists.current(ctx, call).seats
    callup.fill(call, row.fields, ctx.zone)
    call_lists.change(ctx, call, before)
