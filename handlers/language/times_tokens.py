"""What each branch of the time grammar means: a match → a token, or nothing where the numbers make no time."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.language.days import Day, make_date
from handlers.language.expressions import expression, matches, words_of
from handlers.language.moments import Part
from handlers.language.numerals import read_neighbours, read_numeral
from handlers.language.times_grammar import ADDRESS, DAY_WORDS, LUNAR_MONTHS, PARTS, TOKEN, WEEKDAYS, WEEKS


@dataclass(slots=True)
class Token:
    """A stretch that names a day, a part of the day or a clock time, or several of these."""

    start: int
    end: int
    day: Day | None = None
    part: Part | None = None
    hour: int | None = None
    minute: int = 0
    colon: bool = False
    padded: bool = False
    approx: bool = False
    exact: datetime | None = None
    until: tuple[int, int] | None = None
    """Hour and minute of the end, where the token is a whole range (`1900-2100`)."""
    lead: bool = False
    """A bare number that is a time only as the start of a range."""


def tokens(text: str, reference: datetime) -> list[Token]:
    """All tokens of a normalised text in order; impossible dates and doubtful numbers are none."""
    found: list[Token] = []
    end = 0
    for match, span in matches(TOKEN, text):
        token = _READERS[match.lastgroup or ""](text, match, span, reference)
        if token is not None and token.start >= end:
            found.append(token)
            end = token.end
    return found


Stretch = tuple[int, int]
Reader = Callable[[str, "re.Match[str]", Stretch, datetime], Token | None]
_LAST_HOUR = 24
_LAST_MINUTE = 59
_QUARTERS = {"一": 15, "三": 45, "1": 15, "3": 45}
_ROUND_MINUTES = frozenset((0, 15, 30, 45))


def _inner(match: re.Match[str], count: int) -> list[str]:
    """The first `count` groups inside the branch that matched."""
    first = (match.lastindex or 0) + 1
    return [match[first + shift] for shift in range(count)]


def _number(text: str) -> int:
    """A whole number of the grammar's own shapes; `廿` and `初` count as in lunar days."""
    value = read_numeral(text.removeprefix("初"))
    return value if isinstance(value, int) else -1


def _dated(span: Stretch, day: Day, day_exists: object) -> Token | None:
    return Token(*span, day=day) if day_exists is not None else None


def _full_date(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    year, month, number = map(int, _inner(match, 3))
    day = make_date(year, month, number)
    return _dated(span, Day("date", day=day), day)


def _month_day(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    month, number = map(_number, _inner(match, 2))
    return _dated(span, Day("month_day", month, number), make_date(2020, month, number))


def _day_number(text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    (digits,) = _inner(match, 1)
    if words_of(match).endswith("号") and not _may_be_day(text, span):
        return None
    return Token(*span, day=Day("day", 0, _number(digits)))


def _may_be_day(text: str, span: Stretch) -> bool:
    """Tell the 23rd (23号下午) from a house or post of that number (村88号, 亚澜湾3号)."""
    before = text[span[0] - 1] if span[0] else " "
    if before in ADDRESS:
        return False
    if _HANZI.match(before) is None or before in _LEADS_TO_DAY:
        return True
    return _TIME_NEXT.match(text, span[1]) is not None


_HANZI = expression("[\u4e00-\u9fff]")
_LEADS_TO_DAY = "到至从于在本这月是为截前每自"
_TIME_NEXT = expression(
    r" ?(?:[上下中]午|早|晚|凌晨|夜|[0-9]{1,2}[点:]|[一二两三四五六七八九十]{1,2}点|返|抵|"
    r"开工|请假|之?前|家里|家中|有事)"
)


def _colon(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    hour, minute = _inner(match, 2)
    if int(hour) == _LAST_HOUR and int(minute):
        return None
    return Token(
        *span,
        hour=int(hour),
        minute=int(minute),
        colon=True,
        padded=len(hour) > 1 and hour[0] == "0",
    )


def _span_of_clocks(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    """`1900-2100`, `9.30-20.00`: only where the numbers cannot just as well be two years or two dates."""
    start, start_minute, end, end_minute = map(int, _inner(match, 4))
    if match.lastgroup == "dotspan":
        dates = make_date(2020, start, start_minute) and make_date(2020, end, end_minute)
        if dates and not (abs(end - start) > 1 and {start_minute, end_minute} <= _ROUND_MINUTES):
            return Token(*span, day=Day("month_day", start, start_minute))
    elif (start, end) == (20, 20) or start_minute % 5 or end_minute % 5:
        return None
    padded = words_of(match)[0] == "0"
    return Token(
        *span,
        hour=start,
        minute=start_minute,
        colon=True,
        padded=padded,
        until=(end, end_minute),
    )


def _military(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    hour, minute = _inner(match, 2)
    return Token(*span, hour=int(hour), minute=int(minute), colon=True, padded=True)


def _relative(_text: str, match: re.Match[str], span: Stretch, reference: datetime) -> Token | None:
    count = read_numeral(match["rel_n"]) or 0
    count += 0.5 if match["rel_half"] or match["rel_half2"] else 0
    sign = 1 if match["rel_way"] == "后" else -1
    unit = match["rel_unit"]
    if unit in ("天", "周", "星期"):
        days = int(count * (1 if unit == "天" else 7))
        return Token(*span, day=Day("offset", sign * days)) if days <= 366 else None  # noqa: PLR2004 - a year
    minutes = count * (1 if unit == "分钟" else 60)
    exact = reference + sign * timedelta(minutes=minutes) if minutes <= 60 * 72 else None
    return Token(*span, exact=exact) if exact is not None else None


def _short_of(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    """差五分八点."""
    return _minutes_before(span, _number(match["short_h"]), _number(match["short_m"]))


def _minutes_before(span: Stretch, hour: int, minutes: int) -> Token | None:
    if not (1 <= hour <= _LAST_HOUR and 1 <= minutes <= _LAST_MINUTE):
        return None
    return Token(*span, hour=(hour - 1) or 12, minute=60 - minutes)


def _clock(text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    hour, approx = _clock_hour(match)
    if not 0 <= hour <= _LAST_HOUR or (words_of(match) == "一点" and _a_little(text, span)):
        return None
    if match["c_less"]:
        return _minutes_before(span, hour, _number(match["c_less"]))
    minute = 30 if match["c_half"] else _QUARTERS[match["c_quarter"]] if match["c_quarter"] else _minute(match["c_m"])
    if not 0 <= minute <= _LAST_MINUTE or (hour == _LAST_HOUR and minute):
        return None
    padded = words_of(match)[0] == "0" and words_of(match)[1:2].isdigit()
    return Token(*span, hour=hour, minute=minute, padded=padded, approx=approx or bool(match["c_vague"]))


def _minute(written: str | None) -> int:
    """`05`, `五`, `零五` or, by both hands, `零5`."""
    return _number(written.lstrip("零〇") or "0") if written else 0


def _clock_hour(match: re.Match[str]) -> tuple[int, bool]:
    """The hour, the lower one of 五六点, and whether it is only about right."""
    if match["c_two"]:
        pair = read_neighbours(match["c_two"])
        if pair is not None:
            return pair[0], True
        return (9, True) if match["c_two"] == "九十" else (_number(match["c_two"]), False)
    return _number(match["c_h"] or ""), False


def _a_little(text: str, span: Stretch) -> bool:
    """一点 as "a bit": 有一点咳嗽, 晚一点到."""
    before, after = text[span[0] - 1 : span[0]], text[span[1] : span[1] + 1]
    return before in tuple("有好早晚快慢多少大小差高低近远轻重这那") or after in tuple("咳发不没都也异问儿")


def _lead(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    (digits,) = _inner(match, 1)
    return Token(*span, hour=_number(digits), lead=True)


def _bare(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    hour = _number(match["b_h"])
    if not 0 <= hour <= _LAST_HOUR:
        return None
    minute = 30 if match["b_half"] else 0
    return Token(*span, part=PARTS[match["b_part"]], hour=hour, minute=minute)


def _lunar(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    month, day = match["l_month"], match["l_day"]
    named = LUNAR_MONTHS.get(month)
    if (
        named is None
        and not words_of(match).startswith("农历")
        and day[0] not in "初廿"
        and (month, day) not in _LUNAR_FEASTS
    ):
        return _dated(
            span, Day("month_day", _number(month), _number(day)), make_date(2020, _number(month), _number(day))
        )
    number = named if named is not None else _number(month)
    return None if match["l_leap"] else Token(*span, day=Day("lunar", number, _number(day)))


_LUNAR_FEASTS = frozenset((("二", "二"), ("三", "三"), ("八", "十五"), ("九", "九")))
"""Written without 日 these are the feasts, not days of the common calendar."""


def _new_year(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    return Token(*span, day=Day("lunar", 1, _number(match["n_day"])))


def _lunar_day(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    return Token(*span, day=Day("lunar_day", 0, _number(match["e_day"])))


def _festival(text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    before = text[span[0] - 1 : span[0]]
    if _HANZI.match(before) is not None and before not in "今去明到至从于在是为":
        return None  # 国庆 and 清明 are given names too
    return Token(
        *span,
        day=Day("festival", name=words_of(match).removesuffix("节") + _LOST.get(words_of(match), "")),
    )


_LOST = {"春节": "节", "劳动节": "节"}


def _day_word(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    kind, shift = DAY_WORDS[words_of(match)]
    return Token(*span, day=Day(kind, shift))


def _weekday(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    which = match["w_which"] or ("本" if match["w_day"] == "末" else "")
    return Token(*span, day=Day("weekday", WEEKS.get(which, 0), WEEKDAYS[match["w_day"]], which))


def _month_end(_text: str, _match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    return Token(*span, day=Day("month_end"))


def _part(_text: str, match: re.Match[str], span: Stretch, _reference: datetime) -> Token | None:
    return Token(*span, part=PARTS[words_of(match)])


_READERS: dict[str, Reader] = {
    "ymd": _full_date,
    "compact": _full_date,
    "colon": _colon,
    "md": _month_day,
    "hmd": _month_day,
    "slash": _month_day,
    "dot": _month_day,
    "dash": _month_day,
    "dotspan": _span_of_clocks,
    "military": _span_of_clocks,
    "late": _military,
    "stamp": _military,
    "relative": _relative,
    "short": _short_of,
    "clock": _clock,
    "lead": _lead,
    "bare": _bare,
    "lunar": _lunar,
    "newyear": _new_year,
    "eighth": _lunar_day,
    "festival": _festival,
    "dayword": _day_word,
    "weekday": _weekday,
    "month_end": _month_end,
    "daynum": _day_number,
    "hdaynum": _day_number,
    "leadday": _day_number,
    "part": _part,
}
