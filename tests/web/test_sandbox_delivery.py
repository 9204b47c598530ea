"""The sandbox's deliveries: real callbacks over HTTP, with the platform's repetitions, and the bot's answers shown."""

import asyncio
import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.clock import MovableClock
from bot.config import GroupWebhook, parse
from bot.sandbox import Sandbox, SandboxSettings
from bot.sandbox.crypto import BadReply, Codec
from bot.sandbox.play import BadFile, play, read, settings_of

START = datetime(2020, 2, 23, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
GROUP = "wrSandboxHongshikan"


async def test_a_mention_in_a_group_is_a_callback_and_its_answer_is_shown(place):
    place.bot.answers = ["已记录 C1"]
    delivery = await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    assert (delivery.status, delivery.attempts, delivery.reply, delivery.delivered) == (200, 1, "已记录 C1", True)
    (heard,) = place.bot.heard
    assert (heard["chatid"], heard["chattype"], heard["from"]) == (GROUP, "group", {"userid": "sunxiaoyu"})
    assert heard["text"] == {"content": "@小站 到岗"}
    assert heard["response_url"] == delivery.response_url
    said = [(m.sender, m.content, m.via) for m in place.sandbox.world.of_chat(GROUP)]
    assert said == [("sunxiaoyu", "@小站 到岗", ""), ("bot", "已记录 C1", "passive")]


async def test_a_callback_is_signed_at_the_clocks_time(place):
    await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    assert place.bot.queries[0]["timestamp"] == str(int(place.sandbox.clock.now().timestamp()))


async def test_the_bot_hears_a_group_only_when_it_is_meant(place):
    silent = await place.sandbox.say("sunxiaoyu", GROUP, "大家辛苦了")
    assert (silent.request, silent.attempts) == (None, 0)
    await place.sandbox.say("sunxiaoyu", GROUP, "＠小站 到岗")
    await place.sandbox.say("sunxiaoyu", GROUP, "看这个", quote="旧消息")
    await place.sandbox.say("sunxiaoyu", GROUP, "【到岗】", force=True)
    assert [heard["text"]["content"] for heard in place.bot.heard] == ["＠小站 到岗", "看这个", "【到岗】"]
    assert place.bot.heard[1]["quote"] == {"msgtype": "text", "text": {"content": "旧消息"}}


async def test_a_single_chat_has_no_chat_id_and_may_be_spoken(place):
    chat = place.sandbox.world.single("hetianyi")
    await place.sandbox.say("hetianyi", chat.id, "我今天36度5", voice=True, response=False)
    (heard,) = place.bot.heard
    assert (heard["chattype"], heard["msgtype"], heard["voice"]) == ("single", "voice", {"content": "我今天36度5"})
    assert "chatid" not in heard
    assert "response_url" not in heard


async def test_the_app_hears_xml(place):
    chat = place.sandbox.world.single("hetianyi", "app")
    delivery = await place.sandbox.say("hetianyi", chat.id, "健康打卡 <36.5> & 正常")
    (heard,) = place.bot.heard
    assert (heard["FromUserName"], heard["MsgType"], heard["Content"]) == ("hetianyi", "text", "健康打卡 <36.5> & 正常")
    assert delivery.reply == "收到：健康打卡 <36.5> & 正常"


async def test_no_200_is_tried_three_times_with_the_same_request(place):
    place.bot.answers = [web.Response(status=503), web.Response(status=500), "好了"]
    delivery = await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    assert (delivery.attempts, delivery.reply) == (3, "好了")
    assert place.bot.queries[0] == place.bot.queries[1] == place.bot.queries[2]
    assert len({heard["msgid"] for heard in place.bot.heard}) == 1


async def test_after_three_attempts_the_message_is_lost_and_it_shows(place):
    place.bot.answers = [web.Response(status=503) for _ in range(3)]
    delivery = await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    assert (delivery.status, delivery.attempts, delivery.delivered) == (503, 3, False)
    (message,) = place.sandbox.world.of_chat(GROUP)
    assert (message.failed, message.delivery) == (True, "投递失败：HTTP 503（3 次）")


async def test_a_message_can_be_delivered_again(place):
    first = await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    same, fresh = await place.sandbox.again(first), await place.sandbox.again(first, fresh=True)
    assert (same.request, same.msgid, fresh.msgid) == (first.request, first.msgid, first.msgid)
    assert place.bot.queries[0] == place.bot.queries[1]
    assert place.bot.queries[2]["nonce"] != place.bot.queries[0]["nonce"]
    assert len({json.dumps(heard) for heard in place.bot.heard}) == 1


async def test_an_answer_that_the_platform_cannot_read_is_a_problem(place):
    for body in ("ok", '{"encrypt":"AAAA","msgsignature":"0","timestamp":1,"nonce":"x"}'):
        place.bot.answers = [web.Response(text=body)]
        delivery = await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
        assert delivery.problem.startswith("the answer")
        assert not delivery.delivered


async def test_an_empty_answer_is_fine(place):
    place.bot.answers = [None]
    delivery = await place.sandbox.say("sunxiaoyu", GROUP, "@小站 到岗")
    assert (delivery.delivered, delivery.reply) == (True, None)


async def test_an_unfinished_stream_is_asked_for_until_it_ends(place):
    place.bot.frames = [("正在查", False), ("查到了：3 人", True)]
    changed: asyncio.Queue = asyncio.Queue()
    place.sandbox.world.listen(changed.put_nowait)
    await place.sandbox.say("sunxiaoyu", GROUP, "@小站 汇总")
    while (await changed.get()).get("message", {}).get("content") != "查到了：3 人":
        pass
    assert [heard["msgtype"] for heard in place.bot.heard] == ["text", "stream", "stream"]
    assert place.bot.heard[1]["stream"] == {"id": "s1"}
    assert place.sandbox.world.of_chat(GROUP, "bot")[0].content == "查到了：3 人"


def test_the_codec_refuses_what_it_did_not_write():
    codec = Codec("t", SandboxSettings().aes_key, "corp")
    assert codec.decrypt(codec.encrypt("卡口".encode())) == "卡口".encode()
    for wrong in ("", "AAAA", codec.encrypt(b"x")[:-4] + "AAA=", Codec("t", codec.aes_key, "other").encrypt(b"x")):
        with pytest.raises(BadReply):
            codec.decrypt(wrong)


def test_the_sandbox_configures_its_bot(tmp_path, still_sandbox):
    mapping = still_sandbox.config_mapping(tmp_path / "data")
    config = parse(mapping, "sandbox", {})
    assert [channel.name for channel in config.channels][:2] == ["main", "app"]
    assert [group.unit for group in config.groups] == ["平谷区/金海湖镇/红石坎村", "昌平区/阳坊镇", "平谷区/金海湖镇"]
    hooks = {channel.name for channel in config.channels if isinstance(channel, GroupWebhook)}
    assert {group.report_to for group in config.groups} == hooks
    assert config.members == {}
    again = parse(still_sandbox.config_mapping(tmp_path / "data"), "sandbox", {})
    assert again.storage.key_bytes == config.storage.key_bytes
    assert (tmp_path / "data" / "storage.key").stat().st_mode & 0o077 == 0


@pytest.fixture
def still_sandbox():
    return Sandbox(MovableClock(START), "http://127.0.0.1:8765", SandboxSettings())


LINES = [
    {"id": "b", "text": "@小站 离岗", "sent_at": "2020-02-24T08:00:00+08:00", "sender": "李明", "place": "平谷区/金海湖镇", "chat_type": "group"},
    {"id": "a", "text": "【到岗】", "sent_at": "2020-02-23T22:00:00+08:00", "sender": "李明", "place": "平谷区/金海湖镇", "chat_type": "group", "gold": {}},
    {"id": "c", "text": "健康打卡", "sent_at": "2020-02-24T09:00:00+08:00", "sender": "李明", "place": None, "chat_type": "single"},
    {"id": "d", "text": "健康打卡", "sent_at": "2020-02-24T09:01:00+08:00", "sender": "李明", "place": "昌平区/阳坊镇", "chat_type": "single"},
    {"id": "e", "text": "@小站 到岗", "sent_at": "2020-02-24T09:02:00+08:00", "sender": "黎明", "place": "昌平区/阳坊镇", "chat_type": "group"},
]  # fmt: skip


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "messages.jsonl"
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES) + "\n\n", encoding="utf-8")
    return path


def test_a_file_brings_its_chats_and_members(lines, tmp_path):
    assert [(chat.platform_id, chat.unit, chat.chat_type) for chat in settings_of(lines).chats] == [
        ("wrPlayed001", "平谷区/金海湖镇", "group"),
        ("liming", "", "single"),
        ("liming2", "昌平区/阳坊镇", "single"),
        ("wrPlayed004", "昌平区/阳坊镇", "group"),
    ]
    assert [m.name for m in settings_of(lines).members] == ["李明", "李明", "黎明"]
    sandbox = Sandbox(MovableClock(START), "http://127.0.0.1:1", settings_of(lines))
    config = parse(sandbox.config_mapping(tmp_path), "sandbox", {})
    assert [(g.chat, g.chat_type) for g in config.groups] == [
        ("wrPlayed001", "group"), ("liming2", "single"), ("wrPlayed004", "group"),
    ]  # fmt: skip


async def test_a_file_is_played_in_the_order_of_its_times(place, lines):
    for chat in settings_of(lines).chats:
        place.sandbox.world.add_chat(chat)
    done = []
    played = await play(lines, place.sandbox, lambda number, of: done.append((number, of)))
    assert [h.get("text", {})["content"] for h in place.bot.heard] == [
        "【到岗】",
        "@小站 离岗",
        "健康打卡",
        "健康打卡",
        "@小站 到岗",
    ]
    assert (played.sent, played.delivered, played.failed, played.replied) == (5, 5, [], 5)
    assert (played.chats, played.senders) == (4, 2)
    assert done[-1] == (5, 5)
    assert [moment.isoformat() for moment in place.moves] == [line.sent_at.isoformat() for line in read(lines)]


async def test_a_failed_message_does_not_stop_the_play(place, lines):
    for chat in settings_of(lines).chats:
        place.sandbox.world.add_chat(chat)
    place.bot.answers = [web.Response(status=500) for _ in range(3)]
    played = await play(lines, place.sandbox)
    assert (played.sent, played.delivered, played.failed) == (5, 4, ["a"])


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{", "line 1: "),
        ("[]", "line 1: "),
        ('{"id":"a"}', "line 1: no sent_at"),
        ('{"id":"a","sent_at":"2020-02-23T22:00"}', "line 1: sent_at has no offset"),
        (
            '{"id":"a","sent_at":"2020-02-23T22:00+08:00","chat_type":"x"}',
            "line 1: chat_type is neither group nor single",
        ),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_played_says_where(tmp_path, content, expected):
    path = tmp_path / "bad.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(BadFile) as caught:
        settings_of(path)
    assert str(caught.value).startswith(f"{path}: {expected}")


async def test_a_moved_clock_is_told(place):
    before = place.sandbox.clock.now()
    await place.sandbox.forward(timedelta(minutes=10))
    assert place.moves == [before + timedelta(minutes=10)]


async def test_a_jump_of_the_clock_stops_where_something_is_due(place):
    def at_ten(after: datetime) -> datetime:
        ten = after.replace(hour=22, minute=0)
        return ten if ten > after else ten + timedelta(days=1)

    start = place.sandbox.clock.now()
    place.sandbox.next_due = at_ten
    await place.sandbox.forward(timedelta(days=1, hours=1))
    first = start.replace(hour=22, minute=0)
    assert place.moves == [first, first + timedelta(days=1), start + timedelta(days=1, hours=1)]
