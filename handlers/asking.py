"""What was meant for the bot but lacks one thing: ask for it, with an example made of what was understood."""

from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.ledger import in_group, written_at
from storage.questions import Questions

router = Router("asking")

ASKED_AFTERWARDS = {("check_in", "post"), ("leave", "at")}
"""(kind, field) of records that are kept and asked about. Answers to registrations name what is missing themselves."""


@router.otherwise
def ask(ctx: Context, reading: Any) -> str | None:
    """Nothing could be kept: ask for the missing field; silent where the bot was not addressed."""
    question = reading.question
    if question is None or not reading.addressed:
        return None
    if question.kind not in texts.KINDS:
        # Nothing of a report was in it. A group is left in peace; who writes to the bot alone expects a word.
        return None if in_group(ctx) else texts.NOT_UNDERSTOOD
    _remember(ctx, question, "")
    return texts.asked(question.kind, question.field, question.understood, ctx.name)


@router.afterwards_too
def ask_more(ctx: Context, reading: Any) -> str | None:
    """A record was kept that lacks a field which is worth a question."""
    question = reading.question
    if question is None or not reading.addressed:
        return None
    ref = next((ref for kind, ref in ctx.kept if kind == question.kind), "")
    if not ref:
        return None
    _remember(ctx, question, ref)
    return texts.asked_more(question.field) if (question.kind, question.field) in ASKED_AFTERWARDS else None


def _remember(ctx: Context, question: Any, ref: str) -> None:
    key = (ctx.incoming.chat, ctx.incoming.sender)
    ctx.facts(Questions).ask(key, question, ctx.incoming.text, ref, written_at(ctx))
    ctx.book.marks.add(key)
