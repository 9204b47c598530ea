"""Which messages are orders about notices, and which only mention a word of theirs."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handlers.language.normalise import normalise
from handlers.language.types import Message
from handlers.notices import commands
from handlers.understanding import understand

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2020, 2, 23, 15, 0, tzinfo=ZONE)
CORPUS = Path(__file__).parents[2] / "corpus"


def understood(text: str) -> dict[str, str] | None:
    found = understand(Message(text, NOW, "赵明华", "平谷区/金海湖镇")).command
    return dict(found) if found else None


@pytest.mark.parametrize(
    ("text", "name", "more"),
    [
        ("通知 金海湖镇 今晚10点前上报", "notice_send", {"word": "通知"}),
        ("/通知 金海湖镇 今晚10点前上报", "notice_send", {"word": "通知"}),
        ("通知：本群 今晚10点前上报", "notice_send", {"word": "通知"}),
        ("通知", "notice_send", {"word": "通知"}),
        ("通知\n发给：金海湖镇\n内容：到岗5人", "notice_send", {"word": "通知"}),
        ("通知 所有群 今天巡查3次", "notice_send", {"word": "通知"}),
        ("通知 明早8点 所有群 志愿者12人到岗", "notice_send", {"word": "通知"}),
        ("通知附件 金海湖镇 说明", "notice_send", {"word": "通知附件"}),
        ("政策 市级 所有群 戴口罩", "notice_send", {"word": "政策"}),
        ("收到 T1", "notice_read", {"ref": "T1"}),
        ("已阅t12。", "notice_read", {"ref": "T12"}),
        ("T1 收到", "notice_read", {"ref": "T1"}),
        ("好的，收到T1！", "notice_read", {"ref": "T1"}),
        ("确认发送 T3", "notice_go", {"ref": "T3"}),
        ("发 T3", "notice_go", {"ref": "T3"}),
        ("确认发送", "notice_go", {}),
        ("取消通知 T3", "notice_cancel", {"ref": "T3"}),
        ("撤回 T3", "notice_cancel", {"ref": "T3"}),
        ("T3 取消", "notice_cancel", {"ref": "T3"}),
        ("取消通知", "notice_cancel", {}),
        ("/通知", "notice_list", {}),
        ("/通知 T1", "notice_show", {"ref": "T1"}),
        ("T1", "notice_show", {"ref": "T1"}),
        ("/政策", "policies", {}),
    ],
)
def test_an_order(text: str, name: str, more: dict[str, str]) -> None:
    assert understood(f"@小站 {text}") == {"name": name, **more}


@pytest.mark.parametrize(
    "text",
    [
        "通知居民120户",
        "通知书发了3份",
        "已通知到位",
        "通知单80张",
        "政策宣传2次",
        "收到通知了",
        "收到捐赠口罩500个",
        "T恤收到3件",
        "发放通知800份",
    ],
)
def test_what_only_mentions_a_word_is_no_order(text: str) -> None:
    assert (understood(f"@小站 {text}") or {}).get("name", "") not in {name for name, _ in commands._ORDERS}


def test_nothing_is_an_order_that_is_not_said_to_the_bot() -> None:
    assert understood("通知 金海湖镇 今晚10点前上报") is None
    assert understood("收到 T1") is None


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.jsonl")), ids=lambda path: path.name)
def test_no_report_of_the_corpora_is_taken_for_an_order(path: Path) -> None:
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert entries
    for entry in entries:
        if entry["gold"]["records"] or entry["gold"].get("command"):
            taken = commands.read(normalise(entry["text"], ("小站",)).text)
            assert taken is None, entry["text"]


@pytest.mark.parametrize("text", ["收到", "收到！", "好的收到", "已阅", "知悉。", "明白"])
def test_a_bare_word_that_confirms(text: str) -> None:
    assert commands.READ_ALONE.match(text)


@pytest.mark.parametrize("text", ["收到5箱口罩", "收到吗", "明白人", "发烧", "发口罩"])
def test_a_word_that_goes_on_confirms_nothing(text: str) -> None:
    assert not commands.READ_ALONE.match(text)
    assert not commands.SEND_ALONE.match(text)
