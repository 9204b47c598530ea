"""The organisation: units, posts, people with their accounts and roles. Volunteers' names are plain, as in the duty
periods; their phones and certificate numbers are sealed.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import _ID, Base
from storage.types import Moment, SealedJSON, SealedText


class Unit(Base):
    """One node of a tree. `axis`: place (区 → 街道/乡镇 → 社区/村), team (总队 → 大队 → 服务队 → 小分队), employer."""

    __tablename__ = "units"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    path: Mapped[str] = mapped_column(String(200), unique=True)
    """Names from the top down, joined by `/`."""
    name: Mapped[str] = mapped_column(String(64), index=True)
    axis: Mapped[str] = mapped_column(String(8))
    level: Mapped[str] = mapped_column(String(16), default="")
    """What people call its level: 街道, 大队."""


class Post(Base):
    """A post (点位, 卡口) of a unit: who leads it, when it must be manned, by how many."""

    __tablename__ = "posts"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    unit: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(128))
    lead: Mapped[str] = mapped_column(String(64), default="")
    starts: Mapped[int | None] = mapped_column(Integer)
    """Minutes after midnight from which it is manned each day; None where it has no hours of its own."""
    ends: Mapped[int | None] = mapped_column(Integer)
    """Minutes after that midnight; beyond 1440 on the next day. 0–1440 is around the clock."""
    least: Mapped[int] = mapped_column(Integer, default=1)
    most: Mapped[int | None] = mapped_column(Integer)
    risk: Mapped[bool] = mapped_column(Boolean, default=False)
    """In an area of risk: whoever goes there stays in the closed loop."""
    patrol: Mapped[str] = mapped_column(String(64), default="")
    """When rounds are due there, in words (每2小时 22:00-6:00); empty where no table says so."""
    state: Mapped[str] = mapped_column(String(8), default="active")
    __table_args__ = (UniqueConstraint("unit", "name"),)


class Person(Base):
    """A volunteer. One person may have several accounts, roles and teams' tasks, but belongs to one team."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    number: Mapped[str | None] = mapped_column(String(32), unique=True)
    """Volunteer number, where there is one."""
    name: Mapped[str] = mapped_column(String(64), index=True)
    unit: Mapped[str] = mapped_column(String(200), default="", index=True)
    """Place that the person serves or lives in."""
    team: Mapped[str] = mapped_column(String(200), default="", index=True)
    employer: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str | None] = mapped_column(SealedText("people.phone"))
    phone_hash: Mapped[str | None] = mapped_column(String(32), index=True)
    id_number: Mapped[str | None] = mapped_column(SealedText("people.id_number"))
    """For certificates (民政部令第67号)."""
    skills: Mapped[list[str] | None] = mapped_column(SealedJSON("people.skills"))
    vehicle: Mapped[bool] = mapped_column(Boolean, default=False)
    state: Mapped[str] = mapped_column(String(8), default="active")


class PersonAccount(Base):
    """A chat account of a person."""

    __tablename__ = "person_accounts"
    user_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    person_id: Mapped[int] = mapped_column(Integer, index=True)


class Role(Base):
    """A role of an account, or of a name until its account is known, within a unit and below."""

    __tablename__ = "roles"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    user_id: Mapped[str] = mapped_column(String(128), default="")
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    """lead, coordinator, administrator; a volunteer needs no row."""
    unit: Mapped[str] = mapped_column(String(200))
    post: Mapped[str] = mapped_column(String(128), default="")
    """The post that a lead leads; empty: all of the unit."""
    by: Mapped[str] = mapped_column(String(128), default="")
    at: Mapped[datetime] = mapped_column(Moment)
    detail: Mapped[dict[str, Any] | None] = mapped_column(SealedJSON("roles.detail"))
    __table_args__ = (Index("ix_roles_user", "user_id"), Index("ix_roles_name", "name", "unit"))
