"""Messages in which something was meant for the bot but one thing is missing: ask for it, with an example of what was
understood.
"""

from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.ledger import written_at
from storage.questions import Questions

router = Router("asking")


@router.otherwise
def ask(ctx: Context, reading: Any) -> str | None:
    """Ask for the missing field; silent where the bot was not addressed."""
    question = reading.question
    if question is None or not reading.addressed:
        return None
    key = (ctx.incoming.chat, ctx.incoming.sender)
    ctx.facts(Questions).ask(key, question.kind, question.field, question.understood, written_at(ctx))
    ctx.book.marks.add(key)
    return texts.asked(question.kind, question.field, question.understood, ctx.name)
