"""Places: names in a text, units of the organisation, origins, addresses."""

from .address import Division, resolve, scope_of
from .gazetteer import CAPITAL, Place, gazetteer
from .place_scan import REGIONS, PlaceName, find_places, in_beijing
from .types import Span

__all__ = ["Division", "PlaceName", "find_places", "has_origin", "is_unit", "resolve"]


def is_unit(text: str, place: str | None) -> str | None:
    """The official name of the unit of Beijing that the whole of `text` names, else None.

    金海湖地区 → 金海湖镇, 昌平区阳坊镇 → 阳坊镇; of equal names the chat's own unit counts first.
    """
    word = text.strip()
    candidates = [p for p in gazetteer().any(word) if in_beijing(p) and p.name != CAPITAL]
    if candidates:
        return _nearest(candidates, place).name
    spans = find_places(word)
    joined = (
        spans
        and spans[0].start == 0
        and spans[-1].end == len(word)
        and all(a.end == b.start for a, b in zip(spans, spans[1:]))
    )
    found = resolve(word, place) if joined else None
    return (found.community or found.township or found.district) if found else None


def _nearest(candidates: list[Place], place: str | None) -> Place:
    scope = scope_of(place)
    for near in (scope.township, scope.district):
        inside = [p for p in candidates if near is not None and p.within(near)]
        if inside:
            return inside[0]
    return candidates[0]


def has_origin(text: str) -> Span[str] | None:
    """The longest run of names of provinces, prefectures and counties: 河北省保定市, 内蒙古赤峰, 天津武清, 哈尔滨."""
    best: Span[str] | None = None
    start = end = -1
    for span in find_places(text):
        if span.value.level not in REGIONS or span.value.name == CAPITAL:
            continue
        start, end = (start if span.start == end else span.start), span.end
        if best is None or end - start > best.end - best.start:
            best = Span(start, end, text[start:end])
    return best
