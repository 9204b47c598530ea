"""What is wrong with a form file, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: `file:line: what is wrong; what was expected`."""

    source: str
    line: int
    """From 1 on; 0 where the whole file is meant."""
    message: str

    def __str__(self) -> str:
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.message}"
