"""A town with many villages and the handlers in front of its books: what people say and what the clock does, without any
transport.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.channels.base import Incoming
from bot.dispatch import Dispatcher
from bot.router import Routes
from bot.scheduler import Part
from handlers.duty_rules import DutyRules
from handlers.features import ROUTERS
from handlers.intake import Intake
from handlers.notices.settings import NoticeRules
from handlers.notices.watch import Watch
from handlers.watch import Desk
from storage.chats import learn
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
TOWN, UNIT = "wrTown", "平谷区/金海湖镇"
PEOPLE = {"boss": "赵明华", "red": "刘桂英", "sun": "孙晓雨", "chen": "陈建国"}


class NoticeBooks:
    """Every message and every look of the job is a transaction of its own, as in the service."""

    def __init__(self, engine: Engine, now: datetime, villages: Mapping[str, str], dumb: tuple[str, ...] = ()) -> None:
        """`villages`: chat → name; `dumb`: chats that nothing can be posted to."""
        self.engine = engine
        self.now = now
        self.sent: list[Any] = []
        self._number = 0
        self._groups = {TOWN: UNIT} | {chat: f"{UNIT}/{name}" for chat, name in villages.items()}
        self._leads = {TOWN: ("boss",), "wrRed": ("red",)}
        self.dumb = set(dumb)
        channel = lambda chat: None if chat in self.dumb else f"hook-{chat}"  # noqa: E731  (a table with a default)
        services: dict[str, Any] = {
            "coordinators": self._coordinators,
            "groups": self._groups,
            "duty": DutyRules(),
            "notices": NoticeRules(),
            "group_channel": channel,
        }
        intake = Intake(self._groups, PEOPLE, lambda _channel: ("小站",))
        self._dispatcher = Dispatcher(Routes(ROUTERS), intake, services)
        self._desk = Desk(
            DutyRules(),
            lambda chat: channel(chat) or "",
            lambda: "app",
            self._coordinators,
            self._groups,
            lambda text, _c, _f: [text],
        )
        with Session(engine) as session, session.begin():
            learn(session, PEOPLE, "config", now)

    def _coordinators(self, chat: str) -> tuple[str, ...]:
        return self._leads.get(chat, ())

    def say(self, who: str, text: str, chat: str = "", *, file: bytes = b"", kind: str = "text") -> str:
        """One message to the bot, in a group or (without `chat`) alone; its answer. What it sends is in `sent`."""
        self._number += 1
        message = Incoming(
            "main",
            f"main|{who}|{self._number}",
            chat or who,
            "group" if chat else "single",
            who,
            kind,  # type: ignore[arg-type]
            b"{}",
            f"@小站 {text}" if chat else text,
            sent_at=self.now,
            extra={"file": file} if file else {},
        )
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session)
            decision = self._dispatcher.decide(uow, [message], self.now)[0]
            uow.flush()
        self.sent = list(decision.notices)
        return decision.answer or ""

    def look(self) -> list[Part]:
        """What the job says now."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            found = Watch(self._desk, NoticeRules(), session, self.now).parts()
            session.flush()
        return found

    def later(self, **length: float) -> list[Part]:
        """Let time go by in the job's steps; what the job said."""
        found: list[Part] = []
        until = self.now + timedelta(**length)
        while self.now < until:
            self.now += timedelta(minutes=5)
            found += self.look()
        return found
