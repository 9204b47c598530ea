"""An HTTP server on loopback that answers from a script and remembers what it was asked; and a client that goes nowhere else."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class LoopbackConnector(aiohttp.TCPConnector):
    """Refuses any host but this machine."""

    async def connect(self, req: Any, *args: Any, **kwargs: Any) -> Any:
        if req.url.host not in LOOPBACK:
            raise AssertionError(f"a test tried to reach {req.url.host}")
        return await super().connect(req, *args, **kwargs)


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Answer = dict[str, Any] | web.Response | Callable[[], Any]
OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}


@dataclass
class ScriptedApi:
    """`script[path]` are the answers in order, the last one again and again. Callables are called (and awaited)."""

    script: dict[str, list[Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    base: str = ""
    session: aiohttp.ClientSession | None = None

    def provide(self) -> aiohttp.ClientSession:
        assert self.session is not None
        return self.session

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(Asked(request.method, request.path, dict(request.query), await request.read()))
        answers = self.script.get(request.path, [OK])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if callable(answer):
            answer = answer()
            if asyncio.iscoroutine(answer):
                answer = await answer
        return web.json_response(answer) if isinstance(answer, dict) else answer


@asynccontextmanager
async def scripted_api() -> AsyncIterator[ScriptedApi]:
    api = ScriptedApi()
    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", api.handle)
    async with TestServer(app) as server, aiohttp.ClientSession(connector=LoopbackConnector()) as session:
        api.base = str(server.make_url("/")).rstrip("/")
        api.session = session
        yield api
