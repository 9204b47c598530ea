"""What a report is made of: the aggregates of one period and place, those that they are held against, and what is open
at this moment.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy.orm import Session

from handlers.cases import reconcile, states
from handlers.form_books.standing import Standing, standings
from handlers.forms import shipped
from handlers.language.form_spec import FormSpec
from handlers.patrols import states as patrol_states
from handlers.supplies import figures as supply_figures
from handlers.supplies.rules import Rules
from storage import daily_read, figures, notices, patrols, report_facts
from storage.daily import catch_up
from storage.daily_count import DOUBLE, CountCell, place_of
from storage.daily_read import Figures
from storage.nest import Nest
from storage.notices import Tally
from storage.patrols import Waiting
from storage.records import Scope
from storage.report_facts import Call, Observed, Open

WEEK = timedelta(days=7)
NOBODY = Observed((), 0, 0)
NO_NOTICES = Tally()


@dataclass(frozen=True, slots=True)
class Period:
    """A closed range of local days."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def kind(self, today: date) -> str:
        """What people take it for, seen from `today`: day; week, month (whole ones of the calendar); `week_so_far`,
        `month_so_far` (until today); days (any other).
        """
        if self.days == 1:
            return "day"
        so_far = "_so_far" if self.last == today else ""
        if self.first.weekday() == 0 and self.days <= WEEK.days and (so_far or self.days == WEEK.days):
            return "week" + (so_far if self.days < WEEK.days else "")
        whole = self.last == _end_of_month(self.first)
        if self.first.day == 1 and (so_far or whole):
            return "month" + ("" if whole else so_far)
        return "days"

    def before(self, today: date) -> "Period":
        """What it is held against: the calendar's week or month before, as far as this one has come; else as many days
        right before it.
        """
        kind = self.kind(today)
        if kind.startswith("week"):
            return self.moved(-WEEK)
        if kind.startswith("month"):
            end = self.first - timedelta(days=1)
            last = end if kind == "month" else end.replace(day=min(self.last.day, end.day))
            return Period(end.replace(day=1), last)
        return self.moved(-timedelta(days=self.days))

    def moved(self, length: timedelta) -> "Period":
        """The period so much later."""
        return Period(self.first + length, self.last + length)


def _end_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


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
    supplies: supply_figures.State | None = None
    """Who has got goods and what is lacking, where there ever was anything of the kind."""
    findings: Sequence[Waiting] = ()
    """Findings of rounds that are not closed, by state."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All figures of one period and place."""

    place: str
    period: Period
    today: date
    """The local day on which the report is made."""
    now: Figures
    before: Figures
    """Of the period that it is held against, without posts."""
    week: Figures | None
    """The same days a week earlier, of a day or a few that are no week or month; without posts."""
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
    forms: Sequence[Standing] = ()
    """How the forms of the place stand."""
    doubles: Sequence[str] = ()
    """Records of the place's own groups whose figures were perhaps told twice."""
    notices: Tally = NO_NOTICES
    """What the place's own groups sent to others."""
    compares: bool = True
    """Whether figures are held against earlier ones: those of a morning say nothing beside those of a whole day."""

    @property
    def has_past(self) -> bool:
        """Whether duty is compared, and there was any before the period: what nobody told the bot is not nothing."""
        return self.compares and self.first_day is not None and self.first_day < self.period.first


def snapshot(
    session: Session,
    period: Period,
    place: str,
    *,
    present: bool = True,
    units: Collection[str] = (),
    today: date | None = None,
) -> Snapshot:
    """Read the figures of a period. `present`: the report speaks of now, so that what is open is told. `units`: paths
    that are known beside those of the books. `today`: when the report is made; None for the period's last day.
    """
    return snapshots(session, period, [place], present=present, units=units, today=today)[place]


def snapshots(
    session: Session,
    period: Period,
    places: Collection[str],
    *,
    present: bool = True,
    units: Collection[str] = (),
    forms: Sequence[FormSpec] | None = None,
    rules: Rules | None = None,
    today: date | None = None,
) -> dict[str, Snapshot]:
    """The same for many places: each statement is asked once for all of them. `forms`: those of the service; None for
    the shipped ones; `rules` of supplies likewise.
    """
    catch_up(session)
    today = today or period.last
    first, last, before = period.first, period.last, period.before(today)
    week = period.moved(-WEEK) if period.days < WEEK.days and period.kind(today) in {"day", "days"} else None
    now = daily_read.read_all(session, places, first, last)
    then = daily_read.read_all(session, places, before.first, before.last, posts=False)
    earlier = daily_read.read_all(session, places, week.first, week.last, posts=False) if week else {}
    participations = daily_read.participations_all(session, places, last)
    sums = daily_read.sums_all(session, places, last)
    totals = daily_read.newest_totals_all(session, places, first, last)
    children = daily_read.children_all(session, [place for place in places if not place.startswith("@")], first, last)
    expected = _expected(session, places, units)
    posts = report_facts.posts_with_hours_all(session, places)
    presents = _presents(session, sums, last, wanted=present, rules=rules)
    doubled = [place for place in places if DOUBLE in now[place].whole]
    doubles = figures.doubles_all(session, doubled, first, last) if doubled else {}
    told = notices.tallies(session, first, last)
    standing = standings(session, shipped() if forms is None else forms, places, first, last, present=present)
    return {
        place: Snapshot(
            place=place,
            period=period,
            today=today,
            now=now[place],
            before=then[place],
            week=earlier.get(place),
            first_day=participations[place][1],
            participations=participations[place][0],
            sums=sums[place],
            totals=totals[place],
            children=(known := _children(children.get(place, {}))),
            silent=_silent(expected[place], known),
            uncovered=[name for name in posts.get(place, ()) if not _manned(now[place], name)],
            present=presents[place],
            forms=standing.get(place, ()),
            doubles=doubles.get(place, ()),
            notices=told.get(place, NO_NOTICES),
        )
        for place in places
    }


def _presents(
    session: Session,
    sums: Mapping[str, Mapping[str, CountCell]],
    today: date,
    *,
    wanted: bool,
    rules: Rules | None = None,
) -> dict[str, Present]:
    """What is open now, by place; of cases and calls only where there ever were any."""
    with_cases = [place for place, known in sums.items() if "kind|returnee" in known or "case|registered" in known]
    cases = Nest(with_cases if wanted else ())
    calls = Nest([place for place, known in sums.items() if wanted and "kind|call_up" in known])
    open_ = report_facts.open_cases_all(session, cases, states.OPEN) if cases.places else {}
    observed = report_facts.observed_all(session, cases, today) if cases.places else {}
    called = report_facts.calls_all(session, calls) if calls.places else {}
    balances = _balances(session, today, with_cases) if with_cases else {}
    found = Nest([place for place, known in sums.items() if wanted and "finding" in known])
    findings = patrols.waiting_all(session, found, patrol_states.WAITING) if found.places else {}
    return {
        place: Present(
            open_.get(place, ()),
            observed.get(place, NOBODY),
            called.get(place, ()),
            balances.get(place),
            supply_figures.state_of(session, place, today, rules) if wanted and supply_figures.has_any(known) else None,
            findings.get(place, ()),
        )
        for place, known in sums.items()
    }


def _balances(session: Session, today: date, places: Sequence[str]) -> Mapping[str, reconcile.Balance]:
    """Intake and states. Of everything alone, which is asked for most and holds the most cases, they are counted."""
    known = report_facts.all_cases(session, today) if list(places) == [""] else None
    if known is None:
        return reconcile.balances(session, today, places)
    ordered = {state: known[state] for state in states.STATES if known.get(state)}
    return {"": reconcile.Balance(sum(known.values()), ordered, ())}


def _children(found: Mapping[str, Figures]) -> list[Child]:
    return [
        Child(path.rsplit("/", 1)[-1], path, figures) for path, figures in found.items() if not path.startswith("@")
    ]


def _expected(session: Session, places: Collection[str], units: Collection[str]) -> dict[str, set[str]]:
    """Of each place: the units right below it from which something is expected."""
    found = report_facts.units_below_all(session, Nest([place for place in places if not place.startswith("@")]))
    more = _tree(tuple(units))
    return {place: found.get(place, set()) | more.get(place, set()) for place in places}


@lru_cache(maxsize=4)
def _tree(units: tuple[str, ...]) -> Mapping[str, set[str]]:
    """Place → the units right below it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in units:
        for place, child in report_facts.steps(path):
            found[place].add(child)
    return dict(found)


def _silent(expected: Collection[str], heard: Sequence[Child]) -> list[str]:
    """Names of those units below from which nothing came."""
    missing = set(expected) - {child.place for child in heard}
    return [path.rsplit("/", 1)[-1] for path in sorted(missing)]


def _manned(now: Figures, name: str) -> bool:
    return any(post and (post.endswith(name) or name.endswith(post)) for post in now.posts)


def place_for(unit: str, chat: str) -> str:
    """The place that a report of a chat is about: its unit, or the chat itself; everything where both are empty."""
    return place_of(unit, chat) if unit or chat else ""


def scope_of(period: Period, unit: str, chat: str) -> Scope:
    """The rows that belong to a period of a unit, or of a chat; of everything where both are empty."""
    return Scope(period.first, period.last, unit=unit or None, chat=None if unit else chat or None)
