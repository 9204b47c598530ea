"""References that the bot gave, said back to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers import language
from handlers.language.types import Message

AT = datetime(2020, 2, 23, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
TABLE = [
    ("撤回 V12", [("undo", {"ref": "V12"})]),
    ("撤回 h3", [("undo", {"ref": "H3"})]),
    ("撤回 R58", [("undo", {"ref": "R58"})]),
    ("撤回上一条", [("undo", {})]),
    ("更正 H3 体温改为36.5", [("correction", {"ref": "H3", "field": "temperature", "value": 36.5})]),
    ("更正 车次改为G6705", [("correction", {"field": "trip", "value": "G6705"})]),
    (
        "健康打卡 R3 36.5 R4 36.8",
        [("health", {"ref": "R3", "temperatures": [36.5]}), ("health", {"ref": "R4", "temperatures": [36.8]})],
    ),
    ("健康打卡 R3 第5天 36.5", [("health", {"ref": "R3", "day": 5, "temperatures": [36.5]})]),
]


@pytest.mark.parametrize(("text", "records"), TABLE, ids=[one[0] for one in TABLE])
def test_a_reference_is_read_where_the_bot_gave_one(text: str, records: list) -> None:
    reading = language.read(Message(f"@小站 {text}", AT, "柳叶青", "平谷区/金海湖镇"))
    assert [(record.kind, record.fields) for record in reading.records] == records
