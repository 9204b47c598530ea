"""Due rounds in the books: made when their time has come, closed by the round that was made."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import shifts
from handlers.patrols import turns
from handlers.patrols.turns import Due
from storage import patrols
from storage.tables_patrols import PatrolPlan, PatrolSlot

LOOK_BACK = timedelta(days=2)
"""Rounds that were due while the bot was off for longer are in nobody's books: the job's own slots say so."""


def of_post(plans: Sequence[PatrolPlan], post: str) -> PatrolPlan | None:
    """The plan that a post belongs to: its own, one of a like name, that of the whole group."""
    own = next((plan for plan in plans if plan.post == post), None)
    if own is not None or not post:
        return own or (plans[0] if len(plans) == 1 else None)
    alike = [plan for plan in plans if plan.post and shifts.same_post(plan.post, post)]
    return next(iter(alike), None) or next((plan for plan in plans if not plan.post), None)


def fill(session: Session, plans: Iterable[PatrolPlan], now: datetime, zone: ZoneInfo) -> None:
    """Put every round that has become due until `now` into the books."""
    known = patrols.known_slots(session, now - LOOK_BACK)
    for plan in plans:
        for one in turns.due(plan, max(plan.made_at, now - LOOK_BACK), now, zone):
            if (plan.id, one.at) not in known:
                session.add(made(plan, one))


def made(plan: PatrolPlan, one: Due) -> PatrolSlot:
    """The row of a due round."""
    row = PatrolSlot(plan_id=plan.id, chat=plan.chat, unit=plan.unit, post=plan.post, due_at=one.at, until=one.until)
    row.day, row.turn, row.number, row.state = one.at.date(), one.turn, one.number, "due"
    return row


def due_at(plan: PatrolPlan | None, moment: datetime, zone: ZoneInfo) -> Due | None:
    """The due round that a round at `moment` would be; none before the plan was made."""
    found = turns.belongs(plan, moment, zone) if plan is not None else None
    return found if found is not None and plan is not None and found.at >= plan.made_at else None


def close(session: Session, plan: PatrolPlan, one: Due, ref: str) -> PatrolSlot | None:
    """A round was made: the due one is done, however late it is told. None where another round had done it already."""
    row = patrols.slot(session, plan.id, one.at)
    if row is None:
        row = made(plan, one)
        session.add(row)
    if row.state not in {"due", "missed"}:
        return None
    row.state, row.round_ref = "done", ref
    return row


def release(session: Session, ref: str, now: datetime) -> None:
    """A round was taken back: what it had closed is due again, unless another round was made in its time."""
    row = patrols.slot_of_round(session, ref)
    if row is None:
        return
    since = row.due_at - turns.MOST_EARLY
    others = [one for one in patrols.rounds(session, row.chat, since, row.until) if _may_close(one.ref, ref, session)]
    fitting = next((one for one in others if one.post == row.post and one.at < row.until), None)
    row.round_ref = fitting.ref if fitting else None
    row.state = "done" if fitting else "missed" if now >= row.until else "due"


def _may_close(other: str, ref: str, session: Session) -> bool:
    return other != ref and patrols.slot_of_round(session, other) is None


def stop(session: Session, plan: PatrolPlan, now: datetime) -> None:
    """No more rounds of a plan; one whose time is not over is nobody's either."""
    plan.state, plan.stopped_at = "stopped", now
    for row in patrols.due_of_plan(session, plan.id):
        row.state = "off"
