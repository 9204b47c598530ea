"""Long texts in parts below a channel's byte limit, broken at line ends, each part numbered."""

import re

_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
NUMBER_ROOM = 16
"""Bytes kept free for `（12/34）` and a line end."""


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit` UTF-8 bytes. One part stays as it is; several end with （1/3）, （2/3） …"""
    if len(text.encode()) <= limit:
        return [text]
    parts: list[str] = []
    current: list[str] = []
    room = limit - NUMBER_ROOM
    used = 0
    header: list[str] = []
    for line in _lines(text, room):
        size = len(line.encode()) + 1
        if current and used + size > room:
            parts.append("\n".join(current))
            current = list(header) if line.startswith("|") else []
            used = sum(len(kept.encode()) + 1 for kept in current)
        header = _header(header, current, line)
        current.append(line)
        used += size
    parts.append("\n".join(current))
    return [f"{part}\n（{number}/{len(parts)}）" for number, part in enumerate(parts, 1)]


def _header(header: list[str], current: list[str], line: str) -> list[str]:
    """The two lines at the head of the table that `line` belongs to: a part that begins within it repeats them."""
    if not line.startswith("|"):
        return []
    if _RULE.fullmatch(line) and current and current[-1].startswith("|"):
        return [current[-1], line]
    return header


def _lines(text: str, room: int) -> list[str]:
    """The lines of a text; one that is itself too long is broken between characters."""
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while len(rest.encode()) >= room:
            head = rest.encode()[: room - 1].decode(errors="ignore")
            lines.append(head)
            rest = rest[len(head) :]
        lines.append(rest)
    return lines
