"""巡查: when rounds are due, the rounds that were made, and what was found on them. Volunteers' names are plain, as in
the duty periods; the words of a finding are sealed, as those of the ledger are.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, orm_insert_sentinel

from storage.tables import _ID, Base
from storage.types import Moment, SealedJSON, SealedText


class PatrolPlan(Base):
    """Rounds that are due again and again at one post of a group. `state`: active, stopped."""

    __tablename__ = "patrol_plans"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    chat: Mapped[str] = mapped_column(String(128), index=True)
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    """Empty: the whole group."""
    every: Mapped[int] = mapped_column(Integer)
    """Minutes between two rounds."""
    starts: Mapped[int] = mapped_column(Integer)
    """Minutes after midnight of the first round of each day."""
    ends: Mapped[int] = mapped_column(Integer)
    """Minutes after the same midnight, beyond 1440 on the next day; a round is due at this minute, too, if it is its
    turn. 0–1440 is around the clock, and midnight is then the next day's first round.
    """
    by: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    """Rounds of earlier times are nobody's."""
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8), default="active")


class PatrolSlot(Base):
    """One round that was due. `state`: due → done | missed; off (the plan was stopped before its time was over).

    A missed one becomes done where the round was only told late.
    """

    __tablename__ = "patrol_slots"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    plan_id: Mapped[int] = mapped_column(Integer)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    due_at: Mapped[datetime] = mapped_column(Moment)
    until: Mapped[datetime] = mapped_column(Moment)
    """From this moment on a round belongs to the next slot."""
    day: Mapped[date] = mapped_column(Date)
    """Local day of `due_at`."""
    turn: Mapped[date] = mapped_column(Date)
    """Local day on which the row of rounds that it belongs to began: one night is one turn."""
    number: Mapped[int] = mapped_column(Integer)
    """Its place in that row, from 1."""
    state: Mapped[str] = mapped_column(String(8), default="due")
    round_ref: Mapped[str | None] = mapped_column(String(16), index=True)
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    alerted_at: Mapped[datetime | None] = mapped_column(Moment)
    note: Mapped[str] = mapped_column(String(64), default="")
    """Why a reminder or an alert was left out."""
    __table_args__ = (
        UniqueConstraint("plan_id", "due_at"),
        Index("ix_patrol_slots_day", "day", "unit"),
        Index("ix_patrol_slots_state", "state", "due_at"),
    )


class PatrolRound(Base):
    """One round that somebody made. `state`: active, undone."""

    __tablename__ = "patrol_rounds"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    """Of its record in the ledger."""
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    """When it was made, as told; else when it was told."""
    day: Mapped[date] = mapped_column(Date)
    number: Mapped[int] = mapped_column(Integer)
    """As stated, else the next one."""
    by: Mapped[str] = mapped_column(String(64), default="")
    sender: Mapped[str] = mapped_column(String(128), default="")
    state: Mapped[str] = mapped_column(String(8), default="active")
    __table_args__ = (Index("ix_patrol_rounds_chat", "chat", "at"), Index("ix_patrol_rounds_day", "day", "unit"))


class Finding(Base):
    """One thing that was found wrong, until somebody else has seen that it is right again.

    `state` is one of `handlers.patrols.states`; only the table there changes it. Days are local.
    """

    __tablename__ = "findings"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    """Of its record in the ledger: P12."""
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    day: Mapped[date] = mapped_column(Date)
    """Day on which it was found."""
    found_at: Mapped[datetime] = mapped_column(Moment)
    text: Mapped[str] = mapped_column(SealedText("findings.text"))
    by: Mapped[str] = mapped_column(String(64), default="")
    sender: Mapped[str] = mapped_column(String(128), default="")
    """User id of whoever reported it."""
    message_key: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(12))
    assignee: Mapped[str] = mapped_column(String(64), default="")
    assigned_at: Mapped[datetime | None] = mapped_column(Moment)
    fix: Mapped[str] = mapped_column(SealedText("findings.fix"), default="")
    """What was done about it, in the words of whoever did it."""
    fixed_by: Mapped[str] = mapped_column(String(64), default="")
    fixed_sender: Mapped[str] = mapped_column(String(128), default="")
    fixed_on: Mapped[date | None] = mapped_column(Date)
    closed_by: Mapped[str] = mapped_column(String(64), default="")
    closed_on: Mapped[date | None] = mapped_column(Date)
    returned: Mapped[int] = mapped_column(Integer, default=0)
    """How often it came back: a re-check failed, or it was opened again."""
    __table_args__ = (
        Index("ix_findings_day", "day", "unit"),
        Index("ix_findings_state", "state", "unit"),
        Index("ix_findings_sender", "sender", "found_at"),
    )


class FindingEvent(Base):
    """One step of a finding: who, when, from which message, and what was before."""

    __tablename__ = "finding_events"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), index=True)
    action: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(12))
    target: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime] = mapped_column(Moment)
    actor: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(64))
    message_key: Mapped[str] = mapped_column(String(300), default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("finding_events.detail"))


class FindingPicture(Base):
    """A picture of a finding: where the platform keeps it. The picture itself stays in the chat."""

    __tablename__ = "finding_pictures"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), index=True)
    channel: Mapped[str] = mapped_column(String(64))
    media: Mapped[str] = mapped_column(SealedText("finding_pictures.media"))
    """The address or media id that the channel announced."""
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(64), default="")
    message_key: Mapped[str] = mapped_column(String(300), default="")
