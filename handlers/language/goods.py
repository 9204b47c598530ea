# ruff: noqa: ARG001 - every reader takes the same arguments
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""Lists of goods: `口罩500只、84消毒液20桶、额温枪`."""

import re

from handlers.language.counts import UNIT, measure
from handlers.language.expressions import expression
from handlers.language.numbers import find_numbers
from handlers.language.scan import CLAIMED, Region
from handlers.language.types import Fields

_PIECE = expression(r"[^,;。、\n\t+ \x00]+(?:[ ](?=[0-9])[^,;。、\n\t+ \x00]+)?")
_LEAD = expression(
    r"^(?:已?[将把]|(?:防疫|防控|生活|爱心)?物资|以及|还有|还要|还需要?|另外|急需|需要|需|和|及|与|另|缺|的|共|"
    r"各|有|要|\d{1,2}[.)](?!\d)|[:：])+"
)
_NOT_GOODS = expression(
    r"^(?:用完|捐赠$|支援$|送到|送至|送往|放到|放在|谢谢|感谢|辛苦|收到|请|麻烦|尽快|今天|明天|昨天|谁|联系|等|"
    r"无|没有|其他|如下|"
    r"已签收|签收|已发放|已入库|入库|完毕|急|了|吧|哈|啊|已清点|清点|数量|左右|大概|约|辛苦了|给力|太好了|支援|"
    r"一下|多谢|同志|上午|下午)|^[0-9]+$"
)
_TAIL = expression(r"(?:等|若干|一批|一些|少许|多|各|余|左右|以上|了|吧|哈|啊|呢|呀|已收|等等|等物资|物资)+$")
_NUMBERED_ITEM = expression(r"^(?:84|75%?|95%?|N ?95|KN ?95|KF ?94|n95|kn95)")
_AND = expression(r"(?<=[一-鿿0-9A-Za-z])[和及与](?=[一-鿿0-9A-Za-z])")
_BRACKET = expression(r"\([^()]*\)")


def read_goods(region: Region) -> list[Fields]:
    """Items with what is stated of value and unit."""
    goods: list[Fields] = []
    for match in _PIECE.finditer(_BRACKET.sub(lambda m: " " * len(m.group()), region.rest)):
        for piece in _split(match.group()):
            if CLAIMED not in piece:
                goods += _read(piece, goods)
    return goods


def _split(piece: str) -> list[str]:
    return [part for part in _AND.split(piece) if part]


def _read(piece: str, before: list[Fields]) -> list[Fields]:
    lead = _LEAD.match(piece)
    text = piece[lead.end() :] if lead else piece
    text = text.replace(" ", "").lstrip(":")
    shift = _NUMBERED_ITEM.match(text)
    skip = shift.end() if shift else 0
    numbers = [n for n in find_numbers(text) if n.start >= skip and n.start > 0]
    if not numbers:
        return _without_number(text, before)
    found: list[Fields] = []
    at = 0
    for number in numbers:
        item = _clean(text[at : number.start])
        unit = UNIT.match(text, number.end)
        word = number.value.unit or (unit[1] if unit else None)
        at = unit.end() if unit else number.end
        if item and not _NOT_GOODS.match(item):
            found.append({"item": item, **measure(number.value, word)})
    return found


def _without_number(text: str, before: list[Fields]) -> list[Fields]:
    leading = next((number for number in find_numbers(text) if number.start == 0), None)
    if leading is not None:
        unit = UNIT.match(text, leading.end)
        item = "" if unit is None else _clean(text[unit.end() :])
        return [] if unit is None or not item else [{"item": item, **measure(leading.value, unit[1])}]
    item = _clean(text)
    return (
        []
        if not 2 <= len(item) <= 12 or _NOT_GOODS.match(item) or not re.search(r"[一-鿿A-Za-z]", item)
        else [{"item": item}]
    )


def _clean(item: str) -> str:
    item = item.strip("-:~()[]【】*x×")
    return _TAIL.sub("", re.sub(r"^(?:的|是|了)+", "", item))
