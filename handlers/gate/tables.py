"""A table of people who left the city, as a file: bytes → the order that its rows would be as lines. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from handlers.gate.departure_words import DepartureOrder, Told, told
from handlers.imports_org import sheet
from handlers.language.expressions import expression

COLUMNS: Mapping[str, Sequence[str]] = {
    "name": ("姓名", "名字", "职工姓名"),
    "phone": ("电话", "联系电话", "手机", "手机号", "手机号码", "联系方式"),
    "left_at": ("离京时间", "离京日期", "离开时间"),
    "transport": ("交通工具", "乘坐交通工具", "乘坐哪种交通工具", "车次"),
    "arrived_at": ("到达时间", "到达目的地时间", "抵达时间"),
    "destination": ("去向", "目的地", "离京去向", "到达地"),
    "normal": ("身体状况", "身体有无异常", "有无异常", "健康状况", "身体情况"),
    "returns": ("预计返京时间", "预计返京日期", "预计返京", "返京时间"),
}
"""Our name → headings that people use."""
TIMES = ("left_at", "returns", "arrived_at")
WORDS: Mapping[str, str] = {
    "name": "姓名:{}",
    "phone": "电话:{}",
    "left_at": "离京时间:{}",
    "transport": "交通工具:{}",
    "arrived_at": "到达时间:{}",
    "destination": "到{}",
    "normal": "身体:{}",
    "returns": "预计返京:{}",
}
"""Our name → how a line says it."""
_SECONDS = expression(r"(\d{1,2}:\d{2}):\d{2}\b")
_MIDNIGHT = expression(r"[ T]0?0:00(?::00)?\b")
_NONE: Mapping[str, str] = {"无": "无异常", "否": "无异常", "没有": "无异常", "良好": "正常"}


def read(content: bytes, sent: datetime) -> DepartureOrder | None:
    """The people of a table; None where it is none of people who left: it has no column 离京时间."""
    try:
        table = sheet.read(content, COLUMNS, (("name",), ("left_at",)))
    except sheet.BadFile:
        return None
    found = [(row.number, told(_line(row), sent)) for row in table.rows if any(row.values.values())]
    good = tuple(one for _, one in found if _names(one))
    return DepartureOrder("list", good, tuple(number for number, one in found if not _names(one)))


def _names(one: Told) -> bool:
    return bool(one.who.person or one.who.phone)


def _line(row: sheet.Row) -> str:
    said = ((name, _plain(name, row.get(name))) for name in COLUMNS)
    return " ".join(WORDS[name].format(value) for name, value in said if value)


def _plain(name: str, value: str) -> str:
    if name == "normal":
        return _NONE.get(value, value)
    if name == "destination":
        return value.removeprefix("到")
    return _SECONDS.sub(r"\1", _MIDNIGHT.sub("", value)) if name in TIMES else value
