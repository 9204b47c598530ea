from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.limiter import MANY_SCOPES, Limiter

START = datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def limiter(*seconds: float) -> Limiter:
    made = Limiter()
    for second in seconds:
        made.note("a", at(second))
    return made


WAITS = [
    ("nothing sent", (), 3, 0, 0),
    ("room left", (0, 1), 3, 2, 0),
    ("full", (0, 1, 2), 3, 2, 58),
    ("the oldest just leaves", (0, 1, 2), 3, 60, 0),
    ("half a second before", (0, 1, 2), 3, 59.5, 0.5),
    ("in any order", (2, 0, 1), 3, 3, 57),
    ("more than allowed were sent", (0, 1, 2, 3, 4), 3, 5, 57),
    ("the clock was set back", (7200, 7201, 7202), 3, 0, 0),
    ("another instance is a little ahead", (1, 2, 3), 3, 0, 61),
]


@pytest.mark.parametrize(("sent", "limit", "now", "wait"), [row[1:] for row in WAITS], ids=[row[0] for row in WAITS])
def test_how_long_to_wait(sent: tuple[float, ...], limit: int, now: float, wait: float) -> None:
    assert limiter(*sent).wait("a", limit, at(now)) == pytest.approx(wait)


def test_scopes_do_not_share() -> None:
    full = limiter(0, 1, 2)
    assert full.wait("b", 3, at(3)) == 0


def test_another_window() -> None:
    hour = Limiter(timedelta(hours=1))
    hour.note("a", START)
    assert hour.wait("a", 1, at(60)) == 3540


@given(st.lists(st.floats(0, 40), max_size=60), st.integers(1, 5))
def test_no_window_ever_holds_more_than_the_limit(gaps: list[float], limit: int) -> None:
    made, sent, now = Limiter(), [], START
    for gap in gaps:
        now += timedelta(seconds=gap)
        now += timedelta(seconds=made.wait("a", limit, now))
        assert made.wait("a", limit, now) == 0
        made.note("a", now)
        sent.append(now)
    assert all(last - first >= timedelta(seconds=60) for first, last in zip(sent, sent[limit:], strict=False))


def test_scopes_that_fell_silent_are_forgotten() -> None:
    made = Limiter()
    for number in range(5 * MANY_SCOPES):
        made.note(f"chat{number}", at(number))
    assert len(made._times) <= MANY_SCOPES
