"""Hours that were told twice: somebody reports themselves, and the leader reports them again for overlapping hours.
Each report stays a participation (人次); an hour of one person in one place counts once. Pure.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

HOUR = timedelta(hours=1)


class Stretch(NamedTuple):
    """One period of duty. `whose` tells person and place; `number` the row."""

    whose: Hashable
    number: int
    start: datetime
    end: datetime
    hours: float


def stretch(
    whose: Hashable, number: int, start: datetime | None, end: datetime | None, hours: float | None
) -> Stretch | None:
    """A period with a beginning, an end and hours; others do not overlap with anything, as far as is known."""
    return Stretch(whose, number, start, end, hours) if start and end and hours else None


def told_before(stretches: Iterable[Stretch | None]) -> dict[int, float]:
    """Number of a period → those of its hours that periods of the same person count that began before it."""
    mine: dict[Hashable, list[Stretch]] = defaultdict(list)
    for one in stretches:
        if one is not None:
            mine[one.whose].append(one)
    found: dict[int, float] = {}
    for some in mine.values():
        if len(some) > 1:
            _add_overlaps(sorted(some, key=lambda one: (one.start, one.number)), found)
    return found


def _add_overlaps(in_order: list[Stretch], found: dict[int, float]) -> None:
    covered = in_order[0].end
    for one in in_order[1:]:
        if (over := min(one.end, covered) - one.start) > timedelta(0):
            found[one.number] = min(one.hours, over / HOUR)
        covered = max(covered, one.end)
