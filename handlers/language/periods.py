"""The period of a command: today, yesterday, week, last_week, month, a date, or two dates."""

import re
from datetime import datetime

from handlers.language.expressions import expression
from handlers.language.types import Span

Period = str
"""`today`, `yesterday`, `week`, `last_week`, `month`, `YYYY-MM-DD` or `YYYY-MM-DD/YYYY-MM-DD`."""

_NAMED = {
    "today": "今天 今日 今儿 当天 当日 本日 today",
    "yesterday": "昨天 昨日 昨儿 yesterday",
    "week": "本周 这周 这一周 本星期 这星期 这个星期 这个礼拜 周报 week",
    "last_week": "上周 上一周 上星期 上个星期 上礼拜 last_week last-week lastweek",
    "month": "本月 这个月 当月 这月 month",
}
_WORDS = {word: period for period, words in _NAMED.items() for word in words.split()}
_NAME = expression(
    rf"(?:{'|'.join(sorted(map(re.escape, _WORDS), key=len, reverse=True))})(?![一二三四五六日天末1-6])", re.IGNORECASE
)


def find_periods(text: str, reference: datetime) -> list[Span[Period]]:
    """All periods that a command may name; dates lie in the past where the year is open."""
    from handlers.language.times import TimeRange, find_times  # noqa: PLC0415 - the two readers use each other

    spans = [Span(found.start(), found.end(), _WORDS[found.group().lower()]) for found in _NAME.finditer(text)]
    for span in find_times(text, reference):
        if any(other.start < span.end and span.start < other.end for other in spans):
            continue
        if isinstance(span.value, TimeRange):
            start, end = span.value.resolve("over")
            if start is not None and end is not None:
                spans.append(Span(span.start, span.end, f"{start.date.isoformat()}/{end.date.isoformat()}"))
        elif span.value.has_day:
            spans.append(Span(span.start, span.end, span.value.resolve("report").date.isoformat()))
    return sorted(spans, key=lambda span: span.start)
