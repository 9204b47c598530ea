"""A sandbox on a free port of loopback, with a small bot of the tests' own behind its callbacks."""

import io
import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import BrowserContext, Page, async_playwright

from bot.clock import MovableClock
from bot.sandbox import Sandbox, SandboxSettings
from bot.sandbox.crypto import Codec
from bot.sandbox.envelopes import _fields, _xml

START = datetime(2020, 2, 23, 21, 50, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass
class FakeBot:
    """Decrypts what comes in and answers what the test has laid ready."""

    settings: SandboxSettings
    heard: list[dict] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    answers: list[str | web.Response | None] = field(default_factory=list)
    """Next answers: words, a raw response, or None for an empty body. Without any: an echo."""
    frames: list[tuple[str, bool]] = field(default_factory=list)
    """What a stream says when the platform asks how it goes on."""

    async def main(self, request: web.Request) -> web.Response:
        codec = Codec(self.settings.token, self.settings.aes_key)
        encrypted = (await request.json())["encrypt"]
        query = self._check(codec, request, encrypted)
        body = json.loads(codec.decrypt(encrypted))
        self.heard.append(body)
        if body["msgtype"] == "stream":
            content, finish = self.frames.pop(0)
            return self._stream(codec, query, content, finish=finish)
        answer = self.answers.pop(0) if self.answers else f"收到：{body.get('text', body.get('voice'))['content']}"
        if isinstance(answer, web.Response):
            return answer
        return web.Response() if answer is None else self._stream(codec, query, answer, finish=not self.frames)

    def _stream(self, codec: Codec, query, content: str, *, finish: bool) -> web.Response:
        inner = {"msgtype": "stream", "stream": {"id": "s1", "finish": finish, "content": content}}
        encrypted = codec.encrypt(json.dumps(inner).encode())
        signature = codec.sign(query["timestamp"], query["nonce"], encrypted)
        outer = {
            "encrypt": encrypted,
            "msgsignature": signature,
            "timestamp": int(query["timestamp"]),
            "nonce": query["nonce"],
        }
        return web.Response(text=json.dumps(outer))

    async def app(self, request: web.Request) -> web.Response:
        codec = Codec(self.settings.app_token, self.settings.app_aes_key, self.settings.corp_id)
        encrypted = _fields(await request.read())["Encrypt"]
        query = self._check(codec, request, encrypted)
        body = _fields(codec.decrypt(encrypted))
        self.heard.append(body)
        inner = codec.encrypt(_xml({"MsgType": "text", "Content": f"收到：{body['Content']}"}))
        signature = codec.sign(query["timestamp"], query["nonce"], inner)
        outer = {"Encrypt": inner, "MsgSignature": signature, "TimeStamp": query["timestamp"], "Nonce": query["nonce"]}
        return web.Response(body=_xml(outer))

    def _check(self, codec: Codec, request: web.Request, encrypted: str) -> dict[str, str]:
        query = dict(request.query)
        assert query["msg_signature"] == codec.sign(query["timestamp"], query["nonce"], encrypted)
        self.queries.append(query)
        return query


@dataclass
class Place:
    """Everything that a test of the sandbox needs."""

    sandbox: Sandbox
    bot: FakeBot
    url: str
    http: ClientSession
    moves: list[datetime]

    async def post(self, path: str, body, **query: str) -> dict:
        content = io.BytesIO(json.dumps(body).encode())
        async with self.http.post(self.url + path, data=content, params=query) as response:
            return await response.json()

    async def webhook(self, body, chat: str = "wrSandboxHongshikan") -> int:
        key = self.sandbox.world.webhook_key(chat)
        return (await self.post("/cgi-bin/webhook/send", body, key=key))["errcode"]


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    settings = SandboxSettings(callback_seconds=2.0, retry_seconds=0.0, poll_seconds=0.01)
    sandbox, bot, moves = Sandbox(MovableClock(START), url, settings), FakeBot(settings), []

    async def moved() -> None:
        moves.append(sandbox.clock.now())

    sandbox.on_clock_moved = moved
    app = web.Application()
    app.add_routes([*sandbox.routes(), web.post("/callback/main", bot.main), web.post("/callback/app", bot.app)])
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.SockSite(runner, listener).start()
    await sandbox.start()
    async with ClientSession() as http:
        yield Place(sandbox, bot, url, http, moves)
    await sandbox.stop()
    await runner.cleanup()


CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def browser(tmp_path) -> AsyncIterator[Callable[..., Awaitable[Page]]]:
    """Opens pages of a given width in headless Chromium; a page's errors and foreign requests fail the test."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium to run the browser tests")
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    async def open_page(url: str, width: int = 1280, height: int = 800) -> Page:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path / f"profile{len(contexts)}",
            executable_path=CHROMIUM,
            headless=True,
            args=FLAGS,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            has_touch=width < 600,
        )
        contexts.append(context)
        page = context.pages[0]
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on(
            "request", lambda request: None if request.url.startswith((url, "data:")) else wrong.append(request.url)
        )
        await page.goto(f"{url}/sandbox")
        await page.wait_for_selector("[data-ready]")
        return page

    async with async_playwright() as playwright:
        yield open_page
        for context in contexts:
            await context.close()
    assert wrong == []
