"""签收: what somebody got, told by the number of a note, by their name, or as a report."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.context import Context, Notice
from handlers import language, rights
from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.language.expressions import expression
from handlers.language.types import Message
from handlers.ledger import audit, in_group, keep, written_at
from handlers.supplies import places
from handlers.supplies.covered import coverage
from handlers.supplies.delivery import OPEN, Delivery, books_at, named, sharer, step, why_not
from handlers.supplies.needs import Goods
from handlers.supplies.standing import Books, open_notes
from handlers.supplies.words import refs as refs_in
from handlers.traces import Trail
from storage import supplies
from storage.tables_supplies import Enterprise, SupplyNote, SupplyShare

NOTHING: Mapping[Goods, int] = MappingProxyType({})
_NOT_GOT = expression(r"没|未|错|不(?:对|是|够|全|齐|要|收|符)|少(?:了|给|\d|[一两几])|缺|退|拒|坏|破[损了]")
"""What somebody writes behind 签收 D1 who has not got it, or not all of it: nobody's name."""
_SIGNED_WORDS = expression(r"^(?:已经?)?(?:签收|收到)了?\s*")


def sign(ctx: Context, text: str) -> str:
    """签收 D3, 签收 D1-D12, 签收 大都饭店; `签收 D3 口罩45只` where less came; a name behind it is who signed."""
    at = places.here(ctx)
    ctx.uow.flush()
    refs, rest = refs_in(text)
    if not text.strip():
        return words.SIGN_HOW
    found = named(ctx, at, refs) if refs else _of_party(ctx, at, text)
    if isinstance(found, str):
        return found
    if refs and _NOT_GOT.search(rest):
        return words.SIGN_DOUBT.format(refs=words.span(refs).replace("–", "-"), first=refs[0])
    waiting = [one for one in found if one[0].state in OPEN]
    if not waiting:
        return why_not(found) if found else words.SIGN_HOW
    if refs and any(char.isdigit() for char in rest):
        return _sign_less(ctx, at, waiting[0], rest) if len(refs) == 1 else words.SIGN_ONE.format(first=refs[0])
    return _signed(ctx, at, waiting, _SIGNED_WORDS.sub("", rest) if refs else "")


def _of_party(ctx: Context, at: Home, text: str) -> list[Delivery] | str:
    name = text.strip(" ,。:了")
    company = places.meant(ctx, at, name)
    books = books_at(ctx, at)
    key = company.ref if isinstance(company, Enterprise) else books.party(name).key
    found = open_notes(books, [key], (*OPEN, "signed"))
    waiting = [one for one in found if one[0].state in OPEN]
    if found:
        return waiting or found
    return company if isinstance(company, str) else words.NOTHING_TO_SIGN.format(name=company.name)


def _sign_less(ctx: Context, at: Home, one: Delivery, rest: str) -> str:
    """Signed with amounts: never more than is on the note."""
    note, shares = one
    message = Message(f"收到 {rest}", written_at(ctx), ctx.name, ctx.unit or None, "single")
    said = [item for record in language.read(message).records for item in record.fields.get("items", ())]
    if not said:
        return _signed(ctx, at, [one], rest)
    got = _amounts(ctx, note, shares, said)
    return got if isinstance(got, str) else _signed(ctx, at, [one], "", got=got)


def _amounts(
    ctx: Context, note: SupplyNote, shares: Sequence[SupplyShare], said: Sequence[dict[str, Any]]
) -> dict[Goods, int] | str:
    """How much of each item came; why not, where the note does not have it."""
    rules, listed = places.rules_of(ctx), words.items(_goods(shares))
    by_goods = {(share.item, share.measure): share for share in shares}
    got: dict[Goods, int] = {}
    for item in said:
        name, measure = rules.goods(item["item"], item.get("unit", ""))
        goods = next((one for one in by_goods if one[0] == name and measure in {one[1], ""}), None)
        if goods is None:
            return words.SIGN_UNKNOWN.format(ref=note.ref, items=words.said_items([item]), note=listed)
        got[goods] = int(item.get("value", by_goods[goods].amount))
        if got[goods] > by_goods[goods].amount:
            return words.SIGNED_TOO_MUCH.format(ref=note.ref, items=words.items(_goods([by_goods[goods]])))
    return got


def _goods(shares: Sequence[SupplyShare]) -> list[tuple[Goods, float]]:
    return [((share.item, share.measure), float(share.amount)) for share in shares]


def _signed(
    ctx: Context, at: Home, found: Sequence[Delivery], by: str, ref: str = "", *, got: Mapping[Goods, int] = NOTHING
) -> str:
    """Close notes; the answer with what is covered now. `got`: of what less came than is on the note."""
    when = written_at(ctx)
    owner = sharer(ctx, found[0][0], at)
    told = _tell_lead(ctx, owner, found, got)
    for note, shares in found:
        trail = Trail(note, *shares)
        trail.told = told
        note.signed_at, note.signed_ref = when, ref
        note.signed_by = {"name": by, "told_by": ctx.incoming.sender}
        step(note, shares, "signed")
        for share in shares:
            share.received = got.get((share.item, share.measure), share.amount)
            share.signed_on = when.date()
        audit(ctx, "supplies.signed", note.ref, trail)
    return _answer(books_at(ctx, owner), found)


def _answer(books: Books, found: Sequence[Delivery]) -> str:
    shares = [share for _, shares in found for share in shares]
    back = [
        ((share.item, share.measure), float(share.amount - share.received))
        for share in shares
        if share.received is not None and share.received < share.amount
    ]
    got = [((share.item, share.measure), float(share.received or 0)) for share in shares]
    one = found[0][0].party if len(found) == 1 else ""
    what = f"{one} {words.items(got)}" if one else words.SIGNED_MANY.format(count=len(found))
    short = words.SIGNED_SHORT.format(items=words.items(back)) if back else ""
    covered = words.coverage(*coverage(books))
    return words.SIGNED.format(
        refs=words.span([note.ref for note, _ in found]), what=what, short=short, coverage=covered
    )


def _tell_lead(ctx: Context, at: Home, found: Sequence[Delivery], got: Mapping[Goods, int]) -> list[str]:
    """A signature that was given to the bot alone is told to those in charge. Returns whom."""
    if in_group(ctx):
        return []
    configured = tuple(ctx.services["coordinators"](at.chat))
    leads = rights.in_charge_accounts(ctx.uow.session, configured, at.unit)[:1]
    for user in leads:
        if user == ctx.incoming.sender:
            continue
        for note, shares in found[:5]:
            came = words.items((goods, float(got.get(goods, amount))) for goods, amount in _goods(shares))
            told = words.SIGNED_TOLD.format(name=note.party, refs=note.ref, items=came)
            ctx.notices.append(Notice(user, told, "notice"))
    return leads


def sign_by_report(ctx: Context, at: Home, party: str, record: Any) -> str | None:
    """`大都饭店 签收 口罩50只`: the company signs for its one open note; None where it has none."""
    books = books_at(ctx, at)
    found = open_notes(books, [books.party(party).key], OPEN)
    if not found:
        return None
    note, shares = found[0]
    got = _amounts(ctx, note, shares, record.fields["items"])
    if isinstance(got, str):
        return got
    ref = keep(ctx, record)
    return _signed(ctx, at, [(note, shares)], "", ref, got=got)


def signed_before(ctx: Context, at: Home, party: str) -> str:
    """What to say to a company of the register that signs for goods of which it has no open note; empty for others,
    who hand goods over to us.
    """
    books = books_at(ctx, at)
    one = books.party(party)
    if one.company is None:
        return ""
    found = open_notes(books, [one.key], ("signed",))
    return why_not(found) if found else words.NOTHING_TO_SIGN.format(name=one.name)


def unsign(ctx: Context, ref: str) -> None:
    """The record that a note was signed by was taken back: it is on its way again."""
    for note, shares in supplies.signed_by(ctx.uow.session, ref):
        note.signed_at, note.signed_by, note.signed_ref = None, None, ""
        step(note, shares, "on_way" if note.left_at is not None else "allocated")
        for share in shares:
            share.received, share.signed_on = None, None
