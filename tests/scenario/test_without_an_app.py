"""A bot that can only answer: what is meant for one person waits until that one writes to it alone."""

from datetime import datetime
from pathlib import Path

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.app import Service
from bot.config import parse
from storage.tables import Outbox
from tests.support.dialogue import ZONE, Stage
from tests.support.duty_world import VILLAGE, VILLAGE_CHATS

EVENING = datetime(2020, 2, 23, 20, 0, tzinfo=ZONE)
FEVER = "登记 进 赵某 37.5 从石家庄来 东门"


@pytest.fixture
async def stage(tmp_path: Path):
    made = Stage(tmp_path, EVENING, VILLAGE, VILLAGE_CHATS)
    mapping = made.trial.sandbox.config_mapping(tmp_path)
    mapping["channels"] = [one for one in mapping["channels"] if one["type"] != "app_callback"]
    sandbox = made.trial.sandbox
    made.trial.service = Service(parse(mapping, "sandbox", {}), made.clock, sandbox.routes())
    sandbox.on_clock_moved = made.trial.service.settle
    with structlog.testing.capture_logs() as logged:
        async with made:
            yield made
    assert [one["action"] for one in logged].count("service.warning") == 1


async def alone(stage: Stage, user: str, text: str) -> str:
    """What the bot answers a member who writes to it alone."""
    done = await stage.trial.sandbox.say(user, stage.world.single(user, "main").id, text)
    await stage.trial.service.outbox.drain()
    return done.reply or ""


async def test_an_alert_waits_for_the_lead_and_the_group_hears_no_more_than_that(stage: Stage) -> None:
    said = await stage.say("陈建国", f"@小站 {FEVER}")
    assert "请负责人单独找我" in said
    assert "赵某" not in said
    assert "37.5" not in said

    assert "37.5" not in await alone(stage, "sun", "在吗")
    told = await alone(stage, "lead", "在吗")
    assert "之前要单独告诉您的" in told
    assert "J1 进，赵某，37.5℃，从石家庄来，东门" in told
    assert "37.5" not in await alone(stage, "lead", "在吗"), "told twice"

    with Session(stage.trial.service.reader) as session:
        rows = session.scalars(select(Outbox).where(Outbox.chat_type == "single", Outbox.purpose != "reply")).all()
        states = {row.chat: (row.state, row.error.partition(":")[0]) for row in rows}
    assert states == {"lead": ("sent", ""), "boss": ("dead", "waits")}


async def test_who_asks_for_details_is_told_how_to_get_them(stage: Stage) -> None:
    await stage.say("刘桂英", "@小站 离京名单\n张某 13800001234")
    said = await stage.say("刘桂英", "@小站 待打电话")
    assert "请单独找我发一句" in said
    assert "13800001234" not in said
    assert "Q1 张某 13800001234" in await alone(stage, "lead", "在吗")
