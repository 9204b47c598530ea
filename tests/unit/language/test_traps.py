"""Wordings that look like something else: parts and wholes, announcements that are handed out, people at a gate."""

import pytest

from tests.support.reading import records, say

HEADS = {"kind": "check_in", "people": ["田志刚"], "headcount": 50}
SPLIT = [
    {"item": "志愿者", "value": 50, "unit": "名"},
    {"item": "管控区", "value": 18, "unit": "名"},
    {"item": "社区卡口", "value": 32, "unit": "名"},
]


def count(item: str, value: int, unit: str, **more: object) -> dict[str, object]:
    return {"item": item, "value": value, "unit": unit, **more}


@pytest.mark.parametrize(("text", "counts", "parts"), [
    ("门磁 三个社区共安装1150户，其中亚澜湾750户", [count("安装", 1150, "户"), count("亚澜湾", 750, "户")], {1: 0}),
    ("两个村共消杀86处，其中西贯市村40处", [count("消杀", 86, "处"), count("西贯市村", 40, "处")], {1: 0}),
    ("四个卡口今天测温860人次 登记车辆120辆", [count("测温", 860, "人次"), count("登记车辆", 120, "辆")], {}),
    ("建立台账2000余户，其中居家隔离档案550户",
     [count("建立台账", 2000, "户", approx="over"), count("居家隔离档案", 550, "户")], {1: 0}),
    ("从1号楼到49号楼 116栋楼 抗原检测3200人", [count("抗原检测", 3200, "人")], {}),
])  # fmt: skip
def test_places_that_are_counted_are_no_work(text, counts, parts):
    (record,) = say(text).records
    assert (record.kind, record.fields["counts"], dict(record.parts)) == ("work", counts, parts)
    assert record.fields.get("post", "") not in ("社区", "村", "卡口")


@pytest.mark.parametrize("text", [
    "50名志愿者到位，18名在管控区，其余32名在社区卡口",
    "@小站 50名志愿者已到位：18名在管控区，32名在社区卡口",
    "50名志愿者到岗，其中18名去管控区，剩余32名去社区卡口",
])  # fmt: skip
def test_people_who_are_told_by_place_all_count(text):
    coming, split = say(text).records
    assert coming.as_json() == HEADS
    assert (split.fields, dict(split.parts)) == ({"counts": SPLIT}, {1: 0, 2: 0})


@pytest.mark.parametrize(("text", "counts"), [
    ("发放温馨提示 3500份 覆盖1200户", [count("发放温馨提示", 3500, "份"), count("覆盖", 1200, "户")]),
    ("发放《致居民的一封信》500份", [count("发放《致居民的一封信》", 500, "份")]),
    ("张贴通告20张，发放倡议书300份", [count("张贴通告", 20, "张"), count("发放倡议书", 300, "份")]),
])  # fmt: skip
def test_an_announcement_that_is_handed_out_is_work(text, counts):
    assert records(text) == [{"kind": "work", "counts": counts}]


@pytest.mark.parametrize("text", [
    "温馨提示：请大家下午3点前发放口罩200只",
    "通知：明天起发放出入证",
    "请各点位发放温馨提示 每户1份",
    "需要口罩的来我这里领",
    "出门需要口罩",
    "孙河那50个人里18个去了管控区，其余32个在社区卡口",
])  # fmt: skip
def test_what_announces_or_chats_stays_silent(text):
    assert records(text) == []


@pytest.mark.parametrize(("text", "party", "items"), [
    ("北门需要 额温枪", "北门", [{"item": "额温枪"}]),
    ("@小站 红石坎村卡口急需口罩、消毒液", "红石坎村卡口", [{"item": "口罩"}, {"item": "消毒液"}]),
    ("@小站 缺防护服", None, [{"item": "防护服"}]),
])  # fmt: skip
def test_goods_are_needed_without_a_number(text, party, items):
    expected = {"kind": "supply", "action": "need", "items": items} | ({"party": party} if party else {})
    assert records(text) == [expected]


@pytest.mark.parametrize(("text", "correction"), [
    ("更正 G2 物资改为口罩50只", {"ref": "G2", "field": "items", "value": [count("口罩", 50, "只")]}),
    ("更正 物资应为口罩50只、酒精3桶", {"field": "items", "value": [count("口罩", 50, "只"), count("酒精", 3, "桶")]}),
    ("更正 E3 缺口改为口罩500只", {"ref": "E3", "field": "shortages", "value": [count("口罩", 500, "只")]}),
])  # fmt: skip
def test_lists_of_goods_are_corrected(text, correction):
    assert records(text) == [{"kind": "correction", **correction}]


@pytest.mark.parametrize("text", ["@小站 张某 36.5 进东门", "@小站 李某 体温36.4 出村", "张某 36.5正常 进小区"])
def test_who_passes_a_gate_reports_no_health(text):
    assert records(text) == []


@pytest.mark.parametrize("text", ["@小站 张小明 36.5 没出门", "@小站 打卡 张小明 36.5 正常 进京第3天"])
def test_who_stays_at_home_does(text):
    assert [record["kind"] for record in records(text)] == ["health"]


@pytest.mark.parametrize(("text", "heads"), [
    ("@小站 需12人 已报26人 到岗12人", 12),
    ("@小站 北门到岗 应到30人 实到28人", 28),
    ("@小站 报名26人，到岗12人 北门", 12),
])  # fmt: skip
def test_who_was_needed_or_signed_up_has_not_come(text, heads):
    (record,) = records(text)
    assert (record["kind"], record["headcount"]) == ("check_in", heads)
