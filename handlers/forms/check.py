"""The mistakes of one form file, all of them, each with its line."""

from collections.abc import Iterator, Mapping
from typing import Any

from handlers.forms.problems import Problem
from handlers.forms.schema import EXTRAS, FIELD, FIGURE, FORM, ONLY_FOR, Key
from handlers.forms.toml_lines import LineIndex, Where
from handlers.language.expressions import expression

Table = Mapping[str, Any]
_HOLE = expression(r"\{([^{}]*)\}")


class Checker:
    """Looks at what a file holds and notes what is wrong."""

    def __init__(self, given: Table, text: str, source: str) -> None:
        self.given = given
        self.problems: list[Problem] = []
        self._lines = LineIndex(text)
        self._source = source

    def check(self) -> list[Problem]:
        """Every mistake, in the order of lines."""
        self._table(self.given, FORM, ())
        for name, keys in (("fields", FIELD), ("figures", FIGURE)):
            for index, table in self._tables(name):
                self._table(table, keys, (name, index))
        self._fields()
        self._references()
        self._words()
        return sorted(set(self.problems))

    def say(self, where: Where, message: str) -> None:
        """Note a mistake at the line of `where`."""
        self.problems.append(Problem(self._source, self._lines.line(*where), message))

    # ---- tables and their keys

    def _tables(self, name: str) -> list[tuple[int, Table]]:
        """The tables `[[name]]` with their positions; what is none is said once, by `_value`."""
        given = self.given.get(name, [])
        return [(i, t) for i, t in enumerate(given) if isinstance(t, dict)] if isinstance(given, list) else []

    def _table(self, table: Table, keys: Mapping[str, Key], where: Where) -> None:
        for name, value in table.items():
            if name not in keys:
                self.say((*where, name), f"unknown key {name}; expected one of {', '.join(keys)}")
            else:
                self._value(name, value, keys[name], (*where, name))
        for name, key in keys.items():
            if key.required and name not in table:
                self.say(where, f"no {name}; expected {key.expected}")

    def _value(self, name: str, value: Any, key: Key, where: Where) -> None:
        if not key.holds(value):
            self.say(where, f"{name} is {_shown(value)}; expected {key.expected}")
        elif isinstance(value, list):
            for index, element in enumerate(value):
                if key.element is not None and not key.element(element):
                    self.say((*where, index), f"{name} holds {_shown(element)}; expected {key.expected}")

    # ---- what the fields say together

    def _fields(self) -> None:
        if isinstance(self.given.get("fields"), list) and not self.given["fields"]:
            self.say(("fields",), "fields is empty; expected at least one table [[fields]]")
        seen: dict[str, int] = {}
        for index, field in self._tables("fields"):
            if (key := _text(field.get("key"))) in seen:
                self.say(("fields", index, "key"), f"a second field {key}; the first is at line {seen[key]}")
            elif key:
                seen[key] = self._lines.line("fields", index, "key")
            self._one_field(field, index)

    def _one_field(self, field: Table, index: int) -> None:
        kind = field.get("type", "text")
        for name, wanted in ONLY_FOR.items():
            if name in field and kind != wanted:
                self.say(("fields", index, name), f"{name} with type {_shown(kind)}; expected type = {_shown(wanted)}")
        if kind == "choice" and "choices" not in field:
            self.say(("fields", index), "type choice without choices; expected a list of words")
        low, high = field.get("min"), field.get("max")
        if FIELD["min"].holds(low) and FIELD["max"].holds(high) and low > high:  # type: ignore[operator]  # both are numbers
            self.say(("fields", index, "max"), f"max is {high}, less than min {low}; expected min <= max")
        units = field.get("units")
        if isinstance(units, list) and units and field.get("unit") not in (None, *units):
            self.say(("fields", index, "unit"), f"unit {field['unit']} is not among units; expected it there")

    # ---- what names a field

    def _references(self) -> None:
        types = {_text(field.get("key")): field.get("type", "text") for _, field in self._tables("fields")}
        for index, key in _elements(self.given.get("identity")):
            self._known(types, _text(key), ("identity", index), "identity")
        for index, figure in self._tables("figures"):
            key = _text(figure.get("field"))
            if self._known(types, key, ("figures", index, "field"), "field") and (
                figure.get("measure", "sum") != "set" and types[key] not in ("number", "items")
            ):
                self.say(
                    ("figures", index, "field"),
                    f"field {key} is of type {types[key]}; expected a number, or measure = set",
                )
        for index, field in self._tables("fields"):
            self._part(types, field, index)
        self._answer(types)

    def _known(self, types: Mapping[str, str], key: str, where: Where, name: str) -> bool:
        """Whether `key` is a field; what is no word at all has been said already."""
        if key and key not in types:
            self.say(where, f"{name} names {key}, which is no field; expected one of {', '.join(filter(None, types))}")
        return bool(key) and key in types

    def _part(self, types: Mapping[str, str], field: Table, index: int) -> None:
        whole, where = _text(field.get("part_of")), ("fields", index, "part_of")
        if not self._known(types, whole, where, "part_of"):
            return
        if whole == field.get("key"):
            self.say(where, f"{whole} is part of itself; expected another field")
        elif types[whole] != "number":
            self.say(where, f"part_of names {whole} of type {types[whole]}; expected a field of type number")

    def _answer(self, types: Mapping[str, str]) -> None:
        answer = self.given.get("answer")
        if not isinstance(answer, str):
            return
        labels = {_text(field.get("label")) for _, field in self._tables("fields")}
        for hole in _HOLE.findall(answer):
            if hole not in types and hole not in labels and hole not in EXTRAS:
                self.say(("answer",), f"answer names {{{hole}}}; expected the key or label of a field")
        if "{" in (rest := _HOLE.sub("", answer)) or "}" in rest:
            self.say(("answer",), "answer has a brace without its other half; expected {key}")

    # ---- words that must differ

    def _words(self) -> None:
        self._distinct([(("title",), self.given.get("title"), None), *_listed(self.given, (), "names", None)], "name")
        labels: list[Word] = []
        for index, field in self._tables("fields"):
            labels.append((("fields", index, "label"), field.get("label"), field))
            labels += _listed(field, ("fields", index), "synonyms", field)
        self._distinct(labels, "word for a field")
        for index, field in self._tables("fields"):
            self._distinct(_choice_words(field, ("fields", index, "choices")), "choice")

    def _distinct(self, words: list["Word"], what: str) -> None:
        seen: dict[str, list[tuple[Where, Table | None]]] = {}
        for where, word, field in words:
            if not isinstance(word, str):
                continue
            before = next((place for place, other in seen.get(word, ()) if not _told_apart(field, other)), None)
            seen.setdefault(word, []).append((where, field))
            if before is not None:
                first = self._lines.line(*before)
                self.say(where, f"{word} is used twice as a {what}; expected it once, the first is at line {first}")


Word = tuple[Where, Any, Table | None]
"""Where a word stands, the word, the field that it is for."""


def _listed(table: Table, where: Where, name: str, field: Table | None) -> Iterator[Word]:
    return (((*where, name, index), word, field) for index, word in _elements(table.get(name)))


def _choice_words(field: Table, where: Where) -> list[Word]:
    found: list[Word] = []
    for index, choice in _elements(field.get("choices")):
        words = _elements(choice) or [(0, choice)]
        found += (((*where, index, at), word, None) for at, word in words)
    return found


def _told_apart(field: Table | None, other: Table | None) -> bool:
    """Whether two fields may share a word, as their units tell which is meant: 送菜35户, 送菜50份."""
    one, two = _units(field), _units(other)
    return field is not other and bool(one) and bool(two) and not one & two


def _units(field: Table | None) -> set[str]:
    return {each for _, each in _elements(field.get("units")) if isinstance(each, str)} if field else set()


def _elements(value: Any) -> list[tuple[int, Any]]:
    return list(enumerate(value)) if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _shown(value: Any) -> str:
    """A value as it may stand in a sentence."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return f'"{value}"' if isinstance(value, str) else str(value)
