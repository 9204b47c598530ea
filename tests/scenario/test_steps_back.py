"""撤回 right after a step that is no record of the ledger (签收 D1, 作废 1号, P1 已整改) means that step, and nothing else.
Over encrypted callbacks.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sandbox.settings import Chat, Member
from handlers.traces import STEPS
from handlers.undoing import TABLES
from storage.daily import catch_up
from storage.daily_check import differences
from storage.tables import Audit, RecordRow
from storage.tables_gate import Pass
from storage.tables_patrols import Finding, FindingEvent
from storage.tables_supplies import Enterprise, SupplyNote
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE

T = TypeVar("T")
UNIT = "平谷区/金海湖镇/红石坎村"
CHATS = (
    Chat("wrVillage", "红石坎村卡口值守群", "group", UNIT, tuple(m.user_id for m in VILLAGE)),
    Chat("wrPass", "将军关村群", "group", "平谷区/金海湖镇/将军关村", ("sun", "zhou", "boss")),
)
MEMBERS = (*VILLAGE, Member("chair", "向明", "企业工会主席"))


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 23, 9, 0, tzinfo=ZONE), MEMBERS, CHATS) as made:
        for name in ("刘桂英", "陈建国", "孙晓雨", "赵明华"):
            await made.say(name, "@小站 帮助")  # the directory knows them from now on
        yield made


async def said(stage: Stage, name: str, text: str) -> str:
    stage.clock.forward(timedelta(minutes=1))
    return await stage.say(name, f"@小站 {text}")


def books(stage: Stage, look: Callable[[Session], T]) -> T:
    with Session(stage.trial.service.reader) as session:
        return look(session)


async def sums_hold(stage: Stage) -> bool:
    """Whether the daily sums are those of the rows."""
    await stage.trial.service.writer.run(catch_up)
    return books(stage, differences) == []


def actions(stage: Stage, ref: str) -> list[str]:
    """The audit of a reference, oldest first."""
    query = select(Audit.action).where(Audit.ref == ref).order_by(Audit.id)
    return books(stage, lambda session: list(session.scalars(query)))


def active(stage: Stage, sender: str) -> list[str]:
    """The records of somebody that hold."""
    query = select(RecordRow.ref).where(RecordRow.sender == sender, RecordRow.state == "active")
    query = query.where(RecordRow.kind.not_in(("step", "undo")))
    return books(stage, lambda session: list(session.scalars(query.order_by(RecordRow.id))))


async def goods(stage: Stage) -> None:
    """Two notes on their way, and a check-in of whoever is going to sign."""
    await said(stage, "陈建国", "到岗 红石坎村卡口")
    await said(stage, "刘桂英", "复工摸排 大都饭店 正常营业 职工56人 缺口罩50只")
    await said(stage, "刘桂英", "复工摸排 阳坊超市 正常营业 职工6人 缺口罩30只")
    await said(stage, "刘桂英", "收到区总工会口罩100只")
    await said(stage, "刘桂英", "分配")
    assert "D1–D2" in await said(stage, "刘桂英", "分配 确认")


# -- goods -------------------------------------------------------------------------------------------------------------


async def test_a_signature_is_taken_back_and_nothing_else(stage: Stage) -> None:
    await goods(stage)
    await said(stage, "陈建国", "配送 D1-D2 陈建国")
    assert "D1 已签收：大都饭店 口罩50只" in await said(stage, "陈建国", "签收 D1")
    assert await said(stage, "陈建国", "撤回") == (
        "↩️ D1 的签收已撤回，现在是“配送中”，收下后再签就行。已签收 0/2 家，覆盖率 0%。"
    )
    assert active(stage, "chen") == ["C1"], "the check-in stays"
    assert actions(stage, "D1") == ["supplies.left", "supplies.signed", "step.undone"]
    note = books(stage, lambda session: session.scalar(select(SupplyNote).where(SupplyNote.ref == "D1")))
    assert note is not None
    assert (note.state, note.signed_at, note.signed_by) == ("on_way", None, None)
    assert "D1 已签收" in await said(stage, "陈建国", "签收 D1"), "it can be signed anew"
    assert await sums_hold(stage)


async def test_undoing_twice_goes_on_with_what_was_before(stage: Stage) -> None:
    await goods(stage)
    await said(stage, "陈建国", "配送 D1-D2 陈建国")
    await said(stage, "陈建国", "签收 D1")
    assert "D1 的签收" in await said(stage, "陈建国", "撤回")
    assert await said(stage, "陈建国", "撤回") == (
        "↩️ D1、D2 的配送出发已撤回，单据还在，现在是“已分配”，出发时再说一声就行。"
    )
    assert await said(stage, "陈建国", "撤回") == "↩️ 已撤回 C1。"
    assert "没找到您最近的记录" in await said(stage, "陈建国", "撤回")


async def test_a_reference_takes_one_of_several_back(stage: Stage) -> None:
    await goods(stage)
    assert "2 家" in await said(stage, "陈建国", "签收 D1-D2")
    assert "不是您报的" in await said(stage, "孙晓雨", "撤回 D2")
    assert "D2 的签收已撤回，单据还在" in await said(stage, "陈建国", "撤回 D2")
    assert "没找到 D2" in await said(stage, "陈建国", "撤回 D2"), "and no record in its place"
    assert "没找到 D9" in await said(stage, "陈建国", "D9 撤回")
    assert active(stage, "chen") == ["C1"]
    assert "D1 的签收已撤回" in await said(stage, "刘桂英", "撤回签收 D1"), "the coordinator may, too"


async def test_a_later_record_is_taken_back_first(stage: Stage) -> None:
    await goods(stage)
    await said(stage, "陈建国", "签收 D1")
    await said(stage, "陈建国", "测温43人次")
    assert await said(stage, "陈建国", "撤回") == "↩️ 已撤回 W1。"
    assert "D1 的签收已撤回" in await said(stage, "陈建国", "撤回")


async def test_steps_of_other_chats_and_other_people_are_not_meant(stage: Stage) -> None:
    await goods(stage)
    assert "D1 已签收" in await stage.say("陈建国", "签收 D1", alone=True)
    assert await said(stage, "陈建国", "撤回") == "↩️ 已撤回 C1。"
    assert "没找到您最近的记录" in await said(stage, "孙晓雨", "撤回")
    await stage.say("陈建国", "撤回", alone=True)
    assert "陈建国撤回了D1 的签收" in stage.told("刘桂英"), "whoever was told of it hears that it is not so"


async def test_the_answer_is_quoted(stage: Stage) -> None:
    await goods(stage)
    signed = await said(stage, "陈建国", "签收 D1")
    await said(stage, "陈建国", "测温43人次")
    group = stage.chat
    done = await stage.trial.sandbox.say(stage.user("陈建国"), group, "@小站 撤回", quote=signed)
    assert done.delivered
    await stage.trial.service.outbox.drain()
    assert active(stage, "chen") == ["C1", "W1"]
    assert actions(stage, "D1")[-1] == "step.undone"
    stage._heard = len(stage.world.messages)
    await stage.trial.sandbox.say(stage.user("陈建国"), group, "@小站 撤回", quote=signed)
    await stage.trial.service.outbox.drain()
    assert "已经撤回过了" in stage.posted()
    assert active(stage, "chen") == ["C1", "W1"]


async def test_a_step_is_named_by_its_kind(stage: Stage) -> None:
    await goods(stage)
    await said(stage, "陈建国", "发车证 京A12345 张某")
    await said(stage, "陈建国", "作废 1号")
    await said(stage, "陈建国", "签收 D1-D2")
    await said(stage, "陈建国", "测温43人次")
    assert "K1 的作废已撤回" in await said(stage, "陈建国", "撤回刚才的作废")
    assert "D1、D2 的签收已撤回" in await said(stage, "陈建国", "撤回签收")
    assert "没找到您最近的“签收”，没有撤回别的" in await said(stage, "陈建国", "撤销签收")
    assert active(stage, "chen") == ["C1", "K1", "W1"]
    assert "已撤回 W1" in await said(stage, "陈建国", "作废"), "the word by itself means the last message"


async def test_a_record_that_has_the_word_is_what_is_named(stage: Stage) -> None:
    await goods(stage)
    await said(stage, "陈建国", "签收 D1")
    assert "D2 已签收" in await said(stage, "陈建国", "阳坊超市 签收 口罩30只")
    assert "已撤回 G" in await said(stage, "陈建国", "撤回签收")
    assert books(stage, lambda s: {n.ref: n.state for n in s.scalars(select(SupplyNote))})["D1"] == "signed"
    assert "D1 的签收已撤回" in await said(stage, "陈建国", "撤回签收")


async def test_a_named_step_is_taken_back_whole_however_much_it_moved(stage: Stage) -> None:
    firms = [
        f"远山{'甲乙丙丁戊己庚辛'[first]}{'子丑寅卯辰巳午'[second]}饭店" for first in range(8) for second in range(7)
    ]
    await said(stage, "刘桂英", f"企业 名单 {'、'.join(firms)}")
    await said(stage, "刘桂英", f"企业 联系 {'、'.join(firms)}")
    await said(stage, "刘桂英", "测温43人次")
    assert "又算“未联系”" in await said(stage, "刘桂英", "撤回已联系")
    states = books(stage, lambda session: set(session.scalars(select(Enterprise.state))))
    assert states == {"listed"}
    assert active(stage, "lead") == ["W1"]


async def test_ones_own_words_are_quoted(stage: Stage) -> None:
    await said(stage, "陈建国", "到岗 红石坎村卡口")
    await said(stage, "陈建国", "测温43人次")
    group = stage.chat
    await stage.trial.sandbox.say(stage.user("陈建国"), group, "@小站 撤回", quote="陈建国：到岗 红石坎村卡口")
    assert active(stage, "chen") == ["W1"]
    stage._heard = len(stage.world.messages)
    await stage.trial.sandbox.say(stage.user("陈建国"), group, "@小站 撤回", quote="今天天气真好啊")
    await stage.trial.service.outbox.drain()
    assert "没认出引用的是哪一条" in stage.posted()
    assert active(stage, "chen") == ["W1"]


async def test_goods_that_were_given_to_others_since_do_not_come_back(stage: Stage) -> None:
    await goods(stage)
    assert "退回库存" in await said(stage, "陈建国", "退回 D1 没人")
    assert "D1 的退回已撤回，单据还在" in await said(stage, "陈建国", "撤回")
    await said(stage, "陈建国", "退回 D1 没人")
    await said(stage, "刘桂英", "分配")
    assert "D3" in await said(stage, "刘桂英", "分配 确认")
    assert "后来又分出去了" in await said(stage, "陈建国", "撤回")
    assert active(stage, "chen") == ["C1"]


async def test_what_was_not_delivered_is_in_stock_and_may_be_given_away(stage: Stage) -> None:
    await goods(stage)
    assert "比单据少 口罩20只" in await said(stage, "陈建国", "签收 D1 口罩30只")
    assert "D1 的签收已撤回" in await said(stage, "陈建国", "撤回")
    assert "大都饭店 口罩50只" in await said(stage, "陈建国", "签收 D1"), "all of it, not 30"


async def test_a_plan_of_sharing_out_goes_back_step_by_step(stage: Stage) -> None:
    await said(stage, "刘桂英", "复工摸排 大都饭店 正常营业 职工56人 缺口罩50只")
    await said(stage, "刘桂英", "复工摸排 阳坊超市 正常营业 职工6人 缺口罩30只")
    await said(stage, "刘桂英", "收到区总工会口罩60只")
    await said(stage, "刘桂英", "分配")
    assert "阳坊超市：口罩10只" in await said(stage, "刘桂英", "分配 改 阳坊超市 口罩 10")
    await said(stage, "刘桂英", "分配 确认")
    assert "F1 的分配确认已撤回，方案 F1 又等您确认" in await said(stage, "刘桂英", "撤回")
    assert "D1 已退回" in await said(stage, "刘桂英", "签收 D1"), "there is nothing to sign for any more"
    assert "F1 的这次改动已撤回，方案回到改之前的样子" in await said(stage, "刘桂英", "撤回")
    assert "F1 的分配方案已撤回，现在没有待确认的方案" in await said(stage, "刘桂英", "撤回")
    assert "已撤回 G1" in await said(stage, "刘桂英", "撤回"), "then the delivery that came"
    assert await sums_hold(stage)


async def test_confirmed_notes_that_have_left_stay(stage: Stage) -> None:
    await goods(stage)
    await said(stage, "陈建国", "配送 D1 陈建国")
    answer = await said(stage, "刘桂英", "撤回")
    assert "F1 的分配确认之后又有了新的动作，不能单独撤回" in answer
    assert "退回 D3" in answer
    assert active(stage, "lead") == ["E1", "E2", "G1"]


async def test_companies_go_back_to_what_was_known(stage: Stage) -> None:
    await said(stage, "刘桂英", "企业 名单 大都饭店、阳坊超市")
    await said(stage, "刘桂英", "企业 联系 大都饭店")
    assert "已撤回，又算“未联系”" in await said(stage, "刘桂英", "撤回")
    await said(stage, "刘桂英", "企业 联系 大都饭店")
    await said(stage, "刘桂英", "企业 联系 大都饭店")
    assert "大都饭店之前就联系过了，不变" in await said(stage, "刘桂英", "撤回"), "what is said again changes nothing"
    assert "已撤回，又算“未联系”" in await said(stage, "刘桂英", "撤回")
    await said(stage, "刘桂英", "企业 停业 大都饭店")
    assert "大都饭店现在：没说是否营业" in await said(stage, "刘桂英", "撤回")
    assert "不在册了" in await said(stage, "刘桂英", "撤回")
    assert "还没有登记企业" in await said(stage, "刘桂英", "企业 未报")
    assert "已登记 1 家" in await said(stage, "刘桂英", "企业 名单 大都饭店"), "it may be listed anew"
    await said(stage, "刘桂英", "复工摸排 阳坊超市 职工6人")
    await said(stage, "刘桂英", "企业 联系人 大都饭店 王建国 13800001111")
    assert "请直接再说一遍：企业 联系人" in await said(stage, "刘桂英", "撤回")
    await said(stage, "刘桂英", "企业 合并 E1 E2 确定")
    assert "分不开" in await said(stage, "刘桂英", "撤回")


# -- passes and the gate -----------------------------------------------------------------------------------------------


async def test_passes(stage: Stage) -> None:
    await said(stage, "陈建国", "到岗 红石坎村卡口")
    await said(stage, "陈建国", "发车证 京A12345 张某 有效期至3月31日")
    await said(stage, "陈建国", "作废 1号")
    assert await said(stage, "陈建国", "撤回") == (
        "↩️ K1 的作废已撤回，0001号 车证照常有效，有效至3月31日，请照常放行。"
    )
    await said(stage, "陈建国", "续期 1号 至4月30日")
    assert "K1 的续期已撤回，0001号 车证照常有效，有效至3月31日" in await said(stage, "陈建国", "撤回")
    row = books(stage, lambda session: session.scalar(select(Pass)))
    assert row is not None
    assert (row.state, row.closed_on, "closed" in row.details) == ("active", None, False)
    assert actions(stage, "K1") == ["pass.void", "step.undone", "pass.renewed", "step.undone"]
    assert active(stage, "chen") == ["C1", "K1"]
    assert await sums_hold(stage)


async def test_a_step_that_says_again_what_is_so_changes_nothing(stage: Stage) -> None:
    await said(stage, "陈建国", "发车证 京A12345 张某 有效期至3月31日")
    await said(stage, "陈建国", "续期 1号 至3月31日")
    assert "0001号 车证照常有效，有效至3月31日" in await said(stage, "陈建国", "撤回")
    await said(stage, "陈建国", "没有核酸证明 1人")
    await said(stage, "陈建国", "处置 J1 劝返")
    await said(stage, "陈建国", "处置 J1 劝返")
    assert "J1 的处置已撤回，处置还是“劝返”" in await said(stage, "陈建国", "撤回")
    assert "J1 的处置已撤回，现在还没写怎么处置" in await said(stage, "陈建国", "撤回")


async def test_a_void_pass_stays_void_where_another_was_issued(stage: Stage) -> None:
    await said(stage, "陈建国", "发车证 京A12345 张某")
    await said(stage, "陈建国", "作废 1号")
    await said(stage, "孙晓雨", "发车证 京A12345 张某")
    assert "后来又发了 0002号" in await said(stage, "陈建国", "撤回")
    assert active(stage, "chen") == ["K1"]


async def test_what_was_done_at_the_gate(stage: Stage) -> None:
    await said(stage, "陈建国", "进 李某 京A12345 体温36.5")
    await said(stage, "陈建国", "没有核酸证明 1人")
    await said(stage, "陈建国", "处置 J2 劝返")
    assert "J2 的处置已撤回，现在还没写怎么处置" in await said(stage, "陈建国", "撤回")
    await said(stage, "陈建国", "处置 J2 劝返")
    await said(stage, "陈建国", "处置 J2 放行")
    assert "处置还是“劝返”" in await said(stage, "陈建国", "撤回")
    assert active(stage, "chen") == ["J1", "J2"]


async def test_somebody_who_left_is_called_on(stage: Stage) -> None:
    await stage.say("刘桂英", "离京登记 王大力 13900001234", alone=True)
    await stage.say("刘桂英", "Q1 未接", alone=True)
    await stage.say("刘桂英", "结束 Q1", alone=True)
    assert "Q1 的结束已撤回，还在待打电话的名单里" in await stage.say("刘桂英", "撤回", alone=True)
    assert "Q1" in await stage.say("刘桂英", "待打电话", alone=True)


# -- findings and plans of rounds --------------------------------------------------------------------------------------


async def test_findings(stage: Stage) -> None:
    await said(stage, "陈建国", "到岗 红石坎村卡口")
    await said(stage, "孙晓雨", "巡查 第1轮 红石坎村卡口 灭火器过期")
    await said(stage, "陈建国", "P1 已整改 换了新的")
    assert "↩️ P1 的整改已撤回，灭火器过期：待指派。" in await said(stage, "陈建国", "撤回")
    assert "陈建国撤回了P1 的整改" in stage.told("刘桂英"), "who was asked to look at it again"
    assert active(stage, "chen") == ["C1"]
    await said(stage, "刘桂英", "指派 P1 陈建国")
    assert "P1 的指派已撤回，灭火器过期：待指派" in await said(stage, "刘桂英", "撤回")
    assert "P1 的指派" in stage.told("陈建国")
    await said(stage, "陈建国", "P1 我来改")
    await said(stage, "陈建国", "P1 已整改 换了新的")
    await said(stage, "孙晓雨", "P1 复查通过")
    assert "P1 的整改之后又有了新的动作，不能单独撤回" in await said(stage, "陈建国", "撤回")
    assert "P1 的复查通过已撤回，灭火器过期：待复查" in await said(stage, "孙晓雨", "撤回")
    assert "P1 的整改已撤回，灭火器过期：待整改（陈建国）" in await said(stage, "陈建国", "撤回"), "the check is gone"
    steps = books(stage, lambda s: list(s.scalars(select(FindingEvent.action).order_by(FindingEvent.id))))
    assert steps == [
        "find",
        "fix",
        "take_back",
        "assign",
        "take_back",
        "assign",
        "fix",
        "pass",
        "take_back",
        "take_back",
    ]
    row = books(stage, lambda session: session.scalar(select(Finding)))
    assert row is not None
    assert (row.state, row.assignee, row.fixed_by, row.closed_by) == ("assigned", "陈建国", "", "")
    assert (row.fixed_on, row.closed_on, row.returned) == (None, None, 0)
    assert "撤回上一步 孙晓雨" in await said(stage, "孙晓雨", "P1 历史")
    assert await sums_hold(stage)


async def test_the_reference_of_a_finding_means_the_finding_where_it_is_the_writers(stage: Stage) -> None:
    await said(stage, "孙晓雨", "巡查 第1轮 红石坎村卡口 灭火器过期")
    await said(stage, "陈建国", "P1 已整改")
    assert "P1 的整改已撤回" in await said(stage, "陈建国", "撤回 P1"), "his is the step"
    assert await said(stage, "孙晓雨", "P1 撤回") == "↩️ 已撤回 P1。", "hers is the finding"


async def test_plans_of_rounds(stage: Stage) -> None:
    await said(stage, "刘桂英", "巡查 每2小时 22:00-6:00 红石坎村卡口")
    await said(stage, "刘桂英", "巡查 每小时 22:00-6:00 红石坎村卡口")
    assert "照旧提醒：红石坎村卡口 每2小时（22:00–次日06:00）" in await said(stage, "刘桂英", "撤回")
    shown = await said(stage, "刘桂英", "巡查计划")
    assert "每2小时" in shown
    assert "每1小时" not in shown
    await said(stage, "刘桂英", "巡查 停")
    assert "停巡查已撤回，照旧提醒：红石坎村卡口 每2小时" in await said(stage, "刘桂英", "撤回")
    assert "每2小时" in await said(stage, "刘桂英", "巡查计划")
    assert "巡查计划已撤回，这份巡查计划不算了" in await said(stage, "刘桂英", "撤回")
    assert "还没有巡查计划" in await said(stage, "刘桂英", "巡查计划")


# -- returnees ---------------------------------------------------------------------------------------------------------


async def test_cases(stage: Stage) -> None:
    async def alone(text: str) -> str:
        stage.clock.forward(timedelta(minutes=1))
        return await stage.say("刘桂英", text, alone=True)

    await alone("返京登记 姓名：王大力 电话：13900001234 抵京时间：2月22日8点 居住地址：红石坎村88号")
    assert "已领取 1 人" in await alone("领取 1")
    assert await alone("撤回") == "↩️ R1 的领取已撤回，R1 现在“待核实”。"
    await alone("领取 1")
    await alone("R1 未接")
    assert "已撤回 V1" in await alone("撤回")
    assert "R1 的领取已撤回" in await alone("撤回"), "the call after it was taken back before"
    await alone("注销 R1 不来了")
    assert "R1 的注销已撤回，R1 现在“待核实”" in await alone("撤回")
    assert "已撤回 R1" in await alone("撤回"), "then the registration"


# -- notices -----------------------------------------------------------------------------------------------------------


async def test_notices(stage: Stage) -> None:
    await said(stage, "赵明华", "测温43人次")
    await said(stage, "赵明华", "通知 红石坎村、将军关村 今晚10点前上报人数")
    assert "T1 的通知已撤回，好的，T1 不发了" in await said(stage, "赵明华", "撤回")
    await said(stage, "赵明华", "通知 明早8点 红石坎村、将军关村 上报人数")
    await said(stage, "赵明华", "确认发送 T2")
    await said(stage, "赵明华", "取消通知 T2")
    assert "T2 的取消已撤回，T2 照原定" in await said(stage, "赵明华", "撤回")
    await said(stage, "赵明华", "通知 红石坎村 马上上报人数")
    assert "T3 已经发出去了，收不回来" in await said(stage, "赵明华", "撤回")
    assert active(stage, "boss") == ["W1"], "nothing else was taken in its place"
    await said(stage, "刘桂英", "收到 T3")
    assert "T3 的“收到”已撤回，T3 还等红石坎村确认" in await said(stage, "刘桂英", "撤回")
    assert "T3 已确认" in await said(stage, "刘桂英", "收到 T3")


# -- the plan and its hours ---------------------------------------------------------------------------------------------


async def test_a_plan_is_taken_back_unless_somebody_has_swapped_on_it(stage: Stage) -> None:
    await said(stage, "刘桂英", "到岗 红石坎村卡口")
    assert "B1" in await said(stage, "刘桂英", "排班 东门 夜班 20:00-8:00 孙晓雨 2月24日")
    assert "B1 的排班已撤回，这个班不排了" in await said(stage, "刘桂英", "撤回")
    assert "孙晓雨" not in await said(stage, "刘桂英", "排班表")
    await said(stage, "刘桂英", "排班 东门 夜班 20:00-8:00 孙晓雨 2月24日")
    await said(stage, "孙晓雨", "替班 马志强替孙晓雨 2月24日夜班")
    assert "B2 的排班之后又有了新的动作" in await said(stage, "刘桂英", "撤回 B2")
    assert "替班的人" in await said(stage, "孙晓雨", "撤回")
    assert active(stage, "lead") == ["C1"]


async def test_hours_are_unconfirmed(stage: Stage) -> None:
    await said(stage, "陈建国", "到岗 红石坎村卡口")
    stage.clock.forward(timedelta(hours=3))
    await said(stage, "陈建国", "离岗")
    assert "1" in await said(stage, "刘桂英", "确认工时")
    assert "确认工时已撤回，1 段工时还没确认" in await said(stage, "刘桂英", "撤回")
    assert "1" in await said(stage, "刘桂英", "确认工时")
    assert await sums_hold(stage)


# -- what cannot be taken back -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("我是陈建国", "请直接再说一次，例如：我是张三"),
        ("日报 21:00", "日报 停"),
        ("任命 孙晓雨 卡口长", "免去"),
    ],
)
async def test_a_step_that_cannot_be_taken_back_takes_no_record_with_it(stage: Stage, text: str, answer: str) -> None:
    await said(stage, "刘桂英", "到岗 红石坎村卡口")
    await said(stage, "刘桂英", text)
    assert answer in await said(stage, "刘桂英", "撤回")
    assert active(stage, "lead") == ["C1"]


async def test_a_setting_that_could_not_be_made_is_no_step(stage: Stage) -> None:
    groups = stage.trial.service._groups
    for chat, group in groups.items():
        groups[chat] = group.model_copy(update={"report_to": "", "receive": ""})
    await said(stage, "刘桂英", "到岗 红石坎村卡口")
    assert "还没有能推送的通道" in await said(stage, "刘桂英", "日报 21:00")
    assert "已撤回 C1" in await said(stage, "刘桂英", "撤回")


async def test_nothing_that_identifies_anybody_is_remembered_with_a_step(stage: Stage) -> None:
    await said(stage, "陈建国", "发车证 京A12345 张某")
    await said(stage, "陈建国", "作废 1号")
    await said(stage, "陈建国", "进 李某 京B54321 体温36.5")
    await said(stage, "陈建国", "处置 J1 劝返")
    query = select(RecordRow).where(RecordRow.kind == "step")
    told = books(stage, lambda s: json.dumps([row.fields for row in s.scalars(query)], ensure_ascii=False))
    assert "pass.void" in told
    assert not any(word in told for word in ("12345", "54321", "张某", "李某"))


async def test_a_correction_is_corrected_again_and_takes_no_record_with_it(stage: Stage) -> None:
    await said(stage, "陈建国", "到岗 红石坎村卡口")
    await said(stage, "陈建国", "测温43人次")
    assert "C1 点位改为 南门" in await said(stage, "陈建国", "更正 C1 点位改为南门")
    answer = await said(stage, "陈建国", "撤回")
    assert "C1 的更正不能撤回。要改回去请再更正一次" in answer
    assert active(stage, "chen") == ["C1", "W1", "X2"], "the correction is in the ledger, too"
    assert "已撤回 C1" in await said(stage, "陈建国", "撤回 C1")


# -- exactly as it was -------------------------------------------------------------------------------------------------

WORLD = (
    "复工摸排 大都饭店 正常营业 职工56人 缺口罩50只",
    "复工摸排 阳坊超市 正常营业 职工6人 缺口罩30只",
    "企业 名单 八口商店、九口商店",
    "收到区总工会口罩100只",
    "分配",
    "分配 确认",
    "配送 D1 李四 京A12345",
    "收到区总工会口罩9只、84消毒液5瓶",
    "复工摸排 阳坊超市 缺84消毒液9瓶",
    "分配",
    "发证 居民 张某 3号楼2单元501",
    "发车证 京A12345 张某 有效期至3月31日",
    "没有核酸证明 1人",
    "处置 J1 劝返",
    "巡查 每2小时 22:00-6:00 红石坎村卡口",
    "巡查 第1轮 红石坎村卡口 灭火器过期",
    "巡查 第1轮 东门 登记本缺1页 已补",
    "指派 P1 孙晓雨",
    "离京 王大力 13900001234",
    "通知 明早8点 本群 上报人数",
)
EXACT = (
    "签收 D1",
    "签收 D1 口罩40只",
    "签收 D1-D2",
    "签收 阳坊超市",
    "配送 D1-D2 陈建国 京B54321",
    "退回 D2 没人",
    "分配",
    "分配 改 阳坊超市 84消毒液 2",
    "分配 确认",
    "分配 取消",
    "企业 联系 八口商店",
    "企业 停业 大都饭店",
    "企业 不同 E1 E2",
    "作废 1号",
    "续期 2号 至5月1日",
    "续期 1号 至5月1日",
    "处置 J1 放行",
    "结束 Q1",
    "巡查 每小时 22:00-6:00 红石坎村卡口",
    "巡查 停",
    "指派 P1 陈建国",
    "P1 已整改 换了新的",
    "P2 复查不通过 还缺",
    "P2 重开 又缺了",
    "取消通知 T1",
)


def snapshot(stage: Stage) -> dict[str, dict[int, dict[str, object]]]:
    """Everything that steps may change, by table and row."""
    found: dict[str, dict[int, dict[str, object]]] = {}
    for name in STEPS:
        table = TABLES[name]
        columns = [one.key for one in table.__mapper__.column_attrs if not one.key.startswith("_")]
        rows = books(stage, lambda session, table=table: list(session.scalars(select(table))))
        found[name] = {row.id: {column: getattr(row, column) for column in columns} for row in rows}
    return found


async def test_whatever_can_be_taken_back_is_exactly_as_it_was(stage: Stage) -> None:
    for words in WORLD:
        await said(stage, "刘桂英", words)
    before, kept = snapshot(stage), active(stage, "lead")
    for text in EXACT:
        done = await said(stage, "刘桂英", text)
        assert snapshot(stage) != before, done
        answer = await said(stage, "刘桂英", "撤回")
        assert answer.startswith("↩️"), (text, answer)
        after = snapshot(stage)
        assert {name: {number: after[name][number] for number in rows} for name, rows in before.items()} == before, text
        assert active(stage, "lead") == kept, text
        before = after  # with what the step had made, marked as undone
    assert await sums_hold(stage)
