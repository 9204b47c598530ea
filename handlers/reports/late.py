"""Reports that come after the digest: one short amendment to the group, and a word in the next digest."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.language.form_spec import FormSpec
from handlers.reports.data import Period
from handlers.reports.digest import made_all
from handlers.reports.figures import Report
from handlers.supplies.rules import Rules
from storage import report_books
from storage.daily import catch_up
from storage.report_books import Values
from storage.tables_daily import Posted

AT_MOST_EVERY = timedelta(hours=1)
AT_ONCE = 300
"""Days of chats that are looked at in one transaction: messages wait no longer than that."""
LOOK_BACK = timedelta(days=7)
"""Older days change the books in silence: the figures of periods are right, nobody waits for them any more."""
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Shown:
    """What reports show: the service's forms and rules of supplies, and what each chat leaves out."""

    forms: Sequence[FormSpec] | None = None
    rules: Rules | None = None
    left_out: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Chat → sections that none of its daily reports of the configuration has."""

    def hidden(self, session: Session, chats: Collection[str]) -> dict[str, frozenset[str]]:
        """Sections that each chat does not see."""
        chosen = report_books.chosen(session, chats)
        own = {chat: chosen[chat].hidden.split() if chat in chosen else () for chat in chats}
        return {chat: frozenset((*own[chat], *self.left_out.get(chat, ()))) for chat in chats}


def changes(old: Values, new: Values, hidden: Collection[str] = NOTHING) -> list[str]:
    """What is different, in the order of the report, but for what is hidden."""
    found = []
    for label in dict.fromkeys([*new, *old]):
        before, after = old.get(label), new.get(label)
        measure, section = next(one[1:] for one in (after, before) if one)
        was, is_ = before[0] if before else 0.0, after[0] if after else 0.0
        if section not in hidden and round(was, 1) != round(is_, 1):
            found.append(words.changed(label, was, is_, measure))
    return found


def _as_now(
    session: Session, rows: Sequence[Posted], at: datetime, shown: Shown
) -> Iterator[tuple[Posted, Report, frozenset[str]]]:
    """What reports about the days of `rows` would say now, with what their chats do not see, in the order of `rows`;
    each day is read once.
    """
    places: dict[date, set[str]] = defaultdict(set)
    for posted in rows:
        places[posted.day].add(posted.place)
    now = {
        day: made_all(
            session, Period(day, day), sorted(some), at, title=words.DIGEST, forms=shown.forms, rules=shown.rules
        )
        for day, some in places.items()
    }
    hidden = shown.hidden(session, {posted.chat for posted in rows})
    return ((posted, now[posted.day][posted.place], hidden[posted.chat]) for posted in rows)


def amendments(session: Session, at: datetime, shown: Shown) -> list[tuple[str, str]]:
    """(chat, amendment) of posted reports that are no longer right, at most one an hour for each chat; the rest of very
    many with the next look.
    """
    catch_up(session)
    since = at.date() - LOOK_BACK
    quiet = report_books.told_since(session, at - AT_MOST_EVERY, since)
    rows = [posted for posted in report_books.outdated(session, since) if posted.chat not in quiet]
    found = [(one[0].chat, _amended(*one, at)) for one in _as_now(session, rows[:AT_ONCE], at, shown)]
    return [(chat, text) for chat, text in found if text]


def _amended(posted: Posted, now: Report, hidden: frozenset[str], at: datetime) -> str:
    found = changes(report_books.values_of(posted.figures), now.values, hidden)
    posted.stale = False
    if not found:
        return ""
    report_books.update_figures(posted, now.values)
    posted.told_at = at
    day, place = f"{posted.day.month}月{posted.day.day}日", words.place_name(posted.place)
    said = words.AMENDED.format(place=place, day=day, until=words.until(at), changes="，".join(found))
    closing = now.without(hidden).closing
    return f"{said}\n> {closing}" if closing else said


def since_then(session: Session, chats: Collection[str], day: date, at: datetime, shown: Shown) -> dict[str, list[str]]:
    """By chat: what reports of the days before said and is different now: told once, with the next digest."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = report_books.changed_since(session, chats, day - LOOK_BACK, day)
    for posted, now, hidden in _as_now(session, rows, at, shown):
        values = now.values
        if different := changes(report_books.values_of(posted.first), values, hidden):
            found[posted.chat].append(words.changed_day(posted.day, different))
        if changes(report_books.values_of(posted.first), values):
            report_books.update_figures(posted, values)
            posted.first, posted.stale = posted.figures, False
    return found
