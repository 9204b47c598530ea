"""排班 in words: post, days, hours of the day, how many, who. Patterns and the language's own readers; pure."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from handlers.language import when
from handlers.language.chunks import Rest, may_be_post, read_rest
from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral
from handlers.language.scan import Region, Scan
from handlers.language.types import Message
from handlers.language.vocabulary import SHIFTS

DAY = 1440
HOURS = {"day": (480, 1200), "morning": (360, 840), "middle": (840, 1320), "night": (1200, 1920)}
"""Minutes after midnight of a shift that is named without hours: 白班 8–20, 早班 6–14, 中班 14–22, 夜班 20–8."""
_CLOCK = r"(?:上午|早上|早|下午|晚上|晚|夜里|凌晨|次日|第二天)?(\d{1,2})(?:[:：点](\d{2}|半)?)?(?:分|整)?"
_SPAN = expression(rf"(?<![\d月日.]){_CLOCK}\s*(?:-|–|—|~|到|至)\s*((?:次日|第二天)?){_CLOCK}(?![\d日号月人名天])")
_QUOTA = expression(
    r"(?:每[天日班]|每个?班次?|需要?|安排|各|配|最少|至少)+\s*(\d{1,3}|[一二两三四五六七八九十]+)(?:(?:-|–|~|到|至)(\d{1,3}))?\s*[人名位个]"
    r"|(?<![\d一-鿿])(\d{1,3})(?:(?:-|–|~|到|至)(\d{1,3}))?\s*[人名位]"
)
_AROUND = expression(r"24 ?小时|全天候|昼夜")
_DAILY = expression(r"每[天日]|长期|常设|每晚|每夜")
_SHIFT = expression("|".join(sorted(SHIFTS, key=len, reverse=True)))
_PM = expression(r"下午|晚上|晚|夜里")


@dataclass(frozen=True, slots=True)
class Planned:
    """What an order says. Minutes count from the midnight of each day; `last` None: until further notice."""

    post: str
    shift: str
    first: date
    last: date | None
    starts: int
    ends: int
    least: int
    most: int | None
    people: tuple[str, ...]


def message(text: str, sent: datetime, sender: str, unit: str, known: frozenset[str] = frozenset()) -> Message:
    """A piece of a message as the language reads it."""
    return Message(text, sent, sender, unit or None, "group", (), known)


def read(text: str, sent: datetime, sender: str, unit: str, known: frozenset[str] = frozenset()) -> Planned | None:
    """What `text` plans, or None where it gives neither hours nor a shift, or nobody and no number."""
    rest, clock = take_hours(text)
    rest, least, most = _take_quota(rest)
    shift = _SHIFT.search(rest)
    code = SHIFTS[shift.group()] if shift else ""
    rest = _SHIFT.sub(" ", rest)
    daily = bool(_DAILY.search(rest))
    scan = Scan(rest, message(rest, sent, sender, unit, known))
    region = Region(scan)
    first, last = _days(scan, sent, daily=daily)
    region.claim_all(region.inside(scan.times))
    region.rest = _DAILY.sub(lambda m: " " * len(m.group()), region.rest)
    found = read_rest(region)
    people = tuple(found.people)
    post = _post(found, region)
    hours = clock or HOURS.get(code)
    if hours is None or (not people and least is None):
        return None
    return Planned(post, code, first, last, *hours, least or len(people), most, people)


def _post(found: Rest, region: Region) -> str:
    if found.posts:
        return found.posts[0].text
    named = next((chunk.text for chunk in found.unknown if may_be_post(chunk.text)), "")
    return named or ("卡口" if "卡口" in region.rest else "")


def take_hours(text: str) -> tuple[str, tuple[int, int] | None]:
    """9:30-20:00, 20:00-8:00 (over midnight), 24小时."""
    match = _SPAN.search(text)
    if match is None or not re.search(r"[:：点]", match.group()):
        around = _AROUND.search(text)
        return (_AROUND.sub(" ", text), (0, DAY)) if around else (text, None)
    start = _minutes(match[1], match[2], afternoon=_PM.match(match.group()) is not None)
    tail = match.group()[match.start(3) - match.start() :]
    end = _minutes(match[4], match[5], afternoon=_PM.match(tail) is not None)
    if end <= start:
        end += DAY
    return text[: match.start()] + " " + text[match.end() :], (start, end)


def _minutes(hour: str, minute: str | None, *, afternoon: bool) -> int:
    hours = int(hour) + (12 if afternoon and int(hour) < 12 else 0)  # noqa: PLR2004  (noon)
    return hours * 60 + (30 if minute == "半" else int(minute or 0))


def _take_quota(text: str) -> tuple[str, int | None, int | None]:
    match = _QUOTA.search(text)
    if match is None:
        return text, None, None
    least = int(read_numeral(match[1] or match[3]) or 0)
    upper = match[2] or match[4]
    most = int(upper) if upper else None
    return text[: match.start()] + " 每天 " * ("每" in match.group()) + text[match.end() :], least, most


def _in_order(first: date, last: date) -> tuple[date, date]:
    """11月7日至14日 ends in November, however far ahead it lies."""
    if last < first and last.day >= first.day:
        last = first.replace(day=last.day)
    return first, max(first, last)


def _days(scan: Scan, sent: datetime, *, daily: bool) -> tuple[date, date | None]:
    """The days that are named, else today; 每天 without an end goes on."""
    for span in scan.times:
        if when.is_range(span.value):
            starts, ends = when.plan_period(span.value, sent)
            if starts and ends:
                return _in_order(date.fromisoformat(starts[:10]), date.fromisoformat(ends[:10]))
        text = when.plan_start(span.value, sent)
        if text:
            day = date.fromisoformat(text[:10])
            return day, None if daily else day
    return sent.date(), None if daily else sent.date()
