"""The rules of supplies, from a TOML file: who is on the list, how goods are shared out, what things are called."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

SHIPPED = Path(__file__).with_name("allocation.toml")
SHARES = ("need", "equal", "staff")
ELIGIBLE = ("planned", "open", "post")


class BadRules(ValueError):
    """A rules file that cannot be used; the message names the key."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How one item is shared out: `share` is need, equal or staff; `minimum` and `step` are amounts of the item."""

    share: str = "need"
    minimum: int = 1
    step: int = 1

    def __post_init__(self) -> None:
        if self.share not in SHARES:
            raise BadRules(f"share: {self.share!r} is none of {', '.join(SHARES)}")
        if self.minimum < 0 or self.step < 1:
            raise BadRules("minimum is 0 or more, step is 1 or more")


@dataclass(frozen=True, slots=True)
class Heavy:
    """A load that takes several people."""

    item: str
    measure: str
    weight: str
    people: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of supplies."""

    eligible: frozenset[str] = frozenset(ELIGIBLE)
    rule: Rule = Rule()
    by_item: Mapping[str, Rule] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What people say → the item's name."""
    measures: Mapping[str, str] = field(default_factory=dict)
    heavy: tuple[Heavy, ...] = ()

    def rule_for(self, item: str, share: str = "") -> Rule:
        """The rule of an item; `share` is what somebody asked for instead."""
        found = self.by_item.get(item, self.rule)
        return replace(found, share=share) if share else found

    def goods(self, item: str, measure: str) -> tuple[str, str]:
        """The item's name and measure in the books."""
        plain = item.strip()
        return self.names.get(plain, plain)[:64], self.measures.get(measure, measure)[:16]

    def carriers(self, goods: tuple[str, str]) -> Heavy | None:
        """What says that nobody lifts these goods alone."""
        return next((one for one in self.heavy if (one.item, one.measure) == goods), None)


def load(text: str) -> Rules:
    """The rules of a file's text. Raises `BadRules`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadRules(str(error)) from error
    try:
        return _rules(data)
    except (TypeError, AttributeError) as error:
        raise BadRules(f"a table or list is not what it should be: {error}") from error


def _rules(data: Mapping[str, Any]) -> Rules:
    if strange := data.keys() - {"allocation", "names", "measures", "heavy"}:
        raise BadRules(f"{', '.join(sorted(strange))}: unknown table")
    told = dict(data.get("allocation", {}))
    eligible, items = frozenset(told.pop("eligible", ELIGIBLE)), told.pop("items", {})
    if unknown := eligible - set(ELIGIBLE):
        raise BadRules(f"eligible: {', '.join(sorted(unknown))} is none of {', '.join(ELIGIBLE)}")
    return Rules(
        eligible=eligible,
        rule=_rule(told, {}),
        by_item={item: _rule(told, more) for item, more in items.items()},
        names=_by_word(data.get("names", {})),
        measures=_by_word(data.get("measures", {})),
        heavy=tuple(Heavy(**one) for one in data.get("heavy", ())),
    )


def _rule(told: Mapping[str, Any], more: Mapping[str, Any]) -> Rule:
    try:
        return Rule(**{**told, **more})
    except TypeError as error:
        raise BadRules(str(error)) from error


def _by_word(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: name for name, words in table.items() for word in words}


def configured(path: str) -> Rules:
    """The rules of an operator's file, or those that come with the product where there is none. Raises `BadRules`."""
    if not path:
        return shipped()
    try:
        return load(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadRules(str(error)) from error


@cache
def shipped() -> Rules:
    """The rules that come with the product."""
    return load(SHIPPED.read_text(encoding="utf-8"))
