"""A digest of 200 posts: whole, in order, within the rate limit; faults in the middle neither lose nor double a part."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channels.wecom_api import WeComApi
from bot.sandbox import Fault
from bot.trial import Trial
from storage import outbox
from storage.tables import Duty, Outbox
from storage.unit_of_work import UnitOfWork
from tests.support.trials import running

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2020, 2, 23, 21, 50, tzinfo=ZONE)
VILLAGE, UNIT = "wrSandboxHongshikan", "平谷区/金海湖镇/红石坎村"
POSTS = 200
NUMBER = re.compile(r"（(\d+)/(\d+)）$")


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    async with running(tmp_path, START) as found:
        await found.service.writer.run(partial(_fill, at=START))
        yield found


def _fill(session: Session, at: datetime) -> None:
    uow = UnitOfWork(session)
    for number in range(POSTS):
        row = Duty(in_ref=f"C{number}", chat=VILLAGE, unit=UNIT, person=f"志愿者{number}", day=at.date(), state="open")
        row.post, row.starts_at = f"第{number:03}号卡点（村口大路与河堤交会处东侧岗亭）", at
        session.add(row)
    uow.flush()


def parts(trial: Trial) -> list[tuple[int, int]]:
    shown = [m.content for m in trial.sandbox.world.messages if m.chat == VILLAGE and m.via == "webhook"]
    found = [NUMBER.search(content.rstrip()) for content in shown if "号卡点" in content]
    return [(int(match[1]), int(match[2])) for match in found if match]


def rows(trial: Trial) -> list[Outbox]:
    with Session(trial.service.reader) as session:
        query = select(Outbox).where(Outbox.purpose == "report", Outbox.chat == VILLAGE)
        return list(session.scalars(query.order_by(Outbox.id)))


async def evening(trial: Trial) -> None:
    for minutes in range(10, 46, 5):
        await trial.sandbox.move_clock(START + timedelta(minutes=minutes))


async def test_it_arrives_whole_and_in_order(trial: Trial) -> None:
    await evening(trial)
    found = parts(trial)
    assert len(found) >= 3
    assert found == [(number, len(found)) for number in range(1, len(found) + 1)]
    text = "\n".join(m.content for m in trial.sandbox.world.messages if m.chat == VILLAGE and m.via == "webhook")
    for number in range(POSTS):
        assert text.count(f"第{number:03}号卡点") == 1
    for row in rows(trial):
        assert len(row.content.encode()) <= 4096
        assert row.content.count("| :--- |") == 1, "every part of a table has its headings"


@pytest.mark.parametrize("fault", [Fault(errcode=45009), Fault(errcode=-1)], ids=["rate limit", "busy"])
async def test_what_the_platform_refused_goes_again_in_its_place(trial: Trial, fault: Fault) -> None:
    after_two_parts(trial, fault)
    await evening(trial)
    found = parts(trial)
    assert found == [(number, len(found)) for number in range(1, len(found) + 1)]
    assert {row.state for row in rows(trial)} == {"sent"}


@pytest.mark.parametrize("taken", [False, True], ids=["lost on the way", "answer lost"])
async def test_a_part_of_which_nobody_knows_is_never_doubled_and_a_person_sees_it(trial: Trial, taken: bool) -> None:  # noqa: FBT001  (a case)
    after_two_parts(trial, Fault(status=502, taken=taken))
    await evening(trial)
    await one_is_in_doubt(trial, taken=taken)


@pytest.mark.parametrize("taken", [False, True], ids=["lost on the way", "answer too late"])
async def test_after_a_time_out_of_the_client_nothing_is_doubled(
    trial: Trial,
    monkeypatch: pytest.MonkeyPatch,
    taken: bool,  # noqa: FBT001  (a case)
) -> None:
    times_out_after_two_parts(trial, monkeypatch, aiohttp.ServerTimeoutError(), taken=taken)
    await evening(trial)
    await one_is_in_doubt(trial, taken=taken)


async def test_where_no_connection_came_about_in_time_the_part_goes_again(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    times_out_after_two_parts(trial, monkeypatch, aiohttp.ConnectionTimeoutError(), taken=False)
    await evening(trial)
    found = parts(trial)
    assert found == [(number, len(found)) for number in range(1, len(found) + 1)]
    assert {row.state for row in rows(trial)} == {"sent"}


def times_out_after_two_parts(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, error: TimeoutError, *, taken: bool
) -> None:
    """Let the client's deadline pass once when two parts have arrived, without waiting for it."""
    real = WeComApi._exchange
    waiting = [error]

    async def exchange(api: WeComApi, session: Any, method: str, address: Any, data: Any) -> tuple[int, bytes]:
        now = waiting and address.path.endswith("webhook/send") and len(parts(trial)) == 2
        if now and not taken:
            raise waiting.pop()
        answer = await real(api, session, method, address, data)
        if now:
            raise waiting.pop()
        return answer

    monkeypatch.setattr(WeComApi, "_exchange", exchange)


async def one_is_in_doubt(trial: Trial, *, taken: bool) -> None:
    """No part came twice; the one of which nobody knows is seen by a person, who can send it again."""
    found = parts(trial)
    assert len(found) == len(set(found)), "no part twice"
    (dead,) = [row for row in rows(trial) if row.state == "dead"]
    assert dead.error.startswith("uncertain")
    if not taken:
        await trial.service.writer.run(lambda session: outbox.revive(session, dead.id, trial.clock.now()))
        await trial.sandbox.forward(timedelta(minutes=5))
    assert sorted(parts(trial)) == [(number, found[0][1]) for number in range(1, found[0][1] + 1)], "no part is lost"


def after_two_parts(trial: Trial, fault: Fault) -> None:
    """Let the webhook's next call fail when two parts have arrived; other groups have been served by then."""
    faults = trial.sandbox.world.faults
    taken = faults.take
    waiting = [fault]

    def take(endpoint: str) -> Fault | None:
        if endpoint == "webhook/send" and waiting and len(parts(trial)) == 2:
            return waiting.pop()
        return taken(endpoint)

    faults.take = take  # type: ignore[method-assign]
