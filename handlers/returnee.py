"""返京登记: registration of a person who comes back, shown masked wherever a group reads along."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import masking, texts, times
from handlers.ledger import in_group, keep, written_at
from storage.people import ReturneesByName
from storage.tables import Returnee
from storage.types import ring_of

router = Router("returnee")

VERIFIED_FIELDS = ("name", "phone", "arrives_at", "address", "employer", "health", "isolation")
"""What a call confirms (arrival, employer, full address, health, isolation) and what it takes to call at all."""


@router.record("returnee")
def register(ctx: Context, records: Sequence[Any]) -> str:
    """Register each person; say what is still missing."""
    lines = [_register(ctx, record) for record in records]
    if in_group(ctx) and masking.has_identity(ctx.incoming.text):
        lines.append(texts.PLEASE_RECALL)
    return texts.joined(lines)


def _register(ctx: Context, record: Any) -> str:
    fields = dict(record.fields)
    ref = keep(ctx, record)
    ring = ring_of(ctx.uow.session.get_bind().dialect)
    name, phone = fields.pop("name", None), fields.pop("phone", None)
    row = Returnee(
        ref=ref,
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        day=written_at(ctx).date(),
        registered_at=written_at(ctx),
        name=name,
        name_hash=ring.hash(name) if name else None,
        phone=phone,
        phone_hash=ring.hash(phone) if phone else None,
        details=fields,
        arrives_on=times.day(fields.get("arrives_at")),
        arrived=fields.get("arrived"),
        state="registered",
    )
    ctx.facts(ReturneesByName).add((row.chat, row.name_hash or ""), row)
    missing = [field for field in VERIFIED_FIELDS if field not in record.fields]
    return texts.registered(ref, record.fields, missing, written_at(ctx).date(), group=in_group(ctx))
