"""What can be set about returnees; the configuration's table `[returnees]` gives the values."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules of this town. Times of day are `HH:MM`, local."""

    observation_days: int = 14
    arrival_is_day: int = 0
    """Number of the day of arrival: 0 (release at 00:00 on arrival + 15) or 1 (on arrival + 14)."""
    twice_daily: bool = False
    fever: float = 37.3
    fever_at_threshold: bool = True
    """Whether a temperature equal to `fever` counts as fever."""
    retry_waits: tuple[timedelta, ...] = field(default=(timedelta(minutes=30), timedelta(hours=2), timedelta(hours=4)))
    """After the first, second, … call in vain. After the last wait the lead decides."""
    call_from: str = "08:00"
    call_until: str = "21:00"
    handover_at: tuple[str, ...] = ("18:00", "20:00", "22:00")
    remind_self_at: str = "10:00"
    remind_volunteer_at: str = "16:00"
    remind_lead_at: str = "20:00"
    keep_id_number: bool = False
    purge_days: int = 14
    """Personal fields go this many days after the end of a case."""
    chat_rows: int = 300
    """Rows of a table that is sent in a chat."""

    def is_fever(self, degrees: float) -> bool:
        """Whether a temperature in ℃ is fever."""
        return degrees >= self.fever if self.fever_at_threshold else degrees > self.fever

    def day_number(self, arrived_on: date, day: date) -> int:
        """The day of observation that `day` is: n of 第n天."""
        return (day - arrived_on).days + self.arrival_is_day

    def release_on(self, arrived_on: date) -> date:
        """The day at whose 00:00 the observation ends: the one after the last day of observation."""
        return arrived_on + timedelta(days=self.observation_days + 1 - self.arrival_is_day)

    def call_again(self, now: datetime, failures: int) -> datetime | None:
        """When to call again after so many calls in vain, at an hour at which one may ring; None: nobody calls again
        by itself.
        """
        if failures > len(self.retry_waits):
            return None
        due = now + self.retry_waits[failures - 1]
        clock = f"{due:%H:%M}"
        if clock < self.call_from:
            return _at(due.date(), self.call_from, due)
        if clock >= self.call_until:
            return _at(due.date() + timedelta(days=1), self.call_from, due)
        return due


def _at(day: date, clock: str, like: datetime) -> datetime:
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=like.tzinfo)
