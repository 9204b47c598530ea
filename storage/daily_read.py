"""What a report asks of the aggregates: the figures of places over a range of days, of their children, of their posts.

Each question comes in two forms: for many places, which have caught up before (`storage.daily.catch_up`), and for one.
The statements are made once: making them costs more than most of their answers.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pyroaring import BitMap
from sqlalchemy import BindParameter, Date, bindparam, func, select
from sqlalchemy.orm import Session

from storage.daily import catch_up, duty_cell
from storage.daily_count import WHOLE, CountCell, DutyCell
from storage.nest import Nest
from storage.portions import portions
from storage.tables import Base

_DUTY = Base.metadata.tables["daily_duty"].c
_COUNT = Base.metadata.tables["daily_counts"].c
_TOTAL = Base.metadata.tables["daily_totals"].c
PLACES: BindParameter[Any] = bindparam("places", expanding=True)
FIRST, LAST = bindparam("first", type_=Date), bindparam("last", type_=Date)


@dataclass(slots=True)
class Figures:
    """The figures of one place and period."""

    duty: DutyCell = field(default_factory=DutyCell)
    posts: dict[str, DutyCell] = field(default_factory=dict)
    """Of the place's own posts."""
    whole: dict[str, CountCell] = field(default_factory=dict)
    """Figure → its sum, with everything below."""
    by_post: dict[str, dict[str, CountCell]] = field(default_factory=dict)
    """Figure → post → its sum, of the place's own posts."""

    def value(self, name: str) -> int:
        """A count of things, 0 where nobody reported any."""
        cell = self.whole.get(name)
        return round(cell.value) if cell else 0


_SUMS = (
    func.sum(_COUNT.value),
    func.sum(_COUNT.upper),
    func.sum(_COUNT.ranged),
    func.min(func.nullif(_COUNT.hedge, "")),
    func.max(func.nullif(_COUNT.hedge, "")),
    func.sum(_COUNT.reports),
    func.count(),
    func.max(_COUNT.value),
)
_ALL_DUTY = select(*_DUTY).where(_DUTY.place.in_(PLACES), _DUTY.day.between(FIRST, LAST))
_ALL_DUTY = _ALL_DUTY.order_by(_DUTY.place, _DUTY.day, _DUTY.post)
_WHOLE_DUTY = _ALL_DUTY.where(_DUTY.post == WHOLE)
_ALL_COUNTS = (
    select(_COUNT.place, _COUNT.post, _COUNT.name, *_SUMS)
    .where(_COUNT.place.in_(PLACES), _COUNT.day.between(FIRST, LAST))
    .group_by(_COUNT.place, _COUNT.post, _COUNT.name)
    .order_by(func.min(_COUNT.day), _COUNT.place, _COUNT.name, _COUNT.post)
)
_WHOLE_COUNTS = _ALL_COUNTS.where(_COUNT.post == WHOLE)
_MEMBERS = select(_COUNT.place, _COUNT.name, _COUNT.members).where(
    _COUNT.place.in_(PLACES), _COUNT.day.between(FIRST, LAST), _COUNT.post == WHOLE, _COUNT.members.is_not(None)
)


def read_all(
    session: Session, places: Collection[str], first: date, last: date, *, posts: bool = True
) -> dict[str, Figures]:
    """The figures of each of `places`, with everything below it; with `posts`, those of its own posts apart."""
    asked = {"places": list(places), "first": first, "last": last}
    found = {place: Figures() for place in places}
    for row in session.execute(_ALL_DUTY if posts else _WHOLE_DUTY, asked):
        _add_duty(found[row.place], row.post, duty_cell(row))
    for place, post, name, *sums in session.execute(_ALL_COUNTS if posts else _WHOLE_COUNTS, asked):
        mine = found[place]
        own = mine.whole if post == WHOLE else mine.by_post.setdefault(name, {})
        own[name if post == WHOLE else post] = _sum(sums)
    for place, name, members in session.execute(_MEMBERS, asked):
        found[place].whole[name].members |= BitMap.deserialize(members)
    return found


def read(session: Session, place: str, first: date, last: date) -> Figures:
    """The figures of a place, with everything below it."""
    catch_up(session)
    return read_all(session, [place], first, last)[place]


def _add_duty(found: Figures, post: str, cell: DutyCell) -> None:
    if post == WHOLE:
        found.duty.merge(cell)
    elif post in found.posts:
        found.posts[post].merge(cell)
    else:
        found.posts[post] = cell


def _sum(row: Any) -> CountCell:
    value, upper, ranged, least, most, reports, days, highest = row
    hedge = _hedge(least, most)
    return CountCell(value, upper, int(ranged), hedge, int(reports), days=int(days), highest=highest)


def _hedge(least: str | None, most: str | None) -> str:
    """The hedge of a sum, from the first and the last of those of its parts."""
    return "about" if least != most else most or ""


_DUTY_BELOW = select(*_DUTY).where(_DUTY.parent.in_(PLACES), _DUTY.day.between(FIRST, LAST), _DUTY.post == WHOLE)
_DUTY_BELOW = _DUTY_BELOW.order_by(_DUTY.parent, _DUTY.day, _DUTY.place)
_COUNTS_BELOW = (
    select(_COUNT.parent, _COUNT.place, _COUNT.name, *_SUMS)
    .where(_COUNT.parent.in_(PLACES), _COUNT.day.between(FIRST, LAST), _COUNT.post == WHOLE)
    .group_by(_COUNT.parent, _COUNT.place, _COUNT.name)
    .order_by(func.min(_COUNT.day), _COUNT.place, _COUNT.name)
)


def children_all(session: Session, places: Collection[str], first: date, last: date) -> dict[str, dict[str, Figures]]:
    """The figures of each place right below each of `places`, in the order of their names; those without any are not
    among them. Sets of people are known of duty alone.
    """
    asked = {"places": list(places), "first": first, "last": last}
    found: dict[str, dict[str, Figures]] = {place: defaultdict(Figures) for place in places}
    for row in session.execute(_DUTY_BELOW, asked):
        found[row.parent][row.place].duty.merge(duty_cell(row))
    for parent, child, name, *sums in session.execute(_COUNTS_BELOW, asked):
        found[parent][child].whole[name] = _sum(sums)
    return {place: dict(sorted(below.items())) for place, below in found.items()}


def children(session: Session, place: str, first: date, last: date) -> dict[str, Figures]:
    """The same for one place."""
    catch_up(session)
    return children_all(session, [place], first, last)[place]


def by_day(session: Session, place: str, first: date, last: date) -> dict[date, DutyCell]:
    """The duty of each day: for curves."""
    catch_up(session)
    asked = {"places": [place], "first": first, "last": last}
    return {row.day: duty_cell(row) for row in session.execute(_WHOLE_DUTY, asked)}


_EVERY_SUM = (
    select(_COUNT.place, _COUNT.name, *_SUMS)
    .where(_COUNT.place.in_(PLACES), _COUNT.post == WHOLE, _COUNT.day <= LAST)
    .group_by(_COUNT.place, _COUNT.name)
)


def sums_all(session: Session, places: Collection[str], last: date) -> dict[str, dict[str, CountCell]]:
    """Σ of every figure of each place from the first day to `last`: 累计. Sets of people are not among it."""
    found: dict[str, dict[str, CountCell]] = {place: {} for place in places}
    for place, name, *row in session.execute(_EVERY_SUM, {"places": list(places), "last": last}):
        found[place][name] = _sum(row)
    return found


def sums(session: Session, place: str, last: date) -> dict[str, CountCell]:
    """The same for one place."""
    catch_up(session)
    return sums_all(session, [place], last)[place]


RECENT = timedelta(days=60)
"""Posts of which nothing was heard for longer are not known any more."""


def posts_known(session: Session, place: str, last: date) -> dict[str, set[str]]:
    """Posts of a place and of everything below it, of which anything came lately → the places that have one."""
    nest = Nest([place])
    found: dict[str, set[str]] = {}
    for table in (_DUTY, _COUNT):
        query = select(table.post, table.place).where(table.day.between(last - RECENT, last))
        query = query.where(table.post.not_in((WHOLE, "")), nest.paths(session, table.place)).distinct()
        for post, own in session.execute(query.order_by(table.post, table.place)):
            if nest.above(own):
                found.setdefault(post, set()).add(own)
    return found


_PARTICIPATIONS = (
    select(_DUTY.place, func.sum(_DUTY.participations), func.min(_DUTY.day))
    .where(_DUTY.place.in_(PLACES), _DUTY.post == WHOLE, _DUTY.day <= LAST)
    .group_by(_DUTY.place)
)


def participations_all(session: Session, places: Collection[str], last: date) -> dict[str, tuple[int, date | None]]:
    """(人次 from the first day to `last`, the first day) of each place."""
    found: dict[str, tuple[int, date | None]] = dict.fromkeys(places, (0, None))
    for place, total, first in session.execute(_PARTICIPATIONS, {"places": list(places), "last": last}):
        found[place] = (int(total), first)
    return found


Said = dict[tuple[str, str], tuple[float, str]]
"""(chat, post) → (stated total, its hedge)."""


def newest_totals_all(
    session: Session, places: Collection[str], first: date, last: date
) -> dict[str, dict[str, tuple[float, str]]]:
    """Of each place: figure → (stated total of all its groups together, its hedge). Of each post of a chat the newest
    counts; within one chat a total without a post covers those of its posts.
    """
    nest = Nest(places)
    columns = (_TOTAL.place, _TOTAL.chat, _TOTAL.post, _TOTAL.name, _TOTAL.value, _TOTAL.hedge)
    query = select(*columns).where(_TOTAL.day.between(first, last), nest.paths(session, _TOTAL.place))
    newest: dict[str, dict[str, Said]] = {place: defaultdict(dict) for place in places}
    for at, chat, post, name, value, hedge in session.execute(query.order_by(_TOTAL.number)):
        for place in nest.above(at):
            newest[place][name][chat, post] = (value, hedge)
    return {place: {name: _together(said) for name, said in found.items()} for place, found in newest.items()}


def _together(said: Mapping[tuple[str, str], tuple[float, str]]) -> tuple[float, str]:
    whole = {chat for chat, post in said if not post}
    valid = [found for (chat, post), found in said.items() if not post or chat not in whole]
    hedges = {hedge for _, hedge in valid}
    return sum(value for value, _ in valid), next(iter(hedges)) if len(hedges) == 1 else "about"


def reported(session: Session, places: Iterable[str], day: date) -> set[str]:
    """Those of the places from which, or from below which, anything came on a day."""
    catch_up(session)
    wanted = list(places)
    found: set[str] = set()
    for table in (_DUTY, _COUNT):
        for some in portions(wanted, 900):
            query = select(table.place).where(table.day == day, table.post == WHOLE, table.place.in_(some))
            found |= set(session.scalars(query.distinct()))
    return found
