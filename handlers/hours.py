"""The arithmetic of hours: stated hours, else those between start and end; none negative, none counted twice. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from handlers import spans

HOUR = timedelta(hours=1)


class PeriodLike(Protocol):
    """What is needed of a duty period."""

    starts_at: datetime | None
    ends_at: datetime | None
    hours: float | None
    state: str
    approval: str
    confirmed_by: str


@dataclass(slots=True)
class Hours:
    """A person's account."""

    periods: int = 0
    total: float = 0.0
    night: float = 0.0
    """Of `total`, at night, as far as times were given."""
    confirmed: float = 0.0
    """Of `total`, confirmed by a lead."""
    waiting: int = 0
    """Periods that wait for an approval: counted as periods, their hours not yet."""
    unknown: int = 0
    """Closed periods without hours."""


def between(start: datetime | None, end: datetime | None, longest: timedelta) -> float | None:
    """Hours between two moments, to a tenth; None where one is missing or they cannot be one period."""
    if start is None or end is None or not timedelta(0) < end - start <= longest:
        return None
    return round((end - start) / HOUR, 1)


def account(periods: Iterable[PeriodLike], zone: ZoneInfo, night: tuple[int, int]) -> Hours:
    """Add up a person's periods. Time that two periods share counts once, for the one that began first."""
    sum_ = Hours()
    taken: list[tuple[datetime, datetime]] = []
    for period in sorted(periods, key=_order):
        sum_.periods += 1
        sum_.waiting += period.approval == "pending"
        sum_.unknown += period.hours is None and period.state != "open"
        if period.hours is None or period.approval == "pending" or period.state != "closed":
            continue
        share, dark = _share(period, taken, zone, night)
        sum_.total += share
        sum_.night += dark
        sum_.confirmed += share if period.confirmed_by else 0.0
    for name in ("total", "night", "confirmed"):
        setattr(sum_, name, round(getattr(sum_, name), 1))
    return sum_


def _order(period: PeriodLike) -> tuple[bool, float]:
    moment = period.starts_at or period.ends_at
    return moment is None, moment.timestamp() if moment else 0.0


def _share(
    period: PeriodLike, taken: list[tuple[datetime, datetime]], zone: ZoneInfo, night: tuple[int, int]
) -> tuple[float, float]:
    """The hours that a period adds, and those of them at night, as far as nothing before it has counted them."""
    hours = max(0.0, period.hours or 0.0)
    start, end = period.starts_at, period.ends_at
    if start is None or end is None or end <= start:
        return hours, 0.0
    free = spans.gaps(taken, start, end)
    part = spans.length(free) / (end - start)
    dark = sum((spans.at_night(a, b, zone, night) for a, b in free), timedelta(0)) / HOUR
    taken.append((start, end))
    worked = hours / ((end - start) / HOUR)
    return hours * part, dark * min(1.0, worked)
