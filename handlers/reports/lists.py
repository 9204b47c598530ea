"""The records behind a line of a report, one sentence each, oldest first."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import masking, texts_forms
from handlers import texts_report as words
from handlers.form_books.booking import known as entry_known
from handlers.forms import shipped
from handlers.gate import lists as gate
from handlers.language.form_spec import FormSpec
from handlers.reports.data import Period
from handlers.reports.workbook import scope_of
from handlers.supplies import figures as supplies
from handlers.texts_returnee import STATES
from storage import form_entries, patrols, report_lists
from storage.daily_count import DOUBLE, place_of
from storage.figures import both_tellings, doubles_all
from storage.records import Scope

Listing = Callable[["Wanted"], Iterator[str]]


class Wanted:
    """Which records, and who reads them."""

    def __init__(
        self, session: Session, source: Mapping[str, Any], zone: ZoneInfo, forms: Sequence[FormSpec], *, group: bool
    ) -> None:
        self.session = session
        self.forms = forms
        self.zone = zone
        self.group = group
        self.kind, _, self.rest = source["source"].partition("|")
        self.place = source["place"]
        self.days = date.fromisoformat(source["first"]), date.fromisoformat(source["last"])
        period = Period(*self.days)
        self.scope: Scope = scope_of(self.place, period)

    def clock(self, moment: datetime | None) -> str:
        """23日21:05."""
        if moment is None:
            return ""
        local = moment.astimezone(self.zone)
        return f"{local.month}月{local.day}日{local:%H:%M}"

    def until(self, start: datetime | None, end: datetime | None) -> str:
        """The end of a time: 06:00, with its day where that is another one."""
        if start and end and start.astimezone(self.zone).date() == end.astimezone(self.zone).date():
            return f"{end.astimezone(self.zone):%H:%M}"
        return self.clock(end)


def behind(
    session: Session,
    source: Mapping[str, Any],
    zone: ZoneInfo,
    *,
    group: bool,
    forms: Sequence[FormSpec] | None = None,
) -> list[str]:
    """The records of a line. `group`: people are masked. `forms`: those of the service; None for the shipped ones."""
    wanted = Wanted(session, source, zone, shipped() if forms is None else forms, group=group)
    return list(LISTINGS[wanted.kind](wanted))


def _duty(wanted: Wanted) -> Iterator[str]:
    named = wanted.rest or None
    twice = report_lists.told_twice(wanted.session, wanted.scope)
    for row in report_lists.duty(wanted.session, wanted.scope, named):
        if named is None or place_of(row.unit, row.chat) == wanted.place:
            yield words.listed_duty(
                row, wanted.clock(row.starts_at), wanted.until(row.starts_at, row.ends_at), twice.get(row.id, 0.0)
            )


def _work(wanted: Wanted) -> Iterator[str]:
    for row in report_lists.figures(wanted.session, wanted.scope, f"work|{wanted.rest}"):
        yield words.listed_work(row, wanted.clock(row.reported_at))


DAY_OF = {"registered": "day", "handed": "handed_on", "released": "closed_on", "all": "day"}


def _doubles(wanted: Wanted) -> Iterator[str]:
    """Both tellings of each figure in doubt."""
    found = doubles_all(wanted.session, [wanted.place], *wanted.days).get(wanted.place, ())
    for row in both_tellings(wanted.session, found):
        yield words.listed_work(row, wanted.clock(row.reported_at))


def _cases(wanted: Wanted) -> Iterator[str]:
    scope = Scope(unit=wanted.scope.unit, chat=wanted.scope.chat) if wanted.rest == "all" else wanted.scope
    states = ("released",) if wanted.rest == "released" else ()
    yield from _each_case(wanted, scope, DAY_OF[wanted.rest], states)


def _open(wanted: Wanted) -> Iterator[str]:
    yield from _each_case(wanted, Scope(unit=wanted.scope.unit, chat=wanted.scope.chat), "day", (wanted.rest,))


def _observing(wanted: Wanted) -> Iterator[str]:
    yield from _each_case(wanted, Scope(unit=wanted.scope.unit, chat=wanted.scope.chat), "day", ("observing",))


def _each_case(wanted: Wanted, scope: Scope, day: str, states: tuple[str, ...]) -> Iterator[str]:
    for row in report_lists.returnees(wanted.session, scope, day, states):
        person = masking.person(row.name, row.phone) if wanted.group else f"{row.name or ''} {row.phone or ''}".strip()
        yield words.listed_case(row.ref, person, row.day, STATES.get(row.state, row.state))


def _health(wanted: Wanted) -> Iterator[str]:
    for row in report_lists.health(wanted.session, wanted.scope):
        person = masking.name(row.person) if wanted.group else row.person or ""
        yield words.listed_health(row.ref, person, wanted.clock(row.reported_at), abnormal=row.abnormal)


def _records(wanted: Wanted) -> Iterator[str]:
    for row in report_lists.records(wanted.session, wanted.scope, (wanted.rest,)):
        yield words.listed_record(row, wanted.clock(row.reported_at))


def _call(wanted: Wanted) -> Iterator[str]:
    for number, row in enumerate(report_lists.sign_ups(wanted.session, wanted.rest), 1):
        yield words.listed_sign_up(number, row)


def _rounds(wanted: Wanted) -> Iterator[str]:
    for made in patrols.rounds_in(wanted.session, wanted.scope):
        yield words.listed_round(made, wanted.clock(made.at))
    for row in patrols.missed_in(wanted.session, wanted.scope):
        yield words.listed_missed(row, wanted.clock(row.due_at))


def _findings(wanted: Wanted) -> Iterator[str]:
    """Those of a period, or (with a state) those that wait now."""
    now = Scope(unit=wanted.scope.unit, chat=wanted.scope.chat)
    found = patrols.findings(wanted.session, (wanted.rest,), now) if wanted.rest else None
    for row in patrols.touched_in(wanted.session, wanted.scope) if found is None else found:
        yield words.listed_finding(row, wanted.clock(row.found_at))


def _form(wanted: Wanted) -> Iterator[str]:
    spec = next((one for one in wanted.forms if one.name == wanted.rest), None)
    if spec is None:
        return
    for entry in form_entries.exported(wanted.session, wanted.rest, wanted.scope):
        yield texts_forms.entry_listed(spec, entry_known(entry), entry, masked=wanted.group)


def _gate(wanted: Wanted) -> Iterator[str]:
    yield from gate.behind(wanted.session, wanted.rest, wanted.scope, wanted.zone, group=wanted.group)


def _passes(wanted: Wanted) -> Iterator[str]:
    yield from gate.passes(wanted.session, wanted.scope, group=wanted.group)


def _supply(wanted: Wanted) -> Iterator[str]:
    yield from supplies.listed(wanted.session, wanted.rest, wanted.scope)


def _all(wanted: Wanted) -> Iterator[str]:
    yield from _duty(wanted)
    for row in report_lists.figures(wanted.session, wanted.scope):
        yield words.listed_work(row, wanted.clock(row.reported_at))


LISTINGS: Mapping[str, Listing] = {
    "duty": _duty,
    "work": _work,
    "form": _form,
    "case": _cases,
    "open": _open,
    "observing": _observing,
    "health": _health,
    "kind": _records,
    DOUBLE: _doubles,
    "call": _call,
    "supply": _supply,
    "round": _rounds,
    "finding": _findings,
    "gate": _gate,
    "pass": _passes,
    "all": _all,
}
"""First part of a line's source → what lists its records."""
