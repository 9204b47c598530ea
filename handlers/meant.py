"""What 撤回 means: the reference that it names, the answer of ours that it quotes, else the writer's last message."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence

from bot.context import Context
from handlers import texts
from handlers.language.expressions import expression
from handlers.language.quotes import strip_quotes
from handlers.ledger import STEP
from storage import inbox, outbox, records
from storage.tables import RecordRow

KINDS = (*(kind for kind in texts.KINDS if kind not in {"undo", "correction", "repeat"}), STEP)
"""Kinds that 撤回 without a reference may mean."""
MOST_LOOKED_AT = 50
"""The writer's newest messages among which that of a quotation, or of a kind of step, is looked for."""
LEAST = 6
"""Characters of a quotation that tell it from others."""
_PLATES = "京津冀沪渝豫鲁晋蒙辽吉黑苏浙皖闽赣湘鄂粤桂琼川贵云藏陕甘青宁新"
_REF = expression(rf"(?<![A-Za-z0-9{_PLATES}])([A-Za-z]\d{{1,7}})(?![A-Za-z0-9号])")
_NAME = expression(r"^[「\s]*[^:：\n]{1,20}[:：]\s*")
"""A client may put the name of whoever is quoted before their words."""
_MARKS = expression(r"[\s*#>…·」\-]+")


def refs_in(ctx: Context, *, found: int) -> list[str]:
    """References that the language has left, as those of notes (D1), of a message that says nothing else."""
    return _refs(ctx.reading.text) if found == 1 else []


def _refs(text: str) -> list[str]:
    return list(dict.fromkeys(f"{ref[0].upper()}{int(ref[1:])}" for ref in _REF.findall(text)))


def record(ctx: Context, ref: str) -> RecordRow | None:
    """The record of a reference, where it has not been taken back."""
    row = records.by_refs(ctx.uow.session, [ref]).get(ref)
    return row if row is not None and row.state == "active" else None


def last_message(ctx: Context) -> list[RecordRow]:
    """All that the writer's last message here made or did and that has not been taken back."""
    last = records.last_of(ctx.uow.session, ctx.incoming.sender, ctx.incoming.chat, KINDS)
    return [] if last is None else _active(records.of_message(ctx.uow.session, last.message_key))


def says(ctx: Context, rows: Sequence[RecordRow], word: str) -> bool:
    """Whether the message of some rows has a word: 大都饭店 签收 口罩50只 is a record, and a 签收 as well."""
    keys = list({row.message_key for row in rows})
    return any(word in _words(body) for _, body in inbox.bodies(ctx.uow.session, keys))


def _active(rows: Sequence[RecordRow]) -> list[RecordRow]:
    return [row for row in rows if row.state == "active" and row.kind in KINDS]


def of_kind(ctx: Context, actions: Collection[str]) -> list[RecordRow]:
    """The steps of the writer's newest message here that took one of `actions`."""
    session = ctx.uow.session
    keys = records.messages_of(session, ctx.incoming.sender, ctx.incoming.chat, [STEP], MOST_LOOKED_AT)
    by_message = (_active(records.of_message(session, key)) for key in keys)
    found = ([row for row in rows if row.kind == STEP and row.fields["action"] in actions] for rows in by_message)
    return next((rows for rows in found if rows), [])


def answered(ctx: Context) -> list[RecordRow] | None:
    """What the message did to which a quotation belongs, the writer's own words or our answer to them; None where it
    quotes nothing, or none of these.
    """
    said = _quote(ctx)
    quotes = (_bare(one) for one in dict.fromkeys((said, _NAME.sub("", said))))
    found = (_key_of(ctx, quote) for quote in quotes if len(quote) >= LEAST)
    key = next((one for one in found if one is not None), None)
    return None if key is None else _active(records.of_message(ctx.uow.session, key))


def quoted_refs(ctx: Context) -> list[str]:
    """The references that a quotation names."""
    return _refs(_quote(ctx))


def quotes(ctx: Context) -> bool:
    """Whether the message quotes anything."""
    return len(_bare(_quote(ctx))) >= LEAST


def _quote(ctx: Context) -> str:
    """What a message quotes: told apart by the channel, or at its head."""
    parts: list[str] = []
    strip_quotes(ctx.incoming.text, parts)
    return ctx.incoming.quote or "\n".join(parts)


def _key_of(ctx: Context, quote: str) -> str | None:
    """The newest message of the writer that said what is quoted, or got it as its answer."""
    session, incoming = ctx.uow.session, ctx.incoming
    keys = records.messages_of(session, incoming.sender, incoming.chat, KINDS, MOST_LOOKED_AT)
    said: dict[str, list[str]] = defaultdict(list)
    for key, answer in outbox.replies(session, keys):
        said[key].append(_bare(answer))
    for key, body in inbox.bodies(session, keys):
        said[key].append(_bare(_words(body)))
    return next((key for key in keys if any(_same(quote, words) for words in said[key])), None)


def _same(quote: str, words: str) -> bool:
    """A client may cut what it quotes, or put a name before it."""
    return quote in words or (len(words) >= LEAST and words in quote)


def _words(body: bytes) -> str:
    """A message as it was received, without the escapes of its form."""
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text, strict=False), ensure_ascii=False)
    except ValueError:
        return text


def _bare(text: str) -> str:
    return _MARKS.sub("", text)
