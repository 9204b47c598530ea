"""Sentences of reports that hang on days."""

from datetime import date, timedelta

import pytest

from handlers import texts_report, times
from handlers.reports.data import Period
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


@pytest.mark.parametrize(
    ("first", "last", "today", "before", "former"),
    [
        # one day
        (date(2020, 2, 23), date(2020, 2, 23), date(2020, 2, 23), (date(2020, 2, 22), date(2020, 2, 22)), "昨天"),
        (date(2020, 2, 22), date(2020, 2, 22), date(2020, 2, 23), (date(2020, 2, 21), date(2020, 2, 21)), "前一天"),
        # this week as far as it has come, this week on its Sunday, a week that is over
        (date(2020, 2, 17), date(2020, 2, 19), date(2020, 2, 19), (date(2020, 2, 10), date(2020, 2, 12)), "上周同期"),
        (date(2020, 2, 17), date(2020, 2, 23), date(2020, 2, 23), (date(2020, 2, 10), date(2020, 2, 16)), "上周"),
        (date(2020, 2, 17), date(2020, 2, 23), date(2020, 2, 26), (date(2020, 2, 10), date(2020, 2, 16)), "前一周"),
        # the same of months, which differ in length
        (date(2020, 3, 1), date(2020, 3, 20), date(2020, 3, 20), (date(2020, 2, 1), date(2020, 2, 20)), "上月同期"),
        (date(2020, 3, 1), date(2020, 3, 30), date(2020, 3, 30), (date(2020, 2, 1), date(2020, 2, 29)), "上月同期"),
        (date(2020, 3, 1), date(2020, 3, 31), date(2020, 3, 31), (date(2020, 2, 1), date(2020, 2, 29)), "上月"),
        (date(2020, 3, 1), date(2020, 3, 31), date(2020, 4, 1), (date(2020, 2, 1), date(2020, 2, 29)), "前一个月"),
        (date(2020, 1, 1), date(2020, 1, 31), date(2020, 2, 9), (date(2019, 12, 1), date(2019, 12, 31)), "前一个月"),
        # any days
        (date(2020, 2, 20), date(2020, 2, 24), date(2020, 2, 26), (date(2020, 2, 15), date(2020, 2, 19)), "前5天"),
        (date(2020, 2, 17), date(2020, 2, 19), date(2020, 2, 26), (date(2020, 2, 14), date(2020, 2, 16)), "前3天"),
    ],
)
def test_a_period_is_held_against_what_came_before_it(
    first: date, last: date, today: date, before: tuple[date, date], former: str
) -> None:
    period = Period(first, last)
    assert period.before(today) == Period(*before)
    assert texts_report.former(period, today) == former
