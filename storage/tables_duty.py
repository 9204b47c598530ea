"""Plans and calls: standing rosters with the people on them, swaps, leave, call-ups with their sign-ups and splits."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Float, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import _ID, Base
from storage.types import Moment, SealedJSON, SealedText


class Roster(Base):
    """A shift of a post on each day of a range. `state`: active, undone."""

    __tablename__ = "rosters"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    shift: Mapped[str] = mapped_column(String(8), default="")
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date | None] = mapped_column(Date)
    """None: until further notice."""
    starts: Mapped[int] = mapped_column(Integer)
    """Minutes after midnight."""
    ends: Mapped[int] = mapped_column(Integer)
    """Minutes after the midnight before `starts`; beyond 1440 on the next day."""
    least: Mapped[int] = mapped_column(Integer)
    most: Mapped[int | None] = mapped_column(Integer)
    by: Mapped[str] = mapped_column(String(64), default="")
    made_at: Mapped[datetime] = mapped_column(Moment)
    state: Mapped[str] = mapped_column(String(8), default="active")
    __table_args__ = (Index("ix_rosters_unit", "unit", "last"),)


class Assignment(Base):
    """A person on a roster, on one day or (`day` None) on each. `state`: on, off (on that day)."""

    __tablename__ = "assignments"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    roster_id: Mapped[int] = mapped_column(Integer)
    day: Mapped[date | None] = mapped_column(Date)
    person: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8), default="on")
    reason: Mapped[str] = mapped_column(String(16), default="")
    """Reference of the leave or swap that changed the plan."""
    __table_args__ = (Index("ix_assignments_roster", "roster_id", "day"), Index("ix_assignments_person", "person"))


class Swap(Base):
    """替班: one person takes another's shift. `state`: asked → done | declined."""

    __tablename__ = "swaps"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    roster_id: Mapped[int] = mapped_column(Integer)
    day: Mapped[date] = mapped_column(Date)
    leaver: Mapped[str] = mapped_column(String(64))
    substitute: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Moment)


class Leave(Base):
    """请假: a person does not come on a day. `state`: active, undone."""

    __tablename__ = "leaves"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), index=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    person: Mapped[str] = mapped_column(String(64))
    day: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8), default="active")
    __table_args__ = (Index("ix_leaves_chat", "chat", "day"),)


class CallUp(Base):
    """招募. `state`: open → confirmed → closed; undone."""

    __tablename__ = "call_ups"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    unit: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(128), default="")
    duty: Mapped[str] = mapped_column(String(16), default="")
    needed: Mapped[int] = mapped_column(Integer)
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    """When to be there."""
    starts_on: Mapped[date | None] = mapped_column(Date)
    days: Mapped[float | None] = mapped_column(Float)
    deadline: Mapped[datetime | None] = mapped_column(Moment)
    wants: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    """What some of them are to offer → how many: 有车, 会录系统."""
    sender: Mapped[str] = mapped_column(String(128))
    by: Mapped[str] = mapped_column(String(64), default="")
    opened_at: Mapped[datetime] = mapped_column(Moment)
    filled_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the places were taken for the first time."""
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    mustered_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the last one of the list had arrived."""
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    shown_at: Mapped[datetime] = mapped_column(Moment)
    """When the state of the list was last posted to the group."""
    shown: Mapped[int] = mapped_column(Integer, default=0)
    """How many heads it showed then."""
    state: Mapped[str] = mapped_column(String(12))
    __table_args__ = (Index("ix_call_ups_chat", "chat", "state"),)


class SignUp(Base):
    """报名, in the order in which they came (`id`). Who has a place follows from the order."""

    __tablename__ = "sign_ups"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    call_up_id: Mapped[int] = mapped_column(Integer, index=True)
    ref: Mapped[str] = mapped_column(String(16), index=True)
    chat: Mapped[str] = mapped_column(String(128))
    person: Mapped[str] = mapped_column(String(64))
    account: Mapped[str] = mapped_column(String(128), default="")
    """User id where the person signed up themselves."""
    phone: Mapped[str | None] = mapped_column(SealedText("sign_ups.phone"))
    extra: Mapped[int] = mapped_column(Integer, default=0)
    vehicle: Mapped[bool] = mapped_column(Boolean, default=False)
    skills: Mapped[list[str] | None] = mapped_column(SealedJSON("sign_ups.skills"))
    at: Mapped[datetime] = mapped_column(Moment)
    arrived: Mapped[int] = mapped_column(Integer, default=0)
    """Heads that have arrived, the person included."""
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(String(128), default="")
    """Where the split sent the person, if by name."""
    state: Mapped[str] = mapped_column(String(12), default="active")
    """active, withdrawn, undone."""
    later: Mapped[bool] = mapped_column(Boolean, default=False)
    """Companions who were added later: `extra` heads behind those who had signed up by then; the person has a row."""
    changes: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    """What later records changed of it, and what it was."""
    __table_args__ = (Index("ix_sign_ups_person", "chat", "person"),)


class Deployment(Base):
    """Where the people of a call-up are: the newest split."""

    __tablename__ = "deployments"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    call_up_id: Mapped[int] = mapped_column(Integer)
    place: Mapped[str] = mapped_column(String(128))
    heads: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Moment)
    __table_args__ = (UniqueConstraint("call_up_id", "place"),)


class Nudge(Base):
    """What was reminded, asked or reported once, so that it is not said again."""

    __tablename__ = "nudges"
    key: Mapped[str] = mapped_column(String(300), primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment)
