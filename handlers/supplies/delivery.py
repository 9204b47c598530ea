"""配送, 退回: from a share that waits to goods on their way, and back into stock. What is signed for: `signing`."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.language.expressions import expression
from handlers.ledger import audit, written_at
from handlers.supplies import places
from handlers.supplies.rules import Heavy
from handlers.supplies.standing import Books, load, open_notes
from handlers.supplies.words import refs as refs_in
from handlers.supplies.words import trip
from handlers.traces import Trail
from storage import supplies
from storage.tables_supplies import SupplyAllocation, SupplyNote, SupplyShare

Delivery = tuple[SupplyNote, list[SupplyShare]]
OPEN = ("allocated", "on_way")
_ALL = expression(r"^(?:全部|所有)")
_BACK_WORDS = expression(r"^(?:退回|送不到|没送到|未送到)了?\s*")
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
        return why_not(found)
    crew = list(told.people) or [ctx.name]
    heavy = _heavy(places.rules_of(ctx), going)
    if heavy is not None and len(crew) < heavy.people:
        return _alone(heavy, [note.ref for note, _ in going], crew[0])
    for note, shares in going:
        trail = Trail(note, *shares)
        note.crew, note.vehicle, note.left_at = crew, told.vehicle, written_at(ctx)
        step(note, shares, "on_way")
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
        return named(ctx, at, refs)
    waiting = [one for one in supplies.notes(ctx.uow.session, _scope(at)) if one[0].state == "allocated"]
    if form := _FORM.match(text):
        shared = supplies.allocation(ctx.uow.session, f"F{int(form[1])}")
        waiting = [one for one in waiting if shared is not None and one[0].allocation_id == shared.id]
    elif not _ALL.match(text):
        return words.LEAVE_HOW
    return waiting or words.NO_NOTES


def named(ctx: Context, at: Home, refs: Sequence[str]) -> list[Delivery] | str:
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


def why_not(found: Sequence[Delivery]) -> str:
    """Why nothing can be done with notes that are closed."""
    refs = words.span([note.ref for note, _ in found])
    signed = all(note.state == "signed" for note, _ in found)
    return (words.ALREADY if signed else words.WAS_RETURNED).format(refs=refs)


def _heavy(rules: Any, going: Sequence[Delivery]) -> Heavy | None:
    """The load among these that takes most people."""
    every = [found for _, shares in going for share in shares if (found := rules.carriers((share.item, share.measure)))]
    return max(every, key=lambda one: one.people, default=None)


def step(note: SupplyNote, shares: Sequence[SupplyShare], state: str) -> None:
    """Move a note on, with its shares."""
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
        step(note, shares, "on_way")
    return [note.ref for note, _ in found]


def books_at(ctx: Context, at: Home) -> Books:
    """How everything stands with a group, this message included."""
    ctx.uow.flush()
    return load(ctx.uow.session, at, places.rules_of(ctx), written_at(ctx).date())


def sharer(ctx: Context, note: SupplyNote, at: Home) -> Home:
    """The group that shared the goods out: it counts who is covered, wherever somebody signs."""
    shared = ctx.uow.session.get(SupplyAllocation, note.allocation_id)
    return Home(shared.chat, shared.unit) if shared is not None else at


def give_back(ctx: Context, text: str) -> str:
    """退回 D3 没人: goods that could not be handed over are in stock again."""
    at = places.here(ctx)
    ctx.uow.flush()
    refs, reason = refs_in(text)
    reason = _BACK_WORDS.sub("", reason)
    found = named(ctx, at, refs)
    if isinstance(found, str):
        return found
    back = [one for one in found if one[0].state in OPEN]
    if not back:
        signed = [note.ref for note, _ in found if note.state == "signed"]
        return words.BACK_SIGNED.format(refs=words.span(signed), first=signed[0]) if signed else why_not(found)
    for note, shares in back:
        trail = Trail(note, *shares)
        step(note, shares, "returned")
        audit(ctx, "supplies.returned", note.ref, trail, reason=reason)
    said = f"（{reason}）" if reason else ""
    return words.RETURNED.format(refs=words.span([note.ref for note, _ in back]), reason=said)
