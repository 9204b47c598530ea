"""Figures of work done: each count is kept as it was said, with its hedge, its total mark and its post."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.form_books.entries import by_form, hashes
from handlers.ledger import keep, written_at
from handlers.work_figures import figure
from storage.form_entries import FormEntries
from storage.tables import Figure

router = Router("work")


@router.record("work", needs={FormEntries: hashes})
def work(ctx: Context, records: Sequence[Any]) -> str:
    """Keep the counts of each record."""
    return texts.joined(by_form(ctx, records, lambda record: _work(ctx, record)))


def _work(ctx: Context, record: Any) -> str:
    ref = keep(ctx, record)
    at = written_at(ctx)
    for count in record.fields["counts"]:
        ctx.uow.insert(
            Figure,
            ref=ref,
            chat=ctx.incoming.chat,
            unit=ctx.unit,
            post=record.fields.get("post", ""),
            day=at.date(),
            **figure(count),
            reported_at=at,
            state="active",
        )
    return texts.worked(ref, record.fields)
