"""The one question about an entry: a required field that is missing, or figures that do not add up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from handlers import texts_forms as words
from handlers.form_books import state
from handlers.form_books.answers import KIND
from handlers.language.form_entries import check
from handlers.language.form_spec import EntryProblem, FieldSpec, FormSpec
from handlers.ledger import in_group, written_at
from storage.form_entries import FormChanges
from storage.questions import Questions
from storage.tables_forms import FormEntry


@dataclass(frozen=True, slots=True)
class Question:
    """What waits for an answer: `field` is empty where any of several figures may be the wrong one."""

    field: str
    understood: Mapping[str, Any]
    kind: str = KIND


def question(
    ctx: Context,
    spec: FormSpec,
    touched: Sequence[FormEntry],
    unread: Sequence[EntryProblem] = (),
) -> str | None:
    """The question about the first entry that needs one, remembered until it is answered. `unread`: what the message
    said in words that cannot be the value of their field.
    """
    for entry in touched:
        ref = ctx.facts(FormChanges).of(entry.number)[-1].ref
        values = {**entry.plain, **entry.sealed}
        named = state.label(spec, values, masked=in_group(ctx))
        if lacking := state.missing(spec, values):
            _remember(ctx, spec, ref, entry, lacking[:1], lacking[0].key)
            return words.ask(spec, lacking[0], named, ref, group=in_group(ctx))
        if problems := [*check(spec, values), *(one for one in unread if one.keys[0] not in values)]:
            fields = [one for key in problems[0].keys if (one := spec.field(key)) is not None]
            _remember(ctx, spec, ref, entry, fields, "" if len(fields) > 1 else fields[0].key)
            return words.doubt(spec, problems[0], values, named)
    return None


def _remember(ctx: Context, spec: FormSpec, ref: str, entry: FormEntry, fields: Sequence[FieldSpec], key: str) -> None:
    """With the words by which an answer is known: whatever reads messages knows no forms."""
    told = {
        "form": spec.name,
        "entry": entry.number,
        "type": fields[0].type,
        "keys": [one.key for one in fields],
        "labels": [word for one in fields for word in one.words],
        "units": [unit for one in fields for unit in one.units],
    }
    who = (ctx.incoming.chat, ctx.incoming.sender)
    ctx.facts(Questions).ask(who, Question(key, told), ctx.incoming.text, ref, written_at(ctx))
    ctx.book.marks.add(who)
