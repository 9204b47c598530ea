"""Five-field cron expressions as APScheduler's `CronTrigger` wants them."""

from typing import Final

from apscheduler.triggers.cron import CronTrigger

DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
"""By cron's numbers. APScheduler counts from Monday = 0, so that numbers passed through would be a day late."""
FIELDS: Final = ("minute", "hour", "day", "month", "day_of_week")


def _day(text: str) -> int:
    if text in DAYS:
        return DAYS.index(text)
    if text.isdecimal() and int(text) <= len(DAYS):
        return int(text)
    raise ValueError(f"no weekday: {text}")


def _span(part: str) -> list[int]:
    body, _, step = part.partition("/")
    if step and (not step.isdecimal() or not int(step)):
        raise ValueError(f"no step: {step}")
    first, dash, last = ("0", "-", "6") if body == "*" else body.partition("-")
    start, end = _day(first), _day(last) if dash else _day(first)
    if end < start:
        raise ValueError(f"backwards: {body}")
    return [number % len(DAYS) for number in range(start, end + 1, int(step or 1))]


def _weekdays(text: str) -> str:
    if text == "*":
        return text
    chosen = {number for part in text.lower().split(",") for number in _span(part)}
    return ",".join(DAYS[number] for number in sorted(chosen))


def cron_fields(expression: str) -> dict[str, str]:
    """Give the keyword arguments of `CronTrigger` for a five-field expression; 0 and 7 are Sunday, as in crontab(5).

    Raises ValueError where the expression has no meaning. A day of month and a weekday must both match.
    """
    parts = expression.split()
    if len(parts) != len(FIELDS):
        raise ValueError(f"{len(parts)} fields")
    fields = dict(zip(FIELDS, parts, strict=True))
    fields["day_of_week"] = _weekdays(fields["day_of_week"])
    CronTrigger(**fields, timezone="UTC")
    return fields
