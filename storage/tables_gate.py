"""The gate's books: who and what came through, passes, people who left the city and the calls to them.

Whatever may identify a passer-by, a holder or somebody who left is sealed; days, numbers and codes are plain.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import _ID, Base
from storage.types import Moment, SealedJSON, SealedText


class GateEntry(Base):
    """One person or vehicle at a post: who came through (`direction`), or what was not in order (`problem`).

    `state`: active, undone.
    """

    __tablename__ = "gate_entries"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)
    """When it was, as stated; else when it was told."""
    direction: Mapped[str] = mapped_column(String(4), default="")
    """in, out; empty for a mere exception."""
    heads: Mapped[int] = mapped_column(Integer, default=1)
    """People that it stands for."""
    vehicle: Mapped[bool] = mapped_column(Boolean, default=False)
    measured: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether a temperature was taken."""
    fever: Mapped[bool] = mapped_column(Boolean, default=False)
    problem: Mapped[str] = mapped_column(String(12), default="")
    """A code of `handlers.gate.reading.PROBLEMS`; empty where all was in order."""
    action: Mapped[str] = mapped_column(String(12), default="")
    """What was done: a code of `handlers.gate.reading.ACTIONS`."""
    person: Mapped[str | None] = mapped_column(SealedText("gate_entries.person"))
    plate: Mapped[str | None] = mapped_column(SealedText("gate_entries.plate"))
    plate_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("gate_entries.details"))
    """The fields of the record."""
    message_key: Mapped[str] = mapped_column(String(300))
    alerted: Mapped[bool] = mapped_column(Boolean, default=False)
    """Whether a fever was told to whoever leads the post: once for each record."""
    state: Mapped[str] = mapped_column(String(8), default="active")
    purged_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (Index("ix_gate_entries_day", "day", "unit"),)


class PassBook(Base):
    """The last number given out in one register: that of a unit, or of a chat without one."""

    __tablename__ = "pass_books"
    register: Mapped[str] = mapped_column(String(210), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Pass(Base):
    """A pass of a resident or a vehicle. `state`: active → void | replaced (by a new one) ; undone."""

    __tablename__ = "passes"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    register: Mapped[str] = mapped_column(String(210))
    number: Mapped[int] = mapped_column(Integer)
    """Running number of its register; never given out twice."""
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(8))
    """resident, vehicle."""
    holder: Mapped[str | None] = mapped_column(SealedText("passes.holder"))
    holder_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    plate: Mapped[str | None] = mapped_column(SealedText("passes.plate"))
    plate_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    tail: Mapped[str | None] = mapped_column(SealedText("passes.tail"))
    """The last three characters of the plate."""
    tail_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    household: Mapped[str | None] = mapped_column(SealedText("passes.household"))
    """The numbers of the address: 3-2-501."""
    household_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("passes.details"))
    """The fields of the record, and why it was closed."""
    issued_on: Mapped[date] = mapped_column(Date)
    issued_by: Mapped[str] = mapped_column(String(128))
    valid_until: Mapped[date | None] = mapped_column(Date)
    """Last day on which it is good; None: until further notice."""
    state: Mapped[str] = mapped_column(String(8), default="active")
    closed_on: Mapped[date | None] = mapped_column(Date)
    replaces: Mapped[int | None] = mapped_column(Integer)
    """Number of the pass in whose place it was issued."""
    message_key: Mapped[str] = mapped_column(String(300))
    purged_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        UniqueConstraint("register", "number"),
        Index("ix_passes_day", "issued_on", "unit"),
        Index("ix_passes_closed", "closed_on", "unit"),
    )


class Departure(Base):
    """Somebody who left the city, to be called about five facts. `state`: open → done → returned; closed, undone."""

    __tablename__ = "departures"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    reporter: Mapped[str] = mapped_column(String(128))
    name: Mapped[str | None] = mapped_column(SealedText("departures.name"))
    name_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    phone: Mapped[str | None] = mapped_column(SealedText("departures.phone"))
    phone_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    tail: Mapped[str | None] = mapped_column(SealedText("departures.tail"))
    """Last four digits of the phone."""
    tail_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    registered: Mapped[dict[str, Any]] = mapped_column(SealedJSON("departures.registered"))
    """What was known before anybody called."""
    facts: Mapped[dict[str, Any]] = mapped_column(SealedJSON("departures.facts"))
    """`registered` with what every call added laid over it."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    outcome: Mapped[str] = mapped_column(String(16), default="")
    """Of the newest call."""
    called_at: Mapped[datetime | None] = mapped_column(Moment)
    returns_on: Mapped[date | None] = mapped_column(Date)
    reminded_on: Mapped[date | None] = mapped_column(Date)
    """The expected day of return about which somebody was reminded."""
    done_on: Mapped[date | None] = mapped_column(Date)
    """Day from which on nobody need call any more."""
    returnee_ref: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(8), default="open")
    closed_on: Mapped[date | None] = mapped_column(Date)
    message_key: Mapped[str] = mapped_column(String(300))
    purged_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (
        Index("ix_departures_state", "state", "unit"),
        Index("ix_departures_day", "day", "unit"),
        Index("ix_departures_done", "done_on", "unit"),
    )


class DepartureCall(Base):
    """One call to somebody who left. `state`: active, undone."""

    __tablename__ = "departure_calls"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    departure_ref: Mapped[str] = mapped_column(String(16), index=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(128))
    outcome: Mapped[str] = mapped_column(String(16))
    facts: Mapped[dict[str, Any]] = mapped_column(SealedJSON("departure_calls.facts"))
    state: Mapped[str] = mapped_column(String(8), default="active")
    message_key: Mapped[str] = mapped_column(String(300))


class GateAsk(Base):
    """Passes that somebody wanted although there was one already: waiting for 再发. One question for each person."""

    __tablename__ = "gate_asks"
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    sender: Mapped[str] = mapped_column(String(128), primary_key=True)
    wanted: Mapped[list[dict[str, Any]]] = mapped_column(SealedJSON("gate_asks.wanted"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
