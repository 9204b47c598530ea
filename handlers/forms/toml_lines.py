"""At which line each key and element of a TOML text stands. `tomllib` reads the values and does not tell.

One pass over a text that `tomllib` has accepted; so only what valid TOML can hold has to be known here.
"""

import re
import tomllib

from handlers.language.expressions import expression

Where = tuple[str | int, ...]
"""Keys and positions in lists from the top down: `("fields", 2, "synonyms", 0)`."""

_BLANK = expression(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY = expression(r"[ \t]*([A-Za-z0-9_-]+|\"(?:[^\"\\]|\\.)*\"|'[^']*')[ \t]*")
_STRING = expression(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")|' + r"'''.*?'{3,5}(?!')|" + r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'", re.DOTALL
)
_PLAIN = expression(r"[^,\]}#\r\n]+")


class LineIndex:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Where, int] = {}
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0
        self._elements: dict[Where, int] = {}
        self._statements()

    def line(self, *where: str | int) -> int:
        """Where `where`, or what holds it, is written."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def _statements(self) -> None:
        table: Where = ()
        while self._skip():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip(self) -> bool:
        """Go over what says nothing; whether anything follows."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._at < len(self._text)

    def _header(self) -> Where:
        """`[table]` or `[[element]]`: its full name."""
        several = self._text.startswith("[[", self._at)
        self._at += 1 + several
        keys, line = self._keys()
        self._at += 1 + several
        where: Where = ()
        for index, key in enumerate(keys):
            where += (key,)
            if several and index == len(keys) - 1:
                self._elements[where] = self._elements.get(where, -1) + 1
            self.lines.setdefault(where, line)
            if where in self._elements:
                where += (self._elements[where],)
        self.lines[where] = line
        return where

    def _pair(self, table: Where) -> None:
        keys, line = self._keys()
        where = table
        for key in keys:
            where += (key,)
            self.lines.setdefault(where, line)
        self._at += 1  # the sign =
        self._skip()
        self._value(where)

    def _keys(self) -> tuple[list[str], int]:
        """A dotted name, and its line."""
        keys: list[str] = []
        line = 0
        while (match := _KEY.match(self._text, self._at)) is not None:
            line = line or self._line_at(match.start(1))
            keys.append(_unquoted(match[1]))
            self._at = match.end()
            if self._text[self._at : self._at + 1] != ".":
                break
            self._at += 1
        return keys, line

    def _value(self, where: Where) -> None:
        self.lines.setdefault(where, self._line_at(self._at))
        opening = self._text[self._at]
        if opening == "[":
            self._list(where)
        elif opening == "{":
            self._inline(where)
        else:
            match = (_STRING if opening in "\"'" else _PLAIN).match(self._text, self._at)
            self._at = match.end() if match else len(self._text)

    def _list(self, where: Where) -> None:
        self._at += 1
        index = 0
        while self._skip() and self._text[self._at] != "]":
            self._value((*where, index))
            index += 1
            self._comma()
        self._at += 1

    def _inline(self, where: Where) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            self._pair(where)
            self._comma()
        self._at += 1

    def _comma(self) -> None:
        if self._skip() and self._text[self._at] == ",":
            self._at += 1

    def _line_at(self, position: int) -> int:
        self._line += self._text.count("\n", self._counted, position)
        self._counted = position
        return self._line


def _unquoted(key: str) -> str:
    return next(iter(tomllib.loads(f"{key} = 0"))) if key[0] in "\"'" else key
