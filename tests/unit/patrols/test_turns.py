"""When rounds are due, and which one a round is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.patrols import turns

ZONE = ZoneInfo("Asia/Shanghai")
DAY = 1440


@dataclass(frozen=True)
class Plan:
    every: int
    starts: int
    ends: int


@dataclass(frozen=True)
class Made:
    at: datetime
    number: int


NIGHTLY = Plan(120, 1320, 1800)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


def test_a_night_of_two_hours() -> None:
    due = list(turns.due(NIGHTLY, at(23, 12), at(24, 12), ZONE))
    assert [one.at for one in due] == [at(23, 22), at(24, 0), at(24, 2), at(24, 4), at(24, 6)]
    assert {one.turn for one in due} == {at(23, 0).date()}
    assert [one.number for one in due] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (at(23, 21, 29), None),
        (at(23, 21, 30), at(23, 22)),
        (at(23, 23, 29), at(23, 22)),
        (at(23, 23, 30), at(24, 0)),
        (at(24, 2, 10), at(24, 2)),
        (at(24, 7, 29), at(24, 6)),
        (at(24, 7, 30), None),
        (at(24, 12), None),
    ],
)
def test_which_round_it_is(moment: datetime, due: datetime | None) -> None:
    found = turns.belongs(NIGHTLY, moment, ZONE)
    assert (found.at if found else None) == due


def test_around_the_clock_midnight_is_one_round() -> None:
    due = [one.at for one in turns.due(Plan(360, 0, DAY), at(23, 0), at(24, 0), ZONE)]
    assert due == [at(23, 0), at(23, 6), at(23, 12), at(23, 18), at(24, 0)]


PLANS = st.builds(
    lambda every, starts, length: Plan(every, starts, starts + length),
    st.integers(10, DAY),
    st.integers(0, DAY - 1),
    st.integers(0, DAY),
)


@given(PLANS, st.integers(0, 2 * DAY))
def test_a_moment_is_one_round_s_at_most(plan: Plan, minute: int) -> None:
    moment = at(23, 0) + timedelta(minutes=minute)
    around = list(turns.due(plan, moment - timedelta(days=2), moment + timedelta(days=1), ZONE))
    taking = [one for one in around if one.takes(moment)]
    assert len(taking) <= 1
    found = turns.belongs(plan, moment, ZONE)
    assert [found] == (taking or [None])


@given(PLANS)
def test_due_rounds_follow_each_other(plan: Plan) -> None:
    due = list(turns.due(plan, at(20, 0), at(25, 0), ZONE))
    assert all(one.at < after.at and one.until <= after.since for one, after in pairwise(due))
    assert all(one.since <= one.at < one.until for one in due)
    cut = [one for one in due if at(22, 3) <= one.at <= at(23, 7)]
    assert list(turns.due(plan, at(22, 3), at(23, 7), ZONE)) == cut


@pytest.mark.parametrize(
    ("before", "moment", "since", "number"),
    [
        ([], at(24, 2), None, 1),
        ([Made(at(24, 0), 4)], at(24, 2), None, 5),
        ([Made(at(23, 8), 4)], at(24, 2), None, 1),
        ([Made(at(23, 8), 4), Made(at(23, 22), 1)], at(24, 0), None, 2),
        ([Made(at(23, 21), 7), Made(at(23, 22), 1)], at(24, 0), at(23, 21, 30), 2),
        ([Made(at(24, 4), 3)], at(24, 2), at(23, 21, 30), 1),
    ],
)
def test_the_number_of_a_round(before: list[Made], moment: datetime, since: datetime | None, number: int) -> None:
    assert turns.next_number(before, moment, since) == number
