"""Where the time comes from. Nothing else in Kakou asks the system for it."""

from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """The time as the service sees it."""

    zone: ZoneInfo

    def now(self) -> datetime:
        """The present moment, aware, in `zone`."""


class SystemClock:
    """The machine's clock."""

    def __init__(self, zone: str = "Asia/Shanghai") -> None:
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        return datetime.now(self.zone)


class MovableClock:
    """A clock that tests and the sandbox set. It stands still unless `running`, then it goes on from where it was
    set.
    """

    def __init__(self, start: datetime, *, running: bool = False) -> None:
        if not isinstance(start.tzinfo, ZoneInfo):
            raise TypeError("a movable clock needs a start with a ZoneInfo")
        self.zone = start.tzinfo
        self._base = start
        self._running = running
        self._anchor = self._system()

    def _system(self) -> datetime:
        return datetime.now(self.zone)

    @property
    def running(self) -> bool:
        """Whether time goes by."""
        return self._running

    def now(self) -> datetime:
        if not self._running:
            return self._base
        return self._base + (self._system() - self._anchor)

    def set(self, moment: datetime) -> None:
        """Stand at `moment` (aware). Moving back is allowed: files of old messages are played that way."""
        self._base = moment.astimezone(self.zone)
        self._anchor = self._system()

    def forward(self, by: timedelta) -> None:
        """Move on by `by`."""
        self.set(self.now() + by)
