"""How the small values of the language are made: a text of two thousand characters makes thousands of them."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

C = TypeVar("C")


@dataclass_transform(frozen_default=True)
def light(cls: type[C]) -> type[C]:
    """A dataclass that is never changed: the type checker sees to that, not each of its instances.

    Making one costs a quarter of what a frozen dataclass costs, which sets its fields one by one past its own guard.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
