"""When rounds are due: a plan as moments, and the moment that a round belongs to. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

DAY = 1440
MOST_EARLY = timedelta(minutes=30)


class PlanLike(Protocol):
    """What is needed of a plan: minutes between rounds, minutes after midnight of the first and the last."""

    every: int
    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Due:
    """One moment at which a round is due. Times are local."""

    at: datetime
    since: datetime
    """A round from this moment on is this one's."""
    until: datetime
    """A round from this moment on is the next one's."""
    turn: date
    number: int

    def takes(self, moment: datetime) -> bool:
        """Whether a round at `moment` is the one that was due."""
        return self.since <= moment < self.until


def minutes(plan: PlanLike) -> list[int]:
    """Minutes after midnight of the rounds of one turn."""
    last = plan.ends - 1 if plan.ends - plan.starts >= DAY else plan.ends
    return list(range(plan.starts, last + 1, plan.every))


def early(plan: PlanLike) -> timedelta:
    """So long before it is due a round may be made."""
    return min(MOST_EARLY, timedelta(minutes=plan.every) / 4)


def due(plan: PlanLike, first: datetime, last: datetime, zone: ZoneInfo) -> Iterator[Due]:
    """The moments between `first` and `last`, both included, in order."""
    day = first.astimezone(zone).date() - timedelta(days=1 + plan.ends // DAY)
    while datetime.combine(day, time(), zone) <= last:
        for one in _turn(plan, day, zone):
            if first <= one.at <= last:
                yield one
        day += timedelta(days=1)


def _turn(plan: PlanLike, day: date, zone: ZoneInfo) -> Iterator[Due]:
    midnight = datetime.combine(day, time(), zone)
    moments = [midnight + timedelta(minutes=minute) for minute in minutes(plan)]
    following = [*moments[1:], midnight + timedelta(days=1, minutes=plan.starts)]
    every, lead = timedelta(minutes=plan.every), early(plan)
    for number, (at, after) in enumerate(zip(moments, following, strict=True), 1):
        yield Due(at, at - lead, min(at + every, after) - lead, day, number)


def belongs(plan: PlanLike, moment: datetime, zone: ZoneInfo) -> Due | None:
    """The due round that a round at `moment` is."""
    every = timedelta(minutes=plan.every)
    return next((one for one in due(plan, moment - every, moment + early(plan), zone) if one.takes(moment)), None)


def coming(plan: PlanLike, now: datetime, zone: ZoneInfo) -> Due | None:
    """The next due round after a moment."""
    return next(due(plan, now + timedelta(microseconds=1), now + timedelta(days=2), zone), None)


class RoundLike(Protocol):
    """What is needed of a round that was made."""

    at: datetime
    number: int


PAUSE = timedelta(hours=6)
"""Without a plan: after so long a pause rounds are counted from 1 again."""


def next_number(before: Iterable[RoundLike], at: datetime, since: datetime | None) -> int:
    """The number of an unstated round at `at`. `before`: earlier rounds of the post, in order of time; `since`: when
    the turn of the plan began, None where there is no plan.
    """
    number, last = 0, None
    for one in before:
        if one.at > at or (since is not None and one.at < since):
            continue
        if since is None and last is not None and one.at - last > PAUSE:
            number = 0
        number, last = max(number, one.number), one.at
    if since is None and last is not None and at - last > PAUSE:
        return 1
    return number + 1
