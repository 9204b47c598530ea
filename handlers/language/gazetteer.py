"""The tree of places and the words that name them, loaded from `data/places.txt.gz` at first use.

Provinces, prefectures and counties of China; below Beijing's districts also townships, villages and communities.
"""

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, Protocol, cast

import ahocorasick

Level = Literal["province", "prefecture", "county", "district", "township", "community"]
DATA = Path(__file__).parent / "data" / "places.txt.gz"
CAPITAL = "北京市"
_LEVELS: dict[str, tuple[int, Level]] = {
    "P": (0, "province"),
    "C": (1, "prefecture"),
    "A": (2, "county"),
    "D": (1, "county"),
    "T": (3, "township"),
    "V": (4, "community"),
}
# A short form of fewer characters is a word of its own too often (上镇村's 上镇, 东村's 东).
_SHORT_COMMUNITY = 3
_SHORT_PLACE = 2
_NO_SHORT_ENDING = (
    *"路街巷条道部局军东西南北中一二三四五六七八九十上下",
    *("胡同", "机场", "大学", "学院", "公司", "公园", "颐和园"),
)
_ORDER: dict[Level, int] = {"province": 0, "prefecture": 1, "district": 1, "county": 2, "township": 3, "community": 4}


@dataclass(slots=True, eq=False)
class Place:
    """One administrative unit. Identity is the object: many villages share a name."""

    name: str
    """Official everyday name: 昌平区, 阳坊镇, 西贯市村."""
    level: Level
    parent: "Place | None" = field(repr=False)

    def ancestors(self) -> "Iterator[Place]":
        """The place itself, then what it belongs to, upwards."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.parent

    def within(self, other: "Place") -> bool:
        """Whether it is `other` or belongs to it."""
        place: Place | None = self
        while place is not None and place is not other:
            place = place.parent
        return place is other

    def at(self, level: Level) -> "Place | None":
        """The place of `level` that it belongs to, itself included."""
        return next((place for place in self.ancestors() if place.level == level), None)


class Word(NamedTuple):
    """What a written name may mean."""

    text: str
    full: tuple[Place, ...]
    """Places whose official, statistical or abolished name it is."""
    places: tuple[Place, ...]
    """Those, then the places whose everyday short form it is; within each, the likeliest first."""


class Automaton(Protocol):
    """The part of `ahocorasick.Automaton` that is used here."""

    def iter(self, text: str) -> Iterator[tuple[int, str]]: ...


class _Words(dict[str, Word]):
    """The words by their spelling, each made when it is first met: few of the eighteen thousand are."""

    def __init__(self, full: dict[str, list[Place]], short: dict[str, list[Place]]) -> None:
        super().__init__()
        self._full, self._short = full, short

    def __missing__(self, name: str) -> Word:
        order = _likeliest_first(self._full.get(name, []))
        word = self[name] = Word(name, order, order + _likeliest_first(self._short.get(name, [])))
        return word


class Gazetteer:
    """All places by name, by parent, and as an automaton over every written name."""

    def __init__(
        self, full: dict[str, list[Place]], short: dict[str, list[Place]], children: dict[Place, list[Place]]
    ) -> None:
        self.children = children
        self._full, self._short = full, short
        self._words = _Words(full, short)
        self._automaton = _automaton(full.keys() | short.keys())

    @property
    def words(self) -> dict[str, Word]:
        """Every written name and what it may mean."""
        return {name: self._words[name] for name in self._full.keys() | self._short.keys()}

    def iter(self, text: str) -> Iterator[tuple[int, Word]]:
        """Every name in `text`, also overlapping ones, with the position of its last character."""
        words = self._words
        return ((last, words[name]) for last, name in self._automaton.iter(text))

    def full(self, name: str) -> tuple[Place, ...]:
        """The places that bear `name` with its suffix."""
        return self._words[name].full if name in self._full else ()

    def any(self, name: str) -> tuple[Place, ...]:
        """The places that `name` means, in full or in short."""
        return self._words[name].places if name in self._full or name in self._short else ()


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer of the process; built on the first call (about 0.1 s)."""
    full: dict[str, list[Place]] = {}
    short: dict[str, list[Place]] = {}
    children: dict[Place, list[Place]] = {}
    for place, aliases, shorts in _read():
        if place.parent is not None:
            children.setdefault(place.parent, []).append(place)
        for name in (place.name, *aliases):
            full.setdefault(name, []).append(place)
        for name in shorts:
            if _usable(name, place.level):
                short.setdefault(name, []).append(place)
    return Gazetteer(full, short, children)


def _usable(short: str, level: Level) -> bool:
    """Whether a short form can stand for its place. 万寿路社区's 万寿路 is a street, 劲松北社区's 劲松北 no name."""
    if level != "community":
        return len(short) >= _SHORT_PLACE
    return len(short) >= _SHORT_COMMUNITY and not short.endswith(_NO_SHORT_ENDING)


def _likeliest_first(places: list[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=_rank)) if len(places) > 1 else tuple(places)


def _rank(place: Place) -> tuple[bool, int]:
    """Provinces, then Beijing's own, then the rest; large before small: 河北 is the province before it is 河北镇."""
    foreign = place.level != "province" and not any(p.name == CAPITAL for p in place.ancestors())
    return foreign, _ORDER[place.level]


def _automaton(names: Iterable[str]) -> Automaton:
    automaton = ahocorasick.Automaton()
    for name in names:
        automaton.add_word(name, name)
    automaton.make_automaton()
    return cast("Automaton", automaton)


def _read() -> Iterator[tuple[Place, list[str], list[str]]]:
    """Each place with its other full names and its short forms, parents before children."""
    above: list[Place | None] = [None] * 5
    for line in gzip.decompress(DATA.read_bytes()).decode().splitlines():
        name, aliases, shorts = line.split("\t")
        depth, level = _LEVELS[name[0]]
        parent = above[depth - 1] if depth else None
        if parent is None and depth:
            parent = next((p for p in reversed(above[:depth]) if p is not None), None)
        if level == "county" and parent is not None and parent.name == CAPITAL:
            level = "district"
        place = Place(name[1:], level, parent)
        above[depth:] = [place] + [None] * (len(above) - depth - 1)
        yield place, aliases.split(",") if aliases else [], shorts.split(",") if shorts else []
