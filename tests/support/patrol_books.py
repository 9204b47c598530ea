"""A village's books with the handlers in front of them: what people say and what the clock does, without any transport."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.base import Incoming
from bot.dispatch import Dispatcher
from bot.router import Routes
from bot.scheduler import Part
from handlers.duty_rules import DutyRules
from handlers.features import ROUTERS
from handlers.intake import Intake
from handlers.patrols.settings import PatrolRules
from handlers.patrols.watch import Watch
from handlers.watch import Desk
from storage.chats import learn
from storage.tables_patrols import Finding, PatrolSlot
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
CHAT, UNIT = "wrVillage", "平谷区/金海湖镇/红石坎村"
PEOPLE = {"lead": "刘桂英", "chen": "陈建国", "sun": "孙晓雨", "boss": "赵明华"}
IN_CHARGE = ("lead", "boss")


class Books:
    """Every message and every look of the job is a transaction of its own, as in the service."""

    def __init__(self, engine: Engine, now: datetime) -> None:
        self.engine = engine
        self.now = now
        self.told: list[tuple[str, str]] = []
        """(user, text) of every message to one person."""
        self.posted: list[str] = []
        """What the job has said to the group."""
        self._number = 0
        rules = PatrolRules()
        services = {"coordinators": self._coordinators, "groups": {CHAT: UNIT}, "patrols": rules, "duty": DutyRules()}
        intake = Intake({CHAT: UNIT}, PEOPLE, lambda _channel: ("小站",))
        self._dispatcher = Dispatcher(Routes(ROUTERS), intake, services)
        self._desk = Desk(
            DutyRules(),
            lambda _chat: "hook",
            lambda: "app",
            self._coordinators,
            {CHAT: UNIT},
            lambda text, _c, _f: [text],
        )
        self._rules = rules
        with Session(engine) as session, session.begin():
            learn(session, PEOPLE, "config", now)

    def _coordinators(self, chat: str) -> tuple[str, ...]:
        return IN_CHARGE if chat == CHAT else ()

    def say(
        self,
        who: str,
        text: str,
        *,
        kind: str = "text",
        media: tuple[str, ...] = (),
        alone: bool = False,
        chat: str = CHAT,
    ) -> str:
        """One message to the bot; its answer."""
        chat, chat_type = (who, "single") if alone else (chat, "group")
        words = text if alone or not text else f"@小站 {text}"
        return self._batch([self._message(who, words, (chat, chat_type), kind, media)])[0]

    def at_once(self, *said: tuple[str, str]) -> list[str]:
        """(who, text) of messages that come in one batch; their answers."""
        return self._batch([self._message(who, f"@小站 {text}", (CHAT, "group")) for who, text in said])

    def _message(
        self, who: str, words: str, place: tuple[str, str], kind: str = "text", media: tuple[str, ...] = ()
    ) -> Incoming:
        self._number += 1
        key = f"main|{who}|{self._number}"
        return Incoming("main", key, *place, who, kind, b"{}", words, sent_at=self.now, media=media)  # type: ignore[arg-type]

    def _batch(self, messages: list[Incoming]) -> list[str]:
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session)
            decisions = self._dispatcher.decide(uow, messages, self.now)
            uow.flush()
        self.told += [(notice.chat, notice.content) for decision in decisions for notice in decision.notices]
        return [decision.answer or "" for decision in decisions]

    def look(self) -> list[Part]:
        """What the job says now."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session)
            found = Watch(self._desk, self._rules, uow, self.now).parts()
            uow.flush()
        self.posted += [part.content for part in found if part.chat_type == "group"]
        self.told += [(part.chat, part.content) for part in found if part.chat_type == "single"]
        return found

    def until(self, moment: datetime) -> list[Part]:
        """Let time go by in the job's steps."""
        found = []
        while self.now < moment:
            self.now += timedelta(minutes=5)
            found += self.look()
        return found

    def finding(self, ref: str) -> Finding | None:
        with Session(self.engine) as session:
            return session.scalar(select(Finding).where(Finding.ref == ref))

    def findings(self) -> list[Finding]:
        with Session(self.engine) as session:
            return list(session.scalars(select(Finding).order_by(Finding.id)))

    def slots(self) -> list[PatrolSlot]:
        with Session(self.engine) as session:
            return list(session.scalars(select(PatrolSlot).order_by(PatrolSlot.due_at, PatrolSlot.id)))
