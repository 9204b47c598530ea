"""Files of single chats: fetched from where the platform announced them, within its hosts, opened with the right key."""

import base64
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import media
from bot.channels.base import Incoming
from bot.clock import MovableClock
from bot.config import AibotCallback, AppCallback
from bot.sandbox.crypto import Codec, new_aes_key

KEY = new_aes_key()
CLOCK = MovableClock(datetime(2020, 2, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai")))
CONTENT = b"PK\x03\x04 a workbook, say"


def incoming(channel: str, announced: str, kind: str = "file", chat_type: str = "single") -> Incoming:
    return Incoming(channel, "k", "u1", chat_type, "u1", kind, b"{}", media=(announced,))  # type: ignore[arg-type]


@pytest.fixture
async def server():
    async def file(request: web.Request) -> web.Response:
        found = {"sealed": Codec("t", KEY).encrypt_file(CONTENT), "plain": b"x" * 33, "empty": b""}
        return web.Response(body=found[request.match_info["name"]])

    async def token(_request: web.Request) -> web.Response:
        return web.json_response({"errcode": 0, "access_token": "T", "expires_in": 7200})

    async def get(request: web.Request) -> web.Response:
        if request.query["media_id"] != "M1" or request.query["access_token"] != "T":
            return web.json_response({"errcode": 40007, "errmsg": "invalid media_id"})
        return web.Response(body=CONTENT, content_type="application/octet-stream")

    async def elsewhere(_request: web.Request) -> web.Response:
        raise web.HTTPFound("http://127.0.0.1:1/")

    app = web.Application()
    app.add_routes(
        [
            web.get("/file/{name}", file),
            web.get("/cgi-bin/gettoken", token),
            web.get("/cgi-bin/media/get", get),
            web.get("/away", elsewhere),
        ]
    )
    async with TestServer(app) as running:
        yield running


@pytest.fixture
async def fetcher(server: TestServer):
    base = str(server.make_url("/")).rstrip("/")
    channels = [
        AibotCallback(type="aibot_callback", name="main", path="/m", token="t", encoding_aes_key=KEY, api_base=base),
        AppCallback(
            type="app_callback",
            name="app",
            path="/a",
            corp_id="c",
            agent_id=1,
            secret="s",
            token="t",
            encoding_aes_key=KEY,
            api_base=base,
        ),
    ]
    async with ClientSession() as session:
        yield media.Media(channels, lambda: session, CLOCK), base


async def test_an_aibot_file_is_opened(fetcher) -> None:
    files, base = fetcher
    done = await files.attached(incoming("main", f"{base}/file/sealed"))
    assert done.extra["file"] == CONTENT


async def test_a_picture_is_fetched_like_a_file(fetcher) -> None:
    files, base = fetcher
    done = await files.attached(incoming("main", f"{base}/file/sealed", "image"))
    assert done.extra["file"] == CONTENT


async def test_an_app_file_is_fetched_by_its_id(fetcher) -> None:
    files, _base = fetcher
    assert (await files.attached(incoming("app", "M1"))).extra["file"] == CONTENT
    assert (await files.attached(incoming("app", "M2"))).extra["file_problem"] == "文件已失效"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("{base}/file/plain", "文件不完整"),
        ("{base}/file/empty", "文件不完整"),
        ("{base}/away", "文件已失效"),
        ("http://169.254.169.254/latest", "地址不对"),
        ("http://files.qq.com/x", "地址不对"),
        ("https://files.qq.com:8443/x", "地址不对"),
        ("https://qq.com.example.org/x", "地址不对"),
        ("https://u:p@files.qq.com/x", "地址不对"),
        ("file:///etc/passwd", "地址不对"),
        ("not an address", "地址不对"),
    ],
)
async def test_what_cannot_be_had_is_told_and_not_fetched(fetcher, url: str, why: str) -> None:
    files, base = fetcher
    done = await files.attached(incoming("main", url.format(base=base)))
    assert "file" not in done.extra
    assert done.extra["file_problem"] == why


async def test_a_large_file_is_not_read_to_its_end(fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    files, base = fetcher
    monkeypatch.setattr(media, "MOST_BYTES", 10)
    assert "MB" in (await files.attached(incoming("main", f"{base}/file/sealed"))).extra["file_problem"]


@pytest.mark.parametrize(
    ("kind", "chat_type"), [("text", "single"), ("file", "group"), ("image", "group"), ("video", "single")]
)
async def test_other_messages_are_left_alone(fetcher, kind: str, chat_type: str) -> None:
    files, base = fetcher
    message = incoming("main", f"{base}/file/sealed", kind, chat_type)
    assert await files.attached(message) is message


def test_the_key_is_that_of_the_callback() -> None:
    assert len(base64.b64decode(KEY + "=")) == 32
