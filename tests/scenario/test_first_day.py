"""The first whole thing: a volunteer writes, the message is stored for good, the bot answers, at night the group gets its report."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.sandbox import Fault
from bot.sandbox.envelopes import Words
from bot.trial import Trial
from handlers.reports.export import rows
from storage.records import Scope
from tests.support.trials import answer, running

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2020, 2, 23, 20, 0, tzinfo=ZONE)
VILLAGE = "wrSandboxHongshikan"
TOWN = "wrSandboxJinhaihu"


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running(tmp_path, EVENING) as found:
        yield found


async def said(trial: Trial, member: str, text: str, chat: str = VILLAGE) -> str:
    """What the bot answers in the callback."""
    return await answer(trial, member, text, chat)


def exported(trial: Trial, kind: str) -> list[dict]:
    with Session(trial.service.reader) as session:
        return list(rows(session, kind, Scope(), ZONE))


def digests(trial: Trial) -> list[dict]:
    """The slots of the village's nightly digest."""
    return [row for row in exported(trial, "slots") if (row["job"], row["chat"]) == ("nightly", VILLAGE)]


def posted(trial: Trial, chat: str = VILLAGE) -> list[str]:
    """What webhooks have put into a group."""
    return [m.content for m in trial.sandbox.world.messages if m.chat == chat and m.via == "webhook"]


async def test_a_night_on_post_from_check_in_to_the_digest(trial: Trial) -> None:
    assert await said(trial, "chenjianguo", "@小站 到岗 红石坎村卡口 夜班") == (
        "✅ C1 到岗：陈建国，红石坎村卡口，夜班。辛苦了！"
    )
    await trial.sandbox.forward(timedelta(minutes=90))
    answer = await said(trial, "chenjianguo", "@小站 离岗 红石坎村卡口 测温43人次 车辆12辆")
    assert answer.splitlines() == [
        "🏁 C2 离岗：陈建国，红石坎村卡口，21:30，共1.5小时。好好休息！",
        "📝 W1 记下了：红石坎村卡口 测温 43人次，车辆 12辆。",
    ]
    await trial.sandbox.move_clock(EVENING.replace(hour=23))
    (digest,) = posted(trial)
    assert digest.splitlines() == [
        "**红石坎村 日报**",
        "> 统计期：2月23日（截至 2月23日22:00）",
        "**值守**（2月23日，截至22:00）",
        "1. 到岗 1 人次，1 人，已记 1.5 小时",
        "2. 红石坎村卡口：1 人次，1 人",
        "**工作量**（2月23日，截至22:00）",
        "3. 测温 43人次",
        "4. 车辆 12辆",
        "> 2月23日，红石坎村共派出志愿者 1 名、1 人次，值守 1.5 小时，守好 1 个点位，完成测温 43人次、车辆 12辆。",
    ]
    assert [row["state"] for row in digests(trial)] == ["armed", "sent"]


async def test_a_returnee_is_registered_and_masked_for_the_group(trial: Trial) -> None:
    form = (
        "@小站 返京登记\n姓名：何天一\n电话：13800001234\n出发地：河北省保定市\n抵京时间：2月23日下午3点（已抵京）\n"
        "居住地址：红石坎村12号\n所在单位：某某食品有限公司\n健康状况：正常\n隔离方式：居家"
    )
    answer = await said(trial, "liuguiying", form)
    assert answer.splitlines()[0] == "📋 R1 返京登记：何*（尾号1234），今天15:00已抵京，红石坎村。信息齐了，谢谢！"
    assert "何天一" not in answer
    (row,) = exported(trial, "returnee")
    assert (row["name"], row["phone"], row["community"]) == ("何天一", "13800001234", "红石坎村")


async def test_the_same_message_five_times_has_its_effects_once(trial: Trial) -> None:
    first = await trial.sandbox.say("chenjianguo", VILLAGE, "@小站 到岗 红石坎村卡口")
    again = [await trial.sandbox.again(first, fresh=fresh) for fresh in (False, True, False, True)]
    assert [delivery.status for delivery in again] == [200] * 4
    assert len(exported(trial, "check_in")) == 1
    assert len(exported(trial, "inbox")) == 1
    assert len(exported(trial, "outbox")) == 1


async def test_five_deliveries_at_once_have_their_effects_once(trial: Trial) -> None:
    chat = trial.sandbox.world.chats[VILLAGE]
    delivery = trial.sandbox.courier.prepare(
        chat, "chenjianguo", Words("@小站 到岗 东门", "", voice=False), response=True
    )
    done = await asyncio.gather(*(trial.sandbox.courier.deliver(delivery) for _ in range(5)))
    assert {d.status for d in done} == {200}
    assert len(exported(trial, "check_in")) == 1


async def test_a_summary_a_correction_and_an_undo(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 东门")
    await said(trial, "sunxiaoyu", "@小站 东门 测温120人次")
    assert "测温 120人次" in await said(trial, "liuguiying", "@小站 汇总")
    assert (
        await said(trial, "chenjianguo", "@小站 更正 C1 点位改为南门") == "✏️ C1 点位改为 南门，原来的内容留在记录里。"
    )
    assert "南门：1 人次，1 人" in await said(trial, "liuguiying", "@小站 汇总")
    assert await said(trial, "sunxiaoyu", "@小站 撤回 C1") == "C1 不是您报的，请让报的人或负责人来改。"
    assert await said(trial, "sunxiaoyu", "@小站 撤回") == "↩️ 已撤回 W1。"
    assert "测温" not in await said(trial, "liuguiying", "@小站 汇总")
    (row,) = exported(trial, "check_in")
    assert row["post"] == "南门"


async def test_the_town_sees_what_its_village_reported(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 红石坎村卡口")
    summary = await said(trial, "zhaominghua", "@小站 汇总", TOWN)
    assert summary.startswith("**金海湖镇 汇总**")
    assert "到岗 1 人次，1 人" in summary
    assert "到岗 1 人次" in await said(trial, "zhaominghua", "@小站 汇总 今天 红石坎村", TOWN)


async def test_chatter_gets_no_answer_and_is_kept(trial: Trial) -> None:
    assert await said(trial, "chenjianguo", "@小站 大家辛苦了，多穿点") == ""
    (row,) = exported(trial, "inbox")
    assert (row["state"], row["outcome"]) == ("done", "")
    assert exported(trial, "outbox") == []


async def test_what_is_missing_is_asked_for_and_the_answer_completes_the_record(trial: Trial) -> None:
    question = await said(trial, "sunxiaoyu", "@小站 更正 点位")
    assert question
    assert exported(trial, "correction") == []


async def test_a_webhook_that_is_busy_gets_the_report_later_and_once(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 东门")
    trial.sandbox.world.faults.inject("webhook/send", Fault(errcode=45009), 3)
    await trial.sandbox.move_clock(EVENING.replace(hour=22, minute=1))
    await trial.sandbox.move_clock(EVENING.replace(hour=22, minute=10))
    await trial.sandbox.move_clock(EVENING.replace(hour=22, minute=30))
    assert len([text for text in posted(trial) if "日报" in text]) == 1
    assert {row["state"] for row in exported(trial, "outbox")} == {"sent"}


async def test_a_report_missed_by_a_stop_is_posted_at_the_next_start_and_one_too_old_is_recorded(
    tmp_path: Path,
) -> None:
    first = Trial(0, tmp_path, MovableClock(EVENING))
    await first.start()
    await said(first, "chenjianguo", "@小站 到岗 东门")
    await first.stop()

    late = Trial(0, tmp_path, MovableClock(EVENING.replace(hour=23)))
    await late.start()
    await late.service.settle()
    assert len(posted(late)) == 1
    await late.stop()

    later = Trial(0, tmp_path, MovableClock(EVENING + timedelta(days=2, hours=12)))
    await later.start()
    await later.service.settle()
    states = [(row["state"], bool(row["reason"])) for row in digests(later)]
    assert states == [("armed", True), ("sent", False), ("skipped", True), ("skipped", True)]
    assert posted(later) == []
    await later.stop()
