"""配送, 签收, 退回: from a share that waits to goods that somebody signed for."""

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
from handlers.supplies.needs import Goods
from handlers.supplies.rules import Heavy
from handlers.supplies.standing import Books, load, open_notes
from handlers.supplies.words import refs as refs_in
from handlers.supplies.words import trip
from handlers.traces import Trail
from storage import supplies
from storage.tables_supplies import Enterprise, SupplyAllocation, SupplyNote, SupplyShare

Delivery = tuple[SupplyNote, list[SupplyShare]]
OPEN = ("allocated", "on_way")
NOTHING: Mapping[Goods, int] = MappingProxyType({})
_ALL = expression(r"^(?:全部|所有)")
_FORM = expression(r"^[FＦf]\s*(\d{1,7})")


def leave(ctx: Context, text: str) -> str:
    """配送 D1-D12 张三 李四 京A12345: a crew is on its way. Heavy loads take two."""
    at = places.here(ctx)
    ctx.uow.flush()
    told = trip(_ALL.sub("", _FORM.sub("", text.strip())).strip())
    found = _wanted(ctx, at, text.strip(), told.refs)
    if isinstance(found, str):
        return found
    going = [one for one in found if one[0].state in OPEN]
    if not going:
        return _why_not(found)
    crew = list(told.people) or [ctx.name]
    heavy = _heavy(places.rules_of(ctx), going)
    if heavy is not None and len(crew) < heavy.people:
        return _alone(heavy, [note.ref for note, _ in going], crew[0])
    for note, shares in going:
        trail = Trail(note, *shares)
        note.crew, note.vehicle, note.left_at = crew, told.vehicle, written_at(ctx)
        _step(note, shares, "on_way")
        audit(ctx, "supplies.left", note.ref, trail, crew=crew)
    refs = [note.ref for note, _ in going]
    return _left(refs, crew, told.vehicle, heavy)


def _alone(heavy: Heavy, refs: Sequence[str], name: str) -> str:
    told = words.span(refs).replace("–", "-")
    facts = {"item": heavy.item, "weight": heavy.weight, "measure": heavy.measure, "people": heavy.people}
    return words.HEAVY_ALONE.format(refs=told, name=name, **facts)


def _left(refs: Sequence[str], crew: Sequence[str], vehicle: str, heavy: Heavy | None) -> str:
    car = f"，{vehicle}" if vehicle else ""
    said = words.LEFT.format(refs=words.span(refs), count=len(refs), people="、".join(crew), vehicle=car, first=refs[0])
    if heavy is None:
        return said
    return said + words.HEAVY.format(item=heavy.item, weight=heavy.weight, measure=heavy.measure, people=heavy.people)


def _wanted(ctx: Context, at: Home, text: str, refs: Sequence[str]) -> list[Delivery] | str:
    """The notes that a crew takes: named, all of a sharing-out, or all that wait."""
    if refs:
        return _named(ctx, at, refs)
    waiting = [one for one in supplies.notes(ctx.uow.session, _scope(at)) if one[0].state == "allocated"]
    if form := _FORM.match(text):
        shared = supplies.allocation(ctx.uow.session, f"F{int(form[1])}")
        waiting = [one for one in waiting if shared is not None and one[0].allocation_id == shared.id]
    elif not _ALL.match(text):
        return words.LEAVE_HOW
    return waiting or words.NO_NOTES


def _named(ctx: Context, at: Home, refs: Sequence[str]) -> list[Delivery] | str:
    """Notes by number. Those of other groups are not ours."""
    found: list[Delivery] = []
    for ref in refs:
        one = supplies.note(ctx.uow.session, ref)
        if one is None:
            return words.NO_NOTE.format(refs=ref)
        if not _ours(ctx, at, one[0]):
            return words.NOT_YOUR_NOTE.format(refs=ref)
        found.append(one)
    return found


def _ours(ctx: Context, at: Home, note: SupplyNote) -> bool:
    """Whether a note is this group's business, or the writer's own: who carries it, who reported for the company."""
    groups = {note.chat, sharer(ctx, note, at).chat}
    below = bool(at.unit) and (note.unit == at.unit or note.unit.startswith(at.unit + "/"))
    if (at.chat and at.chat in groups) or below or ctx.name in (note.crew or ()):
        return True
    company = supplies.enterprise(ctx.uow.session, note.enterprise) if note.enterprise else None
    return company is not None and company.reporter == ctx.incoming.sender


def _scope(at: Home) -> Any:
    return supplies.scope_of(at.unit, at.chat)


def _why_not(found: Sequence[Delivery]) -> str:
    refs = words.span([note.ref for note, _ in found])
    signed = all(note.state == "signed" for note, _ in found)
    return (words.ALREADY if signed else words.WAS_RETURNED).format(refs=refs)


def _heavy(rules: Any, going: Sequence[Delivery]) -> Heavy | None:
    """The load among these that takes most people."""
    every = [found for _, shares in going for share in shares if (found := rules.carriers((share.item, share.measure)))]
    return max(every, key=lambda one: one.people, default=None)


def _step(note: SupplyNote, shares: Sequence[SupplyShare], state: str) -> None:
    note.state = state
    for share in shares:
        share.state = state


def delivered(ctx: Context, at: Home, party: str) -> list[str]:
    """送达 was reported: the notes of this party that are on their way now."""
    books = books_at(ctx, at)
    found = open_notes(books, [books.party(party).key], OPEN)
    for note, shares in found:
        note.left_at = note.left_at or written_at(ctx)
        note.crew = note.crew or [ctx.name]
        _step(note, shares, "on_way")
    return [note.ref for note, _ in found]


def books_at(ctx: Context, at: Home) -> Books:
    """How everything stands with a group, this message included."""
    ctx.uow.flush()
    return load(ctx.uow.session, at, places.rules_of(ctx), written_at(ctx).date())


# -- signing -----------------------------------------------------------------------------------------------------------


def sign(ctx: Context, text: str) -> str:
    """签收 D3, 签收 D1-D12, 签收 大都饭店; `签收 D3 口罩45只` where less came; a name behind it is who signed."""
    at = places.here(ctx)
    ctx.uow.flush()
    refs, rest = refs_in(text)
    if not text.strip():
        return words.SIGN_HOW
    found = _named(ctx, at, refs) if refs else _of_party(ctx, at, text)
    if isinstance(found, str):
        return found
    waiting = [one for one in found if one[0].state in OPEN]
    if not waiting:
        return _why_not(found) if found else words.SIGN_HOW
    if refs and len(waiting) == 1 and any(char.isdigit() for char in rest):
        return _sign_less(ctx, at, waiting[0], rest)
    return _signed(ctx, at, waiting, rest if refs else "")


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
    told = _tell_lead(ctx, owner, found)
    for note, shares in found:
        trail = Trail(note, *shares)
        trail.told = told
        note.signed_at, note.signed_ref = when, ref
        note.signed_by = {"name": by, "told_by": ctx.incoming.sender}
        _step(note, shares, "signed")
        for share in shares:
            share.received = got.get((share.item, share.measure), share.amount)
            share.signed_on = when.date()
        audit(ctx, "supplies.signed", note.ref, trail)
    return _answer(books_at(ctx, owner), found)


def sharer(ctx: Context, note: SupplyNote, at: Home) -> Home:
    """The group that shared the goods out: it counts who is covered, wherever somebody signs."""
    shared = ctx.uow.session.get(SupplyAllocation, note.allocation_id)
    return Home(shared.chat, shared.unit) if shared is not None else at


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


def _tell_lead(ctx: Context, at: Home, found: Sequence[Delivery]) -> list[str]:
    """A signature that was given to the bot alone is told to those in charge. Returns whom."""
    if in_group(ctx):
        return []
    configured = tuple(ctx.services["coordinators"](at.chat))
    leads = rights.in_charge_accounts(ctx.uow.session, configured, at.unit)[:1]
    for user in leads:
        if user == ctx.incoming.sender:
            continue
        for note, shares in found[:5]:
            got = words.items(_goods(shares))
            told = words.SIGNED_TOLD.format(name=note.party, refs=note.ref, items=got)
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


def unsign(ctx: Context, ref: str) -> None:
    """The record that a note was signed by was taken back: it is on its way again."""
    for note, shares in supplies.signed_by(ctx.uow.session, ref):
        note.signed_at, note.signed_by, note.signed_ref = None, None, ""
        _step(note, shares, "on_way" if note.left_at is not None else "allocated")
        for share in shares:
            share.received, share.signed_on = None, None


def give_back(ctx: Context, text: str) -> str:
    """退回 D3 没人: goods that could not be handed over are in stock again."""
    at = places.here(ctx)
    ctx.uow.flush()
    refs, reason = refs_in(text)
    found = _named(ctx, at, refs)
    if isinstance(found, str):
        return found
    back = [one for one in found if one[0].state in OPEN]
    if not back:
        return _why_not(found)
    for note, shares in back:
        trail = Trail(note, *shares)
        _step(note, shares, "returned")
        audit(ctx, "supplies.returned", note.ref, trail, reason=reason)
    said = f"（{reason}）" if reason else ""
    return words.RETURNED.format(refs=words.span([note.ref for note, _ in back]), reason=said)


def coverage(books: Books) -> tuple[int, int]:
    """(how many have signed, how many are to get something): those on the list, and whoever got a note anyway."""
    wanted = {party.key for party in books.on_list()}
    wanted |= {books.party(note.party, note.enterprise).key for note, _ in books.notes}
    return len(books.signed() & wanted), len(wanted)


def uncovered(books: Books) -> list[str]:
    """Names of those who have signed for nothing yet."""
    signed = books.signed()
    wanted = [party.key for party in books.on_list()]
    wanted += [books.party(note.party, note.enterprise).key for note, _ in books.notes]
    return [books.parties[key].name for key in dict.fromkeys(wanted) if key not in signed]
