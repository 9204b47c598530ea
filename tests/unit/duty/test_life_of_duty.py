"""Duty as people report it, through the handlers and the database: late, twice, out of order, corrected, taken back.

What must hold whatever they say: no hours below zero and nobody's time counted twice; what the digest adds up is what
the lists show; no period lives on a record that was taken back; 撤回 right after a message leaves things as they were;
a message that is delivered again changes nothing; the aggregates are those of the records.
"""

import contextlib
import os
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.orm import Session

from handlers import hours, spans
from storage import daily_read, report_lists
from storage.records import Scope
from storage.tables import Duty, Inbox
from tests.support.databases import SqliteFiles
from tests.support.duty_books import PEOPLE, RULES, UNIT, ZONE, DutyBooks
from tests.support.rings import RING

TEMPLATE = TemporaryDirectory()
FILES = SqliteFiles(Path(TEMPLATE.name))
START = datetime(2020, 2, 23, 18, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)
EXPLORING = os.environ.get("KAKOU_PROPERTIES") == "explore"
WHO = st.sampled_from(["chen", "sun", "ma", "lead"])
POST = st.sampled_from(["东门", "西门", "红石坎村卡口东门", ""])
CLOCK = st.integers(0, 47).map(lambda half: f"{half // 2}:{'30' if half % 2 else '00'}")
LATE = st.sampled_from([0, 0, 0, 0, 5, 40, 300, 900])
"""Minutes by which a message comes after it was written."""


class Books(RuleBasedStateMachine):
    """A village group."""

    @initialize()
    def begin(self) -> None:
        self.exit = contextlib.ExitStack()
        folder = Path(self.exit.enter_context(TemporaryDirectory()))
        self.books = DutyBooks(self.exit.enter_context(FILES.fresh(folder, RING)).engine(), START)
        self.delivered: list[Any] = []
        self.waiting: list[Any] = []
        self.list: dict[str, str] = {}
        self.looked = 0

    def teardown(self) -> None:
        if hasattr(self, "exit"):
            self.exit.close()

    def send(self, who: str, text: str, late: int = 0, *, wait: bool = False) -> None:
        """A message, alone or in one batch with what waits."""
        sent = self.books.now - timedelta(minutes=late)
        self.waiting.append(self.books.message(who, text, sent))
        if not wait or len(self.waiting) >= 4:
            self.deliver()

    def deliver(self) -> None:
        if self.waiting:
            self.books.deliver(self.waiting)
            self.delivered += self.waiting
            self.waiting = []

    # -- what people report

    @rule(who=WHO, post=POST, late=LATE, wait=st.booleans())
    def arrive(self, who: str, post: str, late: int, *, wait: bool) -> None:
        self.send(who, f"到岗 {post}", late, wait=wait)

    @rule(who=WHO, post=POST, clock=CLOCK, wait=st.booleans())
    def arrive_at(self, who: str, post: str, clock: str, *, wait: bool) -> None:
        self.send(who, f"到岗 {post} {clock}", wait=wait)

    @rule(who=WHO, post=POST, start=CLOCK, end=CLOCK, late=LATE)
    def arrive_until(self, who: str, post: str, start: str, end: str, late: int) -> None:
        self.send(who, f"到岗 {post} {start}-{end}", late)

    @rule(who=WHO, other=WHO, post=POST, number=st.integers(2, 5))
    def arrive_together(self, who: str, other: str, post: str, number: int) -> None:
        self.send(who, f"到岗 {post} {PEOPLE[who]} {PEOPLE[other]} 共{number}人")

    @rule(who=WHO, post=POST, late=LATE, wait=st.booleans())
    def leave(self, who: str, post: str, late: int, *, wait: bool) -> None:
        self.send(who, f"离岗 {post}", late, wait=wait)

    @rule(who=WHO, post=POST, clock=CLOCK)
    def leave_at(self, who: str, post: str, clock: str) -> None:
        self.send(who, f"离岗 {post} {clock}")

    @rule(who=WHO, number=st.integers(1, 12))
    def leave_with_hours(self, who: str, number: int) -> None:
        self.send(who, f"离岗 共{number}小时")

    @rule(who=WHO, other=WHO, post=POST, word=st.sampled_from(["到岗", "离岗"]))
    def speak_for_another(self, who: str, other: str, post: str, word: str) -> None:
        self.send(who, f"代{PEOPLE[other]}{word} {post}")

    @rule(who=WHO, other=WHO)
    def hand_over(self, who: str, other: str) -> None:
        self.send(who, f"接{PEOPLE[other]}的班")

    @rule(who=WHO, post=POST, start=CLOCK, end=CLOCK)
    def report_afterwards(self, who: str, post: str, start: str, end: str) -> None:
        self.send(who, f"补签 昨天 {start}-{end} {post}")

    @rule(which=st.integers(0, 5), word=st.sampled_from(["同意", "不同意"]))
    def approve(self, which: int, word: str) -> None:
        self.deliver()
        pending = [row for row in self.books.rows(Duty, Duty.state != "undone") if row.approval == "pending"]
        if pending:
            row = pending[which % len(pending)]
            self.send("boss", f"{word} {row.in_ref or row.out_ref}")

    @rule(who=WHO, poster=WHO, post=st.sampled_from(["东门", "西门"]), clock=CLOCK, lose=st.booleans())
    def solitaire(self, who: str, poster: str, post: str, clock: str, *, lose: bool) -> None:
        """The whole list again, with one line more or another one; somebody's repost may lose a line."""
        self.list[PEOPLE[who]] = f"{post} {clock}"
        shown = dict(self.list)
        if lose:
            shown.pop(next(iter(shown)))
        lines = "\n".join(f"{number}. {name} {words}" for number, (name, words) in enumerate(shown.items(), 1))
        if lines:
            self.send(poster, f"#接龙\n红石坎村卡口值守签到\n{lines}")

    @rule(which=st.integers(0, 30), clock=CLOCK, what=st.sampled_from(["开始时间改为", "结束时间改为"]))
    def correct_time(self, which: int, clock: str, what: str) -> None:
        if ref := self.some_ref(which):
            self.send("boss", f"更正 {ref} {what}{clock}")

    @rule(
        which=st.integers(0, 30),
        value=st.sampled_from(["点位改为北门", "人员改为马志强", "人数改为4人", "时长改为3小时"]),
    )
    def correct(self, which: int, value: str) -> None:
        if ref := self.some_ref(which):
            self.send("boss", f"更正 {ref} {value}")

    @rule(which=st.integers(0, 30))
    def take_back(self, which: int) -> None:
        if ref := self.some_ref(which):
            self.send("boss", f"撤回 {ref}")

    def some_ref(self, which: int) -> str:
        self.deliver()
        refs = sorted(ref for ref in self.books.active_refs() if ref.startswith("C"))
        return refs[which % len(refs)] if refs else ""

    @rule(
        who=WHO,
        post=POST,
        clock=CLOCK,
        words=st.sampled_from(
            ["到岗 {post}", "离岗 {post}", "到岗 {post} {clock}", "离岗 {post} {clock}", "代孙晓雨到岗 {post}"]
        ),
    )
    def say_and_take_back(self, who: str, post: str, clock: str, words: str) -> None:
        """撤回 right after a message leaves everything as it was."""
        self.deliver()
        before, refs = self.books.shown(), self.books.active_refs()
        self.books.say(who, words.format(post=post, clock=clock))
        if new := [ref for ref in self.books.active_refs() - refs if ref.startswith("C")]:
            assert "已撤回" in self.books.say(who, f"撤回 {new[0]}")
        assert self.books.shown() == before

    @precondition(lambda self: self.delivered)
    @rule(which=st.integers(0, 100))
    def deliver_again(self, which: int) -> None:
        self.deliver()
        before = self.books.shown()
        again = self.delivered[which % len(self.delivered)]
        assert self.books.deliver([again, again])[0].duplicate
        assert self.books.shown() == before

    @rule(who=WHO)
    def confirm(self, who: str) -> None:
        self.send(who, "确认工时")

    # -- what the clock does

    @rule(minutes=st.sampled_from([5, 30, 90, 240, 480, 900]))
    def time_goes_by(self, minutes: int) -> None:
        self.deliver()
        self.books.clock.forward(timedelta(minutes=minutes))
        self.books.look()

    # -- what must hold

    def settled(self) -> bool:
        return hasattr(self, "books") and not self.waiting

    @invariant()
    def nothing_failed(self) -> None:
        if self.settled():
            assert not [row.error for row in self.books.rows(Inbox, Inbox.state == "failed")]

    @invariant()
    def periods_are_sound(self) -> None:
        if not self.settled():
            return
        active = self.books.active_refs()
        begun: dict[str, list[datetime]] = defaultdict(list)
        for row in self.books.rows(Duty, Duty.state != "undone"):
            assert {row.in_ref, row.out_ref} - {None} <= active, "a period hangs on records that hold"
            assert row.in_ref or row.out_ref
            assert row.hours is None or row.hours > 0, "hours are never negative"
            assert row.state == "closed" or row.hours is None, "nor invented"
            assert (row.state == "closed") is (row.ends_at is not None or row.hours is not None)
            if row.state == "open" and row.starts_at is not None:
                begun[row.person].append(row.starts_at)
        for person, starts in begun.items():
            assert len(starts) == len(set(starts)), f"{person} has two open periods that began at once"

    @invariant()
    def no_time_counts_twice(self) -> None:
        if not self.settled():
            return
        mine: dict[str, list[Duty]] = defaultdict(list)
        for row in self.books.rows(Duty, Duty.state == "closed", Duty.approval != "pending"):
            if row.hours is not None:
                mine[row.person].append(row)
        for rows in mine.values():
            account = hours.account(rows, ZONE, RULES.night)
            timed = [row for row in rows if row.starts_at and row.ends_at and row.ends_at > row.starts_at]
            stated = sum(row.hours for row in rows if row not in timed)
            more = sum(max(0.0, row.hours - (row.ends_at - row.starts_at) / HOUR) for row in timed)
            once = spans.length((row.starts_at, row.ends_at) for row in timed) / HOUR
            assert account.total <= once + stated + more + 0.06 * len(rows) + 0.06
            assert 0 <= account.night <= account.total + 0.1
            assert account.total <= sum(row.hours for row in rows) + 0.06

    @invariant()
    def figures_are_those_of_the_lists(self) -> None:
        if not self.settled():
            return
        self.looked += 1
        if self.looked % 6:
            return  # the doctor's look is dear
        assert self.books.differences() == []
        listed = self.books.rows(Duty, Duty.state != "undone")
        with Session(self.books.engine) as session:
            seen = daily_read.read(session, UNIT, date(2020, 1, 1), date(2020, 12, 31)).duty
            twice = report_lists.told_twice(session, Scope(unit=UNIT))
        assert abs(seen.hours - sum((row.hours or 0.0) - twice.get(row.id, 0.0) for row in listed)) < 1e-6
        assert seen.participations == len(listed) + sum(row.unnamed for row in listed)
        assert seen.open == sum(row.state == "open" for row in listed)


TestDuty = Books.TestCase
TestDuty.settings = settings(
    max_examples=200 if EXPLORING else 12,
    stateful_step_count=40 if EXPLORING else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
