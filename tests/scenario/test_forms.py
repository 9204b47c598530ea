"""A new form as one file in the configured folder works without a line of code: over encrypted callbacks, from its words
to the export and the digest.
"""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cli import main
from storage import daily, daily_check
from storage.tables import Figure, Outbox
from storage.tables_forms import FormChange, FormEntry
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS

MEDICINE = """
name = "medicine"
title = "爱心送药"
names = ["送药上门", "代购药品"]
identity = ["building"]
answer = "{building}：登记{asked}，送到{done}，退药{returned}。"

[[fields]]
key = "building"
label = "楼号"
type = "building"
synonyms = ["楼栋"]
required = true

[[fields]]
key = "asked"
label = "登记户数"
type = "number"
units = ["户"]
synonyms = ["登记", "共"]
required = true

[[fields]]
key = "done"
label = "送到"
type = "number"
units = ["户"]
synonyms = ["已送", "送达", "送了"]
part_of = "asked"

[[fields]]
key = "returned"
label = "退药"
type = "number"
units = ["户"]
part_of = "asked"

[[figures]]
item = "送药"
unit = "户"
field = "done"
measure = "latest"
"""
CAPTAINS = """
name = "captains"
title = "队长小结"
senders = ["coordinator"]

[[fields]]
key = "count"
label = "巡楼"
type = "number"
units = ["栋"]
required = true
"""
START = datetime(2020, 2, 23, 19, 0, tzinfo=ZONE)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    folder = tmp_path / "forms"
    folder.mkdir()
    (folder / "medicine.toml").write_text(MEDICINE, encoding="utf-8")
    (folder / "captains.toml").write_text(CAPTAINS, encoding="utf-8")
    async with Stage(tmp_path, START, VILLAGE, VILLAGE_CHATS, {"forms": {"folder": str(folder)}}) as running:
        yield running


def exported(stage: Stage, name: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(main, ["export", name, "--config", str(stage.trial.config_file)])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def figures(stage: Stage) -> list[tuple[str, float]]:
    with Session(stage.trial.service.reader) as session:
        rows = session.scalars(select(Figure).where(Figure.state == "active").order_by(Figure.id))
        return [(row.item, row.value) for row in rows]


async def test_a_new_form_works_from_its_first_word_to_the_digest(stage: Stage) -> None:
    answer = await stage.say("陈建国", "@小站 送药上门 16号楼 已送8户")
    assert answer == "📝 W1 16号楼：送到8户。\n16号楼的登记户数是多少户？直接回我就行。"
    answer = await stage.say("陈建国", "@小站 12户")
    assert answer == "📝 W1 16号楼：登记12户，送到8户，剩4户；66%。"

    answer = await stage.say("孙晓雨", "@小站 爱心送药 楼栋：十六号楼 送达：11户 退药：1户")
    assert answer == "📝 W2 16号楼：登记12户，送到11户，退药1户，剩0户；91%。"
    assert figures(stage) == [("送药", 8), ("送药", 3)], "what was known is not counted once more"

    answer = await stage.say("孙晓雨", "@小站 撤回")
    assert answer == "↩️ 已撤回 W2。16号楼：登记12户，送到8户，剩4户。"
    assert figures(stage) == [("送药", 8)]

    await stage.say("孙晓雨", "@小站 代购药品 17号楼 登记20户 送到20户")
    (first, second) = exported(stage, "form:medicine")
    assert {key: first[key] for key in ("ref", "number", "unit", "building", "asked", "done", "returned", "doubt")} == {
        "ref": "W1",
        "number": "M1",
        "unit": "平谷区/金海湖镇/红石坎村",
        "building": "16号楼",
        "asked": 12,
        "done": 8,
        "returned": None,
        "doubt": "",
    }
    assert (second["building"], second["done"]) == ("17号楼", 20)

    digest = await stage.say("刘桂英", "@小站 汇总")
    assert "**表单**" in digest
    assert "爱心送药：更新 2 条；完成 28/32户，剩4户，87%" in digest
    assert "送药 28户" in digest
    assert "**工作量**" not in digest, "nothing is told twice"
    assert digest.endswith("> 2月23日，红石坎村完成送药 28户，爱心送药完成87%（2栋，28/32户）。")


async def test_what_does_not_add_up_is_kept_asked_about_and_mended(stage: Stage) -> None:
    answer = await stage.say("陈建国", "@小站 爱心送药 3号楼 登记10户 送到9户 退药3户")
    assert answer.splitlines() == [
        "📝 W1 3号楼：登记10户，送到9户，退药3户；90%。",
        "3号楼 送到9户、退药3户加起来12户，比登记户数10户多，哪个数不对？先照您说的记下，回我对的数就行。",
    ]
    assert exported(stage, "form:medicine")[0]["doubt"] == "parts_exceed"
    assert await stage.say("陈建国", "@小站 退药1户") == "📝 W1 3号楼：登记10户，送到9户，退药1户，剩0户；90%。"
    assert exported(stage, "form:medicine")[0]["doubt"] == ""


async def test_a_correction_keeps_what_was(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 爱心送药 3号楼 登记10户 送到4户")
    answer = await stage.say("陈建国", "@小站 更正 W1 送到改为7户")
    assert answer == "✏️ W1 3号楼：登记10户，送到7户，剩3户。原来的内容留在记录里。"
    assert sum(value for item, value in figures(stage) if item == "送药") == 7
    with Session(stage.trial.service.reader) as session:
        changes = session.scalars(select(FormChange).order_by(FormChange.id)).all()
        assert [(c.ref, c.how, c.sender, c.values) for c in changes] == [
            ("W1", "said", "chen", {"building": "3号楼", "asked": 10, "done": 4}),
            ("W1", "correction", "chen", {"done": 7}),
        ]
    assert await stage.say("马志强", "@小站 更正 W1 送到改为1户") == "W1 不是您报的，请让报的人或负责人来改。"
    assert await stage.say("陈建国", "@小站 撤回 W1") == "↩️ 已撤回 W1。爱心送药里这条已去掉。"
    assert exported(stage, "form:medicine") == []
    assert [item for item, _ in figures(stage)] == []


async def test_entries_and_progress_are_listed(stage: Stage) -> None:
    assert (await stage.say("陈建国", "@小站 /台账 送药")).startswith("爱心送药：红石坎村还没有记录。")
    await stage.say("陈建国", "@小站 爱心送药 3号楼 登记10户 送到4户")
    await stage.say("陈建国", "@小站 爱心送药 5号楼 登记6户 送到6户")
    assert (await stage.say("刘桂英", "@小站 /台账 爱心送药")).splitlines() == [
        "**爱心送药台账** 红石坎村（截至 2月23日19:00，共 2 条）",
        "- M1 3号楼 送到4/10户，剩6户",
        "- M2 5号楼 送到6/6户，剩0户",
        "合计 10/16户，62%，剩6户",
    ]
    assert (await stage.say("刘桂英", "@小站 /进度 送药")).splitlines() == [
        "**爱心送药进度** 红石坎村（截至 2月23日19:00）",
        "合计 10/16户，62%，剩6户",
        "送药：今天 10户，累计 10户",
        "共 2 条，今天更新 2 条",
        "还没做完：3号楼剩6户",
    ]
    assert (await stage.say("刘桂英", "@小站 /台账 火箭")).startswith("没有叫“火箭”的表单，现有：")


async def test_only_those_who_may_send_a_form(stage: Stage) -> None:
    answer = await stage.say("陈建国", "@小站 队长小结 巡楼：16栋")
    assert answer.startswith("队长小结由协调员来报，这条没有记，请找：")
    assert exported(stage, "form:captains") == []
    assert (await stage.say("赵明华", "@小站 队长小结 巡楼：16栋")).startswith("📝 W1 队长小结：巡楼16栋")


async def test_the_workbook_has_a_sheet_with_the_forms_own_columns(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 爱心送药 3号楼 登记10户 送到4户")
    await stage.say("赵明华", "@小站 导出")
    with Session(stage.trial.service.reader) as session:
        media = session.scalars(select(Outbox.media).where(Outbox.form == "file")).one()
    book = CalamineWorkbook.from_filelike(io.BytesIO(media))
    head, row = book.get_sheet_by_name("爱心送药").to_python()
    assert head == ["编号", "单位", "更新时间", "楼号", "登记户数（户）", "送到（户）", "退药（户）", "核对"]
    assert row[:2] + row[3:] == ["M1", "平谷区/金海湖镇/红石坎村", "3号楼", 10.0, 4.0, "", ""]


async def test_a_form_about_people_shows_nothing_of_them_to_a_group(stage: Stage) -> None:
    told = "居家隔离台账\n住址：3号楼2单元501\n户主：王小明\n电话：13800001111\n隔离人数：3人"
    answer = await stage.say("陈建国", f"@小站 {told}")
    assert answer.startswith("📝 W1 居家隔离台账：记下了，明细请单独问我")
    listed = await stage.say("刘桂英", "@小站 /台账 隔离 王小明")
    assert "王*" in listed
    assert "尾号1111" in listed
    for secret in ("王小明", "13800001111", "501"):
        assert secret not in answer + listed
    with Session(stage.trial.service.reader) as session:
        entry = session.scalars(select(FormEntry)).one()
        assert entry.plain == {"members": 3}
        assert entry.person == "王小明"


async def test_the_aggregates_agree_with_the_records(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 爱心送药 3号楼 登记10户 送到4户")
    await stage.say("孙晓雨", "@小站 爱心送药 3号楼 送到9户")
    await stage.say("孙晓雨", "@小站 撤回")
    await stage.say("孙晓雨", "@小站 爱心送药 3号楼 送到8户")
    with Session(stage.trial.service.engine) as session:
        daily.catch_up(session)
        session.commit()
        assert daily_check.differences(session) == []
    assert sum(value for _, value in figures(stage)) == 8


async def test_many_at_once_make_one_entry_for_each_building(stage: Stage) -> None:
    said = [
        stage.trial.sandbox.say(stage.user(name), stage.chat, f"@小站 爱心送药 {number}号楼 登记10户 送到{done}户")
        for number in range(1, 9)
        for name, done in (("陈建国", 4), ("孙晓雨", 4))
    ]
    assert all(done.delivered for done in await asyncio.gather(*said))
    rows = exported(stage, "form:medicine")
    assert sorted((row["building"], row["done"]) for row in rows) == [(f"{n}号楼", 4) for n in range(1, 9)]
    assert sum(value for _, value in figures(stage)) == 32, "the second telling of a building adds nothing"


async def test_what_a_community_tells_is_not_counted_of_its_buildings(stage: Stage) -> None:
    await stage.say("孙晓雨", "@小站 门磁 翠林社区1号楼 今日安装20户")
    await stage.say("孙晓雨", "@小站 门磁 翠林社区2号楼 今日安装30户")
    await stage.say("陈建国", "@小站 门磁安装 翠林社区 应装1150户 今日安装50户 累计安装750户")
    await stage.say("孙晓雨", "@小站 门磁 翠林社区3号楼 今日安装10户")
    digest = await stage.say("刘桂英", "@小站 汇总")
    assert "门磁安装：更新 4 条；完成 750/1150户，剩400户，65%" in digest
    assert "安装门磁 50户；累计750户" in digest
    await stage.say("陈建国", "@小站 撤回")
    assert "安装门磁 60户" in await stage.say("刘桂英", "@小站 汇总"), "without the whole its parts count"


async def test_an_answer_may_tell_which_entry_it_is(stage: Stage) -> None:
    await stage.say("陈建国", "@小站 爱心送药 3号楼 登记10户 送到4户")
    assert "楼号是哪栋？" in await stage.say("孙晓雨", "@小站 爱心送药 送到9户")
    assert await stage.say("孙晓雨", "@小站 3栋") == "📝 W2 3号楼：登记10户，送到9户，剩1户；90%。"
    assert len(exported(stage, "form:medicine")) == 1
    assert sum(value for _, value in figures(stage)) == 9
    await stage.say("孙晓雨", "@小站 撤回")
    assert [row["done"] for row in exported(stage, "form:medicine")] == [4]
