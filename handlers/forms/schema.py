"""Which keys a form file may hold, and what each of them has to be: one row per key."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from handlers.language.expressions import expression
from handlers.language.form_spec import FIELD_TYPES, KINDS, MEASURES, PARTS, ROLES

NAME = expression(r"[a-z][a-z0-9_]{0,39}")
_LONGEST_WORD = 20
_LONGEST_UNIT = 4
_LONGEST_ANSWER = 1000
_BAD_IN_WORD = expression(r"[:：=\n\t,，;；。{}]|^\s|\s$")
_BAD_IN_UNIT = expression(r"[\s\d:：=,，;；。{}]")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a table: what its value has to be, in words and as a test."""

    expected: str
    holds: Callable[[Any], bool]
    required: bool = False
    element: Callable[[Any], bool] | None = None
    """For lists: what each element has to be."""


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD and _BAD_IN_WORD.search(value) is None


def _is_unit(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_UNIT and _BAD_IN_UNIT.search(value) is None


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_choice(value: Any) -> bool:
    return _is_word(value) or (_is_words(value) and bool(value))


def _is_words(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_word, value))


def _is_answer(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_ANSWER


def _one_of(values: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in values


_WORD_IS = f"a word of 1 to {_LONGEST_WORD} characters without punctuation"
_WORDS = Key(f"a list of such words: {_WORD_IS}", _is_list, element=_is_word)
_NAME_IS = "a name of a-z, 0-9 and _ that begins with a letter"
_FLAG = Key("true or false", _is_flag)
_NUMBER = Key("a number", _is_number)
_UNIT_IS = f"a measure word of 1 to {_LONGEST_UNIT} characters without digits and spaces"

FORM: Mapping[str, Key] = {
    "name": Key(_NAME_IS, _is_name, required=True),
    "title": Key(_WORD_IS, _is_word, required=True),
    "names": _WORDS,
    "kind": Key(f"one of {', '.join(KINDS)}", _one_of(KINDS)),
    "identity": Key("a list of keys of fields", _is_list, element=_is_name),
    "senders": Key(f"a list of roles, each one of {', '.join(ROLES)}", _is_list, element=_one_of(ROLES)),
    "answer": Key(f"a text of at most {_LONGEST_ANSWER} characters", _is_answer),
    "sensitive": _FLAG,
    "fields": Key("tables [[fields]]", _is_list, required=True, element=_is_table),
    "figures": Key("tables [[figures]]", _is_list, element=_is_table),
    "allocation": Key("a table [allocation]", _is_table),
}
FIELD: Mapping[str, Key] = {
    "key": Key(_NAME_IS, _is_name, required=True),
    "label": Key(_WORD_IS, _is_word, required=True),
    "type": Key(f"one of {', '.join(FIELD_TYPES)}", _one_of(FIELD_TYPES)),
    "unit": Key(_UNIT_IS, _is_unit),
    "units": Key(f"a list of measure words, each {_UNIT_IS}", _is_list, element=_is_unit),
    "synonyms": _WORDS,
    "required": _FLAG,
    "min": _NUMBER,
    "max": _NUMBER,
    "choices": Key(
        'a list such as ["是", ["否", "没有"]]: a word, or a list of words with the shown one first',
        _is_list,
        element=_is_choice,
    ),
    "part_of": Key("the key of another field", _is_name),
    "parts": Key(f"one of {', '.join(PARTS)}", _one_of(PARTS)),
    "total": _FLAG,
    "personal": _FLAG,
}
FIGURE: Mapping[str, Key] = {
    "item": Key(_WORD_IS, _is_word, required=True),
    "unit": Key(_UNIT_IS, _is_unit),
    "field": Key("the key of a field", _is_name, required=True),
    "measure": Key(f"one of {', '.join(MEASURES)}", _one_of(MEASURES)),
}
ONLY_FOR: Mapping[str, str] = {
    "unit": "number",
    "units": "number",
    "min": "number",
    "max": "number",
    "part_of": "number",
    "parts": "number",
    "total": "number",
    "choices": "choice",
}
"""Keys of a field that mean something for one type only."""
EXTRAS = frozenset({"title", "ref", "sender"})
"""What an answer may name beside the fields: the form's title, the record's reference, who wrote."""
