"""How the platform delivers: encrypt, sign, POST to the bot's callback, wait 5 s, try again, show the passive reply."""

import asyncio
import secrets
from dataclasses import dataclass, replace
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from bot.sandbox import envelopes
from bot.sandbox.crypto import BadReply, Codec
from bot.sandbox.envelopes import Passive, Words
from bot.sandbox.settings import Chat
from bot.sandbox.state import BOT, World

REFRESHES: Final = 360
"""The platform asks for an unfinished stream for six minutes at most."""
OK: Final = 200


@dataclass(frozen=True, slots=True)
class Request:
    """A signed callback, ready to be sent once or again."""

    url: URL
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the callback of one message went."""

    chat: Chat
    sender: str
    words: Words
    number: int = 0
    """The message's number in the sandbox."""
    msgid: str = ""
    response_url: str = ""
    request: Request | None = None
    """None where the bot is not told: a group message that neither mentions it nor quotes."""
    status: int = 0
    """HTTP status of the last attempt; 0 where there was no answer."""
    attempts: int = 0
    reply: str | None = None
    """The passive reply, decrypted."""
    problem: str = ""
    """Why the platform could not read the bot's answer, or why there was none."""

    @property
    def delivered(self) -> bool:
        """Whether the platform regards the message as delivered."""
        return self.status == OK and not self.problem


class Courier:
    """Takes messages to the bot."""

    def __init__(self, world: World, bot_url: str) -> None:
        self._world = world
        self._settings = world.settings
        self._bot_url = bot_url.rstrip("/")
        self._codecs = {
            "main": Codec(self._settings.token, self._settings.aes_key),
            "app": Codec(self._settings.app_token, self._settings.app_aes_key, self._settings.corp_id),
        }
        self._session: ClientSession | None = None
        self._streams: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the connections."""
        self._session = ClientSession(timeout=ClientTimeout(total=self._settings.callback_seconds))

    async def stop(self) -> None:
        """End what is under way and close the connections."""
        for task in tuple(self._streams):
            task.cancel()
        await asyncio.gather(*self._streams, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def prepare(self, chat: Chat, sender: str, words: Words, *, response: bool) -> Delivery:
        """Write, encrypt and sign a message."""
        url = ""
        if response and chat.route == "main":
            url = f"{self._bot_url}/cgi-bin/aibot/response?response_code={self._world.new_response(chat.id)}"
        return self.sealed(Delivery(chat, sender, words, msgid=envelopes.new_msgid(), response_url=url))

    def sealed(self, delivery: Delivery) -> Delivery:
        """Encrypt and sign a message, perhaps again: with a new nonce, at the clock's time, under the same id."""
        settings, chat = self._settings, delivery.chat
        if chat.route == "app":
            plain = envelopes.app_message(
                settings.corp_id,
                settings.agent_id,
                delivery.sender,
                delivery.words,
                msgid=delivery.msgid,
                now=self._world.clock.now(),
            )
        else:
            plain = envelopes.aibot_message(
                chat, delivery.sender, delivery.words, delivery.msgid, delivery.response_url
            )
        return replace(delivery, request=self.seal(chat, plain), status=0, attempts=0, reply=None, problem="")

    def seal(self, chat: Chat, plain: bytes) -> Request:
        """Encrypt and sign a body for the channel of `chat`."""
        settings, codec = self._settings, self._codecs[chat.route]
        timestamp, nonce = str(int(self._world.clock.now().timestamp())), secrets.token_hex(8)
        encrypted = codec.encrypt(plain)
        path = settings.app_path if chat.route == "app" else settings.main_path
        query = {"msg_signature": codec.sign(timestamp, nonce, encrypted), "timestamp": timestamp, "nonce": nonce}
        url = URL(self._bot_url + path).with_query(query)
        if chat.route == "app":
            return Request(url, envelopes.app_envelope(settings.corp_id, settings.agent_id, encrypted), "text/xml")
        return Request(url, envelopes.aibot_envelope(encrypted), "application/json")

    async def deliver(self, delivery: Delivery) -> Delivery:
        """Send the callback until the bot answers 200, at most as often as the platform does; show the reply."""
        request = delivery.request
        if request is None:
            return delivery
        for attempt in range(1, self._settings.callback_attempts + 1):
            status, body, problem = await self._post(request)
            delivery = replace(delivery, status=status, attempts=attempt, problem=problem)
            if status == OK:
                return await self._read(delivery, request, body)
            if attempt < self._settings.callback_attempts:
                await asyncio.sleep(self._settings.retry_seconds)
        return delivery

    async def _post(self, request: Request) -> tuple[int, bytes, str]:
        if self._session is None:
            raise RuntimeError("the sandbox is not started")
        try:
            async with self._session.post(
                request.url, data=request.body, headers={"Content-Type": request.content_type}
            ) as response:
                return response.status, await response.read(), ""
        except TimeoutError:
            return 0, b"", f"no answer within {self._settings.callback_seconds:g} s"
        except ClientError as error:
            return 0, b"", f"no connection ({type(error).__name__})"

    async def _read(self, delivery: Delivery, request: Request, body: bytes) -> Delivery:
        if not body:
            return delivery
        try:
            passive = self._passive(delivery.chat, request, body)
        except BadReply as bad:
            return replace(delivery, problem=str(bad))
        shown = self._world.post(
            delivery.chat.id,
            BOT,
            "text" if delivery.chat.route == "app" else "markdown",
            passive.content,
            via="passive",
        )
        if not passive.finished:
            task = asyncio.create_task(self._follow(delivery, passive.stream, shown.number))
            self._streams.add(task)
            task.add_done_callback(self._streams.discard)
        return replace(delivery, reply=passive.content)

    def _passive(self, chat: Chat, request: Request, body: bytes) -> Passive:
        codec = self._codecs[chat.route]
        if chat.route == "app":
            return envelopes.read_app_reply(codec, body)
        return envelopes.read_aibot_reply(codec, request.url.query["nonce"], body)

    async def _follow(self, delivery: Delivery, stream: str, number: int) -> None:
        """Ask for the rest of a stream until it is finished."""
        for _ in range(REFRESHES):
            await asyncio.sleep(self._settings.poll_seconds)
            request = self.seal(delivery.chat, envelopes.aibot_refresh(delivery.chat, delivery.sender, stream))
            status, body, _problem = await self._post(request)
            if status != OK or not body:
                continue
            try:
                passive = self._passive(delivery.chat, request, body)
            except BadReply as bad:
                self._world.change(number, delivery=str(bad), failed=True)
                return
            self._world.change(number, content=passive.content)
            if passive.finished:
                return
