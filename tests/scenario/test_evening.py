"""What somebody who knows nothing but the guide stumbles over in an evening."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 23, 20, 0, tzinfo=ZONE), VILLAGE, VILLAGE_CHATS) as made:
        yield made


async def test_a_lead_gets_the_unit_s_workbook_and_report_alone(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 东门 测温30人次")
    said = await stage.say("刘桂英", "导出", alone=True)
    assert "红石坎村汇总-20200223.xlsx" in said
    assert "测温 30人次" in await stage.say("刘桂英", "汇总", alone=True)
    assert "请负责人单独找我导" in await stage.say("陈建国", "导出", alone=True)


async def test_a_list_without_a_number_is_asked_about(stage: Stage) -> None:
    assert await stage.say("刘桂英", "@小站 /列") == "请带上报表里的号，例如：/列 3"


async def test_a_stated_total_and_today_are_one_line(stage: Stage) -> None:
    await stage.say("马志强", "@小站 门磁安装 翠林社区 应装1150户 今日安装50户 累计安装750户")
    said = await stage.say("刘桂英", "@小站 /进度 门磁")
    assert [line for line in said.splitlines() if line.startswith("安装门磁")] == ["安装门磁：今天 50户，累计 750户"]


async def test_a_fever_at_the_gate_and_sound_reports_of_health_do_not_contradict(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 登记 进 赵某 37.5 东门")
    await stage.say("陈建国", "健康打卡 36.5 无不适", alone=True)
    said = await stage.say("刘桂英", "@小站 汇总")
    assert "发热 1 例" in said
    assert "没有一例健康异常" not in said


async def test_the_summary_of_another_day_says_of_which_day_its_moment_is(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 东门 测温30人次")
    await stage.until(datetime(2020, 2, 24, 8, 30, tzinfo=ZONE))
    said = await stage.say("刘桂英", "@小站 汇总 昨天")
    assert "**工作量**（2月23日，截至2月24日08:30）" in said


@pytest.mark.parametrize("command", ["台账", "进度"])
async def test_a_form_that_is_not_named_is_asked_about_in_the_same_words(stage: Stage, command: str) -> None:
    assert f"例如：/{command} " in await stage.say("陈建国", f"@小站 /{command}")


async def test_one_figure_is_not_added_up(stage: Stage) -> None:
    said = await stage.say("陈建国", "@小站 抗原 16号楼 完成200户 共132户")
    assert "完成200户，比户数132户多" in said


async def test_a_refusal_names_people_and_no_ids(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 帮助")
    assert "请找：刘桂英。" in await stage.say("马志强", "@小站 分配")
