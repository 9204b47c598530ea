"""The arithmetic of days, temperatures and calls."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.cases.settings import Settings
from handlers.health import is_abnormal

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("days", "first", "release", "last"),
    [
        (14, 0, date(2020, 3, 9), 14),
        (14, 1, date(2020, 3, 8), 14),
        (21, 0, date(2020, 3, 16), 21),
        (7, 1, date(2020, 3, 1), 7),
    ],
)
def test_release_is_at_midnight_after_the_last_day(days: int, first: int, release: date, last: int) -> None:
    rules = Settings(observation_days=days, arrival_is_day=first)
    arrival = date(2020, 2, 23)
    assert rules.day_number(arrival, arrival) == first
    assert rules.release_on(arrival) == release
    assert rules.day_number(arrival, release - timedelta(days=1)) == last


def test_the_worked_example_of_the_city() -> None:
    """Arrival on the 1st and 21 whole days: released in the small hours of the 23rd (the official worked example of February 2022)."""
    assert Settings(observation_days=21).release_on(date(2022, 2, 1)) == date(2022, 2, 23)


@pytest.mark.parametrize(
    ("degrees", "inclusive", "fever"),
    [(37.2, True, False), (37.3, True, True), (37.3, False, False), (37.31, False, True)],
)
def test_the_threshold_and_its_comparison(degrees: float, inclusive: bool, fever: bool) -> None:  # noqa: FBT001  (a table)
    rules = Settings(fever_at_threshold=inclusive)
    assert rules.is_fever(degrees) is fever
    said = {"temperatures": [degrees], "normal": degrees < 37.3}
    assert is_abnormal(said, rules) is fever


@pytest.mark.parametrize(
    ("fields", "abnormal"),
    [
        ({"temperatures": [36.5]}, False),
        ({"temperatures": [36.5], "normal": False}, True),
        ({"temperatures": [36.5, 37.5], "normal": False}, True),
        ({"normal": True}, False),
        ({"symptoms": ["咳嗽"], "temperatures": [36.4]}, True),
    ],
)
def test_symptoms_and_words_count_as_well(fields: dict, abnormal: bool) -> None:  # noqa: FBT001  (a table)
    assert is_abnormal(fields) is abnormal


@pytest.mark.parametrize(
    ("now", "failures", "due"),
    [
        ("09:00", 1, "23 09:30"),
        ("09:00", 2, "23 11:00"),
        ("09:00", 3, "23 13:00"),
        ("20:45", 1, "24 08:00"),
        ("22:30", 2, "24 08:00"),
        ("07:00", 1, "23 08:00"),
    ],
)
def test_the_ladder_keeps_to_hours_at_which_one_may_ring(now: str, failures: int, due: str) -> None:
    hour, minute = map(int, now.split(":"))
    moment = Settings().call_again(datetime(2020, 2, 23, hour, minute, tzinfo=ZONE), failures)
    assert moment is not None
    assert f"{moment:%d %H:%M}" == due


def test_after_the_last_wait_nobody_calls_again_by_itself() -> None:
    assert Settings().call_again(datetime(2020, 2, 23, 9, tzinfo=ZONE), 4) is None
    assert Settings(retry_waits=()).call_again(datetime(2020, 2, 23, 9, tzinfo=ZONE), 1) is None
