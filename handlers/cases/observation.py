"""The days of observation: who is to report, who has, who is asked next, and how it ends by itself."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from handlers import texts_returnee as words
from handlers import times
from handlers.cases import states
from handlers.cases.people import Home, names
from handlers.cases.settings import Settings
from storage import cases
from storage.tables import HealthReport, Returnee

LATEST = 3
"""So many days later a missed report may still be caught up."""
AFTERNOON = 15
"""From this hour on the second report of the day is asked for, too."""
LEAVE_DAYS = 30
HALVES = {"am": "上午", "pm": "下午"}


@dataclass(slots=True)
class Watched:
    """Those who are to report today, and those of them who have not."""

    rules: Settings
    day: date
    cases: Sequence[Returnee]
    missing: Sequence[Returnee]
    late_half: Mapping[str, str]
    """Reference → the half of the day that is missing, where two reports are asked for."""

    def number(self, case: Returnee) -> int:
        """Which day of observation it is for somebody."""
        assert case.arrived_on is not None  # noqa: S101  (nobody is observed without it)
        return self.rules.day_number(case.arrived_on, self.day)

    def length(self, case: Returnee) -> int:
        """The number of the last day."""
        assert case.arrived_on is not None  # noqa: S101  (nobody is observed without it)
        return self.rules.day_number(case.arrived_on, case.release_on or self.day) - 1

    def lines(self, session: Session, *, group: bool) -> list[str]:
        """One line for each who is missing."""
        known = names(session, (case.owner for case in self.missing))
        return [
            words.missing_line(case, self.number(case), known.get(case.owner, ""), group=group) for case in self.missing
        ]


def watched(session: Session, rules: Settings, at: datetime, home: Home | None = None) -> Watched:
    """The people under observation on the day of `at` (local), of one group or of all."""
    unit, chat = (home.unit, home.chat) if home else ("", "")
    found = cases.in_states(session, (states.OBSERVING,), unit, chat)
    day = at.date()
    due = [case for case in found if _counts(rules, case, day)]
    reports = _reports(session, due, day)
    excused = on_leave(session, day)
    late = {case.ref: half for case in due if (half := _late(rules, reports[case.ref], at)) is not None}
    missing = [case for case in due if case.ref in late and case.name not in excused]
    return Watched(rules, day, due, missing, late)


def _counts(rules: Settings, case: Returnee, day: date) -> bool:
    """Days 1 to the last one; on day 0 nobody is asked."""
    if case.arrived_on is None or case.release_on is None:
        return False
    return rules.day_number(case.arrived_on, day) >= 1 and day < case.release_on


def _reports(session: Session, due: Sequence[Returnee], day: date) -> Mapping[str, list[HealthReport]]:
    found: dict[str, list[HealthReport]] = defaultdict(list)
    for report in cases.reports_of(session, [case.ref for case in due], day):
        found[report.returnee_ref or ""].append(report)
    return found


def _late(rules: Settings, reports: Sequence[HealthReport], at: datetime) -> str | None:
    """Which report is missing: "" for that of the day, am or pm where two are asked for; None where nothing is."""
    if not rules.twice_daily:
        return None if reports else ""
    had = {half for report in reports for half in (HALVES if report.halves == "both" else [report.halves])}
    wanted = ["am", "pm"] if at.hour >= AFTERNOON else ["am"]
    return next((half for half in wanted if half not in had), None)


def on_leave(session: Session, day: date) -> frozenset[str]:
    """Names of people who asked for leave on a day."""
    found = set()
    for row in cases.leaves(session, day - timedelta(days=LEAVE_DAYS)):
        if (times.day(row.fields.get("at")) or row.day) == day:
            found.update(row.fields.get("people", ()))
    return frozenset(found)


def to_themselves(session: Session, rules: Settings, at: datetime) -> dict[str, str]:
    """Account → reminder, for those who report for themselves and have not."""
    seen = watched(session, rules, at)
    return {
        case.account: words.remind_self(seen.number(case), seen.length(case), HALVES.get(seen.late_half[case.ref], ""))
        for case in seen.missing
        if case.account
    }


def to_volunteers(session: Session, rules: Settings, at: datetime) -> dict[str, str]:
    """Volunteer → list of those in their hands who have not reported. A volunteer on leave is not asked; the lead is,
    later.
    """
    seen = watched(session, rules, at)
    known = names(session, (case.owner for case in seen.missing))
    away = on_leave(session, at.date())
    mine: dict[str, list[Returnee]] = defaultdict(list)
    for case in seen.missing:
        if case.owner and known[case.owner] not in away:
            mine[case.owner].append(case)
    return {
        user: words.remind_volunteer([words.missing_line(c, seen.number(c), "", group=False) for c in some])
        for user, some in mine.items()
    }


def to_leads(session: Session, rules: Settings, at: datetime, home: Home) -> str:
    """What the leads of a group read about everybody who is still missing there; empty where nobody is."""
    seen = watched(session, rules, at, home)
    own = [case for case in seen.missing if case.chat == home.chat]
    if not own:
        return ""
    lines = Watched(rules, seen.day, seen.cases, own, seen.late_half).lines(session, group=False)
    return words.remind_lead(lines, home.unit.rsplit("/", 1)[-1])


def report_days(session: Session, case: Returnee, rules: Settings) -> tuple[int, bool]:
    """(days of observation with a report, whether the newest report was abnormal)."""
    reports = cases.reports_of(session, [case.ref])
    if case.arrived_on is None:
        return 0, False
    days = {report.day for report in reports if rules.day_number(case.arrived_on, report.day) >= 1}
    return len(days), bool(reports) and reports[-1].abnormal
