"""The list of a call-up as it stands: who has a place, who waits, what it says to the group and to each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.context import Context, Notice
from handlers import call_wants, seats, texts_callup, traces
from handlers.ledger import audit, written_at
from handlers.seats import Seat
from handlers.times import clock
from storage import callups
from storage.callups import CallUps, SignUps
from storage.tables import RecordRow
from storage.tables_duty import CallUp, SignUp


@dataclass(frozen=True, slots=True)
class List:
    """The sign-ups of a call in their order, with their seats."""

    call: CallUp
    rows: Sequence[SignUp]
    seats: Sequence[Seat]

    @property
    def count(self) -> int:
        """Heads that have signed up."""
        return seats.count(self.rows)

    @property
    def placed(self) -> int:
        """Heads that have a place."""
        return min(self.count, self.call.needed)

    @property
    def going(self) -> list[tuple[SignUp, Seat]]:
        """Those with a place."""
        return [(row, seat) for row, seat in zip(self.rows, self.seats, strict=True) if seat.placed]

    @property
    def reserve(self) -> list[tuple[SignUp, Seat]]:
        """Those who wait."""
        return [(row, seat) for row, seat in zip(self.rows, self.seats, strict=True) if seat.waiting]

    @property
    def arrived(self) -> int:
        """Heads with a place who have arrived."""
        return sum(min(row.arrived, seat.placed) for row, seat in self.going)


def of(call: CallUp, rows: Sequence[SignUp]) -> List:
    """The list of a call."""
    return List(call, rows, seats.seats(rows, call.needed))


def current(ctx: Context, call: CallUp) -> List:
    """The list as it stands in this batch."""
    return of(call, ctx.facts(SignUps).of(call.id))


def pick(ctx: Context, text: str) -> CallUp | None:
    """The call that a message in this chat is about: the one whose reference or place it names, else the newest."""
    live = ctx.facts(CallUps).live(ctx.incoming.chat)
    named = [call for call in live if call.ref in text.upper()]
    placed = [call for call in live if call.place and call.place in text]
    return next(reversed(named or placed or live), None)


def by_name(ctx: Context, text: str, ref: str) -> CallUp | None:
    """As `pick`; a call of another chat is found by its reference."""
    return callups.by_ref(ctx.uow.session, ref) if ref else pick(ctx, text)


def say(call: CallUp, today: date, zone: ZoneInfo) -> str:
    """What a call is for."""
    starts = call.starts_at.astimezone(zone) if call.starts_at else None
    at = texts_callup.when(starts, call.starts_on, today)
    return texts_callup.what(call.place, call.duty, at, texts_callup.days(call.days))


def label(row: SignUp, heads: int) -> str:
    """A name on a list: 张三, 张三+2, 张三（有车）."""
    if row.later:
        return f"{row.person}再带{heads}人"
    more = f"+{heads - 1}" if heads > 1 else ""
    offer = texts_callup.offers(row.vehicle, row.skills or ())
    return f"{row.person}{more}{f'（{offer}）' if offer else ''}"


def board(found: List, now: datetime) -> str:
    """The list as it is shown to the group."""
    zone, call = now.tzinfo, found.call
    names = [label(row, seat.placed) for row, seat in found.going]
    reserve = [label(row, seat.waiting) for row, seat in found.reserve]
    note = ""
    if call.filled_at is not None and found.count >= call.needed:
        note = texts_callup.filled(texts_callup.minutes(call.opened_at, call.filled_at))
    elif found.count < call.needed:
        until = clock(call.deadline.astimezone(zone), now.date()) if call.deadline else ""
        over = call.deadline is not None and now > call.deadline
        note = texts_callup.missing(call.needed - found.count, until, over=over)
    met = texts_callup.wanted(call_wants.met(call.wants or {}, (row for row, _ in found.going)))
    note = "\n".join(line for line in (met, note) if line)
    said = say(call, now.date(), zone)  # type: ignore[arg-type]  # the clock's times carry a ZoneInfo
    return texts_callup.board(call.ref, said, (found.count, call.needed), names, reserve, note)


def note_filled(ctx: Context, found: List) -> None:
    """When the last place is taken for the first time, the group sees the list at once."""
    call = found.call
    if call.filled_at is None and found.count >= call.needed:
        call.filled_at = written_at(ctx)
        show(ctx, found)


def show(ctx: Context, found: List) -> None:
    """Post the list to the group of the call."""
    found.call.shown_at, found.call.shown = ctx.now, found.count
    ctx.notices.append(Notice(found.call.chat, board(found, written_at(ctx)), "notice", "group"))


def change(ctx: Context, call: CallUp, before: Sequence[Seat]) -> list[str]:
    """After the list has changed: tell those who got a place, and those who have to wait now. Returns the names of the
    first.
    """
    found = current(ctx, call)
    since = found.seats[: len(before)]
    up = [found.rows[position] for position in seats.promoted(before, since) if _stayed(before[position])]
    for row in up:
        _tell(ctx, call, row, texts_callup.PROMOTED_WITH if row.later else texts_callup.PROMOTED)
        audit(ctx, "sign_up.promoted", row.ref)
    for position in seats.set_back(before, since):
        number = since[position].number + since[position].placed - call.needed
        row = found.rows[position]
        _tell(ctx, call, row, texts_callup.SET_BACK_WITH if row.later else texts_callup.SET_BACK, number=number)
    note_filled(ctx, found)
    return list(dict.fromkeys(f"{row.person}带的人" if row.later else row.person for row in up))


def _stayed(seat: Seat) -> bool:
    """Whether a sign-up had been on the list before: whoever comes back to it knows."""
    return seat.waiting > 0


def _tell(ctx: Context, call: CallUp, row: SignUp, template: str, **words: Any) -> None:
    if row.account:
        said = say(call, written_at(ctx).date(), ctx.zone)
        ctx.notices.append(Notice(row.account, template.format(person=row.person, call=call.ref, what=said, **words)))


def undo(ctx: Context, record: RecordRow) -> None:
    """What a sign-up or a withdrawal did is taken back: rows that it made leave the list, others are what they were."""
    people = record.fields.get("people", ())
    made = callups.of_record(ctx.uow.session, record.ref)
    rows = {row.id: row for row in (*made, *callups.named(ctx.uow.session, people))}
    for row in sorted(rows.values(), key=lambda row: row.id):
        call = callups.by_id(ctx.uow.session, row.call_up_id)
        changed = traces.changed_by(row, record.ref)
        if call is None or not (changed or (row.ref == record.ref and row.state == "active")):
            continue
        before = current(ctx, call).seats
        if not changed:
            row.state = "undone"
        traces.take_back(row, traces.SIGN_UP, record.ref)
        change(ctx, call, before)


def carry(ctx: Context, record: RecordRow) -> None:
    """Carry a corrected name into the list: the place stays."""
    rows = [row for row in callups.of_record(ctx.uow.session, record.ref) if row.state == "active"]
    for row, person in zip(rows, record.fields["people"], strict=False):
        if row.person != person:
            row.person, row.account = person, ctx.incoming.sender if person == ctx.name else ""


def at(ctx: Context, moment: datetime) -> str:
    """A moment in words, seen from the message's day."""
    return clock(moment.astimezone(ctx.zone), written_at(ctx).date())
