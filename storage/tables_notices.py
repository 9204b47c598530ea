"""通知: what coordinators send to several groups, to which groups it went, who has confirmed having read it.

Words and files are sealed: nobody can know what somebody writes or attaches. Names of those who confirmed are plain, as
in the duty periods.
"""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, orm_insert_sentinel

from storage.tables import _ID, Base
from storage.types import Moment, SealedBytes, SealedText


class NoticeRow(Base):
    """One notice. `state`: draft (shown, waits for its 发) | planned (waits for its time) → sent; cancelled,
    missed (the bot was off at its time).
    """

    __tablename__ = "notices"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    chat: Mapped[str] = mapped_column(String(128))
    """Where the order was given."""
    unit: Mapped[str] = mapped_column(String(200))
    """Unit of that chat."""
    sender: Mapped[str] = mapped_column(String(128))
    by: Mapped[str] = mapped_column(String(64))
    level: Mapped[str] = mapped_column(String(8), default="")
    """Of a policy: 市, 区 and so on; empty for any other notice."""
    body: Mapped[str] = mapped_column(SealedText("notices.body"))
    file: Mapped[bytes | None] = mapped_column(SealedBytes("notices.file"))
    """Until it is sent; afterwards the outbox has it, until it is sent there."""
    file_name: Mapped[str | None] = mapped_column(SealedText("notices.file_name"))
    state: Mapped[str] = mapped_column(String(12))
    written_at: Mapped[datetime] = mapped_column(Moment)
    send_at: Mapped[datetime | None] = mapped_column(Moment)
    """None: at once."""
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    day: Mapped[date | None] = mapped_column(Date)
    """Local day of its sending."""
    reminded_at: Mapped[datetime | None] = mapped_column(Moment)
    """When those who had not confirmed were reminded, or the reminder was left out."""
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    """When the last group confirmed."""
    __table_args__ = (Index("ix_notices_state", "state", "sent_at"), Index("ix_notices_day", "day", "unit"))


class NoticeGroup(Base):
    """One group that a notice is for. It has confirmed when one of those who are asked has."""

    __tablename__ = "notice_groups"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    ref: Mapped[str] = mapped_column(String(16))
    chat: Mapped[str] = mapped_column(String(128), index=True)
    unit: Mapped[str] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[str] = mapped_column(String(64), default="")
    __table_args__ = (UniqueConstraint("ref", "chat"),)


class NoticeReader(Base):
    """One person who said in one group that they had read a notice. `counts`: the group's confirmation."""

    __tablename__ = "notice_readers"
    id: Mapped[int] = mapped_column(_ID, primary_key=True)
    _sentinel: Mapped[int] = orm_insert_sentinel()
    ref: Mapped[str] = mapped_column(String(16))
    chat: Mapped[str] = mapped_column(String(128))
    user_id: Mapped[str] = mapped_column(String(128))
    name: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Moment)
    counts: Mapped[bool] = mapped_column(Boolean)
    __table_args__ = (UniqueConstraint("ref", "chat", "user_id"),)


class NoticeFile(Base):
    """A file or picture that somebody sent to the bot alone and may send on with 通知附件: the newest of each."""

    __tablename__ = "notice_files"
    sender: Mapped[str] = mapped_column(String(128), primary_key=True)
    content: Mapped[bytes] = mapped_column(SealedBytes("notice_files.content"))
    name: Mapped[str] = mapped_column(SealedText("notice_files.name"))
    size: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Moment)
