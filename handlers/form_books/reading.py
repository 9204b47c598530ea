"""Words about an entry that is known already: what they say by the words of its form."""

from bot.context import Context
from handlers.form_books.state import Said
from handlers.language.expressions import expression
from handlers.language.form_book import book_of
from handlers.language.form_entries import finished, read_drafts
from handlers.language.form_spec import FormSpec
from handlers.language.normalise import normalise
from handlers.language.scan import Region, Scan
from handlers.language.types import Message
from handlers.ledger import written_at

_BECOMES = expression(
    r"\s*(?:应该是|应该为|更正为|更正成|修改为|变更为|调整为|改为|改成|应为|应是|实为|改到|改)\s*[:：]?\s*"
)
_IS = expression(r"^(?:是|为|有|共|一共|总共)\s*")


def values_in(ctx: Context, spec: FormSpec, text: str) -> Said:
    """What `text` states of a form whose name it need not give; nothing where it states none of its fields."""
    form = book_of((spec,)).form(spec)
    plain = normalise(_BECOMES.sub(":", text)).text
    scan = Scan(plain, Message(plain, written_at(ctx), ctx.name, ctx.unit or None), addressed=True)
    drafts = read_drafts(form, Region(scan, 0, len(plain)), bold=True)
    if not drafts:
        return Said({})
    entry = finished(spec, drafts[0])
    return Said(dict(entry.values), dict(entry.approx), dict(entry.units))


def answer_in(ctx: Context, spec: FormSpec, key: str, text: str) -> Said:
    """What an answer states: the field that was asked for, or whatever fields it names itself."""
    asked = spec.field(key)
    if asked is not None and not any(text.startswith(word) for word in asked.words):
        said = values_in(ctx, spec, f"{asked.label}:{_IS.sub('', text)}")
        if key in said.values:
            return said.only([key])
    return values_in(ctx, spec, text)
