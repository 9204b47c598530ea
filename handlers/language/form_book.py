"""All forms that messages are held against, and one pass that finds the words that open them."""

import pickle
import re
from functools import cached_property, lru_cache
from typing import Any

import ahocorasick

from handlers.language.expressions import expression
from handlers.language.form_spec import FieldSpec, FormSpec
from handlers.language.normalise import normalise
from handlers.language.types import Span

_LEAD = r"(?:今日|今天|今晚|本日|当日|目前|现|共|已|本次)?"
_NUMERAL = expression(r"[0-9一二两三四五六七八九十百千]")
_NOTE = r"(?:\([^()\n]{0,16}\))?"


def one_of(words: tuple[str, ...] | list[str]) -> str:
    """An expression for any of the words, the longest first; nothing matches none."""
    return "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))) or r"(?!)"


def _choices(field: FieldSpec) -> tuple[re.Pattern[str], dict[str, str]]:
    words = {fold(word): canonical for canonical, others in field.choices for word in (canonical, *others)}
    return re.compile(one_of(list(words))), words


class Form:
    """A form and what is looked for in texts."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec = spec
        self._of_types: dict[tuple[str, ...], tuple[FieldSpec, ...]] = {}
        self.by_word: dict[str, list[FieldSpec]] = {}
        """Each word that may stand before a value → its fields; where there are several, their units differ."""
        for each in spec.fields:
            for word in each.words:
                self.by_word.setdefault(fold(word), []).append(each)
        names = one_of([fold(word) for word in spec.openings])
        self.heading = re.compile(rf"(?:{names})(?:进度|情况|汇总|统计|上报|填报|日报|登记|数据|如下|表)*")
        """The form's name with what people add to it in a heading."""
        own = [*self.by_word, *map(fold, spec.openings)]
        self.numerals = re.compile(one_of([word for word in own if _NUMERAL.search(word)]))
        """Words of the form with a numeral in them, which counts nothing: 一封信."""
        self.items = frozenset(own)
        words = one_of(list(self.by_word))
        self.begins = re.compile(rf"{words}|{names}")
        """What shows behind a space that a value has ended."""
        self.words = re.compile(words)
        self.labels = re.compile(rf"(?<![一-鿿]){_LEAD}(?P<word>{words}){_NOTE}[ \t]*[:=][ \t]*")
        """A label with its colon."""
        self.units = re.compile(rf"[ ]?(?:{one_of([fold(unit) for each in spec.fields for unit in each.units])})")

        numbers = one_of([word for word, fields in self.by_word.items() if fields[0].type == "number"])
        self.nothing = re.compile(
            rf"(?:无|没有)(?P<a>{numbers})|(?P<b>{numbers})[: ]?(?:无|没有|为零)(?=$|[\s,;。、)])"
        )
        """无拒检, 拒检无: nothing is a figure, too."""
        self.choices = [(each, *_choices(each)) for each in self.of_type("choice")]
        """Fields with the expression for their words and what each word means."""

    def field(self, word: str, value: str = "") -> FieldSpec:
        """The field that the word means before `value`, the text behind it."""
        fields = self.by_word[word]
        return next((each for each in fields if any(unit in value for unit in each.units)), fields[0])

    def of_type(self, *types: str) -> tuple[FieldSpec, ...]:
        """The fields of these types, in the form's order."""
        if (found := self._of_types.get(types)) is None:
            found = self._of_types[types] = tuple(each for each in self.spec.fields if each.type in types)
        return found


class FormBook:
    """Forms in the order of precedence: where two open with the same word, the first has it."""

    def __init__(self, forms: tuple[FormSpec, ...]) -> None:
        self.forms = forms
        self._compiled: dict[str, Form] = {}

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpacked, (self._packed,)

    @cached_property
    def _packed(self) -> bytes:
        return pickle.dumps(self.forms, pickle.HIGHEST_PROTOCOL)

    @cached_property
    def _automaton(self) -> Any:
        automaton = ahocorasick.Automaton()
        for spec in reversed(self.forms):
            for word in map(fold, spec.openings):
                automaton.add_word(word, (len(word), spec))
        if self.forms:
            automaton.make_automaton()
        return automaton

    def openings(self, text: str) -> list[Span[FormSpec]]:
        """Where forms open in a normalised text, in order; of overlapping words the longest."""
        if not self.forms:
            return []
        found = self._automaton.iter_long(text)
        return [Span(last + 1 - size, last + 1, spec) for last, (size, spec) in found]

    def form(self, spec: FormSpec) -> Form:
        """The form with its expressions, made at first use."""
        if (form := self._compiled.get(spec.name)) is None:
            form = self._compiled[spec.name] = Form(spec)
        return form


@lru_cache(maxsize=8)
def book_of(forms: tuple[FormSpec, ...]) -> FormBook:
    """The book of these forms; the same one for equal forms."""
    return FormBook(forms)


@lru_cache(maxsize=8)
def _unpacked(packed: bytes) -> FormBook:
    """The book that another process sent along with a batch of messages; the same bytes are unpacked once."""
    return book_of(pickle.loads(packed))  # noqa: S301 - from the process that started this one


@lru_cache(maxsize=1)
def shipped_book() -> FormBook:
    """The forms that come with the program, read from their files at first use."""
    from handlers.forms.loading import shipped  # noqa: PLC0415 - read only when the first message is held against them

    return book_of(shipped())


@lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """A word of a form file as it stands in a normalised text."""
    return normalise(word).text or word
