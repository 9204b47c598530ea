"""Daily aggregates: what every day brought, for every place of the tree, so that a report costs units × days and not
records. `storage.daily` keeps them in the transaction that changes the records.

`place` is a unit's path, `@` + chat for a chat that is bound to no unit, or the empty path, which is above all. `post`
is the post of a place's own records (empty where none was named), or `*` for the place with everything below it.
"""

from datetime import date, datetime

from sqlalchemy import Date, Float, Index, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables import _ID, Base
from storage.types import Moment

TOGETHER = {"sqlite_with_rowid": False}
"""The days of a place lie beside each other: a report of a week, or of everything until today, reads few pages."""


class DailyDuty(Base):
    """Duty of one day and place."""

    __tablename__ = "daily_duty"
    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    post: Mapped[str] = mapped_column(String(128), primary_key=True)
    parent: Mapped[str | None] = mapped_column(String(200))
    """The place above; None for the place above all."""
    participations: Mapped[int] = mapped_column(Integer)
    """人次, people without a name included."""
    unnamed: Mapped[int] = mapped_column(Integer)
    hours: Mapped[float] = mapped_column(Float)
    unknown: Mapped[int] = mapped_column(Integer)
    """Closed periods whose hours nobody stated."""
    open: Mapped[int] = mapped_column(Integer)
    people: Mapped[bytes] = mapped_column(LargeBinary)
    """Numbers of `Identity`: sets are united, never added."""
    posts: Mapped[bytes] = mapped_column(LargeBinary)
    """Named posts with somebody on them, as numbers of `Identity`."""
    __table_args__ = (Index("ix_daily_duty_parent", "parent", "day"), TOGETHER)


class DailyCount(Base):
    """One other figure of one day and place: `work|测温|人次`, `kind|sign_up`, `case|handed` …"""

    __tablename__ = "daily_counts"
    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    post: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(String(96), primary_key=True)
    parent: Mapped[str | None] = mapped_column(String(200))
    value: Mapped[float] = mapped_column(Float)
    upper: Mapped[float] = mapped_column(Float)
    """The sum with the upper ends of what was told as a range (6至9)."""
    ranged: Mapped[int] = mapped_column(Integer)
    """How many of the reports gave a range."""
    hedge: Mapped[str] = mapped_column(String(8))
    reports: Mapped[int] = mapped_column(Integer)
    members: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Whom it is about, where distinct people are asked for."""
    __table_args__ = (Index("ix_daily_counts_parent", "parent", "day"), TOGETHER)


class DailyTotal(Base):
    """The newest total (累计) that a post of a chat stated on a day. A total replaces, it is never added to sums."""

    __tablename__ = "daily_totals"
    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    post: Mapped[str] = mapped_column(String(128), primary_key=True)
    name: Mapped[str] = mapped_column(String(96), primary_key=True)
    value: Mapped[float] = mapped_column(Float)
    hedge: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer)
    """Of two totals the one with the higher number was told later."""
    __table_args__ = (Index("ix_daily_totals_day", "day"), TOGETHER)


class DailyDirty(Base):
    """A cell whose records have changed since it was counted. Marked in the transaction of the records, so that whoever
    reads the aggregates knows what to count first.
    """

    __tablename__ = "daily_dirty"
    place: Mapped[str] = mapped_column(String(200), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)


class Identity(Base):
    """The small number under which a person or post stands in the sets of the aggregates."""

    __tablename__ = "identities"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    key: Mapped[str] = mapped_column(String(340), unique=True)


class ReportPlan(Base):
    """When a chat wants its report, as it was told there. `state`: active, stopped."""

    __tablename__ = "report_plans"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    chat: Mapped[str] = mapped_column(String(128), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    """daily, weekly, monthly."""
    at: Mapped[str] = mapped_column(String(5))
    """`22:30`; empty in the row that stops the reports of the configuration."""
    days: Mapped[str] = mapped_column(String(8), default="")
    """workday, holiday, or empty for every day."""
    state: Mapped[str] = mapped_column(String(8), default="active")
    by: Mapped[str] = mapped_column(String(128))
    made_at: Mapped[datetime] = mapped_column(Moment)


class ReportChoice(Base):
    """What a chat's reports show: its coordinators choose."""

    __tablename__ = "report_choices"
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    hidden: Mapped[str] = mapped_column(String(200), default="")
    """Sections that are left out, joined by a space."""
    stopped: Mapped[bool] = mapped_column(default=False)
    """Whether the reports of the configuration are not wanted."""


class Posted(Base):
    """What was last posted about a day of a chat: the figures that a late report is held against."""

    __tablename__ = "posted_reports"
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    place: Mapped[str] = mapped_column(String(200))
    figures: Mapped[str] = mapped_column(String)
    """JSON: label → [value, unit]."""
    first: Mapped[str] = mapped_column(String)
    """As `figures`, when the report was first posted: the next digest tells what changed since then."""
    at: Mapped[datetime] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the last amendment went out."""
    stale: Mapped[bool] = mapped_column(default=False)
    """Whether the aggregates of that day and place were counted anew since."""
    __table_args__ = (Index("ix_posted_reports_place", "place", "day"),)


class ReportLines(Base):
    """What the lines of the last report in a chat were about: `/列 3` lists the records behind line 3."""

    __tablename__ = "report_lines"
    chat: Mapped[str] = mapped_column(String(128), primary_key=True)
    sources: Mapped[str] = mapped_column(String)
    """JSON: a list of {label, place, first, last, source}."""
    at: Mapped[datetime] = mapped_column(Moment)
