"""A message's step: who writes, when, and from which message."""

from functools import partial

from bot.context import Context
from handlers.cases.people import settings_of
from handlers.cases.states import Act
from handlers.ledger import step, written_at
from handlers.texts_steps import STEPS


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
        noted=partial(_note, ctx),
    )


def _note(ctx: Context, action: str, ref: str) -> None:
    """What is done by a word of its own, and not by a record, is a step that 撤回 may mean."""
    if f"case.{action}" in STEPS:
        step(ctx, f"case.{action}", ref)
