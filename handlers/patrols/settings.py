"""The waits of patrols; `[patrols]` of the configuration changes them."""

from dataclasses import dataclass
from datetime import timedelta

from bot.context import Context


@dataclass(frozen=True, slots=True)
class PatrolRules:
    """How long a round may wait. Both waits are shortened where rounds are due more often: to a quarter and a half of
    the time between two of them.
    """

    remind_after: timedelta = timedelta(minutes=30)
    """After a round was due: those on duty at the post are reminded, in the group."""
    alert_after: timedelta = timedelta(hours=1)
    """After a round was due: those in charge hear of it, alone."""
    picture_within: timedelta = timedelta(minutes=10)
    """A picture that somebody sends so soon after a finding belongs to it."""

    def remind(self, every: timedelta) -> timedelta:
        """The wait before the reminder where rounds are due `every` so often."""
        return min(self.remind_after, every / 4)

    def alert(self, every: timedelta) -> timedelta:
        """The wait before the alert."""
        return min(self.alert_after, every / 2)


DEFAULT = PatrolRules()


def rules(ctx: Context) -> PatrolRules:
    """The rules in force."""
    found = ctx.services.get("patrols")
    return found if isinstance(found, PatrolRules) else DEFAULT
