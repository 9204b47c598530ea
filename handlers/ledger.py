"""Keeping a record: its row in the ledger, its reference, its audit row. Every feature keeps what it understood
through here.
"""

from datetime import date, datetime
from typing import Any

from bot.context import Context
from storage.questions import Questions
from storage.tables import Audit, RecordRow

PREFIXES = {
    "check_in": "C",
    "check_out": "C",
    "work": "W",
    "patrol": "P",
    "returnee": "R",
    "health": "H",
    "verification": "V",
    "sign_up": "S",
    "withdraw": "S",
    "call_up": "Z",
    "leave": "L",
    "enterprise": "E",
    "supply": "G",
    "gate": "J",
    "pass": "K",
    "departure": "Q",
    "departure_call": "Y",
    "undo": "X",
    "correction": "X",
    "repeat": "X",
}
"""Kind → letter of its references."""


def written_at(ctx: Context) -> datetime:
    """When the message was written, in the service's zone: what relative times refer to."""
    sent = ctx.incoming.sent_at or ctx.incoming.arrived_at
    return sent.astimezone(ctx.zone) if sent else ctx.now


def keep(ctx: Context, record: Any, day: date | None = None) -> str:
    """Write a record to the ledger; returns its reference. The row itself says who reported it, when, in which message.

    `day` is the local day it counts for, by default that of its writing.
    """
    ref = ctx.uow.next_ref(PREFIXES[record.kind])
    at = written_at(ctx)
    ctx.uow.insert(
        RecordRow,
        ref=ref,
        kind=record.kind,
        channel=ctx.incoming.channel,
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        sender=ctx.incoming.sender,
        reporter=ctx.name,
        reported_at=at,
        day=day or at.date(),
        message_key=ctx.incoming.key,
        state="active",
        fields=dict(record.fields),
        history=None,
    )
    ctx.kept.append((record.kind, ref))
    ctx.facts(Questions).settle((ctx.incoming.chat, ctx.incoming.sender))
    return ref


def audit(ctx: Context, action: str, ref: str = "", **detail: Any) -> None:
    """Write down who did what."""
    ctx.uow.insert(
        Audit,
        at=ctx.now,
        actor=ctx.incoming.sender,
        action=action,
        ref=ref,
        message_key=ctx.incoming.key,
        detail=detail or None,
    )


def in_group(ctx: Context) -> bool:
    """Whether the answer will be read by a group."""
    return ctx.incoming.chat_type == "group"
