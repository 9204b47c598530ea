"""Figures of work: `测温43人次`, `累计登记5621人次`, `异常:0`."""

import re
from functools import lru_cache
from string import ascii_letters

from handlers.language.expressions import expression
from handlers.language.light import light
from handlers.language.numbers import Quantity
from handlers.language.people import CLEAR, clean_name, is_name
from handlers.language.scan import CLAIMED, Region
from handlers.language.types import Fields, Span
from handlers.language.vocabulary import COUNT_UNITS, FILLERS, ITEM_WORDS, PLACE_END_CHARS, PLACE_ENDS, TOTAL_WORDS


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


UNIT = expression(rf"[ ]?({_any(COUNT_UNITS)})(?!钟|半)")
_NO_COUNT_UNITS = expression(
    r"[ ]?(?:小时|分钟|分|点|号|月|日|天|岁|年|℃|度|周|期|室|秒|刻|封信|%|％|个小时|个半小时|米远|届|元|块钱|多岁)"
)
_AFTER_UNIT = expression(r"[ ]?(以上|以内|之内|上下|左右|多|余)")
_HEDGES = {
    "以上": "over",
    "多": "over",
    "余": "over",
    "以内": "under",
    "之内": "under",
    "左右": "about",
    "上下": "about",
}
_ITEM_END = expression(rf"(?:{_any(ITEM_WORDS)})$")
_ITEM_ANY = expression(_any(tuple(word for word in ITEM_WORDS if len(word) > 1)))
_NUMBERING = expression(r"^(?:\d{1,2}[.、)]|[①-⑳])")
_ITEM_START = expression(_any(tuple(word for word in ITEM_WORDS if len(word) > 1)))
_FILLER_START = expression(rf"^(?:{_any(FILLERS)}|\d{{1,2}}月(?:份|\d{{1,2}}日)?(?:以来|至今|起)?)+")
_KEPT_AT_END = frozenset({"出", "里", "日", "今", "工作", "的"})
"""Fillers that may end an item: 湖北回来的, 巡查工作."""
_FILLER_END = expression(rf"(?:{_any(tuple(word for word in FILLERS if word not in _KEPT_AT_END))})+$")
_TOTAL = expression(_any(TOTAL_WORDS))
_PLACE = expression(rf"^(.*(?:{_any(PLACE_ENDS)}))(.+)$")
_PLACES_COUNTED = expression(
    r"[个座处]?(?:社区|小区|行政村|自然村|村|卡口|卡点|点位|街道|乡镇|镇|乡|片区|路口|院|采样点)(?=[^,;。、\n\d]{1,10}\d)"
)
"""Behind a number: 三个社区共安装1150户 says where, not what was done."""
_TO_PLACE = expression(r"^(?:到|至)[^,;。]*(?:号楼|栋|号院|单元|村|社区|小区)$")
_STOPS = frozenset(f",;。、!?\n\t()[]【】→|{CLAIMED}")
_SET_PHRASES = frozenset("块起边面样般直定些圈下点道旦律切")
"""一块, 一起, 一圈: no figures."""
_ORDINAL = expression(r"(?:第|D|d|尾号|[A-Za-z]|-|\.)$")
_BAD_ITEM = expression(
    r"(?:(?<![量测])体温|第|电话:|手机|尾号|到岗|签到|离岗|签退|报名|超过|不到|至少|需要?|招募|急需|缺|时间|点位|"
    r"卡口|^人员|"
    r"^值守人员|^值班人员|说|共计?|姓名|带班|身份证|邮编|服务时长|值守|上岗|同行|\+)$"
)
_NO_COUNT_STARTS = frozenset(" 小分点号月日天岁年℃度周期室秒刻封%％个米届元块多")
_ORDINAL_ENDS = frozenset(f"第号-.{ascii_letters}")
_HEDGE_STARTS = frozenset(" 以之上左多余")
"""Characters that the expressions of these names begin or end with."""
_LONGEST_ITEM = 12


@light
class Figure:
    """One count and where its item and its number stand."""

    start: int
    end: int
    fields: Fields


def read_figures(region: Region) -> list[Figure]:
    """All counts of the region, in text order; claims item, number and unit, leaves the place or the person
    before the item.
    """
    figures: list[Figure] = []
    last_end, topic = region.start, ""
    for number in region.inside(region.scan.numbers):
        figure = _figure(region, number, last_end, topic)
        if figure is None:
            continue
        figures.append(figure)
        last_end, topic = figure.end, figure.fields["item"]
    region.claim_all(figures)
    return figures


def _figure(region: Region, number: Span[Quantity], last_end: int, topic: str) -> Figure | None:
    text = region.scan.text
    if (
        number.value.value == 1
        and text[number.start : number.start + 1] == "一"
        and text[number.end : number.end + 1] in _SET_PHRASES
    ):
        return None
    if _is_place_number(text, number):
        return None
    if text.startswith("三轮", number.start) or _is_number_of_places(region, number):
        return None
    if _is_no_count(region, number):
        return None
    unit = UNIT.match(text, number.end, region.end)
    word = max(number.value.unit or "", unit[1] if unit else "", key=len) or None
    start, item, total = _item(region, number.start, last_end)
    if not item and not topic:
        topic = _topic(region, number.start)
    if (
        not item
        and topic
        and word
        and _is_continuation(region.rest[max(last_end, start) - region.start : number.start - region.start])
    ):
        item = topic
    if (
        not item
        or (item[0] in "到至" and _TO_PLACE.match(item))
        or (_BAD_ITEM.search(item) and not (item == "人员" and word == "人次"))
        or (word is None and not _stands_alone(region, number, item))
    ):
        return None
    end = unit.end() if unit else number.end
    hedge = _AFTER_UNIT.match(text, end, region.end) if text[end : end + 1] in _HEDGE_STARTS else None
    if hedge:
        end = hedge.end()
    fields = measure(number.value, word)
    if hedge and word:
        fields.setdefault("approx", _HEDGES[hedge[1]])
    return Figure(start, end, {"item": item, **fields, **({"total": True} if total else {})})


def _is_no_count(region: Region, number: Span[Quantity]) -> bool:
    """A time, a measure of something else or an ordinal: 3小时, 第3."""
    text, before = region.scan.text, region.before(number.start, 3)
    if text[number.end : number.end + 1] in _NO_COUNT_STARTS and _NO_COUNT_UNITS.match(text, number.end):
        return True
    return before[-1:] in _ORDINAL_ENDS and _ORDINAL.search(before) is not None


def _is_place_number(text: str, number: Span[Quantity]) -> bool:
    """芍药居二社区, 东里一社区: a Chinese numeral inside a name."""
    inside = (
        text[number.start : number.start + 1] in "一二三四五六七八九十"
        and number.start > 0
        and "一" <= text[number.start - 1] <= "鿿"
    )
    return inside and text.startswith(("社区", "小区", "村", "街道", "门", "里", "区"), number.end)


def _is_number_of_places(region: Region, number: Span[Quantity]) -> bool:
    """How many places there are, where no work stands right before it and a figure of all of them follows."""
    if region.before(number.start, 1) not in _BETWEEN:
        return False
    return _PLACES_COUNTED.match(region.scan.text, number.end, region.end) is not None


_BETWEEN = frozenset(("", *" \t\n,;:。、】)"))


def last_topic(text: str) -> str | None:
    """The last word of work in a header: 测温 in `11.24测温统计`."""
    found = _ITEM_ANY.findall(text)
    return found[-1] if found else None


def _topic(region: Region, end: int) -> str:
    """The last word of work before the number, where only fillers stand right before it: `抗原检测 1-5号楼
    全部完成 共计342户`.
    """
    found = list(_ITEM_ANY.finditer(region.scan.text, max(region.start, end - 40), end))
    return found[-1].group() if found else ""


def measure(quantity: Quantity, unit: str | None) -> Fields:
    """`value`, `max`, `approx` and `unit` of the contract."""
    fields: Fields = {"value": quantity.value}
    if quantity.max is not None:
        fields["max"] = quantity.max
    if quantity.approx:
        fields["approx"] = quantity.approx
    if unit:
        fields["unit"] = unit.strip()
    return fields


_SEPARATORS = expression(r"[\s,;、。:]+")
_BLANKS = " :="


def _is_continuation(between: str) -> bool:
    """`完成130户` after `抗原132户`: only filler words stand between, and at least one does."""
    bare = _SEPARATORS.sub("", between.rpartition(CLAIMED)[2])
    return bool(bare) and bool(_FILLER_START.fullmatch(bare))


def _item(region: Region, end: int, last_end: int) -> tuple[int, str, bool]:
    """Where the item before position `end` begins, its words, and whether it is a total."""
    base = region.start
    left = region.rest[max(last_end, end - 40) - base : end - base]
    stop = len(left.rstrip(" :="))
    while stop and left[stop - 1] not in _STOPS:
        stop -= 1
    left = left[stop:]
    at = end - len(left)
    total = bool(_TOTAL.search(left))
    phrase = left.rstrip(" :=")
    token = _last_word(phrase)
    if " " in phrase and _bare(token)[1] == "":
        phrase = phrase[: len(phrase) - len(token)].rstrip()
        token = _last_word(phrase)
    offset = len(phrase) - len(token)
    lead, item = _bare(token)
    return at + offset + lead, item, total


def _last_word(phrase: str) -> str:
    return phrase[max(map(phrase.rfind, _BLANKS)) + 1 :]


@lru_cache(maxsize=4096)
def _bare(token: str) -> tuple[int, str]:
    """The item in a token without place, person and fillers, and how many characters stand before it."""
    tail = _FILLER_END.search(token)
    core = token[: tail.start()] if tail and tail.start() else token
    if total := list(_TOTAL.finditer(core, 0, max(0, len(core) - 1))):
        lead, item = _bare(core[total[-1].end() :])
        return lead + total[-1].end(), item
    if mark := _NUMBERING.match(core):
        lead, item = _bare(token[mark.end() :])
        return lead + mark.end(), item
    if filler := _FILLER_START.match(core):
        if core in ITEM_WORDS:
            return filler.end(), core
        lead, item = _without_place(core[filler.end() :])
        return filler.end() + lead, item
    return _without_place(core)


def _without_place(core: str) -> tuple[int, str]:
    if known := _ITEM_END.search(core):
        head = core[: known.start()]
        bare_head = _FILLER_END.sub("", head)
        if head and (not bare_head or _is_place(bare_head) or is_name(clean_name(bare_head)) >= CLEAR):
            return known.start(), known.group()
    if _ITEM_START.match(core) and len(core) <= _LONGEST_ITEM:
        return 0, core
    if (place := _PLACE.match(core)) and place[2] not in ("人", "人员", "人数"):
        filler = _FILLER_START.match(place[2])
        cut = place.end(1) + (filler.end() if filler else 0)
        return cut, core[cut:]
    return (0, core) if len(core) <= _LONGEST_ITEM else (0, "")


def _is_place(text: str) -> bool:
    if text in (
        "上门",
        "登门",
        "进村",
        "入村",
        "出村",
        "进门",
        "出门",
        "部门",
        "专门",
        "楼门",
        "全镇",
        "全区",
        "全村",
        "进站",
        "出站",
    ):
        return False
    return text.endswith(PLACE_ENDS) or text[-1] in PLACE_END_CHARS


def _stands_alone(region: Region, number: Span[Quantity], item: str) -> bool:
    """A number without a unit counts only behind a known item and where the next character does not go on."""
    following = region.after(number.end, 1)
    return bool(_ITEM_END.fullmatch(item)) and (not following or following in " \n\t,;。、!)]")
