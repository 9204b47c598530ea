"""/health, /ready and /metrics: whether the process lives, whether it can do its work, and in numbers how it does."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.clock import Clock
from storage import outbox

READY_UNSENT_SECONDS = 900.0
"""A message that has waited for longer makes the service not ready: somebody should look."""


@dataclass(slots=True)
class Metrics:
    """What is counted. A registry of its own: nothing global."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    callbacks: Counter = field(init=False)
    refused: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    waiting: Gauge = field(init=False)

    def __post_init__(self) -> None:
        self.callbacks = Counter("kakou_messages", "Messages taken in", ["channel"], registry=self.registry)
        self.refused = Counter("kakou_refused", "Callbacks refused", ["channel", "reason"], registry=self.registry)
        buckets = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 4.5)
        self.seconds = Histogram(
            "kakou_answer_seconds", "From callback to commit", buckets=buckets, registry=self.registry
        )
        self.waiting = Gauge("kakou_outbox", "Messages in the outbox by state", ["state"], registry=self.registry)


@dataclass(frozen=True, slots=True)
class Health:
    """What the pages look at."""

    reader: Engine
    clock: Clock
    metrics: Metrics
    tokens: Callable[[], Sequence[tuple[str, datetime | None]]]
    """(channel, when its access token was fetched) of every channel that has one."""

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/health", _alive), web.get("/ready", self._ready), web.get("/metrics", self._metrics)]

    async def _ready(self, _request: web.Request) -> web.Response:
        try:
            state = await asyncio.to_thread(self._look)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with the database, the answer is that it is not ready)
            return web.json_response({"ready": False, "database": type(error).__name__}, status=503)
        return web.json_response(state, status=200 if state["ready"] else 503)

    def _look(self) -> dict[str, Any]:
        now = self.clock.now()
        with Session(self.reader) as session:
            session.execute(text("SELECT 1"))
            oldest = outbox.oldest_unsent(session)
            states = outbox.count_by_state(session)
        waited = max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
        tokens = {name: round((now - at).total_seconds(), 1) if at else None for name, at in self.tokens()}
        return {
            "ready": waited < READY_UNSENT_SECONDS,
            "database": "ok",
            "oldest_unsent_seconds": round(waited, 1),
            "dead": states.get("dead", 0),
            "token_age_seconds": tokens,
        }

    async def _metrics(self, _request: web.Request) -> web.Response:
        states = await asyncio.to_thread(self._states)
        for state in ("pending", "offered", "sending", "sent", "dead"):
            self.metrics.waiting.labels(state).set(states.get(state, 0))
        return web.Response(body=generate_latest(self.metrics.registry), content_type="text/plain", charset="utf-8")

    def _states(self) -> dict[str, int]:
        with Session(self.reader) as session:
            return outbox.count_by_state(session)


async def _alive(_request: web.Request) -> web.Response:
    return web.Response(text="ok")
