"""How soon the next message of a scope may go: a sliding window over the times at which messages went.

Its state is nothing but those times, so it is rebuilt from the outbox's `sent_at` after a restart, and fed with those
of other instances.
"""

from bisect import insort
from datetime import datetime, timedelta

MINUTE = timedelta(seconds=60)
MANY_SCOPES = 1000
"""Above this many scopes the ones that have fallen silent are looked for and forgotten."""


class Limiter:
    """Times of messages by scope (a channel, or one chat of it) within the last `window`."""

    def __init__(self, window: timedelta = MINUTE) -> None:
        self._window = window
        self._times: dict[str, list[datetime]] = {}
        self._tidy_at = MANY_SCOPES

    def wait(self, scope: str, limit: int, now: datetime) -> float:
        """Seconds until a message of `scope` may go without making more than `limit` in a window; 0.0 if now."""
        times = self._recent(scope, now)
        if len(times) < limit:
            return 0.0
        return (times[-limit] + self._window - now).total_seconds()

    def note(self, scope: str, at: datetime) -> None:
        """A message of `scope` went at `at`. Times may come in any order."""
        insort(self._times.setdefault(scope, []), at)
        if len(self._times) > self._tidy_at:
            self._tidy(at)

    def _recent(self, scope: str, now: datetime) -> list[datetime]:
        """The times that count. One a window ahead or more is of a clock that was set back since, and does not."""
        times = [at for at in self._times.get(scope, ()) if now - self._window < at < now + self._window]
        if times:
            self._times[scope] = times
        else:
            self._times.pop(scope, None)
        return times

    def _tidy(self, now: datetime) -> None:
        for scope in list(self._times):
            self._recent(scope, now)
        self._tidy_at = max(MANY_SCOPES, 2 * len(self._times))
