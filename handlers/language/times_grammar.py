"""The words and shapes of days and clock times: one combined expression, and what each of its branches means.

The order of the branches is the order of precedence. Digits are guarded on both sides, so that rooms, phones, trips, temperatures,
versions and counts are no times.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from handlers.language.lunar import FESTIVALS
from handlers.language.moments import Day, Part, make_date
from handlers.language.numerals import read_neighbours, read_numeral

# ---------------------------------------------------------------- words

DAY_WORDS: dict[str, tuple[Literal["offset", "next", "same"], int]] = {
    "大前天": ("offset", -3),
    "前天": ("offset", -2),
    "前日": ("offset", -2),
    "昨天": ("offset", -1),
    "昨日": ("offset", -1),
    "昨儿": ("offset", -1),
    "昨": ("offset", -1),
    "今天": ("offset", 0),
    "今日": ("offset", 0),
    "今儿": ("offset", 0),
    "今": ("offset", 0),
    "明天": ("offset", 1),
    "明日": ("offset", 1),
    "明儿": ("offset", 1),
    "明": ("offset", 1),
    "后天": ("offset", 2),
    "后日": ("offset", 2),
    "大后天": ("offset", 3),
    "前": ("offset", -2),
    "后": ("offset", 2),
    "当天": ("same", 0),
    "当日": ("same", 0),
    "当": ("same", 0),
    "次日": ("next", 0),
    "次": ("next", 0),
    "翌日": ("next", 0),
    "翌": ("next", 0),
    "隔天": ("next", 0),
    "第二天": ("next", 0),
    "转天": ("next", 0),
}
_PART_TABLE: dict[Part, str] = {
    "dawn": "凌晨",
    "morning": "早上 早晨 早间 清晨 清早 大清早 一早 大早上 晨 早 上午 午前",
    "noon": "中午 正午 午间",
    "afternoon": "下午 午后 傍晚 黄昏",
    "evening": "晚上 晚间 夜晚 晚",
    "night": "夜里 夜间 深夜 半夜 大半夜 后半夜 午夜 夜",
}
PARTS = {word: part for part, words in _PART_TABLE.items() for word in words.split()}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5} | {
    str(n): n - 1 for n in range(1, 7)
}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "闰": 0}

# ---------------------------------------------------------------- shapes

_HOUR = r"(?:1[0-9]|2[0-4]|0?[0-9])"
_HAN_HOUR = r"(?:二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两三四五六七八九])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_HAN_MONTH = r"(?:十[一二]?|[一二三四五六七八九])"
_HAN_DAY = r"(?:三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])"
_HAN_MINUTE = r"(?:[二三四五]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九])"
_COUNTED = r"(?: ?(?:[人名户辆个次张家条份单箱套只桶瓶把双支车栋袋包件台盒度℃天层岁元万千百余多米平]|小时|公里|分钟|%))"
_PART_WORDS = "|".join(sorted(PARTS, key=len, reverse=True))
_DAY_FORMS = "大前天|大后天|前[天日]|后[天日]|昨[天日儿]|今[天日儿]|明[天日儿]|当[天日]|次日|翌日|隔天|转天|第二天"
_SHORT_DAY = (
    r"[昨今](?=[早晚晨夜]|上午|下午|中午|凌晨|半夜|午夜|傍晚|儿)|明(?=早(?!上)|晚(?!上)|晨|上午|下午|中午|凌晨|傍晚)"
    r"|当(?=晚|夜)|[次翌](?=晨|早|晚)|(?<![以之目先提])前(?=晚|夜)|(?<![以之])后(?=晚)"
)
_PERIOD_AFTER = r"(?!节?(?:过后|期间|以来|前后|假|档|联欢|后|前))"
_ADDRESS = "号院楼栋排队组街路巷弄里村庄园区桥镇寨屯胡同条门座道"
"""A 号 after one of these is a house number (村88号), whatever follows it."""
_NO_DAY_NUMBER = (
    r"[楼院线门点卡岗地厂店井馆车桌病床机段库棚铺仓台柜房室区厅口路公栋单桥检通文码召称令外志信]|"
    r"[0-9一二三四五六七八九十]"
)

_TOKEN = re.compile(
    r"(?=[0-9农零〇一二两三四五六七八九十廿半大前昨今明后当次翌隔转第上这本下周星礼正冬腊闰初年除元端七中重小劳国清春龙凌清早晨午傍黄晚夜深差月])(?:"
    # Days by their date.
    rf"(?P<ymd>(?<![0-9.])(20[0-9]{{2}}) ?(?:年|[-/.]) ?({_MONTH}) ?(?:月|[-/.]) ?({_DAY})(?![0-9])[日号]?)"
    rf"|(?P<compact>(?<![0-9A-Za-z])(20[0-4][0-9])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9A-Za-z]))"
    # Clock times with a colon.
    rf"|(?P<colon>(?<![0-9.])({_HOUR}):([0-5][0-9])(?::[0-5][0-9])?(?![0-9]))"
    rf"|(?P<md>(?<![0-9.年])({_MONTH})月(?:份)?({_DAY})(?![0-9点时:])(?:[日号](?!楼))?)"
    rf"|(?P<lunar>(?:农历)?(?P<l_leap>闰)?(?P<l_month>正|冬|腊|{_HAN_MONTH})月(?P<l_day>初[一二三四五六七八九十]|廿[一二三四五六七八九]?|{_HAN_DAY})(?![日号一二三四五六七八九十]))"
    rf"|(?P<hmd>(?<![一二三四五六七八九十])({_HAN_MONTH})月({_HAN_DAY})(?![一二三四五六七八九十点时])(?:[日号](?!楼))?)"
    rf"|(?P<slash>(?<![0-9./A-Za-z])({_MONTH})/({_DAY})(?![0-9./]|{_COUNTED}))"
    rf"|(?P<dotspan>(?<![0-9.A-Za-z])({_HOUR})\.([0-5][0-9])(?= ?[-~至到] ?({_HOUR})\.([0-5][0-9])(?![0-9.])))"
    rf"|(?P<dot>(?<![0-9.A-Za-z/])({_MONTH})\.([12][0-9]|3[01]|0[1-9]|[1-9](?=[日号 \n]|[-~至到][0-9]{1, 2}\.|[签到返核报接打]|$))(?![0-9.]|{_COUNTED})[日号]?)"
    rf"|(?P<dash>(?<![0-9A-Za-z-])(0[1-9]|1[0-2])-({_DAY})(?= {_HOUR}:))"
    rf"|(?P<military>(?<![0-9A-Za-z.:+-])([01][0-9]|2[0-4])([0-5][0-9]) ?(?:-|~|至|到) ?([01][0-9]|2[0-4])([0-5][0-9])(?![0-9A-Za-z.:-]))"
    r"|(?P<late>(?<![0-9A-Za-z.:+号-])([01][0-9]|2[0-3])([0-5][05])(?=到岗|上岗|离岗|下岗|签到|签退|接班|交班))"
    r"|(?P<stamp>(?:(?<=时间:)|(?<=时间 )|(?<=时间))([01][0-9]|2[0-3])([0-5][0-9])(?![0-9.:/年-]))"
    # From now: 十五分钟后.
    r"|(?P<relative>(?<![0-9.第])(?P<rel_n>[0-9]+(?:\.[0-9])?|[一二两三四五六七八九十]{1,3}|半)(?:个(?P<rel_half>半)?)?(?P<rel_unit>分钟|小时|钟头|天|周|星期)"
    r"(?P<rel_half2>半)?(?:之|以)?(?P<rel_way>[后前])(?![天日来]))"
    # Clock times with 点 or 时.
    rf"|(?P<short>差(?P<short_m>[0-9]{{1,2}}|{_HAN_MINUTE}|五)分钟?(?:到|不到)?(?P<short_h>{_HOUR}|{_HAN_HOUR})点(?!位))"
    rf"|(?P<clock>(?<![0-9.第])(?P<c_two>[一二两三四五六七八九][二三四五六七八九十](?=点))?(?P<c_h>{_HOUR}|{_HAN_HOUR})?"
    r"(?:点(?!位|名|心|赞|评|击|滴|火|餐|单|儿|数|对|建|要|意|说|注|到为|多人)|时(?![间长候段限常刻期效而有不]))"
    rf"(?:(?P<c_half>半)|(?P<c_quarter>[一三13])刻|差(?P<c_less>[0-9]{{1,2}}|{_HAN_MINUTE}|五)分"
    rf"|(?P<c_m>[0-5]?[0-9](?=分(?!钟))|[0-5][0-9](?![0-9.:点]|{_COUNTED})|{_HAN_MINUTE}(?![一二三四五六七八九十]|{_COUNTED})|[一二三四五六七八九](?=分(?!钟)))分?"
    r"|(?P<c_vague>多|来钟)钟?|钟|整)?)"
    rf"|(?P<lead>(?<![0-9A-Za-z.:/])({_HOUR}|{_HAN_HOUR})(?=(?:-|~|至|到)(?:{_HOUR}|{_HAN_HOUR})(?:点(?!位)|时(?![间长]))))"
    # A number right after 早 or 晚.
    rf"|(?P<bare>(?P<b_part>早上?|晚上?)(?P<b_h>{_HOUR}|{_HAN_HOUR})(?P<b_half>半)?"
    rf"(?![0-9零〇一二两三四五六七八九十.。:点时/月日号楼]|{_COUNTED}|切|直|起|下|些|定))"
    # Days by name.
    r"|(?P<newyear>(?:大年|年)(?P<n_day>初[一二三四五六七八九十]|十五))"
    r"|(?P<eighth>(?<![年月])初(?P<e_day>[一二三四五六七八九十])(?![中高步期级年诊审次一二三四五六七八九十]))"
    rf"|(?P<festival>{'|'.join(sorted(FESTIVALS, key=len, reverse=True))}){_PERIOD_AFTER}节?"
    rf"|(?P<dayword>{_DAY_FORMS}|{_SHORT_DAY})"
    r"|(?P<weekday>(?P<w_which>上上|下下|[上这本下])?个?(?:周|星期|礼拜)(?P<w_day>[一二三四五六日天末1-6])(?![期岁围边年月点个人名次]))"
    r"|(?P<month_end>(?<![年半])(?:本|这个)?月底)"
    rf"|(?P<daynum>(?<![0-9.第近共满前])(?<![0-9]月)({_DAY})(?:日(?![内以间夜报志游]|观察)|号(?!{_NO_DAY_NUMBER}))(?!楼))"
    rf"|(?P<hdaynum>(?<![一二三四五六七八九十第近共满])({_HAN_DAY})(?:日(?![内以间夜报志游])|号(?!{_NO_DAY_NUMBER})))"
    rf"|(?P<leadday>(?<![0-9A-Za-z.:/-])({_DAY})(?=(?:-|~|至|到){_DAY}[日号](?!{_NO_DAY_NUMBER})))"
    rf"|(?P<part>(?:{_PART_WORDS})(?!班|饭|餐|就|已|会|会儿|市|年|报|自习|辈|婚|期|恋))"
    r")"
)


@dataclass(frozen=True, slots=True)
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
    for match in _TOKEN.finditer(text):
        token = _READERS[match.lastgroup or ""](text, match, reference)
        if token is not None and (not found or token.start >= found[-1].end):
            found.append(token)
    return found


# ---------------------------------------------------------------- what the branches mean

Reader = Callable[[str, "re.Match[str]", datetime], Token | None]
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


def _dated(match: re.Match[str], day: Day, day_exists: object) -> Token | None:
    return Token(match.start(), match.end(), day=day) if day_exists is not None else None


def _full_date(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    year, month, number = map(int, _inner(match, 3))
    day = make_date(year, month, number)
    return _dated(match, Day("date", day=day), day)


def _month_day(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    month, number = map(_number, _inner(match, 2))
    return _dated(match, Day("month_day", month, number), make_date(2020, month, number))


def _day_number(text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    (digits,) = _inner(match, 1)
    if match.group().endswith("号") and not _may_be_day(text, match):
        return None
    return Token(match.start(), match.end(), day=Day("day", 0, _number(digits)))


def _may_be_day(text: str, match: re.Match[str]) -> bool:
    """Tell the 23rd (23号下午) from a house or post of that number (村88号, 亚澜湾3号)."""
    before = text[match.start() - 1] if match.start() else " "
    if before in _ADDRESS:
        return False
    if _HANZI.match(before) is None or before in _LEADS_TO_DAY:
        return True
    return _TIME_NEXT.match(text, match.end()) is not None


_HANZI = re.compile("[\u4e00-\u9fff]")
_LEADS_TO_DAY = "到至从于在本这月是为截前每自"
_TIME_NEXT = re.compile(
    r" ?(?:[上下中]午|早|晚|凌晨|夜|[0-9]{1,2}[点:]|[一二两三四五六七八九十]{1,2}点|返|抵|开工|请假|之?前)"
)


def _colon(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    hour, minute = _inner(match, 2)
    if int(hour) == _LAST_HOUR and int(minute):
        return None
    return Token(
        match.start(),
        match.end(),
        hour=int(hour),
        minute=int(minute),
        colon=True,
        padded=len(hour) > 1 and hour[0] == "0",
    )


def _span_of_clocks(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    """`1900-2100`, `9.30-20.00`: only where the numbers cannot just as well be two years or two dates."""
    start, start_minute, end, end_minute = map(int, _inner(match, 4))
    if match.lastgroup == "dotspan":
        dates = make_date(2020, start, start_minute) and make_date(2020, end, end_minute)
        if dates and not (abs(end - start) > 1 and {start_minute, end_minute} <= _ROUND_MINUTES):
            return Token(match.start(), match.end(), day=Day("month_day", start, start_minute))
    elif (start, end) == (20, 20) or start_minute % 5 or end_minute % 5:
        return None
    padded = match.group()[0] == "0"
    return Token(
        match.start(), match.end(), hour=start, minute=start_minute, colon=True, padded=padded, until=(end, end_minute)
    )


def _military(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    hour, minute = _inner(match, 2)
    return Token(match.start(), match.end(), hour=int(hour), minute=int(minute), colon=True, padded=True)


def _relative(_text: str, match: re.Match[str], reference: datetime) -> Token | None:
    count = read_numeral(match["rel_n"]) or 0
    count += 0.5 if match["rel_half"] or match["rel_half2"] else 0
    sign = 1 if match["rel_way"] == "后" else -1
    unit = match["rel_unit"]
    if unit in ("天", "周", "星期"):
        days = int(count * (1 if unit == "天" else 7))
        return Token(match.start(), match.end(), day=Day("offset", sign * days)) if days <= 366 else None  # noqa: PLR2004 - a year
    minutes = count * (1 if unit == "分钟" else 60)
    exact = reference + sign * timedelta(minutes=minutes) if minutes <= 60 * 72 else None
    return Token(match.start(), match.end(), exact=exact) if exact is not None else None


def _short_of(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    """差五分八点."""
    return _minutes_before(match, _number(match["short_h"]), _number(match["short_m"]))


def _minutes_before(match: re.Match[str], hour: int, minutes: int) -> Token | None:
    if not (1 <= hour <= _LAST_HOUR and 1 <= minutes <= _LAST_MINUTE):
        return None
    return Token(match.start(), match.end(), hour=(hour - 1) or 12, minute=60 - minutes)


def _clock(text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    hour, approx = _clock_hour(match)
    if not 0 <= hour <= _LAST_HOUR or (match.group() == "一点" and _a_little(text, match)):
        return None
    if match["c_less"]:
        return _minutes_before(match, hour, _number(match["c_less"]))
    minute = (
        30 if match["c_half"] else _QUARTERS[match["c_quarter"]] if match["c_quarter"] else _number(match["c_m"] or "0")
    )
    if not 0 <= minute <= _LAST_MINUTE or (hour == _LAST_HOUR and minute):
        return None
    padded = match.group()[0] == "0" and match.group()[1:2].isdigit()
    return Token(
        match.start(), match.end(), hour=hour, minute=minute, padded=padded, approx=approx or bool(match["c_vague"])
    )


def _clock_hour(match: re.Match[str]) -> tuple[int, bool]:
    """The hour, the lower one of 五六点, and whether it is only about right."""
    if match["c_two"]:
        pair = read_neighbours(match["c_two"])
        if pair is not None:
            return pair[0], True
        return (9, True) if match["c_two"] == "九十" else (_number(match["c_two"]), False)
    return _number(match["c_h"] or ""), False


def _a_little(text: str, match: re.Match[str]) -> bool:
    """一点 as "a bit": 有一点咳嗽, 晚一点到."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return before in tuple("有好早晚快慢多少大小差高低近远轻重这那") or after in tuple("咳发不没都也异问儿")


def _lead(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    (digits,) = _inner(match, 1)
    return Token(match.start(), match.end(), hour=_number(digits), lead=True)


def _bare(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    hour = _number(match["b_h"])
    if not 0 <= hour <= _LAST_HOUR:
        return None
    minute = 30 if match["b_half"] else 0
    return Token(match.start(), match.end(), part=PARTS[match["b_part"]], hour=hour, minute=minute)


def _lunar(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    month, day = match["l_month"], match["l_day"]
    named = _LUNAR_MONTHS.get(month)
    if (
        named is None
        and not match.group().startswith("农历")
        and day[0] not in "初廿"
        and (month, day) not in _LUNAR_FEASTS
    ):
        return _dated(
            match, Day("month_day", _number(month), _number(day)), make_date(2020, _number(month), _number(day))
        )
    number = named if named is not None else _number(month)
    return None if match["l_leap"] else Token(match.start(), match.end(), day=Day("lunar", number, _number(day)))


_LUNAR_FEASTS = frozenset((("二", "二"), ("三", "三"), ("八", "十五"), ("九", "九")))
"""Written without 日 these are the feasts, not days of the common calendar."""


def _new_year(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    return Token(match.start(), match.end(), day=Day("lunar", 1, _number(match["n_day"])))


def _lunar_day(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    return Token(match.start(), match.end(), day=Day("lunar_day", 0, _number(match["e_day"])))


def _festival(text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    before = text[match.start() - 1 : match.start()]
    if _HANZI.match(before) is not None and before not in "今去明到至从于在是为":
        return None  # 国庆 and 清明 are given names too
    return Token(
        match.start(),
        match.end(),
        day=Day("festival", name=match.group().removesuffix("节") + _LOST.get(match.group(), "")),
    )


_LOST = {"春节": "节", "劳动节": "节"}


def _day_word(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    kind, shift = DAY_WORDS[match.group()]
    return Token(match.start(), match.end(), day=Day(kind, shift))


def _weekday(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    which = match["w_which"] or ("本" if match["w_day"] == "末" else "")
    return Token(match.start(), match.end(), day=Day("weekday", _WEEKS.get(which, 0), _WEEKDAYS[match["w_day"]], which))


def _month_end(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    return Token(match.start(), match.end(), day=Day("month_end"))


def _part(_text: str, match: re.Match[str], _reference: datetime) -> Token | None:
    return Token(match.start(), match.end(), part=PARTS[match.group()])


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
