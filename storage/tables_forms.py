"""Entries of forms, and every change that a message made to one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, Float, Index, String
from sqlalchemy.orm import Mapped, mapped_column, orm_insert_sentinel

from storage.tables import _ID, Base
from storage.types import Moment, SealedJSON, SealedText


class FormEntry(Base):
    """One entry of a form as its messages have left it: a building, a household, a session, a delivery.

    `state`: active; undone, once all its messages were taken back. `doubt`: code of what does not add up, until it
    does.
    """

    __tablename__ = "form_entries"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    number: Mapped[str] = mapped_column(String(16), unique=True)
    """Its own reference (M12), by which its changes and figures are found."""
    form: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    """The unit, or `@` and the chat where that is bound to none: an entry is the same within one place."""
    identity: Mapped[str] = mapped_column(SealedText("form_entries.identity"))
    """Form, place and the identifying values in one spelling; form and record where the form has none."""
    identity_hash: Mapped[str] = mapped_column(String(32), unique=True)
    above: Mapped[str | None] = mapped_column(SealedText("form_entries.above"))
    """Identity of the entry whose part it is: the community's, of a building. What that states covers this."""
    above_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    day: Mapped[date] = mapped_column(Date)
    """Local day of the newest change: what an export of days goes by."""
    updated_at: Mapped[datetime] = mapped_column(Moment)
    sender: Mapped[str] = mapped_column(String(128))
    plain: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Numbers, days, choices, buildings: what says nothing of a person, and what sums are made of."""
    sealed: Mapped[dict[str, Any]] = mapped_column(SealedJSON("form_entries.sealed"))
    """Everything else that is known."""
    total: Mapped[float | None] = mapped_column(Float)
    """The first total of the form, what of it is done, what is left: progress of a place is summed from these."""
    done: Mapped[float | None] = mapped_column(Float)
    left: Mapped[float | None] = mapped_column(Float)
    approx: Mapped[dict[str, str]] = mapped_column(JSON)
    """Field → about, over, under."""
    units: Mapped[dict[str, str]] = mapped_column(JSON)
    """Field → the measure word as it was written, where that is not the field's own."""
    person: Mapped[str | None] = mapped_column(SealedText("form_entries.person"))
    person_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    phone: Mapped[str | None] = mapped_column(SealedText("form_entries.phone"))
    phone_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    doubt: Mapped[str] = mapped_column(String(16), default="")
    state: Mapped[str] = mapped_column(String(8), default="active")
    __table_args__ = (Index("ix_form_entries_place", "form", "place"), Index("ix_form_entries_day", "day", "unit"))


class FormChange(Base):
    """What one message said about an entry: who, when, what. An entry is the sum of its active changes, in order.

    `how`: said | answer (to a question about it) | correction. `state`: active | undone.
    """

    __tablename__ = "form_changes"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    entry: Mapped[str] = mapped_column(String(16), index=True)
    """`FormEntry.number`."""
    ref: Mapped[str] = mapped_column(String(16), index=True)
    """The record; answers and corrections carry that of the record which they complete."""
    message_key: Mapped[str] = mapped_column(String(300))
    sender: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime] = mapped_column(Moment)
    day: Mapped[date] = mapped_column(Date, index=True)
    post: Mapped[str] = mapped_column(String(128), default="")
    how: Mapped[str] = mapped_column(String(12))
    values: Mapped[dict[str, Any]] = mapped_column(SealedJSON("form_changes.values"))
    approx: Mapped[dict[str, str]] = mapped_column(JSON)
    units: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="active")
