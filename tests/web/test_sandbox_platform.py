"""The sandbox's platform: what the bot calls is answered with the platform's formats, limits and error codes."""

import base64
import hashlib
from datetime import timedelta

import pytest
from aiohttp import FormData

from bot.sandbox import Fault

GROUP = "wrSandboxHongshikan"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def text(content):
    return {"msgtype": "text", "text": {"content": content}}


def markdown(content, kind="markdown"):
    return {"msgtype": kind, kind: {"content": content}}


def image(content, md5=None):
    digest = md5 or hashlib.md5(content).hexdigest()  # noqa: S324
    return {"msgtype": "image", "image": {"base64": base64.b64encode(content).decode(), "md5": digest}}


WEBHOOK = [
    ("text", text("a" * 2048), 0),
    ("long text", text("a" * 2049), 45002),
    ("long text in bytes", text("卡" * 683), 45002),
    ("markdown", markdown("卡" * 1365), 0),
    ("long markdown", markdown("卡" * 1366), 40058),
    ("table", markdown("|a|b|\n|-|-|\n|1|2|", "markdown_v2"), 0),
    ("long table", markdown("a" * 4097, "markdown_v2"), 40058),
    ("empty", text(" "), 44004),
    ("no content", {"msgtype": "text"}, 44004),
    ("unknown type", {"msgtype": "voice"}, 40008),
    ("no type", {}, 40008),
    ("no object", [], 40058),
    ("image", image(PNG), 0),
    ("big image", image(PNG + b"0" * 2**21), 40009),
    ("no image", image(b"hello"), 40009),
    ("image not base64", {"msgtype": "image", "image": {"base64": "?", "md5": ""}}, 40009),
    ("md5", image(PNG, "0" * 32), 301019),
    ("unknown file", {"msgtype": "file", "file": {"media_id": "x"}}, 40007),
]


@pytest.mark.parametrize(("body", "code"), [case[1:] for case in WEBHOOK], ids=[case[0] for case in WEBHOOK])
async def test_a_webhook_answers_with_the_platforms_code(place, body, code):
    assert await place.webhook(body) == code
    assert len(place.sandbox.world.of_chat(GROUP)) == (1 if code == 0 else 0)


async def test_a_wrong_key_is_refused(place):
    assert (await place.post("/cgi-bin/webhook/send", text("x"), key="no"))["errcode"] == 93000


async def test_a_webhook_takes_twenty_in_any_minute(place):
    codes = [await place.webhook(text("x")) for _ in range(21)]
    assert codes == [0] * 20 + [45009]
    assert await place.webhook(text("x"), "wrSandboxYangfang") == 0
    place.sandbox.clock.forward(timedelta(seconds=60))
    assert await place.webhook(text("x")) == 0


async def test_people_are_mentioned_by_name(place):
    body = {"msgtype": "text", "text": {"content": "日报已发", "mentioned_list": ["zhaominghua", "@all"]}}
    assert await place.webhook(body) == 0
    assert place.sandbox.world.messages[-1].content == "日报已发 @赵明华 @所有人"


async def test_a_file_is_uploaded_and_sent_by_the_same_webhook(place):
    keys = [place.sandbox.world.webhook_key(chat) for chat in (GROUP, "wrSandboxYangfang")]
    form = FormData(quote_fields=False)  # the platform shows a quoted name as it is
    form.add_field("media", b"workbook", filename="台账.xlsx", content_type="application/octet-stream")
    async with place.http.post(
        f"{place.url}/cgi-bin/webhook/upload_media?key={keys[0]}&type=file", data=form
    ) as response:
        answer = await response.json()
    assert (answer["errcode"], answer["type"]) == (0, "file")
    body = {"msgtype": "file", "file": {"media_id": answer["media_id"]}}
    assert await place.webhook(body, "wrSandboxYangfang") == 40007
    assert await place.webhook(body) == 0
    assert place.sandbox.world.messages[-1].content == "台账.xlsx"
    async with place.http.get(f"{place.url}/sandbox/api/media/{answer['media_id']}") as response:
        assert await response.read() == b"workbook"
        assert response.headers["Content-Disposition"] == "attachment"
    place.sandbox.clock.forward(timedelta(days=3))
    assert await place.webhook(body) == 40007


@pytest.mark.parametrize(
    ("content", "kind", "code"), [(b"tiny", "file", 40006), (b"enough", "film", 40004), (None, "file", 44001)]
)
async def test_an_upload_is_checked(place, content, kind, code):
    form = FormData()
    form.add_field("other", "x")
    if content is not None:
        form.add_field("media", content, filename="a.bin", content_type="application/octet-stream")
    key = place.sandbox.world.webhook_key(GROUP)
    async with place.http.post(
        f"{place.url}/cgi-bin/webhook/upload_media?key={key}&type={kind}", data=form
    ) as response:
        assert (await response.json())["errcode"] == code


async def get(place, path, **query):
    async with place.http.get(place.url + path, params=query) as response:
        return await response.json()


async def token(place):
    settings = place.sandbox.settings
    return await get(place, "/cgi-bin/gettoken", corpid=settings.corp_id, corpsecret=settings.app_secret)


async def test_a_token_stays_the_same_until_it_ends(place):
    first = await token(place)
    assert (first["errcode"], first["expires_in"]) == (0, 7200)
    place.sandbox.clock.forward(timedelta(hours=1))
    assert (await token(place))["access_token"] == first["access_token"]
    place.sandbox.clock.forward(timedelta(hours=1))
    found = await get(place, "/cgi-bin/user/get", access_token=first["access_token"], userid="sunxiaoyu")
    assert found["errcode"] == 42001
    assert (await token(place))["access_token"] != first["access_token"]


async def test_wrong_credentials_have_their_own_codes(place):
    corp = place.sandbox.settings.corp_id
    assert (await get(place, "/cgi-bin/gettoken", corpid=corp, corpsecret="x"))["errcode"] == 40001
    assert (await get(place, "/cgi-bin/gettoken", corpid="x", corpsecret="x"))["errcode"] == 40013
    assert (await get(place, "/cgi-bin/user/get", userid="sunxiaoyu"))["errcode"] == 41001
    assert (await get(place, "/cgi-bin/user/get", userid="sunxiaoyu", access_token="x"))["errcode"] == 40014


async def test_the_directory_tells_names(place):
    access = (await token(place))["access_token"]
    found = await get(place, "/cgi-bin/user/get", access_token=access, userid="sunxiaoyu")
    assert (found["errcode"], found["name"]) == (0, "孙晓雨")
    assert (await get(place, "/cgi-bin/user/get", access_token=access, userid="nobody"))["errcode"] == 60111


async def test_the_app_writes_to_members(place):
    access = (await token(place))["access_token"]
    body = {"touser": "hetianyi|nobody", "agentid": 1000002, **text("请健康打卡")}
    answer = await place.post("/cgi-bin/message/send", body, access_token=access)
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    (message,) = place.sandbox.world.of_chat("single-app-hetianyi")
    assert (message.content, message.via) == ("请健康打卡", "message/send")
    for change, code in (({"touser": "nobody"}, 81013), ({"agentid": 1}, 301002), (text("a" * 2049), 45002)):
        assert (await place.post("/cgi-bin/message/send", {**body, **change}, access_token=access))["errcode"] == code
    place.sandbox.world.tokens.revoke()
    assert (await place.post("/cgi-bin/message/send", body, access_token=access))["errcode"] == 40014


async def test_a_response_url_takes_one_answer_within_an_hour(place):
    async def answer(code, body):
        return (await place.post("/cgi-bin/aibot/response", body, response_code=code))["errcode"]

    code = place.sandbox.world.new_response(GROUP)
    assert await answer(code, text("x")) == 40008
    assert await answer(code, markdown("a" * 20481)) == 40058
    assert await answer(code, markdown("")) == 44004
    assert await answer(code, markdown("a" * 20480)) == 0
    assert await answer(code, markdown("again")) == 40058
    assert await answer("unknown", markdown("x")) == 40058
    late = place.sandbox.world.new_response(GROUP)
    place.sandbox.clock.forward(timedelta(hours=1))
    assert await answer(late, markdown("x")) == 40058
    assert [m.via for m in place.sandbox.world.of_chat(GROUP)] == ["response_url"]


async def test_faults_come_when_asked_for_and_go(place):
    faults = place.sandbox.world.faults
    faults.inject("webhook/send", Fault(errcode=-1), times=2)
    assert [await place.webhook(text("x")) for _ in range(3)] == [-1, -1, 0]
    faults.inject("*", Fault(status=500))
    key = place.sandbox.world.webhook_key(GROUP)
    async with place.http.post(f"{place.url}/cgi-bin/webhook/send?key={key}", json=text("x")) as response:
        assert response.status == 500
    assert len(place.sandbox.world.of_chat(GROUP)) == 1


async def test_a_fault_may_come_after_the_deed(place):
    place.sandbox.world.faults.inject("webhook/send", Fault(errcode=-1, taken=True))
    assert await place.webhook(text("x")) == -1
    assert len(place.sandbox.world.of_chat(GROUP)) == 1


async def test_silence_outlasts_the_client(place):
    place.sandbox.world.faults.inject("webhook/send", Fault(silent=True))
    with pytest.raises(TimeoutError):
        await place.http.post(
            f"{place.url}/cgi-bin/webhook/send?key={place.sandbox.world.webhook_key(GROUP)}",
            json=text("x"),
            timeout=0.1,
        )
    assert await place.webhook(text("x")) == 0
