"""撤回 and 更正 of the gate's records."""

from collections.abc import Callable, Mapping

from bot.context import Context
from handlers.gate import departures, entries, passes
from storage.tables import RecordRow

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
