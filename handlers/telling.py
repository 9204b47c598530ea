"""Has somebody else told this figure of this post today?"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.context import Context
from handlers.ledger import written_at
from handlers.work_checks import telling
from storage.figures import Telling, Told, ToldFigures


def key(ctx: Context, post: str, columns: Mapping[str, Any], day: date) -> Told:
    """What makes two tellings the same."""
    return (ctx.incoming.chat, day, columns["item"], columns["measure"], post, columns["value"])


def former(ctx: Context, post: str, columns: Mapping[str, Any], ref: str) -> Telling | None:
    """Who else told the same figure of the same post today; the writer's own telling is noted for those who follow.
    None of small figures and totals, to which two people may come by chance.
    """
    if not telling(columns):
        return None
    told, at = ctx.facts(ToldFigures), written_at(ctx)
    known = key(ctx, post, columns, at.date())
    found = told.by_another(known, ctx.incoming.sender)
    told.tell(known, Telling(ref, ctx.incoming.sender, ctx.name, at))
    return found and replace(found, at=found.at.astimezone(ctx.zone))
