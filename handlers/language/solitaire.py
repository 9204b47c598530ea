# ruff: noqa: SIM905 - a list of words reads better as text
"""接龙: one snapshot of a chain, and what changed from one snapshot to the next (domain.md B5)."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from handlers.language.expressions import expression

_TAG = expression(r"#\s?(?:接龙|Group ?Note)|【接龙】|^接龙[:\s]", re.IGNORECASE | re.MULTILINE)
_STYLES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("dot", expression(r"^[ \t]*(\d{1,4})[.．](?!\d)[ \t]*", re.MULTILINE)),
    ("pause", expression(r"^[ \t]*(\d{1,4})、[ \t]*", re.MULTILINE)),
    ("paren", expression(r"^[ \t]*(\d{1,4})\)[ \t]*", re.MULTILINE)),
    ("brackets", expression(r"^[ \t]*\((\d{1,4})\)[ \t]*", re.MULTILINE)),
    ("circle", expression(r"^[ \t]*([①-⑳])[ \t]*", re.MULTILINE)),
    ("hanzi", expression(r"^[ \t]*([一二三四五六七八九十]{1,3})[、.][ \t]*", re.MULTILINE)),
)
_ONE_LINE = expression(r"(?:(?<=\s)|^)(\d{1,4})[.、](?!\d)[ ]?(?=\S)")
_EXAMPLE = expression(r"^[ \t]*(?:例[: ]|例如|示例|格式[: ]|样例|举例)", re.MULTILINE)
_HANZI = {
    word: n
    for n, word in enumerate(
        "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十".split(),
        1,
    )
}
_TAIL = expression(r"\n[ \t]*\n")
_EMPTY = expression(r"[\s_/\-.、,]*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered line; `text[start:end]` is its content without the number."""

    number: int
    start: int
    end: int
    content: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole list as one participant posted it."""

    header: str
    example: str
    entries: tuple[Entry, ...]
    header_start: int
    header_end: int

    @property
    def identity(self) -> str:
        """Names the chain: the same header and example, whatever the entries. An edited title is another chain."""
        words = "".join((self.header + "\n" + self.example).split())
        return hashlib.sha256(words.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer snapshot does to an older one. Entries are matched by who they are about, then by content."""

    added: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    withdrawn: tuple[str, ...]
    """Entries whose line now says that the person does not come."""
    dropped: tuple[str, ...]
    """Entries that are missing without a word: reported, never deleted."""


def read_snapshot(text: str) -> Snapshot | None:
    """The solitaire list in a normalised text, or None where it is none."""
    tag = _TAG.search(text) if "接龙" in text or "#" in text else None
    if tag is None:
        return None
    body = tag.end()
    marks = _entry_marks(text, body)
    first = marks[0][1] if marks else len(text)
    example = _EXAMPLE.search(text, body, first)
    header_end = example.start() if example else first
    entries = tuple(_entries(text, marks))
    return Snapshot(
        text[body:header_end].strip(),
        text[example.start() : first].strip() if example else "",
        entries,
        body,
        header_end,
    )


def _entry_marks(text: str, start: int) -> list[tuple[int, int, int]]:
    """Number, where the mark begins and ends: the style and run that count 1, 2, 3 … from the first mark on."""
    best: list[tuple[int, int, int]] = []
    for _, pattern in _STYLES:
        marks = [(_number(m[1]), m.start(), m.end()) for m in pattern.finditer(text, start)]
        run = _run(marks)
        if run and (not best or run[0][1] < best[0][1]):
            best = run
    if not best or (len(best) == 1 and "\n" not in text[best[0][2] :].strip()):
        line = _run([(_number(m[1]), m.start(), m.end()) for m in _ONE_LINE.finditer(text, start)])
        if len(line) > len(best):
            return line
    return best


def _run(marks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """The longest counting run: starts at 1 (or the first mark) and never goes back; gaps of deleted lines are
    allowed.
    """
    start = next((i for i, mark in enumerate(marks) if mark[0] == 1), 0 if marks else None)
    if start is None:
        return []
    run = [marks[start]]
    for mark in marks[start + 1 :]:
        if run[-1][0] < mark[0] <= run[-1][0] + _GAP:
            run.append(mark)
    return run


_GAP = 5
"""So many numbers may be missing between two entries; a larger jump is a number inside an entry."""


def _number(mark: str) -> int:
    if mark.isdecimal() and mark.isascii():
        return int(mark)
    return ord(mark) - 0x245F if "①" <= mark <= "⑳" else _HANZI.get(mark, 0)


def _entries(text: str, marks: list[tuple[int, int, int]]) -> Iterable[Entry]:
    for index, (number, _, start) in enumerate(marks):
        end = marks[index + 1][1] if index + 1 < len(marks) else len(text)
        if index + 1 == len(marks) and (tail := _TAIL.search(text, start)):
            end = tail.start()
        content = text[start:end].rstrip()
        if not _EMPTY.match(content):
            yield Entry(number, start, start + len(content), content.strip())


_WITHDRAWN = expression(r"取消|退出|不去了|去不了|作废|不来了|请假")
_WHO = expression(r"[一-鿿·]+")


def _who(content: str) -> str:
    """What an entry is about: its first word."""
    match = _WHO.match(content.strip())
    return match.group() if match else content.strip()


def difference(old: Snapshot, new: Snapshot) -> Difference:
    """Added, changed, withdrawn and dropped entries from `old` to `new`."""
    before = {_who(e.content): e.content for e in old.entries}
    after = {_who(e.content): e.content for e in new.entries}
    changed = [(before[who], after[who]) for who in before if who in after and before[who] != after[who]]
    return Difference(
        added=tuple(content for who, content in after.items() if who not in before),
        changed=tuple(pair for pair in changed if not _WITHDRAWN.search(pair[1])),
        withdrawn=tuple(pair[1] for pair in changed if _WITHDRAWN.search(pair[1])),
        dropped=tuple(content for who, content in before.items() if who not in after),
    )


def merge(ours: Iterable[str], theirs: Iterable[str]) -> tuple[str, ...]:
    """The union of the entries of two forks, one per person; where both have one, `theirs`, the later, holds."""
    merged = {_who(content): content for content in ours}
    merged |= {_who(content): content for content in theirs}
    return tuple(merged.values())
