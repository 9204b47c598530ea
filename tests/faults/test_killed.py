"""The process is killed at named points, started again, and the platform does what it does: it sends again what was not
answered 200. Afterwards the invariants hold: answered means on disk, effects once, reports never twice, uncertain ones seen.

Messages are tried on both databases. What is left between claiming and sending is seen on SQLite alone: on PostgreSQL it
takes the lease's two minutes.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.trial import toml
from handlers.reports.export import rows
from storage import engine
from storage.crypto import Keyring, decode_key, new_key
from storage.records import Scope
from storage.tables import Slot
from tests.support.databases import Database
from tests.support.platform import Platform

ROUNDS = int(os.environ.get("KAKOU_FAULT_ROUNDS", "1"))
ZONE = ZoneInfo("Asia/Shanghai")
GROUP = "wrFaults"
PLATFORM = Platform()


@dataclass
class World:
    """A platform that takes webhook messages, and a bot that can be started and killed beside it."""

    folder: Path
    url: str
    """Of the database."""
    hook_url: str = ""
    taken: list[str] = field(default_factory=list)
    key: str = field(default_factory=new_key)
    answers: list[str] = field(default_factory=list)

    def write_config(self, report_at: str = "") -> Path:
        secrets = {"token": PLATFORM.token, "encoding_aes_key": PLATFORM.aes_key}
        mapping: dict[str, Any] = {
            "server": {"port": 0},
            "storage": {"url": self.url, "key": self.key},
            "members": {"liming": "李明"},
            "channels": [
                {"name": "main", "type": "aibot_callback", "path": "/callback/main", **secrets},
                {"name": "hook", "type": "group_webhook", "key": "k", "api_base": self.hook_url},
            ],
            "groups": [{"chat": GROUP, "unit": "平谷区/金海湖镇", "receive": "main", "report_to": "hook"}],
        }
        if report_at:
            mapping["reports"] = [{"name": "nightly", "at": report_at, "groups": ["*"]}]
        path = self.folder / "config.toml"
        path.write_text(toml(mapping), encoding="utf-8")
        return path

    def export(self, kind: str) -> list[dict[str, Any]]:
        opened = engine.create(self.url, Keyring([decode_key(self.key)]), readonly=True)
        try:
            with Session(opened) as session:
                return list(rows(session, kind, Scope(), ZONE))
        finally:
            opened.dispose()


@asynccontextmanager
async def platform(tmp_path: Path, url: str = "") -> AsyncIterator[World]:
    world = World(tmp_path, url or f"sqlite:///{tmp_path}/kakou.db")

    async def take(request: web.Request) -> web.Response:
        world.taken.append((await request.json())["markdown"]["content"])
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    app = web.Application()
    app.router.add_post("/cgi-bin/webhook/send", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.hook_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield world
    finally:
        await runner.cleanup()


class Victim:
    """A bot process."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self.process = process
        self.port = port

    @classmethod
    async def start(cls, config: Path, point: str = "") -> "Victim":
        arguments = [str(Path(__file__).with_name("victim.py")), str(config), *([point] if point else [])]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, env=environment
        )
        assert process.stdout is not None
        line = await process.stdout.readline()
        return cls(process, int(line) if line.strip() else 0)

    async def say(self, msgid: str, text: str) -> tuple[int, str]:
        """Deliver one message; (0, "") where the connection broke."""
        body = {"msgid": msgid, "aibotid": "bot", "chatid": GROUP, "chattype": "group", "from": {"userid": "liming"}}
        body |= {"response_url": "", "msgtype": "text", "text": {"content": text}}
        query, payload = PLATFORM.json_post(body, datetime.now(ZONE))
        url = f"http://127.0.0.1:{self.port}/callback/main"
        try:
            async with aiohttp.ClientSession() as client, client.post(url, params=query, data=payload) as response:
                raw = await response.read()
        except (aiohttp.ClientError, OSError):
            return 0, ""
        if response.status != 200 or not raw:
            return response.status, ""
        return 200, json.loads(json.dumps(PLATFORM.open_json(raw)))["stream"]["content"]

    async def ended(self) -> int:
        return await asyncio.wait_for(self.process.wait(), 30)

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("point", ["insert_before_commit", "commit_before_answer", "in_handler", "answer_before_mark"])
async def test_a_message_has_its_effects_once_wherever_the_process_is_killed(
    tmp_path: Path, database: Database, point: str, number: int
) -> None:
    async with platform(tmp_path, database.url) as world:
        config = world.write_config()
        first = await Victim.start(config, point)
        status, reply = await first.say("m1", "@小站 到岗 东门")
        assert await first.ended() == 9
        assert (status == 200) == (point == "answer_before_mark")

        second = await Victim.start(config)
        try:
            if status != 200:  # the platform sends again what was not answered
                status, reply = await second.say("m1", "@小站 到岗 东门")
            again = await second.say("m1", "@小站 到岗 东门")
        finally:
            await second.stop()
        assert status == 200
        assert reply.startswith("✅ C1 到岗：李明，东门")
        assert again[0] == 200
        assert [row["state"] for row in world.export("inbox")] == ["done"]
        assert [row["ref"] for row in world.export("check_in")] == ["C1"]
        assert len(world.export("outbox")) == 1


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("point", ["send_before_mark", "claim_before_send"])
async def test_a_report_is_never_posted_twice_and_an_uncertain_one_is_seen(
    tmp_path: Path, point: str, number: int
) -> None:
    async with platform(tmp_path) as world:
        soon = datetime.now(ZONE) + timedelta(minutes=1)
        config = world.write_config(f"{soon:%H:%M}")
        armed = await Victim.start(config)
        await armed.stop()
        _make_due(world, soon)

        first = await Victim.start(config, point)
        assert await first.ended() == 9
        posted = len(world.taken)
        assert posted == (1 if point == "send_before_mark" else 0)

        second = await Victim.start(config)
        await _until(lambda: any(row["state"] == "dead" for row in world.export("outbox")))
        await second.stop()
        assert len(world.taken) == posted
        mine = [row["state"] for row in world.export("slots") if row["job"] == "nightly"]
        assert mine.count("sent") == 1
        dead = [row for row in world.export("outbox") if row["state"] == "dead"]
        assert len(dead) == 1
        assert dead[0]["error"].startswith("uncertain")


async def test_messages_that_wait_are_sent_after_a_restart(tmp_path: Path) -> None:
    async with platform(tmp_path) as world:
        soon = datetime.now(ZONE) + timedelta(minutes=1)
        config = world.write_config(f"{soon:%H:%M}")
        armed = await Victim.start(config)
        await armed.stop()
        _make_due(world, soon)
        first = await Victim.start(config, "insert_before_commit")
        assert await first.ended() == 9
        assert world.taken == []
        second = await Victim.start(config)
        await _until(lambda: bool(world.taken))
        await second.stop()
        third = await Victim.start(config)
        await third.stop()
        assert len(world.taken) == 1


def _make_due(world: World, planned: datetime) -> None:
    """Put the beginning of the report a day back, so that yesterday's slot is due at the next start and not too late."""
    config = world.write_config(f"{planned - timedelta(minutes=2):%H:%M}")
    assert config.exists()
    opened = engine.create(world.url, Keyring([decode_key(world.key)]))
    with Session(opened) as session, session.begin():
        mine = update(Slot).where(Slot.job == "nightly")
        session.execute(mine.values(slot=datetime.now(ZONE) - timedelta(hours=1)))
    opened.dispose()


async def _until(condition: Any) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110  (what is waited for happens in another process)
            await asyncio.sleep(0.05)
