"""Which district, township and community of Beijing an address or a unit's name means, given the chat's unit."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .gazetteer import CAPITAL, Level, Place, gazetteer
from .place_scan import REGIONS, PlaceName, find_places, in_beijing
from .place_typos import mended
from .types import Span

UnitLevel = Literal["district", "township", "community"]


@dataclass(frozen=True, slots=True)
class Division:
    """What an address names, by the official everyday names of the parse contract."""

    district: str | None
    """None only where nothing but an unknown community is stated and the chat is bound to nothing."""
    township: str | None = None
    community: str | None = None
    level: UnitLevel = "district"
    """The lowest of the three that is set."""
    province: str | None = CAPITAL
    prefecture: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The chat's unit in the tree; levels that it does not name or that are unknown are None."""

    district: Place | None = None
    township: Place | None = None
    community: Place | None = None


# What follows a name of a village or estate in an address, but not a street, a shop or a person.
_UNIT_AFTER = re.compile(
    r"小区|社区|\d|[一二三四五六七八九十甲乙丙东南西北]+[号院楼栋座区门口侧]|号|院|楼|栋|宿舍|大院|公寓|[东南西北]门|$|[\s,，。;；、)）]"
)
# A village or community that is clearly stated but that the gazetteer does not know.
_STATED = re.compile(r"([\u4e00-\u9fff]{1,8}?(?:村|社区))(?![委民长口])")
_STATED_AT_START = re.compile(
    r"(?:现?住在?|家住|地址[:：]?)?([\u4e00-\u9fff]{2,8}?(?:村|社区))(?=[东南西北]?[街路区]?\d|[一二三四五六七八九十]+[号排队区]|[东南西北中前后]街)"
)


@lru_cache(maxsize=512)
def scope_of(place: str | None) -> Scope:
    """The chat's unit (`昌平区/阳坊镇`) in the tree."""
    found: dict[Level, Place] = {}
    above: Place | None = None
    for name in (place or "").split("/"):
        candidates = [p for p in gazetteer().any(name.strip()) if in_beijing(p) and (above is None or p.within(above))]
        if candidates:
            above = candidates[0]
            found[above.level] = above
    bottom = above.ancestors() if above and len({id(p) for p in candidates}) == 1 else iter(())
    found |= {p.level: p for p in bottom}
    return Scope(found.get("district"), found.get("township"), found.get("community"))


def resolve(text: str, place: str | None) -> Division | None:
    """What district, township and community `text` names, given the chat's unit; None when it names none of Beijing's.

    A level that the text does not name is set only where a lower one that it names settles it.
    """
    scope = scope_of(place)
    reader = _Reader(text, scope)
    return reader.division()


class _Reader:
    """One pass over the names of an address, from the large to the small."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.names = find_places(text)

    def division(self) -> Division | None:
        if self._elsewhere():
            return None
        district = self._one("district", None)
        township, after = self._township(district)
        community = self._community(township or district, after)
        if isinstance(community, Place):
            return _division(community)
        lowest = township or district
        if community is not None:
            return _stated(community, lowest or self.scope.township or self.scope.district)
        return _division(lowest) if lowest else None

    def _elsewhere(self) -> bool:
        """Whether the address begins outside Beijing: 河北省三河市, 长春市朝阳区."""
        first = next((n for n in self.names if n.value.name != CAPITAL), None)
        return first is not None and first.value.level in REGIONS and not any(in_beijing(p) for p in first.value.places)

    def _township(self, district: Place | None) -> tuple[Place | None, int]:
        found = self._spans("township", district)
        if found:
            return self._settle(found[0].value.places, district), found[0].end
        return mended(self.text, "township", district or self.scope.district)

    def _community(self, above: Place | None, after: int) -> "Place | str | None":
        for span in self._spans("community", above):
            place = self._settle(span.value.places, above)
            if place is not None and self._evident(span, place, above):
                return place
        mended_place, _ = mended(
            self.text[after:], "community", above if above and above.level == "township" else self.scope.township
        )
        return mended_place or self._stated(above, after)

    def _stated(self, above: Place | None, after: int) -> str | None:
        if above is not None and above.level == "township" and after:
            found = _STATED.match(self.text, after)
        elif above is None and self.scope.district:
            found = _STATED_AT_START.match(self.text)
        else:
            found = None
        return found[1] if found else None

    def _evident(self, span: Span[PlaceName], place: Place, above: Place | None) -> bool:
        """A short form counts where its unit is known and a house, gate or building follows: 嘉园二里5号楼."""
        if span.value.full:
            return True
        near = above or self.scope.township or self.scope.district
        return near is not None and place.within(near) and bool(_UNIT_AFTER.match(self.text, span.end))

    def _one(self, level: Level, above: Place | None) -> Place | None:
        found = self._spans(level, above)
        return self._settle(found[0].value.places, above) if found else None

    def _spans(self, level: Level, above: Place | None) -> list[Span[PlaceName]]:
        """Names of that level; a short form of a district or township only as part of a longer name."""
        spans = []
        for i, span in enumerate(self.names):
            places = tuple(p for p in span.value.places if p.level == level and (above is None or p.within(above)))
            if places and (span.value.full or level == "community" or self._joined(i, places)):
                spans.append(Span(span.start, span.end, PlaceName(places[0].name, level, span.value.full, places)))
        return spans

    def _joined(self, i: int, places: tuple[Place, ...]) -> bool:
        after = self.names[i + 1] if i + 1 < len(self.names) else None
        if after and after.start == self.names[i].end and any(q.within(p) for q in after.value.places for p in places):
            return True
        before = self.names[i - 1] if i else None
        return places[0].level == "district" and before is not None and before.value.name == CAPITAL

    def _settle(self, places: tuple[Place, ...], above: Place | None) -> Place | None:
        """The one place meant: the only one, or the only one below what is known, nearest first."""
        for near in (above, self.scope.township, self.scope.district, None):
            inside = [p for p in places if near is None or p.within(near)]
            if len(inside) == 1:
                return inside[0]
        return None


def _division(place: Place) -> Division | None:
    names = {p.level: p.name for p in place.ancestors()}
    if "district" not in names or place.level not in {"district", "township", "community"}:
        return None
    level: UnitLevel = "community" if "community" in names else "township" if "township" in names else "district"
    return Division(names["district"], names.get("township"), names.get("community"), level, names.get("province"))


def _stated(community: str, above: Place | None) -> Division | None:
    base = _division(above) if above else None
    return Division(base.district, base.township, community, "community", base.province) if base else None
