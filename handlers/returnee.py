"""返京登记: a person who comes back is registered, shown masked wherever a group reads along."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.context import Context
from bot.router import Needs, Router
from handlers import masking, texts
from handlers import texts_returnee as words
from handlers.cases import find, intake, states
from handlers.cases.act import act_of
from handlers.cases.intake import Origin, Registered
from handlers.cases.people import all_homes, home, home_of_address, settings_of
from handlers.ledger import in_group, keep, written_at
from storage.cases import BoundGroups, CaseKey, Cases, Pairs
from storage.once import Said

router = Router("returnee")

VERIFIED_FIELDS = ("name", "phone", "arrives_at", "address", "employer", "health", "isolation")
"""What a call confirms (arrival, employer, full address, health, isolation) and what it takes to call at all."""


def _keys(ctx: Context, records: Sequence[Any]) -> list[CaseKey]:
    hashes = find.ring(ctx)
    return [("account", ctx.incoming.sender), *(key for r in records for key in intake.needed(hashes, r.fields))]


NEEDS: Needs = {
    Cases: _keys,
    BoundGroups: lambda ctx, _records: [] if in_group(ctx) else [""],
    Said: lambda ctx, _records: [_recall_key(ctx)],
}


@router.record("returnee", needs=NEEDS)
def register(ctx: Context, records: Sequence[Any]) -> str:
    """Register each person; say what is still missing, who may be a double, and, once, where such forms belong."""
    done = [_register(ctx, record, many=len(records) > 1) for record in records]
    lines = [_line(ctx, record, found) for record, found in zip(records, done, strict=True)]
    text = texts.joined(lines)
    doubles = [words.possible_double(found.case, found.doubles) for found in done if found.doubles]
    return "\n".join([text, *doubles, *_recall(ctx)])


def _register(ctx: Context, record: Any, *, many: bool) -> Registered:
    if not settings_of(ctx.services).keep_id_number:
        record.fields.pop("id_number", None)
    fields = record.fields
    origin = _origin(ctx, fields, many=many)
    cases, hashes = ctx.facts(Cases), find.ring(ctx)
    known = intake.known_already(cases, hashes, fields, origin)
    if known is not None:
        return Registered(known, fresh=False, changed=intake.update(known, hashes, fields, act_of(ctx)))
    ctx.unit = origin.unit  # a single chat's registration belongs to the unit of the address
    ref = keep(ctx, record)
    act = replace(act_of(ctx), record_ref=ref)
    done = intake.register(cases, ctx.facts(Pairs), hashes, fields, origin, act)
    intake.rest_until_arrival(done.case, act)
    return done


def _origin(ctx: Context, fields: dict[str, Any], *, many: bool) -> Origin:
    """Whose case it is: that of the group; in a single chat of the group that the address names."""
    sender = ctx.incoming.sender
    origin = Origin(ctx.incoming.chat, ctx.unit, reporter=sender, many=many)
    if in_group(ctx):
        return origin
    place = home_of_address(all_homes(ctx), fields) if not ctx.unit else None
    if place is not None:
        origin.chat, origin.unit = place.chat, place.unit
    origin.account = sender if not many and _themselves(ctx, fields) else None
    return origin


def _themselves(ctx: Context, fields: dict[str, Any]) -> bool:
    """Whether a single chat speaks for the person who is registered: by the name, or because somebody who works for no
    group registers their first person, themselves or one of the family.
    """
    if fields.get("name") in {ctx.name, None}:
        return True
    return not ctx.facts(Cases).of(("account", ctx.incoming.sender)) and not home(ctx).chat


def _line(ctx: Context, record: Any, found: Registered) -> str:
    case = found.case
    if not found.fresh:
        changed = words.field_names(found.changed)
        return (words.UPDATED if changed else words.ALREADY).format(ref=case.ref, what=changed)
    missing = [name for name in VERIFIED_FIELDS if name not in record.fields]
    line = texts.registered(case.ref, record.fields, missing, written_at(ctx).date(), group=in_group(ctx))
    if case.state == states.SUSPENDED and case.arrives_on is not None:
        line += words.suspended(case.arrives_on) + "。"
    return line + _dates(ctx, case) if case.account else line


def _dates(ctx: Context, case: Any) -> str:
    arrival = case.arrived_on or case.arrives_on
    if arrival is None:
        return ""
    rules = settings_of(ctx.services)
    first = arrival + timedelta(days=1 - rules.arrival_is_day)
    return "\n" + words.registered_self(case, first, rules.release_on(arrival))


def _recall(ctx: Context) -> list[str]:
    """Whoever posts a form to a group is asked once to recall it and to write to the bot alone."""
    if not in_group(ctx) or not masking.has_identity(ctx.incoming.text):
        return []
    first = ctx.facts(Said).first_time(_recall_key(ctx), ctx.now)
    return [texts.PLEASE_RECALL] if first else []


def _recall_key(ctx: Context) -> str:
    return f"recall|{ctx.incoming.sender}"
