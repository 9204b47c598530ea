"""A sandbox with its bot for one test, and what people say in it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.clock import MovableClock
from bot.trial import Trial


@asynccontextmanager
async def running(folder: Path, start: datetime) -> AsyncIterator[Trial]:
    """The sandbox's own world, at a time."""
    trial = Trial(0, folder, MovableClock(start))
    await trial.start()
    try:
        yield trial
    finally:
        await trial.stop()


async def answer(trial: Trial, member: str, text: str, chat: str) -> str:
    """What the bot answers in the callback."""
    delivery = await trial.sandbox.say(member, chat, text)
    assert delivery.status == 200
    return delivery.reply or ""
