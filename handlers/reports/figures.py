"""The arithmetic of a report. 人次 sums attendances, 人 is a set of people, 累计 replaces and is never added to the
day's figure.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol


class DutyLike(Protocol):
    """What is needed of a duty period."""

    person: str
    post: str
    unnamed: int
    hours: float | None
    state: str


class CountLike(Protocol):
    """What is needed of a count."""

    chat: str
    post: str
    item: str
    measure: str
    value: float
    most: float | None
    approx: str
    total: bool


@dataclass(slots=True)
class Attendance:
    """Duty of one post, or of all."""

    participations: int = 0
    """人次: one per person and period, people of whom only the number was given included."""
    people: set[str] = field(default_factory=set)
    unnamed: int = 0
    hours: float = 0.0
    unknown: int = 0
    """Closed periods whose hours nobody stated."""
    open: int = 0

    def add(self, duty: DutyLike) -> None:
        self.participations += 1 + duty.unnamed
        self.people.add(duty.person)
        self.unnamed += duty.unnamed
        self.hours += duty.hours or 0.0
        self.open += duty.state == "open"
        self.unknown += duty.state == "closed" and duty.hours is None


@dataclass(slots=True)
class Sum:
    """A figure of work: what was done in the period, and the newest stated total."""

    item: str
    measure: str
    value: float = 0.0
    most: float | None = None
    approx: str = ""
    reports: int = 0
    totals: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)
    """(chat, post) → the newest stated total and its hedge."""

    @property
    def total(self) -> float | None:
        """The stated totals of all groups together. Within one group a total without a post covers those of its posts."""
        return sum(value for value, _ in self._valid_totals()) if self.totals else None

    @property
    def total_approx(self) -> str:
        """The hedge of the total."""
        hedges = {hedge for _, hedge in self._valid_totals()}
        return next(iter(hedges)) if len(hedges) == 1 else "about" if hedges - {""} else ""

    def _valid_totals(self) -> list[tuple[float, str]]:
        whole = {chat for chat, post in self.totals if not post}
        return [said for (chat, post), said in self.totals.items() if not post or chat not in whole]

    def add(self, count: CountLike) -> None:
        """Counts come in the order in which they were reported."""
        if count.total:
            self.totals[count.chat, count.post] = (count.value, count.approx)
            return
        if self.most is not None or count.most is not None:
            self.most = (self.value if self.most is None else self.most) + (
                count.value if count.most is None else count.most
            )
        self.value += count.value
        self.reports += 1
        self.approx = _hedge(self.approx, count.approx, first=self.reports == 1)


def _hedge(former: str, new: str, *, first: bool) -> str:
    """The hedge of a sum: that of its parts where they agree, 约 where they do not."""
    if first or former == new:
        return new
    return "about" if former and new else former or new


def attendance(duties: Iterable[DutyLike]) -> tuple[Attendance, dict[str, Attendance]]:
    """All duty together, and by post in the order of the posts."""
    whole = Attendance()
    posts: dict[str, Attendance] = defaultdict(Attendance)
    for duty in duties:
        whole.add(duty)
        posts[duty.post].add(duty)
    return whole, dict(posts)


def sums(counts: Sequence[CountLike]) -> dict[tuple[str, str], Sum]:
    """Figures by item and measure, in the order in which they were first reported."""
    found: dict[tuple[str, str], Sum] = {}
    for count in counts:
        key = (count.item, count.measure)
        if key not in found:
            found[key] = Sum(*key)
        found[key].add(count)
    return found
