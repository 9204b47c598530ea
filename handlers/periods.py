"""What a check-in or check-out does to a person's periods: pure decisions on the rows, no database.

Reports come late, twice and out of order. A second check-in without a check-out is understood: at another post soon
after it is a move, at the same post it is a repetition, else the former period stays open for its end to be told.
Hours follow from what was reported; where an end is unknown they stay empty.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import hours, traces
from handlers.duty_rules import DutyRules
from handlers.shifts import same_post
from storage.tables import Duty

NOTHING = timedelta(0)


@dataclass(slots=True)
class Arrival:
    """What became of a check-in."""

    period: Duty
    how: str
    """new, repeated, updated (its end is known now), filled (a check-out had come before it)."""
    moved: Duty | None = None
    """The period that ended because the person went on to this one."""
    left_open: Duty | None = None
    """An earlier period whose end nobody has told."""


@dataclass(slots=True)
class Departure:
    """What became of a check-out. `period` None: it has to be made."""

    period: Duty | None
    how: str
    """closed, repeated."""


def arrive(periods: Sequence[Duty], new: Duty, at: datetime, rules: DutyRules) -> Arrival:
    """Where `new`, read from a message written `at`, belongs among a person's periods. It is to be added only where
    the answer says so.
    """
    if (same := _same(periods, new, at, rules)) is not None:
        with traces.changing(same, traces.PERIOD, new.in_ref):
            return Arrival(same, "updated" if _take_over(same, new, rules) else "repeated")
    if (ended := _ended_before(periods, new, rules)) is not None:
        with traces.changing(ended, traces.PERIOD, new.in_ref):
            _fill(ended, new, rules)
        return Arrival(ended, "filled")
    arrival = Arrival(new, "new")
    for period in periods:
        if period.state == "open":
            _pass_on(period, new, arrival, rules)
    return arrival


def _fill(ended: Duty, new: Duty, rules: DutyRules) -> None:
    """Take the beginning of a period from a check-in that comes after its check-out."""
    ended.starts_at, ended.in_ref, ended.day = new.starts_at, new.in_ref, new.day
    ended.hours = ended.hours or hours.between(ended.starts_at, ended.ends_at, rules.longest)
    ended.post = ended.post or new.post


def _same(periods: Sequence[Duty], new: Duty, at: datetime, rules: DutyRules) -> Duty | None:
    """The period that `new` tells of once more: stated to begin at the same time, or just begun at the same post."""
    for period in reversed(periods):
        if new.starts_at is None or period.starts_at is None or not same_post(period.post, new.post):
            continue
        if period.shift and new.shift and period.shift != new.shift:
            continue
        recent = NOTHING <= at - period.starts_at < rules.same_within and new.starts_at == at
        if period.starts_at == new.starts_at or (period.state == "open" and recent):
            return period
    return None


def _take_over(period: Duty, new: Duty, rules: DutyRules) -> bool:
    """Take from a repetition what the period lacks. Whether it has an end now that it had not."""
    period.post, period.shift, period.duty = period.post or new.post, period.shift or new.shift, period.duty or new.duty
    period.unnamed = max(period.unnamed, new.unnamed)
    period.planned_end = new.planned_end or period.planned_end
    if new.state != "closed" or (period.state == "closed" and period.ends_at == new.ends_at):
        return False
    close(period, new.ends_at, new.out_ref, rules)
    return True


def _ended_before(periods: Sequence[Duty], new: Duty, rules: DutyRules) -> Duty | None:
    """The check-out without a check-in that this late check-in belongs to."""
    if new.starts_at is None or new.state == "closed":
        return None
    for period in periods:
        if period.state != "closed" or period.starts_at is not None or period.ends_at is None:
            continue
        if NOTHING < period.ends_at - new.starts_at <= rules.longest and same_post(period.post, new.post):
            return period
    return None


def _pass_on(period: Duty, new: Duty, arrival: Arrival, rules: DutyRules) -> None:
    """An open period beside a new one: the person has moved on, or the end was never told. Reports may come in either
    order.
    """
    if period.starts_at is None or new.starts_at is None:
        return
    first, then = (period, new) if period.starts_at <= new.starts_at else (new, period)
    assert first.starts_at is not None and then.starts_at is not None  # noqa: S101, PT018  (both are known here)
    if first.state != "open":
        return
    with traces.changing(first, traces.PERIOD, then.in_ref):
        _end(first, then, arrival, rules)


def _end(first: Duty, then: Duty, arrival: Arrival, rules: DutyRules) -> None:
    assert first.starts_at is not None and then.starts_at is not None  # noqa: S101, PT018  (both are known here)
    apart = then.starts_at - first.starts_at
    if apart <= rules.move_within and not same_post(first.post, then.post):
        planned = first.planned_end is not None and first.starts_at < first.planned_end <= then.starts_at
        close(first, first.planned_end if planned else then.starts_at, then.in_ref, rules)
        arrival.moved = first
    else:
        first.state = "unreported"
        arrival.left_open = first


def depart(periods: Sequence[Duty], post: str, ends: datetime, *, told: bool, rules: DutyRules) -> Departure:
    """Which period a check-out at `ends` closes. `told`: the message itself gave a start or hours."""
    possible = [p for p in periods if _can_end(p, ends, rules) and _is_unfinished(p, periods, post)]
    same = [p for p in possible if post and p.post and same_post(p.post, post)]
    loose = [p for p in possible if not post or not p.post]
    ranked = sorted(same or loose or possible, key=lambda p: p.state == "open")
    if ranked:
        return Departure(ranked[-1], "closed")
    if not told and (again := _left_just_now(periods, post, ends, rules)) is not None:
        return Departure(again, "repeated")
    return Departure(None, "closed")


def _can_end(period: Duty, ends: datetime, rules: DutyRules) -> bool:
    return period.starts_at is None or NOTHING <= ends - period.starts_at <= rules.longest


def _is_unfinished(period: Duty, periods: Sequence[Duty], post: str) -> bool:
    """Open, waiting for its end, or ended by a move to another post whose check-out comes late."""
    if period.state in {"open", "unreported"}:
        return True
    moved = period.in_ref != period.out_ref and period.out_ref in {p.in_ref for p in periods if p is not period}
    return period.state == "closed" and moved and bool(post) and period.post == post


def _left_just_now(periods: Sequence[Duty], post: str, ends: datetime, rules: DutyRules) -> Duty | None:
    for period in reversed(periods):
        if period.state != "closed" or period.ends_at is None or period.out_ref is None:
            continue
        if NOTHING <= ends - period.ends_at < rules.same_within and same_post(period.post, post):
            return period
    return None


def close(period: Duty, ends: datetime | None, ref: str | None, rules: DutyRules) -> None:
    """End a period. Hours are those between its ends, where both are known."""
    period.state, period.ends_at, period.out_ref = "closed", ends, ref
    period.hours = hours.between(period.starts_at, ends, rules.longest)


def short_rest(periods: Sequence[Duty], new: Duty, night_hours: float, rules: DutyRules) -> bool:
    """Whether a period begins too soon after a night. `night_hours`: of the last period that ended before it."""
    last = last_ended(periods, new)
    if last is None or new.starts_at is None or last.ends_at is None:
        return False
    rested = new.starts_at - last.ends_at
    enough_night = night_hours >= NIGHT_COUNTS
    return enough_night and PAUSE <= rested < rules.rest


def at_a_stretch(periods: Sequence[Duty], new: Duty) -> timedelta:
    """How long a person has been on duty without a real pause when a period begins."""
    first = new.starts_at
    for period in sorted(periods, key=_ended, reverse=True):
        if period is new or period.starts_at is None or period.ends_at is None or first is None:
            continue
        if period.starts_at < first and NOTHING <= first - period.ends_at < PAUSE:
            first = period.starts_at
    return new.starts_at - first if new.starts_at and first else NOTHING


PAUSE = timedelta(minutes=30)
"""Less than this between two periods is no rest."""
NIGHT_COUNTS = 3.0
"""Hours at night that make a duty a night's duty."""


def _ended(period: Duty) -> float:
    return period.ends_at.timestamp() if period.ends_at else 0.0


def last_ended(periods: Sequence[Duty], new: Duty) -> Duty | None:
    """The period that ended last before another began."""
    if new.starts_at is None:
        return None
    over = [p for p in periods if p is not new and p.ends_at is not None and p.starts_at and p.ends_at <= new.starts_at]
    return max(over, key=_ended, default=None)
