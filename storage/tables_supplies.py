"""Companies with what they said of resuming work, and goods: what is needed, what came, who is to get it, who got it.

A company's own figures are plain; a contact's name and phone are sealed. Goods are counted by item and measure: 桶 and
瓶 of the same item are two things.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import _ID, Base
from storage.types import Moment, SealedJSON, SealedText


class Enterprise(Base):
    """A company. `state`: listed (未联系) → contacted (已联系) → reported (已报) → updated (更新); merged, undone."""

    __tablename__ = "enterprises"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    """That of its first record, or a number of its own where it was only listed."""
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    opens_on: Mapped[date | None] = mapped_column(Date)
    """When it resumes work: a day to come is its plan."""
    open: Mapped[bool | None] = mapped_column(Boolean)
    """营业 or 停业, where that was said in so many words."""
    staff: Mapped[int | None] = mapped_column(Integer)
    returned: Mapped[int | None] = mapped_column(Integer)
    dormitory: Mapped[bool | None] = mapped_column(Boolean)
    canteen: Mapped[bool | None] = mapped_column(Boolean)
    area_m2: Mapped[float | None] = mapped_column(Float)
    contact: Mapped[str | None] = mapped_column(SealedText("enterprises.contact"))
    contact_phone: Mapped[str | None] = mapped_column(SealedText("enterprises.contact_phone"))
    reporter: Mapped[str] = mapped_column(String(128), default="")
    """User id of whoever reported last."""
    merged_into: Mapped[str] = mapped_column(String(16), default="")
    """Reference of the company that it turned out to be."""
    listed_at: Mapped[datetime] = mapped_column(Moment)
    reported_at: Mapped[datetime | None] = mapped_column(Moment)


class EnterpriseName(Base):
    """A name under which a company is known, compared by `key`: without brackets and blanks."""

    __tablename__ = "enterprise_names"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    enterprise: Mapped[str] = mapped_column(String(16), index=True)
    """The company's reference."""
    key: Mapped[str] = mapped_column(String(200), index=True)


class EnterprisePair(Base):
    """Two companies with similar names, asked about once. `decision`: empty until somebody says, then same or
    different.
    """

    __tablename__ = "enterprise_pairs"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    first: Mapped[str] = mapped_column(String(16))
    second: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(String(12), default="")
    __table_args__ = (UniqueConstraint("first", "second"),)


class EnterpriseReport(Base):
    """Which record of the ledger is about which company. What a company's row says is made from its active ones."""

    __tablename__ = "enterprise_reports"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    enterprise: Mapped[str] = mapped_column(String(16), index=True)
    """The company's reference."""
    open: Mapped[bool | None] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(String(8))


class SupplyLine(Base):
    """One item that a record says is needed (`need`), has come (`received`), or was handed over (`delivered`)."""

    __tablename__ = "supply_lines"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), index=True)
    action: Mapped[str] = mapped_column(String(12))
    more: Mapped[bool] = mapped_column(Boolean, default=False)
    """A need that comes on top of what was said before (追加); else it takes its place."""
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    party: Mapped[str] = mapped_column(String(200), default="")
    """As written: who needs it, who gave it, who got it."""
    enterprise: Mapped[str] = mapped_column(String(16), default="", index=True)
    """The company whose survey it is from; other parties are found by their names when they are read."""
    item: Mapped[str] = mapped_column(String(64))
    measure: Mapped[str] = mapped_column(String(16), default="")
    amount: Mapped[float | None] = mapped_column(Float)
    """None where the item was named without a number."""
    batch: Mapped[int | None] = mapped_column(Integer)
    """Number of the delivery that came (第一批), for `received`."""
    day: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8))
    __table_args__ = (Index("ix_supply_lines_place", "unit", "day"), Index("ix_supply_lines_chat", "chat", "day"))


class SupplyAllocation(Base):
    """A sharing-out. `state`: draft → confirmed | cancelled. A draft holds its shares; confirmed, they are notes."""

    __tablename__ = "supply_allocations"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128), index=True)
    unit: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    rule: Mapped[str] = mapped_column(String(16), default="")
    """The rule that was asked for; empty: that of the rules file."""
    items: Mapped[list[list[str]]] = mapped_column(JSON)
    """(item, measure) that are shared out."""
    changes: Mapped[list[Any]] = mapped_column(JSON)
    """What somebody changed by hand: (party's key, item, measure, amount)."""
    basis: Mapped[str] = mapped_column(String(64))
    """Digest of the shares that were shown: they are confirmed as they were shown, or shown again."""
    by: Mapped[str] = mapped_column(String(128))
    made_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)


class SupplyNote(Base):
    """What one party is to get. `state`: allocated (已分配) → on_way (配送中) → signed (已签收), or returned."""

    __tablename__ = "supply_notes"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    allocation_id: Mapped[int] = mapped_column(Integer, index=True)
    chat: Mapped[str] = mapped_column(String(128), index=True)
    unit: Mapped[str] = mapped_column(String(200), index=True)
    enterprise: Mapped[str] = mapped_column(String(16), default="", index=True)
    party: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(12))
    crew: Mapped[list[str] | None] = mapped_column(JSON)
    vehicle: Mapped[str] = mapped_column(String(16), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_ref: Mapped[str] = mapped_column(String(16), default="", index=True)
    """The record that said so, where it was one."""
    signed_by: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("supply_notes.signed_by"))
    """Who signed, as it was said, and who told us."""


class SupplyShare(Base):
    """One item of a note."""

    __tablename__ = "supply_shares"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    note_id: Mapped[int] = mapped_column(Integer, index=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    item: Mapped[str] = mapped_column(String(64))
    measure: Mapped[str] = mapped_column(String(16))
    party: Mapped[str] = mapped_column(String(200), default="")
    """The company's reference, else the party's name."""
    need: Mapped[int] = mapped_column(Integer)
    """What was still needed when it was shared out."""
    amount: Mapped[int] = mapped_column(Integer)
    received: Mapped[int | None] = mapped_column(Integer)
    """What was signed for; the rest, if any, is back in stock."""
    day: Mapped[date] = mapped_column(Date)
    signed_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(12))
    """As its note's."""
    __table_args__ = (
        Index("ix_supply_shares_place", "unit", "day"),
        Index("ix_supply_shares_signed", "unit", "signed_on"),
    )
