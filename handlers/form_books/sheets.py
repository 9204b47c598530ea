"""Entries of forms as rows: for `kakou export form:NAME`, and for the sheets of a report's workbook."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import texts_forms as words
from handlers.form_books.booking import known, values_of
from handlers.language.form_spec import FieldSpec, FormSpec
from storage import form_entries
from storage.records import Scope
from storage.tables_forms import FormEntry

PREFIX = "form:"
"""Before the name of a form where an export is named."""
ENVELOPE = ("ref", "number", "chat", "unit", "reported_at", "message_key")
LAST = ("doubt",)
CHUNK = 500
LONGEST_NAME = 31
"""Characters of the name of a sheet."""


def columns(spec: FormSpec) -> tuple[str, ...]:
    """The columns of an export: the envelope of every record, the entry's own number, the form's fields by key, what
    does not add up.
    """
    return (*ENVELOPE, *(field.key for field in spec.fields), *LAST)


def rows(session: Session, spec: FormSpec, scope: Scope, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    """The active entries that were last changed within a scope, oldest first, unmasked; `ref`, `reported_at` and
    `message_key` are those of the newest change.
    """
    for some in _chunks(form_entries.exported(session, spec.name, scope)):
        newest = form_entries.newest_changes(session, [entry.number for entry in some])
        for entry in some:
            change, values = newest[entry.number], values_of(entry)
            yield {
                "ref": change.ref,
                "number": entry.number,
                "chat": entry.chat,
                "unit": entry.unit,
                "reported_at": entry.updated_at.astimezone(zone).isoformat(),
                "message_key": change.message_key,
                **{field.key: values.get(field.key) for field in spec.fields},
                "doubt": entry.doubt,
            }


def _chunks(found: Iterable[FormEntry]) -> Iterator[list[FormEntry]]:
    some: list[FormEntry] = []
    for entry in found:
        some.append(entry)
        if len(some) == CHUNK:
            yield some
            some = []
    if some:
        yield some


def sheets(
    session: Session, forms: Sequence[FormSpec], scope: Scope, zone: ZoneInfo, *, masked: bool
) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
    """(name, headings, rows) of each form of which anything was changed within a scope."""
    used = form_entries.forms_changed(session, scope)
    for spec in forms:
        if spec.name in used:
            headings = (*words.SHEET_FIRST, *(_heading(field) for field in spec.fields), *words.SHEET_LAST)
            yield spec.title[:LONGEST_NAME], headings, _cells(session, spec, scope, zone, masked=masked)


def _heading(field: FieldSpec) -> str:
    return f"{field.label}（{field.unit}）" if field.unit else field.label


def _cells(
    session: Session, spec: FormSpec, scope: Scope, zone: ZoneInfo, *, masked: bool
) -> Iterator[tuple[Any, ...]]:
    for entry in form_entries.exported(session, spec.name, scope):
        said = known(entry)
        told = [_cell(field, said.values, masked=masked) for field in spec.fields]
        yield (entry.number, entry.unit, entry.updated_at.astimezone(zone), *told, words.doubtful(entry.doubt))


def _cell(field: FieldSpec, values: Mapping[str, Any], *, masked: bool) -> Any:
    """Numbers as numbers, everything else in words; of people nothing that a group may not read."""
    value = values.get(field.key)
    if value is None or (field.type == "number" and not (field.personal and masked)):
        return value
    return words.shown(field, value, masked=masked)
