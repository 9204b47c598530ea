"""What a report is made of: the aggregates of one period and place, those that they are held against, and what is open
at this moment.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from handlers.cases import reconcile, states
from storage import daily_read, report_facts
from storage.daily_count import CountCell, place_of
from storage.daily_read import Figures
from storage.records import Scope
from storage.report_facts import Call, Observed, Open

WEEK = timedelta(days=7)
NOBODY = Observed((), 0, 0)


@dataclass(frozen=True, slots=True)
class Period:
    """A closed range of local days."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same length right before this one."""
        return self.moved(-timedelta(days=self.days))

    def moved(self, length: timedelta) -> "Period":
        """The period so much later."""
        return Period(self.first + length, self.last + length)


@dataclass(frozen=True, slots=True)
class Child:
    """A unit right below, with what came from it."""

    name: str
    place: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Present:
    """How things stand at this moment."""

    open: Sequence[Open] = ()
    """Cases that are not handed over yet, by state."""
    observed: Observed = NOBODY
    calls: Sequence[Call] = ()
    balance: reconcile.Balance | None = None
    """Intake and states, where returnees were ever registered."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All figures of one period and place."""

    place: str
    period: Period
    now: Figures
    before: Figures
    week: Figures | None
    """The same days a week earlier, where that is not `before`."""
    first_day: date | None
    """The first day with any duty."""
    participations: int
    """人次 from the first day to the end of the period."""
    sums: Mapping[str, CountCell]
    """Every figure from its first day to the end of the period."""
    totals: Mapping[str, tuple[float, str]]
    """Stated totals (累计) by figure."""
    children: Sequence[Child]
    silent: Sequence[str]
    """Names of units below from which nothing came."""
    uncovered: Sequence[str]
    """Posts that are to be manned and were not."""
    present: Present


def snapshot(
    session: Session, period: Period, place: str, *, present: bool = True, units: Collection[str] = ()
) -> Snapshot:
    """Read the figures of a period. `present`: the report speaks of now, so that what is open is told. `units`: paths
    that are known beside those of the books.
    """
    now = daily_read.read(session, place, period.first, period.last)
    before = period.before()
    week = period.moved(-WEEK) if period.days < WEEK.days else None
    total, first_day = daily_read.participations(session, place, period.last)
    sums = daily_read.sums(session, place, period.last)
    known = _children(session, place, period)
    expected = {_cut(path, place) for path in report_facts.units_below(session, place) | _within(units, place)}
    heard = {child.place for child in known}
    return Snapshot(
        place=place,
        period=period,
        now=now,
        before=daily_read.read(session, place, before.first, before.last),
        week=daily_read.read(session, place, week.first, week.last) if week else None,
        first_day=first_day,
        participations=total,
        sums=sums,
        totals=daily_read.newest_totals(session, place, period.first, period.last),
        children=known,
        silent=[path.rsplit("/", 1)[-1] for path in sorted(expected - heard)],
        uncovered=[name for name in report_facts.posts_with_hours(session, place) if not _manned(now, name)],
        present=_present(session, place, period, sums, wanted=present),
    )


def _present(session: Session, place: str, period: Period, sums: Mapping[str, CountCell], *, wanted: bool) -> Present:
    """What is open now; of cases only where there ever were any."""
    cases = "kind|returnee" in sums or "case|registered" in sums
    unit, chat = ("", place[1:]) if place.startswith("@") else (place, "")
    return Present(
        open=report_facts.open_cases(session, place, states.OPEN) if cases and wanted else (),
        observed=report_facts.observed(session, place, period.last) if cases and wanted else NOBODY,
        calls=report_facts.calls(session, place) if wanted and "kind|call_up" in sums else (),
        balance=reconcile.balance(session, period.last, unit, chat) if cases else None,
    )


def _children(session: Session, place: str, period: Period) -> list[Child]:
    if place.startswith("@"):
        return []
    found = daily_read.children(session, place, period.first, period.last)
    return [
        Child(path.rsplit("/", 1)[-1], path, figures) for path, figures in found.items() if not path.startswith("@")
    ]


def _within(units: Collection[str], place: str) -> set[str]:
    return {path for path in units if path and path != place and (not place or path.startswith(place + "/"))}


def _cut(path: str, place: str) -> str:
    """The unit right below `place` on the way to `path`."""
    depth = place.count("/") + 2 if place else 1
    return "/".join(path.split("/")[:depth])


def _manned(now: Figures, name: str) -> bool:
    return any(post and (post.endswith(name) or name.endswith(post)) for post in now.posts)


def place_for(unit: str, chat: str) -> str:
    """The place that a report of a chat is about: its unit, or the chat itself; everything where both are empty."""
    return place_of(unit, chat) if unit or chat else ""


def scope_of(period: Period, unit: str, chat: str) -> Scope:
    """The rows that belong to a period of a unit, or of a chat; of everything where both are empty."""
    return Scope(period.first, period.last, unit=unit or None, chat=None if unit else chat or None)
