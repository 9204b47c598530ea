"""The callback addresses: GET verifies the URL, POST brings messages, HEAD shows that the address lives.

Order of a POST: read (bounded in size and time) → check, decrypt, parse → `submit` (on disk) → answer → `delivered`.
What is refused gets a bare 4xx; what could not be kept gets a bare 503, so that the platform sends it again.
"""

import asyncio
import traceback
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from aiohttp import web

from bot.channels.base import Incoming, Receiver
from bot.clock import Clock
from bot.errors import KakouError, Rejected

READ_SECONDS = 5.0
"""The platform gives up after five seconds; a body that comes more slowly is nobody's."""

Submit = Callable[[Incoming], Awaitable[str | None]]
Delivered = Callable[[Incoming], None]
Refused = Callable[[str, str], None]
log = structlog.get_logger("kakou.callback")


def routes(
    receivers: Iterable[Receiver],
    submit: Submit,
    clock: Clock,
    *,
    delivered: Delivered | None = None,
    refused: Refused | None = None,
    read_seconds: float = READ_SECONDS,
) -> list[web.RouteDef]:
    """The routes of all receivers.

    `submit` returns once the message is on disk, with the Markdown of the passive reply or None, or raises `KakouError`
    or TimeoutError. `delivered` is told of each message whose passive reply was written to a client that was still
    there; it must not block. `refused` counts refusals by channel name and reason.
    """
    hooks = _Hooks(submit, clock, delivered, refused, read_seconds)
    return [route for receiver in receivers for route in _Endpoint(receiver, hooks).routes()]


@dataclass(frozen=True, slots=True)
class _Hooks:
    submit: Submit
    clock: Clock
    delivered: Delivered | None
    refused: Refused | None
    read_seconds: float


class _Endpoint:
    def __init__(self, receiver: Receiver, hooks: _Hooks) -> None:
        self._receiver = receiver
        self._hooks = hooks

    def routes(self) -> list[web.RouteDef]:
        path = self._receiver.path
        return [web.get(path, self._verify, allow_head=False), web.post(path, self._post), web.head(path, _alive)]

    async def _verify(self, request: web.Request) -> web.Response:
        try:
            return web.Response(text=self._receiver.verify(request.query))
        except Rejected as verdict:
            return self._refuse(verdict)

    async def _post(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await self._read(request)
            incoming = self._receiver.receive(request.query, body, self._hooks.clock.now())
        except Rejected as verdict:
            return self._refuse(verdict)
        if incoming is None:
            return web.Response()
        return await self._take(request, incoming)

    async def _read(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._hooks.read_seconds):
                return await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise Rejected("too large", 413) from None
        except TimeoutError:
            raise Rejected("slow body", 408) from None
        except (web.RequestPayloadError, OSError):
            raise Rejected("broken body", 400) from None

    async def _take(self, request: web.Request, incoming: Incoming) -> web.StreamResponse:
        try:
            content = await self._hooks.submit(incoming)
        except (KakouError, TimeoutError) as error:
            self._log_failure("a message could not be kept", "callback.not_kept", error)
            return web.Response(status=503)
        except Exception as error:  # noqa: BLE001  (whatever it is, the platform is to send the message again)
            self._log_failure("taking a message in failed", "callback.crashed", error)
            return web.Response(status=500)
        return await self._answer(request, incoming, content)

    async def _answer(self, request: web.Request, incoming: Incoming, content: str | None) -> web.StreamResponse:
        response = self._response(request, incoming, content)
        if not response.body or self._hooks.delivered is None:
            return response
        if await _write(request, response):
            self._tell_delivered(incoming)
        return response

    def _response(self, request: web.Request, incoming: Incoming, content: str | None) -> web.Response:
        """An answer that is too long for the channel is left to the outbox: the message itself is kept, so 200."""
        if not content or len(content.encode("utf-8", "replace")) > self._receiver.passive_bytes:
            return web.Response()
        now = self._hooks.clock.now()
        body, content_type = self._receiver.passive_reply(request.query, incoming, content, now)
        return web.Response(body=body, content_type=content_type, charset="utf-8") if body else web.Response()

    def _tell_delivered(self, incoming: Incoming) -> None:
        if self._hooks.delivered is None:
            return
        try:
            self._hooks.delivered(incoming)
        except Exception as error:  # noqa: BLE001  (the answer is out: a second one would spoil the connection)
            self._log_failure("an answer could not be marked as sent", "callback.unmarked", error)

    def _refuse(self, verdict: Rejected) -> web.Response:
        name = self._receiver.name
        log.warning(
            "a callback was refused",
            action="callback.refused",
            channel=name,
            reason=verdict.reason,
            status=verdict.status,
        )
        if self._hooks.refused is not None:
            self._hooks.refused(name, verdict.reason)
        return web.Response(status=verdict.status)

    def _log_failure(self, event: str, action: str, error: BaseException) -> None:
        """Where it happened and its kind. Its text stays out: a database's exception quotes the row."""
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error(event, action=action, channel=self._receiver.name, error=type(error).__name__, where=where)


async def _alive(_request: web.Request) -> web.Response:
    return web.Response()


async def _write(request: web.Request, response: web.Response) -> bool:
    """Write the whole response now; false if the client has gone."""
    if request.transport is None or request.transport.is_closing():
        return False
    try:
        await response.prepare(request)
        await response.write_eof()
    except OSError:
        return False
    return True
