"""健康打卡: daily reports of people under observation. A group sees counts; whoever is responsible sees the person."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import texts
from handlers.ledger import in_group, keep, written_at
from storage.people import ReturneesByName
from storage.tables import HealthReport
from storage.types import ring_of

router = Router("health")

FEVER = 37.3
"""℃; at and above it a report is abnormal (domain notes B3: the safer of the two readings in use)."""


def _hash(ctx: Context, name: str) -> str:
    return ring_of(ctx.uow.session.get_bind().dialect).hash(name)


def _names(ctx: Context, records: Sequence[Any]) -> list[tuple[str, str]]:
    named = (record.fields.get("person") for record in records)
    return [(ctx.incoming.chat, _hash(ctx, name)) for name in named if name]


@router.record("health", needs={ReturneesByName: _names})
def report(ctx: Context, records: Sequence[Any]) -> str:
    """Keep each report; tell the coordinators of the group about those that are not normal."""
    kept = [(record.fields, _keep(ctx, record)) for record in records]
    worrying = [(fields, ref) for fields, ref in kept if is_abnormal(fields)]
    if worrying:
        for coordinator in ctx.services["coordinators"](ctx.incoming.chat):
            ctx.notices.append(Notice(coordinator, texts.health_alert(worrying, ctx.unit, ctx.name)))
    return texts.health_reported(kept, len(worrying), group=in_group(ctx))


def is_abnormal(fields: dict[str, Any]) -> bool:
    """Fever, a symptom, or the word of whoever reports."""
    fever = any(degrees >= FEVER for degrees in fields.get("temperatures", ()))
    return fever or bool(fields.get("symptoms")) or fields.get("normal") is False


def _keep(ctx: Context, record: Any) -> str:
    fields = record.fields
    ref = keep(ctx, record)
    person = fields.get("person")
    digest = _hash(ctx, person) if person else None
    known = ctx.facts(ReturneesByName).of((ctx.incoming.chat, digest)) if digest else []
    ctx.uow.insert(
        HealthReport,
        ref=ref,
        returnee_ref=fields.get("ref") or (known[-1].ref if known else None),
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        day=written_at(ctx).date(),
        reported_at=written_at(ctx),
        person=person,
        person_hash=digest,
        details={key: value for key, value in fields.items() if key != "person"},
        abnormal=is_abnormal(fields),
        state="active",
    )
    return ref
