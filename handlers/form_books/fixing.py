"""撤回, 更正 and the answer to a question, on the entries of a record."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.context import Context
from handlers import texts_forms as words
from handlers.form_books import asking, entries, reading, specs, state
from handlers.form_books.booking import Told, known, values_of
from handlers.language.expressions import expression
from handlers.language.form_spec import FormSpec
from handlers.ledger import audit, in_group, written_at
from storage import form_entries
from storage.form_entries import FormChanges, FormEntries
from storage.questions import Questions
from storage.tables import RecordRow
from storage.tables_forms import FormEntry

_ORDER = expression(r"^\s*[/／]?\s*(?:更正|改正|修正|订正)[:：,， ]*(?:#?[A-Za-z]{1,2}\d+[:：,， ]*)?")


def undo(ctx: Context, row: RecordRow) -> str:
    """Take back what a record, and what completed it, said about entries: they are again what they were before."""
    lines = []
    for entry in form_entries.of_record(ctx.uow.session, row.ref):
        spec = specs.named(specs.all_of(ctx.services), entry.form)
        for change in ctx.facts(FormChanges).of(entry.number):
            if change.ref == row.ref:
                change.state = "undone"
        if spec is None:  # the operator took the form away: nothing is left that could be counted
            form_entries.forget_figures(ctx.uow.session, entry.number)
            continue
        entries.recount(ctx, spec, entry)
        lines.append(_went_back(ctx, spec, entry))
    return "；".join(lines)


def _went_back(ctx: Context, spec: FormSpec, entry: FormEntry) -> str:
    if entry.state == "active":
        return words.named(spec, words.entry(spec, known(entry), masked=in_group(ctx)))
    return words.GONE.format(title=spec.title)


def correct(ctx: Context, row: RecordRow) -> str | None:
    """Change what a record says about an entry, by the words of the form; None where the message has none of them."""
    touched = form_entries.of_record(ctx.uow.session, row.ref)
    spec = specs.named(specs.all_of(ctx.services), touched[0].form) if touched else None
    if spec is None:
        return None
    text = _ORDER.sub("", ctx.reading.text)
    told = reading.values_in(ctx, spec, text)
    if not told.values:
        return None
    entry = _which(spec, touched, told.values)
    if entry is None:
        first = state.label(spec, values_of(touched[0]), masked=in_group(ctx))
        return words.WHICH_ENTRY.format(ref=row.ref, count=len(touched), example=f"{first} {words.example(spec)}")
    said = told.only([key for key in told.values if key not in spec.identity or len(touched) == 1])
    former = values_of(entry)
    entry = _change(ctx, spec, entry, Told(spec, row.ref, said, "correction"))
    _carry(ctx, row, spec, former, said.values)
    shown = words.named(spec, words.entry(spec, known(entry), masked=in_group(ctx)))
    more = asking.question(ctx, spec, [entry])
    line = words.CORRECTED.format(ref=row.ref, entry=shown)
    return f"{line}\n{more}" if more else line


def _which(spec: FormSpec, touched: Sequence[FormEntry], said: Mapping[str, Any]) -> FormEntry | None:
    """The entry of a record that a correction means: the only one, or the one whose identity it names."""
    if len(touched) == 1:
        return touched[0]
    named = {key: state.spelling(spec.field(key), said[key]) for key in spec.identity if key in said}
    fits = [entry for entry in touched if named and _has(spec, values_of(entry), named)]
    return fits[0] if len(fits) == 1 else None


def _has(spec: FormSpec, values: Mapping[str, Any], named: Mapping[str, str]) -> bool:
    return all(state.spelling(spec.field(key), values.get(key, "")) == word for key, word in named.items())


def _change(ctx: Context, spec: FormSpec, entry: FormEntry, told: Told) -> FormEntry:
    """The entry after the change: another one where that gave it the identity of another."""
    entries.add(ctx, told, entry)
    return entries.rehome(ctx, spec, entry)


def _carry(ctx: Context, row: RecordRow, spec: FormSpec, former: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    """What the ledger's record says, corrected too, with what it was."""
    change = {"at": ctx.now.isoformat(), "by": ctx.incoming.sender, "message_key": ctx.incoming.key}
    old = {key: former.get(key) for key in said}
    row.history = [*(row.history or []), {**change, "field": "_entry", "old": old}]
    counts = row.fields.get("counts")
    if counts:
        row.fields = {**row.fields, "counts": [_corrected(spec, count, former, said) for count in counts]}
    audit(ctx, "record.corrected", row.ref, field=",".join(said))


def _corrected(
    spec: FormSpec, count: Mapping[str, Any], former: Mapping[str, Any], said: Mapping[str, Any]
) -> dict[str, Any]:
    """A count of the record with the corrected number, where it is the one that was corrected."""
    for key, value in said.items():
        field = spec.field(key)
        same = state.is_number(value) and former.get(key) == count["value"]
        if field is not None and same and (not count.get("unit") or count["unit"] in field.units):
            return {**count, "value": value}
    return dict(count)


def answered(ctx: Context, command: Mapping[str, Any]) -> str | None:
    """The answer to the question about an entry; None, and the question stays, where the words are no answer."""
    spec = specs.named(specs.all_of(ctx.services), command["form"])
    ctx.uow.flush()
    entry = form_entries.by_number(ctx.uow.session, command["entry"]) if spec is not None else None
    if spec is None or entry is None or entry.state != "active":
        return None
    said = reading.answer_in(ctx, spec, command["field"], command["text"])
    if not said.values:
        asked = spec.field(command["field"])
        return words.not_read(spec, asked, command["ref"]) if ctx.reading.addressed else None
    ctx.facts(FormEntries).ensure([entry.identity_hash])
    entry = _change(ctx, spec, entry, Told(spec, command["ref"], said, "answer"))
    ctx.facts(Questions).settle((ctx.incoming.chat, ctx.incoming.sender))
    audit(ctx, "form.answered", command["ref"], field=",".join(said.values), at=written_at(ctx).isoformat())
    return entries.answer(ctx, spec, [command["ref"]], [entry])
