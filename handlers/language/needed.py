"""Which of many expressions can match in a text at all: one pass over it that finds the words that they need.

The words are derived from the expressions themselves, so that no table beside them can go stale.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

import ahocorasick

from handlers.language.expressions import expression

_SHARES: tuple[tuple[float, str], ...] = (
    (0.3, "1203,到点:村65人4口8"),
    (0.15, "卡小天岗7月区日9号一名上京了社班的次\n我家返报今温记时.签门、来北晚登"),
    (0.08, " 下核十有早个东位里车大打离正康电接实发住第常不健二三计测已话间西单南没出居地午"),
    (
        0.04,
        "体在明工无六姓镇夜昨山-半志八园子是隔龙长退/道址回楼查机四庄中户街抵从份巡预转员排R?海平还两后开五为安手#送请儿",
    ),
    (0.04, ")码百方身同愿老河收消要(【】证公度者总都七司数更值营D各"),
)
"""Of how many messages hold each of the characters; of the others hardly any."""
_OFTEN = {char: share for share, chars in _SHARES for char in chars}
_SELDOM = 0.005
_MOST = 128
"""More words are no help: a choice of so many is as good as anything."""


class FirstLook:
    """Expressions, by their number, and the words of which a text has to hold one for an expression to match."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._patterns = patterns

    def __call__(self, text: str) -> int:
        """The expressions that can match in `text`: number n is among them where bit n is set."""
        found = 0
        for _, bits in self._words.iter(text):
            found |= bits
        return found | self._always

    @cached_property
    def _needed(self) -> list[frozenset[str] | None]:
        return [needed(pattern) for pattern in self._patterns]

    @cached_property
    def _always(self) -> int:
        return sum(1 << number for number, words in enumerate(self._needed) if words is None)

    @cached_property
    def _words(self) -> Any:
        bits: dict[str, int] = {}
        for number, words in enumerate(self._needed):
            for word in words or ():
                bits[word] = bits.get(word, 0) | 1 << number
        automaton = ahocorasick.Automaton()
        for word, held in bits.items():
            automaton.add_word(word, held)
        automaton.make_automaton()
        return automaton


class Signs:
    """Characters of which a text has to hold one for any of some expressions to match in it."""

    def __init__(self, *expressions: re.Pattern[str]) -> None:
        self._expressions = expressions

    def missing(self, characters: frozenset[str]) -> bool:
        """Whether none of them is among the characters of a text."""
        return self._any.isdisjoint(characters)

    @cached_property
    def _any(self) -> frozenset[str]:
        words = [needed(each.pattern) for each in self._expressions]
        if None in words:
            message = "an expression can match in any text"
            raise ValueError(message)
        return frozenset(min(word, key=_often) for one in words for word in one or ())


def needed(pattern: str) -> frozenset[str] | None:
    """Words of which a text has to hold one where `pattern` matches in it, as rare ones as can be told; None where it
    can match in any text.
    """
    return _Reader(pattern).choice().needed


@dataclass(slots=True)
class _Need:
    """What an element of an expression needs."""

    needed: frozenset[str] | None = None
    exact: tuple[str, ...] | None = None
    """All that the element can take, where that is but a few words."""
    width: bool = True
    """It takes something: otherwise its neighbours touch each other."""


class _Reader:
    """Goes through an expression once, from its beginning to its end."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def choice(self) -> _Need:
        found = [self._sequence()]
        while self._takes("|"):
            found.append(self._sequence())
        words = [each.needed for each in found]
        exact = [word for each in found for word in each.exact or ()]
        few = len(exact) <= _MOST and all(each.exact is not None for each in found)
        return _Need(
            None if None in words else frozenset[str]().union(*(each for each in words if each is not None)),
            tuple(exact) if few else None,
        )

    def _sequence(self) -> _Need:
        """All of a sequence has to be there: the rarest of its runs of plain characters and of its other elements."""
        sets: list[frozenset[str]] = []
        run: tuple[str, ...] = ("",)
        whole = True
        while self.pattern[self.at : self.at + 1] not in ("", "|", ")"):
            element = self._element()
            repeat = self._repeat()
            if element.needed is not None and (repeat or not element.exact) and repeat != _MAY_BE_LEFT_OUT:
                sets.append(element.needed)
            if not (element.width or repeat):
                continue
            together = () if repeat else _joined(run, element.exact or ())
            if not together:
                sets += _told(run)
                whole = False
            run = together or (element.exact if element.exact and not repeat else ("",))
        return _Need(min([*sets, *_told(run)], key=_share, default=None), run if whole else None)

    def _element(self) -> _Need:
        char = self.pattern[self.at]
        if char == "[":
            return self._class()
        if char == "(":
            return self._group()
        self.at += 1
        if char == "\\":
            char = self.pattern[self.at]
            self.at += 1
            return _Need(width=char not in "bBAZ") if char.isalnum() else _Need(frozenset(char), (char,))
        return _Need(width=char == ".") if char in "^$." else _Need(frozenset(char), (char,))

    def _class(self) -> _Need:
        """A class that says what is not meant, or holds a class itself, says nothing."""
        end = self.pattern.index("]", self.at + 2)
        inside, self.at = self.pattern[self.at + 1 : end], end + 1
        if inside.startswith("^") or _A_CLASS.search(inside):
            return _Need()
        inside = inside.replace("\\", "")
        chars: list[str] = []
        at = 0
        while at < len(inside):
            last = at + 2 if inside[at + 1 : at + 2] == "-" and at + 2 < len(inside) else at
            chars += map(chr, range(ord(inside[at]), ord(inside[last]) + 1))
            at = last + 1
        return _Need(frozenset(chars), tuple(chars)) if len(chars) <= _MOST else _Need()

    def _group(self) -> _Need:
        start = next(each for each in _GROUPS if self.pattern.startswith(each, self.at))
        self.at += len(start)
        if start == "(?P<":
            self.at = self.pattern.index(">", self.at) + 1
        found = self.choice()
        self.at += 1
        if start in ("(?!", "(?<!"):
            return _Need(width=False)
        return _Need(found.needed, width=False) if start in ("(?=", "(?<=") else found

    def _repeat(self) -> str:
        """The repeat that stands here, in one of two kinds, or nothing."""
        char = self.pattern[self.at : self.at + 1]
        if char not in ("?", "*", "+", "{") or not char:
            return ""
        end = self.pattern.index("}", self.at) + 1 if char == "{" else self.at + 1
        kind = _MAY_BE_LEFT_OUT if char in "?*" or self.pattern[self.at + 1] == "0" else _AT_LEAST_ONCE
        self.at = end + (self.pattern[end : end + 1] in ("?", "+"))
        return kind

    def _takes(self, char: str) -> bool:
        found = self.pattern.startswith(char, self.at)
        self.at += found
        return found


_A_CLASS = expression(r"\\[A-Za-z0-9]|\\-|\\\\")
_GROUPS = ("(?:", "(?P<", "(?=", "(?!", "(?<=", "(?<!", "(")
_MAY_BE_LEFT_OUT, _AT_LEAST_ONCE = "may be left out", "at least once"


def _joined(run: tuple[str, ...], words: tuple[str, ...]) -> tuple[str, ...]:
    """Every word behind every run; nothing where these would be too many."""
    return tuple(map("".join, product(run, words))) if len(run) * len(words) <= _MOST else ()


def _told(run: tuple[str, ...]) -> list[frozenset[str]]:
    return [] if "" in run else [frozenset(run)]


def _often(char: str) -> float:
    return _OFTEN.get(char, _SELDOM)


def _share(words: Iterable[str]) -> float:
    """How many messages hold one of the words, roughly."""
    return sum(min(map(_often, word)) * _SELDOMER ** (len(word) - 1) for word in words)


_SELDOMER = 0.3
"""A character more makes a word so much rarer."""
