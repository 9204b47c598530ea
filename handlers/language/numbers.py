"""Quantities in running text: how many, how exactly, of what measure.

A number counts here only where it can be a quantity: clock times, dates, rooms, phones, codes, ordinals, entry numbers
and numerals inside names are left alone as far as the neighbouring characters tell; the caller masks what
it knows besides.
"""

import re
from typing import Literal

from handlers.language.expressions import expression
from handlers.language.light import light
from handlers.language.numerals import MAGNITUDES, plain, read_chinese, read_neighbours, read_numeral
from handlers.language.types import Span

__all__ = ["Quantity", "find_numbers", "read_numeral"]

Approx = Literal["about", "over", "under"]

# ---------------------------------------------------------------- words

_HEDGES_BEFORE: dict[Approx, str] = {
    "about": "约 大约 大概 差不多 约莫 约有 大致",
    "over": "超过 超 逾 至少 不少于 不低于 不止 多于 已超 突破",
    "under": "近 将近 接近 不到 不足 不满 少于 最多 至多 不超过 不多于 快",
}
_HEDGES_AFTER: dict[Approx, str] = {
    "about": "左右 上下",
    "over": "以上 开外 之多 不止",
    "under": "以内 以下 之内 不到",
}
_BEFORE = {word: approx for approx, words in _HEDGES_BEFORE.items() for word in words.split()}
_HEDGE_ENDS = frozenset(word[-1] for word in _BEFORE)
_AFTER = {word: approx for approx, words in _HEDGES_AFTER.items() for word in words.split()}
_ATTACHED: dict[str, Approx] = {"余": "over", "多": "over", "几": "over", "+": "over", "来": "about"}

_MEASURE_WORDS = """
人份 人次 户次 车次 家次 批次 场次 平方米 平米 平方 公里 公斤 千克 毫升 小时 钟头 分钟 个小时 社区 街道 小区
点位 车辆 万元 m2 kg 人 名 户 家 个 辆 张 条 份 次 单 箱 套 只 桶 瓶 把 双 支 车 栋 幢 袋 包 件 台 盒 斤 吨 升
米 平 天 周 轮 例 起 处 项 部 顶 床 块 本 副 根 卷 捆 筐 提 罐 听 幅 封 页 册 场 趟 圈 遍 组 位 口 村 间 亩 元
岁 付 贴 壶 面 颗 粒 板 批 针 管 片 摞 沓 笔 则 通 梯 棵 枚 顿 扇
"""
MEASURES = frozenset(_MEASURE_WORDS.split())
"""Measure words that people put behind a number; the longest wins."""
_MEASURE = "|".join(sorted(MEASURES, key=lambda word: (-len(word), word)))

_UNSAFE_AFTER_HANZI = "间元口村米平起部面片"
"""三间房, 三元桥, 一部分, 一起, 一面: with Chinese numerals these make names and set phrases more often than counts."""
_NO_MEASURE = (
    r"(?:次(?:日|序|性|要|年)|家(?:店|庄|村|屯|园|堡|坟|乐|里|人|属)|人(?:员|大|民)|个(?:人(?:信息|防护|码)|体)|条件|份子"
    r"|单(?:元|位|独)|包括|位(?:置|于)"
    r"|名(?:单|字)|天(?:气|津|桥|坛|通)|周(?:[一二三四五六日末边]|围)|面(?:屏|积)|处理|张(?:家|庄)|条(?:件|胡同)|把手|本(?:周|月|人|市|区))"
)

# ---------------------------------------------------------------- grammar

_NUM = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?"
_HAN = r"[零〇一二两三四五六七八九十百千万亿廿卅俩仨]{1,12}"
_NUMBER = expression(
    rf"(?:(?P<num>{_NUM})|(?P<han>{_HAN}))"
    r"(?P<inner>[余多来几+](?=[万亿千百]))?(?P<mag>[百千万亿]|[wWkK](?![0-9A-Za-z]))?(?P<rest>[0-9][百千]?(?![0-9.:]))?"
    r"(?:(?P<half>个半)|(?P<post>[余多几]|来(?![自了的到京])|\+(?![0-9])))?"
    rf"(?:(?P<same>[人名个次户天])?(?:-|~|至|到)(?P<max>{_NUM}|{_HAN})(?P<max_mag>[百千万亿])?(?P<max_post>[余多])?)?"
)
_AFTER_WORDS = "|".join(_AFTER)
_MEASURE_AT = expression(
    rf"(?: (?=人|户|名|个|辆|次|份|单|箱|只|桶|小时|天|平|m2))?(?!{_NO_MEASURE})"
    rf"(?P<unit>{_MEASURE})(?P<after>{_AFTER_WORDS})?"
    rf"|(?P<plain>{_AFTER_WORDS})"
)
_NOT_A_COUNT = expression(
    r" ?(?:[月日号年楼室℃%‰秒层门区院弄巷度刻]|点(?!位)|时(?!间)|分(?!钟)|单元|排|消毒|急救|班"
    r"|:[0-9]|\.[0-9]|[-~/][0-9]|[A-Za-z])"
)
_ENTRY_AFTER = expression(r"[.、)](?![0-9])")
_BOUNDARY = expression(r"[\s,;:。、!?()]|$")
_SEPARATORS = ".:/-~"
_ROOM_BEFORE = "楼栋元门院座号室排区队点时度"
_ORDINAL = "第初周期拜年月正腊唯"
_SCALES = "百千万亿"
_PAIRS = ("俩", "仨")
"""These hold their measure word: 劝返俩."""
_MOST_DIGITS = 9
"""More than these are a phone, a date or a card."""
_LONGEST_HEDGE = 3
_NO_HEDGE = (
    "附近",
    "最近",
    "靠近",
    "临近",
    "远近",
    "预约",
    "公约",
    "合约",
    "节约",
    "签约",
    "条约",
    "凉快",
    "赶快",
    "尽快",
)


@light
class Quantity:
    """A number as stated: `6至9名` is 6 with `max` 9, `1.1万余` is 11000 `over`."""

    value: int | float
    max: int | float | None = None
    approx: Approx | None = None
    unit: str | None = None
    """The measure word right behind it, where it is a known one; not part of the span."""
    hedged_after: bool = False
    """左右, 以上 or the like follows the unit (`200人次以上`); it is not part of the span either."""


def find_numbers(text: str) -> list[Span[Quantity]]:
    """All quantities of a normalised text with their hedges, in order; units stay outside the spans."""
    return [span for found in _NUMBER.finditer(text) if (span := _quantity(text, found)) is not None]


def _quantity(text: str, found: re.Match[str]) -> Span[Quantity] | None:
    begin, end = found.span()
    start, hedge = _hedge_before(text, begin)
    measure = _MEASURE_AT.match(text, end)
    unit, after, other = measure.groups() if measure is not None else (None, None, None)
    if unit == "人次" and text.startswith("日", end + 2):
        unit = "人"
    if not _can_be_count(text, begin, end, unit):
        return None
    stated = _digits(found[0], unit, hedge) if found.lastgroup == "num" else _stated(text, found, unit, hedge)
    if stated is None:
        return None
    value, most, approx = stated
    after = after or other
    return Span(
        start, end, Quantity(value, most, approx or (_AFTER[after] if after else None), unit, after is not None)
    )


Stated = tuple[int | float, int | float | None, Approx | None]
"""Value, upper end and hedge."""


def _digits(digits: str, unit: str | None, hedge: Approx | None) -> Stated | None:
    """Digits with nothing else that belongs to the number."""
    if len(digits) > _MOST_DIGITS or not (unit is not None or hedge or "." not in digits):
        return None
    value = _number(digits, None)
    return None if value is None else (value, None, hedge)


def _stated(text: str, found: re.Match[str], unit: str | None, hedge: Approx | None) -> Stated | None:
    hedged = bool(hedge or found["post"] or found["inner"] or found["half"])
    values = _values(found) if _stands_alone(text, found, unit, hedged=hedged) else None
    if values is None:
        return None
    attached = found["post"] or found["inner"] or found["max_post"]
    return (*values, hedge or (_ATTACHED[attached] if attached else None))


def _hedge_before(text: str, start: int) -> tuple[int, Approx | None]:
    """Where the quantity with the hedge before it begins, and what the hedge means; one space may stand between."""
    at = start - 1 if start > 1 and text[start - 1] == " " else start
    if text[at - 1 : at] in _HEDGE_ENDS:
        if text[max(0, at - 2) : at] in _NO_HEDGE:
            return start, None
        for length in range(_LONGEST_HEDGE, 0, -1):
            if length <= at and (approx := _BEFORE.get(text[at - length : at])) is not None:
                return at - length, approx
    if start and text[start - 1] in "上过" and text[start] in _SCALES:
        return start - 1, "over"
    return start, None


def _can_be_count(text: str, start: int, end: int, unit: str | None) -> bool:
    """Its neighbours do not make it a time, a date, a code, a room, an ordinal or an entry number."""
    before = text[start - 1] if start else "\n"
    if before in _ORDINAL or (before.isascii() and before.isalnum()) or before in "#+":
        return False
    if before in _SEPARATORS and start > 1 and text[start - 2].isascii() and text[start - 2].isalnum():
        return False
    if unit is not None:
        return not (unit == "点位" and before == "点")
    if before in _ROOM_BEFORE or _NOT_A_COUNT.match(text, end) is not None:
        return False
    return not (before in "\n(" and _ENTRY_AFTER.match(text, end) is not None)


def _stands_alone(text: str, found: re.Match[str], unit: str | None, *, hedged: bool) -> bool:
    """A form that means a quantity by itself, or one that its measure word makes so."""
    if found["num"] is not None:
        digits = found["num"]
        if len(digits) > _MOST_DIGITS:
            return False
        return unit is not None or hedged or bool(found["mag"]) or ("." not in digits and found["max"] is None)
    numeral: str = found["han"]
    bare_scale = numeral[0] in _SCALES and not hedged
    if unit is not None and unit not in _UNSAFE_AFTER_HANZI:
        return not bare_scale
    if hedged and unit is None:
        return numeral[0] not in _SCALES or found.start() > 0
    if numeral in _PAIRS and unit is None:
        return _BOUNDARY.match(text, found.end()) is not None
    long = len(numeral) > 1 and any(char in "十百千万" for char in numeral[1:])
    return long and not bare_scale and (unit is not None or _BOUNDARY.match(text, found.end()) is not None)


def _values(found: re.Match[str]) -> tuple[int | float, int | float | None] | None:
    """Value and upper end; None where the digits make no number or the range runs backwards."""
    lower = _lower(found)
    if lower is None:
        return None
    low: int | float
    high: int | float | None
    low, high = lower if isinstance(lower, tuple) else (lower, None)
    if found["max"] is not None:
        high = _number(found["max"], found["max_mag"])
        if found["max_mag"] and not found["mag"]:
            low = plain(low * MAGNITUDES[found["max_mag"]])
        if high is None or high <= low:
            return None
    return (low + 0.5 if found["half"] else low), high


def _lower(found: re.Match[str]) -> int | float | tuple[int, int] | None:
    if found["han"] is not None and found["mag"] is None:
        pair = read_neighbours(found["han"])
        if pair is not None:
            return pair
    value = _number(found["num"] or found["han"], found["mag"])
    if value is None or not found["rest"]:
        return value
    rest = found["rest"]
    magnitude = MAGNITUDES[found["mag"]] if found["mag"] else 10
    return plain(value + int(rest[0]) * (MAGNITUDES[rest[1]] if len(rest) > 1 else magnitude // 10))


def _number(digits: str, magnitude: str | None) -> int | float | None:
    if magnitude is None and len(digits) <= _MOST_DIGITS and digits.isascii() and digits.isdecimal():
        return int(digits)
    if digits[0].isascii():
        return plain(float(digits.replace(",", "")) * (MAGNITUDES[magnitude] if magnitude else 1))
    value = read_chinese(digits)
    return None if value is None else value * (MAGNITUDES[magnitude] if magnitude else 1)
