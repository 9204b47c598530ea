"""Does what a message counts add up, and has somebody told it already? Pure."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.language.parts import is_rest

TELLING = 10
"""Two people may well both have turned two cars away; that both took 118 temperatures is worth a question."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A whole and the sum of its parts, which do not go together."""

    item: str
    measure: str
    whole: float
    parts: float


def mismatches(counts: Sequence[Mapping[str, Any]], parts: Mapping[int, int]) -> Iterator[Mismatch]:
    """Wholes whose parts are more than they, or, where the rest is told as well, not the same. What is told vaguely
    (近, 约, 余, 6至9) is left in peace.
    """
    of: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for part, of_which in parts.items():
        of[of_which].append(counts[part])
    for number, told in of.items():
        whole = counts[number]
        if any("max" in one or "approx" in one for one in (whole, *told)):
            continue
        together = sum(one["value"] for one in told)
        exact = any(is_rest(one["item"]) for one in told)
        if together > whole["value"] or (exact and together != whole["value"]):
            yield Mismatch(whole["item"], whole.get("unit", ""), whole["value"], together)


def telling(columns: Mapping[str, Any]) -> bool:
    """Whether a figure is one that two people do not both come to by chance."""
    return not columns["total"] and columns["value"] >= TELLING
