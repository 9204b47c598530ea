"""A misspelt township or village, mended only inside the place that is already known."""

import re
from functools import lru_cache

from .expressions import expression
from .gazetteer import Level, Place, gazetteer
from .sounds import reading

_WRITTEN: dict[Level, re.Pattern[str]] = {
    "township": expression(r"([\u4e00-\u9fff]{2,6}?)(?:镇|乡|街道|地区)"),
    "community": expression(r"([\u4e00-\u9fff]{2,9}?)(?:村|社区)"),
}
_SUFFIX = expression(r"(?:街道|镇|(?:回族|满族|满族蒙古族)?乡|社区|村)$")
# One character that sounds otherwise is a slip only in a name this long.
_LONG_STEM = 3
# These tell places apart, they are never slips: 东马营 and 西马营 are two villages.
_TELLING = frozenset("东西南北中前后上下大小新老旧内外左右一二三四五六七八九十甲乙丙")


def mended(text: str, start: int, level: Level, within: Place | None) -> tuple[Place | None, int]:
    """The one place of `level` below `within` that the word at `start` misspells, and where it ends; else (None, 0).

    Mended are another suffix (孙河镇 is 孙河乡), one other character of the same sound (阳方镇 is 阳坊镇), and in
    longer names one other character.
    """
    found = _WRITTEN[level].match(text, start) if within else None
    if found is None or within is None:
        return None, 0
    stems = _stems_below(within, level)
    same = stems.get(found[1], ())
    near = same or tuple(p for stem, places in stems.items() if _slip(found[1], stem) for p in places)
    return (near[0], found.end()) if len(near) == 1 else (None, 0)


def _slip(written: str, stem: str) -> bool:
    """Whether `written` is `stem` with one character wrong."""
    from rapidfuzz.distance import Hamming  # noqa: PLC0415 - 10 ms that most messages never need

    if len(written) != len(stem) or Hamming.distance(written, stem, score_cutoff=1) != 1:
        return False
    wrong, right = next(pair for pair in zip(written, stem, strict=True) if pair[0] != pair[1])
    if wrong in _TELLING or right in _TELLING:
        return False
    return len(stem) >= _LONG_STEM or _sound(wrong) == _sound(right)


@lru_cache(maxsize=256)
def _stems_below(within: Place, level: Level) -> dict[str, tuple[Place, ...]]:
    """The places of `level` below a place, by their names without suffix."""
    stems: dict[str, tuple[Place, ...]] = {}
    for place in _below(within, level):
        stem = _SUFFIX.sub("", place.name)
        stems[stem] = (*stems.get(stem, ()), place)
    return stems


def _below(within: Place, level: Level) -> tuple[Place, ...]:
    children = gazetteer().children.get(within, [])
    here = tuple(child for child in children if child.level == level)
    return here + tuple(place for child in children for place in _below(child, level))


def _sound(char: str) -> str:
    return reading(char)
