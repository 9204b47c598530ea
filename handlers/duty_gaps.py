"""Posts where nobody was: hours of a post that nobody covered, the overview of a district with hundreds of posts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import nsmallest
from typing import Any

from sqlalchemy.orm import Session

from bot.context import Context
from handlers import plans, shifts, spans, texts_duty
from handlers.duty_rules import rules
from handlers.shifts import Place, Slot
from storage import duties, organisation, report_cover
from storage.records import Scope

MINUTE = timedelta(minutes=1)
DAY = 1440
Stretches = Sequence[tuple[datetime, datetime]]


def label(scope: Scope, unit: str, post: str) -> str:
    """A post as it is called from a unit above: with its village, unless the name has it."""
    village = unit.rpartition("/")[2]
    return f"{village}{post}" if post and village and scope.unit != unit and village not in post else post


def uncovered(view: plans.View, zone: Any, grace: timedelta) -> dict[Place, Stretches]:
    """Post that was to be manned today → when nobody had reported to be there, where that was for longer than `grace`.
    Times are local.
    """
    found: dict[Place, Stretches] = {}
    for place, windows in windows_today(view, zone).items():
        gaps = [gap for window in windows for gap in shifts.uncovered(view.known.posts[place], window, view.now)]
        wide = [(a.astimezone(zone), b.astimezone(zone)) for a, b in gaps if b - a > grace]
        if wide:
            found[place] = wide
    return found


def windows_today(view: plans.View, zone: Any) -> dict[shifts.Place, list[tuple[datetime, datetime]]]:
    """When each post was to be manned today: by its own hours, else by its shifts."""
    today = view.now.date()
    midnight = datetime.combine(today, time(), zone)
    found: dict[shifts.Place, list[tuple[datetime, datetime]]] = {}
    for post in view.posts:
        days = (today - timedelta(days=1), today)
        hours = [window for day in days if (window := plans.hours_today(post, day, zone))]
        if hours:
            found[post.unit, post.name] = [(max(a, midnight), b) for a, b in hours if b > midnight]
    for slot in view.slots:
        place = (slot.unit, slot.post)
        if place in found:
            continue
        known = any(shifts.fits(other, place) for other in found if other[1] and slot.post)
        if not known and slot.ends > midnight and slot.starts <= view.now:
            found.setdefault(place, [])
    return {place: windows or _of_shifts(view, place, midnight) for place, windows in found.items()}


def _of_shifts(view: plans.View, place: shifts.Place, midnight: datetime) -> list[tuple[datetime, datetime]]:
    mine = [
        slot
        for slot in view.slots
        if (slot.unit, slot.post) == place and slot.ends > midnight and slot.starts <= view.now
    ]
    return spans.union((max(slot.starts, midnight), slot.ends) for slot in mine)


# -- a district --------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Street:
    """What a unit right below a district lacks."""

    name: str
    due: int = 0
    """Posts that are to be manned now."""
    empty: list[str] = field(default_factory=list)
    """Those of them where nobody is."""
    short: int = 0
    """People that the next shifts lack."""


def overview(ctx: Context, place: Scope, at: datetime) -> str:
    """Of a district with hundreds of posts: how many are empty now in each unit right below, which for longest, and
    which of the next shifts run short. All hours of today are told of a street or village: for a district they would
    cost too much.
    """
    session, law = ctx.uow.session, rules(ctx)
    around = (at.date() - timedelta(days=1), at.date() + timedelta(days=1))
    slots = plans.planned(session, place, *around, ctx.zone, (at, at + law.gaps_within))
    due = _due(session, place, slots, at, law.late_after)
    manned = shifts.Manned((unit, post) for unit, post, _, _ in duties.open_by_post(session, place))
    empty = _empty_since(session, {post: start for post, start in due.items() if not manned.has(post)}, at)
    ahead = sorted((slot for slot in slots if slot.starts > at and slot.short), key=_urgent)
    return texts_duty.overview(
        _streets(place, due, empty, ahead),
        [(label(place, *post) or "值守", start.astimezone(ctx.zone)) for post, start in empty.items()],
        [slot._replace(post=label(place, slot.unit, slot.post)) for slot in ahead],
        at,
    )


def _due(
    session: Session, place: Scope, slots: Sequence[Slot], at: datetime, grace: timedelta
) -> dict[Place, datetime]:
    """Posts that are to be manned now, by their hours or a shift → since when."""
    midnight = datetime.combine(at.date(), time(), at.tzinfo)
    minute = (at - midnight) / MINUTE
    found: dict[Place, datetime] = {}
    for unit, name, starts, ends in organisation.post_hours(session, place.unit or ""):
        for day in (0, DAY):  # the hours may have begun yesterday
            if starts <= minute + day < ends:
                found[unit, name] = max(midnight, midnight + MINUTE * (starts - day))
    for slot in slots:
        if slot.starts + grace <= at < slot.ends:
            found.setdefault((slot.unit, slot.post), slot.starts)
    return found


def _empty_since(session: Session, due: Mapping[Place, datetime], at: datetime) -> dict[Place, datetime]:
    """Empty posts → since when, those that have been empty for longest first. Exact are those that are shown; of the
    others it is known that they have not been empty for longer.
    """
    since, today = dict(due), at.date()
    _count_ends(session, since, {unit for unit, _ in due}, today, at)
    asked: set[str] = set()
    # Who began yesterday may have left today, after those of today: that costs as many rows once more.
    while units := {unit for unit, _ in nsmallest(texts_duty.MOST_EMPTY, since, lambda one: (since[one], one))} - asked:
        _count_ends(session, since, units, today - timedelta(days=1), at)
        asked |= units
    return dict(sorted(since.items(), key=lambda one: (one[1], one[0])))


def _count_ends(session: Session, since: dict[Place, datetime], units: set[str], day: date, at: datetime) -> None:
    """Move what is known of posts to the ends of periods of a day."""
    near: dict[str, list[Place]] = defaultdict(list)
    for place in since:
        near[place[0]].append(place)
    during = (min(since.values(), default=at), at)
    for unit, reported, end in report_cover.last_ends(session, units, day, during):
        for place in near[unit]:
            if end > since[place] and shifts.same_post(reported, place[1]):
                since[place] = end


def _streets(
    place: Scope, due: Iterable[Place], empty: Iterable[Place], ahead: Iterable[Slot]
) -> list[texts_duty.StreetLike]:
    """What each unit right below lacks, the worst first."""
    found: dict[str, Street] = {}

    def street(unit: str) -> Street:
        name = _below(place, unit)
        return found.setdefault(name, Street(name))

    for unit, _ in due:
        street(unit).due += 1
    for unit, post in empty:
        street(unit).empty.append(label(place, unit, post))
    for slot in ahead:
        street(slot.unit).short += slot.short
    return [*sorted(found.values(), key=_worst_first)]


def _worst_first(street: Street) -> tuple[int, int, str]:
    return -len(street.empty), -street.short, street.name


def _urgent(slot: Slot) -> tuple[int, datetime, str]:
    return -slot.short, slot.starts, slot.post


def _below(scope: Scope, unit: str) -> str:
    """The name of the unit right below that a unit belongs to; empty for the scope's own posts."""
    lead = f"{scope.unit}/" if scope.unit else ""
    return unit.removeprefix(lead).partition("/")[0] if unit != scope.unit else ""
