"""Sentences of reports that hang on days."""

from datetime import date, timedelta

import pytest

from handlers import texts_report, times
from storage.report_facts import Observed

TODAY = date(2020, 3, 1)


@pytest.mark.parametrize(
    ("days", "ending", "said"),
    [
        ([], 0, "观察中 0 人"),
        ([0], 0, "观察中 1 人（当天到京 1 人）"),
        ([0, 1, 7, 8, 14], 1, "观察中 5 人（当天到京 1 人，第1–7天 2 人，第8天以上 2 人）；今晚零点期满 1 人"),
        ([3, 3], 0, "观察中 2 人（第1–7天 2 人）"),
    ],
)
def test_people_under_observation_by_day(days: list[int], ending: int, said: str) -> None:
    people = Observed([TODAY - timedelta(days=number) for number in days], 0, ending)
    assert texts_report.observed(people, TODAY) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2020, 2, 23), date(2020, 2, 23), "2月23日"),
        (date(2020, 2, 20), date(2020, 2, 26), "2月20日至2月26日"),
        (date(2020, 2, 18), date(2022, 11, 25), "2020年2月18日至2022年11月25日"),
    ],
)
def test_a_span_names_the_years_where_they_differ(first: date, last: date, said: str) -> None:
    assert times.span(first, last) == said
