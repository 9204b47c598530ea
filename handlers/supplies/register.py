"""复工摸排: each report is about one company; a later one changes only what it says. A new company whose name is near
that of a known one is asked about once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.context import Context
from bot.router import Needs, Router
from handlers import masking, texts, times
from handlers import texts_supplies as words
from handlers.cases.people import Home
from handlers.form_books import entries, specs
from handlers.language.expressions import expression
from handlers.ledger import audit, in_group, keep, written_at
from handlers.supplies import names, places
from handlers.supplies.words import companies
from handlers.traces import Trail
from storage import supplies
from storage.cases import BoundGroups
from storage.once import Said
from storage.supplies import Companies, EnterpriseNames, NamesAround
from storage.tables_supplies import Enterprise, EnterprisePair, EnterpriseReport, SupplyLine

router = Router("enterprises")

FIELDS = ("opens_on", "staff", "returned", "dormitory", "canteen", "area_m2")
_OPEN = expression(r"(?<!未)(?<!不)(?:正常|正在|已经?|恢复|照常)(?:营业|开业|经营)|营业中|营业状态|(?<!不)在营业")
_CLOSED = expression(r"停业|歇业|暂不营业|不营业|未营业|关门|关停|暂未营业")
_CONTACT = expression(r"(?:联系人|负责人|工会主席|联络人)(?:及电话|姓名)?[:：\s]*(?P<name>[一-鿿·]{2,4})(?![一-鿿])")
PHONE = expression(r"(?<!\d)1[3-9]\d{9}(?!\d)")
MOST_ASKED = 2
SHIPPED = frozenset({"enterprise", "supply"})
"""Forms whose records are kept here, with all that follows from them."""


def _known_names(_ctx: Context, records: Sequence[Any]) -> list[str]:
    return [names.key(record.fields["name"]) for record in records if record.fields.get("name")]


NEEDS: Needs = {
    BoundGroups: lambda _ctx, _records: [""],
    EnterpriseNames: _known_names,
    Said: lambda ctx, _records: [_recall_key(ctx)],
}


@router.record("enterprise", needs=NEEDS)
def survey(ctx: Context, records: Sequence[Any]) -> str:
    """Keep each report and bring its company up to date."""
    at = places.here(ctx)
    one = len(records) == 1
    text = texts.joined(own_forms(ctx, records, lambda record: _survey(ctx, at, record, one=one)))
    return "\n".join([text, *recall(ctx)])


def own_forms(ctx: Context, records: Sequence[Any], otherwise: Callable[[Any], str]) -> list[str]:
    """The answers to records: those of a form that an administrator added go to its entries."""
    lines = []
    for record in records:
        spec = specs.of_record(ctx, record)
        mine = spec is None or spec.name in SHIPPED
        lines.append(otherwise(record) if mine or spec is None else entries.kept(ctx, spec, [record]))
    return lines


def _survey(ctx: Context, at: Home, record: Any, *, one: bool) -> str:
    name = record.fields.get("name", "")
    if len(names.key(name)) < names.LEAST:
        return words.SURVEY_NO_NAME
    company = _company(ctx, at, name)
    questions = [] if company is not None else _near_ones(ctx, at, name)
    if company is not None:
        company.chat = company.chat or at.chat or ctx.incoming.chat  # an imported one has none yet
    if company is not None and not in_group(ctx):
        at = Home(company.chat, company.unit)
    ctx.unit = at.unit
    ref = keep(ctx, record)
    fresh = company is None or company.reported_at is None
    if company is None:
        company = enter(ctx, at, ref, name)
    answer = _take(ctx, company, record.fields, ref, fresh=fresh, one=one)
    return "\n".join([answer, *(_ask(ctx, company, other) for other in questions)])


def _company(ctx: Context, at: Home, name: str) -> Enterprise | None:
    found = places.known_as(ctx, at, name)
    if found is None and not in_group(ctx):
        found = places.from_anywhere(ctx, name)
    return found


def enter(ctx: Context, at: Home, ref: str, name: str, state: str = "listed") -> Enterprise:
    """A new company, found under its name from now on."""
    company = Enterprise(ref=ref, chat=at.chat, unit=at.unit, name=name[:200], state=state)
    company.listed_at, company.reporter, company.merged_into = written_at(ctx), "", ""
    ctx.facts(NamesAround).of(places.place(at)).append((ref, company.name))
    ctx.facts(Companies).add(ref, company)
    places.call(ctx, company, name)
    return company


def _take(ctx: Context, company: Enterprise, fields: Mapping[str, Any], ref: str, *, fresh: bool, one: bool) -> str:
    """What a report says goes into the company's row; the answer."""
    session, told = ctx.uow.session, _own_words(ctx.incoming.text, company.name, fields.get("name", ""), one=one)
    open_ = _open(told)
    session.add(EnterpriseReport(ref=ref, enterprise=company.ref, open=open_, state="active"))
    before = {name: getattr(company, name) for name in FIELDS}
    was_open = company.open
    apply(company, fields, open_)
    company.state = "reported" if fresh else "updated"
    company.reported_at, company.reporter = written_at(ctx), ctx.incoming.sender
    _contact(company, told)
    add_lines(ctx, company, fields, ref)
    short = words.said_items(fields.get("shortages", ()))
    today = written_at(ctx).date()
    if fresh:
        return words.surveyed(ref, company, short, today, one=one)
    changes = [words.change(n, before[n], getattr(company, n)) for n in FIELDS if before[n] != getattr(company, n)]
    changes += [words.opens(None, today, open_=company.open)] if company.open != was_open else []
    if not changes and not short:
        return words.SAME_AGAIN.format(ref=ref, name=company.name)
    return words.survey_changed(ref, company, changes, short)


def apply(company: Enterprise, fields: Mapping[str, Any], open_: bool | None) -> None:  # noqa: FBT001  (as stored)
    """Carry the stated fields of one report over; what it does not state stays."""
    for name in FIELDS[1:]:
        if fields.get(name) is not None:
            setattr(company, name, fields[name])
    if fields.get("opens_at"):
        company.opens_on = times.day(fields["opens_at"])
        company.open = None
    if open_ is not None:
        company.open = open_


def _own_words(text: str, *called: str, one: bool) -> str:
    """What a message says about one company: all of it, or of a list the lines that name it."""
    if one:
        return text
    keys = [names.key(name) for name in called if name]
    return "\n".join(line for line in text.splitlines() if any(key in names.key(line) for key in keys))


def _open(text: str) -> bool | None:
    if _CLOSED.search(text):
        return False
    return True if _OPEN.search(text) else None


def _contact(company: Enterprise, text: str) -> None:
    if (found := _CONTACT.search(text)) is not None:
        company.contact = found["name"]
        phone = PHONE.search(text, found.end())
        company.contact_phone = phone[0] if phone else company.contact_phone


def add_lines(ctx: Context, company: Enterprise, fields: Mapping[str, Any], ref: str) -> None:
    """What a company lacks is needed there."""
    rules, at = places.rules_of(ctx), written_at(ctx)
    for short in fields.get("shortages") or ():
        item, measure = rules.goods(short["item"], short.get("unit", ""))
        ctx.uow.insert(
            SupplyLine,
            ref=ref,
            action="need",
            more=False,
            chat=company.chat,
            unit=company.unit,
            party=company.name,
            enterprise=company.ref,
            item=item,
            measure=measure,
            amount=short.get("value"),
            batch=None,
            day=at.date(),
            at=at,
            state="active",
        )


def _near_ones(ctx: Context, at: Home, name: str) -> list[Enterprise]:
    """Known companies with a name so near that somebody should say."""
    near = [ref for ref, known in ctx.facts(NamesAround).of(places.place(at)) if names.near(known, name)]
    rows = [row for ref in near for row in ctx.facts(Companies).of(ref) if row.state not in supplies.GONE]
    return rows[:MOST_ASKED]


def _ask(ctx: Context, new: Enterprise, old: Enterprise) -> str:
    first, second = sorted((new.ref, old.ref))
    ctx.uow.session.add(EnterprisePair(first=first, second=second, decision=""))
    return words.ASK_SAME.format(new=new.ref, new_name=new.name, old=old.ref, old_name=old.name)


def join(ctx: Context, text: str) -> str:
    """企业 合并 E7 E3: the older one stays, both names are known for it from now on. Names that are nothing like each
    other take one word more: numbers are easily mistyped, and this is not undone.
    """
    both = _both(ctx, companies(text))
    if isinstance(both, str):
        return both
    kept, gone = sorted(both, key=lambda row: row.id)
    if "确定" not in text and not names.near(kept.name, gone.name):
        return words.SURE_SAME.format(first=kept.ref, first_name=kept.name, second=gone.ref, second_name=gone.name)
    gone.state, gone.merged_into = "merged", kept.ref
    session = ctx.uow.session
    session.flush()
    supplies.take_over(session, gone.ref, kept.ref)
    _decide(ctx, kept, gone, "same")
    refold(ctx, kept)
    return words.JOINED.format(gone=f"{gone.ref} {gone.name}", kept=kept.ref, name=kept.name)


def differ(ctx: Context, text: str) -> str:
    """企业 不同 E7 E3: never asked again."""
    both = _both(ctx, companies(text))
    if isinstance(both, str):
        return both
    _decide(ctx, *both, "different")
    return words.DIFFER.format(first=f"{both[0].ref} {both[0].name}", second=f"{both[1].ref} {both[1].name}")


def _both(ctx: Context, refs: Sequence[str]) -> tuple[Enterprise, Enterprise] | str:
    if len(refs) < 2:  # noqa: PLR2004  (it takes two)
        return words.TWO_COMPANIES
    ctx.uow.flush()
    at = places.here(ctx)
    found = [places.meant(ctx, at, ref) for ref in refs[:2]]
    for one in found:
        if isinstance(one, str):
            return one
    rows = {row.ref: row for row in found if isinstance(row, Enterprise)}
    return tuple(rows.values()) if len(rows) == 2 else words.TWO_COMPANIES  # type: ignore[return-value]  # noqa: PLR2004


def _decide(ctx: Context, one: Enterprise, other: Enterprise, decision: str) -> None:
    pair = supplies.pair(ctx.uow.session, one.ref, other.ref)
    if pair is None:
        first, second = sorted((one.ref, other.ref))
        pair = EnterprisePair(first=first, second=second, decision="")
        ctx.uow.session.add(pair)
    trail = Trail(pair)
    pair.decision = decision
    audit(ctx, f"enterprise.{decision}", one.ref, trail, other=other.ref)


def refold(ctx: Context, company: Enterprise) -> None:
    """Make a company's row anew from its active reports. Everything must be flushed."""
    reports = supplies.reports_of(ctx.uow.session, company.ref)
    for name in (*FIELDS, "open"):
        setattr(company, name, None)
    for report, record in reports:
        apply(company, record.fields if record is not None else {}, report.open)
    told = [record for _, record in reports if record is not None]
    company.reported_at = told[-1].reported_at if told else None
    if told:
        company.state = "reported" if len(told) == 1 else "updated"
    elif company.state != "contacted":
        company.state = "listed"


def recall(ctx: Context) -> list[str]:
    """Whoever posts a phone number to a group is asked once to recall it."""
    if not in_group(ctx) or not masking.has_identity(ctx.incoming.text):
        return []
    return [texts.PLEASE_RECALL] if ctx.facts(Said).first_time(_recall_key(ctx), ctx.now) else []


def _recall_key(ctx: Context) -> str:
    return f"recall|{ctx.incoming.sender}"
