"""Find every administrative name in a text: the longest ones, and short forms only where their surroundings allow."""

from bisect import bisect_right
from dataclasses import dataclass

from .gazetteer import CAPITAL, Level, Place, Word, gazetteer
from .light import light
from .place_cues import (
    EVERYDAY_WORDS,
    LEFT_CUES,
    LEFT_REACH,
    NO_COMMUNITY_BEFORE,
    PLAIN_WORDS,
    RIGHT_CUES,
    STRONG_LEFT,
    STRONG_RIGHT,
)
from .types import Span

REGIONS: frozenset[Level] = frozenset({"province", "prefecture", "county"})
# A full name of so many characters stands for itself; 东村 may be the end of a longer, unknown name.
_LONG_ENOUGH = 4
# A township's short form of two characters (永顺, 高岭) may be anybody's given name.
_LONE_TOWNSHIP = 3


@light
class PlaceName:
    """What an administrative name in a text means."""

    name: str
    """Official everyday name of the likeliest place: 金海湖镇 for 金海湖地区."""
    level: Level
    places: tuple[Place, ...]
    """Every place that it may be, the likeliest first; at least one."""
    named: tuple[Place, ...]
    """Those of them whose full name it is, with its suffix; a short form (望京, 保定) is weaker evidence."""

    @property
    def full(self) -> bool:
        """Whether it is the full name of anything."""
        return bool(self.named)


@dataclass(slots=True, eq=False)
class _Hit:
    start: int
    end: int
    word: Word
    places: tuple[Place, ...]


def find_places(text: str) -> list[Span[PlaceName]]:
    """Administrative names in `text`, left to right, without overlaps. Linear in the length of the text."""
    hits = [_Hit(last + 1 - len(word.text), last + 1, word, word.places) for last, word in _automaton_hits(text)]
    if not hits:
        return []
    scene = _Scene(text, hits)
    return [Span(h.start, h.end, _value(h)) for h in _choose([h for h in hits if scene.accepts(h)])]


def _automaton_hits(text: str) -> list[tuple[int, Word]]:
    return list(gazetteer().iter(text))


def in_beijing(place: Place) -> bool:
    """Whether it is Beijing or lies in it."""
    return any(p.name == CAPITAL for p in place.ancestors())


def is_hanzi(char: str) -> bool:
    """Whether `char` is a Chinese character and so might make one word with its neighbour."""
    return "\u3400" <= char <= "\u9fff"


def _value(hit: _Hit) -> PlaceName:
    first = hit.places[0]
    return PlaceName(first.name, first.level, hit.places, tuple(p for p in hit.places if p in hit.word.full))


class _Scene:
    """The hits of one text and their neighbourhood."""

    def __init__(self, text: str, hits: list[_Hit]) -> None:
        self.text = text
        self.by_start: dict[int, list[_Hit]] = {}
        self.by_end: dict[int, list[_Hit]] = {}
        for hit in hits:
            self.by_start.setdefault(hit.start, []).append(hit)
            self.by_end.setdefault(hit.end, []).append(hit)

    def accepts(self, hit: _Hit) -> bool:
        """Whether the name stands here as a name; narrows its places to those below the name right before it."""
        above = self._below_what_precedes(hit)
        if above:
            hit.places = above
            return True
        if hit.word.text in PLAIN_WORDS:
            return False
        if hit.word.full and hit.end - hit.start >= _LONG_ENOUGH:
            return True
        if not self._open_left(hit):
            return False
        return bool(hit.word.full) or self._precedes_its_part(hit) or self._accepts_short(hit)

    def _accepts_short(self, hit: _Hit) -> bool:
        levels = {place.level for place in hit.places}
        if "community" in levels and not self._makes_another_word(hit):
            return True  # what is in it may follow: 花家地西里南门
        if not self._open_right(hit):
            return False
        if hit.word.text in EVERYDAY_WORDS:
            return self._strong(hit)
        if levels == {"county"}:
            return self._strong(hit) and any(not p.name.endswith("区") for p in hit.places)
        return levels != {"township"} or self._lone_township(hit.word.text)

    @staticmethod
    def _lone_township(short: str) -> bool:
        return len(short) >= _LONE_TOWNSHIP and not short.endswith(("路", "街", "门"))

    def _makes_another_word(self, hit: _Hit) -> bool:
        number_goes_on = hit.word.text.endswith("号") and self.text.startswith(("楼", "线"), hit.end)
        return number_goes_on or self.text.startswith(NO_COMMUNITY_BEFORE, hit.end)

    def _strong(self, hit: _Hit) -> bool:
        return bool(
            (hit.start == 0 and hit.end == len(self.text))
            or STRONG_LEFT.search(self.text[max(0, hit.start - LEFT_REACH) : hit.start])
            or STRONG_RIGHT.match(self.text, hit.end)
        )

    def _open_left(self, hit: _Hit) -> bool:
        left = self.text[hit.start - 1 : hit.start]
        return not left or not is_hanzi(left) or left in LEFT_CUES or self.text.endswith("老家", 0, hit.start)

    def _open_right(self, hit: _Hit) -> bool:
        right = self.text[hit.end : hit.end + 1]
        return not right or not is_hanzi(right) or right in RIGHT_CUES

    def _below_what_precedes(self, hit: _Hit) -> tuple[Place, ...]:
        """The readings of `hit` that lie in the place named right before it: 岳阳 in 湖南岳阳."""
        for before in self.by_end.get(hit.start, ()):
            inside = _inside(hit.word.places, before.word.places)
            if inside:
                return inside
        return ()

    def _precedes_its_part(self, hit: _Hit) -> bool:
        """Whether the name right after it lies in it: 湖南 in 湖南岳阳."""
        return any(_inside(after.word.places, hit.places) for after in self.by_start.get(hit.end, ()))


def _inside(inner: tuple[Place, ...], outer: tuple[Place, ...]) -> tuple[Place, ...]:
    return tuple(p for p in inner if any(q is not p and p.within(q) for q in outer))


def _choose(hits: list[_Hit]) -> list[_Hit]:
    """The set without overlaps that covers most, full names before short ones: 平谷|镇罗营镇, not 平谷镇|罗营."""
    hits.sort(key=lambda h: (h.end, h.start))
    ends = [h.end for h in hits]
    best = [(0, 0)]  # of the first i hits: the value reached, and how many hits to go back to
    for i, hit in enumerate(hits):
        before = bisect_right(ends, hit.start, 0, i)
        value = best[before][0] + _worth(hit)
        best.append((value, before) if value > best[i][0] else (best[i][0], -1))
    kept = []
    i = len(hits)
    while i:
        before = best[i][1]
        if before >= 0:
            kept.append(hits[i - 1])
        i = before if before >= 0 else i - 1
    kept.reverse()
    return kept


def _worth(hit: _Hit) -> int:
    """Covered characters first, then few pieces, then full names."""
    return 4 * (hit.end - hit.start) - (1 if hit.word.full else 3)
