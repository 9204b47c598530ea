"""Lunar dates, festivals and solar terms → common days; through borax, loaded at the first such date."""

from datetime import date
from functools import lru_cache

_FIRST_YEAR, _LAST_YEAR = 1901, 2099

FESTIVALS: dict[str, tuple[str, int, int]] = {
    "春节": ("lunar", 1, 1),
    "元宵": ("lunar", 1, 15),
    "龙抬头": ("lunar", 2, 2),
    "端午": ("lunar", 5, 5),
    "七夕": ("lunar", 7, 7),
    "中秋": ("lunar", 8, 15),
    "重阳": ("lunar", 9, 9),
    "腊八": ("lunar", 12, 8),
    "小年": ("lunar", 12, 23),
    "除夕": ("eve", 0, 0),
    "大年三十": ("eve", 0, 0),
    "年三十": ("eve", 0, 0),
    "元旦": ("solar", 1, 1),
    "劳动节": ("solar", 5, 1),
    "国庆节": ("solar", 10, 1),
    "清明": ("term", 6, 0),
    "冬至": ("term", 23, 0),
}
"""Name → calendar and month, day there; a solar term by its number from 小寒 0 on; the eve ends the lunar year."""


@lru_cache(maxsize=256)
def lunar_day(year: int, month: int, day: int) -> date | None:
    """The common date of a lunar one (`year` is the lunar year); None where there is none or borax has no such year."""
    from borax.calendars.lunardate import InvalidLunarDateError, LunarDate  # noqa: PLC0415 - 25 ms that most messages never need

    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        solar: date = LunarDate(year, month, day).to_solar_date()
    except InvalidLunarDateError:
        return None
    return solar


@lru_cache(maxsize=64)
def festival_day(name: str, year: int) -> date | None:
    """The day of a festival in a year; for lunar festivals the lunar year that begins in it."""
    calendar, month, day = FESTIVALS[name]
    if calendar == "solar":
        return date(year, month, day)
    if calendar == "lunar":
        return lunar_day(year, month, day)
    if calendar == "eve":
        new_year = lunar_day(year + 1, 1, 1)
        return None if new_year is None else date.fromordinal(new_year.toordinal() - 1)
    return _term_day(year, month)


def _term_day(year: int, index: int) -> date | None:
    from borax.calendars.lunardate import TermUtils  # noqa: PLC0415 - as above

    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    found: date = TermUtils.nth_term_day(year, index)
    return found


def lunar_month(day: date) -> tuple[int, int] | None:
    """Lunar year and month that a common day lies in."""
    from borax.calendars.lunardate import LunarDate  # noqa: PLC0415 - as above

    if not _FIRST_YEAR < day.year <= _LAST_YEAR:
        return None
    lunar = LunarDate.from_solar_date(day.year, day.month, day.day)
    return lunar.year, lunar.month
