"""Duty and calls under whatever order of events: late, twice, corrected, taken back.

What must hold after each step: no hours below zero, nobody's time counted twice, quota and reserve partition the heads
of those who signed up, and places go first come, first served.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from handlers import hours, periods, seats, spans
from handlers.duty_rules import DutyRules
from storage.tables import Duty
from storage.tables_duty import SignUp

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2020, 2, 23, 0, 0, tzinfo=ZONE)
RULES = DutyRules()
PEOPLE = st.sampled_from(["张三", "李四", "王五"])
POSTS = st.sampled_from(["", "东门", "西门", "红石坎村卡口东门"])
MINUTES = st.integers(0, 3 * 24 * 12).map(lambda n: n * 5)


class DutyMachine(RuleBasedStateMachine):
    """Check-ins and check-outs as they come, to the rows that the handlers keep."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, list[Duty]] = {"张三": [], "李四": [], "王五": []}
        self.refs = 0

    def _ref(self) -> str:
        self.refs += 1
        return f"C{self.refs}"

    def _known(self, person: str) -> list[Duty]:
        live = [row for row in self.rows[person] if row.state != "undone"]
        return sorted(live, key=lambda row: (row.starts_at or row.ends_at or START).timestamp())

    def _new(self, post: str) -> Duty:
        return Duty(
            chat="g",
            unit="",
            person="",
            post=post,
            shift="",
            duty="",
            unnamed=0,
            state="open",
            approval="",
            confirmed_by="",
        )

    @rule(
        person=PEOPLE,
        post=POSTS,
        minute=MINUTES,
        stated=st.booleans(),
        length=st.one_of(st.none(), st.integers(1, 288)),
    )
    def arrive(self, *, person: str, post: str, minute: int, stated: bool, length: int | None) -> None:
        at = START + timedelta(minutes=minute)
        starts = at - timedelta(hours=1) if stated else at
        new, ref = self._new(post), self._ref()
        new.in_ref, new.starts_at, new.day = ref, starts, starts.date()
        ends = starts + timedelta(minutes=5 * length) if length else None
        new.planned_end = ends
        if ends is not None and ends <= at:
            periods.close(new, ends, ref, RULES)
        if periods.arrive(self._known(person), new, at, RULES).how == "new":
            self.rows[person].append(new)

    @rule(person=PEOPLE, post=POSTS, minute=MINUTES)
    def arrive_twice(self, person: str, post: str, minute: int) -> None:
        before = len(self.rows[person])
        for _ in range(2):
            self.arrive(person=person, post=post, minute=minute, stated=False, length=None)
        assert len(self.rows[person]) <= before + 1, "the same report twice makes one period at most"

    @rule(person=PEOPLE, post=POSTS, minute=MINUTES, told=st.booleans())
    def depart(self, *, person: str, post: str, minute: int, told: bool) -> None:
        ends, ref = START + timedelta(minutes=minute), self._ref()
        found = periods.depart(self._known(person), post, ends, told=told, rules=RULES)
        if found.how == "repeated":
            return
        period = found.period
        if period is None:
            period = self._new(post)
            period.in_ref, period.day = None, ends.date()
            self.rows[person].append(period)
        periods.close(period, ends, ref, RULES)

    @rule(person=PEOPLE, minute=MINUTES, which=st.integers(0, 20))
    def correct_end(self, person: str, minute: int, which: int) -> None:
        closed = [row for row in self._known(person) if row.state == "closed"]
        if closed:
            row = closed[which % len(closed)]
            periods.close(row, START + timedelta(minutes=minute), row.out_ref, RULES)

    @rule(person=PEOPLE, which=st.integers(0, 20))
    def undo(self, person: str, which: int) -> None:
        known = self._known(person)
        if known:
            row = known[which % len(known)]
            for other in known:
                if other is not row and other.out_ref is not None and other.out_ref == row.in_ref:
                    other.out_ref, other.state, other.ends_at, other.hours = None, "open", None, None
            row.state = "undone"

    @rule(person=PEOPLE, which=st.integers(0, 20))
    def forget(self, person: str, which: int) -> None:
        waiting = [row for row in self._known(person) if row.state == "open"]
        if waiting:
            waiting[which % len(waiting)].state = "unreported"

    @invariant()
    def hours_are_sound(self) -> None:
        for person in self.rows:
            known = self._known(person)
            for row in known:
                assert row.hours is None or row.hours > 0, "hours are never negative"
                assert row.state != "unreported" or row.hours is None, "nor invented"
                if row.hours is not None:
                    assert row.starts_at is not None
                    assert row.ends_at is not None
                    assert row.ends_at - row.starts_at <= RULES.longest
            counted = [(r.starts_at, r.ends_at) for r in known if r.hours is not None]
            account = hours.account(known, ZONE, RULES.night)
            once = spans.length(counted) / timedelta(hours=1)
            assert abs(account.total - once) <= 0.06 * max(1, len(counted)), "no time is counted twice"
            assert 0 <= account.night <= account.total + 0.1

    @invariant()
    def one_place_at_a_time(self) -> None:
        for person in self.rows:
            begun = [row.starts_at for row in self._known(person) if row.state == "open" and row.starts_at]
            assert len(begun) == len(set(begun)), "two open periods do not begin at once"


class CallMachine(RuleBasedStateMachine):
    """Sign-ups, withdrawals and changes of the quota."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[SignUp] = []
        self.needed = 5

    @rule(extra=st.integers(0, 4))
    def sign_up(self, extra: int) -> None:
        before = seats.seats(self.rows, self.needed)
        self.rows.append(SignUp(person=f"p{len(self.rows)}", extra=extra, state="active"))
        after = seats.seats(self.rows, self.needed)
        assert after[:-1] == before, "whoever comes later takes nothing away"

    @rule(which=st.integers(0, 50), word=st.sampled_from(["withdrawn", "undone"]))
    def withdraw(self, which: int, word: str) -> None:
        if self.rows:
            before = seats.seats(self.rows, self.needed)
            self.rows[which % len(self.rows)].state = word
            after = seats.seats(self.rows, self.needed)
            up = seats.promoted(before, after)
            waited = [i for i, seat in enumerate(before) if seat.waiting and self.rows[i].state == "active"]
            assert up == waited[: len(up)], "the next in order move up"

    @rule(needed=st.integers(1, 20))
    def change_quota(self, needed: int) -> None:
        self.needed = needed

    @invariant()
    def quota_and_reserve_are_all(self) -> None:
        found = seats.seats(self.rows, self.needed)
        total = sum(seats.heads(row) for row in self.rows if row.state == "active")
        assert sum(s.placed for s in found) == min(total, self.needed)
        assert sum(s.placed + s.waiting for s in found) == total == seats.count(self.rows)
        full = [bool(s.waiting) for s, row in zip(found, self.rows, strict=True) if row.state == "active"]
        assert full == sorted(full), "nobody has a place while somebody before them waits"


RUNS = settings(max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
TestDuty = DutyMachine.TestCase
TestDuty.settings = RUNS
TestCalls = CallMachine.TestCase
TestCalls.settings = RUNS
