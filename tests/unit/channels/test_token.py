import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.token import AccessToken, AuthorizedApi
from bot.channels.wecom_api import TokenStale, WeComApi
from bot.clock import MovableClock
from bot.errors import GiveUp, RetryLater, SendError
from tests.support.scripted_api import OK, ScriptedApi

SECRET = "UiASDF-secret-of-an-app"
GETTOKEN = "/cgi-bin/gettoken"
SEND = "/cgi-bin/message/send"
STALE: list[dict[str, Any]] = [{"errcode": code, "errmsg": "access_token"} for code in (42001, 40014)]


def _token(number: int, seconds: Any = 7200) -> dict[str, Any]:
    return OK | {"access_token": f"T{number}", "expires_in": seconds}


def _make(api: ScriptedApi, clock: MovableClock, *answers: Any) -> AccessToken:
    api.script[GETTOKEN] = list(answers)
    return AccessToken(WeComApi(api.provide, api.base), "wxcorp", SECRET, clock)


async def test_a_token_is_fetched_once_for_all(api: ScriptedApi, clock: MovableClock) -> None:
    token = _make(api, clock, _token(1), _token(2))
    assert set(await asyncio.gather(*(token.get() for _ in range(20)))) == {"T1"}
    assert await token.get() == "T1"
    assert [asked.query for asked in api.asked] == [{"corpid": "wxcorp", "corpsecret": SECRET}]
    assert token.fetched_at == clock.now()


LIVES = [(7200, 6899, 6900), (600, 539, 540), ("soon", 6899, 6900), (0, 6899, 6900), (10**9, 6899, 6900)]


@pytest.mark.parametrize(("life", "good", "due"), LIVES)
async def test_a_token_is_renewed_before_its_end(
    api: ScriptedApi, clock: MovableClock, life: Any, good: int, due: int
) -> None:
    token = _make(api, clock, _token(1, life), _token(2))
    start = clock.now()
    await token.get()
    clock.set(start + timedelta(seconds=good))
    assert await token.get() == "T1"
    clock.set(start + timedelta(seconds=due))
    assert await token.get() == "T2"


async def test_an_old_token_serves_while_no_new_one_comes(api: ScriptedApi, clock: MovableClock) -> None:
    token = _make(api, clock, _token(1), {"errcode": -1, "errmsg": "busy"})
    await token.get()
    clock.forward(timedelta(seconds=7000))
    assert await token.get() == "T1"
    clock.forward(timedelta(seconds=200))
    with pytest.raises(RetryLater):
        await token.get()


async def test_a_wrong_secret_is_not_tried_again_for_an_hour(api: ScriptedApi, clock: MovableClock) -> None:
    token = _make(api, clock, {"errcode": 40001, "errmsg": SECRET}, _token(1))
    for _ in range(3):
        with pytest.raises(GiveUp, match="secret refused") as caught:
            await token.get()
        assert SECRET not in str(caught.value)
    assert api.paths() == [GETTOKEN]
    clock.forward(timedelta(hours=1))
    assert await token.get() == "T1"


@pytest.mark.parametrize("answer", [OK, OK | {"access_token": ""}, OK | {"access_token": 7}])
async def test_an_answer_without_a_token_is_an_error(
    api: ScriptedApi, clock: MovableClock, answer: dict[str, Any]
) -> None:
    with pytest.raises(RetryLater, match="access_token"):
        await _make(api, clock, answer).get()


async def test_a_caller_that_was_cancelled_does_not_hold_up_the_others(api: ScriptedApi, clock: MovableClock) -> None:
    gate, asked = asyncio.Event(), asyncio.Event()

    async def slow() -> dict[str, Any]:
        asked.set()
        await gate.wait()
        return _token(1)

    token = _make(api, clock, slow, _token(2))
    first, second = asyncio.create_task(token.get()), asyncio.create_task(token.get())
    await asked.wait()
    first.cancel()
    assert await second == "T2"
    gate.set()


@pytest.mark.parametrize("stale", STALE, ids=["42001", "40014"])
async def test_a_refused_token_is_renewed_once_and_the_call_repeated(
    api: ScriptedApi, clock: MovableClock, stale: dict[str, Any]
) -> None:
    authorized = AuthorizedApi(WeComApi(api.provide, api.base), _make(api, clock, _token(1), _token(2)))
    api.script[SEND] = [stale, OK]
    assert await authorized.post(SEND, {}) == OK
    tokens = [asked.query["access_token"] for asked in api.asked if asked.path == SEND]
    assert tokens == ["T1", "T2"]


async def test_a_token_that_stays_refused_ends_after_one_repetition(api: ScriptedApi, clock: MovableClock) -> None:
    authorized = AuthorizedApi(WeComApi(api.provide, api.base), _make(api, clock, _token(1)))
    api.script[SEND] = [STALE[0]]
    with pytest.raises(TokenStale) as caught:
        await authorized.post(SEND, {})
    assert caught.value.after == 60
    assert api.paths() == [GETTOKEN, SEND, GETTOKEN, SEND]


async def test_callers_refused_together_renew_together(api: ScriptedApi, clock: MovableClock) -> None:
    authorized = AuthorizedApi(WeComApi(api.provide, api.base), _make(api, clock, _token(1), _token(2), _token(3)))
    await authorized.token.get()
    api.script[SEND] = [*[STALE[0]] * 5, OK]
    await asyncio.gather(*(authorized.post(SEND, {}) for _ in range(5)))
    assert api.paths().count(GETTOKEN) <= 3
    assert {asked.query["access_token"] for asked in api.asked[-3:]} <= {"T2", "T3"}


async def test_other_errors_are_not_repeated(api: ScriptedApi, clock: MovableClock) -> None:
    authorized = AuthorizedApi(WeComApi(api.provide, api.base), _make(api, clock, _token(1)))
    api.script[SEND] = [{"errcode": 40001, "errmsg": ""}]
    with pytest.raises(SendError):
        await authorized.post(SEND, {})
    assert api.paths() == [GETTOKEN, SEND]


async def test_get_and_upload_also_carry_the_token(api: ScriptedApi, clock: MovableClock) -> None:
    authorized = AuthorizedApi(WeComApi(api.provide, api.base), _make(api, clock, _token(1)))
    api.script["/cgi-bin/media/upload"] = [STALE[0], OK | {"media_id": "M"}]
    await authorized.get("/cgi-bin/user/get", {"userid": "u"})
    assert await authorized.upload("image", b"x", "a.png") == "M"
    assert api.asked[1].query == {"userid": "u", "access_token": "T1"}
    assert api.asked[-1].query == {"type": "image", "access_token": "T1"}
