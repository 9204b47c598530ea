"""Where somebody comes from: names of regions outside Beijing."""

import re
from typing import NamedTuple

from .gazetteer import CAPITAL, Place
from .place_scan import REGIONS, PlaceName, find_places
from .types import Span

_GAP = re.compile(r"[ \t/·-]?")
# What an origin may go on with below the county: 河北省蔚县西合营镇.
_LOWER = re.compile(r"[^\W\d_来从回坐乘去到住返往在]{1,5}?(?:街道|镇|乡|村)")


class Region(NamedTuple):
    """A region by its official names; a level that the text leaves open is None."""

    province: str | None
    prefecture: str | None
    county: str | None


def has_origin(text: str) -> Span[str] | None:
    """The longest run of regions outside Beijing: 河北省保定市, 内蒙古赤峰, 天津武清, 哈尔滨, 河北省蔚县西合营镇."""
    runs = _runs(text)
    best = max(runs, key=lambda run: run[-1].end - run[0].start, default=None)
    if best is None:
        return None
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


def _end_below(text: str, end: int) -> int:
    while found := _LOWER.match(text, end):
        end = found.end()
    return end
