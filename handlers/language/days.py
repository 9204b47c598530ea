"""Days as people name them → the days of the calendar that may be meant."""

import datetime as dt
from datetime import timedelta
from typing import Literal

from handlers.language import lunar
from handlers.language.light import light

_TO_THE_MINUTE = "minutes"


@light
class Moment:
    """A day, and the time of day where one is known."""

    date: dt.date
    time: dt.time | None = None

    def text(self) -> str:
        """`YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, as the parse contract writes them."""
        day, time = self.date.isoformat(), self.time
        return day if time is None else f"{day}T{time.isoformat(_TO_THE_MINUTE)}"


DayKind = Literal[
    "offset", "date", "month_day", "day", "weekday", "lunar", "lunar_day", "festival", "next", "same", "month_end"
]


@light
class Day:
    """A day as named.

    `first` and `second` are what the kind needs: days from today; month and day; weeks from this one and weekday.
    """

    kind: DayKind
    first: int = 0
    second: int = 0
    name: str = ""
    day: dt.date | None = None

    def candidates(self, today: dt.date, anchor: dt.date | None = None) -> list[dt.date]:
        """The days that may be meant, in order; `anchor` is the day that 次日 and 当日 start from."""
        if self.kind == "offset":
            return [today + timedelta(self.first)]
        if self.kind == "date":
            return [] if self.day is None else [self.day]
        if self.kind in ("next", "same"):
            return [(anchor or today) + timedelta(self.kind == "next")]
        if self.kind == "weekday":
            return self._weekdays(today)
        if self.kind in ("day", "month_end"):
            return self._days_of_months(today)
        return self._days_of_years(today)

    @property
    def is_calendar(self) -> bool:
        """A day by its date, where hours are usually counted to 24."""
        return self.kind not in ("offset", "next", "same")

    def _weekdays(self, today: dt.date) -> list[dt.date]:
        monday = today - timedelta(today.weekday())
        weeks = (self.first,) if self.name else (-1, 0, 1)
        return [monday + timedelta(7 * week + self.second) for week in weeks]

    def _days_of_months(self, today: dt.date) -> list[dt.date]:
        months = [divmod(today.year * 12 + today.month - 1 + shift, 12) for shift in (-2, -1, 0, 1, 2)]
        if self.kind == "month_end":
            return [
                dt.date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(1) for year, month in months[2:3]
            ]
        return [found for year, month in months if (found := make_date(year, month + 1, self.second)) is not None]

    def _days_of_years(self, today: dt.date) -> list[dt.date]:
        years = range(today.year - 1, today.year + 2)
        if self.kind == "month_day":
            found = [make_date(year, self.first, self.second) for year in years]
        elif self.kind == "lunar":
            found = [lunar.lunar_day(year, self.first, self.second) for year in range(today.year - 2, today.year + 2)]
        elif self.kind == "lunar_day":
            found = _in_lunar_months(today, self.second)
        else:
            found = [lunar.festival_day(self.name, year) for year in years]
        return [day for day in found if day is not None]


def make_date(year: int, month: int, day: int) -> dt.date | None:
    """The date, or None where there is none."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _in_lunar_months(today: dt.date, day: int) -> list[dt.date | None]:
    """初六 without a month: in the lunar month of today, the one before and the one after."""
    found = []
    for shift in (-30, 0, 30):
        month = lunar.lunar_month(today + timedelta(shift))
        if month is not None:
            found.append(lunar.lunar_day(*month, day))
    return found
