"""A village's checkpoint over a day and a night, with turns around the clock and one volunteer asleep."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from handlers.reports.data import Period
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS
from tests.support.golden import same_report

POST = "红石坎村卡口"


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 23, 12, 0, tzinfo=ZONE), VILLAGE, VILLAGE_CHATS) as made:
        yield made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


async def planned(stage: Stage) -> None:
    for order in (
        "14:00-22:00 陈建国",
        "夜班 22:00-2:00 孙晓雨",
        "2:00-6:00 马志强 2月24日",
        "6:00-14:00 周丽丽 2月24日",
    ):
        assert "🗓" in await stage.say("刘桂英", f"@小站 排班 {POST} {order}")


async def test_a_day_in_turns_with_one_asleep(stage: Stage) -> None:
    for person in ("陈建国", "孙晓雨", "马志强", "周丽丽"):
        await stage.say(person, "@小站 帮助")  # the directory knows them from now on
    await planned(stage)
    await stage.until(at(23, 13, 58))
    assert "14:00–22:00" in stage.told("陈建国"), "those on a shift are reminded, alone"
    await stage.until(at(23, 14))
    assert "✅ C1 到岗：陈建国" in await stage.say("陈建国", f"@小站 到岗 {POST}")
    await stage.until(at(23, 22))
    taken = await stage.say("孙晓雨", "@小站 接陈建国的班")
    assert "陈建国 → 孙晓雨，22:00 交接完成" in taken
    assert "共8小时" in taken
    await stage.until(at(24, 2))
    assert "共4小时" in await stage.say("孙晓雨", "@小站 离岗")

    await stage.until(at(24, 2, 20))
    group = stage.posted()
    assert f"{POST} 02:00 起没有在岗记录" in group
    assert "马志强" not in group, "a group never hears who is missing"
    assert "还没有您的到岗记录" in stage.told("马志强")
    assert "马志强" in stage.told("刘桂英"), "the one in charge does"
    await stage.until(at(24, 2, 40))
    assert "✅" in await stage.say("刘桂英", f"@小站 到岗 {POST}")

    gaps = await stage.say("刘桂英", "@小站 空岗")
    assert f"{POST}：02:00–02:40 没有在岗记录，共 0.7 小时" in gaps
    assert "02:00–06:00" in gaps
    assert "马志强" not in gaps
    await stage.until(at(24, 6))
    await stage.say("刘桂英", f"@小站 离岗 {POST}")
    await stage.say("周丽丽", f"@小站 到岗 {POST}")
    assert "02:00–02:40" in await stage.say("周丽丽", "@小站 空岗")
    roster = await stage.say("周丽丽", "@小站 在岗名单")
    assert "**在岗** 1 人，1 个点位" in roster
    assert "周丽丽（06:00起）（应到1人）" in roster
    both = Period(date(2020, 2, 23), date(2020, 2, 24))
    await same_report(stage.trial, "checkpoint_village.md", "平谷区/金海湖镇/红石坎村", both, at(24, 6))


async def test_what_is_asked_once_is_not_asked_again(stage: Stage) -> None:
    await planned(stage)
    await stage.until(at(23, 14, 15))
    assert stage.posted().count("没有在岗记录") == 1
    await stage.until(at(23, 15))
    assert "没有在岗记录" not in stage.posted()


async def test_a_forgotten_check_out_is_asked_about_then_closed_without_hours(stage: Stage) -> None:
    await stage.say("陈建国", f"@小站 到岗 {POST}")
    await stage.until(at(24, 0, 5))
    assert "还没有离岗记录" in stage.told("陈建国")
    await stage.until(at(24, 6, 10))
    mine = await stage.say("陈建国", "@小站 我的记录")
    assert "在岗 1 次，共 0 小时" in mine
    assert "（未报离岗）" in mine
    assert "共10小时" in await stage.say("陈建国", f"@小站 昨天22点离岗 {POST}"), "it can still be told"
    assert "共 10 小时，其中夜间" not in await stage.say("陈建国", "@小站 我的记录")


async def test_a_back_dated_period_waits_for_an_approval(stage: Stage) -> None:
    said = await stage.say("陈建国", "@小站 补签 昨天 14:00-18:00 北门")
    assert "已请负责人确认（C1）" in said
    assert "同意请回：同意 C1" in stage.told("刘桂英")
    assert "共 0 小时；1 次补签待确认" in (await stage.say("陈建国", "@小站 我的记录")).replace("，已确认 0 小时", "")
    assert "请找：" in await stage.say("孙晓雨", "@小站 同意 C1")
    assert "补签已通过" in await stage.say("刘桂英", "同意 C1", alone=True)
    assert "共 4 小时" in await stage.say("陈建国", "@小站 我的记录")


async def test_a_back_dated_period_that_is_refused_goes(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 补签 昨天 14:00-18:00 北门")
    assert "未通过" in await stage.say("刘桂英", "@小站 不同意 C1")
    assert "在岗" not in await stage.say("陈建国", "@小站 我的记录")


async def test_swaps_and_leave(stage: Stage) -> None:
    for person in ("陈建国", "孙晓雨"):
        await stage.say(person, "@小站 帮助")
    await planned(stage)
    assert "🔁 T1 请孙晓雨替陈建国" in await stage.say("陈建国", "@小站 替班 孙晓雨替陈建国")
    assert "请孙晓雨回：同意 T1" in stage.told("孙晓雨")
    assert "要孙晓雨本人" in await stage.say("周丽丽", "@小站 同意 T1")
    assert "已换好" in await stage.say("孙晓雨", "同意 T1", alone=True)
    assert "孙晓雨替陈建国" in stage.posted()
    plan = await stage.say("刘桂英", "@小站 排班")
    assert "B1 红石坎村卡口（今天14:00–22:00）：孙晓雨" in plan
    assert "空出的班已告诉负责人" in await stage.say("周丽丽", "@小站 我明天请假")
    assert "周丽丽" in stage.told("刘桂英")
    assert "B4 红石坎村卡口（明天06:00–14:00）：还没排人（需1人，还差 1 人）" in await stage.say("刘桂英", "@小站 排班")


async def test_rights_are_asked_for_and_a_refusal_says_whom_to_ask(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 帮助")
    await stage.say("赵明华", "@小站 帮助")
    refused = await stage.say("陈建国", "@小站 排班 东门 白班 陈建国")
    assert refused == "排班需要负责人来做，请找：刘桂英、赵明华。"
    assert "请找" in await stage.say("陈建国", "@小站 任命 陈建国 卡口长")
    assert "陈建国现在是红石坎村" in await stage.say("刘桂英", "@小站 任命 陈建国 卡口长")
    assert "🗓" in await stage.say("陈建国", "@小站 排班 东门 白班 陈建国")
    assert "不再是" in await stage.say("刘桂英", "@小站 免去 陈建国 卡口长")
    assert "请找" in await stage.say("陈建国", "@小站 排班 东门 白班 陈建国")


async def test_a_name_that_somebody_gives_themselves_carries_no_role(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 任命 王建业 卡口长")
    await stage.say("陈建国", "@小站 我是王建业")
    assert "请找" in await stage.say("陈建国", "@小站 排班 东门 白班 孙晓雨")


async def test_hours_are_confirmed_by_somebody_else(stage: Stage) -> None:
    await stage.say("陈建国", f"@小站 到岗 {POST}")
    await stage.say("刘桂英", f"@小站 到岗 {POST}")
    await stage.later(timedelta(hours=4))
    await stage.say("陈建国", f"@小站 离岗 {POST}")
    await stage.say("刘桂英", f"@小站 离岗 {POST}")
    assert "已确认 1 次在岗，共 4 小时（1 人）。（您本人的 1 次" in await stage.say("刘桂英", "@小站 确认工时 今天")
    assert "已确认 4 小时" in await stage.say("陈建国", "@小站 我的记录")
    proof = await stage.say("陈建国", "@小站 工时证明")
    assert "服务时间（小时）：4" in stage.told("陈建国")
    assert "已单独发给您" in proof


async def test_a_night_followed_by_a_day(stage: Stage) -> None:
    await stage.until(at(23, 20))
    await stage.say("陈建国", f"@小站 到岗 {POST} 夜班")
    await stage.until(at(24, 6))
    await stage.say("陈建国", f"@小站 离岗 {POST}")
    await stage.until(at(24, 9))
    assert "请先保证休息" in await stage.say("陈建国", "@小站 到岗 东门 白班")


async def test_a_chain_that_lost_a_line(stage: Stage) -> None:
    head = "@小站 #接龙\n2月23日红石坎村卡口值守签到\n\n"
    await stage.say("陈建国", f"{head}1. 陈建国 东门 8:00")
    await stage.say("孙晓雨", f"{head}1. 陈建国 东门 8:00\n2. 孙晓雨 西门 9:00")
    said = await stage.say("马志强", f"{head}1. 陈建国 东门 8:00\n2. 马志强 南门 9:30")
    assert "⚠️ 这次接龙里少了：孙晓雨 西门 9:00" in said
    assert "新增 1" in said
    again = await stage.say("周丽丽", f"{head}1. 陈建国 东门 8:00-11:30\n2. 马志强 南门 9:30\n3. 周丽丽 北门 10:00")
    assert "少了" not in again, "a lost line is told of once"
    roster = await stage.say("刘桂英", "@小站 在岗名单")
    assert "**在岗** 3 人" in roster
    assert "孙晓雨" in roster
    assert "陈建国" not in roster, "8:00-11:30 is over"
    assert "共 3.5 小时" in await stage.say("陈建国", "@小站 我的记录")
