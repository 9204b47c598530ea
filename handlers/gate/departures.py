"""People who left the city: whom to call, what each call brought, who is expected back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.context import Context, Notice
from handlers import masking, returnee, texts
from handlers import texts_gate as words
from handlers.cases import find
from handlers.cases.people import Home, may_handle, people_named
from handlers.corrections import Again
from handlers.gate import people
from handlers.gate.departure_words import UNDECIDED, DepartureOrder, Told, Who, missing
from handlers.gate.entries import PURPOSE
from handlers.ledger import audit, in_group, keep, written_at
from handlers.traces import Trail
from storage import gate
from storage.tables import RecordRow
from storage.tables_gate import Departure, DepartureCall

ALIVE = ("open", "done")
LINKED = timedelta(days=60)
"""A registration of the same phone that is not older than this is their return."""
REACHED = "reached"


def obey(ctx: Context, order: DepartureOrder) -> str:
    """Do what an order about those who left says."""
    at = people.place(ctx)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    return ORDERS[order.name](ctx, at, order)


# -- registering -------------------------------------------------------------------------------------------------------


def _register(ctx: Context, at: Home, order: DepartureOrder) -> str:
    """Everybody of a list who is not in the books yet."""
    if not order.lines:
        return words.NO_LINES
    new, known = [], 0
    for line in order.lines:
        if _known(ctx, at, line.who):
            known += 1
        else:
            new.append(_make(ctx, at, line))
    said = words.departed(new, known, order.bad, group=in_group(ctx))
    exposed = in_group(ctx) and masking.has_identity(ctx.incoming.text)
    return "\n".join([said, texts.PLEASE_RECALL] if exposed else [said])


def _one(ctx: Context, at: Home, order: DepartureOrder) -> str:
    """离京 张某 …: a new person, or a call to one who is in the books."""
    line = order.lines[0]
    if _known(ctx, at, line.who):
        return _call(ctx, at, order) if line.facts or line.outcome else _show(ctx, at, order)
    return _register(ctx, at, order)


def _make(ctx: Context, at: Home, line: Told) -> Departure:
    who = line.who
    fields = {"name": who.person, "phone": who.phone, **line.facts}
    ref = keep(ctx, Again("departure", {key: value for key, value in fields.items() if value != ""}))
    row = Departure(ref=ref, chat=at.chat, unit=at.unit, day=written_at(ctx).date(), reporter=ctx.incoming.sender)
    row.message_key, row.attempts, row.outcome, row.returnee_ref = ctx.incoming.key, 0, "", ""
    _name(ctx, row, who.person, who.phone)
    row.registered = dict(line.facts)
    ctx.uow.session.add(row)
    settle(row, (), row.day)
    ctx.uow.session.flush()
    return row


def _name(ctx: Context, row: Departure, name: str, phone: str) -> None:
    ring = find.ring(ctx)
    for column, value in (("name", name), ("phone", phone), ("tail", phone[-4:])):
        setattr(row, column, value or None)
        setattr(row, f"{column}_hash", ring.hash(value) if value else None)


def settle(row: Departure, calls: Sequence[DepartureCall], today: date) -> None:
    """What is known after these calls: the newest word on each fact holds."""
    row.facts = dict(row.registered)
    for call in calls:
        row.facts = {**row.facts, **call.facts}
    row.attempts = len(calls)
    row.outcome, row.called_at = (calls[-1].outcome, calls[-1].at) if calls else ("", None)
    returns = row.facts.get("returns")
    row.returns_on = date.fromisoformat(returns) if returns and returns != UNDECIDED else None
    if row.state not in {"returned", "closed"}:
        row.state = "open" if missing(row.facts) else "done"
        row.done_on = None if row.state == "open" else row.done_on or today


# -- finding -----------------------------------------------------------------------------------------------------------


def _known(ctx: Context, at: Home, who: Who) -> list[Departure]:
    """Those in the books whom somebody means: by phone, else by tail and name."""
    ring, hashes = find.ring(ctx), {}
    if who.phone:
        hashes["phone_hash"] = ring.hash(who.phone)
    else:
        hashes |= {"name_hash": ring.hash(who.person)} if who.person else {}
        hashes |= {"tail_hash": ring.hash(who.tail)} if who.tail else {}
    if not hashes:
        return []
    rows = gate.departures_with(ctx.uow.session, people.scope(at), hashes)
    return [row for row in rows if row.state in ALIVE]


def _meant(ctx: Context, at: Home, who: Who) -> tuple[Departure | None, str]:
    """The one who is meant, or why nobody is."""
    if who.ref:
        row = gate.departure(ctx.uow.session, who.ref)
        fits = row is not None and row.state != "undone" and _ours(at, row)
        return (row, "") if fits else (None, words.NO_SUCH_DEPARTURE.format(ref=who.ref))
    found = _known(ctx, at, who)
    if len(found) == 1:
        return found[0], ""
    return None, words.SEVERAL_PEOPLE.format(refs="、".join(r.ref for r in found)) if found else words.WHO_IS_IT


def _ours(at: Home, row: Departure) -> bool:
    below = bool(at.unit) and (row.unit == at.unit or row.unit.startswith(f"{at.unit}/"))
    return row.chat == at.chat or below


# -- calling -----------------------------------------------------------------------------------------------------------


def _call(ctx: Context, at: Home, order: DepartureOrder) -> str:
    """One call: its outcome and what it brought. Facts say that somebody answered."""
    line = order.lines[0]
    row, why = _meant(ctx, at, line.who)
    if row is None:
        return why
    if not line.outcome and not line.facts:
        return words.NOTHING_TOLD.format(ref=row.ref)
    outcome = REACHED if line.facts else line.outcome
    fields = {"ref": row.ref, "outcome": outcome, **line.facts}
    ref = keep(ctx, Again("departure_call", fields))
    call = DepartureCall(ref=ref, departure_ref=row.ref, at=written_at(ctx), actor=ctx.incoming.sender, state="active")
    call.outcome, call.facts, call.message_key = outcome, dict(line.facts), ctx.incoming.key
    ctx.uow.session.add(call)
    ctx.uow.session.flush()
    settle(row, gate.calls(ctx.uow.session, row.ref), written_at(ctx).date())
    said = words.called(ref, row, call, missing(row.facts), group=in_group(ctx))
    if row.facts.get("normal") is False:
        _tell_unwell(ctx, at, row)
        said += words.TOLD
    return said


def _tell_unwell(ctx: Context, at: Home, row: Departure) -> None:
    content = f"⚠️ **需要关注**\n{words.shown(row, missing(row.facts), ())}"
    for user in people.leads_of_post(ctx, at, ""):
        ctx.notices.append(Notice(user, content, purpose=PURPOSE))


def _open(ctx: Context, at: Home, _order: DepartureOrder) -> str:
    """待打电话: masked in the group; names and phones to whoever asks, alone."""
    rows = gate.departures(ctx.uow.session, people.scope(at), ALIVE)
    open_ = [row for row in rows if row.state == "open"]
    if not open_:
        return words.NO_DEPARTURES
    masked = [words.waiting_line(row, missing(row.facts), group=True) for row in open_]
    whole = [words.waiting_line(row, missing(row.facts), group=False) for row in open_]
    audit(ctx, "departure.listed", count=len(open_))
    if not in_group(ctx):
        return words.waiting(open_, len(rows), whole)
    ctx.notices.append(Notice(ctx.incoming.sender, words.waiting(open_, len(rows), whole), purpose=PURPOSE))
    return f"{words.waiting(open_, len(rows), masked)}\n{words.DETAILS_ALONE}"


def _show(ctx: Context, at: Home, order: DepartureOrder) -> str:
    """查看 Q3: everything, in the single chat only."""
    row, why = _meant(ctx, at, order.lines[0].who)
    if row is None:
        return why
    calls = gate.calls(ctx.uow.session, row.ref)
    lines = [words.call_line(call, call.at.astimezone(ctx.zone)) for call in calls]
    said = words.shown(row, missing(row.facts), lines)
    audit(ctx, "departure.shown", row.ref)
    if not in_group(ctx):
        return said
    ctx.notices.append(Notice(ctx.incoming.sender, said, purpose=PURPOSE))
    return words.DETAILS_ALONE


# -- coming back -------------------------------------------------------------------------------------------------------


def _back(ctx: Context, at: Home, order: DepartureOrder) -> str:
    """返京登记 Q3: registered as a returnee, with what is known."""
    row, why = _meant(ctx, at, order.lines[0].who)
    if row is None:
        return why
    if row.state == "returned":
        return words.ALREADY_BACK.format(ref=row.ref, returnee=row.returnee_ref)
    before = len(ctx.kept)
    answer = returnee.register(ctx, [Again("returnee", _as_returnee(row))])
    made = [ref for kind, ref in ctx.kept[before:] if kind == "returnee"]
    trail = Trail(row)
    row.returnee_ref = made[0] if made else row.returnee_ref
    _end(ctx, row, "returned")
    audit(ctx, "departure.returned", row.ref, trail, returnee=row.returnee_ref)
    return words.back(row, str(answer))


def _end(ctx: Context, row: Departure, state: str) -> None:
    row.state, row.closed_on = state, written_at(ctx).date()
    row.done_on = row.done_on or row.closed_on


def _as_returnee(row: Departure) -> dict[str, Any]:
    facts = row.facts
    fields: dict[str, Any] = {"name": row.name, "phone": row.phone, "origin": facts.get("destination")}
    if row.returns_on is not None:
        fields["arrives_at"] = row.returns_on.isoformat()
    if "normal" in facts:
        fields["health"] = "normal" if facts["normal"] else "abnormal"
    return {name: value for name, value in fields.items() if value}


def _close(ctx: Context, at: Home, order: DepartureOrder) -> str:
    row, why = _meant(ctx, at, order.lines[0].who)
    if row is None:
        return why
    if row.state in words.OVER:
        return words.ALREADY_OVER.format(ref=row.ref, state=words.OVER[row.state])
    trail = Trail(row)
    _end(ctx, row, "closed")
    audit(ctx, "departure.closed", row.ref, trail)
    return words.closed(row)


def carry(ctx: Context, row: RecordRow) -> None:
    """A registration was corrected: name and phone; facts are told by a call."""
    found = gate.departure(ctx.uow.session, row.ref) if row.kind == "departure" else None
    if found is not None:
        _name(ctx, found, row.fields.get("person", row.fields.get("name", "")), row.fields.get("phone", ""))


def not_back(ctx: Context, row: RecordRow) -> None:
    """The registration of somebody's return is taken back: they are away as before."""
    person = gate.returned_as(ctx.uow.session, row.ref)
    if person is not None:
        person.state, person.closed_on, person.returnee_ref = "open", None, ""
        settle(person, gate.calls(ctx.uow.session, person.ref), written_at(ctx).date())


# -- taking back -------------------------------------------------------------------------------------------------------


def undo(ctx: Context, row: RecordRow) -> None:
    """A person, or a call with everything that it brought, is taken back."""
    session = ctx.uow.session
    if row.kind == "departure" and (found := gate.departure(session, row.ref)) is not None:
        found.state = "undone"
    call = gate.call(session, row.ref) if row.kind == "departure_call" else None
    if call is None:
        return
    call.state = "undone"
    session.flush()
    person = gate.departure(session, call.departure_ref)
    if person is not None:
        settle(person, gate.calls(session, person.ref), written_at(ctx).date())


ORDERS: Mapping[str, Callable[[Context, Home, DepartureOrder], str]] = {
    "list": _register,
    "one": _one,
    "call": _call,
    "open": _open,
    "show": _show,
    "back": _back,
    "close": _close,
    "how": lambda _ctx, _at, _order: words.WHO_IS_IT,
}
