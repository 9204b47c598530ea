"""汇总: the digest of any period and unit, now."""

from datetime import date, timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts_report
from handlers.ledger import written_at
from handlers.reports.data import Period
from handlers.reports.digest import compose
from handlers.units import path_of

router = Router("summary")


@router.command("summary")
def summary(ctx: Context, command: Any) -> str:
    """Compose the digest of the asked period for the asked unit, or for what the chat is bound to."""
    ctx.uow.flush()
    at = written_at(ctx)
    period = period_of(command.get("period", "today"), at.date())
    asked = command.get("unit")
    unit = path_of(ctx.uow.session, asked, ctx.unit) if asked else ctx.unit
    return compose(ctx.uow.session, period, unit, ctx.incoming.chat, at, title=texts_report.SUMMARY)


def period_of(words: str, today: date) -> Period:
    """A period of the contract: today, yesterday, week, last_week, month, a day or a range of days."""
    monday = today - timedelta(days=today.weekday())
    named = {
        "today": Period(today, today),
        "yesterday": Period(today - timedelta(days=1), today - timedelta(days=1)),
        "week": Period(monday, today),
        "last_week": Period(monday - timedelta(days=7), monday - timedelta(days=1)),
        "month": Period(today.replace(day=1), today),
    }
    if words in named:
        return named[words]
    first, _, last = words.partition("/")
    return Period(date.fromisoformat(first), date.fromisoformat(last or first))
