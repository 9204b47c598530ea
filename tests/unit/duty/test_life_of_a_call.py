"""A call as people sign up for it, through the handlers and the database, against a list on paper.

First come, first served: companions who are added later queue behind those who had signed up by then; quota and reserve
are all who have signed up; nobody moves up past somebody who came before; 撤回 right after a message leaves the list as
it was, also that of a withdrawal.
"""

import contextlib
import os
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy.orm import Session

from handlers import call_lists
from storage import callups
from storage.tables import Inbox
from storage.tables_duty import CallUp
from tests.support.databases import SqliteFiles
from tests.support.duty_books import PEOPLE, ZONE, DutyBooks
from tests.support.rings import RING

TEMPLATE = TemporaryDirectory()
FILES = SqliteFiles(Path(TEMPLATE.name))
START = datetime(2020, 2, 23, 18, 0, tzinfo=ZONE)
EXPLORING = os.environ.get("KAKOU_PROPERTIES") == "explore"
WHO = st.sampled_from(sorted(PEOPLE))


@dataclass
class Paper:
    """The list as a captain would keep it: one line for each time that heads were added."""

    needed: int = 4
    lines: list[list] = field(default_factory=list)
    """[name, heads] in order."""

    def heads(self, name: str) -> int:
        return sum(heads for person, heads in self.lines if person == name)

    def bring(self, name: str, heads: int) -> None:
        """So many in all: new ones go to the end, of fewer the last ones go."""
        more = heads - self.heads(name)
        if more > 0:
            self.lines.append([name, more])
        for line in reversed(self.lines):
            if line[0] == name and more < 0:
                less = min(line[1], -more)
                line[1] -= less
                more += less
        self.lines = [line for line in self.lines if line[1]]

    def leave(self, name: str) -> None:
        self.lines = [line for line in self.lines if line[0] != name]

    @property
    def order(self) -> list[str]:
        """One name for each head."""
        return [name for name, heads in self.lines for _ in range(heads)]


class Call(RuleBasedStateMachine):
    """One call in a village group."""

    @initialize(needed=st.integers(2, 6))
    def begin(self, needed: int) -> None:
        self.exit = contextlib.ExitStack()
        folder = Path(self.exit.enter_context(TemporaryDirectory()))
        self.books = DutyBooks(self.exit.enter_context(FILES.fresh(folder, RING)).engine(), START)
        assert "招募" in self.books.say("lead", f"招募 孙河乡 {needed}人 明天9点前到 核酸辅助")
        self.paper = Paper(needed)
        self.said: list = []

    def teardown(self) -> None:
        if hasattr(self, "exit"):
            self.exit.close()

    def say(self, who: str, text: str) -> str:
        message = self.books.message(who, text)
        self.said.append(message)
        return self.books.deliver([message])[0].reply or ""

    # -- what people say

    @rule(who=WHO)
    def sign_up(self, who: str) -> None:
        self.say(who, "报名")
        self.paper.bring(PEOPLE[who], max(1, self.paper.heads(PEOPLE[who])))

    @rule(who=WHO, other=WHO, more=st.integers(1, 3))
    def sign_up_with_others(self, who: str, other: str, more: int) -> None:
        self.say(who, f"{PEOPLE[other]}+{more}")
        self.paper.bring(PEOPLE[other], 1 + more)

    @rule(who=WHO, one=WHO, other=WHO)
    def sign_others_up(self, who: str, one: str, other: str) -> None:
        self.say(who, f"{PEOPLE[one]}、{PEOPLE[other]}报名")
        for name in (PEOPLE[one], PEOPLE[other]):
            self.paper.bring(name, max(1, self.paper.heads(name)))

    @rule(batch=st.lists(WHO, min_size=2, max_size=5))
    def sign_up_at_once(self, batch: list[str]) -> None:
        """Messages that share a transaction keep their order."""
        self.books.deliver([self.books.message(who, "报名") for who in batch])
        for who in batch:
            self.paper.bring(PEOPLE[who], max(1, self.paper.heads(PEOPLE[who])))

    @rule(who=WHO)
    def leave(self, who: str) -> None:
        before = self.paper.order[: self.paper.needed]
        said = self.say(who, "退出报名")
        on_list = self.paper.heads(PEOPLE[who])
        self.paper.leave(PEOPLE[who])
        new = dict.fromkeys(self.paper.order[: self.paper.needed])
        up = [name for name in new if self.paper.order[: self.paper.needed].count(name) > before.count(name)]
        assert ("已退出" in said) is bool(on_list)
        told = re.search(r"谢谢告知。(.+) 递补入选", said)
        said_up = dict.fromkeys(name.removesuffix("带的人") for name in told[1].split("、")) if told else {}
        assert sorted(said_up) == sorted(up), "the next in order move up, and it is said who"

    @rule(number=st.integers(1, 8))
    def change_quota(self, number: int) -> None:
        self.say("lead", f"Z1 名额 {number}人")
        self.paper.needed = number

    @rule(poster=WHO, who=st.lists(WHO, min_size=1, max_size=4, unique=True), more=st.integers(0, 2))
    def solitaire(self, poster: str, who: list[str], more: int) -> None:
        """A list of its own: lines count in their order."""
        title = f"核酸支援报名{len(self.said)}"
        plus = {who[0]: f"+{more}"} if more else {}
        lines = [f"{number}. {PEOPLE[one]}{plus.get(one, '')}" for number, one in enumerate(who, 1)]
        self.say(poster, "\n".join(["#接龙", title, *lines]))
        for one in who:
            name = PEOPLE[one]
            self.paper.bring(name, 1 + (more if one in plus else 0))

    @precondition(lambda self: self.paper.lines)
    @rule(index=st.integers(0, 20), words=st.sampled_from(["退出报名", "报名", "{name}+2", "{name}+1", "报名 有车"]))
    def say_and_take_back(self, index: int, words: str) -> None:
        """撤回 right after a message leaves the list as it was."""
        name = self.paper.lines[index % len(self.paper.lines)][0]
        who = next(user for user, known in PEOPLE.items() if known == name)
        before, refs = self.books.shown(), self.books.active_refs()
        self.say(who, words.format(name=name))
        if self.books.active_refs() - refs:
            assert "已撤回" in self.say(who, "撤回")
        assert self.books.shown() == before

    @precondition(lambda self: self.said)
    @rule(index=st.integers(0, 100))
    def deliver_again(self, index: int) -> None:
        assert self.books.deliver([self.said[index % len(self.said)]])[0].duplicate

    @rule(minutes=st.sampled_from([5, 15, 60]))
    def time_goes_by(self, minutes: int) -> None:
        self.books.clock.forward(timedelta(minutes=minutes))
        self.books.look()

    # -- what must hold

    @invariant()
    def the_list_is_that_on_paper(self) -> None:
        if not hasattr(self, "books"):
            return
        assert not self.books.rows(Inbox, Inbox.state == "failed")
        with Session(self.books.engine) as session:
            call = session.get(CallUp, 1)
            assert call is not None
            found = call_lists.of(call, callups.sign_ups(session, call.id))
            placed = [row.person for row, seat in found.going for _ in range(seat.placed)]
            waiting = [row.person for row, seat in found.reserve for _ in range(seat.waiting)]
        assert placed + waiting == self.paper.order
        assert len(placed) == min(self.paper.needed, len(self.paper.order)) == found.placed
        assert found.count == len(self.paper.order)


TestCall = Call.TestCase
TestCall.settings = settings(
    max_examples=200 if EXPLORING else 12,
    stateful_step_count=40 if EXPLORING else 25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
