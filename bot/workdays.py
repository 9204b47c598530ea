"""Workdays of the Chinese calendar, with the days off and the days made up for them (调休).

Source: the package `chinesecalendar`, which follows the State Council's yearly notices from 2004 on. For years whose
notice has not come out, Monday to Friday are workdays.
"""

from datetime import date

MONDAY_TO_FRIDAY = 5


def is_workday(day: date) -> bool:
    """Whether people go to work on a day."""
    import chinese_calendar  # noqa: PLC0415  (its table of years is long: a start need not wait for it)

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the package has no notice for that year
        return day.weekday() < MONDAY_TO_FRIDAY


def wanted(day: date, days: str, extra: tuple[date, ...] = (), skipped: tuple[date, ...] = ()) -> bool:
    """Whether something that is for `days` (all, workday, holiday) is for this day; named days win."""
    if day in skipped:
        return False
    if day in extra or days in ("", "all"):
        return True
    return is_workday(day) == (days == "workday")
