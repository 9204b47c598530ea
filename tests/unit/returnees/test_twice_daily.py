"""Two reports a day: which half is missing, and when it is asked for."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from handlers.cases.observation import _late
from handlers.cases.settings import Settings

ZONE = ZoneInfo("Asia/Shanghai")
TWICE = Settings(twice_daily=True)


@pytest.mark.parametrize(
    ("halves", "hour", "missing"),
    [
        ([], 10, "am"),
        (["am"], 10, None),
        (["am"], 16, "pm"),
        (["am", "pm"], 20, None),
        (["both"], 20, None),
        (["pm"], 20, "am"),
        ([], 20, "am"),
    ],
)
def test_the_afternoon_is_asked_for_in_the_afternoon(halves: list[str], hour: int, missing: str | None) -> None:
    day = date(2020, 2, 25)
    reports = [SimpleNamespace(halves=half) for half in halves]
    assert _late(TWICE, reports, datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)) == missing  # type: ignore[arg-type]


@pytest.mark.parametrize(("halves", "missing"), [([], ""), (["am"], None), (["pm"], None)])
def test_once_a_day_any_report_will_do(halves: list[str], missing: str | None) -> None:
    reports = [SimpleNamespace(halves=half) for half in halves]
    assert _late(Settings(), reports, datetime(2020, 2, 25, 20, tzinfo=ZONE)) == missing  # type: ignore[arg-type]
