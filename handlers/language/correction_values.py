# ruff: noqa: ARG001 - every reader takes the same arguments
"""The value of a correction, written as the field that it corrects is written."""

import re
from collections.abc import Callable
from typing import Any

from handlers.language import when
from handlers.language.counts import measure
from handlers.language.expressions import expression
from handlers.language.goods import read_goods
from handlers.language.people import clean_name, split_people
from handlers.language.scan import Region
from handlers.language.signs import find_signs, judge
from handlers.language.vocabulary import DUTIES, ISOLATION, SHIFTS, TRANSPORT

_TO_DATE = frozenset({"starts_at", "ends_at", "arrives_at", "opens_at", "deadline", "at"})
_NUMBERS = frozenset(
    {"companions", "headcount", "hours", "round", "staff", "returned", "area_m2", "needed", "days", "day", "attempt"}
)
_YES = expression(r"^(?:有|是|已)")


def read_value(name: str, value: str, region: Region, label: str) -> tuple[str, Any] | None:
    """The field, and the value as that field is written."""
    sub = _sub_region(value, region)
    if name in _TO_DATE:
        return time_value(name, sub)
    if name in _NUMBERS:
        numbers = sub.inside(sub.scan.numbers)
        if name == "hours" and not numbers:
            numbers = sub.inside(sub.scan.numbers)
        digits = re.search(r"\d+(?:\.\d+)?", value)
        return (
            (name, numbers[0].value.value)
            if numbers
            else (name, int(digits.group()))
            if digits and "." not in digits.group()
            else None
        )
    reader = _READERS.get(name)
    result = reader(value, sub) if reader else value
    if name == "counts" and isinstance(result, dict):
        return name, [{"item": re.sub(r"(?:人次|人数|数量|数|户数)$", "", label) or label, **result}]
    return None if result is None else (name, result)


def _sub_region(value: str, region: Region) -> Region:
    at = region.scan.text.find(value, region.start)
    return Region(region.scan, max(at, region.start), max(at, region.start) + len(value)) if at >= 0 else region


def time_value(name: str, sub: Region) -> tuple[str, Any] | None:
    """A time in the form of its field."""
    spans = sub.inside(sub.scan.times)
    sent = sub.scan.message.sent_at
    if not spans:
        return None
    value = spans[0].value
    if when.is_range(value):
        return name, when.period(value, sent, None, over=False)[0]
    plan = name in ("opens_at", "deadline") or bool(re.search(r"预计|计划|拟", sub.text))
    return name, (
        when.day_text(value, sent, plan=plan) if when.is_day(value) else when.point(value, sent, None, plan=plan)
    )


def _first_of(table: tuple[tuple[str, str], ...], value: str) -> str | None:
    return next((code for word, code in sorted(table, key=lambda pair: -len(pair[0])) if word in value), None)


def _counts(value: str, sub: Region) -> object:
    numbers = sub.inside(sub.scan.numbers)
    return measure(numbers[0].value, numbers[0].value.unit) if numbers else None


def _goods(value: str, sub: Region) -> object:
    return read_goods(sub) or None


def _people(value: str, sub: Region) -> object:
    return split_people(value, sub.scan.message.sender, sub.scan.known) or None


def _phone(value: str, sub: Region) -> object:
    phones = sub.inside(sub.scan.phones)
    return phones[0].value if phones else None


def _id(value: str, sub: Region) -> object:
    ids = sub.inside(sub.scan.ids)
    return ids[0].value.number if ids and ids[0].value.checksum_ok else None


def _trip(value: str, sub: Region) -> object:
    trips = sub.inside(sub.scan.trips)
    return trips[0].value.number if trips else value.replace(" ", "").upper()


def _temperature(value: str, sub: Region) -> object:
    spans = sub.inside(sub.scan.temperatures)
    return spans[0].value if spans else None


def _health(value: str, sub: Region) -> object:
    health = judge(find_signs(value), [])
    return None if health.normal is None else "normal" if health.normal else "abnormal"


def _yes_no(value: str, sub: Region) -> object:
    return bool(_YES.match(value))


def _name(value: str, sub: Region) -> object:
    return clean_name(value)


def _gender(value: str, _: Region) -> object:
    return "m" if "男" in value else "f" if "女" in value else None


def _shift(value: str, _: Region) -> object:
    return _first_of(tuple(SHIFTS.items()), value)


def _duty(value: str, _: Region) -> object:
    return _first_of(DUTIES, value)


def _transport(value: str, _: Region) -> object:
    return _first_of(TRANSPORT, value)


def _isolation(value: str, _: Region) -> object:
    return _first_of(ISOLATION, value)


def _symptoms(value: str, _: Region) -> object:
    return judge(find_signs(value), []).symptoms or None


_READERS: dict[str, Callable[[str, Region], object]] = {
    "phone": _phone,
    "id_number": _id,
    "trip": _trip,
    "temperature": _temperature,
    "health": _health,
    "people": _people,
    "counts": _counts,
    "items": _goods,
    "shortages": _goods,
    "arrived": _yes_no,
    "dormitory": _yes_no,
    "canteen": _yes_no,
    "name": _name,
    "gender": _gender,
    "shift": _shift,
    "duty": _duty,
    "transport": _transport,
    "isolation": _isolation,
    "symptoms": _symptoms,
}
