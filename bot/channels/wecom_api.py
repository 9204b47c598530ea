"""The platform's HTTP interface: one client, one table of error codes, no secret in any exception or log.

A key or token travels in the query, so no exception of the HTTP library, which all name the address, is let out: faults
are rebuilt here from the table and raised outside the `except` block, so that not even their context holds the address.
"""

import asyncio
import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import aiohttp
from yarl import URL

from bot.errors import GiveUp, RetryLater, SendError

API_BASE = "https://qyapi.weixin.qq.com"
ALLOWED_HOSTS = frozenset({"qyapi.weixin.qq.com"})
MAX_ANSWER = 1024 * 1024
OK = 200
TOO_MANY = 429
SERVER_FAULTS = 500

SessionProvider = Callable[[], aiohttp.ClientSession]
Json = Mapping[str, Any]
Body = io.BytesIO | aiohttp.FormData


class TokenStale(RetryLater):
    """The access token is no longer good: refresh it once and repeat once."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an errcode means for the message: try again (after so many seconds), get a new token, or never."""

    policy: Literal["later", "token", "never"]
    meaning: str
    after: float = 0.0


ERRCODES: Mapping[int, Verdict] = {
    -1: Verdict("later", "platform busy", 1),
    40001: Verdict("never", "secret refused"),
    40003: Verdict("never", "no such user id"),
    40007: Verdict("never", "media id refused"),
    40008: Verdict("never", "message type refused"),
    40009: Verdict("never", "image size refused"),
    40013: Verdict("never", "corp id refused"),
    40014: Verdict("token", "access token refused", 60),
    40056: Verdict("never", "agent id refused"),
    40058: Verdict("never", "parameter refused"),
    41001: Verdict("never", "access token missing"),
    42001: Verdict("token", "access token expired", 60),
    44004: Verdict("never", "empty content"),
    45002: Verdict("never", "content too long"),
    45009: Verdict("later", "rate limit", 60),
    45033: Verdict("later", "too many calls at once", 5),
    48002: Verdict("never", "interface not permitted"),
    48009: Verdict("never", "address may not read details"),
    60011: Verdict("never", "no right to this member"),
    60020: Verdict("later", "this server's address is not among the app's trusted addresses", 300),
    60111: Verdict("never", "no such user id"),
    81013: Verdict("never", "no recipient is in the app's visible range"),
    86001: Verdict("never", "chat id refused"),
    86003: Verdict("never", "chat id refused"),
    93000: Verdict("never", "webhook key refused, or the bot was removed from the group"),
    93001: Verdict("never", "group takes no messages from the bot"),
    93004: Verdict("never", "bot disabled"),
    93006: Verdict("never", "chat id refused"),
    93008: Verdict("never", "bot not in the group"),
    301002: Verdict("never", "token belongs to another app"),
    301019: Verdict("never", "image and md5 do not match"),
}
UNKNOWN = Verdict("later", "unknown error code", 60)
"""A code that nobody wrote down may pass; the outbox ends the attempts, and a person sees it."""
_FROM_IP = re.compile(r"from ip: ([0-9a-fA-F.:]{3,45})")


def fault(code: int, errmsg: str = "") -> SendError:
    """The exception for an errcode. Of `errmsg`, which may repeat anything, only the address of 60020 is shown."""
    verdict = ERRCODES.get(code, UNKNOWN)
    address = _FROM_IP.search(errmsg)
    detail = f"{verdict.meaning}: {address[1]}" if address else verdict.meaning
    match verdict.policy:
        case "later":
            return RetryLater(code, detail, after=verdict.after)
        case "token":
            return TokenStale(code, detail, after=verdict.after)
        case "never":
            return GiveUp(code, detail)


def check_length(content: str, limit: int) -> None:
    """Raises `GiveUp` for an empty message or one above `limit` bytes: the platform would refuse or cut it."""
    size = len(content.encode("utf-8", "replace"))
    if not size:
        raise GiveUp(44004, "empty content")
    if size > limit:
        raise GiveUp(45002, f"{size} bytes, {limit} are allowed")


class WeComApi:
    """Calls below `api_base`, and to a `response_url` on the same or an allowed host.

    Every method returns the platform's answer with errcode 0, or raises `RetryLater` or `GiveUp`.
    """

    def __init__(
        self,
        session: SessionProvider,
        api_base: str = API_BASE,
        *,
        allowed_hosts: frozenset[str] = ALLOWED_HOSTS,
        deadline: float = 10.0,
    ) -> None:
        """`allowed_hosts` are names, or `name:port`; `deadline` in seconds for a whole call."""
        self._session = session
        self._base = URL(api_base)
        self._allowed_hosts = allowed_hosts
        self._timeout = aiohttp.ClientTimeout(total=deadline, connect=deadline / 2)

    async def get(self, path: str, params: Mapping[str, str]) -> Json:
        """GET below `api_base`."""
        return await self._call("GET", self._address(path, params))

    async def post(self, path: str, params: Mapping[str, str], payload: Json) -> Json:
        """POST JSON below `api_base`."""
        return await self._call("POST", self._address(path, params), data=_encode(payload))

    async def post_url(self, url: str, payload: Json) -> Json:
        """POST JSON to an address that came with a message, if its host is allowed."""
        try:
            return await self._call("POST", self._allowed(url), data=_encode(payload))
        except RetryLater as error:
            # The address is good for one use: what the platform says of a spent one is not printed anywhere, and
            # waiting would not make it good again. The message goes another way at once.
            if isinstance(error.code, int) and error.code not in ERRCODES:
                raise GiveUp(error.code, error.detail) from None
            raise

    async def upload(self, path: str, params: Mapping[str, str], data: bytes, file_name: str) -> str:
        """Upload a file as multipart form; the media id, good for three days."""
        form = aiohttp.FormData(quote_fields=False)  # members see the name: not percent signs
        form.add_field("media", io.BytesIO(data), filename=file_name, content_type="application/octet-stream")
        answer = await self._call("POST", self._address(path, params), data=form)
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise RetryLater("bad answer", "no media_id", after=5)
        return media_id

    def _address(self, path: str, params: Mapping[str, str]) -> URL:
        return self._base.joinpath(*path.strip("/").split("/")).with_query(params)

    def _allowed(self, url: str) -> URL:
        """The guard against requests to wherever a forged message points."""
        try:
            address = URL(url)
            same = address.origin() == self._base.origin()
        except ValueError:
            raise GiveUp("response_url", "not an address") from None
        if address.user is not None or not (same or self._listed(address)):
            raise GiveUp("response_url", "host not allowed")
        return address

    def _listed(self, address: URL) -> bool:
        plain = address.scheme == "https" and address.is_default_port() and address.host in self._allowed_hosts
        return plain or f"{address.host}:{address.port}" in self._allowed_hosts

    async def _call(self, method: str, address: URL, data: Body | None = None) -> Json:
        """One request; the result of the exchange is judged after the `except` blocks are left."""
        session = self._session()
        if session.closed:
            raise RetryLater("closed", "the client is shut down")
        try:
            status, body = await self._exchange(session, method, address, data)
        except (aiohttp.ClientError, TimeoutError, OSError, asyncio.IncompleteReadError) as error:
            failure = _transport_fault(error)
        else:
            return _judge(status, body)
        raise failure

    async def _exchange(
        self, session: aiohttp.ClientSession, method: str, address: URL, data: Body | None
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json; charset=utf-8"} if isinstance(data, io.BytesIO) else {}
        async with session.request(
            method, address, data=data, headers=headers, timeout=self._timeout, allow_redirects=False
        ) as response:
            body = bytearray()
            async for chunk in response.content.iter_chunked(65536):
                body += chunk
                if len(body) > MAX_ANSWER:
                    break
            return response.status, bytes(body)


def _encode(payload: Json) -> io.BytesIO:
    return io.BytesIO(json.dumps(payload, ensure_ascii=False).encode("utf-8", "replace"))


def _transport_fault(error: BaseException) -> SendError:
    """Where no connection came about nothing was sent; in every other case the platform may have the message."""
    unsent = isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    word = "timeout" if isinstance(error, TimeoutError) else "connection"
    return RetryLater(word, type(error).__name__, after=2, sure_unsent=unsent)


def _judge(status: int, body: bytes) -> Json:
    if status != OK:
        raise _status_fault(status)
    answer = _load(body)
    code = answer.get("errcode")
    if not isinstance(code, int) or isinstance(code, bool):
        raise RetryLater("bad answer", "no errcode", after=5, sure_unsent=False)
    if code:
        raise fault(code, str(answer.get("errmsg", "")))
    return answer


def _load(body: bytes) -> Json:
    """An empty object for anything else: a decoder's exception would carry the answer, perhaps with a token."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _status_fault(status: int) -> SendError:
    if status == TOO_MANY:
        return RetryLater("http 429", after=60)
    if status >= SERVER_FAULTS:
        return RetryLater(f"http {status}", after=2, sure_unsent=False)
    return GiveUp(f"http {status}")
