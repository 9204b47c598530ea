import asyncio
import io
import json
import socket
import traceback
from collections.abc import Iterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.channels.wecom_api import ERRCODES, TokenStale, WeComApi, check_length, fault
from bot.errors import GiveUp, RetryLater, SendError
from tests.support.scripted_api import OK, LoopbackConnector, ScriptedApi

KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"
PATH = "/cgi-bin/webhook/send"


@pytest.fixture(autouse=True)
def no_secret_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with capture_logs() as logs, caplog.at_level("DEBUG"):
        yield
    assert KEY not in repr(logs) + caplog.text


async def _error(api: ScriptedApi, deadline: float = 5.0) -> SendError:
    """The exception of a call; nothing of it, its causes or its context may show the key."""
    with pytest.raises(SendError) as caught:
        await WeComApi(api.provide, api.base, deadline=deadline).post(PATH, {"key": KEY}, {"msgtype": "text"})
    error: BaseException | None = caught.value
    assert KEY not in "".join(traceback.format_exception(caught.value, chain=True))
    while error is not None:
        assert KEY not in repr(error) + str(error)
        error = error.__cause__ or error.__context__
    return caught.value


async def test_a_call_carries_its_query_and_its_json(api: ScriptedApi) -> None:
    answer = await WeComApi(api.provide, api.base).post(PATH, {"key": KEY}, {"text": {"content": "到岗"}})
    assert answer == OK
    (asked,) = api.asked
    assert (asked.method, asked.path, asked.query) == ("POST", PATH, {"key": KEY})
    assert asked.body.decode() == '{"text": {"content": "到岗"}}'


async def test_half_a_character_does_not_stop_a_message(api: ScriptedApi) -> None:
    await WeComApi(api.provide, api.base).post(PATH, {}, {"content": "到\ud800岗"})
    assert api.asked[0].json == {"content": "到?岗"}


POLICIES = {"later": RetryLater, "token": TokenStale, "never": GiveUp}


@pytest.mark.parametrize("code", [*ERRCODES, 99999])
async def test_every_errcode_has_its_policy_although_http_says_200(api: ScriptedApi, code: int) -> None:
    api.script[PATH] = [{"errcode": code, "errmsg": f"hint: key={KEY}"}]
    error = await _error(api)
    verdict = ERRCODES.get(code)
    assert error.code == code
    assert type(error) is (POLICIES[verdict.policy] if verdict else RetryLater)
    if isinstance(error, RetryLater):
        assert error.after == (verdict.after if verdict else 60) > 0
        assert error.sure_unsent


def test_the_address_that_is_not_trusted_is_shown() -> None:
    error = fault(60020, "not allow to access from your ip, hint: [15], from ip: 203.0.113.9, more info at x")
    assert error.detail.endswith(": 203.0.113.9")


def _text(body: bytes, status: int = 200) -> web.Response:
    return web.Response(body=body, status=status)


STATUSES = [
    (500, RetryLater, False),
    (502, RetryLater, False),
    (503, RetryLater, False),
    (429, RetryLater, True),
    (400, GiveUp, None),
    (404, GiveUp, None),
    (302, GiveUp, None),
    (204, GiveUp, None),
]


@pytest.mark.parametrize(("status", "kind", "unsent"), STATUSES)
async def test_every_status_but_200_is_an_error(
    api: ScriptedApi,
    status: int,
    kind: type[SendError],
    unsent: bool | None,  # noqa: FBT001  (a table's column)
) -> None:
    api.script[PATH] = [lambda: _text(b"{}", status)]
    error = await _error(api)
    assert (type(error), error.code) == (kind, f"http {status}")
    assert getattr(error, "sure_unsent", None) is unsent


async def test_a_redirect_is_not_followed(api: ScriptedApi) -> None:
    api.script[PATH] = [lambda: web.Response(status=307, headers={"Location": api.base + "/elsewhere"})]
    assert isinstance(await _error(api), GiveUp)
    assert api.paths() == [PATH]


BROKEN = [b"", b"ok", b"[]", b'{"errcode":', b"{}", b'{"errcode":"0"}', b'{"errcode":false}', b"\xff", b"[" * 100_000]


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
async def test_an_answer_without_an_errcode_may_have_been_a_success(api: ScriptedApi, body: bytes) -> None:
    api.script[PATH] = [lambda: _text(body + (KEY.encode() if body[:1] == b"o" else b""))]
    error = await _error(api)
    assert isinstance(error, RetryLater)
    assert (error.code, error.sure_unsent) == ("bad answer", False)


async def test_an_endless_answer_is_cut(api: ScriptedApi) -> None:
    api.script[PATH] = [lambda: web.Response(body=io.BytesIO(b'{"errcode":0,"x":"' + b"x" * 3_000_000 + b'"}'))]
    assert (await _error(api)).code == "bad answer"


async def test_a_slow_answer_times_out_and_may_have_been_a_success(api: ScriptedApi) -> None:
    gate = asyncio.Event()

    async def slow() -> dict[str, Any]:
        await gate.wait()
        return OK

    api.script[PATH] = [slow]
    error = await _error(api, deadline=0.05)
    gate.set()
    assert isinstance(error, RetryLater)
    assert (error.code, error.sure_unsent) == ("timeout", False)


async def test_a_connection_cut_in_the_middle_may_have_been_a_success(api: ScriptedApi) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()

    server = await asyncio.start_server(cut, "127.0.0.1", 0)
    api.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    error = await _error(api)
    server.close()
    await server.wait_closed()
    assert isinstance(error, RetryLater)
    assert (error.code, error.sure_unsent) == ("connection", False)


async def test_where_nobody_listens_nothing_was_sent(api: ScriptedApi) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        api.base = f"http://127.0.0.1:{taken.getsockname()[1]}"
        error = await _error(api)
    assert isinstance(error, RetryLater)
    assert (error.code, error.sure_unsent) == ("connection", True)


async def test_a_closed_client_is_no_crash(api: ScriptedApi) -> None:
    session = aiohttp.ClientSession(connector=LoopbackConnector())
    await session.close()
    with pytest.raises(RetryLater, match="closed") as caught:
        await WeComApi(lambda: session, api.base).get("/x", {})
    assert caught.value.sure_unsent


async def test_an_upload_is_a_form_with_a_file(api: ScriptedApi) -> None:
    api.script["/cgi-bin/webhook/upload_media"] = [OK | {"media_id": "M1"}]
    media = await WeComApi(api.provide, api.base).upload(
        "/cgi-bin/webhook/upload_media", {"key": KEY, "type": "file"}, b"x" * 2_000_000, "日报.xlsx"
    )
    assert media == "M1"
    (asked,) = api.asked
    assert b'name="media"' in asked.body
    assert b"filename=" in asked.body
    assert b"x" * 2_000_000 in asked.body


@pytest.mark.parametrize("answer", [OK, OK | {"media_id": ""}, OK | {"media_id": 7}])
async def test_an_upload_without_a_media_id_is_an_error(api: ScriptedApi, answer: dict[str, Any]) -> None:
    api.script["/u"] = [answer]
    with pytest.raises(RetryLater, match="media_id"):
        await WeComApi(api.provide, api.base).upload("/u", {}, b"x", "a")


async def test_an_api_base_may_have_a_path(api: ScriptedApi) -> None:
    await WeComApi(api.provide, api.base + "/proxy/").get("/cgi-bin/gettoken", {})
    assert api.paths() == ["/proxy/cgi-bin/gettoken"]


ADDRESSES = [
    ("the platform", "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=x", True),
    ("the api base", "http://127.0.0.1:8080/r/1", True),
    ("listed with its port", "http://sandbox.test:9000/r", True),
    ("the platform without TLS", "http://qyapi.weixin.qq.com/r", False),
    ("another port of the platform", "https://qyapi.weixin.qq.com:8443/r", False),
    ("another port of the api base", "http://127.0.0.1:8081/r", False),
    ("TLS on the api base", "https://127.0.0.1:8080/r", False),
    ("listed, another port", "http://sandbox.test:9001/r", False),
    ("a name that ends alike", "https://evil-qyapi.weixin.qq.com/r", False),
    ("a name that begins alike", "https://qyapi.weixin.qq.com.example.org/r", False),
    ("a user part", "https://qyapi.weixin.qq.com@example.org/r", False),
    ("a user part before the platform", "https://me@qyapi.weixin.qq.com/r", False),
    ("the machine's own services", "http://169.254.169.254/latest/meta-data", False),
    ("localhost by name", "http://localhost:8080/r", False),
    ("a file", "file:///etc/hostname", False),
    ("no host", "/cgi-bin/aibot", False),
    ("empty", "", False),
    ("not an address", "https://[::1", False),
    ("a port that is none", "http://127.0.0.1:99999/r", False),
]


@pytest.mark.parametrize(("address", "allowed"), [row[1:] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES])
def test_response_urls_lead_to_the_platform_only(address: str, allowed: bool) -> None:  # noqa: FBT001  (a table's column)
    hosts = frozenset({"qyapi.weixin.qq.com", "sandbox.test:9000"})
    client = WeComApi(aiohttp.ClientSession, "http://127.0.0.1:8080", allowed_hosts=hosts)
    if allowed:
        assert str(client._allowed(address)) == address
    else:
        with pytest.raises(GiveUp, match="response_url"):
            client._allowed(address)


async def test_a_client_of_the_tests_goes_nowhere_else() -> None:
    async with aiohttp.ClientSession(connector=LoopbackConnector()) as session:
        with pytest.raises(AssertionError, match="tried to reach"):
            await WeComApi(lambda: session).get("/cgi-bin/gettoken", {})


@pytest.mark.parametrize(("content", "code"), [("", 44004), ("x" * 11, 45002), ("岗" * 4, 45002)])
def test_what_the_platform_would_cut_is_not_sent(content: str, code: int) -> None:
    with pytest.raises(GiveUp) as caught:
        check_length(content, 10)
    assert caught.value.code == code


def test_what_fits_is_sent() -> None:
    check_length("岗岗岗x", 10)


def test_the_table_is_plain_data() -> None:
    assert json.dumps({code: verdict.meaning for code, verdict in ERRCODES.items()})
    assert all(verdict.after > 0 for verdict in ERRCODES.values() if verdict.policy != "never")
