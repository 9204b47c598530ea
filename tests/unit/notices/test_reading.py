"""When, to whom, what: how an order is taken apart."""

from datetime import datetime

import pytest

from handlers.notices.reading import parse, words_of

NOW = datetime(2020, 2, 23, 15, 0)  # noqa: DTZ001  (local times of a text)
KNOWN = {"金海湖镇", "红石坎村", "将军关村", "和平村", "本群", "所有群"}
EVENING, MORNING = datetime(2020, 2, 23, 20, 0), datetime(2020, 2, 24, 8, 0)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("rest", "at", "groups", "body"),
    [
        ("金海湖镇 今晚10点前各卡口上报人数", None, ["金海湖镇"], "今晚10点前各卡口上报人数"),
        ("今晚20:00 金海湖镇 上报人数", EVENING, ["金海湖镇"], "上报人数"),
        ("今晚２０：００ 金海湖镇 上报人数", EVENING, ["金海湖镇"], "上报人数"),
        ("明早8点 红石坎村、将军关村 开会", MORNING, ["红石坎村", "将军关村"], "开会"),
        ("明天 8:00 所有群 开会", MORNING, ["所有群"], "开会"),
        ("半小时后 本群 集合", datetime(2020, 2, 23, 15, 30), ["本群"], "集合"),  # noqa: DTZ001
        ("红石坎村和将军关村 开会", None, ["红石坎村", "将军关村"], "开会"),
        ("和平村 开会", None, ["和平村"], "开会"),
        ("红石坎村，将军关村：开会，带本子", None, ["红石坎村", "将军关村"], "开会，带本子"),
        ("红石坎村 将军关村 开会", None, ["红石坎村", "将军关村"], "开会"),
        ("红石坎村：将军关村的人来支援", None, ["红石坎村"], "将军关村的人来支援"),
        ("红石坎村\n第一行：甲\n第二行 乙", None, ["红石坎村"], "第一行：甲\n第二行 乙"),
        ("红石坎村，今晚10点前上报", None, ["红石坎村"], "今晚10点前上报"),
        ("明早8点大家开会", None, [], "明早8点大家开会"),
        ("今晚10点前 金海湖镇 上报", None, [], "今晚10点前 金海湖镇 上报"),
        ("金海湖镇", None, ["金海湖镇"], ""),
        (
            "发给：红石坎村、将军关村\n时间：明早8点\n内容：各位：\n\n请到岗。",
            MORNING,
            ["红石坎村", "将军关村"],
            "各位：\n\n请到岗。",
        ),
        ("发给：红石坎村\n请到岗。\n时间：六点", None, ["红石坎村"], "请到岗。\n时间：六点"),
    ],
)
def test_an_order(rest: str, at: datetime | None, groups: list[str], body: str) -> None:
    order = parse(rest, NOW, KNOWN.__contains__)
    assert (order.at, order.groups, order.body, order.unknown) == (at, groups, body, [])


def test_a_name_in_a_list_that_nobody_knows_is_told() -> None:
    assert parse("红石坎村、将军村 开会", NOW, KNOWN.__contains__).unknown == ["将军村"]
    assert parse("发给：红石坎村 王家村\n内容：开会", NOW, KNOWN.__contains__).unknown == ["王家村"]


def test_a_time_that_is_none_is_told() -> None:
    assert parse("发给：红石坎村\n时间：吃过饭\n内容：开会", NOW, KNOWN.__contains__).unclear_time == "吃过饭"


@pytest.mark.parametrize(
    ("rest", "level", "groups", "body"),
    [
        ("市级 所有群 戴口罩", "市", ["所有群"], "戴口罩"),
        ("北京市 所有群 戴口罩", "市", ["所有群"], "戴口罩"),
        ("所有群 区级 戴口罩", "区", ["所有群"], "戴口罩"),
        ("所有群 戴口罩", "", ["所有群"], "戴口罩"),
        ("明早8点 所有群 戴口罩", "", ["所有群"], "戴口罩"),
    ],
)
def test_a_policy(rest: str, level: str, groups: list[str], body: str) -> None:
    order = parse(rest, NOW, KNOWN.__contains__, policy=True)
    assert (order.level, order.groups, order.body) == (level, groups, body)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("@小站 通知 本群 甲\n乙", "本群 甲\n乙"),
        ("@小站\u2005/通知：本群 甲", "本群 甲"),
        ("通知附件 本群 甲", "本群 甲"),
        ("通知 本群 甲 @小站", "本群 甲"),
        ("@小站 通知 本群 请看 @所有人", "本群 请看 @所有人"),
        ("@小站 通知", ""),
    ],
)
def test_the_words_stay_as_they_were_written(text: str, rest: str) -> None:
    assert words_of(text) == rest
