"""Single records as people write them: a table of messages, and what none of them is."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers import language
from handlers.gate import orders, reading
from handlers.language.types import Message

ZONE = ZoneInfo("Asia/Shanghai")
SENT = datetime(2020, 2, 23, 9, 30, tzinfo=ZONE)
CORPORA = sorted((Path(__file__).parents[2] / "corpus").glob("*.jsonl"))


def read(text: str) -> language.Reading:
    return language.read(Message(f"@小站 {text}", SENT, "陈建国", "平谷区/金海湖镇/红石坎村", "group"))


ENTRIES = (
    (
        "登记 进 张某 京A12345 36.5 红石坎村卡口 从河北保定来 到本村5号",
        {
            "direction": "in",
            "person": "张某",
            "plate": "京A12345",
            "temperature": 36.5,
            "post": "红石坎村卡口",
            "origin": "河北保定",
            "destination": "本村5号",
        },
    ),
    (
        "登记：出 李某 36.4 东门 去县城",
        {"direction": "out", "person": "李某", "temperature": 36.4, "post": "东门", "destination": "县城"},
    ),
    ("进 张小明 36.5 东门", {"direction": "in", "person": "张小明", "temperature": 36.5, "post": "东门"}),
    ("进张小明36.5", {"direction": "in", "person": "张小明", "temperature": 36.5}),
    (
        "出村 王小五 京A·12345 36.8 去平谷",
        {"direction": "out", "person": "王小五", "plate": "京A12345", "temperature": 36.8, "destination": "平谷"},
    ),
    (
        "车辆登记 京A12345 进 36.6 从河北来",
        {"direction": "in", "plate": "京A12345", "temperature": 36.6, "origin": "河北"},
    ),
    (
        "刚才进来一个 张某 京A12345 体温37.4",
        {"direction": "in", "person": "张某", "plate": "京A12345", "temperature": 37.4},
    ),
    (
        "东门：进村 李建国 36度2 早上8点半 从顺义来",
        {
            "direction": "in",
            "person": "李建国",
            "temperature": 36.2,
            "post": "东门",
            "at": "2020-02-23T08:30",
            "origin": "顺义",
        },
    ),
    ("出 陈某", {"direction": "out", "person": "陈某"}),
    (
        "登记 进 阿依古丽·买买提 36.7 来自新疆",
        {"direction": "in", "person": "阿依古丽·买买提", "temperature": 36.7, "origin": "新疆"},
    ),
    (
        "进一辆车 京A12345 司机张某 36.5 送菜",
        {"direction": "in", "plate": "京A12345", "person": "张某", "temperature": 36.5, "note": "送菜"},
    ),
    (
        "进 张某 36.5 黄码 劝返",
        {"direction": "in", "person": "张某", "temperature": 36.5, "problem": "yellow", "action": "sent_back"},
    ),
    ("健康码黄码 张某 劝返", {"problem": "yellow", "person": "张某", "action": "sent_back"}),
    ("健康码红码一人，移交社区", {"problem": "red", "heads": 1, "action": "community"}),
    ("黄码1人，引导复测", {"problem": "yellow", "heads": 1, "action": "retest"}),
    ("红码3人 送医", {"problem": "red", "heads": 3, "action": "hospital"}),
    ("核酸证明过期 李某 劝返", {"problem": "expired", "person": "李某", "action": "sent_back"}),
    ("没有核酸证明 1人 劝返", {"problem": "no_proof", "heads": 1, "action": "sent_back"}),
    ("李某 没有48小时核酸 劝返", {"problem": "no_proof", "person": "李某", "action": "sent_back"}),
    ("健康码弹窗 王某 引导复测", {"problem": "popup", "person": "王某", "action": "retest"}),
    ("异常 李某 红码 移交社区", {"problem": "red", "person": "李某", "action": "community"}),
    ("行程码带星 张某 移交社区", {"problem": "star", "person": "张某", "action": "community"}),
    ("红码 1例 东门", {"problem": "red", "heads": 1, "post": "东门"}),
)


@pytest.mark.parametrize(("text", "fields"), ENTRIES, ids=[text for text, _ in ENTRIES])
def test_a_single_record(text: str, fields: dict[str, object]) -> None:
    found = orders.read(read(text), SENT)
    assert found is not None
    assert [entry.fields for entry in found["entries"]] == [fields]
    assert found["entries"][0].missing == ""


def test_what_the_first_line_says_holds_for_the_lines_below() -> None:
    text = "登记 进 东门\n张某 36.5 京A12345 从保定来\n2. 李某 36.6\n王小二 37.4 从石家庄来"
    found = orders.read(read(text), SENT)
    assert found is not None
    assert [(e.fields["person"], e.fields["direction"], e.fields["post"]) for e in found["entries"]] == [
        ("张某", "in", "东门"),
        ("李某", "in", "东门"),
        ("王小二", "in", "东门"),
    ]
    assert [e.fields["temperature"] for e in found["entries"]] == [36.5, 36.6, 37.4]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("进村\n李某 体温36.5\n王某 36.7 京A12345", ["李某", "王某"]),
        ("出村:\n1. 李某 36.5\n2. 王某 36.6", ["李某", "王某"]),
        ("进村\n李某 体温36.5\n大家辛苦了", []),
        ("进村人员\n请大家戴好口罩", []),
        ("进村宣传\n李某 36.5", []),
    ],
)
def test_a_direction_alone_heads_a_list_of_people_with_temperatures(text: str, people: list[str]) -> None:
    assert [entry.fields.get("person") for entry in reading.read(text, SENT)] == people


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("登记 李某 京B23456 36.5", "direction"),
        ("进村 36.5", "who"),
        ("登记 进", "who"),
        ("进 张某 体温45", "temperature"),
        ("进 张某 京A12345 体温 365", "temperature"),
    ],
)
def test_what_is_missing_is_asked_for(text: str, missing: str) -> None:
    found = orders.read(read(text), SENT)
    assert found is not None
    assert [entry.missing for entry in found["entries"]] == [missing]


NOT_OURS = (
    "进3人出7人",
    "进村12人 出村5人",
    "东门 进出登记 进3人 出7人 测温10人次",
    "车辆12辆，劝返2人",
    "黄码2人，劝返1人",
    "异常：无",
    "异常 咳嗽 37.5",
    "一切正常 东门",
    "进展如何",
    "进村宣传 发放温馨提示80张",
    "进村 巡查 一切正常",
    "外出 李明 请假",
    "健康码弹窗怎么办？",
    "健康码弹窗的请去做核酸",
    "健康码黄码的村民请到东门做核酸",
    "进村人员一律测温",
    "出门请戴口罩",
    "登记返京 张三",
    "返京登记 姓名：张三 电话：13800001234",
    "发放出入证20张",
    "健康打卡 第5天 36.5 无不适",
    "签到 东门 夜班",
    "巡查 第3轮 东门 一切正常",
    "作废 C12",
    "撤回",
    "注销 R58 已离开",
    "查验健康码异常2人",
)


@pytest.mark.parametrize("text", NOT_OURS)
def test_a_message_that_is_none_of_ours(text: str) -> None:
    assert orders.read(read(text), SENT) is None


def test_no_message_of_the_corpora_is_taken_from_the_language() -> None:
    taken = []
    for path in CORPORA:
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            sent = datetime.fromisoformat(one["sent_at"])
            message = Message(one["text"], sent, one["sender"], one.get("place"), one["chat_type"])
            found = language.read(message)
            if found.command is None and orders.read(found, sent) is not None:
                taken.append(one["text"])
    assert taken == []


def test_only_who_speaks_to_the_bot_is_heard() -> None:
    said = Message("进 张小明 36.5 东门", SENT, "陈建国", None, "group")
    found = language.read(said)
    assert orders.ordered(found, SENT) is found


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("劝返", "sent_back"),
        ("已劝返", "sent_back"),
        ("引导去采样点复测", "retest"),
        ("要求做核酸", "retest"),
        ("已移交村委会", "community"),
        ("报社区", "community"),
        ("送发热门诊", "hospital"),
        ("原地隔离等待", "held"),
        ("核实后放行", "released"),
        ("不予放行", "sent_back"),
        ("知道了", ""),
    ],
)
def test_what_was_done(text: str, code: str) -> None:
    assert reading.action(text) == code
