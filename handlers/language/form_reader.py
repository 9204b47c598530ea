"""Messages held against forms: which form a text is of, its entries, and the records that carry them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from handlers.language import gate
from handlers.language.expressions import expression
from handlers.language.form_book import Form, FormBook, shipped_book
from handlers.language.form_entries import SUBSTANCE, Draft, finished, read_drafts
from handlers.language.form_spec import Entry, FieldSpec, FormSpec
from handlers.language.form_values import BUILDING, Value, as_count, find_buildings, sums_up_buildings
from handlers.language.scan import Region, Scan
from handlers.language.sources import WHOLE, add_sources
from handlers.language.types import Fields, Record, Span

_TO_OPENING = expression(
    r"(?:^|(?<=\n))[ \t#【\[>·*-]*(?:\d{1,2}[.、)])?(?:报告?|上报|填报|登记|更新|补报|今日|今天|今晚)?[: ]?$"
)
"""What may stand before a word that opens a form at the beginning of a line."""
_LONGEST_LEAD = 12
_SENTENCE = expression(r"[^。;!?\n]+[。;!?]*")
_ANNOUNCE = expression(r"^【?(?:重要|紧急|温馨|健康|防疫|疫情)*(?:通知|公告|提醒|提示|通告|倡议|倡议书|转发)】?")
_FORM_KINDS = frozenset({"work", "supply", "enterprise"})
_BESIDE = frozenset({"check_in", "check_out", "sign_up", "leave"})
"""Records that stand beside a form's own. Where the language found yet another kind, that is what was meant, unless the
form was opened by its name and filled in label by label.
"""
_FORMS_IN_PASSING = 4
"""Forms that one text is held against which names them only in passing."""
_SURE_VALUES = 3
"""So many values make an entry certain of a text that does not begin with the form's name."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a text and the form that it is of."""

    start: int
    end: int
    form: FormSpec
    opened: bool
    """It begins with the form's name; otherwise the name stands somewhere in it."""
    words: tuple[int, ...] = ()
    """Where the form is named in a text that begins with another form's name: it counts only as a label there."""


def apply_forms(scan: Scan, records: list[Record]) -> list[Record]:
    """The records with the entries that they carry, and records for entries of which the language found none."""
    text = scan.text
    book = scan.message.forms or shipped_book()
    openings = book.openings(text)
    for record in records:
        _default(book, record)
    if not openings or _ANNOUNCE.match(text):
        return records
    found = list(records)
    for stretch in _stretches(book, text, openings):
        found = _held_against(book, scan, stretch, found)
    return found


# ---------------------------------------------------------------- which part of the text is of which form


def _stretches(book: FormBook, text: str, openings: list[Span[FormSpec]]) -> list[Stretch]:
    opened: list[Stretch] = []
    for head in openings:
        if not _TO_OPENING.search(text, max(0, head.start - _LONGEST_LEAD), head.start):
            continue
        if (opened and opened[-1].form is head.value) or (head.start and _is_label(book.form(head.value), text, head)):
            continue
        start = text.rfind("\n", 0, head.start) + 1
        if opened:
            opened[-1] = dataclasses.replace(opened[-1], end=start)
        elif book.form(head.value).labels.search(text, 0, start):
            start = 0
        opened.append(Stretch(start, len(text), head.value, opened=True))
    return [*_in_passing(text, openings, opened), *opened]


def _is_label(form: Form, text: str, word: Span[FormSpec]) -> bool:
    """Whether a word that may open the form is the label of a field here: 拒检:2户."""
    return text[word.start : word.end] in form.by_word and text[word.end : word.end + 1] in (":", "=")


def _in_passing(text: str, openings: list[Span[FormSpec]], opened: list[Stretch]) -> list[Stretch]:
    """The forms that the text names without beginning with them."""
    others: dict[str, list[Span[FormSpec]]] = {}
    for each in openings:
        if all(each.value.name != stretch.form.name for stretch in opened):
            others.setdefault(each.value.name, []).append(each)
    return [
        Stretch(0, len(text), named[0].value, opened=False, words=tuple(each.start for each in named) if opened else ())
        for named in list(others.values())[:_FORMS_IN_PASSING]
    ]


# ---------------------------------------------------------------- entries of a stretch


def _held_against(book: FormBook, scan: Scan, stretch: Stretch, records: list[Record]) -> list[Record]:
    form = book.form(stretch.form)
    if (not stretch.opened and not _may_state(form, scan)) or _sums_up(stretch, scan):
        return records
    bold = stretch.opened and not scan.triggers(stretch.start, stretch.end)
    drafts = read_drafts(form, Region(scan, stretch.start, stretch.end), bold=bold)
    pairs = [(draft, finished(stretch.form, draft)) for draft in drafts]
    pairs = [(draft, entry) for draft, entry in pairs if _says_enough(stretch, draft, entry)]
    if not pairs:
        return records
    inside = [record for record in records if _within(record, stretch)]
    if not _speaks_better(stretch, pairs, inside) and _is_certain(scan, stretch, pairs):
        made = [_record(stretch.form, entry) for _, entry in pairs]
        for record in made:
            add_sources(scan, record, *record.sources[WHOLE])
        return _replaced(records, inside, made)
    if same := [record for record in inside if record.kind == stretch.form.kind]:
        _attach(stretch.form, same, [entry for _, entry in pairs])
    return records


def _sums_up(stretch: Stretch, scan: Scan) -> bool:
    """Whether figures of many buildings together stand where the form wants those of each: they are in its books."""
    each = any(one.type == "building" for one in stretch.form.required)
    return each and sums_up_buildings(scan.text, stretch.start, stretch.end)


def _may_state(form: Form, scan: Scan) -> bool:
    """Whether a text that only names the form can hold what it has to: a figure, and its building."""
    if any(each.type == "building" for each in form.spec.required) and not BUILDING.search(scan.text):
        return bool(form.labels.search(scan.text))
    return bool(scan.numbers)


def _says_enough(stretch: Stretch, draft: Draft, entry: Entry) -> bool:
    """A form named in passing needs all that it requires and a figure; one that the text opens with, something."""
    if not entry.values or not draft.substance:
        return False
    if stretch.words and not any(a <= word < b for a, b in draft.marks for word in stretch.words):
        return False
    return stretch.opened or (not entry.missing and any(map(_is_figure, entry.values.values())))


def _is_figure(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _within(record: Record, stretch: Stretch) -> bool:
    start, end = record.sources.get(WHOLE, (0, 0))
    return start < stretch.end and end > stretch.start


def _is_certain(scan: Scan, stretch: Stretch, pairs: list[tuple[Draft, Entry]]) -> bool:
    """Whether the text reports in this form, so that the form may make records of its own."""
    form = stretch.form
    labels = max(draft.labelled for draft, _ in pairs)
    values = max(len(entry.values) for _, entry in pairs)
    if not stretch.opened and (values < _SURE_VALUES or any(entry.missing for _, entry in pairs)):
        return False
    if values < 1 + (not scan.addressed):
        return False
    text = scan.text[stretch.start : stretch.end]
    if not any(_is_solid(form, entry) for _, entry in pairs) and labels < _SURE_VALUES:
        return False
    if scan.triggers(stretch.start, stretch.end) and not any(map(_is_figure, pairs[0][1].values.values())):
        return False
    if labels < 2 and gate.is_figure_plan(text):  # noqa: PLR2004 - one label may be chance
        return False
    sentences = (match.group() for match in _SENTENCE.finditer(text))
    return all(gate.why_silent(each, kind="work", addressed=scan.addressed) is None for each in sentences)


def _is_solid(form: FormSpec, entry: Entry) -> bool:
    """Whether it says what was done, and not only where, when and by whom."""
    return any(each.type in SUBSTANCE for each in form.fields if each.key in entry.values)


def _speaks_better(stretch: Stretch, pairs: list[tuple[Draft, Entry]], inside: list[Record]) -> bool:
    """Whether the language's own records stand: those of another matter, those of enterprises and supplies, and those
    of work where the form was not filled in label by label.
    """
    kinds = {record.kind for record in inside}
    labels = max(draft.labelled for draft, _ in pairs)
    if not kinds <= _BESIDE | _FORM_KINDS:
        return not stretch.opened or labels < _SURE_VALUES
    if stretch.form.kind != "work":
        return bool(kinds - _BESIDE)
    if "work" not in kinds:
        return False
    if stretch.opened and any(
        _is_of_a_building(stretch.form, entry) or _is_mistaken(stretch.form, entry, inside) for _, entry in pairs
    ):
        return False
    return not stretch.form.sensitive and labels < _SURE_VALUES


def _is_of_a_building(form: FormSpec, entry: Entry) -> bool:
    """A building with figures: whoever looks for figures only takes the building's number for one."""
    figures = sum(map(_is_figure, entry.values.values()))
    return figures > 1 and any(each.type == "building" and each.key in entry.values for each in form.fields)


def _is_mistaken(form: FormSpec, entry: Entry, inside: list[Record]) -> bool:
    """Whether a place of the form was taken for what is counted: 消杀 亚澜湾 3次."""
    places = {entry.values[each.key] for each in form.fields if each.type == "place" and each.key in entry.values}
    return any(count["item"] in places for record in inside for count in record.fields.get("counts", ()))


def _replaced(records: list[Record], inside: list[Record], made: list[Record]) -> list[Record]:
    """`made` in the place of what the same words had seemed to be."""
    gone = {id(record) for record in inside if record.kind not in _BESIDE}
    first = next((index for index, record in enumerate(records) if id(record) in gone), len(records))
    kept = [record for record in records if id(record) not in gone]
    at = sum(id(record) not in gone for record in records[:first])
    return [*kept[:at], *made, *kept[at:]]


def _attach(form: FormSpec, records: list[Record], entries: list[Entry]) -> None:
    """Give each entry to the record that was read from the same words, or from the nearest ones."""
    for entry in entries:
        record = min(records, key=lambda each: _distance(each, entry))
        if form.kind == "work":
            record.entries = (*record.entries, _at_post(form, entry, record.fields.get("post")))
        else:
            own = Draft({key: _value(entry, key) for key in entry.values})
            record.entries = (_of_record(form, record, own),)


def _at_post(form: FormSpec, entry: Entry, post: str | None) -> Entry:
    """The entry with the record's post as its place, where it states none."""
    place = next((each.key for each in form.fields if each.type == "place"), None)
    if (
        place is None
        or not post
        or place in entry.values
        or post.startswith("第")
        or find_buildings(post, 0, len(post))
    ):
        return entry
    values = {**entry.values, place: post}
    ordered = {each.key: values[each.key] for each in form.fields if each.key in values}
    return dataclasses.replace(entry, values=ordered, missing=tuple(key for key in entry.missing if key != place))


def _distance(record: Record, entry: Entry) -> int:
    start, end = record.sources.get(WHOLE, (0, 0))
    return 0 if start <= entry.start < end else min(abs(entry.start - start), abs(entry.start - end))


# ---------------------------------------------------------------- records and entries of each other


def _default(book: FormBook, record: Record) -> None:
    """Enterprises and supplies are entries of the form of that name, whatever words open the text."""
    if record.kind in ("enterprise", "supply") and not record.entries:
        form = next((each for each in book.forms if each.name == record.kind), None)
        if form is not None:
            record.entries = (_of_record(form, record, Draft()),)


def _of_record(form: FormSpec, record: Record, draft: Draft) -> Entry:
    """The entry that a record states: its fields of the same names win over what the form's own words gave."""
    for each in form.fields:
        if each.key in record.fields:
            draft.values[each.key] = Value(_canonical(each, record.fields[each.key]))
    draft.start, draft.end = record.sources.get(WHOLE, (0, 0))
    return finished(form, draft)


def _canonical(field: FieldSpec, value: Any) -> Any:
    """A machine word of the contract as the form's own word: need → 需求."""
    return next((canonical for canonical, others in field.choices if value in (canonical, *others)), value)


def _record(form: FormSpec, entry: Entry) -> Record:
    """A record of work with an entry's figures; nothing that says something of a person."""
    fields: Fields = {"post": post} if (post := _post(form, entry.values)) else {}
    items = {figure.field: figure.item for figure in form.figures}
    fields["counts"] = [
        as_count(each, items.get(each.key, each.label), _value(entry, each.key))
        for each in form.fields
        if each.type == "number" and not each.personal and each.key in entry.values
    ]
    return Record("work", fields, sources={WHOLE: (entry.start, entry.end)}, entries=(entry,))


def _value(entry: Entry, key: str) -> Value:
    return Value(entry.values[key], entry.approx.get(key, ""), entry.units.get(key, ""))


def _post(form: FormSpec, values: Mapping[str, Any]) -> str:
    if form.sensitive:
        return ""
    shown = (each for each in form.fields if each.type in ("place", "building") and not each.personal)
    return "".join(str(values[each.key]) for each in shown if each.key in values)


# ---------------------------------------------------------------- an entry as a text


def written(form: FormSpec, values: Mapping[str, Any]) -> str:
    """An entry as a message that is read as this entry again: a label and a value on each line."""
    lines = [
        form.title,
        *(f"{each.label}:{_shown(each, values[each.key])}" for each in form.fields if each.key in values),
    ]
    return "\n".join(lines)


def _shown(field: FieldSpec, value: Any) -> str:
    if field.type == "flag":
        return "是" if value else "否"
    if field.type == "number":
        return f"{value}{field.unit}"
    if field.type == "items":
        return "、".join(f"{item['item']}{item.get('value', '')}{item.get('unit', '')}" for item in value)
    return str(value).replace("T", " ") if field.type == "datetime" else str(value)
