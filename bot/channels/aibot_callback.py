"""智能机器人 by URL callback: JSON in, an encrypted stream message out, later answers through `response_url`."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.channels import aibot, callback
from bot.channels.base import Incoming, Limits, Outgoing
from bot.channels.crypto import Crypto
from bot.channels.wecom_api import WeComApi, check_length
from bot.errors import GiveUp, Rejected

CONTENT_BYTES = 20480
PER_MINUTE = 30
# The envelope is searched, not parsed: nothing unsigned reaches a parser. The official plugin also takes `Encrypt`.
_ENCRYPT = re.compile(rb'"[Ee]ncrypt"\s*+:\s*+("[^"\\]*+(?:\\.[^"\\]*+)*+")', re.DOTALL)


class AibotCallback:
    """A receiver, and a sender as far as a message brought an unused `response_url` (once, within an hour)."""

    limits = Limits(
        markdown_bytes=CONTENT_BYTES, text_bytes=CONTENT_BYTES, per_minute=PER_MINUTE, scope="chat", tables=True
    )
    passive_bytes = CONTENT_BYTES

    def __init__(
        self, name: str, path: str, crypto: Crypto, api: WeComApi, *, freshness: timedelta = callback.FRESHNESS
    ) -> None:
        self.name = name
        self.path = path
        self._crypto = crypto
        self._api = api
        self._freshness = freshness

    def verify(self, query: Mapping[str, str]) -> str:
        """See `Receiver.verify`."""
        return callback.verify(self._crypto, query)

    def receive(self, query: Mapping[str, str], body: bytes, now: datetime) -> Incoming | None:
        """See `Receiver.receive`."""
        callback.check_size(body)
        raw = callback.unseal(self._crypto, query, _encrypt(body), now, self._freshness)
        return aibot.parse(self.name, raw, now.tzinfo)

    def passive_reply(
        self, query: Mapping[str, str], incoming: Incoming, content: str, now: datetime
    ) -> tuple[bytes, str]:
        """See `Receiver.passive_reply`. Empty for the events that the platform lets nobody answer with words."""
        reply = _reply(incoming, content)
        if reply is None:
            return b"", "text/plain"
        sealed = self._crypto.seal(_json(reply), int(now.timestamp()), query["nonce"])
        answer = {
            "encrypt": sealed.encrypt,
            "msgsignature": sealed.signature,
            "timestamp": sealed.timestamp,
            "nonce": sealed.nonce,
        }
        return _json(answer), "text/plain"  # what the official plugin sends

    async def send(self, message: Outgoing) -> None:
        """See `Sender.send`. `response_url` takes Markdown only; text is sent as Markdown."""
        if message.form not in {"markdown", "markdown_v2", "text"}:
            raise GiveUp("form", f"response_url takes no {message.form}")
        if not message.response_url:
            raise GiveUp("no response_url", "the bot can only answer messages")
        check_length(message.content, CONTENT_BYTES)
        payload = {"msgtype": "markdown", "markdown": {"content": message.content}}
        await self._api.post_url(message.response_url, payload)


def _encrypt(body: bytes) -> str:
    if not (found := _ENCRYPT.search(body)):
        raise Rejected("envelope", 400)
    try:
        return str(json.loads(found[1]))
    except ValueError as error:
        raise Rejected("envelope", 400) from error


def _reply(incoming: Incoming, content: str) -> dict[str, Any] | None:
    """The plaintext of the answer (101031). Words on an event are possible on `enter_chat` only, as text."""
    if incoming.kind != "event":
        return {"msgtype": "stream", "stream": {"id": _stream_id(incoming.key), "finish": True, "content": content}}
    if incoming.event == "enter_chat":
        return {"msgtype": "text", "text": {"content": content}}
    return None


def _stream_id(key: str) -> str:
    """The same message delivered again keeps its stream."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
