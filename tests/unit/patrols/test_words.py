"""What orders, plans and findings say, each alone."""

import pytest

from handlers.patrols import wording
from handlers.patrols.commands import read
from handlers.patrols.plan_reading import Planned
from handlers.patrols.plan_reading import read as read_plan

NIGHT = (22, 6)


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("巡查 每2小时 22:00-6:00 红石坎村卡口", Planned("红石坎村卡口", 120, 1320, 1800)),
        ("红石坎村卡口 每隔两个小时巡查一次 22点到6点", Planned("红石坎村卡口", 120, 1320, 1800)),
        ("巡查 夜间 每小时 东门", Planned("东门", 60, 1320, 1800)),
        ("巡查 每半小时 东门", Planned("东门", 30, 0, 1440)),
        ("巡查计划 每90分钟 晚10点到早6点", Planned("", 90, 1320, 1800)),
        ("巡查 每一个半小时", Planned("", 90, 0, 1440)),
        ("红石坎村卡口夜间巡查，每2小时一次", Planned("红石坎村卡口", 120, 1320, 1800)),
        ("巡查 每4小时 8:00-20:00 西门", Planned("西门", 240, 480, 1200)),
    ],
)
def test_plans(text: str, plan: Planned) -> None:
    assert (read(text) or {})["name"] == "patrol_plan"
    assert read_plan(text, NIGHT) == plan


@pytest.mark.parametrize(
    ("text", "possible"), [("每5分钟", False), ("每10分钟", True), ("每24小时", True), ("每2天", None)]
)
def test_how_often_somebody_can_walk(text: str, possible: bool | None) -> None:  # noqa: FBT001  (a table)
    plan = read_plan(f"巡查 {text}", NIGHT)
    assert (plan.possible if plan else None) is possible


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("巡查 停", {"name": "patrol_stop"}),
        ("巡查 停 红石坎村卡口", {"name": "patrol_stop", "post": "红石坎村卡口"}),
        ("停止巡查", {"name": "patrol_stop"}),
        ("取消巡查 东门", {"name": "patrol_stop", "post": "东门"}),
        ("巡查计划", {"name": "patrol_plans"}),
        ("/巡查", {"name": "patrol_board"}),
        ("/巡查 昨晚", {"name": "patrol_board", "turn": "昨晚"}),
        ("巡查情况", {"name": "patrol_board"}),
        ("漏巡", {"name": "patrol_board"}),
        ("/问题", {"name": "findings"}),
        ("问题清单", {"name": "findings"}),
        ("待复查", {"name": "findings", "state": "待复查"}),
        ("P12 已整改 换了新的登记本", {"name": "finding_fix", "refs": ["P12"], "said": "换了新的登记本"}),
        ("P12已整改", {"name": "finding_fix", "refs": ["P12"]}),
        ("p12 换好了", {"name": "finding_fix", "refs": ["P12"], "said": "换好了"}),
        ("P12 登记本已补", {"name": "finding_fix", "refs": ["P12"], "said": "登记本已补"}),
        ("P12 已联系电工", {"name": "finding_other", "refs": ["P12"], "said": "已联系电工"}),
        ("P12 还没人修", {"name": "finding_other", "refs": ["P12"], "said": "还没人修"}),
        ("指派 P12 张三", {"name": "finding_assign", "refs": ["P12"], "person": "张三"}),
        ("指派 P12 P13 给张三整改", {"name": "finding_assign", "refs": ["P12", "P13"], "person": "张三"}),
        ("P12 由张三整改", {"name": "finding_assign", "refs": ["P12"], "person": "张三"}),
        ("指派 张三 P12", {"name": "finding_assign", "refs": ["P12"], "person": "张三"}),
        ("指派 P12", {"name": "finding_assign", "refs": ["P12"]}),
        ("P12 我来改", {"name": "finding_claim", "refs": ["P12"]}),
        ("P12 复查通过", {"name": "finding_pass", "refs": ["P12"]}),
        ("P12、P13 复查通过", {"name": "finding_pass", "refs": ["P12", "P13"]}),
        ("复查通过 P12", {"name": "finding_pass", "refs": ["P12"]}),
        ("P12 复查不通过 还是缺页", {"name": "finding_fail", "refs": ["P12"], "said": "还是缺页"}),
        ("P12 还没整改好", {"name": "finding_fail", "refs": ["P12"]}),
        ("P12 又坏了", {"name": "finding_reopen", "refs": ["P12"], "said": "又坏了"}),
        ("P12 重开 又坏了", {"name": "finding_reopen", "refs": ["P12"], "said": "又坏了"}),
        ("P12", {"name": "finding_show", "refs": ["P12"]}),
        ("/问题 未整改", {"name": "findings", "state": "未整改"}),
        ("问题清单 待复查", {"name": "findings", "state": "待复查"}),
        ("/未整改", {"name": "findings", "state": "未整改"}),
    ],
)
def test_orders(text: str, order: dict[str, object]) -> None:
    found = dict(read(text) or {})
    found.pop("text", None)
    assert found == order


@pytest.mark.parametrize(
    "text",
    [
        "巡查",
        "巡查 正常",
        "巡查 停车场 正常",
        "巡查结束 一切正常",
        "第3轮巡查正常",
        "撤回 P12",
        "更正 P12 点位改为东口",
    ],
)
def test_what_is_no_order(text: str) -> None:
    assert read(text) is None


def test_a_report_with_a_reference_stays_a_report() -> None:
    assert read("P3停车场 张三到岗 已到位", frozenset({"check_in"})) is None
    assert read("P3停车场 测温20人次", frozenset({"work"})) is None
    assert (read("P3 换了2个灯泡,已换好", frozenset({"work"})) or {})["name"] == "finding_fix"


@pytest.mark.parametrize(
    ("finding", "text", "found"),
    [
        ("登记本缺1页 已补", "巡查 第6轮 02:10 取暖正常 登记本缺1页 已补", [("登记本缺1页", "已补")]),
        ("灭火器过期", "巡查 第3轮 灭火器过期,登记本缺1页", [("灭火器过期", ""), ("登记本缺1页", "")]),
        ("登记本缺1页", "巡查\n点位:东口\n问题:登记本缺1页\n处理:已补", [("登记本缺1页", "已补")]),
        ("1.灭火器过期 2.炉子漏烟", "巡查 发现:1.灭火器过期 2.炉子漏烟", [("灭火器过期", ""), ("炉子漏烟", "")]),
        ("灭火器压力不足", "巡查 灭火器压力不足,已当场更换", [("灭火器压力不足", "当场更换")]),
        ("灯坏了", "巡查 发现灯坏了,已联系电工", [("灯坏了", "")]),
        ("灯坏了", "巡查 发现灯坏了,其他正常", [("灯坏了", "")]),
        ("炉子漏烟 已通风 灭火器过期", "炉子漏烟 已通风 灭火器过期", [("炉子漏烟", "已通风"), ("灭火器过期", "")]),
        ("炉子漏烟", "巡查 炉子漏烟,已叫人来修;登记本缺2页,已补齐", [("炉子漏烟", ""), ("登记本缺2页", "已补齐")]),
        ("值班人员睡着了", "巡查 值班人员睡着了,已叫醒", [("值班人员睡着了", "已叫醒")]),
        ("有人翻墙 13800001234", "巡查 有人翻墙 13800001234", [("有人翻墙 尾号1234", "")]),
        ("有人翻墙 139-0000-5678", "巡查 有人翻墙 139-0000-5678", [("有人翻墙 尾号5678", "")]),
    ],
)
def test_what_a_round_found(finding: str, text: str, found: list[tuple[str, str]]) -> None:
    assert wording.found(finding, text, alone=True) == found


def test_beside_other_records_only_the_finding_itself_is_read() -> None:
    assert wording.found("灭火器过期", "巡查 灭火器过期,登记本缺1页", alone=False) == [("灭火器过期", "")]


@pytest.mark.parametrize(
    ("hours", "unclear"),
    [
        ("25:00-30:00", "25:00"),
        ("22:00-30:00", "30:00"),
        ("25点到6点", "25点"),
        ("24:30-6:00", "24:30"),
        ("20:70-6:00", "20:70"),
        ("22:00-24:00", ""),
        ("24:00-6:00", ""),
        ("22点-6点", ""),
        ("0:00-8:00", ""),
    ],
)
def test_a_time_that_there_is_none_of_is_asked_about(hours: str, unclear: str) -> None:
    told = read_plan(f"巡查 每2小时 {hours} 红石坎村卡口", NIGHT)
    assert told is not None
    assert told.unclear == unclear
    assert told.possible is (not unclear)
