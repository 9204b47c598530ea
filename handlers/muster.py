"""集结: who of a confirmed list has arrived. A check-in near the time counts as an arrival."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.context import Context, Notice
from handlers import call_lists, seats, texts_callup
from handlers.ledger import written_at
from storage import callups
from storage.callups import Called
from storage.tables_duty import CallUp, SignUp

EARLY, LATE = timedelta(hours=12), timedelta(hours=12)
"""Around the time of the call a check-in is an arrival."""


def arrived(ctx: Context, people: Sequence[str], at: datetime) -> list[str]:
    """Note the arrival of people who are on lists of this chat; what there is to say about it."""
    lines = []
    for person in people:
        for row in ctx.facts(Called).of((ctx.incoming.chat, person)):
            call = callups.by_id(ctx.uow.session, row.call_up_id)
            if call is not None and call.state in callups.LIVE and not row.arrived and _near(call, at):
                lines += arrive(ctx, call, [row], at)
    return lines


def _near(call: CallUp, at: datetime) -> bool:
    return call.starts_at is None or call.starts_at - EARLY <= at <= call.starts_at + LATE


def arrive(ctx: Context, call: CallUp, rows: Sequence[SignUp], at: datetime) -> list[str]:
    """Mark sign-ups as arrived with all their heads; say so to the group when the last one is there."""
    for row in rows:
        row.arrived, row.arrived_at = seats.heads(row), at
    return full(ctx, call, at)


def full(ctx: Context, call: CallUp, at: datetime) -> list[str]:
    """The line to say, and the message to the group, when everybody on the list is there for the first time."""
    found = call_lists.current(ctx, call)
    if call.mustered_at is not None or found.arrived < found.placed or found.placed < call.needed:
        return []
    call.mustered_at = at
    early = ""
    if call.starts_at is not None and at < call.starts_at:
        early = f"，提前{texts_callup.minutes(at, call.starts_at)}"
    text = texts_callup.MUSTER_FULL.format(call=call.ref, count=found.placed, at=call_lists.at(ctx, at), early=early)
    if ctx.incoming.chat != call.chat:
        ctx.notices.append(Notice(call.chat, text, "notice", "group"))
    return [text]


def report(ctx: Context, call: CallUp, *, group: bool) -> str:
    """Who has arrived by now."""
    found = call_lists.current(ctx, call)
    absent = [row.person for row, _ in found.going if not row.arrived]
    at = call_lists.at(ctx, written_at(ctx))
    return texts_callup.mustered(call.ref, (found.arrived, found.placed), at, absent, group=group)
