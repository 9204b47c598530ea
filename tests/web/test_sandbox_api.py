"""The API of the sandbox's page: what it takes, what it refuses, what it tells."""

import asyncio
import io
import json
from datetime import timedelta

import pytest

GROUP = "wrSandboxHongshikan"


async def status(place, path, body, **headers):
    content = body if isinstance(body, str) else json.dumps(body)
    sent = {"Content-Type": "application/json", **headers}
    async with place.http.post(place.url + path, data=content, headers=sent) as response:
        return response.status


SAID = {"member": "sunxiaoyu", "chat": GROUP, "text": "@小站 到岗"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("say", "{"),
        ("say", []),
        ("say", {**SAID, "member": "nobody"}),
        ("say", {**SAID, "chat": "nowhere"}),
        ("say", {**SAID, "member": "mazhiqiang"}),
        ("say", {**SAID, "text": " "}),
        ("say", {**SAID, "text": "卡" * 7000}),
        ("clock", {}),
        ("clock", {"minutes": "soon"}),
        ("clock", {"minutes": -1}),
        ("clock", {"minutes": 1e99}),
        ("clock", {"until": "25:00"}),
        ("clock", {"set": "2019-01-01T00:00"}),
        ("clock", {"set": "2029-01-01T00:00"}),
    ],
)
async def test_the_api_refuses_what_has_no_meaning(place, path, body):
    assert await status(place, f"/sandbox/api/{path}", body) == 400
    assert place.bot.heard == []
    assert place.moves == []


async def test_a_form_of_another_site_says_nothing(place):
    assert await status(place, "/sandbox/api/say", SAID, **{"Content-Type": "text/plain"}) == 400


async def test_until_is_the_next_one(place):
    for body, expected in (({"until": "22:00"}, 22), ({"until": "22:00"}, 22), ({"tomorrow": "08:00"}, 8)):
        assert await status(place, "/sandbox/api/clock", body) == 200
        assert place.moves[-1].hour == expected
    assert [move - place.moves[0] for move in place.moves[1:]] == [timedelta(days=1), timedelta(days=1, hours=10)]


async def test_the_page_needs_nothing_from_elsewhere(place):
    for name in ("", "/page.css", "/page.js", "/markdown.js"):
        async with place.http.get(f"{place.url}/sandbox{name}") as response:
            text = await response.text()
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert "https://" not in text
            assert "innerHTML" not in text
    async with place.http.get(f"{place.url}/sandbox/api/media/none") as response:
        assert response.status == 404


async def test_events_reach_an_open_page_and_end_with_the_sandbox(place):
    async with place.http.get(f"{place.url}/sandbox/api/events") as response:
        assert response.content_type == "text/event-stream"
        await response.content.readline()
        await place.sandbox.forward(timedelta(hours=1))
        async with asyncio.timeout(5):
            while not (line := await response.content.readline()).startswith(b"data: "):
                pass
            assert json.loads(line[6:])["type"] == "clock"
            place.sandbox._page.close()
            await response.content.read()


@pytest.mark.parametrize(
    ("changed", "content", "kind"),
    [
        ({"chat": GROUP}, b"PK", "application/octet-stream"),
        ({"member": "nobody"}, b"PK", "application/octet-stream"),
        ({"member": "mazhiqiang"}, b"PK", "application/octet-stream"),
        ({"name": " "}, b"PK", "application/octet-stream"),
        ({"name": "表" * 70}, b"PK", "application/octet-stream"),
        ({}, b"", "application/octet-stream"),
        ({}, b"-" * (2**20 + 1), "application/octet-stream"),
        ({}, b"PK", "text/plain"),
    ],
)
async def test_a_file_that_cannot_be_sent_is_refused(place, changed, content, kind):
    query = {"member": "sunxiaoyu", "chat": place.sandbox.world.single("sunxiaoyu", "main").id, "name": "表.xlsx"}
    address, headers = f"{place.url}/sandbox/api/file", {"Content-Type": kind}
    async with place.http.post(address, params=query | changed, data=io.BytesIO(content), headers=headers) as response:
        assert response.status == 400
        assert (await response.json())["problem"]
    assert not place.bot.heard
