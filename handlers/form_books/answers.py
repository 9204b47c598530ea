"""Whether a message answers the question about an entry. Pure: by the words that were remembered with the question."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol

from handlers.language.expressions import expression
from handlers.language.form_values import BUILDING
from handlers.language.types import Reading, Record

KIND = "form"
"""Kind of a pending question about an entry."""
COMMAND = "form_answer"

LONGEST = 60
_NO_ANSWER = expression(
    r"[?？]|^(?:好|收到|谢|辛苦|嗯|哦|噢|ok|OK|知道|明白|没事|算了|等|稍|为什么|怎么|哪|谁|啥|什么|更正|改正|撤回|[/／])"
)
_FITS: Mapping[str, re.Pattern[str]] = {
    "building": BUILDING,
    "phone": expression(r"1[3-9]\d{9}"),
    "date": expression(r"\d|[今明昨后前]|周|星期"),
    "datetime": expression(r"\d|[今明昨后前]|周|星期"),
    "person": expression(r"^\D{2,12}$"),
    "items": expression(r"\d"),
}
"""Type of a field → what an answer without its name must hold."""
_NUMBER = expression(r"\d|[零一二两三四五六七八九十百千]")
_CHINESE_OR_DIGITS = r"(?:\d+(?:\.\d+)?|[零一二两三四五六七八九十百千]+)"
_HEDGE = r"(?:约|大约|大概|差不多|近|超过|是|有|共|一共|总共|应该是|应为)*"


class Asked(Protocol):
    """A question that waits."""

    @property
    def kind(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def ref(self) -> str: ...
    @property
    def understood(self) -> Mapping[str, Any]: ...


def answering(reading: Reading, asked: Asked | None) -> Reading:
    """The reading, with a command in its place where its words answer the question about an entry."""
    if asked is None or asked.kind != KIND or reading.command is not None:
        return reading
    if not all(record.kind == "work" and _is_about(asked.understood, record) for record in reading.records):
        return reading
    if not is_answer(asked.understood, reading.text, reads=bool(reading.records)):
        return reading
    told = {"name": COMMAND, "ref": asked.ref, "field": asked.field, "text": reading.text.strip(" 。,，!！")}
    known = {key: asked.understood[key] for key in ("form", "entry")}
    return replace(reading, records=(), command={**told, **known}, question=None)


def _is_about(understood: Mapping[str, Any], record: Record) -> bool:
    """Whether a record that the language read may be the answer: it is of no form, or says of the form that was asked
    about nothing but what was asked for.
    """
    return all(
        entry.form == understood["form"] and set(entry.values) <= set(understood["keys"]) for entry in record.entries
    )


def is_answer(understood: Mapping[str, Any], text: str, *, reads: bool) -> bool:
    """Whether `text` answers. `reads`: the language found a record in it, so that it must be a bare value, or begin
    with the name of what was asked for.
    """
    plain = text.strip(" 。,，!！")
    if not plain or len(plain) > LONGEST or _NO_ANSWER.search(plain):
        return False
    if _begins_with_label(understood, plain) or _is_bare_number(understood, plain):
        return True
    if reads or understood["type"] == "number":
        return False
    return understood["type"] not in _FITS or _FITS[understood["type"]].search(plain) is not None


def _begins_with_label(understood: Mapping[str, Any], text: str) -> bool:
    if not any(text.startswith(label) for label in understood["labels"]):
        return False
    return understood["type"] != "number" or _NUMBER.search(text) is not None


def _is_bare_number(understood: Mapping[str, Any], text: str) -> bool:
    units = "|".join(map(re.escape, understood["units"])) or r"(?!)"
    pattern = rf"{_HEDGE}\s*{_CHINESE_OR_DIGITS}\s*(?:{units})?(?:左右|多)?"
    return understood["type"] == "number" and re.fullmatch(pattern, text) is not None
