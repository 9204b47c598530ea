"""Play a file of messages through the encrypted callback, the clock following them."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.errors import KakouError
from bot.sandbox.settings import Chat, Member, SandboxSettings
from handlers.language.sounds import reading

if TYPE_CHECKING:
    from bot.sandbox.service import Sandbox

Key = tuple[str, str, str]
"""Place, chat type and, of a single chat, the sender."""


class BadFile(KakouError):
    """A file that cannot be played; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message of the file."""

    id: str
    text: str
    sent_at: datetime
    sender: str
    place: str
    chat_type: Literal["group", "single"]

    @property
    def home(self) -> str:
        """What a single chat ties its member to; empty for groups."""
        return f"single:{self.place}" if self.chat_type == "single" else ""

    @property
    def chat(self) -> Key:
        """What tells its chat from others."""
        return self.place, self.chat_type, self.sender if self.chat_type == "single" else ""


@dataclass(slots=True)
class Played:
    """What came of it."""

    sent: int = 0
    delivered: int = 0
    replied: int = 0
    """Passive replies; others may follow through `response_url` and webhooks."""
    failed: list[str] = field(default_factory=list)
    """Ids of messages whose callback was not answered 200, or with something that the platform cannot read."""
    chats: int = 0
    senders: int = 0
    first: datetime | None = None
    last: datetime | None = None


def _chat_type(row: Any) -> Literal["group", "single"]:
    chat_type = row.get("chat_type", "group")
    if chat_type == "group":
        return "group"
    if chat_type == "single":
        return "single"
    raise ValueError("chat_type is neither group nor single")


def _moment(row: Any) -> datetime:
    sent_at = datetime.fromisoformat(row["sent_at"])
    if sent_at.tzinfo is None:
        raise ValueError("sent_at has no offset")
    return sent_at


def _line(number: int, text: str, path: Path) -> Line:
    try:
        row = json.loads(text)
        chat_type, sent_at = _chat_type(row), _moment(row)
        return Line(str(row["id"]), row["text"], sent_at, str(row["sender"]), row.get("place") or "", chat_type)
    except KeyError as error:
        raise BadFile(f"{path}: line {number}: no {error.args[0]}") from None
    except (ValueError, TypeError, AttributeError) as error:
        raise BadFile(f"{path}: line {number}: {error}") from None


def read(path: Path) -> list[Line]:
    """Read the input lines of the parse contract, in the order of `sent_at`. Raises `BadFile`."""
    try:
        texts = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"{path}: cannot be read ({error})") from None
    lines = [_line(number, text, path) for number, text in enumerate(texts, start=1) if text.strip()]
    return sorted(lines, key=lambda line: line.sent_at)


@dataclass
class _Cast:
    """The members and chats that a file needs."""

    members: dict[str, Member] = field(default_factory=dict)
    chats: dict[Key, Chat] = field(default_factory=dict)
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    """User ids by display name and home (see `Line.home`)."""

    def member(self, name: str, home: str) -> str:
        """Give the user id of a sender. Single chats of two places are those of two members."""
        if home and not any(known == name and other for known, other in self.homes):
            self.homes[name, home] = self.member(name, "")
        if (name, home) not in self.homes:
            sounds = "".join(reading(char) for char in name).lower()
            base = "".join(c for c in sounds if c.isascii() and c.isalnum()) or "member"
            user = next(user for user in _numbered(base) if user not in self.members)
            self.members[user] = Member(user, name)
            self.homes[name, home] = user
        return self.homes[name, home]

    def add(self, line: Line) -> None:
        """Make room for one message."""
        single = line.chat_type == "single"
        user = self.member(line.sender, line.home)
        old = self.chats.get(line.chat)
        if old is None:
            name = line.place.rsplit("/", 1)[-1] or "未绑定单位"
            chat_id = f"single-{user}" if single else f"wrPlayed{len(self.chats) + 1:03}"
            title = f"{line.sender} · 单聊" if single else f"{name}工作群"
            old = Chat(chat_id, title, line.chat_type, line.place)
        members = old.members if user in old.members else (*old.members, user)
        self.chats[line.chat] = Chat(old.id, old.name, old.chat_type, old.unit, members)


def _numbered(base: str) -> Iterator[str]:
    yield base
    number = 2
    while True:
        yield f"{base}{number}"
        number += 1


def _cast(lines: Iterable[Line]) -> _Cast:
    cast = _Cast()
    for line in lines:
        cast.add(line)
    return cast


def settings_of(path: Path) -> SandboxSettings:
    """Give the settings of a sandbox that holds the chats and members of a file. Raises `BadFile`."""
    cast = _cast(read(path))
    return SandboxSettings(members=tuple(cast.members.values()), chats=tuple(cast.chats.values()), samples=())


async def play(path: Path, sandbox: "Sandbox", progress: Callable[[int, int], None] | None = None) -> Played:
    """Send every message of the file, one after the other, at its own time; `progress` hears (done, of all).

    The sandbox was made with `settings_of` the same file. Every message reaches the bot, mentioned or not: what a
    file holds was written to it. Raises `BadFile`.
    """
    lines = read(path)
    cast = _cast(lines)
    missing = [chat.name for chat in cast.chats.values() if chat.id not in sandbox.world.chats]
    if missing:
        raise BadFile(f"{path}: the sandbox has no chat {missing[0]}; make it with settings_of this file")
    played = Played(chats=len(cast.chats), senders=len({line.sender for line in lines}))
    for number, line in enumerate(lines, start=1):
        await _send(line, cast, sandbox, played)
        if progress is not None:
            progress(number, len(lines))
    if lines:
        played.first, played.last = lines[0].sent_at, lines[-1].sent_at
    return played


async def _send(line: Line, cast: _Cast, sandbox: "Sandbox", played: Played) -> None:
    await sandbox.move_clock(line.sent_at)
    user = cast.member(line.sender, line.home)
    delivery = await sandbox.say(user, cast.chats[line.chat].id, line.text, force=True)
    played.sent += 1
    played.delivered += delivery.delivered
    played.replied += bool(delivery.reply)
    if not delivery.delivered:
        played.failed.append(line.id)
