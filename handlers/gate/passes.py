"""Passes: issued with running numbers of their register, re-issued, voided, renewed, looked up."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.context import Context, Notice
from handlers import rights, times
from handlers import texts_gate as words
from handlers.cases import find
from handlers.cases.people import Home
from handlers.corrections import Again
from handlers.gate import people
from handlers.gate.entries import PURPOSE
from handlers.gate.pass_words import RESIDENT, VEHICLE, PassOrder, Target, household_key, same_household
from handlers.gate.settings import settings_of
from handlers.ledger import audit, in_group, keep, written_at
from handlers.traces import Trail
from storage import daily_read, gate
from storage.daily_count import place_of
from storage.tables import RecordRow
from storage.tables_gate import Pass

ASK_LASTS = timedelta(minutes=30)
TAIL = 3
"""Characters of a plate by which its tail is searched."""


def obey(ctx: Context, order: PassOrder) -> str:
    """Do what an order about passes says."""
    at = people.place(ctx)
    return ORDERS[order.name](ctx, at, order)


def register_of(at: Home) -> str:
    """The register of a place: its unit's, or its chat's."""
    return place_of(at.unit, at.chat)


# -- issuing -----------------------------------------------------------------------------------------------------------


def _issue(ctx: Context, at: Home, order: PassOrder) -> str:
    if not rights.may(ctx, "issue_pass", at.unit):
        return rights.refusal(ctx, "issue_pass", at.unit)
    if not order.wanted:
        return words.HOW_TO_ISSUE
    if lack := next((why for one in order.wanted if (why := _lacks(one, written_at(ctx).date()))), ""):
        return lack
    return _issue_all(ctx, at, order.wanted, ask=True)


def _lacks(wanted: Mapping[str, Any], today: date) -> str:
    if "until" in wanted and (until := date.fromisoformat(wanted["until"])) < today:
        return words.ISSUE_PAST.format(day=times.dated(until.isoformat(), today))
    who = wanted.get("person", "张某")
    if wanted["kind"] == VEHICLE and "plate" not in wanted:
        return words.PLATE_MISSING.format(who=who)
    return words.HOUSEHOLD_MISSING.format(who=who) if wanted["kind"] == RESIDENT and "address" not in wanted else ""


def _issue_all(ctx: Context, at: Home, wanted: Sequence[Mapping[str, Any]], *, ask: bool) -> str:
    """Issue what nobody has yet; ask about the rest."""
    made: list[Pass] = []
    doubtful: list[dict[str, Any]] = []
    holding: dict[int, Pass] = {}
    for one in wanted:
        former = _holding(ctx, at, one) if ask else []
        if former:
            doubtful.append(dict(one))
            holding |= {row.number: row for row in former}
        else:
            made.append(_make(ctx, at, one))
    said = [words.issued(made, group=in_group(ctx))] if made else []
    if doubtful:
        gate.remember_ask(ctx.uow.session, ctx.incoming.chat, ctx.incoming.sender, doubtful, ctx.now)
        said.append(words.already(list(holding.values()), group=in_group(ctx)))
    return "\n".join(said)


def _holding(ctx: Context, at: Home, wanted: Mapping[str, Any]) -> list[Pass]:
    """Passes that hold for the same plate, or the same door."""
    today = written_at(ctx).date()
    if wanted["kind"] == VEHICLE:
        found = _hashed(ctx, at, "plate_hash", wanted["plate"])
    else:
        rows = _hashed(ctx, at, "household_hash", household_key(wanted["address"])[1])
        found = [row for row in rows if same_household(row.details.get("address", ""), wanted["address"])]
    return [row for row in found if row.kind == wanted["kind"] and _good(row, today)]


def _good(row: Pass, today: date) -> bool:
    return row.state == "active" and (row.valid_until is None or row.valid_until >= today)


def _hashed(ctx: Context, at: Home, column: str, value: str, *, living: bool = True) -> list[Pass]:
    hashed = find.ring(ctx).hash(value)
    return list(gate.passes_with(ctx.uow.session, register_of(at), column, hashed, living=living))


def _make(ctx: Context, at: Home, fields: Mapping[str, Any], replaces: int | None = None) -> Pass:
    today = written_at(ctx).date()
    days = settings_of(ctx.services).pass_days
    until = date.fromisoformat(fields["until"]) if "until" in fields else None
    until = until or (today + timedelta(days=days - 1) if days else None)
    number = gate.next_number(ctx.uow.session, register_of(at))
    ref = keep(ctx, Again("pass", {**fields, "number": number}))
    row = Pass(ref=ref, register=register_of(at), number=number, chat=at.chat, unit=at.unit, kind=fields["kind"])
    row.issued_on, row.issued_by, row.valid_until = today, ctx.incoming.sender, until
    row.state, row.replaces, row.message_key, row.details = "active", replaces, ctx.incoming.key, dict(fields)
    _identify(ctx, row, fields)
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    return row


def _identify(ctx: Context, row: Pass, fields: Mapping[str, Any]) -> None:
    ring = find.ring(ctx)
    plate = fields.get("plate")
    household = household_key(fields.get("address", ""))[1] or None
    tail = plate[-TAIL:] if plate else None
    for name, value in (("holder", fields.get("person")), ("plate", plate), ("tail", tail), ("household", household)):
        setattr(row, name, value)
        setattr(row, f"{name}_hash", ring.hash(value) if value else None)


def _again(ctx: Context, at: Home, _order: PassOrder) -> str:
    """再发: what was asked about is meant."""
    ask = gate.taken_ask(ctx.uow.session, ctx.incoming.chat, ctx.incoming.sender)
    if ask is None or ctx.now - ask.asked_at > ASK_LASTS:
        return words.NOTHING_ASKED
    return _issue_all(ctx, at, ask.wanted, ask=False)


# -- one pass ----------------------------------------------------------------------------------------------------------


def _meant(ctx: Context, at: Home, target: Target, *, living: bool = True) -> list[Pass]:
    """The passes that a target may mean, newest first, each once."""
    found = {row.id: row for row in _candidates(ctx, at, target, living=living)}
    return list(found.values())


def _candidates(ctx: Context, at: Home, target: Target, *, living: bool) -> Iterator[Pass]:
    if target.number:
        row = gate.pass_numbered(ctx.uow.session, register_of(at), target.number)
        if row is not None:
            yield row
    if target.plate:
        yield from _hashed(ctx, at, "plate_hash", target.plate, living=living)
    if target.tail:
        rows = _hashed(ctx, at, "tail_hash", target.tail[-TAIL:], living=living)
        yield from (row for row in rows if row.plate and row.plate.endswith(target.tail))
    if target.household:
        yield from _hashed(ctx, at, "household_hash", target.household, living=living)
    if target.person:
        yield from _hashed(ctx, at, "holder_hash", target.person, living=living)


def _one(ctx: Context, at: Home, order: PassOrder, word: str) -> tuple[Pass | None, str]:
    """The one pass that is meant and holds, or why there is none."""
    if not order.target:
        return None, words.WHICH_CARD.format(word=word)
    found = _meant(ctx, at, order.target)
    if not found:
        return None, words.NO_CARD
    if len(found) > 1:
        lines = "\n".join(f"- {words.pass_words(row, group=in_group(ctx))}" for row in found[:5])
        return None, words.SEVERAL.format(count=len(found), lines=lines)
    row, today = found[0], written_at(ctx).date()
    if row.state != "active":
        return None, words.NOT_VALID.format(number=words.number(row.number), state=words.state(row, today))
    return row, ""


def _reissue(ctx: Context, at: Home, order: PassOrder) -> str:
    old, why = _one(ctx, at, order, "补办")
    if old is None:
        return why
    fields = {name: value for name, value in old.details.items() if name != "until"}
    until = order.until or old.valid_until
    if until is not None and until >= written_at(ctx).date():
        fields["until"] = until.isoformat()
    new = _make(ctx, at, fields, replaces=old.number)
    _close(ctx, old, "replaced", order.text)
    return words.reissued(old, new, group=in_group(ctx))


def _void(ctx: Context, at: Home, order: PassOrder) -> str:
    row, why = _one(ctx, at, order, "作废")
    if row is None:
        return why
    if row.issued_by != ctx.incoming.sender and not rights.may(ctx, "void_pass", at.unit):
        return rights.refusal(ctx, "void_pass", at.unit)
    _close(ctx, row, "void", order.text)
    return words.voided(row)


def _close(ctx: Context, row: Pass, state: str, text: str) -> None:
    trail = Trail(row)
    row.state, row.closed_on = state, written_at(ctx).date()
    row.details = {**row.details, "closed": text}
    audit(ctx, f"pass.{state}", row.ref, trail, number=row.number)


def _renew(ctx: Context, at: Home, order: PassOrder) -> str:
    row, why = _one(ctx, at, order, "续期")
    if row is None:
        return why
    if order.until is None:
        return words.UNTIL_WHEN.format(number=row.number)
    today = written_at(ctx).date()
    if order.until < today:
        return words.UNTIL_PAST.format(day=times.dated(order.until.isoformat(), today), number=row.number)
    trail, former = Trail(row), row.valid_until
    row.valid_until = order.until
    audit(ctx, "pass.renewed", row.ref, trail, former=former.isoformat() if former else None)
    return words.renewed(row)


def _find(ctx: Context, at: Home, order: PassOrder) -> str:
    """查证, 查车: whether it holds; whose it is, whole, only for those in charge and alone."""
    if not order.target:
        return words.WHICH_CARD.format(word="查证")
    found = _meant(ctx, at, order.target, living=False)
    audit(ctx, "pass.looked_up", found[0].ref if found else "", count=len(found))
    if not found:
        return words.NO_CARD
    today, group = written_at(ctx).date(), in_group(ctx)
    whole = people.may_see(ctx, at)
    masked = [words.pass_line(row, today, group=group or not whole) for row in found[:5]]
    if group and whole:
        lines = "\n".join(words.pass_line(row, today, group=False) for row in found[:5])
        ctx.notices.append(Notice(ctx.incoming.sender, lines, purpose=PURPOSE))
    return "\n".join(masked)


# -- the register ------------------------------------------------------------------------------------------------------


def _list(ctx: Context, at: Home, _order: PassOrder) -> str:
    """出入证台账: figures for everybody, the vehicles and doors alone and only for those in charge."""
    rows = gate.register(ctx.uow.session, register_of(at))
    today = written_at(ctx).date()
    bulk = daily_read.sums(ctx.uow.session, register_of(at), today).get("gate|passes")
    if not rows and bulk is None:
        return words.EMPTY_REGISTER
    said = words.register(counted(rows, today), round(bulk.value) if bulk else 0)
    if not people.may_see(ctx, at) or not rows:
        return said
    lines = [words.pass_line(row, today, group=False) for row in rows]
    audit(ctx, "pass.listed", count=len(rows))
    if not in_group(ctx):
        return "\n".join([said, *lines])
    ctx.notices.append(Notice(ctx.incoming.sender, "\n".join(lines), purpose=PURPOSE))
    return f"{said}\n{words.DETAILS_ALONE}"


def counted(rows: Sequence[Pass], today: date) -> dict[str, int]:
    """The register as figures: all are active, expired or closed."""
    good = [row for row in rows if _good(row, today)]
    return {
        "all": len(rows),
        "active": len(good),
        "resident": sum(row.kind == RESIDENT for row in good),
        "vehicle": sum(row.kind == VEHICLE for row in good),
        "expired": sum(row.state == "active" for row in rows) - len(good),
        "closed": sum(row.state != "active" for row in rows),
    }


def carry(ctx: Context, row: RecordRow) -> None:
    """An issue was corrected: whose it is, of which door or car. The number stays."""
    found = gate.pass_of(ctx.uow.session, row.ref)
    if found is not None:
        fields = {**row.fields, "person": row.fields.get("name", row.fields.get("person"))}
        found.details = {**found.details, **{name: value for name, value in fields.items() if value}}
        _identify(ctx, found, fields)


def undo(ctx: Context, row: RecordRow) -> None:
    """An issue is taken back: its number is not given out again, and the pass that it replaced holds again."""
    session = ctx.uow.session
    found = gate.pass_of(session, row.ref)
    if found is None:
        return
    found.state = "undone"
    if found.replaces is not None:
        old = gate.pass_numbered(session, found.register, found.replaces)
        if old is not None and old.state == "replaced":
            old.state, old.closed_on = "active", None


def issued_since(ctx: Context, row: Pass) -> Pass | None:
    """A pass that holds for the same plate or door and was issued after this one was closed."""
    told = {**row.details, "kind": row.kind}
    known = ("plate" if row.kind == VEHICLE else "address") in told
    found = _holding(ctx, Home(row.chat, row.unit), told) if known else []
    return next((one for one in found if one.number > row.number), None)


ORDERS: Mapping[str, Callable[[Context, Home, PassOrder], str]] = {
    "issue": _issue,
    "again": _again,
    "reissue": _reissue,
    "void": _void,
    "renew": _renew,
    "find": _find,
    "list": _list,
}
