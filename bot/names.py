"""Display names: the platform's callbacks carry user ids only, so a directory is asked once for each new writer."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.channels.base import Directory, Incoming

SECONDS = 0.8
"""The message waits no longer for a name: it must be answered within three seconds."""
FORGET_AFTER = 600.0
"""A name that could not be had is asked for again after this many seconds."""


class Names:
    """Asks directories, one question at a time for each person."""

    def __init__(self, directories: Sequence[Directory], known: dict[str, str]) -> None:
        self._directories = directories
        self._known = known
        self._asking: dict[str, asyncio.Task[str | None]] = {}
        self._unknown_until: dict[str, float] = {}

    async def named(self, incoming: Incoming) -> Incoming:
        """The message with the writer's name in `extra`, where it can be had in time."""
        user = incoming.sender
        if not self._directories or user in self._known or self._is_unknown(user):
            return incoming
        task = self._asking.get(user) or self._ask(user)
        try:
            name = await asyncio.wait_for(asyncio.shield(task), SECONDS)
        except TimeoutError:
            return incoming
        return replace(incoming, extra={**incoming.extra, "name": name}) if name else incoming

    def _is_unknown(self, user: str) -> bool:
        until = self._unknown_until.get(user)
        return until is not None and asyncio.get_running_loop().time() < until

    def _ask(self, user: str) -> "asyncio.Task[str | None]":
        task = asyncio.get_running_loop().create_task(self._look_up(user), name="kakou-name")
        self._asking[user] = task
        task.add_done_callback(lambda _: self._asking.pop(user, None))
        return task

    async def _look_up(self, user: str) -> str | None:
        for directory in self._directories:
            name = await directory.display_name(user)
            if name:
                self._known[user] = name
                self._unknown_until.pop(user, None)
                return name
        self._unknown_until[user] = asyncio.get_running_loop().time() + FORGET_AFTER
        return None
