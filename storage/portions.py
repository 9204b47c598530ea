"""Many keys a few at a time: both databases take about 32,000 parameters, and a transaction is not to be held long."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def portions(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`items` in their order, `size` at a time; the last ones may be fewer."""
    return (items[start : start + size] for start in range(0, len(items), size))
