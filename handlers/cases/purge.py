"""Deletion: what identifies a returnee goes a set time after the end; figures stay, and the proof of it is kept.

What is emptied: the case's own fields, the ledger's records that made it or speak of it, its health reports, what the
events held, the bodies of those messages, and what was sent because of them. What stays: references, units, days,
states, numbers.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from handlers.cases.reconcile import balance
from storage import cases
from storage.tables import HealthReport, Inbox, Outbox, PendingQuestion, RecordRow, Returnee
from storage.tables_cases import CaseEvent, PendingImport, Purge

GONE = "（已按期清除）"
KEPT_FIELDS = frozenset(("outcome", "attempt", "hand_over", "normal", "day", "arrived", "isolation"))
"""Fields of a record that say nothing about who it was."""
FIXES = ("correction", "repeat", "undo")
"""Records that speak of another one, by the message that made them."""
SENT = ("case",)
"""Purposes of messages that were written to one person about a returnee."""
QUESTION_DAYS = 1


class FiguresChanged(Exception):
    """A purge would change a figure."""


def figures(session: Session, day: date) -> dict[str, Any]:
    """What must not change: the balance of every unit, and the counts of records and health reports."""
    units = sorted(set(session.scalars(select(Returnee.unit))) | {""})
    balances = {unit or "*": _balance(session, day, unit) for unit in units}
    kinds = select(RecordRow.kind, func.count()).where(RecordRow.state == "active").group_by(RecordRow.kind)
    health = select(HealthReport.day, HealthReport.abnormal, func.count()).where(HealthReport.state == "active")
    rows = session.execute(health.group_by(HealthReport.day, HealthReport.abnormal)).all()
    return {
        "balances": balances,
        "records": dict(sorted(session.execute(kinds).tuples().all())),
        "health": {f"{on.isoformat()} {'abnormal' if abnormal else 'normal'}": n for on, abnormal, n in sorted(rows)},
        "states": dict(sorted(Counter(cases.states_now(session).values()).items())),
    }


def _balance(session: Session, day: date, unit: str) -> dict[str, Any]:
    found = balance(session, day, unit)
    return {"intake": found.intake, **found.counts}


def purge(session: Session, now: datetime, days: int) -> Purge | None:
    """Empty everything about the cases that ended `days` or more days before `now` (local); None where there are
    none. Raises `FiguresChanged`.
    """
    due = cases.due_for_purge(session, now.date() - timedelta(days=days))
    if not due:
        return None
    before = figures(session, now.date())
    counts = _empty(session, due, now)
    after = figures(session, now.date())
    if before != after:
        raise FiguresChanged
    made = Purge(day=now.date(), at=now, cases=len(due), figures=after, **counts)
    session.add(made)
    session.flush()
    return made


def _empty(session: Session, due: Sequence[Returnee], now: datetime) -> dict[str, int]:
    refs = [case.ref for case in due]
    events = session.scalars(select(CaseEvent).where(CaseEvent.ref.in_(refs))).all()
    reports = session.scalars(select(HealthReport).where(HealthReport.returnee_ref.in_(refs))).all()
    mine = {*refs, *(event.record_ref for event in events), *(report.ref for report in reports)} - {""}
    said = {event.message_key for event in events} - {""}
    fixes = RecordRow.message_key.in_(said) & RecordRow.kind.in_(FIXES)
    records = session.scalars(select(RecordRow).where(or_(RecordRow.ref.in_(mine), fixes))).all()
    keys = {event.message_key for event in events} | {record.message_key for record in records}
    messages = _empty_messages(session, keys - {""}, now)
    for case in due:
        _empty_case(case, now.date())
    for report in reports:
        report.person, report.person_hash, report.details = None, None, {}
    for record in records:
        record.fields = {key: value for key, value in record.fields.items() if key in KEPT_FIELDS}
        record.history = None
    session.execute(update(CaseEvent).where(CaseEvent.ref.in_(refs)).values(before=None))
    _empty_waiting(session, now)
    session.flush()
    return {"records": len(records), "reports": len(reports), "messages": messages, "events": len(events)}


def _empty_case(case: Returnee, today: date) -> None:
    for column in ("name", "name_hash", "phone", "phone_hash", "tail", "tail_hash", "confirmed", "account"):
        setattr(case, column, None)
    case.details, case.purged_on = {}, today


def _empty_messages(session: Session, keys: set[str], now: datetime) -> int:
    """Bodies of the messages, the answers to them, and what was written to single people about returnees long ago."""
    session.execute(update(Inbox).where(Inbox.key.in_(keys)).values(body=None))
    old = Outbox.created_at <= now - timedelta(days=QUESTION_DAYS)
    about = or_(Outbox.message_key.in_(keys), (Outbox.purpose.in_(SENT)) & old)
    done = session.execute(update(Outbox).where(about, Outbox.state != "pending").values(content=GONE, media=None))
    return len(keys) + int(done.rowcount)  # type: ignore[attr-defined]  # a cursor has it


def _empty_waiting(session: Session, now: datetime) -> None:
    """Questions that nobody answered and tables that nobody confirmed."""
    old = now - timedelta(days=QUESTION_DAYS)
    for table, at in ((PendingQuestion, PendingQuestion.asked_at), (PendingImport, PendingImport.read_at)):
        for row in session.scalars(select(table).where(at <= old)).all():
            session.delete(row)
