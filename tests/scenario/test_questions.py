"""What people ask about the figures, in the words and the order that come to their mind."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.trial import Trial
from storage.tables import Duty
from storage.tables_org import Person

ZONE = ZoneInfo("Asia/Shanghai")
SATURDAY = datetime(2020, 2, 22, 8, 0, tzinfo=ZONE)
VILLAGE, TOWN = "wrSandboxHongshikan", "wrSandboxJinhaihu"
STORY = (
    (0, "chenjianguo", VILLAGE, "到岗 东门"),
    (240, "chenjianguo", VILLAGE, "离岗 东门 测温120人次 劝返2人"),
    (1440, "chenjianguo", VILLAGE, "到岗 东门"),
    (1445, "sunxiaoyu", VILLAGE, "到岗 西门 孙小雨、赵大勇"),
    (1500, "sunxiaoyu", VILLAGE, "西门 测温56人次"),
    (1510, "sunxiaoyu", VILLAGE, "东门 测温30人次 劝返3人"),
    (1520, "zhaominghua", TOWN, "到岗 镇政府门口"),
)
NOT_KNOWN = (
    "没认出“{}”。可以写时间、单位、点位、队伍和工作，先后随意，例如：汇总 本周 东门；汇总 红石坎村 测温 昨天。"
    "这里的点位有：东门、西门。"
)
NOW = "（截至 2月23日10:00）"
ANSWERS = (
    # period, unit, post, kind of work in any order
    ("汇总 东门 本周", f"红石坎村 东门 2月17日至2月23日{NOW}：到岗 2 人次，1 人，4 小时，1 人次还在岗，劝返 5人次，测温 150人次。"),
    ("汇总 本周 东门", f"红石坎村 东门 2月17日至2月23日{NOW}：到岗 2 人次，1 人，4 小时，1 人次还在岗，劝返 5人次，测温 150人次。"),
    ("/汇总 东门 昨天", f"红石坎村 东门 2月22日{NOW}：到岗 1 人次，1 人，4 小时，劝返 2人，测温 120人次。"),
    ("东门 昨天 汇总", f"红石坎村 东门 2月22日{NOW}：到岗 1 人次，1 人，4 小时，劝返 2人，测温 120人次。"),
    ("汇总 本周 测温 红石坎村", f"红石坎村 2月17日至2月23日{NOW}：测温 206人次。"),
    ("汇总 红石坎村 本周 测温", f"红石坎村 2月17日至2月23日{NOW}：测温 206人次。"),
    ("汇总 测温 东门 2月22日至23日", f"红石坎村 东门 2月22日至2月23日{NOW}：测温 150人次。"),
    ("汇总 西门 前天", f"红石坎村 西门 2月21日{NOW}：还没有人报到岗。"),
    # plain questions
    ("红石坎村这周测温多少", f"红石坎村 2月17日至2月23日{NOW}：测温 206人次。"),
    ("这周一共测温多少人次？", f"红石坎村 2月17日至2月23日{NOW}：测温 206人次。"),
    ("这周劝返多少人", f"红石坎村 2月17日至2月23日{NOW}：劝返 5人次。"),
    ("昨天劝返几个人", f"红石坎村 2月22日{NOW}：劝返 2人。"),
    ("东门昨天几个人", f"红石坎村 东门 2月22日{NOW}：到岗 1 人次，1 人，4 小时。"),
    ("今天一共来了几个人", f"红石坎村 2月23日{NOW}：到岗 3 人次，3 人，3 人次还在岗。"),
    ("昨天来了多少志愿者？", f"红石坎村 2月22日{NOW}：到岗 1 人次，1 人，4 小时。"),
    ("东门昨天到了几个人", f"红石坎村 东门 2月22日{NOW}：到岗 1 人次，1 人，4 小时。"),
    ("今天有多少人到岗", f"红石坎村 2月23日{NOW}：到岗 3 人次，3 人，3 人次还在岗。"),
    ("东门今天测温多少", f"红石坎村 东门 2月23日{NOW}：测温 30人次。"),
    ("现在几个人在岗", f"红石坎村 2月23日{NOW}：到岗 3 人次，3 人，3 人次还在岗。"),
    ("全镇今天多少人到岗", f"金海湖镇 2月23日{NOW}：到岗 4 人次，4 人，4 人次还在岗。"),
    ("汇总 2月 测温", f"红石坎村 2月1日至2月23日{NOW}：测温 206人次。"),
    ("2月22号到今天测温多少", f"红石坎村 2月22日至2月23日{NOW}：测温 206人次。"),
    # no ranking
    ("这周谁值得最多", "值守不排名次，每一班都有人在出力，谢谢大家。看自己的请发：我的记录；看点位和单位的请发：汇总 本周"),
    ("志愿者排行榜", "值守不排名次，每一班都有人在出力，谢谢大家。看自己的请发：我的记录；看点位和单位的请发：汇总 本周"),
    # a wrong word is named, with what to say instead
    (
        "汇总 东们 本周",
        NOT_KNOWN.format("东们"),
    ),
    (
        "/汇总 测体温计 昨天",
        NOT_KNOWN.format("测体温计"),
    ),
    # people and posts
    ("谁今天没来", "2月23日（截至 2月23日10:00）到岗 3 人次，3 人；没有排班，说不出谁没来。排了班就能对上，例如：排班 东门 8:00-20:00 张三、李四"),
    ("东门现在有谁", "东门：陈建国（08:00起）"),
    ("西门有谁？", "西门：孙小雨（08:05起）、赵大勇（08:05起）"),
    ("哪个点位没人", "还没有排班和点位计划。可以说：排班 东门 夜班 20:00-8:00 张三、李四，或导入点位表。"),
)  # fmt: skip


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    running = Trial(0, tmp_path, MovableClock(SATURDAY))
    await running.start()
    running.sandbox.next_due = lambda _after: None
    try:
        for minutes, member, chat, text in STORY:
            await running.sandbox.move_clock(SATURDAY + timedelta(minutes=minutes))
            assert (await running.sandbox.say(member, chat, f"@小站 {text}")).status == 200
        await running.sandbox.move_clock(SATURDAY + timedelta(hours=26))
        yield running
    finally:
        await running.stop()


async def asked(trial: Trial, text: str, chat: str = VILLAGE) -> str:
    return (await trial.sandbox.say("liuguiying", chat, f"@小站 {text}")).reply or ""


async def test_what_is_asked_in_any_order_is_answered(trial: Trial) -> None:
    found = [(text, await asked(trial, text)) for text, _ in ANSWERS]
    assert found == list(ANSWERS)


async def test_questions_that_are_commands_are_answered_by_them(trial: Trial) -> None:
    for text, beginning in (
        ("今天谁没打卡", "现在没有在观察的人员。"),
        ("汇总 本周 红石坎村", "**红石坎村 汇总**\n> 统计期：2月17日至2月23日"),
        ("红石坎村 昨天 汇总", "**红石坎村 汇总**\n> 统计期：2月22日"),
        ("/汇总 2020-02-22", "**红石坎村 汇总**\n> 统计期：2月22日"),
        ("汇总 2020-02-22", "**红石坎村 汇总**\n> 统计期：2月22日"),
        ("谁在岗", "**在岗**"),
        ("我今天值了多久", "这段时间还没有记录。"),
        ("我这周值了几个小时", "这段时间还没有记录。"),
    ):
        answer = await asked(trial, text)
        assert answer.startswith(beginning), (text, answer)


async def test_a_day_that_is_over_is_held_against_the_day_before_it(trial: Trial) -> None:
    morning = await asked(trial, "汇总")
    assert "到岗 3 人次，3 人，3 人次还在岗；累计" in morning, "a morning is not held against a whole day"
    assert "比昨天" not in morning
    assert "同期" not in await asked(trial, "汇总 本周")
    await trial.sandbox.move_clock(SATURDAY + timedelta(days=1, hours=11, minutes=59))
    assert "比昨天" not in await asked(trial, "汇总")
    await trial.sandbox.move_clock(SATURDAY + timedelta(days=1, hours=12))
    evening = await asked(trial, "汇总")
    assert "到岗 3 人次，3 人，3 人次还在岗；比昨天多2" in evening
    assert "测温 86人次（比昨天少34）" in evening
    await trial.sandbox.move_clock(SATURDAY + timedelta(days=2, hours=12))
    assert "；比前一天多2" in await asked(trial, "汇总 昨天")
    assert "；比上周同期多" not in await asked(trial, "汇总 本周"), "on a Monday the week is a day"
    assert "；比前一周多" not in await asked(trial, "汇总 上周"), "nothing was told of the week before"
    await trial.sandbox.move_clock(SATURDAY + timedelta(days=4, hours=12))
    assert "到岗" in await asked(trial, "到岗 南门")
    assert "；比上周同期多1" in await asked(trial, "汇总 本周")


async def test_a_report_is_asked_for_in_any_words(trial: Trial) -> None:
    for text, days in (
        ("今天情况怎么样", "2月23日"),
        ("日报给我看看", "2月23日"),
        ("今天的日报发一下", "2月23日"),
        ("看一下昨天的情况", "2月22日"),
        ("昨天数据如何？", "2月22日"),
        ("今天的数", "2月23日"),
        ("发一份周报", "2月10日至2月16日"),
        ("本周的周报", "2月17日至2月23日"),
    ):
        answer = await asked(trial, text)
        assert answer.splitlines()[:2] == ["**红石坎村 汇总**", f"> 统计期：{days}{NOW}"], (text, answer)
    for text in ("这个情况我知道了", "老人情况稳定", "说一下老李的情况"):
        assert "统计期" not in await asked(trial, text), text


async def test_a_post_is_found_from_the_town(trial: Trial) -> None:
    answer = await asked(trial, "汇总 西门 今天", TOWN)
    assert answer == f"金海湖镇 西门 2月23日{NOW}：到岗 2 人次，2 人，2 人次还在岗，测温 56人次。"


async def test_the_units_below_are_asked_for_together(trial: Trial) -> None:
    head = f"**金海湖镇各单位** 2月23日{NOW}"
    for text, lines in (
        ("各村测温多少", ["- 红石坎村：测温 86人次"]),
        ("今天各村几个人", ["- 红石坎村：到岗 3 人次，3 人，3 人次还在岗"]),
        ("各村情况", ["- 红石坎村：到岗 3 人次、3 人；测温 86人次；劝返 3人"]),
        ("汇总 各村", ["- 红石坎村：到岗 3 人次、3 人；测温 86人次；劝返 3人"]),
        ("哪个村没报", ["1个单位都已上报"]),
    ):
        assert (await asked(trial, text, TOWN)).splitlines() == [head, *lines], text
    assert (await asked(trial, "谁昨天没上报", TOWN)).splitlines()[1:] == ["1个单位都已上报"]
    assert "没有上报：红石坎村（1个）" in await asked(trial, "前天哪些村没有上报", TOWN)
    assert await asked(trial, "哪个村没报") == "本群下面没有别的单位。看本单位请发：汇总"


async def test_what_a_line_is_made_of_is_asked_in_words(trial: Trial) -> None:
    await asked(trial, "汇总")
    for text in ("第1条是怎么来的", "第1条有哪些记录", "第1条明细"):
        assert (await asked(trial, text)).startswith("**第1条** 到岗 3 人次"), text


async def test_a_team_is_asked_for_in_any_order(trial: Trial) -> None:
    def found(session: Session) -> None:
        person = Person(name="陈建国", unit="", team="平谷区志愿者/平谷大队")
        session.add(person)
        session.flush()
        for row in session.scalars(select(Duty).where(Duty.person == "陈建国")):
            row.person_id = person.id

    await trial.service.writer.run(found)
    for text in ("汇总 平谷大队 昨天", "汇总 昨天 平谷大队", "平谷大队昨天几个人", "队伍 平谷大队 昨天"):
        assert await asked(trial, text) == (
            f"**平谷大队 汇总**\n> 统计期：2月22日{NOW}\n到岗 1 人次，1 人，已记 4 小时"
        ), text
    assert (await asked(trial, "汇总 昨天 东门 平谷大队")).startswith("**平谷大队 东门 汇总**")
    assert "不按队伍记" in await asked(trial, "汇总 平谷大队 测温")
