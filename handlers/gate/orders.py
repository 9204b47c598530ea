"""Which messages are the gate's: those that open with its own words. They go before what the language made of them; a
message that only mentions such a word is read as ever.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.gate import departure_words, pass_words, reading
from handlers.language.expressions import expression
from handlers.language.needed import FirstLook
from handlers.language.openings import Openings
from handlers.language.types import Reading

GATE, PASS, DEPARTURE = "gate", "pass", "departure"
OURS = frozenset(("health", "work"))
"""Kinds that the language finds in a single record of the gate: a temperature is health to it, one person a count."""
CALLS = frozenset(("verification", "health", "work"))
_LISTS: tuple[tuple[str, str], ...] = (
    ("how", r"(?:卡口|进出|出入|车辆|人员|来访)登记"),
    ("figures", r"(?:卡口|今日|今天)?(?:进出|出入)(?:情况|统计|数据|人数|汇总)?"),
    ("exceptions", r"(?:查验|扫码|卡口|码)?异常(?:名单|列表|记录|明细|情况)"),
    ("entries", r"(?:进出|出入|卡口)(?:登记)?(?:名单|列表|记录|明细|登记表|台账)"),
)
_DAY = r"(?:[\s,]*(?P<day>今天|今日|昨天|昨日|前天))?"
_OPENINGS = Openings(_LISTS, before=r"\s*/?\s*", after=rf"{_DAY}\s*$")
_may_be_entries = FirstLook(["登记", "[进出]", *(words for _, words in (*reading.DIRECTIONS, *reading.PROBLEMS))])
"""Without a word of a form, of a direction or of a problem nothing is a record of the gate."""
_HANDLE = expression(r"^\s*/?\s*(?:处置|处理)[\s:,]*(?P<ref>[Jj]\d{1,7})[\s:,]*(?P<rest>.*)$", re.DOTALL)
_DAYS_AGO: Mapping[str, int] = {"昨天": 1, "昨日": 1, "前天": 2}


def read(found: Reading, sent: datetime) -> Mapping[str, Any] | None:
    """The command that a message is: `{"name": gate | pass | departure, …}`."""
    text, kinds = found.text, {record.kind for record in found.records}
    if listed := _list(text):
        return listed
    if handle := _HANDLE.match(text):
        return {"name": GATE, "order": "handle", "ref": handle["ref"].upper(), "text": handle["rest"]}
    if order := pass_words.read(text, sent.date()):
        return {"name": PASS, "order": order}
    if kinds <= CALLS and (called := departure_words.read(text, sent)):
        return {"name": DEPARTURE, "order": called}
    entries = reading.read(text, sent) if _may_be_entries(text) else []
    if entries and (kinds <= OURS or (entries[0].form and not entries[0].missing)):
        return {"name": GATE, "order": "enter", "entries": entries}
    return None


def _list(text: str) -> Mapping[str, Any] | None:
    found = _OPENINGS.find(text)
    return None if found is None else {"name": GATE, "order": found[0], "ago": _DAYS_AGO.get(found[1]["day"] or "", 0)}


def ordered(found: Reading, sent: datetime) -> Reading:
    """The reading, with an order of the gate in the place of whatever the language made of its words."""
    if not found.addressed or found.command is not None:
        return found
    order = read(found, sent)
    return found if order is None else replace(found, records=(), command=order, question=None)
