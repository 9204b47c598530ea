"""Figures of work: items, hedges, totals, posts."""

import pytest

from tests.support.reading import records


def counts(text):
    return [count for record in records(text) if record["kind"] == "work" for count in record["counts"]]


@pytest.mark.parametrize(("text", "wanted"), [
    ("@小站 今天共服务居民320人次", {"item": "服务居民", "value": 320, "unit": "人次"}),
    ("@小站 抗原1100多户", {"item": "抗原", "value": 1100, "unit": "户", "approx": "over"}),
    ("@小站 消杀6至8次", {"item": "消杀", "value": 6, "unit": "次", "max": 8}),
    ("@小站 登记一千零五十人次", {"item": "登记", "value": 1050, "unit": "人次"}),
    ("@小站 近9万人次扫码，测温近9万人次", {"item": "测温", "value": 90000, "unit": "人次", "approx": "under"}),
    ("@小站 本周共计采样1.2万余人次", {"item": "采样", "value": 12000, "unit": "人次", "approx": "over", "total": True}),
    ("@小站 共测温五百人次左右", {"item": "测温", "value": 500, "unit": "人次", "approx": "about"}),
    ("@小站 测温:320人次", {"item": "测温", "value": 320, "unit": "人次"}),
    ("@小站 异常0人", {"item": "异常", "value": 0, "unit": "人"}),
    ("@小站 办理出入证一百二十张", {"item": "办理出入证", "value": 120, "unit": "张"}),
    ("@小站 上午在东门测温120人次", {"item": "测温", "value": 120, "unit": "人次"}),
    ("@小站 湖北回来的0人", {"item": "湖北回来的", "value": 0, "unit": "人"}),
])  # fmt: skip
def test_one_figure(text, wanted):
    assert wanted in counts(text)


def test_the_total_covers_one_figure():
    assert [count.get("total", False) for count in counts("@小站 今日门磁86户，累计门磁750户，劝返3人")] == [
        False,
        True,
        False,
    ]


def test_figures_belong_to_the_post_before_them():
    assert [(r["post"], r["counts"][0]["value"]) for r in records("@小站 东门测温超过200人次 西门测温近100人次")] == [
        ("东门", 200),
        ("西门", 100),
    ]


@pytest.mark.parametrize(
    "text", ["@小站 门磁剩余还没装", "@小站 我在3号楼2单元501", "@小站 一块儿去吧", "@小站 说三遍了"]
)
def test_no_figures(text):
    assert counts(text) == []
