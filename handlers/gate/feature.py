"""The gate's router: its own words, whatever the language made of them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.router import Needs, Router
from handlers import texts_gate as words
from handlers.gate import departures, entries, figures, passes, people, tables
from handlers.gate.orders import DEPARTURE, GATE, PASS
from handlers.ledger import written_at
from storage.cases import BoundGroups, Cases

router = Router("gate")

NEEDS: Needs = {
    BoundGroups: lambda _ctx, _command: [""],
    Cases: lambda ctx, _command: [("account", ctx.incoming.sender)],
}


def _figures(ctx: Context, command: Mapping[str, Any]) -> str:
    return figures.asked(ctx, written_at(ctx).date() - timedelta(days=command["ago"]))


ORDERS: Mapping[str, Callable[[Context, Mapping[str, Any]], str]] = {
    "enter": lambda ctx, command: entries.enter(ctx, command["entries"]),
    "handle": entries.handle,
    "exceptions": entries.listed,
    "entries": entries.listed,
    "figures": _figures,
    "how": lambda _ctx, _command: words.ASK_WHO.format(direction=words.DIRECTIONS["in"]),
}


@router.command(GATE, needs=NEEDS)
def gate(ctx: Context, command: Mapping[str, Any]) -> str:
    """A single record, what was done about one, a list, the figures."""
    return ORDERS[command["order"]](ctx, command) if people.knows_place(ctx) else words.NOT_HERE


@router.command(PASS, needs=NEEDS)
def card(ctx: Context, command: Mapping[str, Any]) -> str:
    """An order about passes."""
    return passes.obey(ctx, command["order"]) if people.knows_place(ctx) else words.NOT_HERE


@router.command(DEPARTURE, needs=NEEDS)
def departure(ctx: Context, command: Mapping[str, Any]) -> str:
    """An order about people who left the city."""
    return departures.obey(ctx, command["order"]) if people.knows_place(ctx) else words.NOT_HERE


@router.otherwise
def file(ctx: Context, _reading: Any) -> str | None:
    """A table of people who left, as a file in a single chat; other tables are other features'."""
    content = ctx.incoming.extra.get("file")
    order = tables.read(content, written_at(ctx)) if isinstance(content, bytes) else None
    if order is None:
        return None
    return departures.obey(ctx, order) if people.knows_place(ctx) else words.NOT_HERE
