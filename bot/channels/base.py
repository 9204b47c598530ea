"""What every transport has in common: what comes in, what goes out, and the protocols that a channel may satisfy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, runtime_checkable

ChatType = Literal["group", "single"]
Kind = Literal["text", "voice", "image", "file", "video", "mixed", "event", "other"]
Form = Literal["markdown", "markdown_v2", "text", "image", "file"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message, or event, as a channel delivered it: decrypted, checked, not yet understood."""

    channel: str
    """The configured name of the channel."""
    key: str
    """Idempotency key, `channel|sender|msgid`; without a msgid `channel|sender|sha256:` + hex of the decrypted body."""
    chat: str
    """Chat id as the channel reports it; in a single chat the sender's user id."""
    chat_type: ChatType
    sender: str
    """User id as the channel reports it, plain or encrypted (`wo…`)."""
    kind: Kind
    raw: bytes
    """The decrypted body, kept for `kakou replay`."""
    text: str = ""
    """Words of the message: text, voice transcript, the text parts of a mixed message joined by line ends."""
    quote: str = ""
    """Text of the message that this one quotes, if it has any."""
    sent_at: datetime | None = None
    """When the platform says it was written, aware; None where the transport does not tell."""
    arrived_at: datetime | None = None
    """When it was taken in, aware: what stands for `sent_at` where the transport does not tell."""
    response_url: str = ""
    media: tuple[str, ...] = ()
    """Addresses or media ids of pictures and files, in order."""
    file_name: str = ""
    event: str = ""
    """The event's type where `kind` is `event`."""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to be sent through a channel, already within its limits."""

    channel: str
    chat: str
    """Group chat id or user id. A group webhook has one group and ignores it."""
    form: Form
    content: str = ""
    """Text or Markdown."""
    mentions: tuple[str, ...] = ()
    """User ids to notify, where the channel can."""
    media: bytes = b""
    """Bytes of a picture or file."""
    file_name: str = ""
    response_url: str = ""
    """A one-use address that takes this answer (aibot); empty where there is none."""
    chat_type: ChatType = "group"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a channel can carry. `per_minute` counts messages of one `scope` in any 60 s."""

    markdown_bytes: int
    text_bytes: int
    per_minute: int
    scope: Literal["channel", "chat"]
    tables: bool = False
    """Whether Markdown tables are rendered."""


@runtime_checkable
class Receiver(Protocol):
    """A channel that takes callbacks over HTTP at `path`."""

    name: str
    path: str

    def verify(self, query: Mapping[str, str]) -> str:
        """URL verification: the plaintext to answer with, byte for byte. Raises `Rejected`. Knows no freshness."""

    def receive(self, query: Mapping[str, str], body: bytes, now: datetime) -> Incoming | None:
        """Check the signature, then the freshness against `now`, then decrypt and parse.

        None where the platform expects an empty answer and nothing is to be kept (a `stream` refresh of ours).
        Raises `Rejected` and nothing else, whatever the body holds.
        """

    def passive_reply(
        self, query: Mapping[str, str], incoming: Incoming, content: str, now: datetime
    ) -> tuple[bytes, str]:
        """The encrypted body and its content type that answer `incoming` with Markdown `content` in the response.

        An empty body where the platform lets nobody answer this message with words (some events).
        """

    @property
    def passive_bytes(self) -> int:
        """How many UTF-8 bytes a passive reply may hold; 0 where the channel has none."""


@runtime_checkable
class Sender(Protocol):
    """A channel that sends."""

    name: str
    limits: Limits

    async def send(self, message: Outgoing) -> None:
        """Send one message. Returns when the platform took it; raises `RetryLater` or `GiveUp`, nothing else."""


@runtime_checkable
class Directory(Protocol):
    """A channel that can tell a member's display name."""

    async def display_name(self, user_id: str) -> str | None:
        """The member's name, or None where the directory does not know or does not answer in time."""
