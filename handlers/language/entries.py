"""Numbered parts of a text: `1.东门… 2.西门…`, on one line or on several."""

import re

from handlers.language.expressions import expression
from handlers.language.scan import Region

_MARK = expression(
    r"(?:^|(?<=[\s,;:。、!]))(?:\(?([1-9]|1\d|20)(?:[.、)](?!\d)|\))|([①-⑳]))[ ]?(?=[^\d\s])", re.MULTILINE
)
_SIGNS = frozenset(".、)①")
_FEWEST = 2


def numbered(region: Region) -> list[Region] | None:
    """The parts behind 1, 2, 3 …, or None where the marks do not count from one."""
    text = region.scan.text
    if _SIGNS.isdisjoint(region.scan.characters):
        return None
    marks = [(int(m[1]) if m[1] else ord(m[2]) - 0x245F, m) for m in _MARK.finditer(text, region.start, region.end)]
    run: list[re.Match[str]] = []
    for number, mark in marks:
        if number == len(run) + 1:
            run.append(mark)
    if len(run) < _FEWEST:
        return None
    ends = [mark.start() for mark in run[1:]] + [region.end]
    return [Region(region.scan, mark.end(), _trim(text, mark.end(), end)) for mark, end in zip(run, ends, strict=True)]


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \n,;。":
        end -= 1
    return end
