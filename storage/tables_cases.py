"""Tables of the returnees' cases beside `storage.tables.Returnee`: what happened, possible doubles, imports, purges."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, orm_insert_sentinel

from storage.tables import Base
from storage.types import Moment, SealedJSON

_ID = BigInteger().with_variant(Integer(), "sqlite")


class CaseEvent(Base):
    """One step in the life of a case: who, when, from which message. Rows are never changed but for `before`, which a
    purge empties, so that the figures of any day stay what they were.
    """

    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    ref: Mapped[str] = mapped_column(String(16), index=True)
    action: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    """State before; empty for the registration."""
    target: Mapped[str] = mapped_column(String(16))
    """State afterwards."""
    unit: Mapped[str] = mapped_column(String(200))
    """Unit afterwards."""
    chat: Mapped[str] = mapped_column(String(128))
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(128))
    """User id; empty for the clock."""
    message_key: Mapped[str] = mapped_column(String(300), default="")
    record_ref: Mapped[str] = mapped_column(String(16), default="", index=True)
    """The ledger's record that caused it (V12, H3), if one did."""
    number: Mapped[int] = mapped_column(Integer, default=0)
    """Number of the call, where it was one."""
    on_time: Mapped[int] = mapped_column(Integer, default=0)
    """Of a hand-over: 1 where it came on the day on which the case was ours to decide."""
    before: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("case_events.before"))
    """What the case held before and the reason given: enough to take the step back."""
    __table_args__ = (Index("ix_case_events_day", "day", "unit"), Index("ix_case_events_unit", "unit", "chat", "ref"))


class CasePair(Base):
    """Two cases that may be one person. `state`: open, merged, distinct; a decision is never asked for again."""

    __tablename__ = "case_pairs"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    first: Mapped[str] = mapped_column(String(16))
    """The older case's reference."""
    second: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(String(16))
    """phone, or name (with a similar address)."""
    state: Mapped[str] = mapped_column(String(8))
    found_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[str] = mapped_column(String(128), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("first", "second"),)


class PendingImport(Base):
    """A table of registrations that somebody sent as a file, waiting to be confirmed. One for each person."""

    __tablename__ = "pending_imports"
    sender: Mapped[str] = mapped_column(String(128), primary_key=True)
    unit: Mapped[str] = mapped_column(String(200))
    chat: Mapped[str] = mapped_column(String(128))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(SealedJSON("pending_imports.rows"))
    read_at: Mapped[datetime] = mapped_column(Moment)


class Purge(Base):
    """What one purge removed, and the figures before and after it, which must be the same."""

    __tablename__ = "purges"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)
    cases: Mapped[int] = mapped_column(Integer)
    records: Mapped[int] = mapped_column(Integer)
    reports: Mapped[int] = mapped_column(Integer)
    messages: Mapped[int] = mapped_column(Integer)
    events: Mapped[int] = mapped_column(Integer)
    figures: Mapped[dict[str, Any]] = mapped_column(SealedJSON("purges.figures"))
    """Figure → value: the same before and after, or the purge is rolled back."""


class Once(Base):
    """What is said to somebody only once: the key tells what and whom."""

    __tablename__ = "said_once"
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
