"""A small world around the engine: messages, a feature that notes them, channels that remember what they were given."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from bot.channels.base import Incoming, Limits, Outgoing
from bot.clock import MovableClock
from bot.context import Context, FactBook, Notice
from bot.dispatch import Dispatcher
from bot.effects import Addressing
from bot.limiter import Limiter
from bot.outbox import Outbox as SenderLoop
from bot.outbox import Ways
from bot.router import Router, Routes
from storage.facts import Facts
from storage.tables import Audit, Chat
from storage.tables import Inbox as InboxRow
from storage.tables import Outbox as OutboxRow
from storage.writer import Writer

FAILED = "已收到，稍后查看"


def message(key: str, text: str = "note", chat: str = "g1", **values: Any) -> Incoming:
    plain = {"channel": "main", "chat_type": "group", "sender": "lina", "kind": "text", "raw": text.encode()}
    return Incoming(key=key, chat=chat, text=text, **{**plain, **values})


# -- a feature -------------------------------------------------------------------------------------------------------


@dataclass
class Record:
    kind: str
    fields: dict[str, Any]


@dataclass
class Read:
    records: list[Record]
    command: dict[str, Any] | None = None


class Reader:
    """Each word of a text is a record of that kind; `/word` is a command; `bad-read` cannot be read."""

    def open(self, book: FactBook, _batch: Sequence[Incoming], _now: datetime) -> "Reader":
        self.book = book
        return self

    def read(self, incoming: Incoming) -> tuple[Any, str, str]:
        if "bad-read" in incoming.text:
            raise LookupError(incoming.text)
        words = incoming.text.split()
        command = next((word[1:] for word in words if word.startswith("/")), None)
        records = [Record(word, {"word": word}) for word in words if not word.startswith("/")]
        return Read(records, {"name": command} if command else None), incoming.sender, "unit"

    def changed(self, incoming: Incoming) -> bool:
        return incoming.chat in self.book.marks


class ChatRows(Facts[str, Chat]):
    """Chats by id; `loads` are the keys of each query."""

    loads: list[list[str]] = []  # noqa: RUF012  (the queries of all instances)

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Chat]]:
        self.loads.append(keys)
        return [(row.chat, row) for row in self.session.scalars(select(Chat).where(Chat.chat.in_(keys)))]


@dataclass
class Script:
    """What the handlers do, and what they saw."""

    seen: list[str] = field(default_factory=list)
    actions: dict[str, Callable[[Context], str | None]] = field(default_factory=dict)


def dispatcher(script: Script) -> Dispatcher:
    router = Router("notes")

    def chat_of(ctx: Context, _item: Any) -> list[str]:
        return [ctx.incoming.chat]

    def note(ctx: Context, item: Any) -> str | None:
        script.seen.append(ctx.incoming.key)
        ref = ctx.uow.next_ref("N")
        entry = {"actor": ctx.incoming.sender, "action": "noted", "ref": ref, "message_key": ctx.incoming.key}
        ctx.uow.insert(Audit, at=ctx.now, detail=None, **entry)
        return f"noted {ref}"

    def bad(ctx: Context, _item: Any) -> str | None:
        note(ctx, _item)
        ctx.uow.session.add(Chat(chat="ghost", channel="", chat_type="", unit="", bound_by="", seen_at=ctx.now))
        raise ValueError("13800012345 is in the message of this error")

    def count(ctx: Context, _item: Any) -> str:
        rows = ctx.facts(ChatRows)
        known = rows.of(ctx.incoming.chat)
        if not known:
            plain = {"channel": "main", "chat_type": "group", "bound_by": "", "seen_at": ctx.now}
            rows.add(ctx.incoming.chat, Chat(chat=ctx.incoming.chat, unit="1", **plain))
            return "count 1"
        known[0].unit = str(int(known[0].unit) + 1)
        return f"count {known[0].unit}"

    def tell(ctx: Context, _item: Any) -> str:
        ctx.notices.append(Notice("boss", "look here"))
        return "told"

    def scripted(ctx: Context, _item: Any) -> str | None:
        return script.actions[ctx.incoming.key](ctx)

    router.record("note")(note)
    router.record("bad")(bad)
    router.record("count", needs={ChatRows: chat_of})(count)
    router.record("tell")(tell)
    router.record("act")(scripted)
    router.record("quiet")(lambda _ctx, _item: None)
    return Dispatcher(Routes([router]), Reader(), {})


def addressing(**values: Any) -> Addressing:
    def halves(text: str, _channel: str, _form: str) -> list[str]:
        return [text[start : start + 40] for start in range(0, len(text), 40)]

    ways: dict[str, Any] = {
        "passive_bytes": lambda channel: 100 if channel == "main" else 0,
        "answer_channel": lambda _incoming: "digest",
        "notice_channel": lambda _incoming, _notice: "app",
        "failed_answer": FAILED,
        "split": halves,
    }
    return Addressing(**{**ways, **values})


# -- channels --------------------------------------------------------------------------------------------------------


class Channel:
    """Sends into a list. `faults` are raised one after the other before it works; `gate` holds messages up."""

    def __init__(self, name: str, *, per_minute: int = 1000, scope: str = "chat") -> None:
        self.name = name
        self.limits = Limits(4096, 2048, per_minute, scope)  # type: ignore[arg-type]
        self.sent: list[Outgoing] = []
        self.tried: list[str] = []
        self.faults: list[Exception] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.inside: dict[str, int] = defaultdict(int)
        self.most_inside = 0

    async def send(self, message: Outgoing) -> None:
        self.tried.append(message.content)
        self.inside[message.chat] += 1
        self.most_inside = max(self.most_inside, self.inside[message.chat])
        try:
            await self.gate.wait()
            await asyncio.sleep(0)
            if self.faults:
                raise self.faults.pop(0)
            self.sent.append(message)
        finally:
            self.inside[message.chat] -= 1

    @property
    def contents(self) -> list[str]:
        return [message.content for message in self.sent]


def sender_loop(
    writer: Writer, clock: MovableClock, *channels: Channel, fallback: Mapping[str, str] | None = None, **ways: Any
) -> SenderLoop:
    other = fallback or {}
    roads = Ways({channel.name: channel for channel in channels}, lambda row: other.get(row.channel), **ways)
    return SenderLoop(writer, roads, clock, Limiter())


# -- what is in the database -----------------------------------------------------------------------------------------


def inbox_states(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        return dict(session.execute(select(InboxRow.key, InboxRow.state).order_by(InboxRow.id)).tuples().all())


def notes(engine: Engine) -> list[tuple[str, str]]:
    with Session(engine) as session:
        return list(session.execute(select(Audit.message_key, Audit.ref).order_by(Audit.id)).tuples())


def outgoing(engine: Engine) -> list[OutboxRow]:
    with Session(engine) as session:
        return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))


def outbox_states(engine: Engine) -> dict[str, str]:
    return {row.key: row.state for row in outgoing(engine)}


@contextmanager
def commits(engine: Engine) -> Iterator[list[int]]:
    """How often an engine commits meanwhile."""
    seen: list[int] = []

    def note(_connection: Any) -> None:
        seen.append(len(seen))

    event.listen(engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(engine, "commit", note)


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop turn until something holds."""
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it did not come to pass")


MINUTE = timedelta(minutes=1)
