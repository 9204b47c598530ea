"""物资 as it is reported: what is needed, what has come (第一批, 第二批 …), what was handed over."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.router import Needs, Router
from handlers import texts
from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.language.expressions import expression
from handlers.ledger import in_group, keep, written_at
from handlers.supplies import delivery, places, signing
from handlers.supplies.needs import Goods
from handlers.supplies.register import own_forms
from handlers.supplies.standing import Books, load
from storage import supplies
from storage.cases import BoundGroups
from storage.tables_supplies import SupplyLine

router = Router("supplies")

NEEDS: Needs = {BoundGroups: lambda _ctx, _records: [""]}
_MORE = expression(r"追加|再(?:需要?|要|申[请领]|来|加)|另需|增加")
_TAIL = expression(r"(?:[再又另还]|追加)+$")
_BATCH = expression(r"第[一二三四五六七八九十\d]+批(?:物资)?|本批|这批|新一批")
_GIVER = expression(r"捐|赠|支援|拨付|调拨|采购|购买|供货")


@router.record("supply", needs=NEEDS)
def supply(ctx: Context, records: Sequence[Any]) -> str:
    """Keep each record; what has come is a batch, unless it is somebody who signs for their share."""
    at = places.here(ctx)
    ctx.unit = at.unit
    return texts.joined(own_forms(ctx, records, lambda record: _supply(ctx, at, record)))


def _supply(ctx: Context, at: Home, record: Any) -> str:
    """In a single chat of somebody whose group nobody knows, the company says which group's books are meant."""
    if not at.unit and not in_group(ctx):
        company = places.from_anywhere(ctx, record.fields.get("party", ""))
        if company is None:
            return words.NOT_HERE
        at = Home(company.chat, company.unit)
        ctx.unit = at.unit
    return ACTIONS[record.fields["action"]](ctx, at, record)


def _need(ctx: Context, at: Home, record: Any) -> str:
    return need(ctx, at, record, more=bool(_MORE.search(ctx.incoming.text)))


def need(ctx: Context, at: Home, record: Any, *, more: bool) -> str:
    """Somebody needs goods: in the place of what they said before, or on top of it."""
    said = record.fields.get("party", "")
    party = _TAIL.sub("", said) or at.unit.rsplit("/", 1)[-1] or ctx.name
    if said and party != said:
        record.fields["party"] = party
    ref = keep(ctx, record)
    add_lines(ctx, at, ref, record.fields, party=party, more=more)
    items = record.fields["items"]
    answer = words.NEED_NOTED.format(ref=ref, party=f"{party} {'追加' if more else ''}", items=words.said_items(items))
    open_ = [item["item"] for item in items if "value" not in item]
    hint = words.UNNUMBERED.format(items="、".join(open_), item=open_[0], party=party) if open_ else ""
    return answer + ("" if said else words.NO_PARTY.format(party=party)) + hint


def _received(ctx: Context, at: Home, record: Any) -> str:
    """Goods have come to us; or a company that has a share says that it got it."""
    party = _BATCH.sub("", record.fields.get("party", "")).strip()
    if party and not _GIVER.search(ctx.incoming.text):
        ctx.uow.flush()
        if (said := signing.sign_by_report(ctx, at, party, record)) is not None:
            return said
        if "签收" in ctx.incoming.text and (why := signing.signed_before(ctx, at, party)):
            return why
    if party:
        record.fields["party"] = party
    else:
        record.fields.pop("party", None)
    return _batch(ctx, at, record, party)


def _batch(ctx: Context, at: Home, record: Any, party: str) -> str:
    ctx.uow.flush()
    number = supplies.next_batch(ctx.uow.session, supplies.scope_of(at.unit, at.chat))
    ref = keep(ctx, record)
    add_lines(ctx, at, ref, record.fields, party=party, batch=number)
    books = books_of(ctx, at)
    source = f"（来自{party}）" if party else ""
    items = words.said_items(record.fields["items"])
    lines = [words.BATCH.format(ref=ref, number=words.chinese(number), items=items, source=source)]
    came = [goods_of(ctx, item) for item in record.fields["items"]]
    stock = [(goods, float(books.totals[goods].stock)) for goods in dict.fromkeys(came) if goods in books.totals]
    if stock:
        lines.append(words.BATCH_STOCK.format(stock=words.items(stock)))
    open_ = [item["item"] for item in record.fields["items"] if "value" not in item]
    if open_:
        lines.append(words.BATCH_UNNUMBERED.format(items="、".join(open_), item=open_[0]))
    if any(books.totals[goods].lacks and value > 0 for goods, value in stock):
        lines.append(words.BATCH_NEXT)
    return "\n".join(lines)


def _delivered(ctx: Context, at: Home, record: Any) -> str:
    """Goods were taken to somebody: their notes are on the way until they are signed for; without any, it is done."""
    party = record.fields.get("party", "")
    ctx.uow.flush()
    ref = keep(ctx, record)
    items = words.said_items(record.fields["items"])
    answer = words.GIVEN_NOTED.format(ref=ref, party=party or "（没写给谁）", items=items)
    taken = delivery.delivered(ctx, at, party) if party else []
    if taken:
        return answer + words.GIVEN_NOTES.format(refs=words.span(taken), first=taken[0])
    add_lines(ctx, at, ref, record.fields, party=party)
    return "\n".join([answer, *_short(books_of(ctx, at))])


def _short(books: Books) -> list[str]:
    below = [goods[0] for goods, total in books.totals.items() if total.stock < 0]
    return [words.STOCK_SHORT.format(items="、".join(below))] if below else []


ACTIONS = {"need": _need, "received": _received, "delivered": _delivered}


def goods_of(ctx: Context, item: dict[str, Any]) -> Goods:
    """What an item of a record is called in the books."""
    return places.rules_of(ctx).goods(item["item"], item.get("unit", ""))


def books_of(ctx: Context, at: Home) -> Books:
    """How everything stands, this message included."""
    ctx.uow.flush()
    return load(ctx.uow.session, at, places.rules_of(ctx), written_at(ctx).date())


def add_lines(
    ctx: Context,
    at: Home,
    ref: str,
    fields: dict[str, Any],
    *,
    party: str,
    more: bool = False,
    batch: int | None = None,
) -> None:
    """One line for each item of a record."""
    when = written_at(ctx)
    for said in fields["items"]:
        item, measure = goods_of(ctx, said)
        ctx.uow.insert(
            SupplyLine,
            ref=ref,
            action=fields["action"],
            more=more,
            chat=at.chat,
            unit=at.unit,
            party=party[:200],
            enterprise="",
            item=item,
            measure=measure,
            amount=said.get("value"),
            batch=batch,
            day=when.date(),
            at=when,
            state="active",
        )
