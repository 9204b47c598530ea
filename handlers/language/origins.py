"""Where somebody comes from: names of regions outside Beijing."""

from typing import NamedTuple

from .expressions import expression
from .gazetteer import CAPITAL, Place, gazetteer
from .place_cues import EVERYDAY_WORDS
from .place_scan import REGIONS, PlaceName, find_places
from .types import Span

_GAP = expression(r"[ \t/·-]?")
# What an origin may go on with below the county: 河北省蔚县西合营镇.
_LOWER = expression(r"[^\W\d_来从回坐乘去到住返往在]{1,5}?(?:街道|镇|乡|村)")

_FROM = expression(r"(?:从|来自|自|由|(?:出发|来源|返程)地?[:：])\s*")
_UNKNOWN = expression(
    r"(?!那|这|老家|大厦|饭店|宾馆|方向|站|路|街)[^\W\d_]{1,4}?(?=来|回|返|出发|过来|坐|乘|自驾|开车|[\s,，。;；、]|$)"
)
_LONGEST_SHORT = 6
_SHORT_TEXT = 8


class Region(NamedTuple):
    """A region by its official names; a level that the text leaves open is None."""

    province: str | None
    prefecture: str | None
    county: str | None


def has_origin(text: str) -> Span[str] | None:
    """The longest run of regions outside Beijing: 河北省保定市, 内蒙古赤峰, 天津武清, 哈尔滨, 河北省蔚县西合营镇.

    A place below them that nobody lists counts with them where it stands between two cues: 从河北燕郊来.
    """
    best = max(_runs(text), key=lambda run: run[-1].end - run[0].start, default=None)
    if best is None:
        return _unlisted(text)
    start, end = best[0].start, _end_below(text, best[-1].end)
    return Span(start, end, text[start:end])


def region_of(text: str) -> Region | None:
    """The region that the origin in `text` lies in, with the levels above it: 赤峰 is in 内蒙古自治区."""
    best = max(_runs(text), key=lambda run: run[-1].end - run[0].start, default=None)
    if best is None:
        return None
    names = {p.level: p.name for p in _last_place(best).ancestors()}
    return Region(names.get("province"), names.get("prefecture"), names.get("county"))


def _runs(text: str) -> list[list[Span[PlaceName]]]:
    """Names of regions that follow each other."""
    runs: list[list[Span[PlaceName]]] = []
    for span in find_places(text):
        if span.value.level not in REGIONS or span.value.name == CAPITAL:
            continue
        if runs and _GAP.fullmatch(text, runs[-1][-1].end, span.start):
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _last_place(run: list[Span[PlaceName]]) -> Place:
    """The smallest place of a run, inside the ones before it where it can be."""
    place = run[0].value.places[0]
    for span in run[1:]:
        place = next((p for p in span.value.places if p.within(place)), span.value.places[0])
    return place


def _unlisted(text: str) -> Span[str] | None:
    """河北燕郊, 廊坊白家务: a short form of a region and an unknown name, after 从 or as the whole of a short text."""
    for start in (*(cue.end() for cue in _FROM.finditer(text)), *((0,) if len(text) <= _SHORT_TEXT else ())):
        for length in range(_LONGEST_SHORT, 1, -1):
            name = text[start : start + length]
            tail = _UNKNOWN.match(text, start + length) if _is_region(name) else None
            known = tail and gazetteer().full(text[start : tail.end()])  # 河北村 is a village of Beijing
            if tail and not known and (start or name not in EVERYDAY_WORDS):
                return Span(start, tail.end(), text[start : tail.end()])
    return None


def _is_region(name: str) -> bool:
    places = gazetteer().any(name)
    return bool(places) and places[0].name != CAPITAL and places[0].level in {"province", "prefecture"}


def _end_below(text: str, end: int) -> int:
    while found := _LOWER.match(text, end):
        end = found.end()
    return end
