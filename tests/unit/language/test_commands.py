"""Commands: their words, periods and units."""

import pytest

from tests.support.reading import say

ROWS = [
    ("@小站 汇总", {"name": "summary", "period": "today"}),
    ("/summary week", {"name": "summary", "period": "week"}),
    ("@小站 ／汇总 本周 望京街道", {"name": "summary", "period": "week", "unit": "望京街道"}),
    ("@小站 望京街道昨天汇总", {"name": "summary", "period": "yesterday", "unit": "望京街道"}),
    ("@小站 汇总 11月20日", {"name": "summary", "period": "2022-11-20"}),
    (
        "@小站 导出 11月1日至11月20日 望京街道",
        {"name": "export", "period": "2022-11-01/2022-11-20", "unit": "望京街道"},
    ),
    ("@小站 导出本月", {"name": "export", "period": "month"}),
    ("@小站 待核实", {"name": "pending"}),
    ("@小站 未打卡名单", {"name": "missing"}),
    ("@小站 在岗名单", {"name": "roster"}),
    ("/help", {"name": "help"}),
    ("@小站 我的记录", {"name": "mine"}),
]


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_commands(text, wanted):
    reading = say(text)
    assert reading.command == wanted
    assert not reading.records


@pytest.mark.parametrize(
    "text",
    ["汇总 昨天", "今天的汇总发了吗", "@小站 汇总怎么发啊", "小站那个汇总怎么发啊？", "@小站 帮助过我们的志愿者辛苦了"],
)
def test_mentioning_the_word_is_no_command(text):
    assert say(text).command is None


def test_a_single_chat_needs_no_mention():
    assert say("我的记录", chat="single").command == {"name": "mine"}
