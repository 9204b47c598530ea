"""The page at /sandbox and its API: say something, move the clock, and hear of everything at once."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from bot.sandbox.delivery import Delivery

if TYPE_CHECKING:
    from bot.sandbox.service import Sandbox

FILES: Final = {
    "page.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "markdown.js": "text/javascript",
}
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
SHOWN: Final = 300
"""Messages that a page gets when it opens; later ones come as events."""
TEXT_BYTES: Final = 20480
NAME_BYTES: Final = 200
STEP_DAYS: Final = 400
HEARTBEAT: Final = 15.0
"""Seconds between two signs of life on an idle stream of events."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _bad(reason: str) -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=json.dumps({"problem": reason}, ensure_ascii=False), content_type="application/json")


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise _bad("expected application/json")  # a form of another site cannot send it
    try:
        body = await request.json()
    except ValueError:
        raise _bad("expected JSON") from None
    if not isinstance(body, dict):
        raise _bad("expected an object")
    return body


def _outcome(delivery: Delivery) -> web.Response:
    answer = {"status": delivery.status, "attempts": delivery.attempts, "reply": delivery.reply}
    return web.json_response({**answer, "problem": delivery.problem})


class Page:
    """Serves the page."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._world = sandbox.world
        self._streams: set[asyncio.Queue[dict[str, Any] | None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """List the page, its files and its API."""
        return [
            web.get("/sandbox", self._file("page.html")),
            *(web.get(f"/sandbox/{name}", self._file(name)) for name in FILES if name != "page.html"),
            web.get("/sandbox/api/state", self._state),
            web.get("/sandbox/api/events", self._events),
            web.get("/sandbox/api/media/{media}", self._media),
            web.post("/sandbox/api/say", self._say),
            web.post("/sandbox/api/file", self._send_file),
            web.post("/sandbox/api/clock", self._clock),
        ]

    def close(self) -> None:
        """End every open stream of events."""
        for queue in self._streams:
            queue.put_nowait(None)

    def _file(self, name: str) -> Handler:
        async def serve(_request: web.Request) -> web.StreamResponse:
            text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
            return web.Response(text=text, content_type=FILES[name], charset="utf-8", headers=HEADERS)

        return serve

    async def _state(self, _request: web.Request) -> web.StreamResponse:
        world = self._world
        for member in world.members:
            world.single(member, "main")
            world.single(member, "app")
        return web.json_response(
            {
                "bot": {"id": "bot", "name": world.settings.bot_name},
                "members": [{"id": m.user_id, "name": m.name, "role": m.role} for m in world.members.values()],
                "chats": [self._chat(chat_id) for chat_id in world.chats],
                "messages": [world.shown(message) for message in world.messages[-SHOWN:]],
                "samples": [{"title": sample.title, "text": sample.text} for sample in world.settings.samples],
                "clock": self._time(),
            },
            headers=HEADERS,
        )

    def _chat(self, chat_id: str) -> dict[str, Any]:
        chat = self._world.chats[chat_id]
        return {
            "id": chat.id,
            "name": chat.name,
            "type": chat.chat_type,
            "unit": chat.unit,
            "members": chat.members,
            "route": chat.route,
        }

    def _time(self) -> dict[str, Any]:
        clock = self._sandbox.clock
        return {"now": clock.now().isoformat(), "running": clock.running}

    async def _say(self, request: web.Request) -> web.StreamResponse:
        body = await _fields(request)
        text = str(body.get("text", ""))
        member, chat = self._place(body)
        if not text.strip() or len(text.encode()) > TEXT_BYTES:
            raise _bad(f"expected text of 1 to {TEXT_BYTES} bytes")
        delivery = await self._sandbox.say(member, chat, text, str(body.get("quote") or "") or None)
        return _outcome(delivery)

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        """The file is the body, who sends it where under which name stands in the address."""
        if request.content_type != "application/octet-stream":
            raise _bad("expected application/octet-stream")  # a form of another site cannot send it
        member, chat = self._place(request.query)
        name = request.query.get("name", "").strip()
        if self._world.chats[chat].chat_type != "single":
            raise _bad("文件只能在单聊里发")
        if not name or len(name.encode()) > NAME_BYTES:
            raise _bad(f"expected a name of 1 to {NAME_BYTES} bytes")
        try:
            content = await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise _bad("文件太大") from None
        if not content:
            raise _bad("文件是空的")
        return _outcome(await self._sandbox.send_file(member, chat, name, content))

    def _place(self, said: Mapping[str, Any]) -> tuple[str, str]:
        """Who speaks, and where."""
        member, chat = str(said.get("member")), str(said.get("chat"))
        if member not in self._world.members or chat not in self._world.chats:
            raise _bad("unknown member or chat")
        if member not in self._world.chats[chat].members:
            raise _bad("this member is not in the chat")
        return member, chat

    async def _clock(self, request: web.Request) -> web.StreamResponse:
        await self._sandbox.move_clock(self._moment(await _fields(request)))
        return web.json_response(self._time())

    def _moment(self, body: dict[str, Any]) -> datetime:
        """Read `{"minutes": 10}`, `{"until": "22:00"}` (the next one), `{"tomorrow": "08:00"}` or `{"set": ISO}`."""
        now = self._sandbox.clock.now()
        try:
            if "minutes" in body:
                moment = now + timedelta(minutes=float(body["minutes"]))
            elif "set" in body:
                moment = datetime.fromisoformat(body["set"]).replace(tzinfo=now.tzinfo)
            else:
                moment = _at(now, str(body.get("until") or body["tomorrow"]))
                if "tomorrow" in body or moment <= now:
                    moment += timedelta(days=1)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise _bad("expected minutes, until, tomorrow or set") from None
        if not now <= moment <= now + timedelta(days=STEP_DAYS):
            raise _bad("时钟只能向前拨，一次最多 400 天")
        return moment

    async def _media(self, request: web.Request) -> web.StreamResponse:
        media = self._world.media.get(request.match_info["media"])
        if media is None:
            raise web.HTTPNotFound
        picture = next((kind for mark, kind in PICTURE_TYPES if media.content.startswith(mark)), None)
        if picture:
            return web.Response(body=media.content, content_type=picture, headers=HEADERS)
        headers = {**HEADERS, "Content-Disposition": "attachment"}
        return web.Response(body=media.content, content_type="application/octet-stream", headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._streams.add(queue)
        unlisten = self._world.listen(queue.put_nowait)
        try:
            await response.prepare(request)
            await self._pour(queue, response)
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            unlisten()
            self._streams.discard(queue)
        return response

    async def _pour(self, queue: asyncio.Queue[dict[str, Any] | None], response: web.StreamResponse) -> None:
        await response.write(b": open\n\n")
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), HEARTBEAT)
            except TimeoutError:
                await response.write(b": alive\n\n")
                continue
            if event is None:
                return
            await response.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())


PICTURE_TYPES: Final = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


def _at(day: datetime, text: str) -> datetime:
    hour, minute = (int(part) for part in text.split(":"))
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)
