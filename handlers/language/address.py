"""Which district, township and community of Beijing an address or a unit's name means, given the chat's unit."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .expressions import expression
from .gazetteer import CAPITAL, Level, Place, gazetteer
from .place_cues import NO_COMMUNITY_BEFORE, NO_DISTRICT_BEFORE
from .place_scan import REGIONS, PlaceName, find_places, in_beijing
from .place_typos import mended
from .types import Span

UnitLevel = Literal["district", "township", "community"]


@dataclass(frozen=True, slots=True)
class Division:
    """What an address names, by the official everyday names of the parse contract."""

    district: str
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


# The short form of a community means it where a house, a gate or a building follows: 嘉园二里5号楼, 亚澜湾小区.
_IN_COMMUNITY = expression(
    r"\s*(?:小区|社区|[A-Z]?\d|[一二三四五六七八九十甲乙丙]+[号区期队排楼栋座院]|[东南西北中][区院里]?\d)"
    r"|宿舍|公寓|大院|[东南西北正]门|\s*$|[,，。;；、]"
)
# A village or community that is clearly stated although the gazetteer does not know it.
_STATED = expression(r"([\u4e00-\u9fff]{1,8}?(?:村社区|村|社区))(?!民|里|镇|服务|卫生|医院|中心)")
_PREAMBLE = expression(r"\s*(?:(?:现|目前|暂|家)?(?:居住|住)(?:在|于|址|地)?[:：]?\s*)?(?:北京市?(?:市辖区)?\s*)?")
_NUMBER_FOLLOWS = expression(
    r"[东南西北中前后]?[街区路]?\s*\d|[一二三四五六七八九十]+[号排队区组]|[东南西北中前后]街|\s*$"
)
_NO_STATED_NAME = expression(r"政府|服务|公司|工业|乡村|农村|社区.|小区|某")
_DISTRICT_HEAD = expression(r"([\u4e00-\u9fff]{2,3}?)(?=[\u4e00-\u9fff])")
_DIGIT_IN_NAME = expression(r"(?<=[\u4e00-\u9fff])([1-9])(?=[里村区])")
# What is longer is no address; only its head is read.
_LONGEST = 200
_HAN_DIGITS = "〇一二三四五六七八九"


@lru_cache(maxsize=512)
def scope_of(place: str | None) -> Scope:
    """The chat's unit (`昌平区/阳坊镇`) in the tree; names that are unknown or not unique are left out."""
    found: dict[Level, Place] = {}
    above: Place | None = None
    for name in (place or "").split("/"):
        candidates = [p for p in gazetteer().any(name.strip()) if in_beijing(p) and (above is None or p.within(above))]
        largest = [p for p in candidates if p.level == candidates[0].level]
        if len({(p.name, p.parent) for p in largest}) == 1:
            above = largest[0]
            found |= {p.level: p for p in above.ancestors()}
    return Scope(found.get("district"), found.get("township"), found.get("community"))


def resolve(text: str, place: str | None) -> Division | None:
    """What district, township and community `text` names, given the chat's unit; None when it names none of Beijing's.

    A level that the text does not name is set only where a lower one that it names settles it: `6号楼1单元203` is None,
    `西贯市村88号` in a chat of 阳坊镇 has all three. Of equal names the nearest to the chat's unit is meant.
    """
    scope = scope_of(place)
    text = text[:_LONGEST]
    found = _Reader(text, scope).division()
    if (found is None or found.community is None) and _DIGIT_IN_NAME.search(text):
        again = _Reader(_DIGIT_IN_NAME.sub(lambda m: _HAN_DIGITS[int(m[1])], text), scope).division()
        return again if again and again.community else found
    return found


class _Reader:
    """One pass over the names of an address, from the large to the small."""

    def __init__(self, text: str, scope: Scope) -> None:
        self.text = text
        self.scope = scope
        self.names = find_places(text)
        preamble = _PREAMBLE.match(text)
        self.head = preamble.end() if preamble else 0

    def division(self) -> Division | None:
        if self._elsewhere():
            return None
        district, end = self._district()
        township, end = self._township(district, end)
        lowest = township or district
        known = self._community(lowest) or self._misspelt(lowest, end)
        if known is not None:
            return _division(known)
        stated, above = self._stated(lowest, end)
        return _division(above, stated) if above else None

    def _elsewhere(self) -> bool:
        """Whether the address begins outside Beijing: 河北省三河市, 长春市朝阳区."""
        first = next((n.value for n in self.names if n.value.name != CAPITAL), None)
        return first is not None and first.level in REGIONS and not any(map(in_beijing, first.places))

    def _district(self) -> tuple[Place | None, int]:
        for i, name in enumerate(self.names):
            places = _of_level(name.value.places, "district", None)
            if places and (places[0] in name.value.named or self._joined(i, places[0])):
                return places[0], name.end
        return self._head_district()

    def _joined(self, i: int, place: Place) -> bool:
        """A district's short form counts beside what it is in or what is in it: 北京昌平, 昌平阳坊镇."""
        name = self.names[i]
        after = self.names[i + 1] if i + 1 < len(self.names) else None
        if after and after.start == name.end and any(p.within(place) for p in after.value.places):
            return True
        return bool(i) and self.names[i - 1].end == name.start and self.names[i - 1].value.name == CAPITAL

    def _head_district(self) -> tuple[Place | None, int]:
        """Or at the head of an address that goes on: 丰台某某小区3号楼, but not 朝阳北路."""
        found = _DISTRICT_HEAD.match(self.text, self.head)
        places = [p for p in gazetteer().any(found[1]) if p.level == "district" and in_beijing(p)] if found else []
        if found and places and not self.text.startswith(NO_DISTRICT_BEFORE, found.end()):
            return places[0], found.end()
        return None, self.head

    def _township(self, district: Place | None, end: int) -> tuple[Place | None, int]:
        for name in self.names:
            named = _of_level(name.value.named, "township", district)
            short = () if named else _of_level(name.value.places, "township", district)
            if named or (short and self._follows(name, short[0], end)):
                return self._settle(named or short, district), name.end
        found, after = mended(self.text, end, "township", district or self.scope.district)
        return found, after or end

    def _follows(self, name: Span[PlaceName], place: Place, end: int) -> bool:
        """A town's short form counts right after its district: 通州马驹桥. A street office's does not: 朝阳区望京."""
        return (
            name.start == end
            and end > self.head
            and place.name.endswith(("镇", "乡"))
            and not self.text.startswith(NO_COMMUNITY_BEFORE, name.end)
        )

    def _community(self, above: Place | None) -> Place | None:
        for name in self.names:
            if name.value.full and name.value.level != "community":
                continue  # 永宁镇 is the town, although there is a 永宁镇社区
            places = _of_level(name.value.places, "community", above)
            found = self._settle(_of_level(name.value.named, "community", above), above)
            if found is None or self._far(found, above):
                found = self._settle_short(places, above, name.end) or found
            if found is not None:
                return found
        return None

    def _far(self, place: Place, above: Place | None) -> bool:
        near = above or self.scope.district
        return near is not None and not place.within(near)

    def _settle_short(self, places: tuple[Place, ...], above: Place | None, end: int) -> Place | None:
        near = above or self.scope.district
        if near is None or not _IN_COMMUNITY.match(self.text, end):
            return None
        return self._settle(tuple(p for p in places if p.within(near)), above)

    def _settle(self, places: tuple[Place, ...], above: Place | None) -> Place | None:
        """The one place meant: the only one below what is known, the nearest first."""
        for near in (above, self.scope.township, self.scope.district, None):
            inside = [p for p in places if near is None or p.within(near)]
            if len({(p.name, p.parent) for p in inside}) == 1:
                return inside[0]
        return None

    def _misspelt(self, above: Place | None, end: int) -> Place | None:
        here = self.scope.township
        if above is not None and (here is None or not here.within(above)):
            here = above if above.level == "township" else None
        return mended(self.text, end, "community", here)[0]

    def _stated(self, above: Place | None, end: int) -> tuple[str | None, Place | None]:
        """A village as written, right after a known unit, or at the head of an address inside the chat's unit."""
        if above is not None:
            found = _STATED.match(self.text, end)
            return (found[1] if found and not _NO_STATED_NAME.search(found[1]) else None), above
        found = _STATED.match(self.text, self.head)
        if not found or _NO_STATED_NAME.search(found[1]) or not _NUMBER_FOLLOWS.match(self.text, found.end()):
            return None, None
        return found[1], None if self._named_elsewhere(found[1]) else self.scope.township or self.scope.district

    def _named_elsewhere(self, name: str) -> bool:
        """Villages of that name exist, none of them here: which one is meant is not for us to say."""
        return bool(gazetteer().full(name))


def _of_level(places: tuple[Place, ...], level: Level, above: Place | None) -> tuple[Place, ...]:
    return tuple(p for p in places if p.level == level and (above is None or p.within(above)))


def _division(place: Place, stated: str | None = None) -> Division | None:
    names = {p.level: p.name for p in place.ancestors()}
    if "district" not in names:
        return None
    township, community = names.get("township"), stated or names.get("community")
    level: UnitLevel = "community" if community else "township" if township else "district"
    return Division(names["district"], township, community, level)
