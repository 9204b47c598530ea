# ruff: noqa: ARG001 - every reader takes the same arguments
"""Times in the form of the parse contract, for reports and plans, on the day that a header or a word apart
gives them.
"""

from datetime import date, datetime, timedelta

from handlers.language.moments import Moment, Tense, TimeExpr, TimeRange
from handlers.language.periods import find_periods

Time = TimeExpr | TimeRange


def is_range(value: Time) -> bool:
    """From … to …"""
    return isinstance(value, TimeRange)


def is_day(value: Time) -> bool:
    """A day without a time of day."""
    return isinstance(value, TimeExpr) and not value.has_time


def day_of(value: Time, sent: datetime, tense: Tense) -> date:
    """The date of an expression that names a day."""
    first = value.start if isinstance(value, TimeRange) else value
    return first.resolve(tense).date


def day_text(value: Time, sent: datetime, *, plan: bool) -> str:
    """The same as text."""
    return day_of(value, sent, "plan" if plan else "report").isoformat()


def point(value: Time, sent: datetime, day: date | None, *, plan: bool) -> str | None:
    """One time of day (or day) as text; `day` is the date that it belongs to where it names none."""
    if isinstance(value, TimeRange):
        value = value.start
    if day is not None and not value.has_day and day != sent.date():
        value = value.on(day)
    return value.resolve("plan" if plan else "report").text()


def after_day(value: Time, base: date) -> str | None:
    """当天 and 次日 counted from another day of the text; None for any other time."""
    if isinstance(value, TimeExpr) and value.day is not None and value.day.kind in ("same", "next"):
        day = base + timedelta(days=value.day.kind == "next")
        return value.without_day().on(day).resolve("plan").text()
    return None


def period(value: Time, sent: datetime, day: date | None, *, over: bool) -> tuple[str | None, str | None]:
    """Both ends of a range; `over` when it has ended."""
    if not isinstance(value, TimeRange):
        return None, None
    if day is not None and not value.has_day and day != sent.date():
        value = value.on(day)
    starts, ends = value.resolve("over" if over else "report")
    if not value.has_time:
        return _other_day(starts, sent), _other_day(ends, sent)
    return _text(starts), _text(ends)


def plan_period(value: Time, sent: datetime) -> tuple[str | None, str | None]:
    """Both ends of a range to come."""
    if not isinstance(value, TimeRange):
        return None, None
    starts, ends = value.resolve("plan")
    return _text(starts), _text(ends)


def plan_start(value: Time, sent: datetime) -> str | None:
    """When something to come begins."""
    return plan_period(value, sent)[0] if isinstance(value, TimeRange) else value.resolve("plan").text()


def _text(moment: Moment | None) -> str | None:
    return moment.text() if moment else None


def _other_day(moment: Moment | None, sent: datetime) -> str | None:
    """A bare date sets nothing where it is the day of sending."""
    return moment.text() if moment and (moment.time is not None or moment.date != sent.date()) else None


def command_period(words: str, sent: datetime) -> str | None:
    """The period that all of `words` name, in the contract's form."""
    spans = find_periods(words, sent)
    return spans[0].value if len(spans) == 1 and spans[0].start == 0 and spans[0].end >= len(words.rstrip()) else None
