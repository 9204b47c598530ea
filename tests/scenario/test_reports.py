"""Reports as a town sees them: orders in the chat, questions, lists behind the lines, late reports, roll-up."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.trial import Trial
from handlers.reports import chat_times, desk
from storage import daily, daily_check
from storage.tables import Outbox, Slot
from tests.support.trials import answer, running

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2020, 2, 23, 19, 0, tzinfo=ZONE)
VILLAGE, TOWN = "wrSandboxHongshikan", "wrSandboxJinhaihu"


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running(tmp_path, START) as found:
        yield found


async def said(trial: Trial, member: str, text: str, chat: str = VILLAGE) -> str:
    return await answer(trial, member, text, chat)


def posted(trial: Trial, chat: str = VILLAGE, word: str = "日报") -> list[str]:
    return [
        m.content for m in trial.sandbox.world.messages if m.chat == chat and m.via == "webhook" and word in m.content
    ]


async def at(trial: Trial, hour: int, minute: int = 0, day: int = 23) -> None:
    await trial.sandbox.move_clock(START.replace(day=day, hour=hour, minute=minute))


async def test_the_town_gets_its_sum_with_one_line_for_each_village(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 东门 陈建国、赵大勇")
    await said(trial, "sunxiaoyu", "@小站 东门 测温120人次")
    await said(trial, "zhaominghua", "@小站 到岗 镇政府门口", TOWN)
    await at(trial, 22, 1)
    (village,), (town,) = posted(trial), posted(trial, TOWN)
    assert "1. 到岗 2 人次，2 人，2 人次还在岗\n" in village
    assert "1. 到岗 3 人次，3 人，3 人次还在岗\n" in town
    assert "红石坎村：到岗 2 人次、2 人；测温 120人次" in town
    assert town.splitlines()[-1] == ("> 2月23日，金海湖镇共派出志愿者 3 名、3 人次，守好 2 个点位，完成测温 120人次。")


async def test_a_unit_that_sent_nothing_is_named(trial: Trial) -> None:
    await said(trial, "zhaominghua", "@小站 到岗 镇政府门口", TOWN)
    assert "没有上报：红石坎村（1个）" in await said(trial, "zhaominghua", "@小站 汇总", TOWN)


async def test_a_late_report_amends_the_day_and_the_next_digest_tells_it(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 东门 测温43人次")
    await at(trial, 22, 1)
    await said(trial, "sunxiaoyu", "@小站 西门 测温20人次")
    await at(trial, 22, 31)
    amended = "🔁 **红石坎村 2月23日 补报**（截至 2月23日22:10）：测温 43→63人次\n> 2月23日，红石坎村完成测温 63人次。"
    assert posted(trial, word="补报") == [amended]
    await said(trial, "sunxiaoyu", "@小站 北门 测温7人次")
    await at(trial, 23, 0)
    assert len(posted(trial, word="补报")) == 1, "one an hour at most"
    await at(trial, 23, 31)
    assert posted(trial, word="补报")[1].splitlines()[0].endswith("测温 63→70人次")
    await at(trial, 22, 1, day=24)
    assert "**前面日报的更正**\n2月23日：测温 43→70人次" in posted(trial)[-1]
    await at(trial, 22, 1, day=25)
    assert "更正" not in posted(trial)[-1]


async def test_a_group_sets_its_own_times_and_stops_them(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 东门 测温43人次")
    assert (await said(trial, "liuguiying", "@小站 /日报 停")) == "报表的时间和内容由负责人来定，请找：zhaominghua。"
    answer = await said(trial, "zhaominghua", "@小站 /日报 20:30 21点半")
    assert answer == "⏰ 好的，本群日报每天 20:30、21:30 发。停发请回：/日报 停"
    await at(trial, 20, 30)
    await at(trial, 21, 30)
    await at(trial, 23)
    assert [text.splitlines()[1] for text in posted(trial)] == [
        "> 统计期：2月23日（截至 2月23日20:30）",
        "> 统计期：2月23日（截至 2月23日21:30）",
    ]
    assert slots(trial, "nightly") == [("skipped", "the chat has its own times")]
    await said(trial, "zhaominghua", "@小站 /日报 停")
    await at(trial, 23, day=24)
    assert len(posted(trial)) == 2
    assert slots(trial, "nightly")[-1] == ("skipped", "stopped in the chat")


def slots(trial: Trial, job: str) -> list[tuple[str, str]]:
    with Session(trial.service.reader) as session:
        query = select(Slot.state, Slot.reason).where(Slot.job == job, Slot.chat == VILLAGE, Slot.state != "armed")
        return [(row[0], row[1]) for row in session.execute(query.order_by(Slot.slot))]


async def test_sections_are_chosen_by_the_group(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 东门")
    await said(trial, "chenjianguo", "@小站 东门 测温43人次")
    assert "工作量" not in await said(trial, "zhaominghua", "@小站 /日报 只要 值守")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "**值守**" in answer
    assert "**工作量**" not in answer
    assert answer.splitlines()[-1] == "> 2月23日，红石坎村共派出志愿者 1 名、1 人次，守好 1 个点位。"
    await said(trial, "zhaominghua", "@小站 /日报 全部")
    assert "**工作量**" in await said(trial, "liuguiying", "@小站 汇总")


async def test_an_amendment_tells_what_the_group_wants_to_see(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 东门")
    await said(trial, "chenjianguo", "@小站 东门 测温43人次")
    await said(trial, "zhaominghua", "@小站 /日报 不要 工作量")
    await at(trial, 22, 1)
    assert "测温" not in posted(trial)[0]
    await said(trial, "sunxiaoyu", "@小站 西门 测温20人次")
    await at(trial, 22, 21)
    assert posted(trial, word="补报") == [], "the group does not see what has changed"
    await said(trial, "sunxiaoyu", "@小站 到岗 西门")
    await at(trial, 22, 41)
    assert posted(trial, word="补报") == [
        (
            "🔁 **红石坎村 2月23日 补报**（截至 2月23日22:30）：到岗人次 1→2人次，到岗人数 1→2人，有人的点位 1→2个\n"
            "> 2月23日，红石坎村共派出志愿者 2 名、2 人次，守好 2 个点位。"
        )
    ]


async def test_every_number_can_be_listed(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 到岗 东门")
    await said(trial, "sunxiaoyu", "@小站 东门 测温43人次")
    await said(trial, "sunxiaoyu", "@小站 西门 测温20人次")
    assert (await said(trial, "liuguiying", "@小站 /列 1")).startswith("本群还没有发过报表")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "3. 测温 63人次" in answer
    assert (await said(trial, "liuguiying", "@小站 /列 3")).splitlines() == [
        "**第3条** 测温 63人次",
        "共 2 条记录：",
        "- W1 测温 43人次 东门 2月23日19:00",
        "- W2 测温 20人次 西门 2月23日19:00",
    ]
    assert (await said(trial, "liuguiying", "@小站 /列 9")).startswith("没有第 9 条")


async def test_hours_that_two_people_reported_of_one_count_once(trial: Trial) -> None:
    await said(trial, "chenjianguo", "@小站 陈建国 8:00-12:00 东门")
    await said(trial, "sunxiaoyu", "@小站 陈建国 10:00-13:00 东门 赵大勇")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "1. 到岗 3 人次，2 人，已记 8 小时" in answer
    assert answer.splitlines()[-1] == "> 2月23日，红石坎村共派出志愿者 2 名、3 人次，值守 8 小时，守好 1 个点位。"
    listed = (await said(trial, "liuguiying", "@小站 /列 1")).splitlines()[2:]
    assert listed == [
        "- C1 陈建国 东门 2月23日08:00–12:00 4小时",
        "- C2 陈建国 东门 2月23日10:00–13:00 3小时（2小时和别的记录重叠，只计一次）",
        "- C2 赵大勇 东门 2月23日10:00–13:00 3小时",
    ]
    await said(trial, "liuguiying", "@小站 导出")
    await trial.service.outbox.drain()
    with Session(trial.service.reader) as session:
        row = session.scalars(select(Outbox).where(Outbox.form == "file")).one()
        assert daily_check.differences(session) == []
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(row.media or b"")).get_sheet_by_name("值守明细").to_python()
    assert [sheet[0][7:9], *(line[7:9] for line in sheet[1:])] == [
        ["小时", "计入小时"],
        [4.0, 4.0],
        [3.0, 1.0],
        [3.0, 3.0],
    ]


async def test_figures_are_asked_for_in_plain_words(trial: Trial) -> None:
    await said(trial, "sunxiaoyu", "@小站 东门 测温43人次")
    answer = await said(trial, "zhaominghua", "@小站 红石坎村这周测温多少", TOWN)
    assert answer == "红石坎村 2月17日至2月23日（截至 2月23日19:00）：测温 43人次。"
    assert "还没有人报到岗" in await said(trial, "zhaominghua", "@小站 今天到岗多少人", TOWN)


async def test_an_export_is_masked_for_the_group(trial: Trial) -> None:
    form = (
        "@小站 返京登记\n姓名：何天一\n电话：13800001234\n出发地：河北省保定市\n抵京时间：2月23日下午3点（已抵京）\n"
        "居住地址：红石坎村12号\n所在单位：某某食品有限公司\n健康状况：正常\n隔离方式：居家"
    )
    await said(trial, "liuguiying", form)
    await said(trial, "sunxiaoyu", "@小站 东门 测温43人次")
    assert "个人信息已隐去" in await said(trial, "liuguiying", "@小站 导出")
    await trial.service.outbox.drain()
    with Session(trial.service.reader) as session:
        row = session.scalars(select(Outbox).where(Outbox.form == "file")).one()
    assert row.file_name == "红石坎村汇总-20200223.xlsx"
    book = CalamineWorkbook.from_filelike(io.BytesIO(row.media or b""))
    people = book.get_sheet_by_name("返京人员").to_python()
    assert people[1][3:6] == ["何*", "尾号1234", "红石坎村"]
    assert book.get_sheet_by_name("工作量明细").to_python()[1][4:6] == ["测温", 43.0]
    assert {name: value for name, value, *_ in book.get_sheet_by_name("指标").to_python()[1:]}["返京登记"] == 1


async def test_figures_that_were_perhaps_told_twice_are_pointed_out_until_somebody_decides(trial: Trial) -> None:
    for minutes, member, text in ((0, "chenjianguo", "东门 测温118人次"), (9, "sunxiaoyu", "东门 测温118人次")):
        await at(trial, 19, minutes)
        await said(trial, member, f"@小站 {text}")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "1. 测温 236人次" in answer
    assert "2. 可能重报 1 处：W2（重复 W2 / 不重复 W2）" in answer
    assert (await said(trial, "liuguiying", "@小站 /列 2")).splitlines()[1:] == [
        "共 2 条记录：",
        "- W1 测温 118人次 东门 2月23日19:00",
        "- W2 测温 118人次 东门 2月23日19:09",
    ]
    await said(trial, "sunxiaoyu", "@小站 重复 W2")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "1. 测温 118人次" in answer
    assert "可能重报" not in answer


async def test_figures_that_are_no_doubles_are_left_in_peace(trial: Trial) -> None:
    for minutes, member in ((0, "chenjianguo"), (9, "sunxiaoyu")):
        await at(trial, 19, minutes)
        await said(trial, member, "@小站 东门 测温118人次")
    await said(trial, "sunxiaoyu", "@小站 不重复 W2")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "1. 测温 236人次" in answer
    assert "可能重报" not in answer


async def test_a_corrected_count_is_what_the_report_says(trial: Trial) -> None:
    await said(trial, "sunxiaoyu", "@小站 西门 测温56人次 车辆30辆")
    await said(trial, "sunxiaoyu", "@小站 更正 W1 测温 65人次")
    answer = await said(trial, "liuguiying", "@小站 汇总")
    assert "1. 测温 65人次" in answer
    assert "2. 车辆 30辆" in answer
    await said(trial, "sunxiaoyu", "@小站 撤回 W1")
    assert "测温" not in await said(trial, "liuguiying", "@小站 汇总")


async def test_the_books_agree_with_the_aggregates_afterwards(trial: Trial) -> None:
    for text in ("到岗 东门", "离岗 测温43人次", "更正 C1 点位改为南门", "巡查 第2轮 登记本缺1页", "撤回"):
        await said(trial, "chenjianguo", f"@小站 {text}")
    await trial.sandbox.forward(timedelta(hours=5))
    await trial.service.writer.run(daily.catch_up)
    with Session(trial.service.reader) as session:
        assert daily_check.differences(session) == []


async def test_a_report_as_picture_workbook_and_a_word_to_those_who_act(trial: Trial) -> None:
    await said(trial, "liuguiying", "@小站 招募 红石坎村 6人 明天9点前到")
    await said(trial, "sunxiaoyu", "@小站 东门 测温43人次")
    service = trial.service
    plan = desk.ByChat("all-forms", "day", forms=("text", "picture", "workbook"), mention=True)
    known = service.scheduler.jobs["nightly"]
    compose = partial(desk.post, service._report_desk(), plan, 1)
    service.scheduler.jobs["all-forms"] = replace(known, name="all-forms", compose=compose)
    assert await service.scheduler.run_now("all-forms", VILLAGE) == 1
    await service.outbox.drain()
    with Session(service.reader) as session:
        rows = session.scalars(select(Outbox).where(Outbox.purpose == "report").order_by(Outbox.id)).all()
    assert [(row.form, row.state) for row in rows] == [
        ("markdown", "sent"),
        ("image", "sent"),
        ("file", "sent"),
        ("text", "sent"),
    ]
    assert "招募还缺 6 人" in rows[-1].content
    assert rows[-1].mentions == ["zhaominghua"]
    shown = [m for m in trial.sandbox.world.messages if m.chat == VILLAGE and m.via == "webhook"]
    assert len(shown) == 4


async def test_one_chat_that_fails_does_not_stand_in_the_way_of_others(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    await said(trial, "zhaominghua", "@小站 /日报 20:30")
    await said(trial, "zhaominghua", "@小站 /日报 20:30", TOWN)
    real = desk.made_all

    def broken(session: Session, period: object, places: list[str], *args: object, **kwargs: object) -> object:
        if any(place.endswith("红石坎村") for place in places):
            raise ValueError("broken")
        return real(session, period, places, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(desk, "made_all", broken)
    await at(trial, 20, 31)
    assert (len(posted(trial)), len(posted(trial, TOWN))) == (0, 1)
    monkeypatch.setattr(desk, "made_all", real)
    await at(trial, 20, 36)
    assert (len(posted(trial)), len(posted(trial, TOWN))) == (1, 1)


async def test_many_groups_with_times_of_their_own_are_looked_at_in_shares(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_times, "AT_ONCE", 1)
    await said(trial, "zhaominghua", "@小站 /日报 20:30")
    await said(trial, "zhaominghua", "@小站 /日报 20:30", TOWN)
    await at(trial, 20, 31)
    await at(trial, 20, 36)
    await at(trial, 20, 41)
    assert (len(posted(trial)), len(posted(trial, TOWN))) == (1, 1)
    with Session(trial.service.reader) as session:
        shares = session.scalars(select(Slot.chat).where(Slot.job == chat_times.TICK).distinct())
        assert set(shares) == {"", "1", "2"}
