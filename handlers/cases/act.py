"""A message's step: who writes, when, and from which message."""

from bot.context import Context
from handlers.cases.people import settings_of
from handlers.cases.states import Act
from handlers.ledger import written_at


def act_of(ctx: Context, *, record_ref: str = "", reason: str = "") -> Act:
    """What the history keeps about whatever this message does."""
    return Act(
        ctx.uow,
        settings_of(ctx.services),
        written_at(ctx),
        actor=ctx.incoming.sender,
        message_key=ctx.incoming.key,
        record_ref=record_ref,
        reason=reason,
    )
