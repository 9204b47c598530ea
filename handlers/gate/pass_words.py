"""What people say about passes: `发证 居民 张某 3号楼2单元501`, `发车证 京A12345 李某`, `补办 12号`, `作废 京A12345`,
`查车 345`. A message is one of these only where it opens with such words; 发放出入证20张 is a figure of work. Pure.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from handlers.gate import pieces
from handlers.gate.pieces import Text
from handlers.language.expressions import expression
from handlers.language.identifiers import PLATE_AREAS
from handlers.language.numerals import read_chinese
from handlers.language.openings import Openings

RESIDENT, VEHICLE = "resident", "vehicle"
_PLATE = f"[{PLATE_AREAS}]"
_CARD = (
    r"(?:(?:居民|业主|住户|小区|社区|村民)?(?:出入|通行|进出)证|居民证|业主证|"
    r"(?:车辆|机动车|汽车|临时)?(?:出入|通行)?车?证)"
)
_BEFORE = rf"(?=[\s,:]|\d|第|{_PLATE}[A-Z]|$)"
"""What may stand behind such a word: a number or a plate, not the rest of another word."""
_ORDERS: tuple[tuple[str, str], ...] = (
    ("list", r"(?:出入证|通行证|居民证|车证|车辆|证件|发证|制证)(?:登记)?(?:表|簿|册|台账|名单|列表|清单|情况|统计)$"),
    ("again", r"(?:再发|照发|确认发证|仍要发|还是发|再办)(?:一张|1张)?$"),
    ("issue", rf"(?:发放|发|办理|办|签发|新办|制作)(?P<card>{_CARD})(?=[\s,:给]|$)"),
    ("reissue", rf"(?:挂失)?(?:补办|补发|换发|重办)(?P<card>{_CARD})?{_BEFORE}"),
    ("void", rf"(?:作废|注销|收回|吊销|挂失|停用)(?P<card>{_CARD})?{_BEFORE}"),
    ("renew", rf"(?:续期|延期|续办|展期)(?P<card>{_CARD})?{_BEFORE}"),
    ("find", rf"(?:查|查询|查验|核对|验)(?P<card>{_CARD}|车牌号?|车辆|车|牌)(?=[\s,:]|\d|{_PLATE}|[A-Z])"),
    ("find", rf"查(?=\s*{_PLATE}[A-Za-z])"),
)
"""Order → the words that it opens with."""
_OPENINGS = Openings(_ORDERS, before=r"\s*/?\s*")
_COUNT = expression(
    r"(?:(?<![A-Za-z0-9\-])\d{1,5}|[一二三四五六七八九十百]+)\s*(?:余|多)?张(?=$|[\s,;。!、]|给|共|居民|出入|通行|车|证)"
)
"""20张出入证: a figure. In `京A12345 张某` and `501 张某` somebody is called 张."""
_NUMBER = expression(
    r"(?:(?:编号|证号|[Nn][Oo][.:]?|第)\s*)?(?<![A-Za-z0-9\-])0*(?P<number>[1-9]\d{0,5})(?P<mark>号)?(?:证)?(?![\dA-Za-z楼栋单元室户院\-])"
)
_TAIL = expression(r"(?:尾号|尾数|后[三四五]位)?\s*(?<![A-Za-z0-9])(?P<tail>[A-Z0-9]{3,6})(?![A-Za-z0-9号])")
_OTHER_REF = expression(r"(?<![A-Za-z])[A-Za-z]{1,2}\d+")
"""C12, R58: references of other books."""
_HOUSEHOLD = expression(
    r"(?P<estate>[\u4e00-\u9fff]{1,12}?)?(?P<numbers>(?:[\dA-Z一二三四五六七八九十]+\s*(?:号楼|号院|栋|幢|楼|单元|门|层|室|户|号|排|区|组)\s*)+(?:\d{1,4}室?)?"
    r"|\d{1,3}-\d{1,2}-\d{2,4}|\d{1,3}-\d{2,4})"
)
_UNTIL = expression(
    r"(?:有效期|有效|期限|用|延|续)?(?:至|到|截至|截止)\s*(?:(?P<year>\d{4})[年\-/.])?(?P<month>\d{1,2})[月\-/.](?P<day>\d{1,2})[日号]?"
)
_FOR = expression(
    r"(?:有效期?|期限|延长?|续期?)?\s*(?P<number>\d{1,3}|[一二两三四五六]|半)\s*个?(?P<unit>天|日|周|星期|月|年)(?:有效|内)?"
)
_RESIDENT = expression(r"居民|业主|住户|村民|租户|家属")
_LENGTHS: Mapping[str, int] = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Target:
    """Which pass is meant."""

    number: int | None = None
    plate: str = ""
    tail: str = ""
    household: str = ""
    person: str = ""

    def __bool__(self) -> bool:
        return self.exact or bool(self.tail or self.person)

    @property
    def exact(self) -> bool:
        """Whether it can mean nothing but a pass."""
        return any((self.number, self.plate, self.household))


@dataclass(frozen=True, slots=True)
class PassOrder:
    """One order. `wanted` are the passes to issue, `target` the pass that something is to be done to."""

    name: str
    wanted: tuple[dict[str, Any], ...] = ()
    target: Target = field(default_factory=Target)
    until: date | None = None
    text: str = ""
    """What stood behind the word."""


def read(text: str, today: date) -> PassOrder | None:
    """The order that a message is; None for everything else, figures of cards among it."""
    found = _OPENINGS.find(text)
    if found is None:
        return None
    name, match = found
    rest = text[match.end() :].strip(" ,:。!")
    card = match.groupdict().get("card") or ""
    return _issue(card, rest, today) if name == "issue" else _about(name, card, rest, today)


def _issue(card: str, rest: str, today: date) -> PassOrder | None:
    if _COUNT.search(rest):
        return None
    lines = [line for line in rest.split("\n") if line.strip()]
    kind = VEHICLE if "车" in card else ""
    shared = ""
    if lines and _RESIDENT.fullmatch(lines[0].strip()):
        shared = RESIDENT
        lines = lines[1:]
    return PassOrder("issue", tuple(_wanted(line, kind or shared, today) for line in lines), text=rest)


def _wanted(line: str, kind: str, today: date) -> dict[str, Any]:
    text = Text(line)
    found: dict[str, Any] = {}
    pieces.drop_id_numbers(text)
    if until := _until(text, today):
        found["until"] = until.isoformat()
    for name, take in (("plate", pieces.plate), ("phone", pieces.phone)):
        if value := take(text):
            found[name] = value
    resident = text.take(_RESIDENT) is not None
    found["kind"] = kind or (VEHICLE if "plate" in found and not resident else RESIDENT)
    if address := text.take(_HOUSEHOLD):
        found["address"] = address[0].strip()
    pieces.labels(text)
    if person := pieces.name(text):
        found["person"] = person
    return found


def _about(name: str, card: str, rest: str, today: date) -> PassOrder | None:
    text = Text(rest)
    until = _until(text, today) if name in {"renew", "reissue"} else None
    target = _target(text, card, tail=name == "find")
    if name in {"void", "renew"} and not card and not target.exact:
        return None  # 注销 R58, 作废 上一条: orders about other books
    return PassOrder(name, target=target, until=until, text=rest)


def _target(text: Text, card: str, *, tail: bool) -> Target:
    if plate := pieces.plate(text):
        return Target(plate=plate)
    if (household := text.take(_HOUSEHOLD)) and (key := household_key(household[0])[1]):
        single = _NUMBER.fullmatch(household[0].strip())
        return Target(number=int(single["number"]) if single else None, household="" if single else key)
    number = None if _OTHER_REF.search(text.rest) else _NUMBER.search(text.rest)
    end = _TAIL.search(text.rest.upper()) if tail and not (number and number["mark"]) else None
    if end and ("车" in card or "牌" in card):
        return Target(tail=end["tail"])
    if number or end:
        return Target(number=int(number["number"]) if number else None, tail=end["tail"] if end else "")
    return Target(person=pieces.name(text) or "")


def _until(text: Text, today: date) -> date | None:
    if found := text.take(_UNTIL):
        return _coming(found, today)
    if found := text.take(_FOR):
        number = 0.5 if found["number"] == "半" else float(_number(found["number"]))
        return today + timedelta(days=round(number * _LENGTHS[found["unit"]]))
    return None


def _number(text: str) -> int:
    return int(text) if text.isdigit() else read_chinese(text) or 1


def _coming(found: re.Match[str], today: date) -> date | None:
    """A day without a year is the coming one; None where there is no such day, as the 29th of most Februaries."""
    month, day = int(found["month"]), int(found["day"])
    try:
        told = date(int(found["year"] or today.year), month, day)
        return told if found["year"] or told >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


_UNIT_WORD = expression(r"(?:号楼|号院|栋|幢|楼|单元|门|层|室|户|号|排|区|组|-|\s)+")
_HAN_NUMBER = expression(r"[一二三四五六七八九十]+(?=号楼|号院|栋|幢|楼|单元|门|层|室|户|号|排|区|组)")


def household_key(address: str) -> tuple[str, str]:
    """(estate or village, numbers) of an address: 幸福里3号楼2单元501 → (幸福里, 3-2-501). Two spellings of one
    door have the same numbers; an estate that one of them leaves out says nothing.
    """
    found = _HOUSEHOLD.search(_HAN_NUMBER.sub(lambda match: str(read_chinese(match[0]) or match[0]), address))
    if found is None:
        return "", ""
    parts = [part.lstrip("0") or "0" for part in _UNIT_WORD.split(found["numbers"]) if part]
    return (found["estate"] or "").strip(), "-".join(parts)


def same_household(one: str, other: str) -> bool:
    """Whether two addresses are one door."""
    (estate, numbers), (other_estate, other_numbers) = household_key(one), household_key(other)
    named = bool(estate and other_estate)
    same = estate == other_estate or estate.endswith(other_estate) or other_estate.endswith(estate)
    return numbers == other_numbers and numbers != "" and (same or not named)
