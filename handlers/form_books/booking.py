"""What entries put into the figures, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from handlers import telling, texts
from handlers.form_books import state
from handlers.form_books.counting import Covered, contributions, cover, is_said_by
from handlers.form_books.state import Said
from handlers.language.form_spec import FormSpec
from handlers.ledger import written_at
from handlers.work_figures import figures
from storage import form_entries
from storage.figures import Telling
from storage.form_entries import FormChanges, FormEntries
from storage.tables import Figure
from storage.tables_forms import FormChange, FormEntry
from storage.types import ring_of

Doubles = dict[str, Telling]
"""Item → who has told the same figure of the same post today."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says about one entry, before it is known which."""

    spec: FormSpec
    ref: str
    said: Said
    how: str = "said"
    post: str = ""
    row: int = 0
    """Its place among the entries of the record: what tells entries without an identity apart."""


def values_of(entry: FormEntry) -> dict[str, Any]:
    """Everything that is known of an entry."""
    return {**entry.plain, **entry.sealed}


def known(entry: FormEntry) -> Said:
    """The same with hedges and measure words."""
    return Said(values_of(entry), entry.approx, entry.units)


def count(
    ctx: Context,
    spec: FormSpec,
    entry: FormEntry,
    active: Sequence[FormChange],
    wanted: Sequence[FormChange],
    doubles: Doubles | None = None,
) -> None:
    """Write what some of the active changes of an entry add to the figures."""
    label = state.label(spec, values_of(entry), masked=True)[:128]
    for change, counts in zip(active, contributions(spec, active, _cover(ctx, spec, entry)), strict=True):
        for one in counts if change in wanted else ():
            figure = Figure(
                ref=change.ref,
                chat=entry.chat,
                unit=entry.unit,
                # A total replaces the last one of its own entry, not that of another building.
                post=change.post or (label if one.total else ""),
                day=change.day,
                item=one.item,
                measure=one.measure,
                value=one.value,
                most=None,
                approx=one.approx,
                total=one.total,
                reported_at=change.at,
                state="active",
                entry=entry.number,
            )
            if doubles is not None:
                _note_double(ctx, figure, doubles)
            ctx.uow.session.add(figure)


def recount_parts(ctx: Context, spec: FormSpec, entry: FormEntry) -> None:
    """What an entry tells for all its parts is not counted of these, too: theirs are made anew."""
    named = state.stated_of(spec, entry.place, entry.identity)
    if named is None or "building" in named or all(f.type != "building" for f in map(spec.field, spec.identity) if f):
        return
    ctx.uow.flush()
    for part in form_entries.parts_of(ctx.uow.session, entry, all_here="place" not in named):
        form_entries.forget_figures(ctx.uow.session, part.number)
        active = [change for change in ctx.facts(FormChanges).of(part.number) if change.state == "active"]
        count(ctx, spec, part, active, active)
    ctx.uow.flush()


def _cover(ctx: Context, spec: FormSpec, entry: FormEntry) -> Covered:
    """Which figures of an entry are told by those whose part it is."""
    told: list[FormChange] = []
    for identity in state.over(spec, entry.place, values_of(entry)):
        over = ctx.facts(FormEntries).get(hashed(ctx, identity))
        if over is not None and over.state == "active":
            told += [change for change in ctx.facts(FormChanges).of(over.number) if change.state == "active"]
    return cover(told)


def hashed(ctx: Context, text: str) -> str:
    """The keyed hash under which an identity is found."""
    return ring_of(ctx.uow.session.get_bind().dialect).hash(text)


def _is_theirs(told: Sequence[Told], count: Mapping[str, Any]) -> bool:
    """Whether an entry holds a count: then it is counted from there, once."""
    return any(is_said_by(one.spec, one.said.values, count) for one in told)


def others(ctx: Context, record: Any, ref: str, told: Sequence[Told], doubles: Doubles) -> list[str]:
    """Keep the counts of a message that have nothing to do with its form; these in words."""
    said = []
    post = record.fields.get("post", "")
    where = {"ref": ref, "chat": ctx.incoming.chat, "unit": ctx.unit, "post": post, "state": "active"}
    at = written_at(ctx)
    counts = record.fields.get("counts") or []
    for count, columns in zip(counts, figures(record.fields) if counts else (), strict=True):
        if _is_theirs(told, count):
            continue
        figure = Figure(**where, **columns, day=at.date(), reported_at=at)
        _note_double(ctx, figure, doubles)
        ctx.uow.session.add(figure)
        said.append(texts.amount({**count, "item": columns["item"]}))
    return said


def _note_double(ctx: Context, figure: Figure, doubles: Doubles) -> None:
    """Mark a figure that somebody else has told alike."""
    columns = {"item": figure.item, "measure": figure.measure, "value": figure.value, "total": figure.total}
    former = telling.former(ctx, figure.post, columns, figure.ref)
    if former is not None:
        figure.double_of = former.ref
        doubles[figure.item] = former
