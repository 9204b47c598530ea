"""Records as JSON Lines, CSV or a workbook. Columns are the envelope of every record and the fields of its kind in
the contract.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.gate import export as gate
from storage.records import Scope, listing, within
from storage.tables import Base, Inbox, Outbox, RecordRow, Slot
from storage.tables_patrols import Finding, PatrolSlot
from storage.tables_supplies import Enterprise, SupplyLine, SupplyShare

ENVELOPE = ("ref", "chat", "unit", "reported_at", "message_key")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "check_in": ("people", "post", "starts_at", "ends_at", "shift", "duty", "headcount", "by"),
    "check_out": ("people", "post", "starts_at", "ends_at", "hours", "shift", "duty", "headcount", "by"),
    "work": ("counts", "post"),
    "patrol": ("post", "at", "round", "ok", "finding"),
    "returnee": (
        ("name", "gender", "phone", "id_number", "origin", "arrives_at", "arrived", "transport", "trip", "address")
        + (
            "district",
            "township",
            "community",
            "employer",
            "health",
            "symptoms",
            "temperature",
            "isolation",
            "companions",
        )
    ),
    "health": ("person", "phone_tail", "ref", "day", "temperatures", "normal", "symptoms"),
    "verification": (
        (
            "person",
            "phone_tail",
            "ref",
            "outcome",
            "attempt",
            "arrives_at",
            "address",
            "employer",
            "health",
            "isolation",
        )
        + ("transfer_to", "hand_over")
    ),
    "sign_up": ("people", "phone", "extra", "vehicle"),
    "withdraw": ("people",),
    "call_up": ("needed", "place", "duty", "starts_at", "days", "deadline"),
    "leave": ("people", "at"),
    "enterprise": ("name", "opens_at", "staff", "returned", "dormitory", "canteen", "area_m2", "shortages"),
    "supply": ("action", "party", "items"),
    "undo": ("ref",),
    "correction": ("ref", "person", "field", "value"),
    "repeat": ("people",),
}
"""Kind → fields of the parse contract, in its order."""
ABOUT = "about_ref"
"""A record's own reference is `ref`; the one that it speaks of (verification, undo, correction) is exported under
this name.
"""
BOOKS: Mapping[str, tuple[type[Base], tuple[str, ...]]] = {
    "inbox": (
        Inbox,
        (
            "key",
            "channel",
            "chat",
            "chat_type",
            "sender",
            "kind",
            "state",
            "outcome",
            "error",
            "received_at",
            "sent_at",
        ),
    ),
    "outbox": (
        Outbox,
        ("id", "key", "purpose", "channel", "chat", "chat_type", "form", "content", "message_key", "state", "attempts")
        + ("created_at", "not_before", "sent_at", "error"),
    ),
    "slots": (Slot, ("job", "chat", "slot", "state", "reason", "claimed_at")),
    "findings": (
        Finding,
        ("ref", "chat", "unit", "post", "day", "found_at", "text", "by", "state", "assignee", "assigned_at")
        + ("fix", "fixed_by", "fixed_on", "closed_by", "closed_on", "returned", "message_key"),
    ),
    "rounds": (
        PatrolSlot,
        ("chat", "unit", "post", "due_at", "day", "turn", "number", "state", "round_ref", "reminded_at", "alerted_at")
        + ("note",),
    ),
    "enterprises": (
        Enterprise,
        ("ref", "chat", "unit", "name", "state", "opens_on", "open", "staff", "returned", "dormitory", "canteen")
        + ("area_m2", "contact", "contact_phone", "listed_at", "reported_at"),
    ),
    "supply_lines": (
        SupplyLine,
        ("ref", "chat", "unit", "day", "at", "action", "more", "party", "enterprise", "item", "measure", "amount")
        + ("batch", "state"),
    ),
    "supply_shares": (
        SupplyShare,
        ("note_id", "chat", "unit", "day", "party", "item", "measure", "need", "amount", "received", "signed_on")
        + ("state",),
    ),
}
"""Book → table and the columns that are shown. Bodies of messages and addresses with secrets are not among them."""
SCOPED = ("findings", "rounds", "supply_lines", "supply_shares")
"""Books of a unit and a day: a range of days and a unit narrow them."""
KINDS = (*FIELDS, *BOOKS, *gate.COLUMNS)

Row = dict[str, Any]


def columns(kind: str) -> tuple[str, ...]:
    """The columns of a kind, in order."""
    if kind in BOOKS:
        return BOOKS[kind][1]
    if kind in gate.COLUMNS:
        return gate.COLUMNS[kind]
    return ENVELOPE + tuple(ABOUT if field == "ref" else field for field in FIELDS[kind])


def rows(session: Session, kind: str, scope: Scope, zone: ZoneInfo) -> Iterator[Row]:
    """The rows of a kind, oldest first, streamed. Times are local with their offset."""
    if kind in BOOKS:
        yield from _book(session, kind, scope, zone)
        return
    if kind in gate.COLUMNS:
        yield from gate.rows(session, kind, scope, zone)
        return
    for row in listing(session, kind, scope):
        yield _record(row, zone)


def _record(row: RecordRow, zone: ZoneInfo) -> Row:
    fields = {(ABOUT if key == "ref" else key): value for key, value in row.fields.items()}
    envelope = {"ref": row.ref, "chat": row.chat, "unit": row.unit}
    return {
        **envelope,
        "reported_at": row.reported_at.astimezone(zone).isoformat(),
        "message_key": row.message_key,
        **fields,
    }


def _book(session: Session, kind: str, scope: Scope, zone: ZoneInfo) -> Iterator[Row]:
    table, names = BOOKS[kind]
    query = select(*(getattr(table, name) for name in names)).order_by(table.id).execution_options(yield_per=1000)  # type: ignore[attr-defined]
    if kind in SCOPED:
        query = within(query, table, scope)
    for row in session.execute(query):
        values = dict(zip(names, row, strict=True))
        yield {key: _plain(value, zone) for key, value in values.items()}


def _plain(value: Any, zone: ZoneInfo) -> Any:
    """Moments local, moments and days as text."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def write_jsonl(found: Iterable[Row], out: IO[str]) -> int:
    """One JSON object a line. Returns how many."""
    count = 0
    for row in found:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def write_csv(found: Iterable[Row], names: tuple[str, ...], out: IO[str]) -> int:
    """A heading and one row each; a byte order mark first, so that a spreadsheet reads Chinese."""
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(names)
    count = 0
    for row in found:
        writer.writerow([_safe(_cell(row.get(name))) for name in names])
        count += 1
    return count


def write_xlsx(found: Iterable[Row], names: tuple[str, ...], path: Path | IO[bytes]) -> int:
    """A workbook in constant memory: frozen heading, filter, text as text."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    count = 0
    import xlsxwriter  # noqa: PLC0415  (a start need not wait for it)

    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Kakou")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(names) - 1, 18)
        sheet.write_row(0, 0, names, book.add_format({"bold": True}))
        for count, row in enumerate(found, 1):
            for column, name in enumerate(names):
                _write_cell(sheet, count, column, _cell(row.get(name)))
        sheet.autofilter(0, 0, count, len(names) - 1)
    return count


def _write_cell(sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value)
    elif value != "":
        sheet.write_string(row, column, value)


def _cell(value: Any) -> Any:
    """A value that fits a cell: lists of words joined, other structures as JSON."""
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "、".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value


def _safe(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"} else value
