"""撤回 and 更正 of what was said about companies and supplies: everything is made anew from what still holds."""

from sqlalchemy import update

from bot.context import Context
from handlers.supplies import delivery, places, register
from storage import supplies
from storage.tables import RecordRow
from storage.tables_supplies import Enterprise, SupplyLine

KINDS = frozenset({"enterprise", "supply"})


def undo(ctx: Context, row: RecordRow) -> None:
    """Take the effects of a record back."""
    if row.kind not in KINDS:
        return
    session = ctx.uow.session
    session.execute(update(SupplyLine).where(SupplyLine.ref == row.ref).values(state="undone"))
    delivery.unsign(ctx, row.ref)
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
