"""The workbook of a report: figures, units or posts by day, lists of records, notes. Real dates and numbers, frozen
headings, filters, widths, and no cell that a spreadsheet would take for a formula. Written in constant memory.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import masking
from handlers import texts_report as words
from handlers.form_books import sheets as form_sheets
from handlers.forms import shipped
from handlers.language.form_spec import FormSpec
from handlers.reports.data import Period
from handlers.reports.figures import Report
from handlers.texts import APPROX
from handlers.texts_returnee import STATES
from storage import daily_read, report_lists
from storage.records import Scope

OPTIONS = {
    "constant_memory": True,
    "in_memory": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
WIDE = 60
NARROW = 8
SAMPLE = 200
"""Rows by which the width of a column is judged."""
MOST_ROWS = 1_048_000
DATE, MOMENT, NUMBER = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.##"
EPOCH = date(1899, 12, 30).toordinal()
Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its headings, and its rows, which may be many and are read once."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Cells]


def write(sheets: Iterable[Sheet], target: Any) -> int:
    """Write a workbook to a path or a binary file; the number of rows, headings not counted."""
    total = 0
    import xlsxwriter  # noqa: PLC0415  (a start need not wait for it)

    with xlsxwriter.Workbook(target, OPTIONS) as book:
        styles = _styles(book)
        for sheet in sheets:
            total += _sheet(book, sheet, styles)
    return total


def _styles(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E6F4F1", "bottom": 1, "text_wrap": True, "valign": "top"}),
        DATE: book.add_format({"num_format": DATE}),
        MOMENT: book.add_format({"num_format": MOMENT}),
        NUMBER: book.add_format({"num_format": NUMBER}),
    }


def _sheet(book: Any, sheet: Sheet, styles: dict[str, Any]) -> int:
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    rows = iter(sheet.rows)
    sample = [row for _, row in zip(range(SAMPLE), rows, strict=False)]
    for column, width in enumerate(_widths(sheet.columns, sample)):
        page.set_column(column, column, width)
    page.write_row(0, 0, sheet.columns, styles["head"])
    count = 0
    for count, row in enumerate(_joined(sample, rows), 1):
        for column, value in enumerate(row):
            _cell(page, count, column, value, styles)
        if count >= MOST_ROWS:
            break
    page.autofilter(0, 0, count, len(sheet.columns) - 1)
    return count


def _joined(first: Sequence[Cells], rest: Iterator[Cells]) -> Iterator[Cells]:
    yield from first
    yield from rest


def _widths(columns: Sequence[str], rows: Sequence[Cells]) -> Iterator[float]:
    for number, column in enumerate(columns):
        longest = max((_length(row[number]) for row in rows), default=0)
        yield min(WIDE, max(NARROW, _length(column), longest) + 2)


def _length(value: Any) -> int:
    """Columns that a value takes: Chinese characters are two wide."""
    if isinstance(value, datetime):
        return len(MOMENT)
    return sum(2 if ord(char) > 0x2E7F else 1 for char in str(value))  # noqa: PLR2004  (where CJK begins)


def _cell(page: Any, row: int, column: int, value: Any, styles: dict[str, Any]) -> None:
    if value is None or value == "":
        return
    kind = type(value)
    if kind is str:
        page.write_string(row, column, value)
    elif kind is int or kind is float:
        page.write_number(row, column, value, styles[NUMBER])
    elif kind is datetime:
        page.write_number(row, column, _serial(value), styles[MOMENT])
    elif kind is date:
        page.write_number(row, column, value.toordinal() - EPOCH, styles[DATE])
    elif kind is bool:
        page.write_boolean(row, column, value)
    else:
        page.write_string(row, column, str(value))


def _serial(moment: datetime) -> float:
    """A moment as spreadsheets count: days since their epoch."""
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return moment.toordinal() - EPOCH + seconds / 86400


def file_name(title: str, period: Period) -> str:
    """红石坎村日报-20200223.xlsx."""
    days = f"{period.first:%Y%m%d}" + (f"-{period.last:%Y%m%d}" if period.days > 1 else "")
    return f"{title.replace(' ', '').replace('/', '-')}-{days}.xlsx"


def report_book(
    session: Session,
    report: Report,
    period: Period,
    zone: ZoneInfo,
    *,
    masked: bool,
    forms: Sequence[FormSpec] | None = None,
) -> bytes:
    """The workbook of a report. `masked`: a group reads it. `forms`: those of the service, or the shipped ones."""
    out = io.BytesIO()
    own = shipped() if forms is None else forms
    write([*_sheets(session, report, period, zone, own, masked=masked)], out)
    return out.getvalue()


def _sheets(
    session: Session, report: Report, period: Period, zone: ZoneInfo, forms: Sequence[FormSpec], *, masked: bool
) -> Iterator[Sheet]:
    yield Sheet(words.SHEET_FIGURES, words.FIGURE_COLUMNS, _figures(report))
    yield Sheet(words.SHEET_UNITS, words.UNIT_COLUMNS, _by_day(session, report.place, period))
    scope = scope_of(report.place, period)
    yield Sheet(words.SHEET_DUTY, words.DUTY_COLUMNS, duty_rows(session, scope, zone))
    yield Sheet(words.SHEET_WORK, words.WORK_COLUMNS, work_rows(session, scope))
    yield Sheet(words.SHEET_RETURNEES, words.RETURNEE_COLUMNS, returnee_rows(session, scope, masked=masked))
    for name, headings, rows in form_sheets.sheets(session, forms, scope, zone, masked=masked):
        yield Sheet(name, headings, rows)
    yield Sheet(words.SHEET_NOTES, words.NOTE_COLUMNS, _notes(report))


def scope_of(place: str, period: Period) -> Scope:
    """The records of a place and period."""
    chat = place[1:] if place.startswith("@") else None
    return Scope(period.first, period.last, unit=None if chat else place or None, chat=chat)


def _figures(report: Report) -> Iterator[Cells]:
    for row in report.rows:
        yield row.label, row.value, row.measure, row.hedge, row.before, row.total


def _by_day(session: Session, place: str, period: Period) -> Iterator[Cells]:
    """Each day of the place itself and of the units right below it."""
    found = [(words.place_name(place), day, cell) for day, cell in _days(session, place, period)]
    for child in daily_read.children(session, place, period.first, period.last) if not place.startswith("@") else ():
        found += [(words.place_name(child), day, cell) for day, cell in _days(session, child, period)]
    for name, day, cell in found:
        yield day, name, cell.participations, len(cell.people), round(cell.hours, 1), len(cell.posts)


def _days(session: Session, place: str, period: Period) -> Iterator[tuple[date, Any]]:
    yield from sorted(daily_read.by_day(session, place, period.first, period.last).items())


def duty_rows(session: Session, scope: Scope, zone: ZoneInfo) -> Iterator[Cells]:
    """One row for each period of duty."""
    twice = report_lists.told_twice(session, scope)
    for row in report_lists.duty(session, scope):
        local = (_local(row.starts_at, zone), _local(row.ends_at, zone))
        who = (row.in_ref or row.out_ref, row.day, row.unit, row.post, row.person)
        hours = (row.hours, None if row.hours is None else round(row.hours - twice.get(row.id, 0.0), 2))
        yield *who, *local, *hours, row.unnamed or None, _state(row.state)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None


def _state(state: str) -> str:
    return words.DUTY_STATES.get(state, state)


def work_rows(session: Session, scope: Scope) -> Iterator[Cells]:
    """One row for each count."""
    for row in report_lists.figures(session, scope):
        hedge = APPROX.get(row.approx, "")
        kind = words.IS_TOTAL if row.total else ""
        yield row.ref, row.day, row.unit, row.post, row.item, row.value, row.most, row.measure, hedge, kind


def returnee_rows(session: Session, scope: Scope, *, masked: bool) -> Iterator[Cells]:
    """One row for each case: masked for a group, as it is for those in charge."""
    for row in report_lists.returnees(session, scope):
        name = masking.name(row.name) if masked else row.name or ""
        phone = masking.phone(row.phone) if masked else row.phone or ""
        address = row.details.get("community", "") if masked else row.details.get("address", "")
        state = STATES.get(row.state, row.state)
        days = (row.arrived_on or row.arrives_on, row.handed_on, row.release_on)
        yield row.ref, row.day, row.unit, name, phone, address, state, *days


def _notes(report: Report) -> Iterator[Cells]:
    yield (report.title,)
    yield (report.head,)
    for change in report.changes:
        yield (change,)
    for section in report.sections:
        for line in section.lines:
            yield (f"{section.title}（{section.when}）：{line.text}",)
    if report.closing:
        yield (report.closing,)
