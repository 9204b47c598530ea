"""The tables. What a table's rows mean is said here; who writes and reads them is in the module of the same aggregate.

Times are `Moment` (aware, UTC in the database). `day` is a local calendar day of the service's zone. `unit` is a path
such as `平谷区/金海湖镇/红石坎村`. Whatever may identify a returnee is a sealed column.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, Float, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, orm_insert_sentinel

from storage.types import Moment, SealedBytes, SealedJSON, SealedText

# Objects of one kind are inserted by one statement where their table has `_sentinel`, which tells the rows apart when
# the database gives back their numbers; without it each is a statement of its own on SQLite.
_ID = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """What every table derives from."""


class Inbox(Base):
    """One row per message that was let in. `state`: done, failed (its handlers raised; replayable)."""

    __tablename__ = "inbox"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(300), unique=True)
    channel: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    chat_type: Mapped[str] = mapped_column(String(8))
    sender: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8), index=True)
    outcome: Mapped[str] = mapped_column(String(200), default="")
    """Kinds of the records and name of the command that were read, joined by a comma; empty for chatter."""
    error: Mapped[str] = mapped_column(Text, default="")
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    body: Mapped[bytes | None] = mapped_column(SealedBytes("inbox.body"))


class Outbox(Base):
    """One row per message to send.

    `state`: pending → sending → sent | dead; offered → sent: the reply rides in the callback's own answer.
    """

    __tablename__ = "outbox"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(340), unique=True)
    purpose: Mapped[str] = mapped_column(String(16))
    """reply, report, alert, notice; bulletin: what a coordinator sends to groups (`notices`)."""
    channel: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    chat_type: Mapped[str] = mapped_column(String(8))
    form: Mapped[str] = mapped_column(String(16))
    content: Mapped[str] = mapped_column(SealedText("outbox.content"))
    mentions: Mapped[list[str] | None] = mapped_column(SealedJSON("outbox.mentions"))
    media: Mapped[bytes | None] = mapped_column(SealedBytes("outbox.media"))
    file_name: Mapped[str] = mapped_column(String(200), default="")
    response_url: Mapped[str | None] = mapped_column(SealedText("outbox.response_url"))
    message_key: Mapped[str | None] = mapped_column(String(300), index=True)
    state: Mapped[str] = mapped_column(String(8))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    tried: Mapped[str] = mapped_column(Text, default="")
    """Channels that refused it for good, joined by a space."""
    not_before: Mapped[datetime] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (Index("ix_outbox_state", "state", "not_before"), Index("ix_outbox_sent", "channel", "sent_at"))


class Slot(Base):
    """One row per report, group and moment that it was due: the referee of 'never two'.

    `state`: armed (first look at the group), sent (written to the outbox), manual (written by hand), skipped.
    """

    __tablename__ = "slots"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    job: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    slot: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(String(200), default="")
    claimed_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("job", "chat", "slot"),)


class RecordRow(Base):
    """One row per record that a message stated: the ledger that every figure goes back to. `state`: active, undone."""

    __tablename__ = "records"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    channel: Mapped[str] = mapped_column(String(64))
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    sender: Mapped[str] = mapped_column(String(128))
    reporter: Mapped[str] = mapped_column(SealedText("records.reporter"))
    """Display name of the writer at that time."""
    reported_at: Mapped[datetime] = mapped_column(Moment)
    day: Mapped[date] = mapped_column(Date)
    """Local day that the record counts for."""
    message_key: Mapped[str] = mapped_column(String(300), index=True)
    state: Mapped[str] = mapped_column(String(8), default="active")
    fields: Mapped[dict[str, Any]] = mapped_column(SealedJSON("records.fields"))
    history: Mapped[list[dict[str, Any]] | None] = mapped_column(SealedJSON("records.history"))
    """Earlier values, oldest first: {at, by, message_key, field, old}."""
    __table_args__ = (
        Index("ix_records_day", "kind", "day", "unit"),
        Index("ix_records_sender", "sender", "chat", "id"),
    )


class Duty(Base):
    """One person's period on one post.

    `state`: open → closed (left, or reported as over) | unreported (nobody said when it ended: no hours); undone.
    """

    __tablename__ = "duties"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    in_ref: Mapped[str | None] = mapped_column(String(16), index=True)
    out_ref: Mapped[str | None] = mapped_column(String(16), index=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    person: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(128), default="")
    """User id of the person where they reported themselves: who they are in every chat."""
    sender: Mapped[str] = mapped_column(String(128), default="")
    """User id of whoever reported: who is asked about it."""
    person_id: Mapped[int | None] = mapped_column(Integer, index=True)
    """The volunteer of the books, where the name belongs to one alone."""
    post: Mapped[str] = mapped_column(String(128), default="")
    shift: Mapped[str] = mapped_column(String(8), default="")
    duty: Mapped[str] = mapped_column(String(16), default="")
    day: Mapped[date] = mapped_column(Date)
    """Local day on which the period began, or ended where only that is known."""
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    planned_end: Mapped[datetime | None] = mapped_column(Moment)
    hours: Mapped[float | None] = mapped_column(Float)
    """Stated hours, else those between start and end; None where unknown: hours are never invented."""
    unnamed: Mapped[int] = mapped_column(Integer, default=0)
    """People who stood there too, of whom only the number was given; kept with the first person of the message."""
    state: Mapped[str] = mapped_column(String(12))
    approval: Mapped[str] = mapped_column(String(8), default="")
    """Of a period that was reported long afterwards (补签): pending → approved; a rejected one is undone."""
    confirmed_by: Mapped[str] = mapped_column(String(64), default="")
    """Who confirmed the hours; empty until then."""
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    asked_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the bot asked for a check-out that seems to have been forgotten."""
    changes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """What records other than the first changed of it, and what it was: so that each can be taken back."""
    __table_args__ = (
        Index("ix_duties_who", "chat", "person", "day"),
        Index("ix_duties_account", "account", "day"),
        Index("ix_duties_state", "state", "unit"),
        Index("ix_duties_day", "day", "unit", "post", "state", "ends_at"),
    )


class Figure(Base):
    """One count of a work record."""

    __tablename__ = "figures"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), index=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    day: Mapped[date] = mapped_column(Date)
    item: Mapped[str] = mapped_column(String(64))
    measure: Mapped[str] = mapped_column(String(16), default="")
    value: Mapped[float] = mapped_column(Float)
    most: Mapped[float | None] = mapped_column(Float)
    approx: Mapped[str] = mapped_column(String(8), default="")
    total: Mapped[bool] = mapped_column(Boolean, default=False)
    reported_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8), default="active")
    entry: Mapped[str | None] = mapped_column(String(16), index=True)
    """The entry of a form that it comes from: what a later message about that entry changes."""
    gate: Mapped[str] = mapped_column(String(12), default="")
    """Which of the gate's own figures it is (`handlers.gate.metrics`); empty: none of them."""
    double_of: Mapped[str | None] = mapped_column(String(16))
    """The record of somebody else that told the same figure of the same post and day before: perhaps the same work."""
    __table_args__ = (Index("ix_figures_day", "day", "unit"), Index("ix_figures_told", "chat", "day", "item", "value"))


class Returnee(Base):
    """One person who came or comes back to the city: a case, from registration to release.

    `state` is one of `handlers.cases.states`; only the machine there changes it. Days are local.
    """

    __tablename__ = "returnees"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    """Whose case it is now; a transfer changes it."""
    day: Mapped[date] = mapped_column(Date)
    """Day of the registration."""
    registered_at: Mapped[datetime] = mapped_column(Moment)
    reporter: Mapped[str] = mapped_column(String(128), default="")
    """User id of whoever registered; empty for an import."""
    account: Mapped[str | None] = mapped_column(String(128), index=True)
    """User id of the returnee, where the person speaks for themselves."""
    name: Mapped[str | None] = mapped_column(SealedText("returnees.name"))
    name_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    phone: Mapped[str | None] = mapped_column(SealedText("returnees.phone"))
    phone_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    tail: Mapped[str | None] = mapped_column(SealedText("returnees.tail"))
    """Last four digits of the phone."""
    tail_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("returnees.details"))
    """The other fields of the registration, in the contract's form."""
    confirmed: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("returnees.confirmed"))
    """What a call confirmed or corrected, beside what was registered."""
    arrives_on: Mapped[date | None] = mapped_column(Date)
    """Planned or registered day of arrival."""
    arrived: Mapped[bool | None] = mapped_column(Boolean)
    """What the registration said about it."""
    arrived_on: Mapped[date | None] = mapped_column(Date)
    """Actual day of arrival: day 0 of the observation."""
    state: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(128), default="")
    """User id of the volunteer in whose hands it is."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """Calls made."""
    failures: Mapped[int] = mapped_column(Integer, default=0)
    """Calls in vain since somebody last decided: the rung of the ladder."""
    due_at: Mapped[datetime | None] = mapped_column(Moment)
    """When to call again, or when a suspended case comes back."""
    clock_on: Mapped[date | None] = mapped_column(Date)
    """Day by whose end the case must be handed over; None while others decide."""
    handed_on: Mapped[date | None] = mapped_column(Date)
    transfer_to: Mapped[str] = mapped_column(String(200), default="")
    release_on: Mapped[date | None] = mapped_column(Date)
    """Released at 00:00 of this day."""
    closed_on: Mapped[date | None] = mapped_column(Date)
    """Day on which it ended, in whatever way: purging counts from here."""
    merged_into: Mapped[str] = mapped_column(String(16), default="")
    purged_on: Mapped[date | None] = mapped_column(Date)
    __table_args__ = (Index("ix_returnees_day", "day", "unit"), Index("ix_returnees_state", "state", "unit"))


class HealthReport(Base):
    """One person's health report."""

    __tablename__ = "health_reports"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    returnee_ref: Mapped[str | None] = mapped_column(String(16), index=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    day: Mapped[date] = mapped_column(Date)
    reported_at: Mapped[datetime] = mapped_column(Moment)
    person: Mapped[str | None] = mapped_column(SealedText("health.person"))
    person_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(SealedJSON("health.details"))
    abnormal: Mapped[bool] = mapped_column(Boolean)
    halves: Mapped[str] = mapped_column(String(8), default="")
    """Which halves of the day it covers where two reports a day are asked for: am, pm, both."""
    by_self: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(8), default="active")
    __table_args__ = (Index("ix_health_day", "day", "unit"),)


class Chat(Base):
    """A chat that the bot has met, and the unit that it is bound to."""

    __tablename__ = "chats"
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    channel: Mapped[str] = mapped_column(String(64))
    chat_type: Mapped[str] = mapped_column(String(8))
    unit: Mapped[str] = mapped_column(String(200), default="")
    bound_by: Mapped[str] = mapped_column(String(128), default="")
    seen_at: Mapped[datetime] = mapped_column(Moment)


class Account(Base):
    """A chat account and the display name that is known for it. `source`: config, directory, self."""

    __tablename__ = "accounts"
    user_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(SealedText("accounts.name"), default="")
    """Sealed: returnees write, too."""
    source: Mapped[str] = mapped_column(String(16), default="")
    seen_at: Mapped[datetime] = mapped_column(Moment)


class PendingQuestion(Base):
    """What the bot asked one person in one chat, waiting for the missing word. One at a time; a new one replaces it."""

    __tablename__ = "questions"
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    sender: Mapped[str] = mapped_column(String(128), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    field: Mapped[str] = mapped_column(String(24))
    understood: Mapped[dict[str, Any]] = mapped_column(SealedJSON("questions.understood"))
    text: Mapped[str] = mapped_column(SealedText("questions.text"))
    """What had been written; the answer is read as its continuation."""
    ref: Mapped[str] = mapped_column(String(16), default="")
    """The record that was kept and lacks the field; empty where nothing was kept."""
    asked_at: Mapped[datetime] = mapped_column(Moment)


class Chain(Base):
    """The newest known state of one 接龙 in one chat."""

    __tablename__ = "chains"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    chat: Mapped[str] = mapped_column(String(128))
    identity: Mapped[str] = mapped_column(String(64))
    entries: Mapped[dict[str, Any]] = mapped_column(SealedJSON("chains.entries"))
    """Entry key → {text, ref}: what is in the chain and the records that it made."""
    updated_at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("chat", "identity"),)


class Sequence(Base):
    """The next number of each kind of reference (C12, R58)."""

    __tablename__ = "sequences"
    prefix: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int] = mapped_column(Integer)


class Audit(Base):
    """Who did what, when, from which message."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(32))
    ref: Mapped[str] = mapped_column(String(16), default="", index=True)
    message_key: Mapped[str] = mapped_column(String(300), default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("audit.detail"))
