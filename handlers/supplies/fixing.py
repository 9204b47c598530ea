"""撤回 and 更正 of what was said about companies and supplies: everything is made anew from what still holds. 撤回 of
steps: where goods are on their way to their parties.
"""

from collections import Counter

from sqlalchemy import update

from bot.context import Context
from handlers import texts_steps
from handlers import texts_supplies as words
from handlers.ledger import written_at
from handlers.steps import Taken, Way, Ways
from handlers.supplies import covered, delivery, places, register, signing
from handlers.supplies.needs import Goods
from handlers.supplies.standing import Books
from storage import supplies
from storage.tables import RecordRow
from storage.tables_supplies import (
    Enterprise,
    EnterpriseReport,
    SupplyAllocation,
    SupplyLine,
    SupplyNote,
    SupplyShare,
)

KINDS = frozenset({"enterprise", "supply"})


def undo(ctx: Context, row: RecordRow) -> None:
    """Take the effects of a record back."""
    if row.kind not in KINDS:
        return
    session = ctx.uow.session
    session.execute(update(SupplyLine).where(SupplyLine.ref == row.ref).values(state="undone"))
    signing.unsign(ctx, row.ref)
    report = supplies.report(session, row.ref)
    if report is None:
        return
    report.state = "undone"
    session.flush()
    company = supplies.enterprise(session, report.enterprise)
    if company is not None:
        register.refold(ctx, company)
        if company.reported_at is None and supplies.report(session, company.ref) is not None:
            _forget(company)


def _forget(company: Enterprise) -> None:
    """Nothing holds any more of a company that is known from reports alone, whom to call there least of all."""
    company.state, company.contact, company.contact_phone = "undone", None, None


def carry(ctx: Context, row: RecordRow) -> None:
    """Carry a corrected record into the books: its lines are made anew for the day on which it was said."""
    if row.kind not in KINDS:
        return
    session = ctx.uow.session
    session.flush()
    _lines(ctx, row)
    report = supplies.report(session, row.ref)
    company = supplies.enterprise(session, report.enterprise) if report is not None else None
    if company is not None:
        register.refold(ctx, company)


def _lines(ctx: Context, row: RecordRow) -> None:
    session, rules = ctx.uow.session, places.rules_of(ctx)
    former = list(supplies.lines_of(session, row.ref))
    if not former:
        return
    first = former[0]
    names = ("ref", "action", "more", "chat", "unit", "party", "enterprise", "batch", "day", "at", "state")
    kept = {name: getattr(first, name) for name in names}
    for one in former:
        session.delete(one)
    for said in row.fields.get("items") or row.fields.get("shortages") or ():
        item, measure = rules.goods(said["item"], said.get("unit", ""))
        session.add(SupplyLine(item=item, measure=measure, amount=said.get("value"), **kept))


# -- steps -------------------------------------------------------------------------------------------------------------


def _note_stands(ctx: Context, taken: Taken) -> str:  # noqa: ARG001  (a way's shape)
    return words.note_stands({note.state for note in taken.of(SupplyNote)})


def _unsigned(ctx: Context, taken: Taken) -> str:
    note = taken.of(SupplyNote)[0]
    books = delivery.books_at(ctx, delivery.sharer(ctx, note, places.here(ctx)))
    return _note_stands(ctx, taken) + words.coverage(*covered.coverage(books))


def _forget_signer(_ctx: Context, taken: Taken) -> None:
    for note in taken.of(SupplyNote):
        note.signed_by = None


def _not_in_stock(ctx: Context, taken: Taken) -> str:
    """Goods that came back into stock may have been given to others since, or to the same party anew."""
    notes, shares = taken.of(SupplyNote), taken.of(SupplyShare)
    if not notes:
        return ""
    books = delivery.books_at(ctx, delivery.sharer(ctx, notes[0], places.here(ctx)))
    wanted: Counter[Goods] = Counter()
    for share in shares:
        wanted[share.item, share.measure] += share.amount - (share.received or 0)
    short = any(number > 0 and _stock(books, goods) < number for goods, number in wanted.items())
    keys = {books.party(note.party, note.enterprise).key for note in notes}
    anew = any(one.id > notes[-1].id and books.party(one.party, one.enterprise).key in keys for one, _ in books.notes)
    if short or (anew and taken.action == "supplies.returned"):
        return words.GIVEN_SINCE.format(what=texts_steps.what(taken.action, taken.refs))
    return ""


def _stock(books: Books, goods: Goods) -> float:
    return books.totals[goods].stock if goods in books.totals else 0


def _another_draft(ctx: Context, taken: Taken) -> str:
    rows = taken.of(SupplyAllocation)
    waiting = supplies.draft(ctx.uow.session, rows[0].chat) if rows else None
    return "" if waiting is None else words.ANOTHER_DRAFT.format(ref=waiting.ref)


def _draft_waits(ctx: Context, taken: Taken) -> str:  # noqa: ARG001  (a way's shape)
    waiting = next((row for row in taken.of(SupplyAllocation) if row.state == "draft"), None)
    return words.DRAFT_AGAIN.format(ref=waiting.ref) if waiting is not None else words.NO_DRAFT_NOW


def _company_stands(ctx: Context, taken: Taken) -> str:
    company = supplies.enterprise(ctx.uow.session, taken.refs[0])
    if company is None:
        return words.NOT_LISTED
    known = words.opens(company.opens_on, written_at(ctx).date(), open_=company.open)
    return words.COMPANY_STANDS.format(name=company.name, known=known or words.UNTOLD)


def _contact_stands(ctx: Context, taken: Taken) -> str:
    """Whoever was called twice, or has reported since before, is not 未联系 again."""
    found = [supplies.enterprise(ctx.uow.session, ref) for ref in taken.refs]
    called = [one for one in found if one is not None and one.state != "listed"]
    return words.CONTACTED_BEFORE.format(names="、".join(one.name for one in called)) if called else words.NOT_CONTACTED


def _refold(ctx: Context, taken: Taken) -> None:
    ctx.uow.session.flush()
    for report in taken.of(EnterpriseReport):
        company = supplies.enterprise(ctx.uow.session, report.enterprise)
        if company is not None:
            register.refold(ctx, company)


WAYS: Ways = {
    "supplies.left": Way(_note_stands),
    "supplies.signed": Way(_unsigned, _not_in_stock, _forget_signer),
    "supplies.returned": Way(_note_stands, _not_in_stock),
    "supplies.draft": Way(_draft_waits),
    "supplies.changed": Way(lambda _ctx, _taken: words.AS_BEFORE),
    "supplies.cancelled": Way(_draft_waits, _another_draft),
    "supplies.confirmed": Way(_draft_waits, _another_draft),
    "enterprise.listed": Way(lambda _ctx, _taken: words.NOT_LISTED),
    "enterprise.contacted": Way(_contact_stands),
    "enterprise.open": Way(_company_stands, back=_refold),
    "enterprise.different": Way(lambda _ctx, _taken: words.UNDECIDED),
}
"""What can be taken back exactly. Two companies that were joined stay one."""
