"""Keeping a record: its row in the ledger, its reference, its audit row. Every feature keeps what it understood
through here.

A step (签收 D1, 作废 12号) is no record of its own: it changes what others have made. It has a row in the ledger all
the same, so that whoever writes 撤回 right after it means it (`handlers.undoing`).
"""

from datetime import date, datetime
from typing import Any

from bot.context import Context
from handlers.texts_steps import STEPS
from handlers.traces import Trail
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
STEP = "step"
"""Kind of a step's row."""


def written_at(ctx: Context) -> datetime:
    """When the message was written, in the service's zone: what relative times refer to."""
    sent = ctx.incoming.sent_at or ctx.incoming.arrived_at
    return sent.astimezone(ctx.zone) if sent else ctx.now


def keep(ctx: Context, record: Any, day: date | None = None) -> str:
    """Write a record to the ledger; returns its reference. The row itself says who reported it, when, in which message.

    `day` is the local day it counts for, by default that of its writing.
    """
    ref = _insert(ctx, PREFIXES[record.kind], record.kind, dict(record.fields), day)
    ctx.kept.append((record.kind, ref))
    ctx.facts(Questions).settle((ctx.incoming.chat, ctx.incoming.sender))
    return ref


def _insert(ctx: Context, prefix: str, kind: str, fields: dict[str, Any], day: date | None) -> str:
    ref, at = ctx.uow.next_ref(prefix), written_at(ctx)
    ctx.uow.insert(
        RecordRow,
        ref=ref,
        kind=kind,
        channel=ctx.incoming.channel,
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        sender=ctx.incoming.sender,
        reporter=ctx.name,
        reported_at=at,
        day=day or at.date(),
        message_key=ctx.incoming.key,
        state="active",
        fields=fields,
        history=None,
    )
    return ref


def audit(ctx: Context, action: str, ref: str = "", trail: Trail | None = None, **detail: Any) -> None:
    """Write down who did what. `trail`: what it changed, where it is a step that can be taken back exactly."""
    ctx.uow.insert(
        Audit,
        at=ctx.now,
        actor=ctx.incoming.sender,
        action=action,
        ref=ref,
        message_key=ctx.incoming.key,
        detail=detail or None,
    )
    if action in STEPS:
        step(ctx, action, ref, trail)


def step(ctx: Context, action: str, about: str, trail: Trail | None = None) -> None:
    """Note a step of `STEPS` about the reference `about`; in a message that has kept a record it is part of that."""
    if ctx.kept:
        return
    changed: list[dict[str, Any]] = []
    told: list[str] = []
    if trail is not None:
        ctx.uow.session.flush()  # what the step has made must be known by its number
        changed, told = trail.changes(), trail.told
    fields = {"action": action, "about": about, "changed": changed, "told": told}
    _insert(ctx, PREFIXES["undo"], STEP, fields, None)


def in_group(ctx: Context) -> bool:
    """Whether the answer will be read by a group."""
    return ctx.incoming.chat_type == "group"
