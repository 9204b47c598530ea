"""The commands about returnees: the queue, transfers, doubles, endings, reconciliation, imports."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import planning, texts, times
from handlers import texts_returnee as words
from handlers.cases import commands, find, importing, queue, states
from handlers.cases.people import home
from handlers.ledger import in_group, keep, written_at
from storage.cases import CaseKey, Cases
from storage.tables import Returnee

router = Router("casework")


@router.command("pending")
def pending(ctx: Context, command: Any) -> str:
    """待核实."""
    return queue.pending(ctx, command)


def _people(ctx: Context, records: Sequence[Any]) -> list[CaseKey]:
    return [("name", find.ring(ctx).hash(name)) for record in records for name in record.fields["people"]]


@router.record("leave", needs={Cases: _people})
def leave(ctx: Context, records: Sequence[Any]) -> str:
    """请假 of somebody under observation (to a hospital, say): nobody asks for the report of that day. The leave of a
    volunteer is the plan's business.
    """
    return texts.joined([_leave(ctx, record) for record in records])


def _leave(ctx: Context, record: Any) -> str:
    observed = [case for name in record.fields["people"] if (case := _observed(ctx, name)) is not None]
    if not observed:
        return planning.leave(ctx, [record]) or ""
    ref = keep(ctx, record, times.day(record.fields.get("at")))
    return words.excused(ref, observed, record.fields.get("at"), written_at(ctx).date())


def _observed(ctx: Context, name: str) -> Returnee | None:
    found = ctx.facts(Cases).of(("name", find.ring(ctx).hash(name)))
    return next((case for case in found if case.state == states.OBSERVING and home(ctx).reaches(case)), None)


@router.otherwise
def file(ctx: Context, _reading: Any) -> str | None:
    """A table of registrations, sent as a file in a single chat."""
    if ctx.incoming.kind != "file":
        return None
    return words.IMPORT_WHERE if in_group(ctx) else importing.receive(ctx)


@router.otherwise
def word(ctx: Context, reading: Any) -> str | None:
    """One of the feature's own words."""
    return commands.answer(ctx, reading)
