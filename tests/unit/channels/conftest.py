from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings

from bot.clock import MovableClock
from tests.support.scripted_api import ScriptedApi, scripted_api

settings.register_profile("kakou", deadline=None)  # a slow machine is no defect
settings.load_profile("kakou")


@pytest.fixture
def now() -> datetime:
    return datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    return MovableClock(now)


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    async with scripted_api() as scripted:
        yield scripted
