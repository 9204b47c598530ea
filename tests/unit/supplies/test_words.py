"""Which messages are commands about companies and supplies, and which are reports that the language reads."""

import json
from pathlib import Path

import pytest

from handlers import orders
from handlers.supplies import words

SAID = [
    ("企业", "enterprise_figures", ""),
    ("企业 汇总", "enterprise_figures", ""),
    ("/企业 未报", "enterprise_silent", ""),
    ("企业未报名单", "enterprise_silent", ""),
    ("企业 名单 大都饭店、阳坊超市", "enterprise_list", "大都饭店、阳坊超市"),
    ("企业 已联系 大都饭店", "enterprise_contacted", "大都饭店"),
    ("企业 联系人 大都饭店 王建国 13800001111", "enterprise_contact", "大都饭店 王建国 13800001111"),
    ("企业 营业 阳坊超市", "enterprise_open", "阳坊超市"),
    ("企业 停业 阳坊超市", "enterprise_closed", "阳坊超市"),
    ("企业 合并 E7 E3", "enterprise_join", "E7 E3"),
    ("企业 不同 E7 E3", "enterprise_differ", "E7 E3"),
    ("企业 查看 大都饭店", "enterprise_show", "大都饭店"),
    ("企业 导出", "enterprise_book", ""),
    ("物资", "supply_gaps", ""),
    ("物资缺口", "supply_gaps", ""),
    ("物资 需求 口罩", "supply_needs", "口罩"),
    ("物资 需求", "supply_needs", ""),
    ("物资 到货", "supply_stock", ""),
    ("物资 覆盖率", "supply_coverage", ""),
    ("物资 未签收", "supply_coverage", ""),
    ("物资 需求表", "supply_needs_book", ""),
    ("物资 单据", "supply_notes_book", ""),
    ("物资 小结", "supply_story", ""),
    ("分配", "supply_share", ""),
    ("分配 口罩 平均", "supply_share", "口罩 平均"),
    ("分配 确认", "supply_confirm", ""),
    ("分配 取消", "supply_cancel", ""),
    ("分配 改 大都饭店 口罩 30", "supply_change", "大都饭店 口罩 30"),
    ("大都饭店追加 口罩200只", "supply_more", "大都饭店追加 口罩200只"),
    ("配送 D1-D12 张三 李四", "supply_leave", "D1-D12 张三 李四"),
    ("配送 全部 张三", "supply_leave", "全部 张三"),
    ("签收", "supply_sign", ""),
    ("签收 D3", "supply_sign", "D3"),
    ("签收 D3 口罩45只", "supply_sign", "D3 口罩45只"),
    ("签收 大都饭店", "supply_sign", "大都饭店"),
    ("退回 D3 没人", "supply_back", "D3 没人"),
]


@pytest.mark.parametrize(("text", "name", "rest"), SAID)
def test_commands(text: str, name: str, rest: str) -> None:
    assert orders.read(text) == {"name": name, "text": rest}


@pytest.mark.parametrize(
    "text",
    [
        "物资需求 东门 口罩200只",
        "物资需求 北门 额温枪、消毒液",
        "物资需求\n口罩200只",
        "物资需求：口罩200只、酒精10桶",
        "物资到货 口罩2000只",
        "签收 口罩500只",
        "大都饭店 签收 口罩50只",
        "分配给东门口罩200只",
        "东门需要 口罩200只",
        "出发 全部到齐",
        "企业 阳坊物业",
        "企业摸排 阳坊超市 职工6人",
        "招募追加2个名额",
        "配送物资到村口",
    ],
)
def test_reports_are_no_commands(text: str) -> None:
    found = orders.read(text)
    assert found is None or not found["name"].startswith(("supply", "enterprise"))


@pytest.mark.parametrize("text", ["分配 18人到管控区，其余到卡口", "分配 20名到东门"])
def test_people_are_shared_out_elsewhere(text: str) -> None:
    found = orders.read(text)
    assert found is not None
    assert found["name"] == "split"


@pytest.mark.parametrize(
    ("text", "refs", "rest"),
    [
        ("D3", ("D3",), ""),
        ("D1-D4", ("D1", "D2", "D3", "D4"), ""),
        ("D1-3、D7 张三", ("D1", "D2", "D3", "D7"), "、 张三"),
        ("d2 D2 口罩45只", ("D2",), "口罩45只"),
        ("D9-D7", ("D9",), ""),
        ("大都饭店", (), "大都饭店"),
    ],
)
def test_numbers_of_notes(text: str, refs: tuple[str, ...], rest: str) -> None:
    assert words.refs(text) == (refs, rest)


def test_an_endless_range_is_cut() -> None:
    assert len(words.refs("D1-D9999999")[0]) == words.MOST + 1


@pytest.mark.parametrize(
    ("text", "people", "vehicle"),
    [
        ("D1-D12 张三 李四 京A12345", ("张三", "李四"), "京A12345"),
        ("D1 张三、李四，车牌京N8X123", ("张三", "李四"), "京N8X123"),
        ("D1", (), ""),
        ("D1 司机 欧阳小明", ("欧阳小明",), ""),
    ],
)
def test_trips(text: str, people: tuple[str, ...], vehicle: str) -> None:
    found = words.trip(text)
    assert (found.people, found.vehicle) == (people, vehicle)


@pytest.mark.parametrize(
    ("text", "rule", "items"),
    [
        ("", "", []),
        ("口罩", "", ["口罩"]),
        ("口罩、酒精 平均", "equal", ["口罩", "酒精"]),
        ("按人数 口罩", "staff", ["口罩"]),
    ],
)
def test_what_is_to_be_shared(text: str, rule: str, items: list[str]) -> None:
    assert words.sharing(text) == (rule, items)


def test_no_message_of_the_corpora_is_taken_for_a_command() -> None:
    taken = []
    for file in sorted((Path(__file__).parents[2] / "corpus").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            found = orders.read(json.loads(line)["text"].replace("@小站", "").strip())
            if found is not None and found["name"].startswith(("supply", "enterprise")):
                taken.append(line[:80])
    assert taken == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("大都饭店 口罩 30", ("大都饭店", "口罩", "30")),
        ("大都饭店 口罩30只", ("大都饭店", "口罩", "30")),
        ("大都饭店、84消毒液 3瓶", ("大都饭店", "84消毒液", "3")),
        ("E3 84消毒液 为 3", ("E3", "84消毒液", "3")),
        ("大都饭店 口罩 -5", ("大都饭店", "口罩", "-5")),
        ("大都饭店 口罩 1.5", ("大都饭店", "口罩", "1.5")),
        ("大都饭店 84消毒液", None),
        ("大都饭店口罩30", None),
        ("大都饭店 口罩", None),
        ("大都饭店", None),
    ],
)
def test_what_is_to_be_changed_of_a_draft(text: str, told: tuple[str, str, str] | None) -> None:
    assert words.changed(text) == told


def test_words_about_the_way_are_nobodys_names() -> None:
    assert words.trip("D1-D2 张三 李四 马上出发 京A12345").people == ("张三", "李四")
