"""自建应用: one-to-one messages as XML in, encrypted text out; with the app's secret also a sender and a directory."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.channels import app_message, callback
from bot.channels.app_message import AppIdentity
from bot.channels.app_sender import TEXT_BYTES, AppSender
from bot.channels.base import Incoming, Limits, Outgoing
from bot.channels.crypto import Crypto, Sealed
from bot.channels.plain import plain
from bot.errors import Rejected

# The envelope is searched, not parsed: nothing unsigned reaches an XML parser.
_ENCRYPT = re.compile(rb"<Encrypt>\s*+(?:<!\[CDATA\[)?([^<\]]*+)")
_TEXT = (
    "<xml><ToUserName>{to}</ToUserName><FromUserName>{corp}</FromUserName><CreateTime>{time}</CreateTime>"
    "<MsgType><![CDATA[text]]></MsgType><Content>{content}</Content></xml>"
)
_ENVELOPE = (
    "<xml><Encrypt>{encrypt}</Encrypt><MsgSignature>{signature}</MsgSignature>"
    "<TimeStamp>{time}</TimeStamp><Nonce>{nonce}</Nonce></xml>"
)


class AppCallback:
    """A receiver. The passive reply is text: the platform has no Markdown there, so its marks are taken off."""

    passive_bytes = TEXT_BYTES

    def __init__(
        self, name: str, path: str, crypto: Crypto, identity: AppIdentity, *, freshness: timedelta = callback.FRESHNESS
    ) -> None:
        self.name = name
        self.path = path
        self._crypto = crypto
        self._identity = identity
        self._freshness = freshness

    def verify(self, query: Mapping[str, str]) -> str:
        """See `Receiver.verify`."""
        return callback.verify(self._crypto, query)

    def receive(self, query: Mapping[str, str], body: bytes, now: datetime) -> Incoming | None:
        """See `Receiver.receive`."""
        callback.check_size(body)
        raw = callback.unseal(self._crypto, query, _encrypt(body), now, self._freshness)
        return app_message.parse(self.name, raw, self._identity, now.tzinfo)

    def passive_reply(
        self, query: Mapping[str, str], incoming: Incoming, content: str, now: datetime
    ) -> tuple[bytes, str]:
        """See `Receiver.passive_reply`."""
        time = int(now.timestamp())
        text = _TEXT.format(
            to=_cdata(incoming.sender), corp=_cdata(self._identity.corp_id), time=time, content=_cdata(plain(content))
        )
        sealed = self._crypto.seal(text.encode("utf-8", "replace"), time, query["nonce"])
        return _envelope(sealed).encode(), "application/xml"


class App(AppCallback):
    """An app whose secret is known: it also writes to members and knows their names."""

    def __init__(
        self,
        name: str,
        path: str,
        crypto: Crypto,
        identity: AppIdentity,
        sender: AppSender,
        *,
        freshness: timedelta = callback.FRESHNESS,
    ) -> None:
        super().__init__(name, path, crypto, identity, freshness=freshness)
        self._sender = sender
        self.limits: Limits = sender.limits

    async def send(self, message: Outgoing) -> None:
        """See `Sender.send`."""
        await self._sender.send(message)

    async def display_name(self, user_id: str) -> str | None:
        """See `Directory.display_name`."""
        return await self._sender.display_name(user_id)

    @property
    def token_fetched_at(self) -> datetime | None:
        """When the access token was fetched, for the readiness page."""
        return self._sender.token_fetched_at


def _encrypt(body: bytes) -> str:
    found = _ENCRYPT.search(body)
    if not found or not found[1].isascii():
        raise Rejected("envelope", 400)
    return found[1].decode().strip()


def _envelope(sealed: Sealed) -> str:
    return _ENVELOPE.format(
        encrypt=_cdata(sealed.encrypt),
        signature=_cdata(sealed.signature),
        time=sealed.timestamp,
        nonce=_cdata(sealed.nonce),
    )


def _cdata(text: str) -> str:
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
