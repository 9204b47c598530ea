"""Long texts in parts below a channel's byte limit, broken at line ends, each part numbered."""

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
    for line in _lines(text, room):
        size = len(line.encode()) + 1
        if current and used + size > room:
            parts.append("\n".join(current))
            current, used = [], 0
        current.append(line)
        used += size
    parts.append("\n".join(current))
    return [f"{part}\n（{number}/{len(parts)}）" for number, part in enumerate(parts, 1)]


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
