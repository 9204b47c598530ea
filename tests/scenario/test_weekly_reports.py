"""Reports of a week and of a month as a group asked for them, and those of a team and an employer."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.trial import Trial
from handlers.reports.data import Period
from storage.tables import Duty
from storage.tables_org import Person
from tests.support.golden import same, same_report

ZONE = ZoneInfo("Asia/Shanghai")
THURSDAY = datetime(2020, 2, 20, 8, 0, tzinfo=ZONE)
VILLAGE, UNIT = "wrSandboxHongshikan", "平谷区/金海湖镇/红石坎村"
STORY = (
    (20, 8, "chenjianguo", "到岗 东门"),
    (20, 12, "chenjianguo", "离岗 东门 测温120人次 劝返12人"),
    (22, 8, "chenjianguo", "到岗 东门"),
    (22, 9, "sunxiaoyu", "到岗 西门 孙小雨、赵大勇"),
    (22, 14, "sunxiaoyu", "离岗 西门 孙小雨、赵大勇"),
    (22, 16, "chenjianguo", "离岗 东门 测温80人次 劝返15人"),
    (23, 10, "sunxiaoyu", "西门 巡查 正常"),
)
"""Three people, four times: 4 and 8 hours at the one gate, 5 and 5 at the other."""


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    found = Trial(0, tmp_path, MovableClock(THURSDAY))
    await found.start()
    try:
        found.sandbox.next_due = lambda _after: None
        await answer(found, "zhaominghua", "@小站 /周报 8:30", VILLAGE)
        await answer(found, "zhaominghua", "@小站 /月报 9:00", VILLAGE)
        for day, hour, member, text in STORY:
            await found.sandbox.move_clock(datetime(2020, 2, day, hour, tzinfo=ZONE))
            await answer(found, member, f"@小站 {text}", VILLAGE)
        yield found
    finally:
        await found.stop()


async def answer(trial: Trial, member: str, text: str, chat: str) -> str:
    delivery = await trial.sandbox.say(member, chat, text)
    assert delivery.status == 200
    return delivery.reply or ""


def posted(trial: Trial, word: str) -> list[str]:
    return [
        m.content
        for m in trial.sandbox.world.messages
        if m.chat == VILLAGE and m.via == "webhook" and word in m.content
    ]


async def at(trial: Trial, month: int, day: int, hour: int, minute: int) -> None:
    await trial.sandbox.move_clock(datetime(2020, month, day, hour, minute, tzinfo=ZONE))
    await trial.service.outbox.drain()


async def test_a_week_and_a_month_on_their_days(trial: Trial) -> None:
    await at(trial, 2, 23, 9, 0)
    await at(trial, 2, 24, 8, 31)
    (week,) = posted(trial, "周报")
    same("village_week_posted.md", week)
    await at(trial, 2, 25, 8, 31)
    assert len(posted(trial, "周报")) == 1, "on Mondays alone"
    await at(trial, 3, 1, 8, 56)
    assert posted(trial, "月报") == []
    await at(trial, 3, 1, 9, 1)
    (month,) = posted(trial, "月报")
    same("village_month_posted.md", month)


async def test_the_numbers_of_a_week(trial: Trial) -> None:
    week = Period(date(2020, 2, 17), date(2020, 2, 23))
    sheets = ("指标", "按日按单位", "值守明细", "工作量明细")
    now = datetime(2020, 2, 23, 22, 0, tzinfo=ZONE)
    await same_report(trial, "village_week_numbers.md", UNIT, week, now, sheets=sheets)


def _employed(session: Session) -> None:
    for name, team, employer in (
        ("陈建国", "平谷区志愿者/平谷大队/一组", "某某食品有限公司"),
        ("赵大勇", "平谷区志愿者/平谷大队", ""),
        ("孙小雨", "", "某某食品有限公司"),
    ):
        person = Person(name=name, unit=UNIT, team=team, employer=employer)
        session.add(person)
        session.flush()
        for row in session.scalars(select(Duty).where(Duty.person == name)):
            row.person_id = person.id


async def test_a_team_and_an_employer(trial: Trial) -> None:
    await trial.service.writer.run(_employed)
    await trial.sandbox.move_clock(THURSDAY + timedelta(days=3, hours=12))
    for text, said in (
        ("队伍 平谷大队 本周", "**平谷大队 汇总**\n> 统计期：2月17日至2月23日（截至 2月23日20:00）\n到岗 3 人次，2 人，已记 17 小时"),
        ("队伍 一组 昨天", "**一组 汇总**\n> 统计期：2月22日（截至 2月23日20:00）\n到岗 1 人次，1 人，已记 8 小时"),
        ("企业 某某食品有限公司 本周", "**某某食品有限公司 汇总**\n> 统计期：2月17日至2月23日（截至 2月23日20:00）\n到岗 3 人次，2 人，已记 17 小时"),
        ("汇总 本周 某某食品有限公司 西门", "**某某食品有限公司 西门 汇总**\n> 统计期：2月17日至2月23日（截至 2月23日20:00）\n到岗 1 人次，1 人，已记 5 小时"),
    ):  # fmt: skip
        assert await answer(trial, "zhaominghua", f"@小站 {text}", VILLAGE) == said, text
