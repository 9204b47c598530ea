"""The commands about returnees: the queue, transfers, doubles, endings, reconciliation, imports."""

from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts_returnee as words
from handlers.cases import commands, importing, queue
from handlers.ledger import in_group

router = Router("casework")


@router.command("pending")
def pending(ctx: Context, command: Any) -> str:
    """待核实."""
    return queue.pending(ctx, command)


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
