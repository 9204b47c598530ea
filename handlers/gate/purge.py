"""Deletion: what identifies somebody at the gate goes a set time afterwards; numbers, days and codes stay.

Emptied are the sealed fields of entries, of passes that have ended and of people whose calls are over; the ledger's
records that made them; the bodies of those messages, the answers to them and what was written to single people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from handlers.cases.purge import GONE
from handlers.gate.entries import PURPOSE
from storage.portions import portions
from storage.tables import Inbox, Outbox, RecordRow
from storage.tables_gate import Departure, DepartureCall, GateAsk, GateEntry, Pass

KEPT = frozenset(("direction", "post", "problem", "action", "heads", "at", "kind", "number", "ref", "outcome"))
"""Fields of a record that say nothing about who it was."""
CHUNK = 500
ASK_LASTS = timedelta(days=1)
Owned = GateEntry | Pass | Departure


@dataclass(frozen=True, slots=True)
class Purged:
    """How many of each were emptied."""

    entries: int = 0
    passes: int = 0
    departures: int = 0


def purge(session: Session, now: datetime, days: int) -> Purged:
    """Empty what is `days` or more days old at `now` (local)."""
    until = now.date() - timedelta(days=days)
    entries = session.scalars(select(GateEntry).where(GateEntry.day <= until, GateEntry.purged_on.is_(None))).all()
    over = or_(Pass.closed_on <= until, and_(Pass.state == "undone", Pass.issued_on <= until))
    passes = session.scalars(select(Pass).where(over, Pass.purged_on.is_(None))).all()
    departures = session.scalars(select(Departure).where(_is_over(until), Departure.purged_on.is_(None))).all()
    calls = _calls(session, departures)
    owned: list[Owned] = [*entries, *passes, *departures]
    for row in owned:
        _empty(row, now)
    for call in calls:
        call.facts = {}
    made: list[Owned | DepartureCall] = [*owned, *calls]
    _empty_ledger(session, [row.ref for row in made], {row.message_key for row in made})
    _empty_old(session, now, days)
    return Purged(len(entries), len(passes), len(departures))


def _is_over(until: date) -> ColumnElement[bool]:
    """SQL: calls that were closed, or whose facts are known and whose day of return, if there is one, has passed; what
    was taken back.
    """
    expected = or_(Departure.returns_on.is_(None), Departure.returns_on <= until)
    known = and_(Departure.state == "done", Departure.done_on <= until, expected)
    undone = and_(Departure.state == "undone", Departure.day <= until)
    return or_(Departure.closed_on <= until, known, undone)


def _calls(session: Session, departures: Sequence[Departure]) -> Sequence[DepartureCall]:
    refs = [row.ref for row in departures]
    return session.scalars(select(DepartureCall).where(DepartureCall.departure_ref.in_(refs))).all()


NAMING = ("person", "plate", "holder", "tail", "household", "name", "phone")


def _empty(row: GateEntry | Pass | Departure, now: datetime) -> None:
    columns = row.__table__.columns.keys()
    for name in NAMING:
        for column in (name, f"{name}_hash"):
            if column in columns:
                setattr(row, column, None)
    if isinstance(row, Departure):
        row.registered, row.facts = {}, {}
    else:
        row.details = {}
    row.purged_on = now.date()


def _empty_ledger(session: Session, refs: Sequence[str], keys: set[str]) -> None:
    for some in portions(refs, CHUNK):
        for record in session.scalars(select(RecordRow).where(RecordRow.ref.in_(some))):
            record.fields = {name: value for name, value in record.fields.items() if name in KEPT}
            record.history = None
    for some in portions(sorted(keys), CHUNK):
        session.execute(update(Inbox).where(Inbox.key.in_(some)).values(body=None))
        answers = (Outbox.message_key.in_(some), Outbox.state != "pending")
        session.execute(update(Outbox).where(*answers).values(content=GONE, media=None))


def _empty_old(session: Session, now: datetime, days: int) -> None:
    """What was written to single people long ago, and questions that nobody answered."""
    told = (Outbox.purpose == PURPOSE, Outbox.created_at <= now - timedelta(days=days), Outbox.state != "pending")
    session.execute(update(Outbox).where(*told).values(content=GONE, media=None))
    for ask in session.scalars(select(GateAsk).where(GateAsk.asked_at <= now - ASK_LASTS)):
        session.delete(ask)
    session.flush()
