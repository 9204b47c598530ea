"""The gate's own figures of a day: counts that were told, and single records, without counting anybody twice.

A count that somebody tells (进3人) covers whoever passed the post since the count before. Single records of that time
are among those people; where there are more of them than were counted, they are the figure. What was recorded singly
after the last count is added.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.tables import Figure
from storage.tables_gate import GateEntry

SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it was told."""

    at: datetime
    value: float
    upper: float
    ranged: int = 0
    hedge: str = ""


@dataclass(frozen=True, slots=True)
class Single:
    """People or vehicles that were recorded one by one."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """What counts for the time from one told count to the next."""

    value: float
    upper: float
    ranged: int = 0
    hedge: str = ""


def stretches(told: Sequence[Told], singles: Sequence[Single]) -> list[Stretch]:
    """The figure of one post, direction and day, stretch by stretch: their sum is the figure."""
    found = []
    left = sorted(singles, key=lambda one: one.at)
    for count in sorted(told, key=lambda one: one.at):
        covered = sum(one.number for one in left if one.at <= count.at)
        left = [one for one in left if one.at > count.at]
        if covered > count.value:
            found.append(Stretch(covered, max(covered, count.upper)))
        else:
            found.append(Stretch(count.value, count.upper, count.ranged, count.hedge))
    if rest := sum(one.number for one in left):
        found.append(Stretch(rest, rest))
    return found


def metrics_of(entry: GateEntry) -> dict[str, int]:
    """The figures to which a single record adds, and how much. Whoever is sent back has not come in."""
    found: dict[str, int] = {}
    if entry.direction and entry.action != SENT_BACK:
        found[entry.direction] = entry.heads
    if entry.direction and entry.vehicle:
        found["vehicles"] = 1
    if entry.measured:
        found["measured"] = entry.heads
    if entry.fever:
        found["fever"] = entry.heads
    if entry.problem:
        found["exception"] = entry.heads
    if entry.action == SENT_BACK:
        found["back"] = entry.heads
    return found


def figures(entries: Iterable[GateEntry], counts: Iterable[Figure]) -> dict[tuple[str, str], list[Stretch]]:
    """(post, figure) → its stretches, of the records of one day and place."""
    entries, counts = list(entries), list(counts)
    post = _posts([*entries, *counts])
    told: dict[tuple[str, str], list[Told]] = defaultdict(list)
    singles: dict[tuple[str, str], list[Single]] = defaultdict(list)
    for count in counts:
        upper = count.value if count.most is None else count.most
        one = Told(count.reported_at, count.value, upper, int(count.most is not None), count.approx)
        told[post(count), count.gate].append(one)
    for entry in entries:
        for name, number in metrics_of(entry).items():
            singles[post(entry), name].append(Single(entry.at, number))
    keys = dict.fromkeys([*told, *singles])
    return {key: stretches(told[key], singles[key]) for key in keys}


def _posts(rows: Sequence[GateEntry | Figure]) -> Callable[[GateEntry | Figure], str]:
    """Row → its post; where a chat names one post only, whoever names none means that one."""
    named: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.post:
            named[row.chat].add(row.post)
    alone = {chat: next(iter(posts)) for chat, posts in named.items() if len(posts) == 1}

    def post(row: GateEntry | Figure) -> str:
        return row.post or alone.get(row.chat, "")

    return post
