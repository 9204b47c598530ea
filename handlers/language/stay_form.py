# ruff: noqa: ARG001 - every reader takes the same arguments
"""The labelled values of a stay: 点位, 人员, 时间, 班次, …"""

import re
from collections.abc import Callable

from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.people import split_people
from handlers.language.proxy import read_proxy
from handlers.language.scan import Region
from handlers.language.stay import Stay
from handlers.language.tasks import duty_in, stated_duty
from handlers.language.triggers import CHECK_OUT
from handlers.language.vocabulary import SHIFTS

_SHIFT = expression("|".join(sorted(SHIFTS, key=len, reverse=True)))
_HEADS = expression(r"[ ]?(?:个人|名志愿者|位志愿者|个志愿者|名队员|名同志|名|位|人(?!次|份|员))(?:到岗|在岗|值守)?")
_PARTLY = frozenset({"time", "start", "end", "hours", "headcount", "shift"})
"""Behind the values of these labels a line may go on."""
_LEAVE_FIELDS = frozenset({"ignored", "remark"})


def read_labels(stay: Stay) -> None:
    """Read every labelled value of the region; claim what was understood."""
    region = stay.region
    for field in stay.scan.fields(region.start, region.end):
        read_field(stay, field)


def read_field(stay: Stay, field: Field) -> None:
    """Read one labelled value and claim it."""
    region = stay.region
    reader = _READERS.get(field.concept)
    if reader is not None:
        value = Region(stay.scan, field.start, field.end)
        reader(stay, value, field)
        region.claim(field.label_start, field.start)
        if field.concept in _PARTLY:
            region.put(value)
        else:
            region.claim(field.start, field.end)
    elif field.concept in _LEAVE_FIELDS:
        region.claim(field.label_start, field.end)


def _people(stay: Stay, value: Region, field: Field) -> None:
    proxy = read_proxy(value)
    if proxy:
        stay.by = proxy.by
        stay.add(list(proxy.whom))
    _head_in_brackets(stay, value)
    stay.add(split_people(value.rest.replace("\x00", " "), stay.scan.message.sender, stay.scan.known))


def _head_in_brackets(stay: Stay, value: Region) -> None:
    for number in value.inside(stay.scan.numbers):
        if tail := _HEADS.match(stay.scan.text, number.end, value.end):
            stay.fields["headcount"] = number.value.value
            value.claim(number.start, tail.end())


def _by(stay: Stay, value: Region, field: Field) -> None:
    if "代" in field.label:
        names = split_people(value.text, stay.scan.message.sender, stay.scan.known)
        stay.by = names[0] if names else None


def _post(stay: Stay, value: Region, field: Field) -> None:
    if value.text:
        stay.fields["post"] = "".join(value.text.split("\n"))


def _station(stay: Stay, value: Region, field: Field) -> None:
    if duty_in(value.text) and not value.text.endswith(("门", "口")):
        _duty(stay, value, field)
    else:
        _post(stay, value, field)


def _duty(stay: Stay, value: Region, field: Field) -> None:
    if duty := stated_duty(value.text):
        stay.fields["duty"] = duty


def _shift(stay: Stay, value: Region, field: Field) -> None:
    if shift := value.take(_SHIFT):
        stay.fields["shift"] = SHIFTS[shift.group()]
    elif shift := _SHIFT.search(value.text + "班"):
        stay.fields["shift"] = SHIFTS[shift.group()]
        value.claim(value.start, value.end)
    _time(stay, value, field)


def _time(stay: Stay, value: Region, field: Field) -> None:
    if shift := value.take(_SHIFT):
        stay.fields["shift"] = SHIFTS[shift.group()]
    spans = value.inside(stay.scan.times)
    stay.read_times(spans)
    value.claim_all(spans)


def _start(stay: Stay, value: Region, field: Field) -> None:
    stay.set_time("starts_at", value.inside(stay.scan.times))
    value.claim_all(value.inside(stay.scan.times))


def _end(stay: Stay, value: Region, field: Field) -> None:
    stay.set_time("ends_at", value.inside(stay.scan.times))
    value.claim_all(value.inside(stay.scan.times))


def _hours(stay: Stay, value: Region, field: Field) -> None:
    numbers = value.inside(stay.scan.numbers)
    if numbers and stay.kind == CHECK_OUT:
        stay.fields["hours"] = numbers[0].value.value
        value.take(re.compile(r"[0-9.一二三四五六七八九十半个]+(?:小时|钟头)?半?"))


def _headcount(stay: Stay, value: Region, field: Field) -> None:
    if numbers := value.inside(stay.scan.numbers):
        stay.fields["headcount"] = numbers[0].value.value
        value.take(re.compile(r"共?[0-9一二两三四五六七八九十]+(?:人|名|位)?"))


_READERS: dict[str, Callable[[Stay, Region, Field], None]] = {
    "people": _people,
    "name": _people,
    "leader": _people,
    "by": _by,
    "post": _post,
    "station": _station,
    "duty": _duty,
    "shift": _shift,
    "time": _time,
    "start": _start,
    "end": _end,
    "hours": _hours,
    "headcount": _headcount,
}
