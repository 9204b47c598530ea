"""Tables of what messages begin with: orders by their words, the first that holds wins."""

import re
from collections.abc import Iterable

from handlers.language.expressions import expression
from handlers.language.needed import FirstLook

Found = tuple[str, re.Match[str]]


class Openings:
    """Names, each with an expression for the beginning of a text (or, where it says so, for the whole of it).

    `before` and `after` stand around each expression. Most texts hold no word of any of them: these are told apart by
    one pass over the text.
    """

    def __init__(self, table: Iterable[tuple[str, str]], *, before: str, after: str = "", flags: int = 0) -> None:
        rows = tuple(table)
        self._rows = [(name, expression(f"{before}(?:{words}){after}", flags)) for name, words in rows]
        self._can_match = FirstLook([words for _, words in rows])

    def find(self, text: str) -> Found | None:
        """The first name whose expression matches at the beginning of `text`, and the match."""
        can = self._can_match(text)
        while can:
            lowest = can & -can
            name, pattern = self._rows[lowest.bit_length() - 1]
            if match := pattern.match(text):
                return name, match
            can ^= lowest
        return None
