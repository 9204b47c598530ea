"""今天谁没来, asked in a group and alone, with a plan and with a call."""

from datetime import datetime
from pathlib import Path

import pytest

from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 23, 7, 30, tzinfo=ZONE), VILLAGE, VILLAGE_CHATS) as made:
        yield made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


async def test_a_group_hears_how_many_and_the_one_in_charge_who(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 排班 东门 8:00-12:00 陈建国、孙晓雨、马志强")
    await stage.say("刘桂英", "@小站 排班 西门 18:00-22:00 周丽丽")
    await stage.until(at(23, 8))
    await stage.say("陈建国", "@小站 到岗 东门")
    await stage.until(at(23, 9))
    await stage.say("孙晓雨", "@小站 到岗 东门")
    shift = "- 东门（今天08:00–12:00）：应到 3 人，已到 2 人，晚到 1 人"
    for question in ("今天谁没来", "今天谁没到？", "谁今天没来", "还有谁没到岗", "没来的有谁", "几个人没来"):
        assert (await stage.say("周丽丽", f"@小站 {question}")).splitlines() == [
            "**2月23日到岗情况**（截至 2月23日09:00）：到岗 2 人次，2 人",
            f"{shift}，1 人还没有到岗记录",
            "名单不在群里说，负责人单独问我：今天谁没来",
        ], question
    told = await stage.say("刘桂英", "今天谁没来", alone=True)
    assert told.splitlines()[1:] == [f"{shift}（孙晓雨），1 人还没有到岗记录：马志强"]
    assert "马志强" not in await stage.say("周丽丽", "今天谁没来", alone=True), "who is not in charge hears no names"
    await stage.say("马志强", "@小站 请假 今天")
    assert "排了班的人都有到岗记录" in await stage.say("周丽丽", "@小站 今天谁没来")


async def test_figures_are_asked_for_alone_as_in_the_group(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 到岗 东门")
    await stage.say("陈建国", "@小站 测温43人次")
    for question, answer in (("今天测温多少", "测温 43人次"), ("东门今天几个人", "红石坎村 东门 2月23日")):
        for person in ("刘桂英", "陈建国"):
            assert answer in await stage.say(person, question, alone=True), (person, question)


async def test_yesterday_is_told_as_it_ended(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 排班 东门 20:00-23:00 陈建国、孙晓雨 2月23日")
    await stage.until(at(23, 20))
    await stage.say("陈建国", "@小站 到岗 东门")
    await stage.until(at(24, 9))
    answer = await stage.say("周丽丽", "@小站 昨天谁没来")
    assert answer.splitlines()[:2] == [
        "**2月23日到岗情况**（截至 2月24日09:00）：到岗 1 人次，1 人",
        "- 东门（昨天20:00–23:00）：应到 2 人，已到 1 人，1 人还没有到岗记录",
    ]


async def test_a_call_whose_time_has_come_is_told_too(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 招募 孙河乡 核酸辅助 2人 今天9点前到")
    await stage.say("陈建国", "@小站 报名")
    await stage.say("孙晓雨", "@小站 报名")
    await stage.until(at(23, 9, 30))
    await stage.say("刘桂英", "@小站 集结 陈建国")
    line = "- Z1 孙河乡：应到 2 人，已到 1 人，1 人还没有到岗记录"
    assert line in await stage.say("周丽丽", "@小站 今天谁没到")
    assert f"{line}：孙晓雨" in await stage.say("刘桂英", "今天谁没到", alone=True)


@pytest.mark.parametrize("text", ["今天谁没打卡", "还有哪些没核实", "货什么时候到", "谁没来领口罩"])
async def test_other_questions_are_left_to_others(stage: Stage, text: str) -> None:
    assert "到岗情况" not in await stage.say("周丽丽", f"@小站 {text}")
