"""The endpoints that the bot calls, with the platform's formats, limits and error codes. HTTP 200 also on errors."""

import asyncio
import base64
import binascii
import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import BodyPartReader, web

from bot.sandbox.crypto import Codec
from bot.sandbox.state import APP, BOT, MEMBER, Fault, MessageKind, Refused, World

WEBHOOK_BYTES: Final = {"text": (2048, 45002), "markdown": (4096, 40058), "markdown_v2": (4096, 40058)}
"""UTF-8 bytes of a webhook's content, and the code beyond them."""
APP_BYTES: Final = {"text": (2048, 45002), "markdown": (2048, 40058)}
RESPONSE_BYTES: Final = {"markdown": (20480, 40058)}
IMAGE_BYTES: Final = 2 * 1024 * 1024
FILE_BYTES: Final = range(5, 20 * 1024 * 1024 + 1)
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
SILENCE: Final = 3600.0
"""Seconds of a call that gets no answer; every client has left by then."""

Answer = dict[str, Any]
Endpoint = Callable[[web.Request], Awaitable[Answer]]


def _content(body: Answer, limits: dict[str, tuple[int, int]]) -> tuple[str, str]:
    """The type and content of a message in words, within its limit."""
    kind = body.get("msgtype")
    if kind not in limits:
        raise Refused(40008, "invalid message type")
    part = body.get(str(kind))
    content = part.get("content") if isinstance(part, dict) else None
    if not isinstance(content, str) or not content.strip():
        raise Refused(44004, "text content is empty")
    most, code = limits[str(kind)]
    if len(content.encode()) > most:
        raise Refused(code, f"{kind}.content exceed max length {most}")
    return str(kind), content


def _image(body: Answer) -> bytes:
    part = body.get("image")
    if not isinstance(part, dict):
        raise Refused(44004, "empty content")
    try:
        content = base64.b64decode(str(part.get("base64", "")), validate=True)
    except binascii.Error:
        raise Refused(40009, "invalid image size") from None
    if not content or len(content) > IMAGE_BYTES or not content.startswith(PICTURES):
        raise Refused(40009, "invalid image size")
    if hashlib.md5(content).hexdigest() != part.get("md5"):  # noqa: S324  (the platform's check)
        raise Refused(301019, "media md5 not match")
    return content


async def _json(request: web.Request) -> Answer:
    try:
        body = json.loads(await request.content.read())  # not read(): the server's body limit is the bot's
    except ValueError:
        raise Refused(40058, "invalid json") from None
    if not isinstance(body, dict):
        raise Refused(40058, "invalid Request Parameter")
    return body


async def _media(request: web.Request) -> tuple[str, bytes]:
    """Read the field `media` of a form: its file name as sent, and its bytes."""
    if request.content_type != "multipart/form-data":
        raise Refused(44001, "empty media data")
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
            return part.filename, bytes(await part.read())
    raise Refused(44001, "empty media data")


class Platform:
    """The platform's API over HTTP."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.calls: list[tuple[str, int]] = []
        """Endpoint and errcode of every call (-1 where a fault left it without one)."""

    def routes(self) -> list[web.RouteDef]:
        """List what the bot may call."""
        return [
            web.get("/cgi-bin/gettoken", self._guard("gettoken", self._gettoken)),
            web.get("/cgi-bin/user/get", self._guard("user/get", self._user)),
            web.post("/cgi-bin/message/send", self._guard("message/send", self._message)),
            web.post("/cgi-bin/media/upload", self._guard("media/upload", self._app_upload)),
            web.get("/cgi-bin/media/get", self._media_get),
            web.get("/sandbox/files/{media_id}", self._encrypted_file),
            web.post("/cgi-bin/webhook/send", self._guard("webhook/send", self._webhook)),
            web.post("/cgi-bin/webhook/upload_media", self._guard("webhook/upload_media", self._upload)),
            web.post("/cgi-bin/aibot/response", self._guard("aibot/response", self._response)),
        ]

    def _guard(self, name: str, endpoint: Endpoint) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            fault = self._world.faults.take(name)
            if fault is not None and not fault.taken:
                return await self._fail(name, fault)
            answer = await self._answer(request, endpoint)
            if fault is not None:
                return await self._fail(name, fault)
            self.calls.append((name, int(answer["errcode"])))
            return web.json_response(answer)

        return handle

    async def _answer(self, request: web.Request, endpoint: Endpoint) -> Answer:
        try:
            return {"errcode": 0, "errmsg": "ok", **await endpoint(request)}
        except Refused as refused:
            return {"errcode": refused.code, "errmsg": refused.reason}

    async def _fail(self, name: str, fault: Fault) -> web.StreamResponse:
        self.calls.append((name, fault.errcode or -1))
        if fault.silent:
            await asyncio.sleep(SILENCE)
        if fault.status:
            return web.Response(status=fault.status, text="")
        return web.json_response({"errcode": fault.errcode, "errmsg": "injected fault"})

    async def _gettoken(self, request: web.Request) -> Answer:
        settings = self._world.settings
        if request.query.get("corpid") != settings.corp_id:
            raise Refused(40013, "invalid corpid")
        if request.query.get("corpsecret") != settings.app_secret:
            raise Refused(40001, "invalid credential")
        token, seconds = self._world.tokens.issue()
        return {"access_token": token, "expires_in": seconds}

    async def _user(self, request: web.Request) -> Answer:
        self._world.tokens.check(request.query.get("access_token", ""))
        member = self._world.members.get(request.query.get("userid", ""))
        if member is None:
            raise Refused(60111, "userid not found")
        return {"userid": member.user_id, "name": member.name, "department": [1], "status": 1}

    async def _message(self, request: web.Request) -> Answer:
        self._world.tokens.check(request.query.get("access_token", ""))
        body = await _json(request)
        if body.get("agentid") != self._world.settings.agent_id:
            raise Refused(301002, "not allow operate another agent with this accesstoken")
        shown = self._app_message(body)
        wanted = [user for user in str(body.get("touser", "")).split("|") if user]
        users = list(self._world.members) if wanted == ["@all"] else wanted
        known = [user for user in users if user in self._world.members]
        if not known:
            raise Refused(81013, "user & party & tag all invalid")
        for user in known:
            chat = self._world.single(user, "app")
            self._world.post(chat.id, BOT, via="message/send", **shown)
        return {"invaliduser": "|".join(user for user in users if user not in known), "msgid": "sandbox"}

    def _app_message(self, body: Answer) -> Answer:
        if body.get("msgtype") == "file":
            media_id = str((body.get("file") or {}).get("media_id", ""))
            return {"kind": "file", "content": self._world.find_media(media_id, APP).name, "media": media_id}
        kind, content = _content(body, APP_BYTES)
        return {"kind": _shape(kind), "content": content}

    async def _app_upload(self, request: web.Request) -> Answer:
        self._world.tokens.check(request.query.get("access_token", ""))
        if request.query.get("type") != "file":
            raise Refused(40004, "invalid media type")
        name, content = await _media(request)
        if len(content) not in FILE_BYTES:
            raise Refused(40006, "invalid media size")
        created = str(int(self._world.clock.now().timestamp()))
        return {"type": "file", "media_id": self._world.keep_media(APP, name, content), "created_at": created}

    async def _media_get(self, request: web.Request) -> web.Response:
        """Give a file as it is; a fault as JSON."""
        try:
            self._world.tokens.check(request.query.get("access_token", ""))
            media = self._world.find_media(request.query.get("media_id", ""), MEMBER)
        except Refused as refused:
            return web.json_response({"errcode": refused.code, "errmsg": refused.reason})
        return web.Response(body=media.content, content_type="application/octet-stream")

    async def _encrypted_file(self, request: web.Request) -> web.Response:
        """Give a file as the 智能机器人 gets it: encrypted with the key of the callback."""
        try:
            media = self._world.find_media(request.match_info["media_id"], MEMBER)
        except Refused:
            raise web.HTTPNotFound from None
        codec = Codec(self._world.settings.token, self._world.settings.aes_key)
        return web.Response(body=codec.encrypt_file(media.content), content_type="application/octet-stream")

    async def _webhook(self, request: web.Request) -> Answer:
        key = request.query.get("key", "")
        chat = self._world.webhook_chat(key)
        body = await _json(request)
        shown = self._webhook_message(key, body)
        self._world.count_rate(key)
        self._world.post(chat, BOT, via="webhook", **shown)
        return {}

    def _webhook_message(self, key: str, body: Answer) -> Answer:
        if body.get("msgtype") == "image":
            media = self._world.keep_media(key, "image", _image(body))
            return {"kind": "image", "content": "", "media": media}
        if body.get("msgtype") == "file":
            media_id = str((body.get("file") or {}).get("media_id", ""))
            name = self._world.find_media(media_id, key).name
            return {"kind": "file", "content": name, "media": media_id}
        kind, content = _content(body, WEBHOOK_BYTES)
        mentioned = body[kind].get("mentioned_list") or [] if kind == "text" else []
        names = "".join(f" @{self._world.name_of(user) if user != '@all' else '所有人'}" for user in mentioned)
        return {"kind": _shape(kind), "content": content + names}

    async def _upload(self, request: web.Request) -> Answer:
        key = request.query.get("key", "")
        self._world.webhook_chat(key)
        if request.query.get("type") != "file":
            raise Refused(40004, "invalid media type")
        name, content = await _media(request)
        if len(content) not in FILE_BYTES:
            raise Refused(40006, "invalid media size")
        media_id = self._world.keep_media(key, name, content)
        created = str(int(self._world.clock.now().timestamp()))
        return {"type": "file", "media_id": media_id, "created_at": created}

    async def _response(self, request: web.Request) -> Answer:
        code = request.query.get("response_code", "")
        chat = self._world.peek_response(code)
        _kind, content = _content(await _json(request), RESPONSE_BYTES)
        self._world.spend_response(code)
        self._world.post(chat, BOT, "markdown", content, via="response_url")
        return {}


def _shape(kind: str) -> MessageKind:
    return "text" if kind == "text" else "markdown"
