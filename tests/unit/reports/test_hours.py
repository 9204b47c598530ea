"""Hours of one person that several reports tell count once."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from storage.report_hours import Stretch, stretch, told_before

MIDNIGHT = datetime(2020, 2, 23, tzinfo=ZoneInfo("Asia/Shanghai"))


def told(number: int, start: float, end: float, hours: float | None = None, whose: str = "陈建国") -> Stretch | None:
    first, last = MIDNIGHT + timedelta(hours=start), MIDNIGHT + timedelta(hours=end)
    return stretch(whose, number, first, last, end - start if hours is None else hours)


@pytest.mark.parametrize(
    ("rows", "twice"),
    [
        ([told(1, 8, 12), told(2, 12, 16)], {}),
        ([told(1, 8, 12), told(2, 10, 13)], {2: 2.0}),
        ([told(2, 10, 13), told(1, 8, 12)], {2: 2.0}),
        ([told(1, 8, 12), told(2, 8, 12)], {2: 4.0}),
        ([told(1, 8, 16), told(2, 9, 10), told(3, 15, 18)], {2: 1.0, 3: 1.0}),
        ([told(1, 8, 9), told(2, 10, 12), told(3, 11, 12.5)], {3: 1.0}),
        ([told(1, 8, 12), told(2, 8, 12, whose="刘桂英")], {}),
        # hours that somebody stated are never counted below nothing
        ([told(1, 8, 12), told(2, 9, 12, hours=1.5)], {2: 1.5}),
        # of these it is not known when
        ([told(1, 8, 12), stretch("陈建国", 2, None, MIDNIGHT, 4.0), stretch("陈建国", 3, MIDNIGHT, None, None)], {}),
    ],
)
def test_what_an_earlier_report_counts_already(rows: list[Stretch | None], twice: dict[int, float]) -> None:
    assert told_before(rows) == twice
