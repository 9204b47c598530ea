"""A group's books behind the real way of a message (known keys, reading, facts, handlers, flush), without transport."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot.channels.base import Incoming
from bot.clock import MovableClock
from bot.dispatch import Dispatcher
from bot.effects import Addressing, Decider, Outcome
from bot.router import Routes
from bot.scheduler import Part
from handlers.duty_rules import DutyRules
from handlers.features import ROUTERS
from handlers.intake import Intake
from handlers.patrols.settings import PatrolRules
from handlers.watch import Desk, Watch
from storage import daily, daily_check
from storage.chats import learn
from storage.daily_count import Cell
from storage.tables import Duty, Outbox, RecordRow
from storage.tables_duty import CallUp, SignUp
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
CHAT, UNIT = "wrVillage", "平谷区/金海湖镇/红石坎村"
OTHER, DISTRICT = "wrOther", "wrDistrict"
UNITS = {CHAT: UNIT, OTHER: "平谷区/金海湖镇/将军关村", DISTRICT: "平谷区"}
PEOPLE = {"chen": "陈建国", "sun": "孙晓雨", "ma": "马志强", "lead": "刘桂英", "boss": "赵明华"}
IN_CHARGE = ("lead", "boss")
RULES = DutyRules()


def _coordinators(chat: str) -> tuple[str, ...]:
    return IN_CHARGE if chat in UNITS else ()


ADDRESSING = Addressing(
    passive_bytes=lambda _channel: 20_000,
    answer_channel=lambda _incoming: "hook",
    notice_channel=lambda _incoming, _notice: "app",
    failed_answer="failed",
    split=lambda text, _channel, _form: [text],
)
DESK = Desk(RULES, lambda _chat: "hook", lambda: "app", _coordinators, UNITS, lambda text, _c, _f: [text])


@dataclass(slots=True)
class Shown:
    """What the books hold, as plain values: periods and sign-ups by id."""

    periods: dict[int, tuple[object, ...]]
    sign_ups: dict[int, tuple[object, ...]]
    calls: dict[int, tuple[object, ...]]


class DutyBooks:
    """Each call of `deliver` is one batch: one transaction, as in the service."""

    def __init__(self, engine: Engine, start: datetime) -> None:
        self.engine = engine
        self.clock = MovableClock(start)
        self._number = 0
        services = {"coordinators": _coordinators, "groups": UNITS, "duty": RULES, "patrols": PatrolRules()}
        intake = Intake(UNITS, PEOPLE, lambda _channel: ("小站",))
        self._dispatcher = Dispatcher(Routes(ROUTERS), intake, services)
        with Session(engine) as session, session.begin():
            learn(session, PEOPLE, "config", start)

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def message(self, who: str, text: str, sent: datetime | None = None, chat: str = CHAT) -> Incoming:
        """A message to the bot in a group, or alone (`chat` is the writer), written now or at another time."""
        self._number += 1
        words = text if text.startswith("#") or chat == who else f"@小站 {text}"
        key = f"main|{who}|{self._number}"
        plain = {
            "chat_type": "single" if chat == who else "group",
            "kind": "text",
            "raw": b"{}",
            "arrived_at": self.now,
        }
        return Incoming("main", key, chat, sender=who, text=words, sent_at=sent or self.now, **plain)  # type: ignore[arg-type]

    def deliver(self, batch: Sequence[Incoming]) -> list[Outcome]:
        """A batch as the inbox has it decided; a handler that raises is the test's failure."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            return Decider(session, self._dispatcher, ADDRESSING, self.clock).run(batch, {})

    def say(self, who: str, text: str, sent: datetime | None = None, chat: str = CHAT) -> str:
        """One message; its answer."""
        return self.deliver([self.message(who, text, sent, chat)])[0].reply or ""

    def look(self) -> list[Part]:
        """What the watch does and says now."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session)
            found = Watch(DESK, uow, self.now).parts()
            uow.flush()
        return found

    def rows(self, table: type, *where: object) -> list:
        """Rows in the order in which they were written."""
        with Session(self.engine) as session:
            return list(session.scalars(select(table).where(*where).order_by(table.id)))  # type: ignore[arg-type, attr-defined]

    def shown(self) -> Shown:
        """Everything of duty and calls that a person can see."""
        periods = {
            row.id: (row.person, row.post, row.starts_at, row.ends_at, row.hours, row.unnamed, row.state, row.approval)
            for row in self.rows(Duty, Duty.state != "undone")
        }
        sign_ups = {
            row.id: (row.call_up_id, row.person, row.extra, row.vehicle)
            for row in self.rows(SignUp, SignUp.state == "active")
        }
        calls = {row.id: (row.needed, row.place, row.starts_at) for row in self.rows(CallUp, CallUp.state != "undone")}
        return Shown(periods, sign_ups, calls)

    def active_refs(self) -> set[str]:
        """References of the records that hold."""
        return {row.ref for row in self.rows(RecordRow, RecordRow.state == "active")}

    def told(self, user: str) -> list[str]:
        """What one person was told alone."""
        return [row.content for row in self.rows(Outbox, Outbox.chat == user)]

    def differences(self) -> list[Cell]:
        """Where the daily aggregates are not what the records give: what `kakou doctor` looks for."""
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            daily.catch_up(session)
            return daily_check.differences(session)
