"""What was said once: the unique key decides, on every instance and across restarts."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.tables_duty import Nudge
from storage.upsert import insert_new


def first_time(session: Session, key: str, now: datetime) -> bool:
    """Whether this was not said before; it counts as said from now on."""
    return insert_new(session, Nudge, {"key": key[:300], "at": now})


def forget(session: Session, before: datetime) -> None:
    """What lies so far back cannot come up again."""
    session.execute(delete(Nudge).where(Nudge.at < before))
