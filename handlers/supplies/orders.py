"""The commands about companies and supplies: each order of `words.ORDERS` has its function here."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import language
from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.language.expressions import expression
from handlers.language.types import Message
from handlers.ledger import audit, written_at
from handlers.supplies import allocation, delivery, lists, places, register, signing, stock
from handlers.supplies.words import listed
from handlers.traces import Trail
from storage.tables_supplies import Enterprise, EnterpriseReport

router = Router("supply_orders")


def _list(ctx: Context, text: str) -> str:
    """企业 名单 甲、乙: companies that are to be asked."""
    at = places.here(ctx)
    names = listed(text)
    ctx.uow.flush()
    trail, new = Trail(), [name for name in names if _enlist(ctx, at, name)]
    known = len(names) - len(new)
    for name in new:
        trail.made(places.known_as(ctx, at, name), state="undone")
    if new:
        audit(ctx, "enterprise.listed", "", trail, count=len(new))
    return words.LISTED.format(new=len(new), known=words.LISTED_KNOWN.format(count=known) if known else "")


def _enlist(ctx: Context, at: Home, name: str) -> bool:
    """Enter a company that is not in the register, or not any more; whether it was not."""
    row = places.known_as(ctx, at, name)
    if row is None:
        register.enter(ctx, at, ctx.uow.next_ref("E"), name)
    elif row.state == "undone":
        row.state = "listed"
    else:
        return False
    return True


def _contacted(ctx: Context, text: str) -> str:
    at = places.here(ctx)
    found = [places.meant(ctx, at, name) for name in listed(text)]
    for one in found:
        if isinstance(one, str):
            return one
    rows = [one for one in found if isinstance(one, Enterprise)]
    for row in rows:
        trail = Trail(row)
        row.state = "contacted" if row.state == "listed" else row.state
        audit(ctx, "enterprise.contacted", row.ref, trail)
    return words.CONTACTED.format(names="、".join(row.name for row in rows))


def _contact(ctx: Context, text: str) -> str:
    """企业 联系人 大都饭店 王建国 13800001111."""
    phone = register.PHONE.search(text)
    rest = listed(register.PHONE.sub(" ", text))
    if len(rest) < 2:  # noqa: PLR2004  (which company, and who)
        return words.CONTACT_HOW
    company = places.meant(ctx, places.here(ctx), rest[0])
    if isinstance(company, str):
        return company
    company.contact, company.contact_phone = rest[1], phone[0] if phone else company.contact_phone
    audit(ctx, "enterprise.contact", company.ref)
    return "\n".join([words.CONTACT_KEPT.format(name=company.name), *register.recall(ctx)])


def _opened(ctx: Context, text: str) -> str:
    return _says(ctx, text, words.OPENED, open_=True)


def _closed(ctx: Context, text: str) -> str:
    return _says(ctx, text, words.CLOSED, open_=False)


def _says(ctx: Context, text: str, answer: str, *, open_: bool) -> str:
    """Whether a company is open, said by itself: kept as a report of its own."""
    company = places.meant(ctx, places.here(ctx), text)
    if isinstance(company, str):
        return company
    company.open = open_
    report = EnterpriseReport(ref=ctx.uow.next_ref("E"), enterprise=company.ref, open=open_, state="active")
    trail = Trail()
    trail.made(report, state="undone")
    ctx.uow.session.add(report)
    audit(ctx, "enterprise.open", company.ref, trail, open=open_)
    return answer.format(name=company.name)


def _more(ctx: Context, text: str) -> str:
    """大都饭店追加 口罩200只: read as a need, counted on top."""
    at = places.here(ctx)
    said = text.replace("追加", "需要", 1)
    read = language.read(Message(said, written_at(ctx), ctx.name, ctx.unit or None, "single"))
    found = [record for record in read.records if record.kind == "supply"]
    if not found:
        return words.TELL_GOODS
    ctx.unit = at.unit
    return stock.need(ctx, at, found[0], more=True)


FUNCTIONS: Mapping[str, Callable[[Context, str], str]] = {
    "enterprise_join": register.join,
    "enterprise_differ": register.differ,
    "enterprise_list": _list,
    "enterprise_contacted": _contacted,
    "enterprise_contact": _contact,
    "enterprise_open": _opened,
    "enterprise_closed": _closed,
    "enterprise_silent": lists.silent,
    "enterprise_book": lists.register_file,
    "enterprise_figures": lists.figures,
    "enterprise_show": lists.show,
    "supply_gaps": lists.gaps,
    "supply_needs": lists.needs,
    "supply_stock": lists.batches,
    "supply_coverage": lists.coverage,
    "supply_needs_book": lists.needs_file,
    "supply_notes_book": lists.notes_file,
    "supply_story": lists.story,
    "supply_confirm": allocation.confirm,
    "supply_cancel": allocation.cancel,
    "supply_change": allocation.change,
    "supply_share": allocation.share,
    "supply_more": _more,
    "supply_leave": delivery.leave,
    "supply_back": delivery.give_back,
    "supply_sign": signing.sign,
}


_ABOUT = expression(r"^[/／]?\s*企业[\s:：]+(?P<name>\S{2,40})$")


@router.otherwise
def about(ctx: Context, reading: Any) -> str | None:
    """企业 大都饭店: what the register knows of it; silent about others, whose hours somebody may be asking for."""
    match = _ABOUT.match(reading.text.strip()) if reading.addressed else None
    if match is None:
        return None
    company = places.meant(ctx, places.here(ctx), match["name"])
    return lists.card(ctx, company) if isinstance(company, Enterprise) else None


@router.command(*FUNCTIONS)
def obey(ctx: Context, command: Any) -> str:
    """Do what an order says."""
    return FUNCTIONS[command["name"]](ctx, command["text"])
