"""分配: a draft is shown, changed by hand where somebody knows better, and confirmed as it was shown. Each party then
has a delivery note.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.context import Context, Notice
from handlers import rights
from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.ledger import audit, written_at
from handlers.supplies import books as workbooks
from handlers.supplies import places, stock
from handlers.supplies.needs import Goods, Standing
from handlers.supplies.shares import Want, share_out
from handlers.supplies.standing import Books, Party
from handlers.supplies.words import changed, sharing
from handlers.texts import MOST_LINES
from handlers.traces import Trail
from storage import supplies
from storage.tables_supplies import SupplyAllocation, SupplyNote, SupplyShare

Change = tuple[str, str, str, int]
"""(party's key, item, measure, amount) that somebody set by hand."""


@dataclass(slots=True)
class Plan:
    """Who is to get what, as the books stand."""

    parties: list[Party]
    shares: dict[Goods, dict[str, int]] = field(default_factory=dict)
    """Goods → party's key → share, for everybody on the list who needs some."""
    lacks: dict[Goods, dict[str, int]] = field(default_factory=dict)
    """What each of them lacks before it."""
    stock: dict[Goods, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    """Party's key → why it is on the list, in words."""

    def of(self, key: str) -> list[tuple[Goods, int, int]]:
        """(goods, lack, share) of one party."""
        return [(goods, self.lacks[goods][key], found[key]) for goods, found in self.shares.items() if key in found]

    @property
    def served(self) -> list[Party]:
        """Those who get something."""
        return [party for party in self.parties if any(share for _, _, share in self.of(party.key))]

    def basis(self) -> str:
        """The same for the same shares."""
        told = [[party.key, *map(list, self.of(party.key))] for party in self.parties]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def plan(books: Books, goods: Iterable[Goods], share: str = "", changes: Sequence[Change] = ()) -> Plan:
    """Share out what is in stock of `goods` among those on the list."""
    found = Plan(books.on_list())
    found.reasons = {p.key: words.REASONS[p.list_reason(books.rules, books.today)] for p in found.parties}
    fixed = {(key, (item, measure)): value for key, item, measure, value in changes}
    for one in goods:
        total = books.totals.get(one)
        if total is not None and total.stock > 0:
            _share(found, books, one, share, {key: value for (key, of), value in fixed.items() if of == one})
    return found


def _share(found: Plan, books: Books, goods: Goods, share: str, fixed: dict[str, int]) -> None:
    standing = {party.key: books.standing(party.key, goods) for party in found.parties}
    wants = [
        Want(party.key, standing[party.key].need, standing[party.key].given, party.staff)
        for party in found.parties
        if standing[party.key].lacks
    ]
    if not wants:
        return
    found.stock[goods] = books.totals[goods].stock
    found.lacks[goods] = {want.key: want.lacks for want in wants}
    by_hand = {want.key: min(fixed[want.key], want.lacks) for want in wants if want.key in fixed}
    left = max(0, found.stock[goods] - sum(by_hand.values()))
    rule = books.rules.rule_for(goods[0], share)
    dealt = share_out([want for want in wants if want.key not in by_hand], left, rule)
    found.shares[goods] = {want.key: (dealt | by_hand)[want.key] for want in wants}


# -- commands ----------------------------------------------------------------------------------------------------------


def share(ctx: Context, text: str) -> str:
    """分配 口罩 平均: a draft of these items, or of everything in stock."""
    if not rights.may(ctx, "allocate", places.here(ctx).unit):
        return rights.refusal(ctx, "allocate", places.here(ctx).unit)
    at = places.here(ctx)
    books = stock.books_of(ctx, at)
    rule, asked = sharing(text)
    goods = _goods(books, asked)
    if isinstance(goods, str):
        return words.NOTHING_TO_SHARE.format(why=goods)
    found = plan(books, goods, rule)
    if not found.served:
        return words.NOTHING_TO_SHARE.format(why=words.WHY_NO_NEED)
    former = supplies.draft(ctx.uow.session, at.chat)
    trail = Trail(former) if former is not None else Trail()
    row = _draft(ctx, at, rule, list(found.shares), found)
    trail.made(row, state="cancelled")
    said = _shown(ctx, row, found, books)
    if former is not None:
        former.state, former.decided_at = "cancelled", ctx.now
        said += "\n" + words.DRAFT_WAITS.format(ref=former.ref)
    audit(ctx, "supplies.draft", row.ref, trail)
    return said


def _goods(books: Books, asked: Sequence[str]) -> list[Goods] | str:
    """What is in stock of the items asked for, or of all; else why nothing can be shared."""
    there = [goods for goods in books.goods() if books.totals[goods].stock > 0]
    if not there:
        return words.WHY_NO_STOCK
    wanted = [books.rules.goods(word, "")[0] for word in asked]
    for said, item in zip(asked, wanted, strict=True):
        if all(goods[0] != item for goods in there):
            have = words.items((goods, books.totals[goods].stock) for goods in there)
            return words.WHY_NO_ITEM.format(item=said, stock=have)
    return [goods for goods in there if not wanted or goods[0] in wanted]


def _draft(ctx: Context, at: Home, rule: str, goods: Sequence[Goods], found: Plan) -> SupplyAllocation:
    row = SupplyAllocation(ref=ctx.uow.next_ref("F"), chat=at.chat, unit=at.unit, state="draft", rule=rule)
    row.items, row.changes, row.basis = [list(one) for one in goods], [], found.basis()
    row.by, row.made_at = ctx.incoming.sender, written_at(ctx)
    ctx.uow.session.add(row)
    return row


def _shown(ctx: Context, row: SupplyAllocation, found: Plan, books: Books) -> str:
    """The draft in lines; all of it as a file to whoever asked."""
    rule = words.RULES[row.rule or books.rules.rule.share]
    lines = [words.DRAFT_HEAD.format(ref=row.ref, rule=rule, parties=len(found.served))]
    lines += [_item(found, goods) for goods in found.shares]
    lines += _each(found)
    lines += _left_out(books)
    content, name = workbooks.plan_book(found, row.ref), workbooks.file_name("分配方案", row.ref)
    ctx.notices.append(Notice(ctx.incoming.sender, name, "notice", form="file", media=content, file_name=name))
    return "\n".join([*lines, words.DRAFT_NEXT])


def _each(found: Plan) -> list[str]:
    """What each gets, where they are few enough for a chat."""
    if len(found.served) > MOST_LINES:
        return []
    given = [(p.name, words.items((g, float(share)) for g, _, share in found.of(p.key) if share)) for p in found.served]
    return [f"  · {name}：{items}" for name, items in given]


def _item(found: Plan, goods: Goods) -> str:
    shared, lacks = sum(found.shares[goods].values()), sum(found.lacks[goods].values())
    short = words.DRAFT_SHORT.format(short=words.amount(goods, lacks - shared))
    enough = words.DRAFT_ENOUGH.format(left=words.amount(goods, found.stock[goods] - shared))
    return words.DRAFT_ITEM.format(
        item=goods[0],
        stock=words.amount(goods, found.stock[goods]),
        lacks=words.amount(goods, lacks),
        shared=words.amount(goods, shared),
        after=short if lacks > shared else enough,
    )


def _left_out(books: Books) -> list[str]:
    """Those who need something and are not on the list, and those who said no number."""
    lines = []
    listed_ = {party.key for party in books.on_list()}
    out = [books.parties[key].name for key, items in books.standings.items() if key not in listed_ and _lacks(items)]
    unstated = [
        books.parties[key].name for key, items in books.standings.items() if any(s.unstated for s in items.values())
    ]
    if out:
        lines.append(words.DRAFT_OUT.format(names=words.some(out)))
    if unstated:
        lines.append(words.DRAFT_UNSTATED.format(names=words.some(unstated)))
    return lines


def _lacks(items: dict[Goods, Standing]) -> bool:
    return any(one.lacks for one in items.values())


def change(ctx: Context, text: str) -> str:
    """分配 改 大都饭店 口罩 30."""
    opened = _opened(ctx)
    if isinstance(opened, str):
        return opened
    row, at, books = opened
    told = changed(text)
    if told is None:
        return words.CHANGE_HOW
    party, item = _party(ctx, at, books, told[0]), books.rules.goods(told[1], "")[0]
    if not told[2].isdigit():
        return words.CHANGE_WHOLE.format(said=told[2])
    now = _replanned(row, books)
    if all(goods[0] != item for goods in now.lacks):
        return words.CHANGE_NO_ITEM.format(item=told[1], items="、".join(goods[0] for goods in now.lacks))
    goods = next((one for one, by_party in now.lacks.items() if one[0] == item and party.key in by_party), None)
    if goods is None:
        return words.CHANGE_NOBODY.format(party=party.name)
    return _changed(ctx, row, books, now, (party, goods, int(told[2])))


def _party(ctx: Context, at: Home, books: Books, name: str) -> Party:
    """The company that somebody means, or whoever else is called so."""
    found = places.meant(ctx, at, name)
    return books.party(name) if isinstance(found, str) else books.party(found.name, found.ref)


def _changed(ctx: Context, row: SupplyAllocation, books: Books, now: Plan, wish: tuple[Party, Goods, int]) -> str:
    party, goods, amount = wish
    lacks = now.lacks[goods][party.key]
    if amount > lacks:
        said = words.amount(goods, lacks)
        return words.CHANGE_TOO_MUCH.format(party=party.name, item=goods[0], lacks=said)
    others = [one for one in _changes(row) if (one[0], (one[1], one[2])) != (party.key, goods)]
    taken = sum(one[3] for one in others if (one[1], one[2]) == goods)
    if amount + taken > now.stock[goods]:
        said = words.amount(goods, now.stock[goods] - taken)
        return words.CHANGE_NO_STOCK.format(item=goods[0], stock=said, amount=amount)
    trail = Trail(row)
    row.changes = [*map(list, others), [party.key, *goods, amount]]
    found = _replanned(row, books)
    row.basis = found.basis()
    audit(ctx, "supplies.changed", row.ref, trail, party=party.key, item=goods[0], amount=amount)
    return _shown(ctx, row, found, books)


def _changes(row: SupplyAllocation) -> list[Change]:
    return [(key, item, measure, amount) for key, item, measure, amount in row.changes]


def _replanned(row: SupplyAllocation, books: Books) -> Plan:
    return plan(books, [(item, measure) for item, measure in row.items], row.rule, _changes(row))


def _opened(ctx: Context) -> tuple[SupplyAllocation, Home, Books] | str:
    """The draft that waits here, for somebody who may decide; else what to say."""
    at = places.here(ctx)
    if not rights.may(ctx, "allocate", at.unit):
        return rights.refusal(ctx, "allocate", at.unit)
    ctx.uow.flush()
    row = supplies.draft(ctx.uow.session, at.chat)
    return words.NO_DRAFT if row is None else (row, at, stock.books_of(ctx, at))


def cancel(ctx: Context, _text: str) -> str:
    """分配 取消."""
    opened = _opened(ctx)
    if isinstance(opened, str):
        return opened
    row = opened[0]
    trail = Trail(row)
    row.state, row.decided_at = "cancelled", ctx.now
    audit(ctx, "supplies.cancelled", row.ref, trail)
    return words.CANCELLED.format(ref=row.ref)


def confirm(ctx: Context, _text: str) -> str:
    """分配 确认: what was shown becomes notes; if things have changed since, it is shown anew."""
    opened = _opened(ctx)
    if isinstance(opened, str):
        return opened
    row, at, books = opened
    found = _replanned(row, books)
    if found.basis() != row.basis:
        row.basis = found.basis()
        return f"{words.DRAFT_CHANGED}\n{_shown(ctx, row, found, books)}"
    trail = Trail(row)
    made = [_note(ctx, row, at, party, found, trail) for party in found.served]
    row.state, row.decided_at = "confirmed", ctx.now
    audit(ctx, "supplies.confirmed", row.ref, trail, notes=len(made))
    return _confirmed(ctx, row, found, [note.ref for note in made], stock.books_of(ctx, at))


def _note(ctx: Context, row: SupplyAllocation, at: Home, party: Party, found: Plan, trail: Trail) -> SupplyNote:
    """The note of one party, in the unit of the company where that is below ours."""
    session, when = ctx.uow.session, written_at(ctx)
    home = party.company or at
    chat = home.chat or at.chat  # an imported company has no chat of its own
    note = SupplyNote(ref=ctx.uow.next_ref("D"), allocation_id=row.id, chat=chat, unit=home.unit)
    note.party, note.enterprise, note.state = party.name, party.company.ref if party.company else "", "allocated"
    note.made_at, note.vehicle, note.signed_ref = when, "", ""
    session.add(note)
    session.flush()
    trail.made(note, state="returned")
    key = note.enterprise or note.party
    where = {
        "party": key,
        "note_id": note.id,
        "chat": note.chat,
        "unit": note.unit,
        "day": when.date(),
        "state": "allocated",
    }
    for (item, measure), lack, amount in found.of(party.key):
        if amount:
            share = SupplyShare(item=item, measure=measure, need=lack, amount=amount, **where)
            trail.made(share, state="returned")
            session.add(share)
    return note


def _confirmed(ctx: Context, row: SupplyAllocation, found: Plan, refs: Sequence[str], books: Books) -> str:
    shared = [(goods, float(sum(by_party.values()))) for goods, by_party in found.shares.items()]
    short = [
        (goods, float(sum(found.lacks[goods].values()) - amount))
        for goods, amount in shared
        if sum(found.lacks[goods].values()) > amount
    ]
    lines = [
        words.CONFIRMED.format(ref=row.ref, notes=len(refs), refs=words.span(refs), items=words.items(shared)),
        words.CONFIRMED_NEXT.format(first=refs[0] if len(refs) == 1 else words.span(refs).replace("–", "-")),
    ]
    if short:
        lines.append(words.CONFIRMED_SHORT.format(short=words.items(short)))
    notes = [(note, shares) for note, shares in books.notes if note.ref in set(refs)]
    name = workbooks.file_name("配送签收表", row.ref)
    media = workbooks.notes_book(notes, books, contacts=True)
    ctx.notices.append(Notice(ctx.incoming.sender, name, "notice", form="file", media=media, file_name=name))
    return "\n".join(lines)
