"""Reports at the times that chats asked for (`/日报 22:30`). One job looks every few minutes; each report takes a slot
of its own in the transaction that writes it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

import structlog
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy.orm import Session

from bot.scheduler import Job, NotToday, Part, reasons_of
from handlers.reports.desk import CATCH_UP, KEEP_TICKS, ByChat, Desk, post_all
from storage import report_books, slots
from storage.tables_daily import ReportPlan
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("kakou.reports")

TICK = "report-times"
STEP = 5
"""Minutes: the times that chats ask for are multiples of it."""
LATE = timedelta(minutes=15)
AT_ONCE = 100
"""Plans that are looked at in one transaction: messages wait for no more."""
COVERS = {"daily": "day", "weekly": "week", "monthly": "month"}


def job(desk: Desk) -> Job:
    """The job that looks whose time has come."""
    trigger = CronTrigger(minute=f"*/{STEP}", timezone=desk.zone)
    return Job(TICK, trigger, _shares, LATE, partial(_tick, desk))


def _shares(session: Session) -> list[str]:
    """One target for everybody; of many plans each target looks at a share."""
    return ["", *map(str, range(1, _number(session)))]


def _number(session: Session) -> int:
    return 1 + report_books.number_of_plans(session) // AT_ONCE


def _tick(desk: Desk, uow: UnitOfWork, share: str, slot: datetime, now: datetime) -> list[Part]:
    due: dict[tuple[str, str, datetime], list[str]] = defaultdict(list)
    local = now.astimezone(desk.zone)
    for plan in report_books.share_of_plans(uow.session, int(share or 0), _number(uow.session)):
        moment = last_due(plan, local)
        if moment >= plan.made_at and now - moment <= CATCH_UP:
            due[plan.kind, plan.days, moment].append(plan.chat)
    found = [part for key, chats in due.items() for part in _of_moment(desk, uow, key, chats, now)]
    slots.forget(uow.session, TICK, slot - KEEP_TICKS)
    return found


def _of_moment(
    desk: Desk, uow: UnitOfWork, key: tuple[str, str, datetime], chats: Sequence[str], now: datetime
) -> list[Part]:
    """The reports of chats that asked for the same moment, as far as nobody has written them."""
    kind, days, moment = key
    plan = ByChat(f"chat-{kind}", COVERS[kind], days or "all")
    free = slots.free(uow.session, plan.name, chats, moment)

    def write(some: Sequence[str]) -> list[Part]:
        made = post_all(desk, plan, 0, uow, some, moment, now)
        slots.take(uow.session, plan.name, moment, now, reasons_of(made))
        return [part for parts in made.values() if not isinstance(parts, NotToday) for part in parts]

    return _together(uow, free, write) if free else []


def _together(uow: UnitOfWork, chats: Sequence[str], write: Callable[[Sequence[str]], list[Part]]) -> list[Part]:
    """What is written for one chat must not stand in the way of the others: where they fail together each is written
    alone, and the one that fails is tried again with the next look.
    """
    try:
        with uow.session.begin_nested():
            return write(chats)
    except Exception as error:  # noqa: BLE001  (whatever it is, the others get their reports)
        if len(chats) == 1:
            log.error("a report failed", action="report.failed", chat=chats[0], error=type(error).__name__)
            return []
    return [part for chat in chats for part in _together(uow, [chat], write)]


def last_due(plan: ReportPlan, now: datetime) -> datetime:
    """The newest moment at which a plan was due, not after `now` (local)."""
    hour, minute = (int(number) for number in plan.at.split(":"))
    due = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if due > now:
        due -= timedelta(days=1)
    if plan.kind == "weekly":
        return due - timedelta(days=due.weekday())
    return due.replace(day=1) if plan.kind == "monthly" else due
