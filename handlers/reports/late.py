"""Reports that come after the digest: one short amendment to the group, and a word in the next digest."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.reports.data import Period
from handlers.reports.digest import made_all
from storage import report_books
from storage.daily import catch_up
from storage.report_books import Values
from storage.tables_daily import Posted

AT_MOST_EVERY = timedelta(hours=1)
AT_ONCE = 300
"""Days of chats that are looked at in one transaction: messages wait no longer than that."""
LOOK_BACK = timedelta(days=7)
"""Older days change the books in silence: the figures of periods are right, nobody waits for them any more."""


def changes(old: Values, new: Values) -> list[str]:
    """What is different, in the order of the report."""
    found = []
    for label in dict.fromkeys([*new, *old]):
        before, after = old.get(label, (0.0, "")), new.get(label, (0.0, ""))
        if round(before[0], 1) != round(after[0], 1):
            found.append(words.changed(label, before[0], after[0], after[1] or before[1]))
    return found


def _as_now(session: Session, rows: Sequence[Posted], at: datetime) -> Iterator[tuple[Posted, Values]]:
    """What reports about the days of `rows` would say now, in the order of `rows`; each day is read once."""
    places: dict[date, set[str]] = defaultdict(set)
    for posted in rows:
        places[posted.day].add(posted.place)
    now = {
        day: made_all(session, Period(day, day), sorted(some), at, title=words.DIGEST) for day, some in places.items()
    }
    return ((posted, now[posted.day][posted.place].values) for posted in rows)


def amendments(session: Session, at: datetime) -> list[tuple[str, str]]:
    """(chat, amendment) of posted reports that are no longer right, at most one an hour for each chat; the rest of very
    many with the next look.
    """
    catch_up(session)
    since = at.date() - LOOK_BACK
    quiet = report_books.told_since(session, at - AT_MOST_EVERY, since)
    rows = [posted for posted in report_books.outdated(session, since) if posted.chat not in quiet]
    found = [(posted.chat, _amended(posted, now, at)) for posted, now in _as_now(session, rows[:AT_ONCE], at)]
    return [(chat, text) for chat, text in found if text]


def _amended(posted: Posted, now: Values, at: datetime) -> str:
    found = changes(report_books.values_of(posted.figures), now)
    posted.stale = False
    if not found:
        return ""
    report_books.update_figures(posted, now)
    posted.told_at = at
    day = f"{posted.day.month}月{posted.day.day}日"
    place = words.place_name(posted.place)
    return words.AMENDED.format(place=place, day=day, until=words.until(at), changes="，".join(found))


def since_then(session: Session, chats: Collection[str], day: date, at: datetime) -> dict[str, list[str]]:
    """By chat: what reports of the days before said and is different now: told once, with the next digest."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = report_books.changed_since(session, chats, day - LOOK_BACK, day)
    for posted, now in _as_now(session, rows, at):
        if different := changes(report_books.values_of(posted.first), now):
            found[posted.chat].append(words.changed_day(posted.day, different))
            report_books.update_figures(posted, now)
            posted.first, posted.stale = posted.figures, False
    return found
