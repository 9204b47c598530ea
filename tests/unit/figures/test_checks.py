"""Parts and wholes: what is a part of what, and whether it adds up."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.language import read
from handlers.language.types import Message
from handlers.work_checks import mismatches
from handlers.work_figures import PARTS, figures

NOW = datetime(2022, 11, 24, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def told(text: str) -> tuple[list[dict], dict[int, int]]:
    records = read(Message(f"@小站 {text}", NOW, "周丽丽", "密云区/鼓楼街道")).records
    (record,) = [one for one in records if one.kind == "work"]
    return record.fields["counts"], dict(record.parts)


PARTS_OF = [
    ("核酸采样3500人次，其中老人200人次，儿童300人次", {1: 0, 2: 0}),
    ("今天三个社区安装门磁1150户，其中亚澜湾社区750户、檀洲家园200户、太扬家园200户", {1: 0, 2: 0, 3: 0}),
    ("测温120人次，其中进村80人次。车辆30辆", {1: 0}),
    ("测温120人次，其中进村80人次，车辆30辆，劝返2辆", {1: 0}),
    ("发放温馨提示800张，采样3500人次", {}),
    ("测温120人次，扫码118人次", {}),
]


@pytest.mark.parametrize(("text", "parts"), PARTS_OF, ids=[text for text, _ in PARTS_OF])
def test_parts_are_told_from_figures_of_their_own(text: str, parts: dict[int, int]) -> None:
    assert told(text)[1] == parts


MISMATCHES = [
    ("测温120人次，其中进村80人次，出村50人次", [("测温", 120, 130)]),
    ("测温130人次，其中进村80人次，出村50人次", []),
    ("测温120人次，其中进村80人次", []),
    ("测温约120人次，其中进村80人次，出村50人次", []),
]


@pytest.mark.parametrize(("text", "wrong"), MISMATCHES, ids=[text for text, _ in MISMATCHES])
def test_parts_are_held_against_their_whole(text: str, wrong: list[tuple[str, float, float]]) -> None:
    assert [(one.item, one.whole, one.parts) for one in mismatches(*told(text))] == wrong


def test_a_rest_makes_the_sum_exact() -> None:
    counts = [{"item": "队员", "value": 50, "unit": "名"}, {"item": "管控区", "value": 18, "unit": "名"}]
    rest = {"item": "其余", "value": 30, "unit": "名"}
    assert [one.parts for one in mismatches([*counts, rest], {1: 0, 2: 0})] == [48]
    assert list(mismatches([*counts, {**rest, "value": 32}], {1: 0, 2: 0})) == []


def test_a_part_is_called_after_its_whole() -> None:
    counts, parts = told("核酸采样3500人次，其中老人200人次")
    made = list(figures({"counts": counts, PARTS: [list(pair) for pair in parts.items()]}))
    assert [(one["item"], one["value"]) for one in made] == [("核酸采样", 3500.0), ("核酸采样（其中老人）", 200.0)]
