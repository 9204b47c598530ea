"""A misspelt township or village, mended only inside the place that is already known."""

import re
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from .gazetteer import Level, Place, gazetteer

_WRITTEN: dict[Level, re.Pattern[str]] = {
    "township": re.compile(r"[\u4e00-\u9fff]{2,5}(?:镇|乡|街道)"),
    "community": re.compile(r"[\u4e00-\u9fff]{2,9}(?:村|社区)"),
}
_SUFFIX = re.compile(r"(?:街道|镇|乡|社区|村)$")
# One character off is a slip only in a name this long; and never where the characters tell places apart.
_SLIP_LENGTH = 4
_TELLING = frozenset("东西南北中前后上下大小新老旧内外左右一二三四五六七八九十甲乙丙")


def mended(text: str, level: Level, within: Place | None) -> tuple[Place | None, int]:
    """The one place of `level` below `within` that a word of `text` misspells, and where the word ends; else (None, 0).

    Mended are another suffix (孙河镇 is 孙河乡), equal sounds (阳方镇 is 阳坊镇), and in long names one character.
    """
    if within is None:
        return None, 0
    for found in _WRITTEN[level].finditer(text):
        for start in range(len(found[0]) - 2):
            word = found[0][start:]
            place = _only(_other_suffix(word, level, within)) or _only(_sounding(word, level, within))
            if place is not None:
                return place, found.end()
        place = _only(_nearly(found[0], level, within))
        if place is not None:
            return place, found.end()
    return None, 0


def _only(places: tuple[Place, ...]) -> Place | None:
    return places[0] if len(places) == 1 else None


def _other_suffix(word: str, level: Level, within: Place) -> tuple[Place, ...]:
    stem = _SUFFIX.sub("", word)
    return tuple(p for p in _below(within, level) if _SUFFIX.sub("", p.name) == stem) if len(stem) > 1 else ()


def _sounding(word: str, level: Level, within: Place) -> tuple[Place, ...]:
    sounds = _sounds_below(within, level)
    return sounds.get(_sound(word), ())


def _nearly(word: str, level: Level, within: Place) -> tuple[Place, ...]:
    return tuple(p for p in _below(within, level) if _one_off(word[-len(p.name) :], p.name))


def _one_off(word: str, name: str) -> bool:
    if len(name) < _SLIP_LENGTH or len(word) != len(name):
        return False
    differing = {c for pair in zip(word, name, strict=True) if pair[0] != pair[1] for c in pair}
    return not differing & _TELLING and DamerauLevenshtein.distance(word, name, score_cutoff=1) == 1


@lru_cache(maxsize=64)
def _sounds_below(within: Place, level: Level) -> dict[str, tuple[Place, ...]]:
    sounds: dict[str, tuple[Place, ...]] = {}
    for place in _below(within, level):
        key = _sound(place.name)
        sounds[key] = (*sounds.get(key, ()), place)
    return sounds


@lru_cache(maxsize=256)
def _below(within: Place, level: Level) -> tuple[Place, ...]:
    children = gazetteer().children.get(within, [])
    here = tuple(child for child in children if child.level == level)
    return here + tuple(place for child in children for place in _below(child, level))


def _sound(word: str) -> str:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - heavy, and wanted only when a slip is suspected

    return " ".join(lazy_pinyin(word))
