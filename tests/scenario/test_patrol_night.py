"""Rounds every two hours through a night, one of which nobody tells of; a finding until it is looked at again. Over
encrypted callbacks, with a moved clock; the figures are reckoned by hand.
"""

import csv
import io
import json
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from handlers.reports import export
from handlers.reports.data import Period
from storage.records import Scope
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS
from tests.support.golden import same_report

POST = "红石坎村卡口"
BOTH = "汇总 2月23日至2月24日"
PRESS = (
    "2月23日至2月24日，红石坎村共派出志愿者 1 名、1 人次，值守 8.2 小时，守好 1 个点位，"
    "开展巡查 4 轮次，发现问题 2 处，整改 2 处。"
)
"""22:05, 02:10, 04:05 and 06:00 were told, 00:00 was not; two things were found at 02:10, one of them put right at once;
from 22:00 to 06:10 are 8 hours and 10 minutes.
"""


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 23, 21, 50, tzinfo=ZONE), VILLAGE, VILLAGE_CHATS) as made:
        for name in ("刘桂英", "陈建国", "孙晓雨", "赵明华"):
            await made.say(name, "@小站 帮助")  # the directory knows them from now on
        yield made


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


async def step_by_step(stage: Stage, moment: datetime) -> dict[str, list[str]]:
    """Let time go by in the job's steps; what the bot said, by chat."""
    heard: dict[str, list[str]] = {}
    while stage.clock.now() < moment:
        for message in await stage.until(min(moment, stage.clock.now().replace(second=0) + STEP)):
            heard.setdefault(message.chat, []).append(message.content)
    return heard


STEP = at(1, 0, 10) - at(1, 0)


async def test_a_night_of_rounds(stage: Stage) -> None:
    lead, boss = (stage.world.single(user, "app").id for user in ("lead", "boss"))
    planned = await stage.say("刘桂英", f"@小站 巡查 每2小时 22:00-6:00 {POST}")
    assert "一天 5 轮：22:00、00:00、02:00、04:00、06:00。下一轮 22:00" in planned

    await step_by_step(stage, at(23, 22))
    await stage.say("陈建国", f"@小站 到岗 {POST}")
    await step_by_step(stage, at(23, 22, 5))
    assert "第1轮，22:05，红石坎村卡口，正常。本班已巡 1/5 轮" in await stage.say("陈建国", "@小站 巡查 正常")

    heard = await step_by_step(stage, at(24, 2, 10))
    reminders = [text for text in heard.get(stage.chat, ()) if text.startswith("🔦")]
    assert len(reminders) == 1, "the group is reminded once"
    assert "00:00 这一轮巡查还没有记录，在岗的陈建国方便时请走一圈" in reminders[0]
    for chat in (lead, boss):
        alerts = [text for text in heard.get(chat, ()) if "这一轮巡查到" in text]
        assert len(alerts) == 1, "those in charge hear of it once"
        assert "00:00 这一轮巡查到 01:00 还没有记录，现在在岗：陈建国" in alerts[0]

    found = await stage.say("陈建国", "@小站 巡查 第3轮 02:10 取暖正常 灭火器压力不足，登记本缺1页 已补")
    assert "P2 巡查：第3轮，02:10，红石坎村卡口，发现问题 2 处。本班已巡 2/5 轮" in found
    assert "⚠️ P2 灭火器压力不足：待整改" in found
    assert "⚠️ P3 登记本缺1页（已补）：已整改，等复查" in found
    await stage.say("刘桂英", "@小站 指派 P2 孙晓雨")
    assert "刘桂英请您整改 P2：红石坎村卡口 灭火器压力不足" in stage.told("孙晓雨")
    assert "P2 灭火器压力不足：已整改（换了新的），等复查" in await stage.say("孙晓雨", "@小站 P2 已整改 换了新的")
    assert "孙晓雨说换了新的" in stage.told("刘桂英")
    assert "待整改：孙晓雨" in await stage.say("刘桂英", "@小站 P2 复查不通过 压力还是低")
    assert "等复查" in await stage.say("孙晓雨", "P2 已换好", alone=True)
    assert "已销号" in await stage.say("刘桂英", "P2 复查通过", alone=True)

    open_ = await stage.say("刘桂英", "@小站 /问题")
    assert "**待复查** 1 处\n- P3 红石坎村卡口 登记本缺1页（今天，陈建国）\n今天复查通过 1 处。" in open_
    assert "已销号" in await stage.say("刘桂英", "@小站 P3 复查通过")

    await step_by_step(stage, at(24, 4, 5))
    assert "第4轮" in await stage.say("陈建国", "@小站 巡查 正常")
    heard = await step_by_step(stage, at(24, 6))
    assert not [text for texts in heard.values() for text in texts if "这一轮" in text]
    assert "第5轮" in await stage.say("陈建国", "@小站 巡查 正常")
    await step_by_step(stage, at(24, 6, 10))
    await stage.say("陈建国", "@小站 离岗")

    board = await stage.say("刘桂英", "@小站 /巡查")
    assert "- 00:00：没有记录" in board
    assert "应巡 5 轮，已巡 4 轮，1 轮没有记录，下一轮 22:00" in board
    assert "待处理" not in board
    await figures(stage)
    await exports(stage)


async def figures(stage: Stage) -> None:
    """The sums of a day, of the night, and the sentence for the press."""
    day = await stage.say("刘桂英", "@小站 汇总 昨天")
    assert "巡查 1 轮；应巡 1 轮，已巡 1 轮\n" in day
    both = await stage.say("刘桂英", f"@小站 {BOTH}")
    assert "巡查 4 轮；应巡 5 轮，已巡 4 轮，1 轮没有记录" in both
    assert "发现问题 2 处，整改 2 处，复查通过 2 处" in both
    assert both.endswith(f"> {PRESS}")
    nights = Period(date(2020, 2, 23), date(2020, 2, 24))
    await same_report(stage.trial, "patrol_night.md", "平谷区/金海湖镇/红石坎村", nights, at(24, 6, 10))
    numbers = {line.split(". ")[1].split(" ")[0]: line.split(".")[0] for line in both.splitlines() if ". " in line}
    listed = await stage.say("刘桂英", f"@小站 /列 {numbers['巡查']}")
    assert "P1 第1轮 红石坎村卡口 2月23日22:05 陈建国" in listed
    assert "红石坎村卡口 2月24日00:00 没有记录" in listed
    assert "P3 红石坎村卡口 登记本缺1页" in await stage.say("刘桂英", f"@小站 /列 {numbers['发现问题']}")


async def exports(stage: Stage) -> None:
    """What `kakou export` writes of it."""
    day = Scope(date(2020, 2, 24), date(2020, 2, 24))
    with Session(stage.trial.service.reader) as session:
        patrols = list(export.rows(session, "patrol", day, ZONE))
        findings = list(export.rows(session, "findings", day, ZONE))
        slots = list(export.rows(session, "rounds", day, ZONE))
        out = io.StringIO()
        export.write_csv(findings, export.columns("findings"), out)
    assert [(row["ref"], row.get("round"), row["ok"]) for row in patrols] == [
        ("P2", 3, False),
        ("P3", 3, False),
        ("P4", None, True),
        ("P5", None, True),
    ]
    assert set(patrols[0]) <= {*export.columns("patrol")}
    assert [(row["ref"], row["state"], row["assignee"], row["fixed_by"], row["closed_by"]) for row in findings] == [
        ("P2", "closed", "孙晓雨", "孙晓雨", "刘桂英"),
        ("P3", "closed", "", "陈建国", "刘桂英"),
    ]
    assert [(row["due_at"][11:16], row["state"], row["round_ref"]) for row in slots] == [
        ("00:00", "missed", None),
        ("02:00", "done", "P2"),
        ("04:00", "done", "P4"),
        ("06:00", "done", "P5"),
    ]
    assert json.loads(json.dumps(findings[0], ensure_ascii=False))["closed_on"] == "2020-02-24"
    assert next(iter(csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff")))))["text"] == "灭火器压力不足"
