"""Arithmetic of stretches of time: unions, gaps, the part that lies in the night. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

T = TypeVar("T", bound=datetime)
Stretch = tuple[T, T]
NOTHING = timedelta(0)


def union(stretches: Iterable[Stretch[T]]) -> list[Stretch[T]]:
    """The same time as stretches that neither overlap nor touch, in order. Empty and reversed ones are left out."""
    merged: list[Stretch[T]] = []
    for start, end in sorted(stretch for stretch in stretches if stretch[0] < stretch[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def gaps(stretches: Iterable[Stretch[T]], first: T, last: T) -> list[Stretch[T]]:
    """What of `first`…`last` no stretch covers, in order."""
    found: list[Stretch[T]] = []
    at = first
    for start, end in union(stretches):
        if start >= last:
            break
        if start > at:
            found.append((at, start))
        at = max(at, end)
    if at < last:
        found.append((at, last))
    return found


def length(stretches: Iterable[Stretch[T]]) -> timedelta:
    """How long all of them last; time that several share counts once."""
    return sum((end - start for start, end in union(stretches)), NOTHING)


def overlap(one: Stretch[T], others: Sequence[Stretch[T]]) -> timedelta:
    """How much of `one` the others cover."""
    cut = [(max(one[0], start), min(one[1], end)) for start, end in others]
    return length(cut)


def nights(start: datetime, end: datetime, zone: ZoneInfo, hours: tuple[int, int]) -> Iterator[Stretch[datetime]]:
    """The nights that a stretch touches; `hours` are the local hours of their beginning and end."""
    day = start.astimezone(zone).date() - timedelta(days=1)
    while (begin := datetime.combine(day, time(hours[0]), zone)) < end:
        over = timedelta(days=1 if hours[1] <= hours[0] else 0)
        yield begin, datetime.combine(day + over, time(hours[1]), zone)
        day += timedelta(days=1)


def at_night(start: datetime, end: datetime, zone: ZoneInfo, hours: tuple[int, int]) -> timedelta:
    """How much of a stretch lies in the night."""
    return overlap((start, end), list(nights(start, end, zone, hours)))
