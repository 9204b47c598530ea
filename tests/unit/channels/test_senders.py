"""What each channel asks of the platform for a message to be sent."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.aibot_callback import AibotCallback
from bot.channels.app_sender import AppSender
from bot.channels.base import Outgoing, Sender
from bot.channels.crypto import Crypto
from bot.channels.group_webhook import GroupWebhook
from bot.channels.wecom_api import WeComApi
from bot.clock import MovableClock
from bot.errors import GiveUp, RetryLater
from tests.support.platform import AES_KEY, TOKEN
from tests.support.scripted_api import OK, ScriptedApi

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 100
JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100
WEBHOOK = "/cgi-bin/webhook/send"


def out(form: Any, content: str = "", **more: Any) -> Outgoing:
    return Outgoing(channel="c", chat=more.pop("chat", "wang.fang"), form=form, content=content, **more)


def webhook(api: ScriptedApi) -> GroupWebhook:
    return GroupWebhook("digest", "KEY", WeComApi(api.provide, api.base))


IMAGE = {"base64": base64.b64encode(PNG).decode(), "md5": hashlib.md5(PNG, usedforsecurity=False).hexdigest()}
CIPHER = "wo" + "x" * 30
WEBHOOK_MESSAGES: list[tuple[str, Outgoing, dict[str, Any]]] = [
    ("text", out("text", "日报"), {"msgtype": "text", "text": {"content": "日报"}}),
    (
        "text that notifies",
        out("text", "日报", mentions=("a", "@all")),
        {"msgtype": "text", "text": {"content": "日报", "mentioned_list": ["a", "@all"]}},
    ),
    ("markdown", out("markdown", "# 日报"), {"msgtype": "markdown", "markdown": {"content": "# 日报"}}),
    (
        "markdown that notifies",
        out("markdown", "# 日报", mentions=("a", CIPHER, "b")),
        {"msgtype": "markdown", "markdown": {"content": "# 日报\n<@a> <@b>"}},
    ),
    (
        "markdown_v2 cannot notify",
        out("markdown_v2", "| a |", mentions=("a",)),
        {"msgtype": "markdown_v2", "markdown_v2": {"content": "| a |"}},
    ),
    ("image", out("image", media=PNG), {"msgtype": "image", "image": IMAGE}),
]


@pytest.mark.parametrize(
    ("message", "payload"), [row[1:] for row in WEBHOOK_MESSAGES], ids=[row[0] for row in WEBHOOK_MESSAGES]
)
async def test_the_webhook_sends(api: ScriptedApi, message: Outgoing, payload: dict[str, Any]) -> None:
    await webhook(api).send(message)
    (asked,) = api.asked
    assert (asked.path, asked.query, asked.json) == (WEBHOOK, {"key": "KEY"}, payload)


async def test_the_webhook_sends_an_image_of_two_megabytes(api: ScriptedApi) -> None:
    await webhook(api).send(out("image", media=JPEG.ljust(2 * 1024 * 1024)))
    assert api.asked[0].json["msgtype"] == "image"


async def test_the_webhook_uploads_a_file_first(api: ScriptedApi) -> None:
    api.script["/cgi-bin/webhook/upload_media"] = [OK | {"media_id": "M"}]
    await webhook(api).send(out("file", media=b"12345", file_name="台账.xlsx"))
    upload, send = api.asked
    assert upload.query == {"key": "KEY", "type": "file"}
    assert send.json == {"msgtype": "file", "file": {"media_id": "M"}}


WEBHOOK_LIMITS = [
    out("text", ""),
    out("text", "岗" * 683),
    out("markdown", "x" * 4097),
    out("markdown", "x" * 4094, mentions=("a",)),
    out("markdown_v2", "x" * 4097),
    out("image", media=b"GIF89a"),
    out("image", media=PNG.ljust(2 * 1024 * 1024 + 1)),
    out("file", media=b"1234"),
]


@pytest.mark.parametrize("message", WEBHOOK_LIMITS, ids=range(len(WEBHOOK_LIMITS)))
async def test_the_webhook_does_not_ask_for_what_cannot_be(api: ScriptedApi, message: Outgoing) -> None:
    with pytest.raises(GiveUp):
        await webhook(api).send(message)
    assert api.asked == []


@pytest.mark.parametrize(("code", "kind"), [(93000, GiveUp), (45009, RetryLater), (-1, RetryLater)])
async def test_the_webhook_says_what_the_platform_says(api: ScriptedApi, code: int, kind: type[Exception]) -> None:
    api.script[WEBHOOK] = [{"errcode": code, "errmsg": ""}]
    with pytest.raises(kind):
        await webhook(api).send(out("text", "x"))


def aibot(api: ScriptedApi) -> AibotCallback:
    return AibotCallback("main", "/callback/main", Crypto(TOKEN, AES_KEY), WeComApi(api.provide, api.base))


@pytest.mark.parametrize("form", ["markdown", "markdown_v2", "text"])
async def test_the_aibot_answers_through_the_response_url(api: ScriptedApi, form: str) -> None:
    await aibot(api).send(out(form, "| a |", response_url=api.base + "/r?response_code=1"))
    (asked,) = api.asked
    assert (asked.path, asked.query) == ("/r", {"response_code": "1"})
    assert asked.json == {"msgtype": "markdown", "markdown": {"content": "| a |"}}


AIBOT_LIMITS = [
    ("no address", {"form": "markdown", "content": "x"}),
    ("another host", {"form": "markdown", "content": "x", "response_url": "https://example.org/r"}),
    ("too long", {"form": "markdown", "content": "x" * 20481, "response_url": "BASE/r"}),
    ("a picture", {"form": "image", "media": PNG, "response_url": "BASE/r"}),
]


@pytest.mark.parametrize("fields", [row[1] for row in AIBOT_LIMITS], ids=[row[0] for row in AIBOT_LIMITS])
async def test_the_aibot_does_not_ask_for_what_cannot_be(api: ScriptedApi, fields: dict[str, Any]) -> None:
    fields = fields | {"response_url": fields.get("response_url", "").replace("BASE", api.base)}
    with pytest.raises(GiveUp):
        await aibot(api).send(out(**fields))
    assert api.asked == []


@pytest.fixture
def app(api: ScriptedApi, clock: MovableClock) -> AppSender:
    api.script["/cgi-bin/gettoken"] = [OK | {"access_token": "T", "expires_in": 7200}]
    return AppSender(WeComApi(api.provide, api.base), "wxcorp", "secret", 218, clock)


@pytest.mark.parametrize(("form", "msgtype"), [("text", "text"), ("markdown", "markdown"), ("markdown_v2", "markdown")])
async def test_the_app_writes_to_one_member(api: ScriptedApi, app: AppSender, form: str, msgtype: str) -> None:
    await app.send(out(form, "到岗", chat_type="single"))
    asked = api.asked[-1]
    assert (asked.path, asked.query) == ("/cgi-bin/message/send", {"access_token": "T"})
    assert asked.json == {
        "touser": "wang.fang",
        "agentid": 218,
        "msgtype": msgtype,
        msgtype: {"content": "到岗"},
        "enable_duplicate_check": 1,
        "duplicate_check_interval": 60,
    }


@pytest.mark.parametrize("form", ["image", "file"])
async def test_the_app_uploads_media_first(api: ScriptedApi, app: AppSender, form: str) -> None:
    api.script["/cgi-bin/media/upload"] = [OK | {"media_id": "M"}]
    await app.send(out(form, media=PNG, file_name="a.png", chat_type="single"))
    assert api.asked[1].query == {"access_token": "T", "type": form}
    assert api.asked[2].json[form] == {"media_id": "M"}


APP_LIMITS = [
    ("a group", {"form": "text", "content": "x", "chat_type": "group"}),
    ("everybody", {"form": "text", "content": "x", "chat": "@all"}),
    ("several", {"form": "text", "content": "x", "chat": "a|b"}),
    ("nobody", {"form": "text", "content": "x", "chat": ""}),
    ("too long", {"form": "markdown", "content": "x" * 2049}),
]


@pytest.mark.parametrize("fields", [row[1] for row in APP_LIMITS], ids=[row[0] for row in APP_LIMITS])
async def test_the_app_does_not_ask_for_what_cannot_be(
    api: ScriptedApi, app: AppSender, fields: dict[str, Any]
) -> None:
    with pytest.raises(GiveUp):
        await app.send(out(**{"chat_type": "single"} | fields))
    assert api.asked == []


async def test_a_member_out_of_range_is_no_success(api: ScriptedApi, app: AppSender) -> None:
    api.script["/cgi-bin/message/send"] = [OK | {"invaliduser": "wang.fang"}]
    with pytest.raises(GiveUp, match="81013"):
        await app.send(out("text", "x", chat_type="single"))


USER = "/cgi-bin/user/get"
BUSY: dict[str, Any] = {"errcode": -1, "errmsg": ""}
NAMES: list[tuple[str, dict[str, Any], str | None, int]] = [
    ("known", OK | {"name": "王芳"}, "王芳", 1),
    ("unknown", {"errcode": 60111, "errmsg": ""}, None, 1),
    ("nameless", OK, None, 1),
    ("odd", OK | {"name": 7}, None, 1),
    ("busy", BUSY, None, 2),
]


@pytest.mark.parametrize(("answer", "name", "calls"), [row[1:] for row in NAMES], ids=[row[0] for row in NAMES])
async def test_names_are_asked_for_once(
    api: ScriptedApi, app: AppSender, answer: dict[str, Any], name: str | None, calls: int
) -> None:
    api.script[USER] = [answer]
    assert [await app.display_name("wang.fang") for _ in range(2)] == [name, name]
    assert api.paths().count(USER) == calls


async def test_a_name_is_asked_for_again_after_an_hour(api: ScriptedApi, app: AppSender, clock: MovableClock) -> None:
    api.script[USER] = [OK | {"name": "王芳"}, OK | {"name": "王小芳"}]
    assert await app.display_name("wang.fang") == "王芳"
    clock.forward(timedelta(hours=1))
    assert await app.display_name("wang.fang") == "王小芳"


def test_the_limits_are_those_of_the_platform(api: ScriptedApi, app: AppSender) -> None:
    senders: list[Sender] = [webhook(api), aibot(api)]
    rows = [(s.limits.markdown_bytes, s.limits.text_bytes, s.limits.per_minute, s.limits.scope) for s in senders]
    assert rows == [(4096, 2048, 20, "channel"), (20480, 20480, 30, "chat")]
    assert (app.limits.markdown_bytes, app.limits.per_minute, app.limits.scope) == (2048, 30, "chat")
