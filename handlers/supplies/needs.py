"""What everybody needs, was given and lacks, from what was said and done, in order. Pure.

A need that is said anew takes the place of the former one and is about what is lacking then: goods that were signed for
before it come on top. A need that is said as more (追加) is added.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

Goods = tuple[str, str]
"""(item, measure)."""


@dataclass(frozen=True, slots=True)
class Event:
    """`kind`: need, more (on top), given (set aside for it), signed. `amount` is None where no number was said."""

    at: datetime
    number: int
    """Orders events of one moment."""
    kind: str
    key: str
    goods: Goods
    amount: int | None


@dataclass(slots=True)
class Standing:
    """How one party stands with one item, in its measure."""

    need: int = 0
    """All that it needed, what it has got included."""
    given: int = 0
    """Set aside for it or handed over."""
    signed: int = 0
    unstated: bool = False
    """The item was named without a number, and none came since."""

    @property
    def lacks(self) -> int:
        return max(0, self.need - self.given)


Standings = dict[str, dict[Goods, Standing]]
"""Party's key → item → how it stands."""


def fold(events: Iterable[Event]) -> Standings:
    """How everybody stands after all events, whatever order they come in."""
    found: Standings = defaultdict(lambda: defaultdict(Standing))
    for event in sorted(events, key=lambda one: (one.at, one.number)):
        _take(found[event.key][event.goods], event)
    return {key: dict(items) for key, items in found.items()}


def _take(one: Standing, event: Event) -> None:
    if event.kind == "given":
        one.given += event.amount or 0
    elif event.kind == "signed":
        one.signed += event.amount or 0
    elif event.amount is None:
        one.unstated = one.need <= one.signed
    else:
        one.need = one.need + event.amount if event.kind == "more" else one.signed + event.amount
        one.unstated = False


@dataclass(slots=True)
class Total:
    """One item over all parties."""

    need: int = 0
    given: int = 0
    signed: int = 0
    lacks: int = 0
    parties: int = 0
    """How many said that they need it."""
    unstated: int = 0
    """How many of them gave no number."""
    stock: int = 0
    """What has come and is not set aside for anybody."""
    received: int = 0
    in_need: list[str] = field(default_factory=list)
    """Keys of the parties that still lack it."""

    @property
    def gap(self) -> int:
        """What has to be bought."""
        return max(0, self.lacks - max(0, self.stock))


def totals(standings: Standings) -> dict[Goods, Total]:
    """All parties together, by item; stock and receipts are filled in by whoever knows them."""
    found: dict[Goods, Total] = defaultdict(Total)
    for key, items in standings.items():
        for goods, one in items.items():
            _add(found[goods], key, one)
    return dict(found)


def _add(total: Total, key: str, one: Standing) -> None:
    total.need += one.need
    total.given += one.given
    total.signed += one.signed
    total.lacks += one.lacks
    total.parties += one.need > 0 or one.unstated
    total.unstated += one.unstated
    if one.lacks:
        total.in_need.append(key)
