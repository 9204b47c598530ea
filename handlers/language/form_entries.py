"""What is stated of a form → entries: which values belong together, what is missing, what does not add up."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from handlers.language.expressions import expression
from handlers.language.form_book import Form
from handlers.language.form_marks import find_marks
from handlers.language.form_numbers import Mark
from handlers.language.form_spec import Entry, EntryProblem, FieldSpec, FormSpec
from handlers.language.form_values import Value, labelled
from handlers.language.scan import Region

_LINE = expression(r"[^\n]+")
_CELL_MARKS = "\t|,、 "
_HEADING_LINES = 5
"""The headings of a table are among the first lines."""
_HEADINGS_LEAST = 2
_SUMS = expression(r"[ |]*(?:合计|总计|小计|共计)")


SUBSTANCE = frozenset({"number", "flag", "choice", "items", "phone"})
"""Types of fields whose values show that something is reported; a place may stand in any sentence."""


@dataclass(slots=True)
class Draft:
    """An entry on its way."""

    values: dict[str, Value] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    start: int = 0
    end: int = 0
    labelled: int = 0
    """Fields with the surest evidence."""
    substance: int = 0
    """Fields that say what was done, and not only where, when and by whom."""
    marks: list[tuple[int, int]] = field(default_factory=list)
    """Where each value and its label stand."""

    def take(self, mark: Mark) -> None:
        """Add what is stated."""
        if not self.values and not self.unreadable:
            self.start = mark.start
        self.end = max(self.end, mark.end)
        self.labelled += mark.labelled
        self.substance += mark.labelled or mark.field.type in SUBSTANCE
        self.marks.append((mark.start, mark.end))
        if mark.value is None:
            self.unreadable.add(mark.field.key)
        else:
            self.values[mark.field.key] = mark.value


def read_drafts(form: Form, region: Region, *, bold: bool) -> list[Draft]:
    """The entries of a form that a region states: rows of a table, or values that belong together."""
    if rows := _rows(form, region):
        at = min(row.start for row in rows)
        above = _fold(form.spec, find_marks(form, Region(region.scan, region.start, at), bold=bold), region)
        shared = above[0].values if len(above) == 1 else {}
        for row in rows:
            row.values = {**shared, **row.values}
        return rows
    return _fold(form.spec, find_marks(form, region, bold=bold), region)


# ---------------------------------------------------------------- which values belong together


def _fold(spec: FormSpec, marks: list[Mark], region: Region) -> list[Draft]:
    """A new entry begins where something that identifies it is stated anew; what stands above the first one and
    identifies no entry by itself holds for all.
    """
    text = region.scan.text
    drafts: list[Draft] = []
    for mark in marks:
        last = drafts[-1] if drafts else None
        if last is None:
            drafts.append(Draft())
        elif mark.field.key in last.values:
            if not _begins(spec, mark, last, text):
                continue
            drafts.append(_carried(spec, mark.field.key, last))
        drafts[-1].take(mark)
    return drafts


def _begins(spec: FormSpec, mark: Mark, last: Draft, text: str) -> bool:
    """Whether a value that is stated once more begins another entry."""
    if mark.value is None or mark.value == last.values[mark.field.key]:
        return mark.field.key not in spec.identity and not spec.identity and "\n" in text[last.end : mark.start]
    if spec.identity:
        return mark.field.key in spec.identity
    return mark.field.type == "number" or "\n" in text[last.end : mark.start]


def _carried(spec: FormSpec, key: str, last: Draft) -> Draft:
    """A new entry with what its predecessor was told and it is not told again: the community above two buildings."""
    before = spec.identity[: spec.identity.index(key)] if key in spec.identity else ()
    return Draft({each: last.values[each] for each in before if each in last.values})


# ---------------------------------------------------------------- tables


def _rows(form: Form, region: Region) -> list[Draft]:
    """The rows below a line of headings; empty where there is none."""
    if "\n" not in region.text.strip():
        return []
    lines = [(m.start(), m.group()) for m in _LINE.finditer(region.scan.text, region.start, region.end)]
    for index, (_, line) in enumerate(lines[:_HEADING_LINES]):
        for mark in _CELL_MARKS if len(form.words.findall(line)) >= _HEADINGS_LEAST else "":
            fields = _headings(form, line, mark)
            if fields:
                rows = [_row(region, start, row, fields, mark) for start, row in lines[index + 1 :]]
                return [row for row in rows if len(row.values) >= _HEADINGS_LEAST]
    return []


def _headings(form: Form, line: str, mark: str) -> list[FieldSpec | None]:
    """The fields of a line of headings, or nothing."""
    cells = [re.sub(r"\([^()]*\)", "", cell).strip() for cell in line.strip("| ").split(mark)]
    fields = [form.field(cell) if cell in form.by_word else None for cell in cells]
    known = sum(each is not None for each in fields)
    return fields if known >= _HEADINGS_LEAST and known > len(fields) / 2 else []


def _row(region: Region, start: int, line: str, fields: list[FieldSpec | None], mark: str) -> Draft:
    draft = Draft(start=start, end=start + len(line), labelled=len(fields), substance=len(fields))
    bare = line.strip("| ")
    if _SUMS.match(bare):
        return draft
    at = start + line.index(bare) if bare else start
    for spec, cell in zip(fields, bare.split(mark), strict=False):
        if spec is not None and cell.strip():
            value = labelled(spec, region.scan, at, at + len(cell))
            if value is None:
                draft.unreadable.add(spec.key)
            else:
                draft.values[spec.key] = value
        at += len(cell) + 1
    return draft


# ---------------------------------------------------------------- what is missing, what is wrong


def finished(spec: FormSpec, draft: Draft) -> Entry:
    """The entry with its values in the form's order, what is missing, and what should be asked about."""
    values = {each.key: draft.values[each.key].value for each in spec.fields if each.key in draft.values}
    return Entry(
        spec.name,
        values,
        {key: value.approx for key, value in draft.values.items() if value.approx},
        {key: value.unit for key, value in draft.values.items() if value.unit},
        tuple(each.key for each in spec.required if each.key not in values),
        (*_unreadable(spec, draft, values), *check(spec, values)),
        draft.start,
        draft.end,
    )


def _unreadable(spec: FormSpec, draft: Draft, values: Mapping[str, object]) -> Iterable[EntryProblem]:
    for each in spec.fields:
        if each.key in draft.unreadable and each.key not in values:
            yield EntryProblem("not_a_choice" if each.type == "choice" else "not_readable", (each.key,))


def check(spec: FormSpec, values: Mapping[str, object]) -> tuple[EntryProblem, ...]:
    """What does not hold of an entry's values: limits, and parts against their total. Also for an entry whose values
    come from several messages.
    """
    return (*_limits(spec, values), *_parts(spec, values))


def _limits(spec: FormSpec, values: Mapping[str, object]) -> Iterable[EntryProblem]:
    for each in spec.fields:
        value = _number(values, each.key)
        if value is None:
            continue
        if each.minimum is not None and value < each.minimum:
            yield EntryProblem("below", (each.key,), value, each.minimum)
        if each.maximum is not None and value > each.maximum:
            yield EntryProblem("above", (each.key,), value, each.maximum)


def _parts(spec: FormSpec, values: Mapping[str, object]) -> Iterable[EntryProblem]:
    for whole in spec.fields:
        if (total := _number(values, whole.key)) is None:
            continue
        parts = spec.parts_of(whole.key)
        stated = {part.key: number for part in parts if (number := _number(values, part.key)) is not None}
        if not stated:
            continue
        together = sum(stated.values())
        if together > total:
            yield EntryProblem("parts_exceed", (whole.key, *stated), together, total)
        elif whole.parts == "equal" and len(stated) == len(parts) and together < total:
            yield EntryProblem("parts_differ", (whole.key, *stated), together, total)


def _number(values: Mapping[str, object], key: str) -> float | None:
    value = values.get(key)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
