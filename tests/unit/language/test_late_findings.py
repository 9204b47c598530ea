"""What was once misread: minutes of mixed digits, small hours of a date, 俩 as a figure, a place over two lines.

Sent on 2022-11-24 at 20:10 in a chat of 望京街道 by 田志刚.
"""

from datetime import datetime

import pytest

from handlers.language.normalise import normalise
from handlers.language.solitaire import read_snapshot
from handlers.language.times import TimeExpr, TimeRange, find_times
from tests.support.reading import records

SENT = datetime(2022, 11, 24, 20, 10)  # noqa: DTZ001 - local time, as the readers of time take it


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7点零5", "2022-11-24T19:05"),
        ("早上7点零5分", "2022-11-24T07:05"),
        ("七点〇8", "2022-11-24T19:08"),
    ],
)
def test_minutes_of_a_chinese_nought_and_a_digit(text, expected):
    (span,) = find_times(text, SENT)
    assert isinstance(span.value, TimeExpr)
    assert (span.end, span.value.resolve("report").text()) == (len(text), expected)


@pytest.mark.parametrize(
    ("text", "tense", "expected"),
    [
        ("11月24日夜里两点", "report", "2022-11-24T02:00"),
        ("11月23日夜里两点", "report", "2022-11-24T02:00"),
        ("11月25日夜里两点", "plan", "2022-11-25T02:00"),
        ("24号半夜三点", "report", "2022-11-24T03:00"),
        ("11月23日半夜12点", "report", "2022-11-24T00:00"),
    ],
)
def test_small_hours_of_a_date_obey_the_rule_of_past_and_future(text, tense, expected):
    (span,) = find_times(text, SENT)
    assert isinstance(span.value, TimeExpr)
    assert span.value.resolve(tense).text() == expected


def test_a_range_ends_in_the_small_hours_of_the_date_that_it_names():
    (span,) = find_times("11月23日22点到11月24日夜里两点", SENT)
    assert isinstance(span.value, TimeRange)
    ends = span.value.resolve("over")[1]
    assert ends is not None
    assert ends.text() == "2022-11-24T02:00"


@pytest.mark.parametrize(
    ("text", "item", "value"),
    [("@小站 离岗 测温43人次 劝返俩", "劝返", 2), ("@小站 离岗 张三 测温43人次，劝返仨。", "劝返", 3)],
)
def test_a_pair_behind_an_item_is_a_figure(text, item, value):
    stay, work = records(text)
    assert "headcount" not in stay
    assert work["counts"][-1] == {"item": item, "value": value}


def test_a_pair_of_people_is_no_figure():
    assert records("@小站 张三李四俩人到岗 东门") == [
        {"kind": "check_in", "people": ["张三", "李四"], "post": "东门", "headcount": 2}
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("签到 小曹营村\n东卡口 张三", "签到 小曹营村东卡口 张三"),
        ("小曹营村\n东卡口\n张三 8:00到岗", "小曹营村东卡口\n张三 8:00到岗"),
        ("小曹营村\n东卡口 张三\n西卡口 李四", "小曹营村\n东卡口 张三\n西卡口 李四"),
        ("小曹营村\n东卡口:张三", "小曹营村\n东卡口:张三"),
    ],
)
def test_a_line_break_inside_a_place(text, expected):
    assert normalise(text).text == expected


def test_a_long_list_is_read_to_its_end():
    snapshot = read_snapshot("#接龙\n卡口值守\n" + "\n".join(f"{number}. 张三" for number in range(1, 2001)))
    assert snapshot is not None
    assert [entry.number for entry in snapshot.entries] == list(range(1, 2001))
