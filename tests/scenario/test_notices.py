"""Notices of a town to its villages: over encrypted callbacks, with a moved clock."""

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.sandbox.settings import Chat, Member
from storage.tables import Outbox
from storage.tables_notices import NoticeFile, NoticeRow
from tests.support.dialogue import ZONE, Stage

TOWN, RED, PASS = "wrTown", "wrRed", "wrPass"
UNIT = "平谷区/金海湖镇"
PEOPLE = (
    Member("boss", "赵明华", "镇协调员", coordinator=True),
    Member("red", "刘桂英", "村负责人"),
    Member("chen", "陈建国"),
    Member("sun", "孙晓雨"),
    Member("ma", "马志强"),
)
CHATS = (
    Chat(TOWN, "金海湖镇工作群", "group", UNIT, ("boss", "ma")),
    Chat(RED, "红石坎村群", "group", f"{UNIT}/红石坎村", ("red", "chen")),
    Chat(PASS, "将军关村群", "group", f"{UNIT}/将军关村", ("sun",)),
)
WORDS = "今晚10点前各卡口上报人数\n报给赵明华"
BOTH = "@小站 通知 红石坎村、将军关村 " + WORDS


@pytest.fixture
async def stage(tmp_path: Path):
    async with Stage(tmp_path, datetime(2020, 2, 23, 15, 0, tzinfo=ZONE), PEOPLE, CHATS) as made:
        yield made


def in_chat(stage: Stage, chat: str) -> list[str]:
    """What the bot has said in a chat since the last line of a person."""
    return [message.content for message in stage.news() if message.chat == chat]


def alone(stage: Stage, user: str) -> str:
    return stage.world.single(user, "app").id


async def say(stage: Stage, chat: str, name: str, text: str) -> str:
    """What a person says in a group; what the bot answers there."""
    stage.chat = chat
    await stage.say(name, text)
    return "\n".join(in_chat(stage, chat))


async def wait(stage: Stage, hours: float) -> dict[str, list[str]]:
    """Let time go by in the job's steps; what the bot said, by chat."""
    heard: dict[str, list[str]] = {}
    end = stage.clock.now() + timedelta(hours=hours)
    while stage.clock.now() < end:
        for message in await stage.until(min(end, stage.clock.now() + timedelta(minutes=5))):
            heard.setdefault(message.chat, []).append(message.content)
    return heard


async def lead_of_red(stage: Stage) -> None:
    for name in ("赵明华", "刘桂英", "陈建国", "孙晓雨"):
        await stage.say(name, "帮助", alone=True)  # the directory knows them from now on
    said = await say(stage, RED, "赵明华", "@小站 任命 刘桂英 卡口长")
    assert "刘桂英" in said


def after(stage: Stage, folder: Path) -> Stage:
    """The same database under a new process, at the same moment."""
    return Stage(folder, stage.clock.now(), PEOPLE, CHATS)


async def test_two_villages_one_confirms_one_is_reminded_once_also_after_a_restart(tmp_path: Path) -> None:
    async with Stage(tmp_path, datetime(2020, 2, 23, 15, 0, tzinfo=ZONE), PEOPLE, CHATS) as first:
        await lead_of_red(first)
        preview = await say(first, TOWN, "赵明华", BOTH)
        assert "通知 T1 将发到 2 个群：红石坎村、将军关村" in preview
        assert not in_chat(first, RED)
        done = await say(first, TOWN, "赵明华", "@小站 发")
        assert "通知 T1 已发到 2 个群：" in done
        for chat in (RED, PASS):
            text = f"📢 **通知 T1**（金海湖镇 赵明华）\n{WORDS}\n> 看过请回：@小站 收到 T1"
            assert in_chat(first, chat) == [text]
        assert "已经发出了" in await say(first, TOWN, "赵明华", "@小站 确认发送 T1")
        assert not in_chat(first, RED), "sent once"

        # In the village with a lead it is the lead's word that counts; where nobody is known, anybody's.
        assert "记下您已读。本群还请刘桂英看过后回：收到 T1" in await say(first, RED, "陈建国", "@小站 收到")
        assert "✅ T1 已确认（将军关村，孙晓雨 15:00）" in await say(first, PASS, "孙晓雨", "@小站 收到")
        shown = await say(first, TOWN, "赵明华", "@小站 /通知 T1")
        assert "1/2 个群已确认" in shown
        assert "- 红石坎村：未确认（等刘桂英），另有 1 人已读\n- 将军关村：✅ 孙晓雨 15:00" in shown
        assert not about_it(await wait(first, 1.9))
    async with after(first, tmp_path) as second:
        assert about_it(await wait(second, 0.3)) == {
            alone(second, "red"): [
                "🔔 T1（赵明华，15:00）还等红石坎村确认：今晚10点前各卡口上报人数 报给赵明华\n看过请回：收到 T1"
            ]
        }
    async with after(second, tmp_path) as third:
        assert not about_it(await wait(third, 4)), "one reminder, and no other after a restart"
        assert "通知 1 条，未确认 1 个群" in await say(third, TOWN, "赵明华", "@小站 汇总")
        await third.say("刘桂英", "收到 T1", alone=True)
        assert "✅ T1 已确认（红石坎村，刘桂英 21:12）" in third.told("刘桂英")
        assert third.told("赵明华") == "✅ T1 2 个群都确认了：今晚10点前各卡口上报人数 报给赵明华"
        assert "通知 1 条，各群都已确认" in await say(third, TOWN, "赵明华", "@小站 汇总")


def about_it(heard: dict[str, list[str]]) -> dict[str, list[str]]:
    """What was said of notices, by chat."""
    found = {chat: [text for text in texts if "T1" in text] for chat, texts in heard.items()}
    return {chat: texts for chat, texts in found.items() if texts}


async def test_a_reply_to_the_quoted_notice_needs_neither_mention_nor_number(stage: Stage) -> None:
    for text in ("封路通知", "测温通知"):
        await say(stage, TOWN, "赵明华", f"@小站 通知 将军关村 {text}")
        assert text in in_chat(stage, PASS)[0]
    posted = in_chat(stage, PASS)[0]
    assert "有几条通知等本群确认" in await say(stage, PASS, "孙晓雨", "@小站 收到")
    heard = len(stage.world.messages)
    await stage.trial.sandbox.say("sun", PASS, "收到", quote=posted)
    await stage.trial.service.outbox.drain()
    assert any("✅ T2 已确认" in message.content for message in stage.world.messages[heard:])
    assert "✅ T1 已确认" in await say(stage, PASS, "孙晓雨", "@小站 收到")


async def test_a_planned_notice_goes_at_its_time_and_nobody_is_reminded_at_night(stage: Stage) -> None:
    said = await say(stage, TOWN, "赵明华", "@小站 通知 今晚21:00 将军关村 明早七点到岗")
    assert "⏰ 通知 T1 定在 21:00 发到 将军关村" in said
    assert not await wait(stage, 5.9)
    heard = await wait(stage, 0.2)
    assert "明早七点到岗" in heard[PASS][0]
    assert heard[alone(stage, "boss")] == ["📢 T1 已按时发到 1 个群：明早七点到岗\n看谁确认了：/通知 T1"]
    night = await wait(stage, 9.8)
    assert not any("🔔" in text for texts in night.values() for text in texts)
    heard = await wait(stage, 0.3)
    assert heard[PASS] == ["🔔 T1 还没有人确认：明早七点到岗\n看过请回：@小站 收到 T1"]
    assert not await wait(stage, 3)


async def test_a_planned_notice_can_be_called_off_and_one_that_was_missed_waits_for_a_word(stage: Stage) -> None:
    await say(stage, TOWN, "赵明华", "@小站 通知 今晚20:00 将军关村 开会")
    assert "好的，T1 不发了" in await say(stage, TOWN, "赵明华", "@小站 取消通知 T1")
    await say(stage, TOWN, "赵明华", "@小站 通知 今晚20:00 将军关村 开会")
    news = await stage.trial.sandbox.move_clock(stage.clock.now() + timedelta(hours=9)) or stage.news()
    assert not [message for message in news if message.chat == PASS and "开会" in message.content]
    assert "T2 原定 昨天20:00 发" in "\n".join(in_chat(stage, alone(stage, "boss")))
    assert "已发到 将军关村" in await say(stage, TOWN, "赵明华", "@小站 确认发送 T2")
    assert "开会" in in_chat(stage, PASS)[0]


async def test_a_preview_is_good_for_half_an_hour(stage: Stage) -> None:
    await say(stage, TOWN, "赵明华", BOTH)
    await wait(stage, 0.6)
    assert "T1 的预览已过 30 分钟，没有发" in await say(stage, TOWN, "赵明华", "@小站 确认发送 T1")
    assert "没有等着发的通知" in await say(stage, TOWN, "赵明华", "@小站 确认发送")


WRONG = (
    ("马志强", "通知 将军关村 开会", "发通知需要负责人来做，请找：boss"),
    ("赵明华", "通知", "请这样说：通知 金海湖镇"),
    ("赵明华", "通知 请大家注意安全", "通知发给谁？"),
    ("赵明华", "通知 将军村 开会", "没找到“将军村”的群。您能发到：金海湖镇、将军关村、红石坎村"),
    ("赵明华", "通知 红石坎村、将军村 开会", "没找到“将军村”的群"),
    ("赵明华", "通知 将军关村", "通知的内容是什么？"),
    ("赵明华", "通知 今天08:00 将军关村 开会", "08:00 已经过了"),
    ("赵明华", "通知附件 将军关村 说明", "没有等着发的文件"),
    ("赵明华", "通知 将军关村 查 11010519491231002X 的住址", "内容里有身份证号"),
    ("赵明华", "确认发送 T9", "没找到 T9"),
    ("赵明华", "取消通知 T9", "没找到 T9"),
    ("赵明华", "/通知 T9", "没找到 T9"),
    ("赵明华", "收到 T9", "没找到 T9"),
    ("赵明华", "/通知", "最近没有通知"),
    ("赵明华", "/政策", "还没有发过政策"),
)


async def test_a_wrong_order_gets_a_sentence_that_says_what_to_do(stage: Stage) -> None:
    for name, text, answer in WRONG:
        assert answer in await say(stage, TOWN, name, f"@小站 {text}"), text
        assert not [message for message in stage.news() if message.chat in {RED, PASS}], text


async def test_a_file_is_sent_to_the_groups_and_forgotten_and_never_lies_open(stage: Stage, tmp_path: Path) -> None:
    secret = b"%PDF-1.4 " + "绝密路线图".encode() + b" SECRETROUTE"
    single = alone(stage, "boss")
    await stage.trial.sandbox.send_file("boss", single, "route.pdf", secret)
    await stage.trial.service.outbox.drain()
    assert any("通知附件 金海湖镇 说明文字" in message.content for message in stage.world.messages)
    await stage.say("赵明华", "通知附件 红石坎村、将军关村 路线看附件暗号翠鸟", alone=True)
    assert "将发到 2 个群" in stage.told("赵明华")
    never_open(tmp_path, secret, "翠鸟")
    await stage.say("赵明华", "发", alone=True)
    for chat in (RED, PASS):
        text, file = [message for message in stage.news() if message.chat == chat]
        assert "路线看附件暗号翠鸟\n📎 附件在下面一条" in text.content
        assert stage.world.media[file.media].content == secret
    never_open(tmp_path, secret, "翠鸟")
    await wait(stage, 0.2)
    with Session(stage.trial.service.reader) as session:
        assert not session.scalars(select(NoticeFile)).all()
        assert [row.file for row in session.scalars(select(NoticeRow))] == [None]
        assert not [row for row in session.scalars(select(Outbox)) if row.media]
    assert "没有等着发的文件" in await say(stage, TOWN, "赵明华", "@小站 通知附件 将军关村 再发一次")


def never_open(folder: Path, content: bytes, word: str) -> None:
    """No byte of a file or of a text lies unsealed in the database, its journal, or beside it."""
    with sqlite3.connect(folder / "kakou.db") as database:
        database.execute("PRAGMA wal_checkpoint(PASSIVE)")
    for path in folder.glob("kakou.db*"):
        found = path.read_bytes()
        assert b"SECRETROUTE" not in found, path.name
        assert content[:9] not in found, path.name
        assert word.encode() not in found, path.name


async def test_policies_are_listed(stage: Stage) -> None:
    await say(stage, TOWN, "赵明华", "@小站 政策 市级 将军关村 返京人员一律观察14天")
    assert in_chat(stage, PASS)[0].startswith("📢 **市级政策 T1**（金海湖镇 赵明华）\n返京人员一律观察14天")
    await say(stage, TOWN, "赵明华", "@小站 通知 将军关村 开会")
    assert await say(stage, PASS, "孙晓雨", "@小站 /政策") == "- T1 市级 2月23日 返京人员一律观察14天"
