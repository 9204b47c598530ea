"""撤回 of steps of the plan: a 排班 that was just made, hours that were just confirmed."""

from sqlalchemy import func, select

from bot.context import Context
from handlers import texts_steps as words
from handlers.steps import Taken, Way, Ways
from storage.tables import Duty
from storage.tables_duty import Roster, Swap


def _swapped(ctx: Context, taken: Taken) -> str:
    """Whoever has swapped a shift of the roster relies on it."""
    rosters = [row.id for row in taken.of(Roster)]
    waiting = select(func.count()).where(Swap.roster_id.in_(rosters), Swap.state != "declined")
    return words.built_upon(taken.action, taken.refs) if ctx.uow.session.scalar(waiting) else ""


def _unconfirmed(_ctx: Context, taken: Taken) -> str:
    return words.UNCONFIRMED.format(periods=len(taken.of(Duty)))


WAYS: Ways = {
    "roster.made": Way(lambda _ctx, _taken: words.UNPLANNED, _swapped),
    "hours.confirmed": Way(_unconfirmed),
}
"""What can be taken back exactly."""
