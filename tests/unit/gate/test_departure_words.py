"""What is said about people who left the city: whom, what came of the call, the five facts."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from handlers.gate.departure_words import FACTS, missing, read

SENT = datetime(2020, 2, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
TRAIN = {
    "left_at": "2020-02-10",
    "transport": "train",
    "arrived_at": "2020-02-10T20:00",
    "normal": True,
    "returns": "2020-03-01",
}

TOLD: tuple[tuple[str, str, dict[str, str], str, dict[str, Any]], ...] = (
    ("离京 张某 13800001234", "one", {"person": "张某", "phone": "13800001234"}, "", {}),
    (
        "离京 张某 13800001234 2月10日 火车 当晚8点到武汉 无异常 预计3月1日返京",
        "one",
        {"person": "张某", "phone": "13800001234"},
        "",
        {**TRAIN, "destination": "武汉"},
    ),
    (
        "离京 张某 13800001234 去信阳 2月25日回",
        "one",
        {"person": "张某", "phone": "13800001234"},
        "",
        {"returns": "2020-02-25", "destination": "信阳"},
    ),
    ("Q3 2月10日回家 3月1日回", "call", {"ref": "Q3"}, "", {"left_at": "2020-02-10", "returns": "2020-03-01"}),
    ("离京核实 张某 未接", "call", {"person": "张某"}, "no_answer", {}),
    ("离京电话 尾号1234 关机", "call", {"tail": "1234"}, "unreachable", {}),
    ("Q3 拒接", "call", {"ref": "Q3"}, "refused", {}),
    (
        "Q3 2月10日离京 坐高铁 当天20点到武汉 无异常 预计3月1日返京",
        "call",
        {"ref": "Q3"},
        "",
        {**TRAIN, "destination": "武汉"},
    ),
    (
        "离京电话 Q3 已核实 2月10日离京 坐火车 2月10日20:00到家 身体无异常 预计3月1日返京",
        "call",
        {"ref": "Q3"},
        "reached",
        TRAIN,
    ),
    (
        "Q3 自驾 2月10日早8点走的 次日凌晨2点到达孝感 身体正常 暂不返京",
        "call",
        {"ref": "Q3"},
        "",
        {
            "left_at": "2020-02-10T08:00",
            "transport": "car",
            "arrived_at": "2020-02-11T02:00",
            "normal": True,
            "returns": "undecided",
            "destination": "孝感",
        },
    ),
    ("Q3 咳嗽", "call", {"ref": "Q3"}, "", {"normal": False, "symptoms": ["咳嗽"]}),
    (
        "离京登记 姓名:王某 电话:13800005555 离京时间:2月10日 交通工具:G521 到达时间:2月10日20:00 身体:正常 预计返京:3月1日",
        "one",
        {"person": "王某", "phone": "13800005555"},
        "",
        {**TRAIN, "trip": "G521"},
    ),
    (
        "离京电话 王小明 2月8日坐飞机走的 下午3点到成都 一切正常 3月2号回来",
        "call",
        {"person": "王小明"},
        "",
        {
            "left_at": "2020-02-08",
            "transport": "plane",
            "arrived_at": "2020-02-08T15:00",
            "normal": True,
            "returns": "2020-03-02",
            "destination": "成都",
        },
    ),
    ("Q3 返京登记", "back", {"ref": "Q3"}, "", {}),
    ("返京登记 Q3", "back", {"ref": "Q3"}, "", {}),
    ("查看 Q3", "show", {"ref": "Q3"}, "", {}),
)


@pytest.mark.parametrize(("text", "name", "who", "outcome", "facts"), TOLD, ids=[row[0] for row in TOLD])
def test_one_person(text: str, name: str, who: dict[str, str], outcome: str, facts: dict[str, Any]) -> None:
    order = read(text, SENT)
    assert order is not None
    assert order.name == name
    (line,) = order.lines
    assert {key: getattr(line.who, key) for key in ("ref", "person", "phone", "tail") if getattr(line.who, key)} == who
    assert line.outcome == outcome
    assert line.facts == facts


def test_a_list_with_a_line_that_names_nobody() -> None:
    order = read("离京名单\n姓名 电话 去向\n张某 13800001234\n2. 李某 13900005678 湖北黄冈\n某某公司", SENT)
    assert order is not None
    assert order.name == "list"
    assert [(line.who.person, line.who.phone) for line in order.lines] == [
        ("张某", "13800001234"),
        ("李某", "13900005678"),
    ]
    assert order.bad == (3,)


@pytest.mark.parametrize("text", ["待打电话", "离京待打", "离京名单", "谁没打"])
def test_who_is_still_to_be_called(text: str) -> None:
    order = read(text, SENT)
    assert order is not None
    assert order.name == "open"


@pytest.mark.parametrize(
    "text", ["离京时间:2月10日", "离京 2人", "返京登记 姓名:张三", "R3 未接", "湖北", "离京人员电话216人次"]
)
def test_what_is_no_order(text: str) -> None:
    found = read(text, SENT)
    assert found is None or not found.lines[0].who


def test_the_five_facts() -> None:
    assert missing({}) == list(FACTS)
    assert missing({**TRAIN}) == []
    assert missing({name: value for name, value in TRAIN.items() if name != "normal"}) == ["normal"]
