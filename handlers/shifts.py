"""Plans as shifts, and shifts against what was reported: who is there, late, missing; where nobody stands. Pure."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import inf
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

from handlers import spans

MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
EARLY = timedelta(hours=2)
"""So long before a shift people begin to come."""


class RosterLike(Protocol):
    """What is needed of a standing roster."""

    id: int
    ref: str
    unit: str
    post: str
    shift: str
    first: date
    last: date | None
    starts: int
    ends: int
    least: int
    most: int | None


class AssignmentLike(Protocol):
    """What is needed of a person on a roster."""

    roster_id: int
    day: date | None
    person: str
    state: str


class Slot(NamedTuple):
    """One shift on one day, with the people who are to come."""

    roster_id: int
    ref: str
    unit: str
    post: str
    shift: str
    day: date
    starts: datetime
    ends: datetime
    least: int
    most: int | None
    people: tuple[str, ...]

    @property
    def short(self) -> int:
        """How many more it takes."""
        return max(0, self.least - len(self.people))


class Presence(NamedTuple):
    """One person's time on a post as it was reported. `end` None: still there, or nobody knows."""

    person: str
    post: str
    start: datetime
    end: datetime | None
    open: bool
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """A shift as things are: names in the order of the plan."""

    present: tuple[str, ...]
    late: tuple[str, ...]
    """Came, but later than the grace allows."""
    missing: tuple[str, ...]
    """Planned, the grace is over, nothing was reported."""
    extra: tuple[str, ...]
    """Came without being planned."""


def moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Minutes after the midnight of a day, beyond 1440 on the next."""
    return datetime.combine(day, time(), zone) + timedelta(minutes=minutes)


def slots(
    rosters: Iterable[RosterLike],
    assignments: Iterable[AssignmentLike],
    away: Collection[tuple[str, date]],
    days: tuple[date, date],
    zone: ZoneInfo,
    during: tuple[datetime, datetime] | None = None,
) -> list[Slot]:
    """The shifts that begin on `days` (first and last), in the order of time. `away`: (person, day) on leave; `during`:
    only shifts that go on at some time between these moments.
    """
    people: dict[int, list[AssignmentLike]] = defaultdict(list)
    for assignment in assignments:
        people[assignment.roster_id].append(assignment)
    midnights = {day: moment(day, 0, zone) for day in _between(*days)}
    wanted = {day: _minutes(midnight, during) for day, midnight in midnights.items()}
    spans_: dict[tuple[date, int, int], tuple[datetime, datetime]] = {}
    found = []
    for roster in rosters:
        starts, ends = roster.starts, roster.ends
        for day in _between(max(roster.first, days[0]), min(roster.last or days[1], days[1])):
            since, until = wanted[day]
            if starts < until and ends > since:
                span = spans_.get((day, starts, ends))
                if span is None:
                    midnight = midnights[day]
                    span = (midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends))
                    spans_[day, starts, ends] = span
                found.append(_slot(roster, day, span, _planned(people.get(roster.id, ()), day, away)))
    return sorted(found, key=lambda slot: (slot.starts, slot.post))


def _minutes(midnight: datetime, during: tuple[datetime, datetime] | None) -> tuple[float, float]:
    """A time in minutes after a midnight."""
    if during is None:
        return -inf, inf
    first, last = ((moment.astimezone(midnight.tzinfo) - midnight) / MINUTE for moment in during)
    return first, last


def _between(day: date, last: date) -> Iterator[date]:
    while day <= last:
        yield day
        day += ONE_DAY


def _planned(rows: Sequence[AssignmentLike], day: date, away: Collection[tuple[str, date]]) -> tuple[str, ...]:
    if len(rows) == 1 and rows[0].day is None and rows[0].state == "on" and not away:
        return (rows[0].person,)
    off = {row.person for row in rows if row.day == day and row.state != "on"}
    on = dict.fromkeys(row.person for row in rows if row.day in (None, day) and row.state == "on")
    return tuple(person for person in on if person not in off and (person, day) not in away)


def _slot(roster: RosterLike, day: date, span: tuple[datetime, datetime], people: tuple[str, ...]) -> Slot:
    named = (roster.id, roster.ref, roster.unit, roster.post, roster.shift)
    return Slot(*named, day, *span, roster.least, roster.most, people)


def same_post(one: str, other: str) -> bool:
    """东门 is 红石坎村卡口东门 to those who stand there. A post that nobody named fits every one."""
    return not one or not other or one.endswith(other) or other.endswith(one)


Place = tuple[str, str]
"""(unit, post): two villages may both have an 东门."""


def fits(reported: Place, planned: Place) -> bool:
    """Whether what was reported in one unit may be a post of another: of one above or below it, where it is named."""
    (here, post), (there, name) = reported, planned
    if not same_post(post, name):
        return False
    return here == there or not here or not there or bool(post and _over(here, there))


def _over(one: str, other: str) -> bool:
    return one.startswith(other + "/") or other.startswith(one + "/")


def _near(other: str, names: Sequence[str], unit: str) -> Sequence[str]:
    """Those of the posts reported in one unit that may lie in another, as `fits` has it: hundreds are asked at once."""
    if other == unit or not other or not unit:
        return names
    return [name for name in names if name] if _over(other, unit) else ()


class Manned:
    """The posts where somebody is, asked again and again whether a planned one is among them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._posts: dict[str, list[str]] = defaultdict(list)
        for unit, post in places:
            self._posts[unit].append(post)
        self._near: dict[str, Named] = {}

    def has(self, place: Place) -> bool:
        """Whether somebody is there."""
        unit, post = place
        if unit not in self._near:
            self._near[unit] = Named(name for other, names in self._posts.items() for name in _near(other, names, unit))
        return self._near[unit].fits(post)


class Named:
    """Names of posts, asked again and again which of them fits another (`same_post`)."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._ends = {name[start:] for name in self._names for start in range(len(name))}

    def fits(self, post: str) -> bool:
        """Whether any of the names may be this post."""
        if not post or "" in self._names:
            return bool(self._names)
        return post in self._ends or any(post[start:] in self._names for start in range(1, len(post)))


def tight(mine: Sequence[Slot], new: Slot, rest: timedelta, most: timedelta) -> tuple[Slot, Slot, str] | None:
    """Two shifts of one person that leave too little rest: (earlier, later, `rest` or `long`), where `new` is one of
    them. Less than `rest` counts after or before a night; shifts that touch are one, too long beyond `most`.
    """
    for other in mine:
        first, second = sorted((other, new), key=lambda slot: slot.starts)
        pause = second.starts - first.ends
        if (other.roster_id, other.day) == (new.roster_id, new.day) or not -ONE_DAY < pause < rest:
            continue
        if pause <= MINUTE and second.ends - first.starts > most:
            return first, second, "long"
        if pause > MINUTE and (_dark(first) or _dark(second)):
            return first, second, "rest"
    return None


def _dark(slot: Slot) -> bool:
    """Whether a shift goes through the middle of a night."""
    middle = datetime.combine(slot.starts.date() + ONE_DAY, time(2), slot.starts.tzinfo)
    return any(slot.starts < at < slot.ends for at in (middle - ONE_DAY, middle))


def standing(slot: Slot, known: "Known", now: datetime, grace: timedelta) -> Standing:
    """A shift against what was reported until `now`. Whoever planned for it checked in elsewhere is not missing."""
    here = {p.person: p for p in known.posts.get((slot.unit, slot.post), ()) if _during(p, slot, now)}
    over = now >= slot.starts + grace
    absent = (person for person in slot.people if person not in here)
    elsewhere = {p for p in absent if any(_during(presence, slot, now) for presence in known.people.get(p, ()))}
    return Standing(
        present=tuple(person for person in slot.people if person in here),
        late=tuple(p for p in slot.people if p in here and here[p].start > slot.starts + grace),
        missing=tuple(p for p in slot.people if over and p not in here and p not in elsewhere),
        extra=tuple(person for person in here if person not in slot.people),
    )


def _during(presence: Presence, slot: Slot, now: datetime) -> bool:
    """Whether somebody was there in the time of a shift; of an end that nobody told only the beginning is known."""
    if not presence.start < slot.ends:
        return False
    end = presence.end or (now if presence.open else presence.start)
    return presence.start >= slot.starts or end > slot.starts


class Known(NamedTuple):
    """What was reported, by the planned post that it belongs to and by the person."""

    posts: Mapping[Place, Sequence[Presence]]
    people: Mapping[str, Sequence[Presence]]


def known(presences: Iterable[Presence], posts: Iterable[Place], people: Collection[str]) -> Known:
    """Presences by planned post, one that nobody named for every post of its unit; and by person, as far as `people`
    goes.
    """
    names = list(dict.fromkeys(posts))
    found: dict[Place, list[Presence]] = {name: [] for name in names}
    persons: dict[str, list[Presence]] = defaultdict(list)
    where: dict[Place, list[Place]] = {}
    for presence in presences:
        place = (presence.unit, presence.post)
        if place not in where:
            where[place] = [name for name in names if fits(place, name)]
        for name in where[place]:
            found[name].append(presence)
        if presence.person in people:
            persons[presence.person].append(presence)
    return Known(found, persons)


def uncovered(
    presences: Iterable[Presence], window: tuple[datetime, datetime], now: datetime
) -> list[tuple[datetime, datetime]]:
    """When nobody of a post's `presences` was there between the ends of `window`, as far as is known at `now`."""
    first, last = window[0], min(window[1], now)
    covered = [(p.start, p.end or (now if p.open else p.start)) for p in presences]
    return spans.gaps(covered, first, last) if first < last else []
