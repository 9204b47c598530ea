"""Sharing scarce goods out. Pure arithmetic on whole numbers: the same wants give the same shares, in any order.

Each party is to have, with what it was given before, as near as can be to its fair level: λ times its weight, but no
less than its minimum and no more than it needs. λ is the one at which everything that there is goes out. So a second
batch goes on where the first one ended, and whoever got more before waits until the others have caught up.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from handlers.supplies.rules import Rule


@dataclass(frozen=True, slots=True)
class Want:
    """What a party needs in all, what it was given of that before, and how many people it has."""

    key: str
    need: int
    given: int = 0
    staff: int = 0

    @property
    def lacks(self) -> int:
        """What it still needs."""
        return max(0, self.need - self.given)


@dataclass(frozen=True, slots=True)
class _Part:
    """A party while goods are dealt out: between `low` and `high` it follows the level."""

    key: str
    weight: int
    given: int
    low: int
    high: int

    def at(self, level: Fraction) -> Fraction:
        return min(Fraction(self.high), max(Fraction(self.low), level * self.weight))


def _by_need(want: Want) -> int:
    return max(1, want.need)


def _all_alike(_want: Want) -> int:
    return 1


def _by_staff(want: Want) -> int:
    return max(1, want.staff)


WEIGHTS: Mapping[str, Callable[[Want], int]] = {"need": _by_need, "equal": _all_alike, "staff": _by_staff}


def share_out(wants: Sequence[Want], available: int, rule: Rule) -> dict[str, int]:
    """Key → share. Σ shares is the lesser of `available` and what is lacking; nobody gets more than they lack. With a
    step, what is too little for one stays in stock.
    """
    shares = {want.key: 0 for want in wants}
    lacking = sorted((want for want in wants if want.lacks > 0), key=lambda want: want.key)
    goods = min(available, sum(want.lacks for want in lacking))
    if goods <= 0:
        return shares
    least = -(-rule.minimum // rule.step) * rule.step
    floors = {want.key: min(want.need, max(want.given, least)) for want in lacking}
    if sum(floors[want.key] - want.given for want in lacking) > goods:
        return shares | _dealt([_part(want, 1, want.given, floors[want.key]) for want in lacking], goods, 1)
    weigh = WEIGHTS[rule.share]
    parts = [_part(want, weigh(want), floors[want.key], want.need) for want in lacking]
    return shares | _dealt(parts, goods, rule.step)


def _part(want: Want, weight: int, low: int, high: int) -> _Part:
    return _Part(want.key, weight, want.given, low, high)


def _dealt(parts: Sequence[_Part], goods: int, step: int) -> dict[str, int]:
    """What each gets of `goods`, which is enough for every `low` and no more than every `high` together."""
    level = _level(parts, goods + sum(part.given for part in parts))
    fair = {part.key: part.at(level) for part in parts}
    shares = {part.key: _rounded(part, fair[part.key], step) for part in parts}
    left = goods - sum(shares.values())
    order = sorted(parts, key=lambda part: (-(fair[part.key] - part.given - shares[part.key]), part.key))
    while left and (less := _one_more(order, shares, left, step)) < left:
        left = less
    return shares


def _rounded(part: _Part, fair: Fraction, step: int) -> int:
    """The fair share in whole steps; all of it where the party then has what it needs."""
    share = int(fair) - part.given
    if fair == part.high:
        return share
    return max(share // step * step, part.low - part.given)


def _one_more(order: Sequence[_Part], shares: dict[str, int], left: int, step: int) -> int:
    """One more step for each, in order, as far as it goes; what is left then."""
    for part in order:
        more = min(step, part.high - part.given - shares[part.key])
        if 0 < more <= left:
            shares[part.key] += more
            left -= more
    return left


def _level(parts: Sequence[_Part], total: int) -> Fraction:
    """The level at which all parts together have `total`."""
    bends = sorted({Fraction(bound, part.weight) for part in parts for bound in (part.low, part.high)})
    at = bisect_left(bends, Fraction(total), key=lambda bend: _sum(parts, bend))
    return _between(parts, bends[at - 1] if at else Fraction(0), bends[min(at, len(bends) - 1)], total)


def _sum(parts: Sequence[_Part], level: Fraction) -> Fraction:
    return sum((part.at(level) for part in parts), Fraction(0))


def _between(parts: Sequence[_Part], lower: Fraction, upper: Fraction, total: int) -> Fraction:
    """The level between two bends, where every part is fixed or follows in a straight line."""
    at_lower, at_upper = _sum(parts, lower), _sum(parts, upper)
    if at_upper == at_lower:
        return lower
    return lower + (total - at_lower) * (upper - lower) / (at_upper - at_lower)


def shortages(wants: Sequence[Want], shares: Mapping[str, int]) -> dict[str, int]:
    """Key → what a party still lacks after its share."""
    return {want.key: want.lacks - shares[want.key] for want in wants}
