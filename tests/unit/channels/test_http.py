"""The callback addresses on a real port."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.channels.aibot_callback import AibotCallback
from bot.channels.app_callback import AppCallback
from bot.channels.app_message import AppIdentity
from bot.channels.base import Incoming
from bot.channels.crypto import Crypto
from bot.channels.http import routes
from bot.channels.wecom_api import WeComApi
from bot.clock import MovableClock
from bot.errors import KakouError
from tests.support.platform import AES_KEY, CORP, TOKEN, Platform
from tests.support.scripted_api import LoopbackConnector

AIBOT_SIDE, APP_SIDE = Platform(""), Platform(CORP)
BODY = {
    "msgid": "M1",
    "from": {"userid": "wang.fang"},
    "chatid": "wrk1",
    "chattype": "group",
    "msgtype": "text",
    "text": {"content": "@小站 到岗"},
}
BODY_XML = (
    f"<xml><ToUserName>{CORP}</ToUserName><FromUserName>wang.fang</FromUserName><CreateTime>1582502400</CreateTime>"
    "<MsgType>text</MsgType><Content>到岗</Content><MsgId>M1</MsgId><AgentID>218</AgentID></xml>"
)


class Server(TestServer):
    """As in service: a handler whose client has left goes on to its end."""

    async def _make_runner(self, **kwargs: Any) -> Any:
        return await super()._make_runner(**kwargs | {"handler_cancellation": False})


def _never() -> aiohttp.ClientSession:
    raise AssertionError("answering asks nobody")


@dataclass
class Engine:
    """Stands for the engine: what it was given, and what it does about it."""

    reply: str | None = None
    error: Exception | None = None
    gate: asyncio.Event | None = None
    unmarkable: bool = False
    entered: asyncio.Event = field(default_factory=asyncio.Event)
    kept: list[Incoming] = field(default_factory=list)
    delivered: list[Incoming] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)

    async def submit(self, incoming: Incoming) -> str | None:
        self.entered.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        self.kept.append(incoming)
        return self.reply

    def mark(self, incoming: Incoming) -> None:
        if self.unmarkable:
            raise RuntimeError("no")
        self.delivered.append(incoming)


@dataclass
class Site:
    engine: Engine
    session: aiohttp.ClientSession
    server: TestServer
    now: datetime

    def aibot(self, body: Any = None, at: datetime | None = None) -> Any:
        query, data = AIBOT_SIDE.json_post(body or BODY, at or self.now)
        return self.session.post(self.server.make_url("/callback/main"), params=query, data=data)

    def app(self, body: str = BODY_XML) -> Any:
        query, data = APP_SIDE.xml_post(body, self.now)
        return self.session.post(self.server.make_url("/callback/app"), params=query, data=data)


@pytest.fixture
async def site(clock: MovableClock, now: datetime) -> AsyncIterator[Site]:
    engine = Engine()
    receivers = [
        AibotCallback("main", "/callback/main", Crypto(TOKEN, AES_KEY), WeComApi(_never)),
        AppCallback("app", "/callback/app", Crypto(TOKEN, AES_KEY, CORP), AppIdentity(CORP, 218)),
    ]
    app = web.Application()
    app.add_routes(
        routes(
            receivers,
            engine.submit,
            clock,
            delivered=engine.mark,
            refused=lambda *what: engine.refused.append(what),
            read_seconds=0.2,
        )
    )
    async with Server(app) as server, aiohttp.ClientSession(connector=LoopbackConnector()) as session:
        yield Site(engine, session, server, now)


async def test_url_verification_answers_the_plaintext_alone(site: Site) -> None:
    encrypt = APP_SIDE.encrypt(b"1616140317555161061")
    query = APP_SIDE.query(encrypt, site.now - timedelta(days=900)) | {"echostr": encrypt}
    async with site.session.get(site.server.make_url("/callback/app"), params=query) as response:
        assert (response.status, await response.read()) == (200, b"1616140317555161061")


async def test_the_official_sample_verifies() -> None:
    vector = {
        "msg_signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
        "timestamp": "1409659589",
        "nonce": "263014780",
        "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
    }
    channel = AppCallback("app", "/", Crypto(TOKEN, AES_KEY, CORP), AppIdentity(CORP))
    assert channel.verify(vector) == "1616140317555161061"


async def test_a_reply_rides_in_the_answer_of_the_aibot(site: Site) -> None:
    site.engine.reply = "**收到** C12"
    async with site.aibot() as response:
        assert (response.status, response.content_type) == (200, "text/plain")
        plain: Any = AIBOT_SIDE.open_json(await response.read())
    assert plain["msgtype"] == "stream"
    assert plain["stream"] == {"id": plain["stream"]["id"], "finish": True, "content": "**收到** C12"}
    assert json.loads(json.dumps(plain))["stream"]["id"].isalnum()
    assert [message.key for message in site.engine.delivered] == ["main|wang.fang|M1"]


async def test_a_reply_rides_in_the_answer_of_the_app_as_text(site: Site) -> None:
    site.engine.reply = "**收到** ]]> <C12>"
    async with site.app() as response:
        assert (response.status, response.content_type) == (200, "application/xml")
        answer = await response.text()
    encrypt = answer.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    signature = answer.split("<MsgSignature><![CDATA[")[1].split("]]>")[0]
    assert signature == APP_SIDE.query(encrypt, site.now)["msg_signature"]
    channel = AppCallback("app", "/", Crypto(TOKEN, AES_KEY, CORP), AppIdentity("wang.fang"))
    query, body = APP_SIDE.xml_post(APP_SIDE.decrypt(encrypt), site.now)
    told = channel.receive(query, body, site.now)
    assert told is not None
    assert (told.text, told.sender) == ("收到 ]]> <C12>", CORP)


async def test_the_same_message_keeps_its_stream(site: Site) -> None:
    site.engine.reply = "收到"
    ids = set()
    for _ in range(2):
        async with site.aibot() as response:
            plain: Any = AIBOT_SIDE.open_json(await response.read())
            ids.add(plain["stream"]["id"])
    assert len(ids) == 1


@pytest.mark.parametrize("reply", [None, "", "x" * 20481, "岗" * 6827])
async def test_without_a_reply_that_fits_the_answer_is_empty(site: Site, reply: str | None) -> None:
    site.engine.reply = reply
    async with site.aibot() as response:
        assert (response.status, await response.read()) == (200, b"")
    assert len(site.engine.kept) == 1
    assert site.engine.delivered == []


EVENTS = [("enter_chat", {"msgtype": "text", "text": {"content": "你好"}}), ("feedback_event", None)]


@pytest.mark.parametrize(("event", "expected"), EVENTS)
async def test_an_event_is_answered_only_where_the_platform_lets_it(site: Site, event: str, expected: Any) -> None:
    site.engine.reply = "你好"
    body = {"msgid": "E1", "from": {"userid": "wang.fang"}, "msgtype": "event", "event": {"eventtype": event}}
    async with site.aibot(body) as response:
        answer = await response.read()
    assert (AIBOT_SIDE.open_json(answer) if answer else None) == expected
    assert len(site.engine.delivered) == (1 if expected else 0)


async def test_a_stream_refresh_is_answered_empty_and_not_kept(site: Site) -> None:
    async with site.aibot({"msgtype": "stream", "from": {"userid": "u"}, "stream": {"id": "S"}}) as response:
        assert (response.status, await response.read()) == (200, b"")
    assert site.engine.kept == []


FAILURES = [(KakouError("full"), 503), (TimeoutError(), 503), (RuntimeError("13800001111"), 500)]


@pytest.mark.parametrize(("error", "status"), FAILURES, ids=["kakou", "timeout", "other"])
async def test_what_was_not_kept_is_asked_for_again(site: Site, error: Exception, status: int) -> None:
    site.engine.error = error
    with capture_logs() as logs:
        async with site.aibot() as response:
            assert (response.status, await response.read()) == (status, b"")
    assert [entry["error"] for entry in logs] == [type(error).__name__]
    assert "13800001111" not in repr(logs)
    assert site.engine.delivered == []


async def test_a_mark_that_fails_does_not_spoil_the_connection(site: Site) -> None:
    site.engine.reply, site.engine.unmarkable = "收到", True
    with capture_logs() as logs:
        for _ in range(2):
            async with site.aibot() as response:
                assert response.status == 200
                AIBOT_SIDE.open_json(await response.read())
    assert [entry["action"] for entry in logs] == ["callback.unmarked"] * 2


async def _until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  (the server tells nobody when a connection ends)
            await asyncio.sleep(0.001)


async def test_a_client_that_left_has_not_got_the_reply(site: Site) -> None:
    site.engine.reply, site.engine.gate = "收到", asyncio.Event()
    query, data = AIBOT_SIDE.json_post(BODY, site.now)
    url = site.server.make_url("/callback/main").with_query(query)
    _, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    head = f"POST {url.raw_path_qs} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n\r\n"
    writer.write(head.encode() + data)
    await site.engine.entered.wait()
    writer.transport.abort()
    assert site.server.runner is not None
    server = site.server.runner.server
    assert server is not None
    await _until(lambda: all(connection.transport is None for connection in server.connections))
    site.engine.gate.set()
    await _until(lambda: not server.connections)
    assert len(site.engine.kept) == 1
    assert site.engine.delivered == []


Spoil = Callable[[dict[str, str], bytes, datetime], tuple[dict[str, str], bytes]]
REFUSALS: list[tuple[str, Spoil, int, str]] = [
    ("no query", lambda _query, body, _now: ({}, body), 400, "no msg_signature"),
    ("signature", lambda query, body, _now: (query | {"nonce": "1"}, body), 403, "signature"),
    ("truncated", lambda query, body, _now: (query, body[:40]), 400, "envelope"),
    ("tampered", lambda query, body, _now: (query, body.replace(b'": "', b'": "AAAA')), 403, "signature"),
    ("garbage", lambda query, _body, _now: (query, b"\x00\xff" * 100), 400, "envelope"),
    ("stale", lambda _query, _body, now: AIBOT_SIDE.json_post(BODY, now - timedelta(seconds=301)), 403, "stale"),
    ("oversized", lambda query, body, _now: (query, body.ljust(1024 * 1024 + 1)), 413, "too large"),
]


@pytest.mark.parametrize(("spoil", "status", "reason"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
async def test_a_refusal_is_a_bare_4xx(site: Site, spoil: Spoil, status: int, reason: str) -> None:
    query, data = spoil(*AIBOT_SIDE.json_post(BODY, site.now), site.now)
    url = site.server.make_url("/callback/main")
    with capture_logs() as logs:
        async with site.session.post(url, params=query, data=io.BytesIO(data)) as response:
            assert (response.status, await response.read()) == (status, b"")
    assert site.engine.kept == []
    assert site.engine.refused == [("main", reason)]
    assert [(entry["action"], entry["reason"], entry["status"]) for entry in logs] == [
        ("callback.refused", reason, status)
    ]
    hidden = [TOKEN, AES_KEY, *(value for value in query.values() if len(value) > 8)]
    assert not any(secret in repr(logs) for secret in hidden)


async def test_a_refused_verification_is_a_bare_4xx(site: Site) -> None:
    async with site.session.get(site.server.make_url("/callback/main"), params={"echostr": "x"}) as response:
        assert (response.status, await response.read()) == (400, b"")


async def _raw(site: Site, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", site.server.port)
    writer.write(request)
    answer = await reader.readuntil(b"\r\n")
    writer.close()
    await writer.wait_closed()
    return answer


async def test_a_body_that_never_ends_is_refused(site: Site) -> None:
    answer = await _raw(site, b"POST /callback/main HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert b" 408 " in answer


async def test_a_broken_encoding_is_refused(site: Site) -> None:
    head = b"POST /callback/main HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Encoding: gzip\r\n\r\n"
    assert b" 400 " in await _raw(site, head + b"nogzp")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_other_methods_are_not_allowed(site: Site, method: str) -> None:
    async with site.session.request(method, site.server.make_url("/callback/main")) as response:
        assert response.status == 405


async def test_head_shows_that_the_address_lives(site: Site) -> None:
    async with site.session.head(site.server.make_url("/callback/main")) as response:
        assert response.status == 200


async def test_many_at_once_each_get_their_own_answer(site: Site) -> None:
    site.engine.reply = "收到"

    async def one(number: int) -> int:
        async with site.aibot(BODY | {"msgid": f"M{number}"}) as response:
            AIBOT_SIDE.open_json(await response.read())
            return int(response.status)

    calls: list[Awaitable[int]] = [one(number) for number in range(40)]
    assert set(await asyncio.gather(*calls)) == {200}
    assert {message.key for message in site.engine.delivered} == {f"main|wang.fang|M{number}" for number in range(40)}
