"""The sandbox's world: members, chats, messages, tokens, webhooks, rates. No I/O; time comes from the clock.

Whatever the platform would refuse raises `Refused` with the platform's own error code.
"""

import hashlib
import secrets
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from bot.clock import Clock
from bot.sandbox.settings import Chat, Member, SandboxSettings

TOKEN_LIFE: Final = timedelta(seconds=7200)
RESPONSE_LIFE: Final = timedelta(hours=1)
MEDIA_LIFE: Final = timedelta(days=3)
RATE: Final = 20
"""Messages of one webhook in any minute."""
MINUTE: Final = timedelta(minutes=1)
BOT: Final = "bot"
"""The sender of what the bot says."""
APP: Final = "app"
"""The owner of what the app uploaded."""
MEMBER: Final = "member"
"""The owner of files that members sent."""

MessageKind = Literal["text", "markdown", "image", "file", "notice"]


class Refused(Exception):
    """What the platform answers with an `errcode` that is not 0."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One bubble of a chat."""

    number: int
    chat: str
    sender: str
    """A user id or `BOT`."""
    kind: MessageKind
    content: str
    at: datetime
    via: str = ""
    """How the bot said it: passive, response_url, webhook, message/send."""
    quote: str = ""
    media: str = ""
    """A media id; the page fetches it."""
    delivery: str = ""
    """How the callback of a member's message ended, in a few words."""
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Media:
    """An uploaded picture or file, usable by the webhook that uploaded it."""

    owner: str
    name: str
    content: bytes
    at: datetime


@dataclass
class Fault:
    """What goes wrong with a call: an error code, an HTTP status, or no answer at all."""

    errcode: int = 0
    status: int = 0
    silent: bool = False
    taken: bool = False
    """Whether the platform did what was asked before it failed to say so."""


class Faults:
    """Faults that tests ask for, by endpoint (`webhook/send`; `*` is every endpoint)."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def inject(self, endpoint: str, fault: Fault, times: int = 1) -> None:
        """Let the next `times` calls of `endpoint` fail."""
        self._waiting[endpoint].extend([fault] * times)

    def take(self, endpoint: str) -> Fault | None:
        """Give the fault of this call, if one waits."""
        for name in (endpoint, "*"):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return None

    def clear(self) -> None:
        """Let everything work again."""
        self._waiting.clear()


class Tokens:
    """Access tokens of the app: one at a time, 7,200 s, the same while it is valid."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ends: dict[str, datetime] = {}
        self._current = ""

    def issue(self) -> tuple[str, int]:
        """Give the valid token, or a new one, and its remaining seconds."""
        now = self._clock.now()
        if self._ends.get(self._current, now) <= now:
            self._current = secrets.token_urlsafe(48)
            self._ends[self._current] = now + TOKEN_LIFE
        return self._current, int((self._ends[self._current] - now).total_seconds())

    def check(self, token: str) -> None:
        """Refuse a token that is missing, unknown or past its time."""
        if not token:
            raise Refused(41001, "access_token missing")
        if token not in self._ends:
            raise Refused(40014, "invalid access_token")
        if self._ends[token] <= self._clock.now():
            raise Refused(42001, "access_token expired")

    def revoke(self) -> None:
        """Let the platform forget every token early, as it may."""
        self._ends.clear()
        self._current = ""

    def expire(self) -> None:
        """Let every token be past its time."""
        self._ends = dict.fromkeys(self._ends, self._clock.now())


class World:
    """Everything that the sandbox's platform knows."""

    def __init__(self, clock: Clock, settings: SandboxSettings) -> None:
        self.clock = clock
        self.settings = settings
        self.members: dict[str, Member] = {member.user_id: member for member in settings.members}
        self.chats: dict[str, Chat] = {}
        self.messages: list[Message] = []
        self.webhooks: dict[str, str] = {}
        self.tokens = Tokens(clock)
        self.faults = Faults()
        self.media: dict[str, Media] = {}
        self._responses: dict[str, tuple[str, datetime]] = {}
        self._sent: dict[str, deque[datetime]] = defaultdict(deque)
        self._listeners: list[Callable[[dict[str, Any]], None]] = []
        for chat in settings.chats:
            self.add_chat(chat)

    # chats and members

    def add_chat(self, chat: Chat) -> None:
        """Open a chat; a group gets a webhook of its own."""
        self.chats[chat.id] = chat
        if chat.chat_type == "group":
            self.webhooks[_webhook_key(self.settings.token, chat.id)] = chat.id

    def single(self, user_id: str, route: Literal["main", "app"] = "main") -> Chat:
        """Give the single chat of a member with the bot, opened when first asked for."""
        chat_id = f"single-{route}-{user_id}"
        if chat_id not in self.chats:
            name = self.settings.bot_name + ("应用" if route == "app" else "")
            self.add_chat(Chat(chat_id, name, "single", "", (user_id,), route))
        return self.chats[chat_id]

    def webhook_key(self, chat_id: str) -> str:
        """Give the key of a group's webhook."""
        return _webhook_key(self.settings.token, chat_id)

    def name_of(self, user_id: str) -> str:
        """Give what the page shows for a sender."""
        member = self.members.get(user_id)
        return member.name if member else self.settings.bot_name if user_id == BOT else user_id

    # messages

    def listen(self, listener: Callable[[dict[str, Any]], None]) -> Callable[[], None]:
        """Call `listener` with every event from now on; the answer stops that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def tell(self, event: dict[str, Any]) -> None:
        """Send an event to every open page."""
        for listener in tuple(self._listeners):
            listener(event)

    def post(self, chat: str, sender: str, kind: MessageKind, content: str, **more: Any) -> Message:
        """Add a message to a chat, at the clock's time."""
        message = Message(len(self.messages) + 1, chat, sender, kind, content, self.clock.now(), **more)
        self.messages.append(message)
        self.tell({"type": "message", "message": self.shown(message)})
        return message

    def change(self, number: int, **changes: Any) -> Message:
        """Replace parts of a message, as a stream's next frame does."""
        message = replace(self.messages[number - 1], **changes)
        self.messages[number - 1] = message
        self.tell({"type": "message", "message": self.shown(message)})
        return message

    def shown(self, message: Message) -> dict[str, Any]:
        """Give a message as the page wants it."""
        return {**asdict(message), "at": message.at.isoformat(), "name": self.name_of(message.sender)}

    def of_chat(self, chat: str, sender: str = "") -> list[Message]:
        """List a chat's messages in order, all or those of one sender."""
        return [m for m in self.messages if m.chat == chat and sender in {"", m.sender}]

    # what may be used once, for a while, or so often

    def new_response(self, chat: str) -> str:
        """Make the code of a `response_url`."""
        code = secrets.token_urlsafe(24)
        self._responses[code] = (chat, self.clock.now() + RESPONSE_LIFE)
        return code

    def peek_response(self, code: str) -> str:
        """Give the chat that a code answers to. The documentation prints no code for a spent one; 40058 stands in."""
        chat, end = self._responses.get(code, ("", None))
        if end is None:
            raise Refused(40058, "response_code is unknown or was used")
        if end <= self.clock.now():
            raise Refused(40058, "response_code expired")
        return chat

    def spend_response(self, code: str) -> None:
        """Use up a code."""
        self._responses.pop(code, None)

    def webhook_chat(self, key: str) -> str:
        """Give the chat of a webhook."""
        if key not in self.webhooks:
            raise Refused(93000, "invalid webhook url")
        return self.webhooks[key]

    def count_rate(self, key: str) -> None:
        """Count one message of a webhook. Refuse it beyond 20 in any minute."""
        now, sent = self.clock.now(), self._sent[key]
        # A clock that was set back leaves times ahead of it; they count for nothing.
        kept = [moment for moment in sent if timedelta(0) <= now - moment < MINUTE]
        sent.clear()
        sent.extend(kept)
        if len(kept) >= RATE:
            raise Refused(45009, "api freq out of limit")
        sent.append(now)

    def keep_media(self, owner: str, name: str, content: bytes) -> str:
        """Keep an upload for three days."""
        media_id = secrets.token_urlsafe(24)
        self.media[media_id] = Media(owner, name, content, self.clock.now())
        return media_id

    def find_media(self, media_id: str, owner: str) -> Media:
        """Give an upload of the same owner that is not too old."""
        media = self.media.get(media_id)
        if media is None or media.owner != owner or self.clock.now() - media.at >= MEDIA_LIFE:
            raise Refused(40007, "invalid media_id")
        return media


def _webhook_key(token: str, chat_id: str) -> str:
    digest = hashlib.sha256(f"{token}|{chat_id}".encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
