"""The plan of a unit as things stand: shifts of its rosters, hours of its posts, and what was reported against them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import shifts
from handlers.shifts import Presence, Slot
from storage import duties, organisation, rosters
from storage.records import Scope
from storage.tables_org import Post

AHEAD = timedelta(hours=24)


@dataclass(frozen=True)
class View:
    """Everything about a scope that the lists of duty need."""

    slots: Sequence[Slot]
    """Shifts from today's midnight on, for the next hours."""
    posts: Sequence[Post]
    presences: Sequence[Presence]
    now: datetime

    @cached_property
    def known(self) -> shifts.Known:
        """The reports by planned post and by planned person."""
        posts = [*((slot.unit, slot.post) for slot in self.slots), *((post.unit, post.name) for post in self.posts)]
        return shifts.known(self.presences, posts, {person for slot in self.slots for person in slot.people})

    @property
    def running(self) -> list[Slot]:
        """Shifts that are on now."""
        return [slot for slot in self.slots if slot.starts <= self.now < slot.ends]

    def coming(self, within: timedelta) -> list[Slot]:
        """Shifts that begin soon."""
        return [slot for slot in self.slots if self.now < slot.starts <= self.now + within]


def scope(unit: str, chat: str) -> Scope:
    """A unit with everything below it, or a chat that is bound to none."""
    return Scope(unit=unit or None, chat=None if unit else chat)


def view(session: Session, place: Scope, now: datetime, unit: str = "") -> View:
    """Read the plan around now, and the reports of its posts since today's midnight. `unit`: whose own posts belong to
    a chat.
    """
    zone: ZoneInfo = now.tzinfo  # type: ignore[assignment]  # the clock's times carry a ZoneInfo
    midnight = datetime.combine(now.date(), time(), zone)
    around = (now.date() - timedelta(days=1), now.date() + timedelta(days=1))
    slots = planned(session, place, *around, zone, (midnight, now + AHEAD))
    below = organisation.posts(session, place.unit or unit) if place.unit or unit else ()
    posts = below if place.unit else [post for post in below if post.unit == unit]
    names = {slot.post for slot in slots} | {post.name for post in posts if post.starts is not None}
    since = min([midnight, *(slot.starts - shifts.EARLY for slot in slots if slot.ends > now)])
    return View(slots, posts, presences(session, place, since, names) if names else (), now)


def planned(
    session: Session,
    place: Scope,
    first: date,
    last: date,
    zone: ZoneInfo,
    during: tuple[datetime, datetime] | None = None,
) -> list[Slot]:
    """Shifts that begin on the days from `first` to `last`; only those that go on `during` a time, if it is given."""
    found = rosters.plan(session, place, first, last)
    return shifts.slots(found.rosters, found.assignments, found.away, (first, last), zone, during)


MANY_POSTS = 200
"""Beyond so many names the reports are read without naming posts."""


def presences(session: Session, place: Scope, since: datetime, names: set[str]) -> list[Presence]:
    """Time on posts since a moment."""
    chosen = None if len(names) > MANY_POSTS or any(_is_short(name) for name in names) else sorted(names)
    found = duties.stretches(session, place, since, chosen)
    return [_presence(row) for row in found]


def _is_short(name: str) -> bool:
    """People may put the village before the name of such a post: it cannot be asked for by name."""
    return len(name) <= 2 or not name  # noqa: PLR2004


def _presence(row: Any) -> Presence:
    """Times stay in UTC: thousands of them are compared, few are shown."""
    person, post, start, end, state, unit = row
    return Presence(person, post, start.replace(tzinfo=UTC), end and end.replace(tzinfo=UTC), state == "open", unit)


def hours_today(post: Post, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """When a post is to be manned on a day."""
    if post.starts is None or post.ends is None:
        return None
    return shifts.moment(day, post.starts, zone), shifts.moment(day, post.ends, zone)


def of_person(session: Session, person: str, chat: str, first: date, last: date, zone: ZoneInfo) -> list[Slot]:
    """The shifts of one person of a chat."""
    found = rosters.plan_of(session, person, chat, first, last)
    return leavers(shifts.slots(found.rosters, found.assignments, found.away, (first, last), zone), person)


def leavers(slots: Sequence[Slot], person: str) -> list[Slot]:
    """The shifts that a person is on."""
    return [slot for slot in slots if person in slot.people]
