"""Figures of work done: each count is kept as it was said, with its hedge, its total mark and its post. What does not
add up, and what somebody else has told already, is kept, and asked about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import telling, texts, texts_figures
from handlers.form_books.entries import by_form, hashes
from handlers.ledger import keep, written_at
from handlers.work_checks import mismatches
from handlers.work_checks import telling as is_telling
from handlers.work_figures import PARTS, figures
from storage.figures import Telling, Told, ToldFigures
from storage.form_entries import FormEntries
from storage.tables import Figure

router = Router("work")


def _with_parts(record: Any) -> Any:
    """The record with its parts among its fields, where they are kept."""
    return replace(record, fields={**record.fields, PARTS: list(record.parts.items())}) if record.parts else record


def _keys(ctx: Context, records: Sequence[Any]) -> Iterator[Told]:
    day = written_at(ctx).date()
    for fields in (_with_parts(record).fields for record in records):
        post = fields.get("post", "")
        yield from (telling.key(ctx, post, columns, day) for columns in figures(fields) if is_telling(columns))


@router.record("work", needs={ToldFigures: _keys, FormEntries: hashes})
def work(ctx: Context, records: Sequence[Any]) -> str:
    """Keep the counts of each record."""
    return texts.joined(by_form(ctx, [_with_parts(record) for record in records], lambda record: _work(ctx, record)))


def _work(ctx: Context, record: Any) -> str:
    ref = keep(ctx, record)
    at = written_at(ctx)
    post = record.fields.get("post", "")
    doubles: dict[str, Telling] = {}
    for columns in figures(record.fields):
        former = telling.former(ctx, post, columns, ref)
        if former:
            doubles[columns["item"]] = former
        where = {"ref": ref, "chat": ctx.incoming.chat, "unit": ctx.unit, "post": post, "day": at.date()}
        double_of = former.ref if former else None
        ctx.uow.insert(Figure, **where, **columns, reported_at=at, state="active", double_of=double_of)
    wrong = [texts_figures.mismatch(ref, one) for one in mismatches(record.fields["counts"], record.parts)]
    asked = [texts_figures.possible_double(ref, doubles)] if doubles else []
    return texts.joined([texts.worked(ref, record.fields), *wrong, *asked])
