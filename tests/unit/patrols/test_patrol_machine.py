"""Whatever people say in whatever order, and however time goes by: no finding is lost, no reminder is said twice, and the
books of rounds, findings and figures agree.
"""

import contextlib
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.patrols import states
from storage import daily_read, patrols
from storage.crypto import Keyring
from storage.tables import RecordRow
from storage.tables_patrols import Finding
from tests.support.databases import SqliteFiles
from tests.support.patrol_books import UNIT, ZONE, Books

RING = Keyring([bytes(range(32))])
TEMPLATE = TemporaryDirectory()
FILES = SqliteFiles(Path(TEMPLATE.name))
START = datetime(2020, 2, 23, 21, 50, tzinfo=ZONE)
WHO = st.sampled_from(["chen", "sun", "lead", "boss"])
STEPS = {
    "指派 {ref} 孙晓雨": "assign",
    "{ref} 已整改 换了新的": "fix",
    "{ref} 复查通过": "pass",
    "{ref} 复查不通过 还是不行": "fail",
    "{ref} 重开 又坏了": "reopen",
}
FINDINGS = ("灯坏了", "灭火器过期，登记本缺1页", "炉子漏烟，已通风")
NUMBER = {"灯坏了": 1, "灭火器过期，登记本缺1页": 2, "炉子漏烟，已通风": 1}


class Night(RuleBasedStateMachine):
    """A village group with rounds every two hours."""

    @initialize()
    def begin(self) -> None:
        self.exit = contextlib.ExitStack()
        folder = Path(self.exit.enter_context(TemporaryDirectory()))
        self.books = Books(self.exit.enter_context(FILES.fresh(folder, RING)).engine(), START)
        self.books.say("lead", "巡查 每2小时 22:00-6:00 红石坎村卡口")
        self.books.say("chen", "到岗 红石坎村卡口")
        self.states: dict[str, str] = {}
        self.rounds = 0

    def teardown(self) -> None:
        if hasattr(self, "exit"):
            self.exit.close()

    # -- what people say

    @rule(who=WHO)
    def walk(self, who: str) -> None:
        self.rounds += self.books.say(who, "巡查 红石坎村卡口 正常").startswith("📝")

    @rule(who=WHO, what=st.sampled_from(FINDINGS))
    def find(self, who: str, what: str) -> None:
        answer = self.books.say(who, f"巡查 红石坎村卡口 {what}")
        refs = re.findall(r"^⚠️ (P\d+)", answer, re.MULTILINE)
        assert len(refs) == NUMBER[what], "each has a number in the answer"
        self.states |= dict.fromkeys(refs, states.FIXED if "已整改，等复查" in answer else states.OPEN)
        self.rounds += 1

    @precondition(lambda self: self.states)
    @rule(who=WHO, index=st.integers(0, 20), words=st.sampled_from(sorted(STEPS)), alone=st.booleans())
    def step(self, who: str, index: int, words: str, *, alone: bool) -> None:
        """Taken as the table says, or refused with a sentence, and then nothing has changed."""
        ref = sorted(self.states)[index % len(self.states)]
        before = self.books.finding(ref)
        assert before is not None
        answer = self.books.say(who, words.format(ref=ref), alone=alone)
        after = self.books.finding(ref)
        assert after is not None
        move = states.MOVES[STEPS[words]]
        assert len(answer) > len(ref)
        if after.state != before.state or answer[0] in "🔧✅↩":
            assert before.state in move.sources
            assert after.state == (move.target or (states.ASSIGNED if after.assignee else states.OPEN))
        self.states[ref] = after.state

    @precondition(lambda self: self.states)
    @rule(index=st.integers(0, 20))
    def take_back(self, index: int) -> None:
        ref = sorted(self.states)[index % len(self.states)]
        with Session(self.books.engine) as session:
            had_round = ref in patrols.rounds_by_ref(session, [ref])
        closed = self.states[ref] in {states.CLOSED, states.UNDONE}
        answer = self.books.say("boss", f"撤回 {ref}")
        assert ("已撤回" in answer) is not closed
        if not closed:
            self.states[ref] = states.UNDONE
            self.rounds -= had_round

    # -- what the clock does

    @rule(minutes=st.sampled_from([5, 10, 30, 60, 120]))
    def time_goes_by(self, minutes: int) -> None:
        self.books.until(self.books.now + timedelta(minutes=minutes))

    @rule(hours=st.sampled_from([1, 3, 9]))
    def the_bot_is_off(self, hours: int) -> None:
        self.books.now += timedelta(hours=hours)
        self.books.look()

    # -- what must hold

    @invariant()
    def no_finding_is_lost(self) -> None:
        assert {one.ref: one.state for one in self.books.findings()} == self.states
        listed = self.books.say("lead", "/问题")
        shown = Counter(re.findall(r"^- (P\d+) ", listed, re.MULTILINE))
        waiting = [ref for ref, state in self.states.items() if state in states.WAITING]
        assert shown == Counter(waiting)
        with Session(self.books.engine) as session:
            refs = session.scalars(select(RecordRow.ref).where(RecordRow.kind == "patrol", RecordRow.state == "active"))
            assert {ref for ref, state in self.states.items() if state != states.UNDONE} <= set(refs)

    @invariant()
    def nothing_is_said_twice(self) -> None:
        reminded = Counter(re.findall(r"🔦 红石坎村卡口 (\S+) 这一轮", "\n".join(self.books.posted)))
        due = [slot for slot in self.books.slots() if slot.reminded_at]
        assert sum(reminded.values()) == len(due)
        for user in ("lead", "boss"):
            told = [text for who, text in self.books.told if who == user and text.startswith("📌")]
            rounds_told = sum(max(1, text.count("\n- ")) for text in told)
            assert rounds_told == sum(slot.alerted_at is not None for slot in self.books.slots())

    @invariant()
    def rounds_and_figures_agree(self) -> None:
        slots = self.books.slots()
        refs = [slot.round_ref for slot in slots if slot.round_ref]
        assert len(refs) == len(set(refs)), "a round closes one due round"
        assert all((slot.state == "done") is (slot.round_ref is not None) for slot in slots)
        with Session(self.books.engine) as session, session.begin():
            figures = daily_read.read(session, UNIT, START.date(), START.date() + timedelta(days=30))
            days = [state for state in session.scalars(select(Finding.state)) if state != states.UNDONE]
        assert figures.value("round") == self.rounds
        assert figures.value("round|done") == len(refs)
        assert figures.value("finding") == len(days)
        assert figures.value("finding|fixed") == sum(state in {states.FIXED, states.CLOSED} for state in days)
        assert figures.value("finding|closed") == days.count(states.CLOSED)


TestNight = Night.TestCase
TestNight.settings = settings(
    max_examples=10, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
