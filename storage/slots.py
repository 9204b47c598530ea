"""Report slots: the unique key (job, chat, slot) decides who writes a report, on every instance and across restarts."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage.tables import Slot


def claim(
    session: Session, job: str, chat: str, slot: datetime, now: datetime, *, state: str = "sent", reason: str = ""
) -> bool:
    """Claim a slot within the caller's transaction. False where somebody has it already."""
    if session.scalar(select(Slot.id).where(Slot.job == job, Slot.chat == chat, Slot.slot == slot)):
        return False
    try:
        with session.begin_nested():
            session.add(Slot(job=job, chat=chat, slot=slot, state=state, reason=reason, claimed_at=now))
            session.flush()
    except IntegrityError:
        return False
    return True


def last(session: Session, job: str, chat: str) -> datetime | None:
    """The newest slot of a job in a chat, claimed or skipped."""
    return session.scalar(select(func.max(Slot.slot)).where(Slot.job == job, Slot.chat == chat))
