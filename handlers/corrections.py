"""What a correction changes: the fields of the ledger's record, and the rows of the feature that were made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.tables import RecordRow

KINDS_OF_FIELD = {
    "post": ("check_in", "check_out", "work", "patrol"),
    "starts_at": ("check_in", "check_out", "call_up"),
    "ends_at": ("check_out", "check_in"),
    "hours": ("check_out",),
    "shift": ("check_in", "check_out"),
    "round": ("patrol",),
    "finding": ("patrol",),
    "duty": ("check_in", "check_out", "call_up"),
    "headcount": ("check_in", "check_out"),
    "people": ("check_in", "check_out", "sign_up"),
    "counts": ("work",),
    "temperatures": ("health",),
    "symptoms": ("health",),
    "normal": ("health",),
    "day": ("health",),
    "outcome": ("verification",),
    "attempt": ("verification",),
    "needed": ("call_up",),
    "staff": ("enterprise",),
    "returned": ("enterprise",),
    "opens_at": ("enterprise",),
    "items": ("supply",),
}
STANDS_FOR = {
    ("call_up", "headcount"): "needed",
    ("enterprise", "headcount"): "staff",
    ("enterprise", "counts"): "shortages",
    ("supply", "counts"): "items",
    ("check_in", "name"): "people",
    ("check_out", "name"): "people",
    ("sign_up", "name"): "people",
}
"""(kind, field as it is read) → the field of such a record: 60人 of a company are its staff, 口罩50只 its goods."""
LISTS = frozenset({"temperatures", "people"})
"""Fields that hold several values, of which a correction may give one."""
RETURNEE = ("returnee", "verification", "sign_up")


@dataclass(slots=True)
class Again:
    """A record made from a former one."""

    kind: str
    fields: dict[str, Any]


def kinds_with(field: str) -> Sequence[str]:
    """Kinds of records that have such a field; those of a registration where it is not listed."""
    return KINDS_OF_FIELD.get(field, RETURNEE)


def applied(kind: str, fields: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """The fields of a record after a correction."""
    name = "temperatures" if kind == "health" and field == "temperature" else field
    name = STANDS_FOR.get((kind, field), name)
    if kind == "patrol":
        return _patrol(fields, "at" if field == "starts_at" else field, value)
    if name in LISTS and not isinstance(value, list):
        value = [value]
    if field == "counts":
        value = _counts(fields.get(name, ()), value)
    return {**fields, name: value}


def _patrol(fields: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    """A round after a correction: a finding that is named makes it one with a problem."""
    if field == "finding":
        return {**fields, "ok": False, field: value}
    if field == "ok" and value:
        return {name: former for name, former in fields.items() if name != "finding"} | {field: True}
    return {**fields, field: value}


def _counts(former: Sequence[dict[str, Any]], corrected: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Counts after a correction of some of them: each takes the place of the one of its name, the others stay."""
    by_item = {count["item"]: count for count in corrected}
    kept = [by_item.pop(count["item"], count) for count in former]
    return [*kept, *by_item.values()]


def newest_about(session: Session, chat: str, person: str, kinds: Sequence[str], since: date) -> RecordRow | None:
    """The newest active record of a chat that names a person. Fields are sealed, so the last weeks are opened and
    looked at.
    """
    query = select(RecordRow).where(RecordRow.chat == chat, RecordRow.kind.in_(kinds), RecordRow.state == "active")
    rows = session.scalars(
        query.where(RecordRow.day >= since).order_by(RecordRow.id.desc()).execution_options(yield_per=200)
    )
    return next((row for row in rows if _names(row, person)), None)


def _names(row: RecordRow, person: str) -> bool:
    fields = row.fields
    return person in fields.get("people", ()) or person in (fields.get("person"), fields.get("name"))


def last_report(session: Session, chat: str, person: str, kinds: Sequence[str], today: date) -> RecordRow | None:
    """A person's newest report of a day before today."""
    query = select(RecordRow).where(RecordRow.chat == chat, RecordRow.kind.in_(kinds), RecordRow.state == "active")
    days = (RecordRow.day < today, RecordRow.day >= today - timedelta(days=30))
    rows = session.scalars(query.where(*days).order_by(RecordRow.id.desc()).execution_options(yield_per=200))
    return next((row for row in rows if _names(row, person)), None)


def for_today(former: RecordRow, person: str, today: date) -> Again:
    """The same report, moved to today: times of day stay, a day of observation counts on, figures of others are left
    out.
    """
    gone = (today - former.day).days
    fields = {
        key: _moved(key, value, gone) for key, value in former.fields.items() if key not in {"headcount", "by", "hours"}
    }
    if "people" in fields:
        fields["people"] = [person]
    return Again(former.kind, fields)


def _moved(key: str, value: Any, days: int) -> Any:
    if key in {"starts_at", "ends_at"}:
        on = date.fromisoformat(value[:10]) + timedelta(days=days)
        return on.isoformat() + value[10:]
    return value + days if key == "day" else value
