"""Who of a call-up's sign-ups has a place and who is on the reserve list. Pure: it follows from their order alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class SignUpLike(Protocol):
    """What is needed of a sign-up."""

    person: str
    extra: int
    state: str
    later: bool


@dataclass(frozen=True, slots=True)
class Seat:
    """A sign-up with its heads: how many have a place, how many wait."""

    number: int
    """Place of the first head in the order of signing up, from 1."""
    placed: int
    waiting: int


def heads(sign_up: SignUpLike) -> int:
    """People that a sign-up brings, the person included; of companions who were added later, those alone."""
    return max(0, sign_up.extra) + (0 if sign_up.later else 1)


def seats(sign_ups: Sequence[SignUpLike], needed: int) -> list[Seat]:
    """One seat for each sign-up, first come first served: quota and reserve partition the heads of the active ones.

    A sign-up that was taken back has no heads left.
    """
    found = []
    taken = 0
    for sign_up in sign_ups:
        size = heads(sign_up) if sign_up.state == "active" else 0
        placed = max(0, min(size, needed - taken))
        found.append(Seat(taken + 1, placed, size - placed))
        taken += size
    return found


def count(sign_ups: Sequence[SignUpLike]) -> int:
    """Heads of all active sign-ups."""
    return sum(heads(row) for row in sign_ups if row.state == "active")


def promoted(before: Sequence[Seat], after: Sequence[Seat]) -> list[int]:
    """Positions of the sign-ups that got places which they did not have."""
    return [i for i, (old, new) in enumerate(zip(before, after, strict=True)) if new.placed > old.placed]


def set_back(before: Sequence[Seat], after: Sequence[Seat]) -> list[int]:
    """Positions of the sign-ups that lost places to others and wait now."""
    return [
        i
        for i, (old, new) in enumerate(zip(before, after, strict=True))
        if new.placed < old.placed and new.waiting > old.waiting
    ]


def check_sum(parts: Sequence[tuple[str, int | None]], total: int) -> tuple[list[tuple[str, int]], int]:
    """A split with its remainder (`None`: 其余) filled in, and what is left over or, below zero, too much."""
    stated = sum(size for _, size in parts if size is not None)
    rest = max(0, total - stated)
    filled = [(place, rest if size is None else size) for place, size in parts]
    return filled, total - sum(size for _, size in filled)
