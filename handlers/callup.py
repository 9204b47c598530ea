"""招募, 报名, 退出报名: a call and the list of those who come, in the order in which they signed up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import call_lists, call_wants, chains, rights, seats, texts, texts_callup, times, traces
from handlers.ledger import keep, written_at
from storage import callups
from storage.callups import CallUps, SignUps
from storage.tables_duty import CallUp, SignUp

router = Router("callup")


def _chat(ctx: Context, _records: Sequence[Any]) -> list[str]:
    return [ctx.incoming.chat]


@router.record("call_up", needs={CallUps: _chat})
def call_up(ctx: Context, records: Sequence[Any]) -> str:
    """Open a call."""
    return texts.joined([_call(ctx, record) for record in records])


def _call(ctx: Context, record: Any) -> str:
    fields = record.fields
    if "needed" not in fields:
        return texts_callup.CALL_HOW
    ref = keep(ctx, record)
    call = CallUp(ref=ref, chat=ctx.incoming.chat, unit=ctx.unit, sender=ctx.incoming.sender, by=ctx.name)
    call.opened_at, call.shown_at, call.shown, call.state = written_at(ctx), ctx.now, 0, "open"
    call.wants = call_wants.read(ctx.incoming.text) or None
    fill(call, fields, ctx.zone)
    ctx.facts(CallUps).add(ctx.incoming.chat, call)
    today = written_at(ctx).date()
    deadline = times.clock(call.deadline.astimezone(ctx.zone), today) if call.deadline else ""
    wants = "、".join(f"{name} {number}人" for name, number in (call.wants or {}).items())
    return texts_callup.called(ref, call_lists.say(call, today, ctx.zone), call.needed, deadline, wants)


def fill(call: CallUp, fields: Mapping[str, Any], zone: Any) -> None:
    """The columns of a call from the fields of its record."""
    call.needed = int(fields["needed"])
    call.place, call.duty = fields.get("place", ""), fields.get("duty", "")
    call.starts_at, call.starts_on = times.moment(fields.get("starts_at"), zone), times.day(fields.get("starts_at"))
    call.days = float(fields["days"]) if "days" in fields else None
    call.deadline = _deadline(fields.get("deadline"), zone)


def _deadline(value: str | None, zone: Any) -> datetime | None:
    """A bare day ends at its midnight."""
    day = times.day(value)
    if day is None or "T" in str(value):
        return times.moment(value, zone)
    return datetime.combine(day + timedelta(days=1), time(), zone)


@router.record("sign_up", needs={CallUps: _chat})
def sign_up(ctx: Context, records: Sequence[Any]) -> str | None:
    """Put people on the list of the call."""
    return chains.closing(ctx, [_sign_up(ctx, *found) for found in chains.fresh(ctx, records)], texts.joined)


def _sign_up(ctx: Context, record: Any, entry: str) -> str:
    call = choose(ctx)
    if call is None:
        return texts_callup.NO_CALL.format(ref=keep(ctx, record))
    if call.deadline is not None and written_at(ctx) > call.deadline:
        return texts_callup.OVER_DEADLINE.format(call=call.ref, ref=keep(ctx, record))
    if call in ctx.uow.session.new:
        ctx.uow.flush()
    joining = _Joining(call, record, entry)
    said = [_join(ctx, joining, person) for person in record.fields["people"]]
    call_lists.note_filled(ctx, call_lists.current(ctx, call))
    return "\n".join(said)


@dataclass(slots=True)
class _Joining:
    """A record on its way to the list of a call."""

    call: CallUp
    record: Any
    entry: str
    ref: str = ""

    def keep(self, ctx: Context) -> str:
        """Its reference, once for all the people that it names."""
        if not self.ref:
            self.ref = keep(ctx, self.record)
            chains.remember(ctx, self.entry, self.ref)
        return self.ref


def choose(ctx: Context) -> CallUp | None:
    """The call that a message is about; in a single chat the only one that goes on, or the one that it names."""
    text = ctx.incoming.text
    if (call := call_lists.pick(ctx, text)) is not None or ctx.incoming.chat_type == "group":
        return call
    live = callups.going_on(ctx.uow.session)
    named = [call for call in live if call.ref in text.upper() or (call.place and call.place in text)]
    return named[-1] if named else live[0] if len(live) == 1 else None


def _join(ctx: Context, joining: _Joining, person: str) -> str:
    fields, call = joining.record.fields, joining.call
    first = person == fields["people"][0]
    former = [row for row in ctx.facts(SignUps).of(call.id) if row.person == person and row.state == "active"]
    if former:
        return _again(ctx, joining, former, first=first)
    row = _row(ctx, joining, person, int(fields.get("extra", 0)) if first else 0)
    row.phone = fields.get("phone") if first else None
    row.vehicle = bool(fields.get("vehicle")) and first
    row.skills = call_wants.skills(joining.entry or ctx.incoming.text) or None
    found = call_lists.current(ctx, call)
    seat = found.seats[-1]
    shown = call_lists.label(row, seats.heads(row))
    return texts_callup.signed(row.ref, shown, seat.number, seat.placed, seat.waiting, found.count, call.needed)


def _row(ctx: Context, joining: _Joining, person: str, extra: int) -> SignUp:
    """A new row at the end of the list."""
    call = joining.call
    row = SignUp(call_up_id=call.id, ref=joining.keep(ctx), chat=call.chat, person=person, extra=extra, later=False)
    row.account = ctx.incoming.sender if person == ctx.name else ""
    row.at, row.state, row.arrived, row.place, row.vehicle = written_at(ctx), "active", 0, "", False
    ctx.facts(SignUps).add(call.id, row)
    return row


def _again(ctx: Context, joining: _Joining, former: Sequence[SignUp], *, first: bool) -> str:
    """Somebody who is on the list says so again, perhaps with more people, fewer, a vehicle or a phone."""
    fields, call, row = joining.record.fields, joining.call, former[0]
    told = sum(each.extra for each in former)
    wanted = int(fields.get("extra", 0 if joining.entry else told)) if first else told
    vehicle = row.vehicle or (bool(fields.get("vehicle")) and first)
    phone = (fields.get("phone") if first else None) or row.phone
    found = call_lists.current(ctx, call)
    if (wanted, vehicle, phone) == (told, row.vehicle, row.phone):
        number = found.seats[list(found.rows).index(row)].number
        return texts_callup.already(row.person, number, found.count, call.needed)
    ref, before = joining.keep(ctx), found.seats
    with traces.changing(row, traces.SIGN_UP, ref):
        row.vehicle, row.phone = vehicle, phone
    _bring(ctx, joining, former, wanted - told)
    call_lists.change(ctx, call, before)
    more = f"+{wanted}" if wanted else ""
    return texts_callup.changed(ref, row.person + more, call_lists.current(ctx, call).count, call.needed)


def _bring(ctx: Context, joining: _Joining, former: Sequence[SignUp], more: int) -> None:
    """More companions queue behind those who have signed up meanwhile; of fewer, the last to be named stay away."""
    if more > 0:
        _row(ctx, joining, former[0].person, more).later = True
    for row in reversed(former):
        less = min(row.extra, max(0, -more))
        with traces.changing(row, traces.SIGN_UP, joining.ref):
            row.extra -= less
            row.state = "withdrawn" if row.later and not row.extra else row.state
        more += less


@router.record("withdraw", needs={CallUps: _chat})
def withdraw(ctx: Context, records: Sequence[Any]) -> str | None:
    """Take people off the list; the next ones move up and hear of it."""
    return chains.closing(ctx, [_withdraw(ctx, record) for record, _ in chains.fresh(ctx, records)], texts.joined)


def _withdraw(ctx: Context, record: Any) -> str:
    people = record.fields["people"]
    call, rows = _on_list(ctx, people)
    if call is None:
        return texts_callup.NO_CALL_HERE
    if not rows:
        return texts_callup.NOT_ON_LIST.format(people="、".join(people), call=call.ref)
    if not all(_may_withdraw(ctx, row) for row in rows):
        return rights.refusal(ctx, "manage_call_up", call.unit)
    ref, before = keep(ctx, record), call_lists.current(ctx, call).seats
    for row in rows:
        with traces.changing(row, traces.SIGN_UP, ref):
            row.state = "withdrawn"
    promoted = call_lists.change(ctx, call, before)
    names = "、".join(dict.fromkeys(row.person for row in rows))
    found = call_lists.current(ctx, call)
    if call.state == "confirmed":
        score = texts_callup.score(found.count, call.needed)
        told = texts_callup.WITHDRAWN_TOLD.format(call=call.ref, people=names, score=score)
        ctx.notices.append(Notice(call.sender, told))
    lines = [texts_callup.WITHDRAWN.format(people=names, call=call.ref)]
    if promoted:
        lines.append(texts_callup.PROMOTED_LINE.format(people="、".join(promoted)))
    return "".join(lines)


def _on_list(ctx: Context, people: Sequence[str]) -> tuple[CallUp | None, list[SignUp]]:
    """The call that has these people on its list, the one that the message is about first."""
    chosen = choose(ctx)
    live = ctx.facts(CallUps).live(ctx.incoming.chat)
    for call in dict.fromkeys([chosen, *reversed(live)] if chosen else []):
        if call in ctx.uow.session.new:
            continue
        rows = [r for r in ctx.facts(SignUps).of(call.id) if r.person in people and r.state == "active"]
        if rows:
            return call, rows
    return chosen, []


def _may_withdraw(ctx: Context, row: SignUp) -> bool:
    return row.account in ("", ctx.incoming.sender) or rights.may(ctx, "manage_call_up")
