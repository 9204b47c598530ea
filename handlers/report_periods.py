"""Periods as commands and questions name them."""

import re
from datetime import date, timedelta

from handlers.language.expressions import expression
from handlers.reports.data import Period

_WORDS = (
    (r"今天|今日|当天|今儿", "today"),
    (r"昨天|昨日|昨儿", "yesterday"),
    (r"前天|前日", "day_before"),
    (r"上周|上一周|上个?星期", "last_week"),
    (r"本周|这周|这一周|这个星期|本星期", "week"),
    (r"本月|这个月", "month"),
    (r"上月|上个月", "last_month"),
)
_NAMED = tuple((expression(pattern), name) for pattern, name in _WORDS)
_DATED = expression(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?(?:\s*[至到~-]\s*(?:(?P<to_month>\d{1,2})月)?(?P<to_day>\d{1,2})[日号]?)?"
)


_UNTIL_TODAY = expression(
    r"(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?\s*(?:[至到~-]|以来到?)\s*(?:今天|今日|现在|目前)"
)
_MONTH = expression(r"(?P<month>1[0-2]|0?[1-9])月(?:份)?(?!\d)")


def period_of(words: str, today: date) -> Period:
    """A period of the contract: today, yesterday, week, last_week, month, a day or a range of days."""
    monday = today - timedelta(days=today.weekday())
    named = {
        "today": Period(today, today),
        "yesterday": Period(today - timedelta(days=1), today - timedelta(days=1)),
        "day_before": Period(today - timedelta(days=2), today - timedelta(days=2)),
        "week": Period(monday, today),
        "last_week": Period(monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": Period(today.replace(day=1), today),
        "last_month": Period(
            (today.replace(day=1) - timedelta(days=1)).replace(day=1), today.replace(day=1) - timedelta(days=1)
        ),
    }
    if words in named:
        return named[words]
    first, _, last = words.partition("/")
    return Period(date.fromisoformat(first), date.fromisoformat(last or first))


def period_in(text: str, today: date) -> tuple[Period, str]:
    """The period that a text names, today where it names none, and the text without it."""
    if (match := _UNTIL_TODAY.search(text)) and (first := _dated_day(match, today)) is not None:
        return Period(first, today), text[: match.start()] + text[match.end() :]
    for pattern, name in _NAMED:
        if match := pattern.search(text):
            return period_of(name, today), text[: match.start()] + text[match.end() :]
    if match := _DATED.search(text):
        found = _dated(match, today)
        if found is not None:
            return found, text[: match.start()] + text[match.end() :]
    if match := _MONTH.search(text):
        return _whole_month(int(match["month"]), today), text[: match.start()] + text[match.end() :]
    return period_of("today", today), text


def _dated_day(match: re.Match[str], today: date) -> date | None:
    """Of this year, or of the last one where that would lie ahead."""
    try:
        day = today.replace(month=int(match["month"]), day=int(match["day"]))
    except ValueError:
        return None
    return day if day <= today else day.replace(year=day.year - 1)


def _whole_month(month: int, today: date) -> Period:
    """The month of this year, as far as it has come; of the last year where it lies ahead."""
    first = date(today.year - (month > today.month), month, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(first, min(last, today))


def _dated(match: re.Match[str], today: date) -> Period | None:
    """Of this year, or of the last one where that would lie ahead."""
    try:
        first = today.replace(month=int(match["month"]), day=int(match["day"]))
        last = first
        if match["to_day"]:
            last = today.replace(month=int(match["to_month"] or match["month"]), day=int(match["to_day"]))
    except ValueError:
        return None
    if first > today:
        first, last = first.replace(year=first.year - 1), last.replace(year=last.year - 1)
    return Period(first, max(first, last))
