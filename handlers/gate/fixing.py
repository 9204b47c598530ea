"""撤回 and 更正 of the gate's records, and 撤回 of its steps."""

from collections.abc import Callable, Mapping

from bot.context import Context
from handlers import texts_gate as words
from handlers.gate import departures, entries, passes
from handlers.ledger import written_at
from handlers.steps import Taken, Way, Ways
from handlers.texts_steps import built_upon
from storage import gate
from storage.tables import RecordRow
from storage.tables_gate import Departure, GateEntry, Pass

UNDO: Mapping[str, Callable[[Context, RecordRow], None]] = {
    "gate": entries.undo,
    "pass": passes.undo,
    "departure": departures.undo,
    "departure_call": departures.undo,
    "returnee": departures.not_back,
}
"""Kind of a record → what taking it back means."""


def undo(ctx: Context, row: RecordRow) -> None:
    """Take the effects of a record back; records of other kinds are none of ours."""
    if row.kind in UNDO:
        UNDO[row.kind](ctx, row)


CARRY: Mapping[str, Callable[[Context, RecordRow], None]] = {
    "gate": entries.carry,
    "pass": passes.carry,
    "departure": departures.carry,
}
"""Kind of a record → what a correction changes beside the ledger."""


def carry(ctx: Context, row: RecordRow) -> None:
    """Carry a corrected record into the gate's books."""
    if row.kind in CARRY:
        CARRY[row.kind](ctx, row)


# -- steps -------------------------------------------------------------------------------------------------------------


def _pass_stands(ctx: Context, taken: Taken) -> str:
    today = written_at(ctx).date()
    found = [gate.pass_of(ctx.uow.session, ref) for ref in taken.refs]
    return "".join(words.pass_stands(row, today) for row in found if row is not None)


def _issued_since(ctx: Context, taken: Taken) -> str:
    """The same car or door has got another pass: two of them must not hold. Or nobody knows any more whose it was."""
    for row in taken.of(Pass):
        if row.purged_on is not None:
            return built_upon(taken.action, taken.refs)
        other = passes.issued_since(ctx, row)
        if other is not None:
            return words.ISSUED_SINCE.format(number=words.number(row.number), other=words.number(other.number))
    return ""


def _unclosed(_ctx: Context, taken: Taken) -> None:
    for row in taken.of(Pass):
        row.details = {name: value for name, value in row.details.items() if name != "closed"}


def _unhandled(_ctx: Context, taken: Taken) -> None:
    for row in taken.of(GateEntry):
        kept = {name: value for name, value in row.details.items() if name != "action"}
        row.details = {**kept, "action": row.action} if row.action else kept


def _entry_stands(ctx: Context, taken: Taken) -> str:
    """Asked of the entry itself: a 处置 that only says again what was done changes nothing."""
    row = gate.entry(ctx.uow.session, taken.refs[0])
    if row is None or not row.action:
        return words.NOT_HANDLED
    return words.HANDLED_BEFORE.format(action=words.ACTIONS[row.action])


def _settle(ctx: Context, taken: Taken) -> None:
    """Calls may have been made meanwhile: whether anything is lacking is reckoned anew."""
    for row in taken.of(Departure):
        departures.settle(row, gate.calls(ctx.uow.session, row.ref), written_at(ctx).date())


def _departure_stands(_ctx: Context, taken: Taken) -> str:
    state = taken.of(Departure)[0].state
    if state in words.OVER:
        return words.OVER_BEFORE.format(state=words.OVER[state])
    return words.CALLED_AGAIN if state == "open" else words.STILL_AWAY


WAYS: Ways = {
    "pass.void": Way(_pass_stands, _issued_since, _unclosed),
    "pass.renewed": Way(_pass_stands),
    "gate.handled": Way(_entry_stands, back=_unhandled),
    "departure.closed": Way(_departure_stands, back=_settle),
    "departure.returned": Way(_departure_stands, back=_settle),
}
"""What can be taken back exactly."""
