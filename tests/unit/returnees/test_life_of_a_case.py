"""No sequence of events loses a case, forgets a day or notifies twice."""
# ruff: noqa: PT018  (a reply is looked at as a whole, and shown as a whole where it is not what was expected)

import contextlib
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.scheduler import _write
from handlers.cases import handover, intake, observation, states
from handlers.cases.intake import Origin
from handlers.cases.jobs import Desk, jobs
from handlers.cases.people import Home
from handlers.cases.reconcile import balance
from handlers.cases.settings import Settings
from handlers.cases.states import Act
from handlers.steps import Illegal
from storage import cases as stored
from storage.cases import Cases, Pairs
from storage.crypto import Keyring
from storage.tables import HealthReport, Outbox, RecordRow, Returnee
from storage.tables_cases import CaseEvent
from storage.unit_of_work import UnitOfWork
from tests.support.databases import SqliteFiles

ZONE = ZoneInfo("Asia/Shanghai")
RING = Keyring([bytes(range(32))])
RULES = Settings(purge_days=2, observation_days=3)
UNIT, CHAT, LEAD = "平谷区/金海湖镇", "g1", "lead"
HOME = Home(CHAT, UNIT)
TEMPLATE = TemporaryDirectory()
FILES = SqliteFiles(Path(TEMPLATE.name))
DIRECT = ("put_back", "verify", "fail", "escalate", "vague", "complete", "send", "return", "leave", "hand_over") + (
    "release",
    "end",
    "cancel",
    "reopen",
    "resume",
    "claim",
)


def desk() -> Desk:
    services = {"coordinators": lambda _chat: (LEAD,), "groups": {CHAT: UNIT}, "returnees": RULES}
    return Desk(services, ZONE, lambda: "app", lambda _chat: "hook", lambda text, _channel, _form: [text])


class Life(RuleBasedStateMachine):
    """Anything that people and the clock may do, in any order."""

    @initialize()
    def begin(self) -> None:
        self.exit = contextlib.ExitStack()
        folder = Path(self.exit.enter_context(TemporaryDirectory()))
        self.engine = self.exit.enter_context(FILES.fresh(folder, RING)).engine()
        self.now = datetime(2020, 2, 23, 9, tzinfo=ZONE)
        self.jobs = {job.name: job for job in jobs(desk())}
        self.registered = 0
        self.reported: set[tuple[str, date]] = set()
        self.reports = 0
        self.slots = 0

    def teardown(self) -> None:
        if hasattr(self, "exit"):
            self.exit.close()

    @contextlib.contextmanager
    def work(self):
        with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session)
            yield SimpleNamespace(session=session, uow=uow, act=Act(uow, RULES, self.now, actor="v1", reason="原因"))
            uow.flush()

    def pick(self, session: Session, index: int) -> Returnee | None:
        rows = session.scalars(select(Returnee).order_by(Returnee.id)).all()
        return rows[index % len(rows)] if rows else None

    # -- what people do

    @precondition(lambda self: self.registered < 5)
    @rule(days=st.integers(-2, 3))
    def register(self, days: int) -> None:
        self.registered += 1
        day = (self.now + timedelta(days=days)).date()
        fields = {
            "name": f"王{self.registered}",
            "phone": f"1380000000{self.registered}",
            "arrives_at": day.isoformat(),
        }
        with self.work() as at:
            ref = at.uow.next_ref("R")
            act = Act(at.uow, RULES, self.now, actor="v1", record_ref=ref)
            at.uow.insert(RecordRow, **ledger_row(ref, self.now, fields))
            done = intake.register(Cases(at.session), Pairs(at.session), RING, fields, Origin(CHAT, UNIT, "v1"), act)
            assert done.fresh
            intake.rest_until_arrival(done.case, act)

    @precondition(lambda self: self.registered)
    @rule(index=st.integers(0, 4), action=st.sampled_from(DIRECT))
    def move(self, index: int, action: str) -> None:
        """A step is taken as a whole, or refused with a sentence and nothing has changed."""
        with self.work() as at:
            case = self.pick(at.session, index)
            before = {name: getattr(case, name) for name in ("state", *states.KEPT)}
            changes = {}
            if action in {"verify", "hand_over"} and case.arrives_on:
                changes = {"arrived_on": case.arrives_on}
            if action == "hand_over" and case.arrives_on:
                changes["release_on"] = RULES.release_on(case.arrives_on)
            allowed = case.state in states.MOVES[action].sources
            try:
                states.step(case, action, at.act, changes)
            except Illegal as illegal:
                assert len(illegal.sentence) > len("R1 现在是")  # noqa: PT017  (either way is right)
                assert {name: getattr(case, name) for name in ("state", *states.KEPT)} == before
            else:
                assert allowed

    @precondition(lambda self: self.registered)
    @rule(index=st.integers(0, 4))
    def observe(self, index: int) -> None:
        """The way that most cases go."""
        with self.work() as at:
            case = self.pick(at.session, index)
            arrived = {"arrived_on": case.arrives_on}
            with contextlib.suppress(Illegal):
                states.step(case, "verify", at.act, arrived)
                states.step(case, "hand_over", at.act, {"release_on": RULES.release_on(case.arrives_on)})

    @precondition(lambda self: self.registered)
    @rule(index=st.integers(0, 4), days=st.integers(-2, 3))
    def extend(self, index: int, days: int) -> None:
        with self.work() as at:
            case = self.pick(at.session, index)
            if case.release_on is None:
                return
            with contextlib.suppress(Illegal):
                states.step(case, "extend", at.act, {"release_on": case.release_on + timedelta(days=days)})

    @precondition(lambda self: self.registered)
    @rule(index=st.integers(0, 4))
    def take_back(self, index: int) -> None:
        """The last step undone: the case is as before it."""
        with self.work() as at:
            case = self.pick(at.session, index)
            last = stored.events_of(at.session, case.ref)[-1]
            if last.before is not None and "state" in last.before:
                states.take_back(case, last, at.act)
                assert case.state == last.source

    @precondition(lambda self: self.registered)
    @rule(index=st.integers(0, 4))
    def report(self, index: int) -> None:
        with self.work() as at:
            case = self.pick(at.session, index)
            if case.state == states.OBSERVING:
                self.reports += 1
                at.uow.insert(HealthReport, **health_row(f"H{self.reports}", case.ref, self.now))
                self.reported.add((case.ref, self.now.date()))

    # -- what the clock does

    @rule()
    def next_day(self) -> None:
        tomorrow = (self.now + timedelta(days=1)).replace(hour=0)
        self.now = tomorrow
        self.slot("returnee_midnight", "")
        self.now = tomorrow.replace(hour=9)
        with self.work() as at:
            late = at.session.scalars(select(Returnee).where(Returnee.state.in_(("observing", "suspended")))).all()
            for case in late:
                if case.state == "observing":
                    assert case.release_on > tomorrow.date(), "nobody stays on the list after the last day"
                else:
                    assert case.due_at is not None and case.due_at > tomorrow, "a suspended case comes back"

    @rule(name=st.sampled_from(["returnee_handover_1800", "returnee_health_volunteer", "returnee_health_lead"]))
    def remind(self, name: str) -> None:
        """Each reminder goes out once, to the lead, with exactly those who are missing."""
        hours = {"returnee_handover_1800": 18, "returnee_health_volunteer": 16, "returnee_health_lead": 20}
        slot = self.now.replace(hour=hours[name], minute=self.slots % 60)
        self.slots += 1
        sent = self.slot(name, "" if name == "returnee_health_volunteer" else CHAT, slot)
        if name == "returnee_health_lead":
            missing = self.missing(slot)
            assert len(sent) == (1 if missing else 0)
            assert not sent or all(ref in sent[0] for ref in missing)
        if name == "returnee_handover_1800":
            with self.work() as at:
                assert len([one for one in sent if "当天" in one]) == (
                    1 if handover.open_cases(at.session, HOME) else 0
                )

    def missing(self, slot: datetime) -> list[str]:
        """By hand: observed on this day of theirs, and no report in the set."""
        with self.work() as at:
            rows = at.session.scalars(select(Returnee).where(Returnee.state == "observing")).all()
        day = slot.date()
        due = [row for row in rows if row.arrived_on < day < row.release_on]
        return [row.ref for row in due if (row.ref, day) not in self.reported]

    def slot(self, name: str, target: str, slot: datetime | None = None) -> list[str]:
        """Let a slot be claimed twice: what was sent the first time; nothing the second time."""
        moment = slot or self.now
        counts, sent = [], []
        for _ in range(2):
            with Session(self.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
                _write(session, job=self.jobs[name], chat=target, slot=moment, now=moment)
                texts = session.scalars(select(Outbox.content).where(Outbox.key.contains(moment.isoformat()))).all()
                sent = list(texts)
                counts.append(session.scalar(select(func.count(Outbox.id))))
        assert counts[0] == counts[1], "nothing is sent twice"
        return sent

    # -- what always holds

    @invariant()
    def nobody_is_lost(self) -> None:
        if not hasattr(self, "engine"):
            return
        with self.work() as at:
            found = balance(at.session, self.now.date(), UNIT, now=True)
            assert found.holds, found
            assert found.intake == self.registered
            rows = at.session.scalars(select(Returnee)).all()
            assert Counter(row.state for row in rows) == Counter(found.counts)
            mine = {case.ref for case in handover.open_cases(at.session, HOME)}
            assert mine == {row.ref for row in rows if row.state in states.OURS}
            assert all(row.clock_on is not None for row in rows if row.state in states.OURS), "a clock runs"

    @invariant()
    def every_step_is_written_down(self) -> None:
        if not hasattr(self, "engine"):
            return
        with self.work() as at:
            for row in at.session.scalars(select(Returnee)):
                events = at.session.scalars(
                    select(CaseEvent).where(CaseEvent.ref == row.ref).order_by(CaseEvent.id)
                ).all()
                assert events[0].action == "register"
                assert [event.source for event in events[1:]] == [event.target for event in events[:-1]]

    @invariant()
    def no_day_is_forgotten(self) -> None:
        """On every day of an observation a person has either reported or is on the list of the missing."""
        if not hasattr(self, "engine"):
            return
        evening = self.now.replace(hour=20)
        wanted = set(self.missing(evening))
        with self.work() as at:
            seen = observation.watched(at.session, RULES, evening, HOME)
            assert {case.ref for case in seen.missing} == wanted


def ledger_row(ref: str, now: datetime, fields: dict) -> dict:
    columns = {
        "ref": ref,
        "kind": "returnee",
        "channel": "c",
        "chat": CHAT,
        "unit": UNIT,
        "sender": "v1",
        "reporter": "v",
    }
    return columns | {
        "reported_at": now,
        "day": now.date(),
        "message_key": f"m{ref}",
        "state": "active",
        "fields": fields,
        "history": None,
    }


def health_row(ref: str, about: str, now: datetime) -> dict:
    columns = {"ref": ref, "returnee_ref": about, "chat": CHAT, "unit": UNIT, "day": now.date(), "reported_at": now}
    return columns | {
        "person": None,
        "person_hash": None,
        "details": {},
        "abnormal": False,
        "halves": "am",
        "by_self": False,
        "state": "active",
    }


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
