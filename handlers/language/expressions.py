"""Ways to write an expression so that the engine skips what cannot begin a match.

`re` looks for a set of first characters before it tries an expression only where the expression shows them: where it
begins with a character, a class, or a choice of branches that each begin with a character. Both ways below bring an
expression into such a form and change nothing about what it finds.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import AnyStr, Generic, cast


class _Expression(Generic[AnyStr]):
    """Stands in for a compiled expression until one of its methods is asked for; from then on it has that method."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        for method in ("search", "match", "fullmatch", "finditer", "findall", "sub", "split"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def expression(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Like `re.compile`, but compiled at the first use: no message needs more than a part of all expressions, and
    compiling them would take longer than everything else until the first answer.
    """
    return cast("re.Pattern[AnyStr]", _Expression(pattern, flags))


_SPECIAL = frozenset("\\^$.|?*+()[]{}")
_REPEATS = frozenset("?*+{")


def by_first(branches_in_order: Iterable[str]) -> str:
    """One choice of the alternatives, those with the same first character under one branch.

    Each has to begin with a plain character. Alternatives that begin differently exclude each other, and those that
    begin alike keep their order, so the first that holds wins as before.
    """
    branches: dict[str, list[str]] = {}
    for alternative in branches_in_order:
        size = _end_of_first(alternative)
        first, rest = alternative[:size], alternative[size:]
        if not _is_plain(alternative):
            message = f"does not begin with a plain character: {alternative}"
            raise ValueError(message)
        branches.setdefault(first, []).append(rest)
    return "|".join(f"{first}(?:{'|'.join(rests)})" for first, rests in branches.items())


def beginning_with(starts: str, pattern: str, *, looks_like: str = "") -> re.Pattern[str]:
    """An expression that finds where `pattern` begins; `starts`, the inside of a class, holds all its first characters.

    `looks_like` is a cheap expression that holds wherever `pattern` does: it spares the others a closer look.
    `pattern` has to be a choice of groups, one for each branch. The match itself is one character long: the last group
    shows what `pattern` took, and `matches` and `words_of` read it there.
    """
    ahead = rf"(?={looks_like})" if looks_like else ""
    return expression(rf"[{starts}](?<={ahead}(?={pattern})[{starts}])")


def matches(expression: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], tuple[int, int]]]:
    """What an expression of `beginning_with` finds, left to right, without overlaps: each match, and where the whole
    pattern began and ended.
    """
    at = 0
    while (match := expression.search(text, at)) is not None:
        span = match.span(match.lastindex or 0)
        at = span[1]
        yield match, span


def words_of(match: re.Match[str]) -> str:
    """What the whole pattern took."""
    return match[match.lastindex or 0]


def first_characters(pattern: str) -> list[str]:
    """The characters that a match can begin with. Looks behind do not count; each alternative has to begin with a
    plain character or a class of such.
    """
    found: list[str] = []
    for alternative in alternatives(pattern):
        if alternative.startswith(("(?<!", "(?<=")):
            found += first_characters(alternative[_end_of_first(alternative) :])
        elif _is_plain(alternative):
            found.append(alternative[: _end_of_first(alternative)])
        else:
            message = f"does not begin with a plain character: {alternative}"
            raise ValueError(message)
    return found


def without_start(anchored: re.Pattern[str], text: str) -> str:
    """`text` without what an expression that begins with `^` takes: `sub` would go on to look at every position."""
    match = anchored.match(text)
    return text[match.end() :] if match else text


_BULKY = 1000
"""Characters of an alternative whose choice is multiplied out; beyond, compiling it costs more than it saves."""


def _bulky(choices: list[str]) -> re.Pattern[str]:
    """An expression for alternatives that begin with a choice and go on at length, not multiplied out."""
    firsts = {opened[: _end_of_first(opened)] for choice in choices for opened in alternatives(choice)}
    return beginning_with("".join(sorted(firsts)), f"(?:{'|'.join(choices)})")


class AnyOf:
    """Whether one of many alternatives stands in a text: only that, neither where nor which."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self._looks: tuple[Callable[[str], object], ...] = ()

    def search(self, text: str) -> bool:
        for look in self._looks or self._compiled():  # noqa: SIM110 - a generator would cost as much as the looks
            if look(text) is not None:
                return True
        return False

    def _compiled(self) -> tuple[Callable[[str], object], ...]:
        """The looks that it takes, made at first use: alternatives by their first character, those at the very
        beginning of the text, and the others.
        """
        plain: list[str] = []
        anchored: list[str] = []
        loose: list[str] = []
        bulky: list[str] = []
        for written in _split(self.pattern):
            opened = alternatives(written)
            if len(opened) > 1 and sum(map(len, opened)) > _BULKY and all(map(_is_plain, opened)):
                bulky.append(written)
                continue
            for one in opened:
                (plain if _is_plain(one) else anchored if one.startswith("^") else loose).append(one)
        looks: list[Callable[[str], object]] = [re.compile(by_first(plain)).search] if plain else []
        looks += [_bulky(bulky).search] if bulky else []
        looks += [re.compile("|".join(anchored)).match] if anchored else []
        looks += [re.compile("|".join(loose)).search] if loose else []
        self._looks = tuple(looks)
        return self._looks


def _is_plain(alternative: str) -> bool:
    if alternative[:1] == "\\":
        return alternative[1] in _SPECIAL and alternative[2:3] not in _REPEATS
    return bool(alternative) and alternative[0] not in _SPECIAL and alternative[1:2] not in _REPEATS


def alternatives(pattern: str) -> list[str]:
    """The alternatives of the top level; a choice or a class at the beginning of one is multiplied out."""
    found: list[str] = []
    for alternative in _split(pattern):
        end = _end_of_first(alternative)
        rest = alternative[end:]
        if rest[:1] in _REPEATS and rest:
            found.append(alternative)
        elif alternative.startswith("(?:"):
            found += [opened for inner in _split(alternative[3 : end - 1]) for opened in _opened_one(inner, rest)]
        elif alternative.startswith("[") and not set(alternative[1 : end - 1]) & set("^\\-"):
            found += [_escaped(char) + rest for char in alternative[1 : end - 1]]
        else:
            found.append(alternative)
    return found


def _opened_one(inner: str, rest: str) -> list[str]:
    return alternatives(inner + rest) if inner else [f"(?:){rest}"]


def _escaped(char: str) -> str:
    return f"\\{char}" if char in _SPECIAL else char


def _end_of_first(alternative: str) -> int:
    """Where the first element ends."""
    if alternative.startswith("["):
        return alternative.index("]", 2) + 1
    if not alternative.startswith("("):
        return 2 if alternative.startswith("\\") else 1
    return next(at for at, depth in _depths(alternative) if depth == 0 and alternative[at] == ")") + 1


def _split(pattern: str) -> list[str]:
    cuts = [at for at, depth in _depths(pattern) if depth == 0 and pattern[at] == "|"]
    return [pattern[a + 1 : b] for a, b in zip([-1, *cuts], [*cuts, len(pattern)], strict=True)]


def _depths(pattern: str) -> Iterable[tuple[int, int]]:
    """Each position that is a part of the grammar, outside classes and escapes, with the depth behind it."""
    depth, at = 0, 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 2
            continue
        if char == "[":
            at = pattern.index("]", at + 2) + 1
            continue
        depth += (char == "(") - (char == ")")
        yield at, depth
        at += 1
