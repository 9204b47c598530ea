"""到岗 and 离岗: who stands where, from when to when. Hours are stated or computed, never invented."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts, times
from handlers.ledger import keep, written_at
from storage.duties import OpenDuties
from storage.tables import Duty

router = Router("duty")

LONGEST = timedelta(hours=24)
"""A period that has been open for longer was forgotten: a check-out does not close it."""


def _people(ctx: Context, records: Sequence[Any]) -> list[tuple[str, str]]:
    return [(ctx.incoming.chat, person) for record in records for person in record.fields["people"]]


@router.record("check_in", needs={OpenDuties: _people})
def check_in(ctx: Context, records: Sequence[Any]) -> str:
    """Open a period for each person; one whose planned end is over is closed at once (补签)."""
    lines = [_check_in(ctx, record) for record in records]
    return texts.joined(lines)


def _check_in(ctx: Context, record: Any) -> str:
    fields = record.fields
    at = written_at(ctx)
    starts = times.moment(fields.get("starts_at"), ctx.zone)
    ends = times.moment(fields.get("ends_at"), ctx.zone)
    day = times.day(fields.get("starts_at")) or at.date()
    ref = keep(ctx, record, day)
    over = ends is not None and ends <= at and starts is not None
    for number, person in enumerate(fields["people"]):
        period = _period(ctx, fields, person, day)
        period.in_ref = ref
        period.starts_at = starts or (None if times.day(fields.get("starts_at")) else at)
        period.planned_end = ends
        period.unnamed = _unnamed(fields) if number == 0 else 0
        if over:
            period.out_ref, period.state, period.ends_at = ref, "closed", ends
            period.hours = _hours(starts, ends)
        ctx.facts(OpenDuties).add((ctx.incoming.chat, person), period)
    return texts.checked_in(ref, fields, starts, ends, at.date(), over=over)


@router.record("check_out", needs={OpenDuties: _people})
def check_out(ctx: Context, records: Sequence[Any]) -> str:
    """Close each person's open period, or note a period that was never opened."""
    lines = [_check_out(ctx, record) for record in records]
    return texts.joined(lines)


def _check_out(ctx: Context, record: Any) -> str:
    fields = record.fields
    at = written_at(ctx)
    ends = times.moment(fields.get("ends_at"), ctx.zone) or at
    starts = times.moment(fields.get("starts_at"), ctx.zone)
    ref = keep(ctx, record, (starts or ends).date())
    closed = [_close(ctx, fields, person, starts, ends, ref) for person in fields["people"]]
    closed[0].unnamed = max(closed[0].unnamed, _unnamed(fields))
    return texts.checked_out(ref, fields, closed[0], ends.astimezone(ctx.zone), at.date())


def _close(
    ctx: Context, fields: dict[str, Any], person: str, starts: datetime | None, ends: datetime, ref: str
) -> Duty:
    key = (ctx.incoming.chat, person)
    period = _matching(ctx.facts(OpenDuties).open_of(*key), fields.get("post"), ends)
    if period is None:
        period = _period(ctx, fields, person, (starts or ends).date())
        ctx.facts(OpenDuties).add(key, period)
    period.out_ref, period.state, period.ends_at = ref, "closed", ends
    if starts is not None:
        period.starts_at, period.day = starts, starts.date()
    period.post = period.post or fields.get("post", "")
    period.duty = period.duty or fields.get("duty", "")
    period.hours = fields.get("hours") or _hours(period.starts_at, ends)
    return period


def _matching(opened: Sequence[Duty], post: str | None, ends: datetime) -> Duty | None:
    """The newest open period that this check-out can end: of the same post if one was named, not begun after it, not forgotten."""
    possible = [d for d in opened if d.starts_at is None or timedelta(0) <= ends - d.starts_at <= LONGEST]
    same = [d for d in possible if post and d.post == post]
    loose = [d for d in possible if not post or not d.post]
    chosen = same or loose or possible
    return chosen[-1] if chosen else None


def _period(ctx: Context, fields: dict[str, Any], person: str, day: Any) -> Duty:
    return Duty(
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        person=person,
        post=fields.get("post", ""),
        shift=fields.get("shift", ""),
        duty=fields.get("duty", ""),
        day=day,
        unnamed=0,
        state="open",
    )


def _unnamed(fields: dict[str, Any]) -> int:
    return max(0, int(fields.get("headcount", 0)) - len(fields["people"]))


def _hours(starts: datetime | None, ends: datetime | None) -> float | None:
    if starts is None or ends is None or not timedelta(0) < ends - starts <= LONGEST:
        return None
    return times.hours(ends - starts)
