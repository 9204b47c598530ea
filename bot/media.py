"""Files and pictures that people send to the bot alone: fetched from where the platform announced them, opened, laid
beside the message.

An aibot announces an address, valid for five minutes, whose content is encrypted with the callback's EncodingAESKey
(plain AES-256-CBC, PKCS#7 to 32 bytes); an app announces a media id (`media/get`). What cannot be fetched in time does
not hold the message up: it is decided without the file, and the sender is told.
"""

import asyncio
import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import aiohttp
import structlog
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from yarl import URL

from bot.channels.base import Incoming
from bot.channels.token import AccessToken
from bot.channels.wecom_api import SessionProvider, WeComApi
from bot.clock import Clock
from bot.config import AibotCallback, AppCallback
from bot.errors import SendError

log = structlog.get_logger("kakou.media")

MOST_BYTES = 10 * 1024 * 1024
SECONDS = 2.5
"""The callback has to be answered within five."""
FETCHED = frozenset({"file", "image"})
BLOCK = 32
PLATFORM_HOSTS = (".myqcloud.com", ".qq.com", ".qpic.cn")
"""Where the platform keeps files: https only. The configured `api_base` is allowed beside them."""
OK = 200


class Unfetched(Exception):
    """A file that could not be had; the message says why, in Chinese, and names no address."""


@dataclass(frozen=True, slots=True)
class _Source:
    """How one channel's files are had."""

    base: str
    key: bytes = b""
    token: AccessToken | None = None


class Media:
    """Fetches the files of single chats."""

    def __init__(self, channels: Sequence[Any], session: SessionProvider, clock: Clock) -> None:
        self._session = session
        self._sources: Mapping[str, _Source] = {
            channel.name: source for channel in channels if (source := _source(channel, session, clock))
        }

    async def attached(self, incoming: Incoming) -> Incoming:
        """The message with `extra["file"]`, or with `extra["file_problem"]`; others as they are."""
        if incoming.kind not in FETCHED or incoming.chat_type != "single":
            return incoming
        try:
            content = await asyncio.wait_for(self._fetch(incoming), SECONDS)
        except TimeoutError:
            return _with(incoming, file_problem="下载太慢")
        except (Unfetched, aiohttp.ClientError, SendError, OSError) as error:
            log.warning(
                "a file was not fetched", action="media.failed", channel=incoming.channel, error=type(error).__name__
            )
            return _with(incoming, file_problem=str(error) if isinstance(error, Unfetched) else "下载出错")
        return _with(incoming, file=content)

    async def _fetch(self, incoming: Incoming) -> bytes:
        source = self._sources.get(incoming.channel)
        if source is None or not incoming.media:
            raise Unfetched("这里收不到文件")
        if source.token is not None:
            return await self._by_id(source, source.token, incoming.media[0])
        return _opened(await self._get(_allowed(incoming.media[0], source.base)), source.key)

    async def _by_id(self, source: _Source, token: AccessToken, media_id: str) -> bytes:
        query = {"access_token": await token.get(), "media_id": media_id}
        return await self._get(URL(source.base).joinpath("cgi-bin", "media", "get").with_query(query))

    async def _get(self, address: URL) -> bytes:
        async with self._session().get(address, allow_redirects=False) as response:
            if response.status != OK or response.content_type == "application/json":
                raise Unfetched("文件已失效")
            content = bytearray()
            async for chunk in response.content.iter_chunked(65536):
                content += chunk
                if len(content) > MOST_BYTES:
                    raise Unfetched(f"超过 {MOST_BYTES // 1024 // 1024} MB")
        return bytes(content)


def _source(channel: Any, session: SessionProvider, clock: Clock) -> _Source | None:
    if isinstance(channel, AibotCallback):
        key = base64.b64decode(channel.encoding_aes_key.get_secret_value() + "=")
        return _Source(channel.api_base, key=key)
    if isinstance(channel, AppCallback) and channel.secret is not None:
        api = WeComApi(session, channel.api_base)
        return _Source(
            channel.api_base, token=AccessToken(api, channel.corp_id, channel.secret.get_secret_value(), clock)
        )
    return None


def _allowed(url: str, base: str) -> URL:
    """The guard against fetching from wherever a message points."""
    try:
        address = URL(url)
        own = address.origin() == URL(base).origin()
    except ValueError:
        raise Unfetched("地址不对") from None
    host = address.host or ""
    platform = address.scheme == "https" and address.is_default_port() and host.endswith(PLATFORM_HOSTS)
    if address.user is not None or not (own or platform):
        raise Unfetched("地址不对")
    return address


def _opened(content: bytes, key: bytes) -> bytes:
    """The plain file. Raises `Unfetched` where the content was not encrypted for us."""
    if not content or len(content) % 16:
        raise Unfetched("文件不完整")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    padded = decryptor.update(content) + decryptor.finalize()
    count = padded[-1]
    if not 1 <= count <= BLOCK or not padded.endswith(bytes((count,)) * count):
        raise Unfetched("文件不完整")
    return padded[:-count]


def _with(incoming: Incoming, **more: Any) -> Incoming:
    return replace(incoming, extra={**incoming.extra, **more})
