"""Find every administrative name in a text: the longest ones, and short forms only where what stands around them allows."""

from bisect import bisect_right
from dataclasses import dataclass

from .gazetteer import CAPITAL, Level, Place, Word, gazetteer
from .types import Span

_DEPTH: dict[Level, int] = {"province": 0, "prefecture": 1, "county": 2, "district": 2, "township": 3, "community": 4}
REGIONS: frozenset[Level] = frozenset({"province", "prefecture", "county"})

# Characters that may stand right before or after a short form without making another word of it.
LEFT_CUES = frozenset("从自在到去回由返往抵离住至于址为是经赴与和及跟或")
RIGHT_CUES = frozenset("来回返出坐乘开到抵过人市籍的往飞自等方与和及跟或那这")
# These say that a region is meant, even where the short form is an everyday word or a person's name.
STRONG_LEFT = frozenset("从自由")
STRONG_RIGHT = ("来", "回", "返", "出发", "过来", "籍", "人", "市")
# Short forms that are everyday words (来宾: guest, 日照: sunshine) or given names: only beside a strong cue.
EVERYDAY_WORDS = frozenset(
    "来宾 日照 白银 安康 东方 和平 平安 文山 金华 玉林 吴忠 安庆 白山 大庆 丽水 长治 中山 黄山 红河 兴安 海南 吉安 宜春 "
    "固原 天水 广安 延安 安阳 宁德 永安 太平 高平 安平 大安 河源 大理 三明 云浮 广元 巴中 安顺 保山 普洱 玉溪 昌都 海东 "
    # and townships that are a gate, a direction or a motto: 南口 is the south entrance of most posts
    "南口 前门 天桥 古城 胜利 光明 新华 向阳 东风 迎风 新村 曙光 城关 老山 清水 月坛 天坛 香山 清华园 永定 安定 首都机场".split()
)
_SIDES = tuple("东南西北中")
_OF_A_SIDE = tuple("门口侧边面入出区院街路")
# After a short form of a township or community these make a street, a station or an institution of it.
NOT_A_PLACE_AFTER = (
    "路",
    "街",
    "大街",
    "桥",
    "站",
    "地铁",
    "医院",
    "中学",
    "小学",
    "大学",
    "幼儿园",
    "机场",
    "公园",
    "市场",
    "胡同",
)


@dataclass(frozen=True, slots=True)
class PlaceName:
    """What an administrative name in a text means."""

    name: str
    """Official everyday name of the likeliest place: 金海湖镇 for 金海湖地区."""
    level: Level
    full: bool
    """Written with its suffix; a short form (望京, 保定) is weaker evidence."""
    places: tuple[Place, ...]
    """Every place that it may be, Beijing's first."""


@dataclass(slots=True, eq=False)
class _Hit:
    start: int
    end: int
    word: Word
    places: tuple[Place, ...]
    full: bool


def find_places(text: str) -> list[Span[PlaceName]]:
    """Administrative names in `text`, left to right, without overlaps. Linear in the length of the text."""
    hits = _hits(text)
    if not hits:
        return []
    kept = _choose(_Scene(text, hits).accepted())
    return [Span(h.start, h.end, _value(h)) for h in kept]


def _hits(text: str) -> list[_Hit]:
    found = []
    for last, word in gazetteer().automaton.iter(text):
        end = last + 1
        places = word.full or word.short
        found.append(_Hit(end - len(word.text), end, word, places, bool(word.full)))
    return found


def _value(hit: _Hit) -> PlaceName:
    places = tuple(sorted(hit.places, key=_rank))
    return PlaceName(places[0].name, places[0].level, hit.full, places)


def _rank(place: Place) -> tuple[bool, int]:
    return (not in_beijing(place), _DEPTH[place.level])


def in_beijing(place: Place) -> bool:
    """Whether it is Beijing or lies in it."""
    return any(p.name == CAPITAL for p in place.ancestors())


def is_hanzi(char: str) -> bool:
    """Whether `char` is a Chinese character and so might make one word with its neighbour."""
    return "\u3400" <= char <= "\u9fff" or char == "〇"


class _Scene:
    """The hits of one text and their neighbourhood."""

    def __init__(self, text: str, hits: list[_Hit]) -> None:
        self.text = text
        self.hits = hits
        self.by_start: dict[int, list[_Hit]] = {}
        self.by_end: dict[int, list[_Hit]] = {}
        for hit in hits:
            self.by_start.setdefault(hit.start, []).append(hit)
            self.by_end.setdefault(hit.end, []).append(hit)

    def accepted(self) -> list[_Hit]:
        return [hit for hit in self.hits if self._accept(hit)]

    def _accept(self, hit: _Hit) -> bool:
        above = self._chained_above(hit)
        if above:
            hit.places = above
            return True
        if hit.full:
            return hit.end - hit.start > 3 or self._left_open(hit)  # noqa: PLR2004 - 东村 inside 李家东村 is no name
        return self._chains_below(hit) and self._left_open(hit) or self._accept_short(hit)

    def _accept_short(self, hit: _Hit) -> bool:
        if not (self._left_open(hit) and self._right_open(hit)):
            return self._community_open(hit)
        if hit.word.text in EVERYDAY_WORDS:
            return self._strong(hit)
        if all(p.level == "county" for p in hit.places):
            return self._strong(hit) and any(not p.name.endswith("区") for p in hit.places)
        return True

    def _community_open(self, hit: _Hit) -> bool:
        """A community's short form may be followed by what is in it: 花家地西里南门, 嘉园二里5号楼."""
        return (
            any(p.level == "community" for p in hit.places)
            and self._left_open(hit)
            and not self.text.startswith(NOT_A_PLACE_AFTER, hit.end)
            # 南湖中园北门 is the north gate of 南湖中园, not a gate of 南湖中园北社区
            and not (hit.word.text.endswith(_SIDES) and self.text.startswith(_OF_A_SIDE, hit.end))
        )

    def _strong(self, hit: _Hit) -> bool:
        left = self.text[hit.start - 1] if hit.start else ""
        return (
            left in STRONG_LEFT
            and bool(left)
            or self.text.startswith(STRONG_RIGHT, hit.end)
            or (hit.start == 0 and hit.end == len(self.text))
        )

    def _left_open(self, hit: _Hit) -> bool:
        if hit.start == 0:
            return True
        left = self.text[hit.start - 1]
        return not is_hanzi(left) or left in LEFT_CUES or any(_contains(o, hit) for o in self.by_end.get(hit.start, ()))

    def _right_open(self, hit: _Hit) -> bool:
        if hit.end == len(self.text):
            return True
        right = self.text[hit.end]
        return not is_hanzi(right) or right in RIGHT_CUES

    def _chained_above(self, hit: _Hit) -> tuple[Place, ...]:
        """The readings of `hit` that lie in the place named right before it: 岳阳 in 湖南岳阳."""
        for before in self.by_end.get(hit.start, ()):
            inside = _inside(hit.word.full, before.places) or _inside(hit.word.short, before.places)
            if inside:
                return inside
        return ()

    def _chains_below(self, hit: _Hit) -> bool:
        """Whether the name right after it lies in it: 湖南 in 湖南岳阳."""
        return any(_contains(hit, after) for after in self.by_start.get(hit.end, ()))


def _contains(outer: _Hit, inner: _Hit) -> bool:
    return bool(_inside(inner.places, outer.places))


def _inside(inner: tuple[Place, ...], outer: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(p for p in inner if any(q is not p and p.within(q) for q in outer))


def _choose(hits: list[_Hit]) -> list[_Hit]:
    """The set without overlaps that covers most, full names before short ones: 平谷|镇罗营镇, not 平谷镇|罗营."""
    hits.sort(key=lambda h: (h.end, h.start))
    ends = [h.end for h in hits]
    best: list[tuple[int, int]] = [(0, 0)]  # value, number of hits to go back to
    taken: list[bool] = []
    for i, hit in enumerate(hits):
        before = bisect_right(ends, hit.start, 0, i)
        value = best[before][0] + 4 * (hit.end - hit.start) + (1 if hit.full else -1)
        take = value > best[i][0]
        taken.append(take)
        best.append((value, before) if take else (best[i][0], i))
    kept = []
    i = len(hits)
    while i:
        if taken[i - 1]:
            kept.append(hits[i - 1])
        i = best[i][1]
    kept.reverse()
    return kept
