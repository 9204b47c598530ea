"""A misspelt township or village, mended only inside the place that is already known."""

import re
from functools import lru_cache

from .gazetteer import Level, Place, gazetteer

_WRITTEN: dict[Level, re.Pattern[str]] = {
    "township": re.compile(r"[\u4e00-\u9fff]{2,5}(?:镇|乡|街道)"),
    "community": re.compile(r"[\u4e00-\u9fff]{2,9}(?:村|社区)"),
}


def mended(text: str, level: Level, within: Place | None) -> tuple[Place | None, int]:
    """The one place of `level` below `within` whose name sounds like a word of `text`, and where that word ends; else (None, 0).

    阳方镇 is 阳坊镇 in 昌平区. Only equal sounds count: 东马营 and 西马营 differ by one character and are two villages.
    """
    if within is None:
        return None, 0
    for found in _WRITTEN[level].finditer(text):
        sounds = _sounds_below(within, level)
        word = found[0]
        for start in range(len(word) - 2):
            places = sounds.get(_sound(word[start:]), ())
            if len(places) == 1:
                return places[0], found.end()
    return None, 0


@lru_cache(maxsize=64)
def _sounds_below(within: Place, level: Level) -> dict[str, tuple[Place, ...]]:
    sounds: dict[str, tuple[Place, ...]] = {}
    for place in _below(within):
        if place.level == level:
            key = _sound(place.name)
            sounds[key] = (*sounds.get(key, ()), place)
    return sounds


def _below(place: Place) -> list[Place]:
    children = gazetteer().children.get(place, [])
    return children + [grandchild for child in children for grandchild in _below(child)]


def _sound(word: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - heavy, and wanted only when a slip is suspected

    return " ".join(lazy_pinyin(word))
