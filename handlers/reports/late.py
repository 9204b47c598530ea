"""Reports that come after the digest: one short amendment to the group, and a word in the next digest."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.reports.data import Period
from handlers.reports.digest import made
from handlers.reports.figures import Report
from storage import report_books
from storage.daily import catch_up
from storage.report_books import Values
from storage.tables_daily import Posted

AT_MOST_EVERY = timedelta(hours=1)
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


def today_of(session: Session, place: str, day: date, at: datetime) -> Report:
    """What a report about a day would say now."""
    return made(session, Period(day, day), place, at, title=words.DIGEST)


def amendments(session: Session, at: datetime) -> list[tuple[str, str]]:
    """(chat, amendment) of every posted report that is no longer right, at most one an hour for each chat."""
    catch_up(session)
    since = at.date() - LOOK_BACK
    found: list[tuple[str, str]] = []
    quiet: dict[str, bool] = {}
    for posted in report_books.outdated(session, since):
        quiet.setdefault(posted.chat, _told_lately(session, posted.chat, since, at))
        if quiet[posted.chat]:
            continue
        if text := _amended(session, posted, at):
            found.append((posted.chat, text))
    return found


def _told_lately(session: Session, chat: str, since: date, at: datetime) -> bool:
    rows = report_books.posted_before(session, chat, since, at.date() + timedelta(days=1))
    return any(row.told_at is not None and at - row.told_at < AT_MOST_EVERY for row in rows)


def _amended(session: Session, posted: Posted, at: datetime) -> str:
    now = today_of(session, posted.place, posted.day, at)
    found = changes(report_books.values_of(posted.figures), now.values)
    posted.stale = False
    if not found:
        return ""
    report_books.update_figures(posted, now.values)
    posted.told_at = at
    day = f"{posted.day.month}月{posted.day.day}日"
    place = words.place_name(posted.place)
    return words.AMENDED.format(place=place, day=day, until=words.until(at), changes="，".join(found))


def since_then(session: Session, chat: str, day: date, at: datetime) -> list[str]:
    """What reports of the days before said and is different now: told once, with the next digest."""
    found = []
    for posted in report_books.posted_before(session, chat, day - LOOK_BACK, day):
        if not posted.stale and posted.figures == posted.first:
            continue
        now = today_of(session, posted.place, posted.day, at).values
        if different := changes(report_books.values_of(posted.first), now):
            found.append(words.changed_day(posted.day, different))
            report_books.update_figures(posted, now)
            posted.first, posted.stale = posted.figures, False
    return found
