"""What a time expression means: open until it is known whether something is reported or planned.

The rule of the parse contract: where several readings are possible, a report takes the latest one not after the message
was sent, a plan the first one after it. All reckoning is in local time without offset (Asia/Shanghai knows no summer
time in the years of the service).
"""

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal

from handlers.language.days import Day, Moment
from handlers.language.light import light

__all__ = ["Bound", "Day", "Moment", "Part", "Tense", "TimeExpr", "TimeRange"]

Tense = Literal["report", "plan", "over"]
"""`over` differs from `report` for ranges only: the period has ended, so its end is not after the message either."""
Part = Literal["dawn", "morning", "noon", "afternoon", "evening", "night"]
Bound = Literal["until", "from", "before", "after", "as_of"]

GRACE = timedelta(minutes=60)
"""Who reports a time a little ahead (`到岗 8:00` at 7:52) means the coming one, not the one a day ago."""
_CLOSE = timedelta(hours=2)
"""`7:30` written with a colon is the morning, unless the evening's 7:30 has just passed."""
_LONG_AGO = 3 * _CLOSE
_NO_TIME = timedelta()
_FAR = 300
_NEAR = 30
"""A date without a year, more than `_FAR` days off the right way, is the other one if that is within `_NEAR`."""
_SMALL_HOURS = 5
_HALF_DAY = 12
_WHOLE_DAY = 24


@light
class TimeExpr:
    """One time as written. At least one of `day`, `hour` and `exact` is set."""

    reference: datetime
    """When the message was sent, local, without offset."""
    day: Day | None = None
    part: Part | None = None
    hour: int | None = None
    """0…24 as written, not yet moved by `part`."""
    minute: int = 0
    colon: bool = False
    """Written as digits with a colon or a point."""
    padded: bool = False
    """Written in the 24-hour way: `08:00`, `0点`."""
    approx: bool = False
    """左右, 多, 来钟, 五六点."""
    bound: Bound | None = None
    """值到 7 点 `until`, 8 点起 `from`, 9 点前 `before`, 10 点后 `after`, 截至 `as_of`."""
    exact: datetime | None = None
    """Reckoned from the reference: 十五分钟后."""

    @property
    def has_time(self) -> bool:
        """A time of day is stated, not only a day."""
        return self.hour is not None or self.exact is not None

    @property
    def has_day(self) -> bool:
        """A day is stated."""
        return self.day is not None

    @property
    def counts_to_24(self) -> bool:
        """Its spelling shows a 24-hour clock."""
        return self.hour is not None and (self.padded or self.hour == 0 or self.hour > _HALF_DAY)

    def on(self, day: dt.date) -> "TimeExpr":
        """The same time of day on a day known from elsewhere (a header, a word apart); keeps a day of its own."""
        return self if self.day is not None else self._with_day(Day("date", day=day))

    def without_day(self) -> "TimeExpr":
        """The same time of day, of whatever day."""
        return self._with_day(None)

    def _with_day(self, day: Day | None) -> "TimeExpr":
        return TimeExpr(
            self.reference, day, self.part, self.hour, self.minute, self.colon, self.padded, self.approx, self.bound,
            self.exact,
        )  # fmt: skip

    def bounded(self, *, approx: bool, bound: Bound | None) -> "TimeExpr":
        """The same time with the hedge and the bound that the words around it give."""
        return TimeExpr(
            self.reference, self.day, self.part, self.hour, self.minute, self.colon, self.padded, approx, bound,
            self.exact,
        )  # fmt: skip

    def resolve(self, tense: Tense = "report") -> Moment:
        """The one moment that is meant, by the contract's rule."""
        if self.exact is not None:
            return _moment(self.exact)
        if self.hour is None:
            return Moment(self._resolve_day(tense))
        if self.day is not None and self.day.kind == "next" and tense != "plan":
            return self.without_day().resolve(tense)  # 次日凌晨3点, reported, is the last three o'clock
        return _moment(self._pick(self.moments(), tense))

    def moments(self, anchor: dt.date | None = None) -> list[datetime]:
        """Every reading of a time of day, in order; without a day of its own on the days around the reference."""
        if self.exact is not None:
            return [self.exact]
        today = self.reference.date()
        if self.day is None:
            return list(_around(today, self.hour or 0, self.minute, self.part, self.padded))
        return _each(self.day.candidates(today, anchor) or [today], self._offsets())

    def _offsets(self) -> list[timedelta]:
        """Distances from midnight that the hour may mean."""
        hours = _hours(self.hour or 0, self.part, padded=self.padded)
        if self.day is not None and self.day.is_calendar and len(hours) > 1 and not self._small_hours:
            hours = hours[-1:] if self.part in ("evening", "night") else hours[:1]
        return [timedelta(hours=hour, minutes=self.minute) for hour in hours]

    @property
    def _small_hours(self) -> bool:
        """夜里两点 of a date is in the night that leads to it or in the one that follows."""
        return self.part == "night" and self.hour is not None and 0 < self.hour <= _SMALL_HOURS

    def _small_hour(self, moments: list[datetime], tense: Tense) -> datetime:
        if tense == "plan":
            return next((moment for moment in moments if moment > self.reference), moments[-1])
        return next((moment for moment in reversed(moments) if moment <= self.reference), moments[0])

    def _resolve_day(self, tense: Tense) -> dt.date:
        today = self.reference.date()
        if self.day is None:
            return today
        days = self.day.candidates(today)
        if not days:
            return today
        if tense == "plan":
            later = [day for day in days if day >= today]
            return _nearer(later[0], days[max(0, len(days) - len(later) - 1)], today) if later else days[-1]
        earlier = [day for day in days if day <= today]
        return _nearer(earlier[-1], days[min(len(days) - 1, len(earlier))], today) if earlier else days[0]

    def _pick(self, moments: list[datetime], tense: Tense) -> datetime:
        sent = self.reference
        if self.day is not None and self.day.kind in ("month_day", "lunar", "festival", "date"):
            midnight = datetime.combine(self._resolve_day(tense), dt.time())
            moments = [midnight + offset for offset in self._offsets()]
            return self._small_hour(moments, tense) if len(moments) > 1 else moments[0]
        if self.colon and self.part is None:
            moments = self._literal(moments, tense)
        past = bisect_right(moments, sent)
        if tense == "plan":
            return moments[min(past, len(moments) - 1)]
        coming = past < len(moments) and moments[past] - sent <= GRACE
        if coming and (not past or sent - moments[past - 1] > _LONG_AGO):
            return moments[past]
        if past:
            return moments[past - 1]
        return moments[0] - timedelta(1) if self._evening_that_just_passed() else moments[0]

    def _literal(self, moments: list[datetime], tense: Tense) -> list[datetime]:
        """A colon counts to 24, but for a report the evening's reading stands where it has just passed."""
        sent, hour = self.reference, (self.hour or 0) % _WHOLE_DAY
        if tense == "plan":
            return [moment for moment in moments if moment.hour == hour]
        return [moment for moment in moments if moment.hour == hour or _NO_TIME <= sent - moment <= _CLOSE]

    def _evening_that_just_passed(self) -> bool:
        """今晚8点, reported after midnight, is the evening before."""
        return (
            self.day is not None
            and self.day.first == 0
            and self.part == "evening"
            and self.reference.hour < _SMALL_HOURS
        )


def _hours(hour: int, part: Part | None, *, padded: bool) -> list[int]:
    """Hours after midnight that an hour as written may mean; beyond 24 in the night that the day ends in."""
    if hour > _HALF_DAY or (padded and part is None):
        return [hour]
    return _READINGS[part](hour)


def _either_half(hour: int) -> list[int]:
    if hour == 0:
        return [0]
    half = hour % _HALF_DAY
    return [half, half + _HALF_DAY] if hour < _HALF_DAY else [_HALF_DAY, _WHOLE_DAY]


def _night(hour: int, first: int) -> list[int]:
    """Hours from `first` on are before midnight, smaller ones after it: of this night or of the one before."""
    half = hour % _HALF_DAY
    return [half, half + _WHOLE_DAY] if half < first else [half + _HALF_DAY]


_READINGS: dict[Part | None, Callable[[int], list[int]]] = {
    None: _either_half,
    "dawn": lambda hour: [hour % _HALF_DAY],
    "morning": lambda hour: [hour],
    "noon": lambda hour: [hour + _HALF_DAY if hour < _SMALL_HOURS else hour],
    "afternoon": lambda hour: [hour % _HALF_DAY + _HALF_DAY],
    "evening": lambda hour: _night(hour, 4),
    "night": lambda hour: _night(hour, 6),
}


@lru_cache(maxsize=1024)
def _around(today: dt.date, hour: int, minute: int, part: Part | None, padded: bool) -> tuple[datetime, ...]:  # noqa: FBT001 - a key of the cache
    """Every reading of a time of day on the days around this one."""
    days = [today + timedelta(shift) for shift in range(-2, 3)]
    return tuple(_each(days, [timedelta(hours=each, minutes=minute) for each in _hours(hour, part, padded=padded)]))


def _each(days: list[dt.date], offsets: list[timedelta]) -> list[datetime]:
    """Each of the offsets from the beginning of each day, in order."""
    midnights = [datetime(day.year, day.month, day.day) for day in days]  # noqa: DTZ001 - local time throughout
    return sorted({midnight + offset for midnight in midnights for offset in offsets})


def _nearer(chosen: dt.date, other: dt.date, today: dt.date) -> dt.date:
    """The chosen year, unless that is most of a year away and the other one close by."""
    far, near = abs((chosen - today).days), abs((other - today).days)
    return other if far > _FAR and near <= _NEAR else chosen


def _moment(moment: datetime) -> Moment:
    return Moment(moment.date(), dt.time(moment.hour, moment.minute))


@light
class TimeRange:
    """From one time to another; the end is after the start, over midnight if need be."""

    start: TimeExpr
    end: TimeExpr

    @property
    def has_time(self) -> bool:
        """A range of hours, not of days."""
        return self.start.has_time or self.end.has_time

    @property
    def has_day(self) -> bool:
        """A day is stated at either end."""
        return self.start.has_day or self.end.has_day

    def on(self, day: dt.date) -> "TimeRange":
        """The same hours beginning on a day known from elsewhere."""
        return self if self.start.day is not None else TimeRange(self.start.on(day), self.end)

    def resolve(self, tense: Tense = "report") -> tuple[Moment | None, Moment | None]:
        """Both ends. `report` is a period that has begun, `over` one that has ended, `plan` one to come."""
        if not (self.start.has_time and self.end.has_time):
            return self._resolve_days(tense)
        if tense == "over" and self.start.day is None:
            end = self._last_end()
            start = max((moment for moment in self._starts() if moment < end), default=end)
            return _moment(start), _moment(end)
        start = _datetime(self.start.resolve("report" if tense == "over" else tense))
        return _moment(start), _moment(self._first_end(start))

    def _last_end(self) -> datetime:
        anchor = self.start.reference.date()
        if self.end.day is not None and self.end.day.kind in ("next", "same"):
            return _datetime(self.end.without_day().resolve("report"))
        readings = self._ends(anchor, literal=self._end_is_literal())
        return self.end._pick(readings, "report")  # noqa: SLF001 - one module, one rule

    def _first_end(self, start: datetime) -> datetime:
        readings = [moment for moment in self._ends(start.date(), literal=self._end_is_literal()) if moment > start]
        if readings:
            return readings[0]
        return start + (self._ends(start.date(), literal=True)[-1] - start) % timedelta(1)

    def _starts(self) -> list[datetime]:
        starts = self.start.moments()
        return self.start._literal(starts, "plan") if self.start.colon and self.start.part is None else starts  # noqa: SLF001

    def _ends(self, anchor: dt.date, *, literal: bool) -> list[datetime]:
        end = self.end
        if end.day is None:
            days = [anchor + timedelta(shift) for shift in range(-1, 3)]
            readings = _each(days, end._offsets())  # noqa: SLF001 - one module, one rule
        else:
            readings = end.moments(anchor)
        return end._literal(readings, "plan") if literal else readings  # noqa: SLF001

    def _end_is_literal(self) -> bool:
        """`13:00-3:00` counts to 24 on both sides; `8:00-6:00` may mean six in the evening."""
        return self.end.part is None and self.end.colon and self.start.counts_to_24

    def _resolve_days(self, tense: Tense) -> tuple[Moment | None, Moment | None]:
        start = self.start.resolve("report" if tense == "over" else tense)
        if self.end.day is None:
            return start, self.end.resolve(tense)
        later = [day for day in self.end.day.candidates(self.start.reference.date(), start.date) if day >= start.date]
        if self.end.has_time:
            readings = [moment for moment in self.end.moments(start.date) if moment.date() >= start.date]
            return start, _moment(readings[0]) if readings else self.end.resolve(tense)
        return start, Moment(later[0]) if later else self.end.resolve(tense)


def _datetime(moment: Moment) -> datetime:
    return datetime.combine(moment.date, moment.time or dt.time())
