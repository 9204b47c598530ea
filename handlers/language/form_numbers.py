"""Which field each number of a text is of: by the word before it, the word after it, or its measure word."""

import dataclasses
import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.language.counts import UNIT
from handlers.language.expressions import expression
from handlers.language.form_book import Form, one_of
from handlers.language.form_spec import FieldSpec
from handlers.language.form_values import Value, quantity
from handlers.language.numbers import Quantity
from handlers.language.scan import CLAIMED, Region
from handlers.language.types import Span
from handlers.language.vocabulary import ITEM_WORDS, TOTAL_WORDS


@dataclass(frozen=True, slots=True)
class Mark:
    """A field that is stated: `text[start:end]` with its label."""

    start: int
    end: int
    field: FieldSpec
    value: Value | None
    """None where the words cannot be a value of this type."""
    labelled: bool = False
    """It has a colon or a heading of a table: the surest evidence."""
    value_start: int = -1
    """Where the value stands apart from its label, and what lies between may state something else."""
    label_end: int = -1


_TOTAL = expression(one_of(list(TOTAL_WORDS)))
_BETWEEN = expression(
    r"[一-鿿]{0,6}?(?:[ :=]|今[日天]|已经?|共计?|[了的有为是约近达]|完成|户?数|人数|数量|总数|次数|人次)*"
)
_ITEM_END = expression(rf"(?:{one_of(list(ITEM_WORDS))})$")
_FILLER = expression(r"今[日天]|已经?|共计?|[了的有为是约近达]|完成|数")
_HAN = expression(r"[一-鿿]")
_AFTER = expression(r"([ ]?)(?:已|均|都|未|人|家)?")
_NEXT_NUMBER = expression(r"([ :]*)[一-鿿]{0,6}\d")
_LONGEST_LEAD = 24
_NO_NUMBER = expression(r"[,;。、\n\t()【】|]|" + CLAIMED)


class Numbers:
    """Gives each number of a region to a field: by the word before it, the word after it, or its unit."""

    def __init__(self, form: Form, region: Region, marks: list[Mark], *, bold: bool) -> None:
        self._form = form
        self._region = region
        self._bold = bold
        self._starts = sorted(m.start for m in marks if m.field.key in form.spec.identity)
        self._fields = form.of_type("number")
        self._placed = any(each.type == "place" and each.key in form.spec.identity for each in form.spec.fields)

    def __iter__(self) -> Iterator[Mark]:
        region, last, used = self._region, self._region.start, set[str]()
        if not self._fields:
            return
        named = {at for match in self._form.numerals.finditer(region.text) for at in range(*match.span())}
        for number in region.inside(region.scan.numbers):
            if number.start - region.start in named:
                continue
            if self._is_of_another(last, number.start):
                used.clear()
            mark = self._one(number, last, used)
            last = number.end
            if mark is not None:
                last = mark.end
                used.add(mark.field.key)
                yield mark
        yield from self._nothing()

    def _is_of_another(self, start: int, end: int) -> bool:
        """Whether a line ends in between, or something stands there that identifies another entry."""
        index = bisect_left(self._starts, start)
        if index < len(self._starts) and self._starts[index] < end:
            return True
        between = self._region.scan.text[start:end]
        name = _HAN.search(_FILLER.sub("", between)) if self._placed else None
        return "\n" in between or (name is not None and self._form.words.search(between) is None)

    def _one(self, number: Span[Quantity], last: int, used: set[str]) -> Mark | None:
        text = self._region.scan.text
        unit = self._form.units.match(text, number.end) or UNIT.match(text, number.end)
        end = unit.end() if unit and unit.end() <= self._region.end else number.end
        word = text[number.end : end].strip() or number.value.unit or ""
        left = _NO_NUMBER.split(text[max(last, number.start - _LONGEST_LEAD) : number.start])[-1]
        if (before := self._before(left, word)) is not None:
            field, match = before
            at = number.start - len(left)
            return Mark(
                at + match.start(), end, field, _quantity(field, number, word),
                value_start=number.start, label_end=at + match.end(),
            )  # fmt: skip
        after, end = self._behind(end, word)
        if after is None and self._bold and word and not self._is_of_other_work(left):
            after = self._by_unit(word, used, total=bool(_TOTAL.search(left)) and self._has_total(word))
        return Mark(number.start, end, after, _quantity(after, number, word)) if after is not None else None

    def _is_of_other_work(self, left: str) -> bool:
        """Whether a word of other work stands right before the number: 垃圾清运2车 in a message about 送菜."""
        item = _ITEM_END.search(left)
        return item is not None and not any(left.endswith(word) for word in self._form.items)

    def _before(self, left: str, unit: str) -> tuple[FieldSpec, re.Match[str]] | None:
        """The field whose word stands last before the number, and that word."""
        for match in reversed(list(self._form.words.finditer(left))):
            if _BETWEEN.fullmatch(left, match.end()) is None or _of_something_else(match, left):
                break
            meant = self._meant(match.group(), unit)
            if meant is None:
                continue
            other = _TOTAL.search(left) and not meant.total and self._has_total(unit)
            field = self._total(meant, unit) if other else meant
            return (field, match) if field is not None else None
        return None

    def _meant(self, word: str, unit: str) -> FieldSpec | None:
        """The field of numbers in this unit that the word means."""
        fields = (each for each in self._form.by_word[word] if each.type == "number" and _accepts(each, unit))
        return next(fields, None)

    def _has_total(self, unit: str) -> bool:
        return any(each.total and _accepts(each, unit) for each in self._fields)

    def _total(self, field: FieldSpec, unit: str) -> FieldSpec | None:
        """The 累计 field that goes with a daily one: no total is taken for a day's figure."""
        totals = [each for each in self._fields if each.total and _accepts(each, unit)]
        near = [each for each in totals if any(field.label in word or word in field.label for word in each.words)]
        return next(iter(near or totals), None)

    def _behind(self, end: int, unit: str) -> tuple[FieldSpec | None, int]:
        """`130户完成`: the word right behind, unless it goes with the next number."""
        text = self._region.scan.text
        gap = _AFTER.match(text, end)
        match = self._form.words.match(text, gap.end() if gap else end)
        if match is None or match.end() > self._region.end:
            return None, end
        following = _NEXT_NUMBER.match(text, match.end())
        if following is not None and (not following[1] or (gap is not None and gap[1])):
            return None, end
        field = self._meant(match.group(), unit)
        return (field, match.end()) if field is not None and not field.total else (None, end)

    def _by_unit(self, unit: str, used: set[str], *, total: bool) -> FieldSpec | None:
        """The first field that counts in this unit and is no part of another."""
        return next(
            (
                each
                for each in self._fields
                if unit in each.units and each.key not in used and each.total == total and not each.part_of
            ),
            None,
        )

    def _nothing(self) -> Iterator[Mark]:
        """无拒检, 拒检无: nothing is a figure, too."""
        rest = self._region.rest
        if "无" not in rest and "没有" not in rest and "为零" not in rest:
            return
        for match in self._form.nothing.finditer(rest):
            field = self._form.field(match["a"] or match["b"])
            yield Mark(match.start() + self._region.start, match.end() + self._region.start, field, Value(0))


_RATIO = expression(r"(?<![\d/.])(\d{1,6})/(\d{1,6})(?![\d/.])")


def ratios(form: Form, region: Region) -> Iterator[Mark]:
    """130/132户: a part and its whole."""
    if "/" not in region.text:
        return
    for match in _RATIO.finditer(region.scan.text, region.start, region.end):
        unit = form.units.match(region.scan.text, match.end(), region.end)
        part = next(
            (each for each in form.spec.fields if each.part_of and unit and unit[0].strip() in each.units), None
        )
        whole = form.spec.field(part.part_of) if part is not None else None
        if part is not None and whole is not None and unit is not None:
            yield Mark(match.start(1), match.end(1) + 1, part, Value(int(match[1])))
            yield Mark(match.start(2), unit.end(), whole, Value(int(match[2])))


_ALL = expression(r"(?:全部|全都|全|均|都)(?:已经?)?")


def completed(form: Form, region: Region, marks: list[Mark]) -> Iterator[Mark]:
    """132户全部完成: the part is the whole."""
    rest, base, text = region.rest, region.start, region.scan.text
    for match in _ALL.finditer(rest):
        word = form.words.match(rest, match.end())
        part = form.field(word.group()) if word else None
        if word is None or part is None or not part.part_of:
            continue
        start, line = (
            match.start() + base,
            (text.rfind("\n", 0, match.start() + base), text.find("\n", match.end() + base)),
        )
        near = [
            mark
            for mark in marks
            if mark.field.key == part.part_of and line[0] < mark.start < (line[1] if line[1] >= 0 else region.end)
        ]
        before = [mark for mark in near if mark.start < start]
        if whole := before[-1:] or near[:1]:
            yield Mark(start, word.end() + base, part, whole[0].value)


def _quantity(field: FieldSpec, number: Span[Quantity], unit: str) -> Value:
    """The number, with its measure word where that is not the one that the field shows."""
    return dataclasses.replace(quantity(number.value), unit=unit if unit != field.unit else "")


def _of_something_else(match: re.Match[str], left: str) -> bool:
    """累计 alone is of this form only where nothing else stands between it and the number: 累计门磁750户."""
    return match.group() in TOTAL_WORDS and _HAN.search(_FILLER.sub("", left[match.end() :])) is not None


def _accepts(field: FieldSpec, unit: str) -> bool:
    return not unit or not field.units or unit in field.units
