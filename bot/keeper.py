"""Keeps aggregates current while the bot is idle, a little at a time: whoever asks for a report finds little to do."""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from storage import daily
from storage.writer import Writer

log = structlog.get_logger("kakou.keeper")

EVERY = 2.0
"""Seconds between two looks."""
AT_ONCE = 20
"""Days of places that are counted in one transaction: messages wait no longer than that."""


class Keeper:
    """One task beside the bot."""

    def __init__(self, writer: Writer, idle: Callable[[], bool] = lambda: True) -> None:
        """`idle` says whether the database thread has nothing more urgent to do: messages go first."""
        self._writer = writer
        self._idle = idle
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.get_running_loop().create_task(self._run(), name="kakou-keeper")

    async def stop(self) -> None:
        """Stop between two transactions; what is left is counted by whoever reads it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def catch_up(self) -> None:
        """Count everything that is dirty."""
        while await self._some():
            pass

    async def _some(self) -> int:
        return await self._writer.run(partial(daily.catch_up, most=AT_ONCE))

    async def _while_idle(self) -> None:
        left = 1
        while left and self._idle():
            left = await self._some()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self._while_idle()
            except Exception as error:  # noqa: BLE001  (the database may be down; the next look is soon)
                log.error("aggregates could not be kept", action="keeper.failed", error=type(error).__name__)
