"""The gate's books for `kakou export`, unmasked: single records, passes, people who left the city."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.gate.departure_words import FACTS
from storage.records import Scope, within
from storage.tables_gate import Departure, GateEntry, Pass

Row = dict[str, Any]
ENTRY = ("direction", "person", "plate", "phone", "temperature", "fever", "origin", "destination", "problem", "action")
PASS = ("number", "kind", "person", "plate", "address", "phone", "issued_on", "valid_until", "state", "closed_on")
LEFT = ("name", "phone", "state", *FACTS, "destination", "symptoms", "attempts", "outcome", "called_at", "returnee_ref")
ENVELOPE = ("ref", "chat", "unit")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "gate": (*ENVELOPE, "day", "at", "post", *ENTRY, "heads", "note", "message_key"),
    "passes": (*ENVELOPE, "register", *PASS, "replaces", "message_key"),
    "departures": (*ENVELOPE, "day", *LEFT, "message_key"),
}
"""Book → its columns."""


def rows(session: Session, book: str, scope: Scope, zone: ZoneInfo) -> Iterator[Row]:
    """The rows of a book but those that were taken back, oldest first, streamed. Times are local with their offset."""
    table, make = BOOKS[book]
    day = table.issued_on if table is Pass else table.day
    query = within(select(table).where(table.state != "undone"), table, Scope(unit=scope.unit, chat=scope.chat))
    if scope.first:
        query = query.where(day >= scope.first)
    if scope.last:
        query = query.where(day <= scope.last)
    for row in session.scalars(query.order_by(table.id).execution_options(yield_per=1000)):
        made = {**make(row), "ref": row.ref, "chat": row.chat, "unit": row.unit, "message_key": row.message_key}
        yield {name: _plain(made.get(name), zone) for name in COLUMNS[book]}


def _plain(value: Any, zone: ZoneInfo) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else value


def _columns(row: Any, names: Sequence[str]) -> Row:
    return {name: getattr(row, name) for name in names}


def _entry(row: GateEntry) -> Row:
    own = ("day", "at", "post", "direction", "person", "plate", "fever", "problem", "action", "heads")
    return {**row.details, **_columns(row, own)}


def _pass(row: Pass) -> Row:
    own = ("register", "number", "kind", "plate", "issued_on", "valid_until", "state", "closed_on", "replaces")
    return {**row.details, **_columns(row, own), "person": row.holder}


def _departure(row: Departure) -> Row:
    own = ("day", "name", "phone", "state", "attempts", "outcome", "called_at", "returnee_ref")
    return {**row.facts, **_columns(row, own)}


BOOKS: Mapping[str, tuple[Any, Callable[[Any], Row]]] = {
    "gate": (GateEntry, _entry),
    "passes": (Pass, _pass),
    "departures": (Departure, _departure),
}
