# ruff: noqa: ARG001 - every reader takes the same arguments
"""Values of form fields: what stands behind a label, by the type of the field."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from handlers.language import when
from handlers.language.counts import measure
from handlers.language.expressions import expression
from handlers.language.form_book import fold
from handlers.language.form_spec import FieldSpec
from handlers.language.goods import read_goods
from handlers.language.numbers import Quantity
from handlers.language.numerals import read_chinese
from handlers.language.people import clean_name
from handlers.language.scan import Region, Scan, within
from handlers.language.types import Span


@dataclass(frozen=True, slots=True)
class Value:
    """What was read: the value in the shape of its type, and how a number was hedged and measured."""

    value: Any
    approx: str = ""
    unit: str = ""
    """The measure word as written, where it is not the one that the field shows."""


# ---------------------------------------------------------------- buildings

_HAN = "一二三四五六七八九十百"
_HOUSE = r"(?:号楼|栋楼|号院|楼栋|栋|幢|座|#楼|#)"
_NUMBER = rf"(?:[A-Za-z]?\d{{1,3}}[A-Za-z]?|[A-Za-z]|[{_HAN}]{{1,4}})"
BUILDING = expression(
    rf"(?:第)?(?:{_NUMBER}{_HOUSE}?[-~至到、和及]){{0,30}}{_NUMBER}{_HOUSE}"
    rf"(?:[-、]?{_NUMBER}(?:单元|门(?!磁|岗|口)))?"
)
_PART_OF_A_NUMBER = expression(r"[\d.]\Z")
_NOT_A_BUILDING = expression(r"(?:[共约近达]|完成|累计|合计|共计|总计|全部|剩余|还剩|剩|另有|其余|每)$")
"""Before a number of buildings: 共116栋楼."""
_BARE_COUNT = expression(r"(\d+)(?:栋楼?|幢|座)")
_RANGE = expression(r"[-~至到]")
_MANY = 3
"""Digits of a number of buildings that is no building's own: 116栋."""
_AFTER_A_RANGE = expression(r"(?:号楼|个(?:小区|社区|村))[, ]?$")
_ENTRY = expression(r"(?:^|(?<=\n))[ \t]*\d{1,2}、")
"""Two of them number the lines of a list and are no buildings."""
_HOUSES = expression(r"号楼|栋楼|号院|楼栋|[栋幢座#楼号]")


def find_buildings(text: str, start: int, end: int) -> list[Span[str]]:
    """Buildings and ranges of them, as written; counts of buildings are none."""
    found = []
    entries = [match.end() for match in _ENTRY.finditer(text, start, end)]
    numbered = entries if len(entries) > 1 else []
    at = start
    while (match := BUILDING.search(text, at, end)) is not None:
        index = bisect_right(numbered, match.start())
        at = min(match.end(), numbered[index]) if index < len(numbered) else match.end()
        before = text[max(start, match.start() - 4) : match.start()]
        counted = _PART_OF_A_NUMBER.search(before) or _NOT_A_BUILDING.search(before.rstrip())
        several = counted or _is_number_of_buildings(match.group(), before)
        if at == match.end() and not several and not text.startswith("楼", match.end()):
            found.append(Span(match.start(), match.end(), match.group()))
    return found


def sums_up_buildings(text: str, start: int, end: int) -> bool:
    """Whether a stretch tells how many buildings and names none, or a range of them: 从1号楼到49号楼 116栋."""
    counted = any(
        _PART_OF_A_NUMBER.search(before) is None
        and (_NOT_A_BUILDING.search(before.rstrip()) or _is_number_of_buildings(match.group(), before))
        for match in _BARE_COUNT.finditer(text, start, end)
        if (before := text[max(start, match.start() - 4) : match.start()]) or not match.start()
    )
    return counted and all(_RANGE.search(span.value) for span in find_buildings(text, start, end))


def _is_number_of_buildings(written: str, before: str) -> bool:
    """从1号楼到49号楼 116栋, 三个小区116栋楼: how many there are, and not which one is meant."""
    bare = _BARE_COUNT.fullmatch(written)
    return bare is not None and (len(bare[1]) >= _MANY or _AFTER_A_RANGE.search(before) is not None)


def building_key(written: str) -> str:
    """One spelling of a building: 16号楼, 16栋, 十六号楼 and 16# are `16`, 16栋-20栋 is `16-20`."""
    bare = unicodedata.normalize("NFKC", written).replace(" ", "").removeprefix("第")
    bare = _HOUSES.sub("", re.sub(r"[~至到—–]", "-", bare))
    return re.sub(rf"[{_HAN}]+", lambda match: str(read_chinese(match.group())), bare).upper()


# ---------------------------------------------------------------- values behind a label

_PLAIN_NUMBER = expression(r"[0-9]{1,15}(?:\.[0-9]{1,4})?")
_NONE = expression(r"(?:无|没有?|零|暂无|未有)(?:$|[\s,;。(])")
_YES = expression(r"(?:是|有|√|✓|✔|对|已|好|行|需要?|正常|Y|y)")
_NO = expression(r"(?:否|无|没|未|不|×|✗|尚未|还没|N|n|x|X)")
_MARKS = " \t,;。、:="
_BUILDING_LENGTH = 24
_PHONE = expression(r"1\d{10}")
_PLAN_WORDS = expression(r"预计|计划|拟|解除|到期|截止|期满|结束|下次|复查")


def labelled(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    """The value of `field` in `text[start:end]`, which holds nothing else; None where it is not readable as such."""
    while end > start and scan.text[end - 1] in _MARKS + "\n":
        end -= 1
    while start < end and scan.text[start] in _MARKS + "\n":
        start += 1
    return _READERS[field.type](field, scan, start, end) if end > start else None


def _text(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    return Value(scan.text[start:end])


def _number(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    text = scan.text[start:end]
    if _NONE.match(text):
        return Value(0)
    plain = _PLAIN_NUMBER.match(text)
    found = next((span for span in within(scan.numbers, start, end) if span.start - start <= _HEDGE), None)
    if found is not None and not (plain and plain.end() > found.end - start):
        return replace(quantity(found.value), unit=_other_unit(field, text[found.end - start :], found.value.unit))
    if plain is None:
        return None
    value = float(plain.group()) if "." in plain.group() else int(plain.group())
    return Value(value, unit=_other_unit(field, text[plain.end() :], None))


def _other_unit(field: FieldSpec, behind: str, known: str | None) -> str:
    """The measure word behind a number, where it is one that the field accepts but does not show."""
    units = sorted((fold(each) for each in field.units), key=len, reverse=True)
    unit = next((each for each in units if behind.lstrip().startswith(each)), known or "")
    return unit if unit != field.unit and unit in units else ""


_HEDGE = 4
"""Characters of 约, 大约, 不到 and the like that may stand before a number."""


def quantity(number: Quantity) -> Value:
    """A number of the text as the value of a field."""
    return Value(number.value, number.approx or "")


def _flag(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    text = scan.text[start:end]
    if _NO.match(text):
        return Value(value=False)
    if _YES.match(text) or any(text.startswith(fold(word)) for word in field.words):
        return Value(value=True)
    return None


def _date(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    return next((value for span in within(scan.times, start, end) if (value := time_value(field, scan, span))), None)


def time_value(field: FieldSpec, scan: Scan, span: Span[Any]) -> Value | None:
    """A time of the text as the value of a field: of a date only the day."""
    plan = any(map(_PLAN_WORDS.search, field.words))
    sent = scan.message.sent_at
    if field.type == "date" or when.is_day(span.value):
        return Value(when.day_text(span.value, sent, plan=plan))
    point = when.point(span.value, sent, None, plan=plan)
    return Value(point) if point else None


def _person(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    name = clean_name(scan.text[start:end])
    return Value(name) if name else None


def _phone(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    found = next(iter(within(scan.phones, start, end)), None)
    if found is not None:
        return Value(found.value)
    digits = re.sub(r"[ -]", "", scan.text[start:end])
    return Value(digits) if _PHONE.fullmatch(digits) else None


def _building(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    return Value(scan.text[start:end]) if end - start <= _BUILDING_LENGTH else None


def _choice(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    text = scan.text[start:end]
    words = sorted(choice_words(field), key=lambda pair: -len(pair[0]))
    exact = next((value for word, value in words if word == text), None)
    value = exact or next((value for word, value in words if word in text), None)
    return Value(value) if value is not None else None


def choice_words(field: FieldSpec) -> list[tuple[str, str]]:
    """(word as it stands in a text, the canonical word that it means)."""
    return [(fold(word), canonical) for canonical, others in field.choices for word in (canonical, *others)]


def _items(field: FieldSpec, scan: Scan, start: int, end: int) -> Value | None:
    goods = read_goods(Region(scan, start, end))
    return Value(goods) if goods else None


_READERS: dict[str, Callable[[FieldSpec, Scan, int, int], Value | None]] = {
    "text": _text,
    "place": _text,
    "number": _number,
    "flag": _flag,
    "date": _date,
    "datetime": _date,
    "person": _person,
    "phone": _phone,
    "building": _building,
    "choice": _choice,
    "items": _items,
}
LONG = frozenset({"text", "place", "items"})
"""Types whose values may hold spaces and, on a line of their own, commas."""


def as_count(field: FieldSpec, item: str, value: Value) -> dict[str, Any]:
    """A figure of the parse contract."""
    number = Quantity(value.value, approx=value.approx or None)  # type: ignore[arg-type]  # the hedges of an entry
    count = {"item": item, **measure(number, value.unit or field.unit or None)}
    return {**count, "total": True} if field.total else count
