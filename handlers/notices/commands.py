"""Orders about notices that the language does not know: words at the beginning of a message to the bot.

A bare 收到 or 发 is no order: whether it is meant depends on what waits (`handlers.notices.feature`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.language.expressions import expression
from handlers.language.openings import Openings
from handlers.language.types import Reading

_REF = r"(?P<ref>[Tt]\d{1,9})(?!\d)"
_READ = r"(?:确认)?(?:已经?)?(?:收到|阅读|阅|读|知悉|知晓|确认)了?"
_END = r"[\s。!！,，~]*$"
_SEND = r"/?(?P<word>通知附件|政策附件|通知|政策)(?=[\s:：,，]|$)"
_ORDERS: tuple[tuple[str, str], ...] = (
    ("notice_read", rf"(?:好的[\s,，]*)?{_READ}[\s,，:：]*{_REF}{_END}"),
    ("notice_read", rf"{_REF}[\s,，:：]*{_READ}{_END}"),
    ("notice_go", rf"(?:确认)?(?:发送|发出|发布|发)(?:通知)?[\s:：]*{_REF}{_END}"),
    ("notice_go", rf"确认(?:发送|发出|发布|发)(?:通知)?{_END}"),
    ("notice_cancel", rf"(?:取消|撤回|撤销|不发)(?:了|通知)*[\s:：]*{_REF}{_END}"),
    ("notice_cancel", rf"{_REF}\s*(?:取消|撤回|不发了?){_END}"),
    ("notice_cancel", rf"(?:取消通知|通知取消){_END}"),
    ("notice_show", rf"/?(?:看|查看)?(?:通知)?\s*{_REF}\s*(?:情况|进展|进度|谁没确认|确认情况)?{_END}"),
    ("notice_list", rf"/通知{_END}|(?:看通知|通知(?:列表|清单|情况|进度)){_END}"),
    ("policies", rf"/?(?:最新)?政策(?:列表|清单|文件)?{_END}"),
    ("notice_send", _SEND),
)
"""Order → the beginning of its message, or the whole of it; `ref` and `word` are taken from it."""
_OPENINGS = Openings(_ORDERS, before=r"\s*")
_SENT = expression(rf"\s*{_SEND}")
_ADDRESSED = expression(
    r"[\s:：,，]*(?:本群|这个群|(?:所有|全部)的?群|各群|全体|发给|对象|时间|定时|内容"
    r"|[今明后]|\d{1,2}[:：月日号点]|(?:下|本|这)?(?:周|星期)[一二三四五六日天]"
    r"|[^\s,，:：。]{1,20}(?:区|镇|乡|街道|村|社区|小区|群)(?=[\s,，:：、]))"
)
"""What follows 通知 where somebody is told something; with figures behind it (通知 居民120户) it may be a report."""
READ_ALONE = expression(rf"\s*(?:好的[\s,，]*)?(?:{_READ}|明白|好的){_END}")
SEND_ALONE = expression(rf"\s*(?:发|发送|发出|可以发|发吧){_END}")


def ordered(reading: Reading) -> Reading:
    """The reading, with an order in the place of whatever the language made of its words."""
    if not (reading.addressed or reading.text.startswith("/")):
        return reading
    order = read(reading.text)
    if order is None or (order["name"] == "notice_send" and not _wanted(reading)):
        return reading
    return reading if _taken(reading, order) else replace(reading, records=(), command=order, question=None)


def read(text: str) -> Mapping[str, Any] | None:
    """The order that a message is: its name, and its reference where it has one."""
    found = _OPENINGS.find(text)
    if found is None:
        return None
    said = {key: value for key, value in found[1].groupdict().items() if value}
    return {"name": found[0], **said, **({"ref": said["ref"].upper()} if "ref" in said else {})}


def _taken(reading: Reading, order: Mapping[str, Any]) -> bool:
    """Whether the language has read a command in it that is no reference to a notice (撤回 T1)."""
    return reading.command is not None and "ref" not in order


def _wanted(reading: Reading) -> bool:
    if not reading.records:
        return True
    match = _SENT.match(reading.text)
    return match is not None and _ADDRESSED.match(reading.text, match.end()) is not None
