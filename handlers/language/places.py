"""Places: names in a text, units of the organisation, origins of returnees, addresses."""

from itertools import pairwise

from .address import Division, resolve, scope_of
from .address_parts import missing_parts
from .expressions import expression
from .gazetteer import CAPITAL, Place, gazetteer
from .origins import Region, has_origin, region_of
from .place_scan import PlaceName, find_places, in_beijing

__all__ = [
    "Division",
    "PlaceName",
    "Region",
    "find_places",
    "has_origin",
    "is_unit",
    "missing_parts",
    "region_of",
    "resolve",
]

_OFFICE = expression(r"(?:街道办事处|街道办|地区办事处|办事处|居民?委员?会|村民?委员?会|(?<=[镇乡区])政府)$")
_OFFICE_SUFFIX = {"街": "街道", "地": "地区", "村": "村"}
_LONGEST = 40
_UNLISTED = expression(r"(?![全各本我咱你他每这那两几哪所某])[\u4e00-\u9fff]{2,8}?(?:村|社区|街道|镇|乡)")
_UNIT_SUFFIXES = ("", "村", "社区", "街道", "镇", "乡", "区")


def is_unit(text: str, place: str | None) -> str | None:
    """The official name of the unit of Beijing that the whole of `text` names, else None.

    金海湖地区 → 金海湖镇, 昌平区阳坊镇 → 阳坊镇, 望京街道办事处 → 望京街道. A name with the suffix of a unit that the
    gazetteer does not know is mended inside the chat's unit, or stands as written.
    Of equal names the chat's own unit counts first.
    """
    if len(text) > _LONGEST:
        return None
    word = _OFFICE.sub(lambda m: _OFFICE_SUFFIX.get(m[0][0], ""), text.strip().replace("/", ""))
    candidates = [p for p in gazetteer().any(word) if in_beijing(p) and p.name != CAPITAL]
    found = _nearest(candidates, place) or _nearest(_in_scope(word, place), place)
    return found.name if found else _joined_unit(word, place) or _unlisted_unit(word, place)


def _nearest(candidates: list[Place], place: str | None) -> Place | None:
    scope = scope_of(place)
    for near in (scope.township, scope.district):
        inside = [p for p in candidates if near is not None and p.within(near)]
        if inside:
            return inside[0]
    return candidates[0] if candidates else None


def _in_scope(word: str, place: str | None) -> list[Place]:
    """Names too short to mean anything anywhere else: 安固 in a chat of 夏各庄镇."""
    near = scope_of(place).township or scope_of(place).district
    named = [p for suffix in _UNIT_SUFFIXES for p in gazetteer().full(word + suffix)]
    return [p for p in named if near is not None and p.within(near)]


def _joined_unit(word: str, place: str | None) -> str | None:
    spans = find_places(word)
    whole = spans and spans[0].start == 0 and spans[-1].end == len(word)
    if not whole or any(a.end != b.start for a, b in pairwise(spans)):
        return None
    return _lowest(resolve(word, place))


def _unlisted_unit(word: str, place: str | None) -> str | None:
    if not _UNLISTED.fullmatch(word):
        return None
    return _lowest(resolve(word, place)) or word


def _lowest(found: Division | None) -> str | None:
    return (found.community or found.township or found.district) if found else None
