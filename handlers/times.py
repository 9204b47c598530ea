"""Times of the contract's form into moments, and moments into words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def moment(value: str | None, zone: ZoneInfo) -> datetime | None:
    """`YYYY-MM-DDTHH:MM` as an aware moment; None for a bare day or for nothing."""
    if not value or "T" not in value:
        return None
    return datetime.fromisoformat(value).replace(tzinfo=zone)


def day(value: str | None) -> date | None:
    """The day of a date or date-time of the contract's form."""
    return date.fromisoformat(value[:10]) if value else None


def clock(at: datetime, today: date) -> str:
    """21:05 today, 昨天21:05, 明天06:00, else 2月23日06:00. `at` is local."""
    words = {-1: "昨天", 0: "", 1: "明天"}
    distance = (at.date() - today).days
    lead = words.get(distance, f"{at.month}月{at.day}日")
    return f"{lead}{at:%H:%M}"


def dated(value: str, today: date) -> str:
    """A date or date-time of the contract's form in words: 今天, 2月23日, 2月23日15:00."""
    on = date.fromisoformat(value[:10])
    lead = "今天" if on == today else f"{on.month}月{on.day}日"
    return lead + value[11:16] if "T" in value else lead


def span(first: date, last: date) -> str:
    """2月23日, or 2月20日至2月26日; with the years where they differ."""
    if first.year != last.year:
        return f"{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日"
    start = f"{first.month}月{first.day}日"
    return start if first == last else f"{start}至{last.month}月{last.day}日"


def hours(length: timedelta) -> float:
    """Length in hours, to a tenth."""
    return round(length.total_seconds() / 3600, 1)


def plain(number: float) -> str:
    """4 for 4.0, 4.5 for 4.5."""
    return f"{number:g}" if abs(number) < 1e15 else str(number)  # noqa: PLR2004  (beyond it %g loses digits)
