"""The waits of notices; `[notices]` of the configuration changes them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.context import Context


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """How long a notice may wait to be confirmed, and when nobody is reminded."""

    remind_after: timedelta = timedelta(hours=2)
    """After it was sent: groups that have not confirmed are reminded, once."""
    quiet: tuple[int, int] = (22, 7)
    """Local hours between which nobody is reminded; it is done at the end of that time."""
    confirm_within: timedelta = timedelta(minutes=30)
    """So long a preview waits for its 发, and a file for its 通知附件."""
    spread: timedelta = timedelta(minutes=3)
    """Over so much time a notice to many groups is spread."""

    def is_quiet(self, at: datetime) -> bool:
        """Whether nobody is to be reminded at a local time."""
        first, last = self.quiet
        return first <= at.hour < last if first <= last else at.hour >= first or at.hour < last


DEFAULT = NoticeRules()


def rules(ctx: Context) -> NoticeRules:
    """The rules in force."""
    found = ctx.services.get("notices")
    return found if isinstance(found, NoticeRules) else DEFAULT
