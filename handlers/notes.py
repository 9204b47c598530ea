"""Kinds that are kept and acknowledged as they are: the features that act on them build on these records."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.form_books.entries import by_form
from handlers.ledger import in_group, keep

router = Router("notes")


@router.record("verification")
def note(ctx: Context, records: Sequence[Any]) -> str:
    """Keep each record and say so in one line."""
    return texts.joined(by_form(ctx, records, lambda record: _noted(ctx, record)))


def _noted(ctx: Context, record: Any) -> str:
    return texts.noted(keep(ctx, record), record.kind, record.fields, group=in_group(ctx))
