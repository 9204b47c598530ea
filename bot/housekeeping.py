"""What the bot does for itself at night: forgetting what need not be kept."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.scheduler import Job, Part, trigger
from storage import slots
from storage.form_retention import forget_people
from storage.notices import forget as forget_notices
from storage.retention import forget_words
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("kakou.housekeeping")

JOB = "housekeeping"
AT = {"hour": "3", "minute": "40"}
MAX_DELAY = timedelta(days=1)
KEEP_SLOTS = timedelta(days=30)


def job(keep_days: int, zone: ZoneInfo) -> Job:
    """Every night: words older than `keep_days` days are forgotten."""

    def compose(uow: UnitOfWork, _target: str, _slot: datetime, now: datetime) -> Sequence[Part]:
        before = now - timedelta(days=keep_days)
        gone = {**forget_words(uow.session, before), "entries": forget_people(uow.session, before)}
        gone["notices"] = forget_notices(uow.session, before)
        slots.forget(uow.session, JOB, now - KEEP_SLOTS)
        if any(gone.values()):
            log.info("old words are forgotten", action="housekeeping.done", **gone)
        return ()

    return Job(JOB, trigger(AT, zone), lambda _session: ("",), MAX_DELAY, compose, frequent=True)
