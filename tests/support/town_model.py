"""What a town's books must say, in plain dictionaries: written without the program, from the rules on paper."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

LENGTH = 14
OPEN = {"待核实", "核实中", "待回拨", "待负责人定", "待补地址", "核实待核转"}
"""States in which the town has to decide by the end of the day."""


@dataclass
class Life:
    """One case as paper would have it."""

    ref: str
    number: int
    """Whose it is in the list of people."""
    units: list[str]
    """Units that ever had it; the last one has it now."""
    state: str = "待核实"
    account: str = ""
    owner: str = ""
    arrived: date | None = None
    release: date | None = None
    due: date | None = None
    """Day on which a suspended case comes back."""
    days: set[date] = field(default_factory=set)
    """Days with a health report."""
    released_on: date | None = None


class Model:
    """All cases."""

    def __init__(self) -> None:
        self.lives: dict[str, Life] = {}

    def of(self, number: int) -> Life:
        return next(
            life for life in self.lives.values() if life.number == number and life.state not in {"已合并", "已撤回"}
        )

    def register(self, ref: str, number: int, unit: str, arrives: date, today: date, account: str = "") -> Life:
        life = self.lives[ref] = Life(ref, number, [unit], account=account)
        if arrives > today:
            life.state, life.due = "未抵京挂起", arrives
        life.arrived = arrives
        return life

    def observe(self, life: Life, owner: str) -> None:
        life.state, life.owner = "观察中", owner
        life.release = life.arrived + timedelta(days=LENGTH + 1)

    def midnight(self, day: date) -> tuple[set[str], set[str]]:
        """A new day begins: (references that are released, that come back from being suspended)."""
        released = {life.ref for life in self.lives.values() if life.state == "观察中" and life.release <= day}
        back = {life.ref for life in self.lives.values() if life.state == "未抵京挂起" and life.due <= day}
        for ref in released:
            self.lives[ref].state, self.lives[ref].released_on = "期满解除", day
        for ref in back:
            self.lives[ref].state = "待核实"
        return released, back

    def watched(self, day: date) -> list[Life]:
        """Who is to report on a day: from the day after the arrival until the day before the release."""
        return [one for one in self.lives.values() if one.state == "观察中" and one.arrived < day < one.release]

    def missing(self, day: date, excused: frozenset[int] = frozenset()) -> list[Life]:
        return [one for one in self.watched(day) if day not in one.days and one.number not in excused]

    def open(self, unit: str) -> set[str]:
        return {one.ref for one in self.lives.values() if one.units[-1] == unit and one.state in OPEN}

    def states(self, unit: str) -> Counter[str]:
        """As a unit sees it: what it gave away is 已转出."""
        found: Counter[str] = Counter()
        for life in self.lives.values():
            if life.units[-1] == unit:
                found[life.state] += 1
            elif unit in life.units:
                found["已转出"] += 1
        return found
