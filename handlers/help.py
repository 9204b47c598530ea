"""帮助 and 我的记录."""

from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.ledger import in_group, written_at
from storage import duties, records
from storage.records import Scope

router = Router("help")

MINE_DAYS = 30
MINE_LINES = 8


@router.command("help")
def help_(_ctx: Context, _command: Any) -> str:
    """What one can say."""
    return texts.HELP


@router.command("mine")
def mine(ctx: Context, _command: Any) -> str:
    """The writer's own records and hours."""
    ctx.uow.flush()
    session = ctx.uow.session
    since = written_at(ctx) - timedelta(days=MINE_DAYS)
    rows = records.of_sender(session, ctx.incoming.sender, since, MINE_LINES)
    periods = duties.of_person(session, ctx.incoming.chat, ctx.name, Scope(first=since.date()))
    lines = [texts.my_record(row.ref, row.kind, row.day, row.fields, group=in_group(ctx)) for row in rows]
    return texts.mine(ctx.name, lines, round(sum(period.hours or 0 for period in periods), 1), len(periods))
