"""The gate's books: entries, passes with their registers, people who left the city."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from storage.records import Scope, within
from storage.tables import Returnee
from storage.tables_gate import Departure, DepartureCall, GateAsk, GateEntry, Pass, PassBook
from storage.upsert import insert_new

STREAM = {"yield_per": 1000}


# -- entries -----------------------------------------------------------------------------------------------------------


def entry(session: Session, ref: str) -> GateEntry | None:
    """The entry that a record made."""
    return session.scalar(select(GateEntry).where(GateEntry.ref == ref))


def entries(session: Session, scope: Scope, name: str = "") -> Sequence[GateEntry]:
    """Active entries, oldest first; those that add to a figure where one is named."""
    query = within(select(GateEntry).where(GateEntry.state == "active"), GateEntry, scope)
    conditions = {
        "in": GateEntry.direction == "in",
        "out": GateEntry.direction == "out",
        "vehicles": GateEntry.vehicle.is_(True),
        "measured": GateEntry.measured.is_(True),
        "fever": GateEntry.fever.is_(True),
        "exception": GateEntry.problem != "",
        "back": GateEntry.action == "sent_back",
    }
    if name in conditions:
        query = query.where(conditions[name])
    return session.scalars(query.order_by(GateEntry.at, GateEntry.id)).all()


# -- passes ------------------------------------------------------------------------------------------------------------


def next_number(session: Session, register: str) -> int:
    """The next number of a register; given back with everything else when the transaction is rolled back."""
    insert_new(session, PassBook, {"register": register, "last": 0})
    book = session.scalar(select(PassBook).where(PassBook.register == register).with_for_update())
    assert book is not None  # noqa: S101  (inserted above, if it was missing)
    book.last += 1
    session.flush()
    return book.last


def pass_of(session: Session, ref: str) -> Pass | None:
    """The pass that a record made."""
    return session.scalar(select(Pass).where(Pass.ref == ref))


def pass_numbered(session: Session, register: str, number: int) -> Pass | None:
    """A pass by its number."""
    here = (Pass.register == register, Pass.number == number, Pass.state != "undone")
    return session.scalar(select(Pass).where(*here))


def passes_with(session: Session, register: str, column: str, hashed: str, *, living: bool = True) -> Sequence[Pass]:
    """Passes of a register by a keyed hash, newest first; those that hold, or all but undone ones."""
    state = Pass.state == "active" if living else Pass.state != "undone"
    query = select(Pass).where(Pass.register == register, getattr(Pass, column) == hashed, state)
    return session.scalars(query.order_by(Pass.number.desc())).all()


def register(session: Session, name: str, kind: str = "") -> Sequence[Pass]:
    """Everything of a register but what was taken back, by number."""
    query = select(Pass).where(Pass.register == name, Pass.state != "undone")
    if kind:
        query = query.where(Pass.kind == kind)
    return session.scalars(query.order_by(Pass.number)).all()


def passes(session: Session, scope: Scope) -> Sequence[Pass]:
    """Passes issued in a period, undone ones left out."""
    query: Select[tuple[Pass]] = select(Pass).where(Pass.state != "undone")
    if scope.first:
        query = query.where(Pass.issued_on >= scope.first)
    if scope.last:
        query = query.where(Pass.issued_on <= scope.last)
    query = within(query, Pass, Scope(unit=scope.unit, chat=scope.chat))
    return session.scalars(query.order_by(Pass.id)).all()


def remember_ask(session: Session, chat: str, sender: str, wanted: list[dict[str, object]], now: datetime) -> None:
    """Keep what somebody wanted until they say that they mean it."""
    row = session.get(GateAsk, (chat, sender))
    if row is None:
        row = GateAsk(chat=chat, sender=sender)
        session.add(row)
    row.wanted, row.asked_at = wanted, now
    session.flush()


def taken_ask(session: Session, chat: str, sender: str) -> GateAsk | None:
    """What somebody wanted; it is forgotten now."""
    row = session.get(GateAsk, (chat, sender))
    if row is not None:
        session.delete(row)
    return row


# -- people who left ---------------------------------------------------------------------------------------------------


def departure(session: Session, ref: str) -> Departure | None:
    """Somebody by reference."""
    return session.scalar(select(Departure).where(Departure.ref == ref))


def returned_as(session: Session, returnee_ref: str) -> Departure | None:
    """The one whose return is registered under a reference."""
    return session.scalar(select(Departure).where(Departure.returnee_ref == returnee_ref, Departure.state != "undone"))


def departures(session: Session, scope: Scope, states: Sequence[str] = ()) -> Sequence[Departure]:
    """Those of a unit or a chat, oldest first, in some states where any are given; undone ones never."""
    query = select(Departure).where(Departure.state.in_(states) if states else Departure.state != "undone")
    return session.scalars(within(query, Departure, scope).order_by(Departure.id)).all()


def departures_with(session: Session, scope: Scope, hashes: dict[str, str]) -> Sequence[Departure]:
    """Those whose keyed hashes (column → hash) are all given."""
    here = (getattr(Departure, column) == hashed for column, hashed in hashes.items())
    query = within(select(Departure).where(Departure.state != "undone", *here), Departure, scope)
    return session.scalars(query.order_by(Departure.id)).all()


def call(session: Session, ref: str) -> DepartureCall | None:
    """A call by the reference of its record."""
    return session.scalar(select(DepartureCall).where(DepartureCall.ref == ref))


def calls(session: Session, departure_ref: str) -> Sequence[DepartureCall]:
    """The calls to one person that count, oldest first."""
    query = select(DepartureCall).where(DepartureCall.departure_ref == departure_ref, DepartureCall.state == "active")
    return session.scalars(query.order_by(DepartureCall.id)).all()


def expected(session: Session, day: date) -> Sequence[Departure]:
    """Those expected back on that day or before, about whom nobody was reminded for that day."""
    waiting = Departure.state.in_(("open", "done"))
    new = or_(Departure.reminded_on.is_(None), Departure.reminded_on != Departure.returns_on)
    query = select(Departure).where(waiting, Departure.returns_on <= day, new)
    return session.scalars(query.order_by(Departure.returns_on, Departure.id)).all()


def registered_since(session: Session, phone_hash: str, since: date) -> str:
    """Reference of the newest registration of a return with this phone since a day; empty where there is none."""
    query = select(Returnee.ref).where(
        Returnee.phone_hash == phone_hash, Returnee.day >= since, Returnee.state.not_in(("undone", "merged"))
    )
    return session.scalar(query.order_by(Returnee.id.desc()).limit(1)) or ""
