"""Dialogues as people read them, played against the sandbox: over encrypted callbacks, with a moved clock.

    群：红石坎村卡口值守群
    时间：2020-02-23 21:50
    陈建国：@小站 到岗 红石坎村卡口 夜班
    小站：✅ C1 到岗：陈建国，红石坎村卡口……
    （过 8 小时）
    小站 → 赵明华：📌 ……

A line of the bot must be one of the messages that it has sent since the last line of a person; `……` stands for any
words. A line that begins with two spaces goes on with the message above. `陈建国 → 小站：` writes to the bot alone;
`（到 22:00）` moves the clock to the next such time, `（过 8 小时）` on by so much. `群：` changes the group.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.clock import MovableClock
from bot.sandbox.settings import Chat, Member, SandboxSettings
from bot.sandbox.state import BOT, Message
from bot.trial import Trial

ZONE = ZoneInfo("Asia/Shanghai")
BLOCK = re.compile(r"^(?P<title>#+ [^\n]*)\n|^```对话\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)
_LATER = re.compile(r"^（过\s*(\d+)\s*(分钟|小时|天)）$")
_AT = re.compile(r"^（到\s*(?:(次日|\d+天后)\s*)?(\d{1,2}):(\d{2})）$")
SLOWLY = timedelta(minutes=30)
"""The end of a wait that is gone through in small steps."""
_UNITS = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "天": timedelta(days=1)}


@dataclass(slots=True)
class Line:
    """One line: who speaks, to whom (empty: the group), what."""

    speaker: str
    to: str
    text: str


@dataclass(slots=True)
class Dialogue:
    """One block, with the heading that it stands below."""

    title: str
    lines: list[Line] = field(default_factory=list)


def dialogues(path: Path) -> Iterator[Dialogue]:
    """The dialogues of a page, in order."""
    title = ""
    for match in BLOCK.finditer(path.read_text(encoding="utf-8")):
        if match["title"]:
            title = match["title"].lstrip("# ")
        else:
            yield read(title, match["body"])


def read(title: str, body: str) -> Dialogue:
    """One dialogue from its lines."""
    found = Dialogue(title)
    for line in body.splitlines():
        if line.startswith("  ") and found.lines:
            found.lines[-1].text += "\n" + line[2:]
        elif line.startswith("（"):
            found.lines.append(Line("", "", line.strip()))
        elif line.strip():
            who, _, text = line.partition("：")
            speaker, _, to = (part.strip() for part in who.partition("→"))
            found.lines.append(Line(speaker, to, text))
    return found


class Stage:
    """A sandbox with its bot, on which dialogues are played."""

    def __init__(
        self,
        folder: Path,
        start: datetime,
        members: tuple[Member, ...],
        chats: tuple[Chat, ...],
        more: Mapping[str, Any] | None = None,
    ) -> None:
        self.clock = MovableClock(start)
        self.trial = Trial(0, folder, self.clock, SandboxSettings(members=members, chats=chats), more)
        self.chat = chats[0].id
        self._heard = 0

    async def __aenter__(self) -> Self:
        await self.trial.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.trial.stop()

    @property
    def world(self):
        return self.trial.sandbox.world

    def user(self, name: str) -> str:
        return next(m.user_id for m in self.world.members.values() if m.name == name)

    async def say(self, name: str, text: str, *, alone: bool = False) -> str:
        """What a person says, to the group or to the bot alone; the bot's messages since, joined."""
        self._heard = len(self.world.messages)
        user = self.user(name)
        chat = self.world.single(user, "app").id if alone else self.chat
        done = await self.trial.sandbox.say(user, chat, text)
        assert done.delivered, done
        await self.trial.service.outbox.drain()
        return "\n".join(m.content for m in self.news())

    async def until(self, moment: datetime) -> list[Message]:
        """Let time go by, in steps of five minutes towards the end; what the bot said meanwhile."""
        self._heard = len(self.world.messages)
        while (left := moment - self.clock.now()) > timedelta(0):
            step = min(left - SLOWLY, timedelta(hours=2)) if left > 2 * SLOWLY else min(left, timedelta(minutes=5))
            await self.trial.sandbox.move_clock(self.clock.now() + step)
        return self.news()

    async def later(self, by: timedelta) -> list[Message]:
        return await self.until(self.clock.now() + by)

    def news(self) -> list[Message]:
        """What the bot has said since the last line of a person."""
        return [m for m in self.world.messages[self._heard :] if m.sender == BOT]

    def told(self, name: str) -> str:
        """What the bot has told a person alone since then."""
        return "\n".join(m.content for m in self.news() if m.chat == self.world.single(self.user(name), "app").id)

    def posted(self) -> str:
        """What the bot has said in the group since then."""
        return "\n".join(m.content for m in self.news() if m.chat == self.chat)


async def play(stage: Stage, dialogue: Dialogue) -> None:
    """Play all lines. Raises AssertionError with the line that the bot did not say, and what it said instead."""
    for line in dialogue.lines:
        if line.speaker == "群":
            stage.chat = next(c.id for c in stage.world.chats.values() if c.name == line.text)
        elif line.speaker == "时间":
            await stage.trial.sandbox.move_clock(datetime.fromisoformat(line.text).replace(tzinfo=ZONE))
        elif not line.speaker:
            await stage.until(_moment(line.text, stage.clock.now()))
        elif line.speaker == "小站":
            _heard(stage, dialogue.title, line)
        else:
            await stage.say(line.speaker, line.text, alone=line.to == "小站")


def _moment(words: str, now: datetime) -> datetime:
    if later := _LATER.match(words):
        return now + int(later[1]) * _UNITS[later[2]]
    at = _AT.match(words)
    assert at, words
    moment = datetime.combine(now.date(), time(int(at[2]), int(at[3])), ZONE)
    if at[1] and at[1] != "次日":
        return moment + timedelta(days=int(at[1].removesuffix("天后")))
    return moment + timedelta(days=1) if at[1] or moment <= now else moment


def _heard(stage: Stage, title: str, line: Line) -> None:
    pattern = re.compile(".*".join(map(re.escape, line.text.split("……"))), re.DOTALL)
    chat = stage.world.single(stage.user(line.to), "app").id if line.to else stage.chat
    said = [m.content for m in stage.news() if m.chat == chat]
    assert any(pattern.fullmatch(text.strip()) for text in said), (
        f"{title}: expected\n{line.text}\n--- but the bot said\n" + "\n---\n".join(said or ["nothing"])
    )
