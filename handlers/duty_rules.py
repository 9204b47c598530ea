"""The numbers of duty: how long is long, late or long ago. Other values come from `[duty]` of the configuration."""

from dataclasses import dataclass
from datetime import timedelta

from bot.context import Context


@dataclass(frozen=True, slots=True)
class DutyRules:
    """What the features of duty go by."""

    longest: timedelta = timedelta(hours=24)
    """A period that has been open for longer was forgotten: a check-out does not close it."""
    move_within: timedelta = timedelta(hours=16)
    """A check-in at another post within this time of the last one means that the person has moved there."""
    same_within: timedelta = timedelta(hours=4)
    """A check-in at the same post within this time repeats the last one."""
    ask_after: timedelta = timedelta(hours=12)
    """On post for so long without a planned end: the bot asks about the check-out."""
    grace: timedelta = timedelta(hours=1)
    """After a planned end, before the bot asks."""
    close_after: timedelta = timedelta(hours=6)
    """After the question, before the period is closed as not reported."""
    backdate_after: timedelta = timedelta(hours=12)
    """A period that ended longer ago than this when it was reported needs an approval."""
    late_after: timedelta = timedelta(minutes=15)
    """After a shift's beginning, before somebody is asked after."""
    remind_before: timedelta = timedelta(hours=2)
    """Before a shift: those on it are reminded."""
    gaps_within: timedelta = timedelta(hours=12)
    """How far ahead the next shift's gaps are looked for."""
    rest: timedelta = timedelta(hours=8)
    """Less than this between a night and the next duty: the bot says so."""
    most_at_once: timedelta = timedelta(hours=12)
    """Longer than this at a stretch: the bot says so."""
    night: tuple[int, int] = (22, 6)
    """Local hours between which it is night."""
    board_every: timedelta = timedelta(minutes=10)
    """Between two postings of a call-up's list."""
    administrators: tuple[str, ...] = ()
    """User ids of those who may do everything everywhere."""


DEFAULT = DutyRules()


def rules(ctx: Context) -> DutyRules:
    """The rules in force."""
    found = ctx.services.get("duty")
    return found if isinstance(found, DutyRules) else DEFAULT
