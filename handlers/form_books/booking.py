"""What entries put into the figures, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from handlers import telling, texts
from handlers.form_books import state
from handlers.form_books.counting import Covered, contributions, cover, is_said_by
from handlers.form_books.state import Said
from handlers.gate.metrics import metric_of
from handlers.language.form_spec import FormSpec
from handlers.ledger import written_at
from storage import form_entries
from storage.figures import Telling
from storage.form_entries import FormChanges, FormEntries
from storage.tables import Figure
from storage.tables_forms import FormChange, FormEntry

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
    for change, counts in zip(active, contributions(spec, active, _cover(ctx, entry)), strict=True):
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
    houses = [key for key in spec.identity if (f := spec.field(key)) is not None and f.type == "building"]
    if not houses or entry.above is not None:
        return
    ctx.uow.flush()
    for part in form_entries.parts_of(ctx.uow.session, entry.identity_hash):
        form_entries.forget_figures(ctx.uow.session, part.number)
        active = [change for change in ctx.facts(FormChanges).of(part.number) if change.state == "active"]
        count(ctx, spec, part, active, active)


def _cover(ctx: Context, entry: FormEntry) -> Covered:
    """Which figures of an entry are told by the one whose part it is."""
    over = ctx.facts(FormEntries).get(entry.above_hash) if entry.above_hash else None
    if over is None or over.state != "active":
        return cover(())
    return cover([change for change in ctx.facts(FormChanges).of(over.number) if change.state == "active"])


def _is_theirs(told: Sequence[Told], count: Mapping[str, Any]) -> bool:
    """Whether an entry holds a count: then it is counted from there, once."""
    return any(is_said_by(one.spec, one.said.values, count) for one in told)


def others(ctx: Context, record: Any, ref: str, told: Sequence[Told], doubles: Doubles) -> list[str]:
    """Keep the counts of a message that have nothing to do with its form; these in words."""
    said = []
    post = record.fields.get("post", "")
    where = {"ref": ref, "chat": ctx.incoming.chat, "unit": ctx.unit, "post": post, "state": "active"}
    at = written_at(ctx)
    for count in record.fields.get("counts", ()):
        if _is_theirs(told, count):
            continue
        hedge, most = count.get("approx", ""), count.get("max")
        figure = Figure(**where, day=at.date(), reported_at=at, item=count["item"][:64], value=float(count["value"]))
        figure.measure, figure.approx, figure.total = count.get("unit", "")[:16], hedge, bool(count.get("total"))
        figure.most = None if most is None else float(most)
        figure.gate = metric_of(count)
        _note_double(ctx, figure, doubles)
        ctx.uow.session.add(figure)
        said.append(texts.amount(count))
    return said


def _note_double(ctx: Context, figure: Figure, doubles: Doubles) -> None:
    """Mark a figure that somebody else has told alike."""
    columns = {"item": figure.item, "measure": figure.measure, "value": figure.value, "total": figure.total}
    former = telling.former(ctx, figure.post, columns, figure.ref)
    if former is not None:
        figure.double_of = former.ref
        doubles[figure.item] = former
