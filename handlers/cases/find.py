"""Which case a message means: by reference, by name, by name and tail of the phone, or the writer's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from handlers import texts_returnee as words
from handlers.cases import states
from handlers.cases.people import Home
from storage.cases import CaseKey, Cases
from storage.crypto import Keyring
from storage.tables import Returnee
from storage.types import ring_of

MOST_MERGES = 5
"""How long a chain of merged doubles is followed."""


@dataclass(frozen=True, slots=True)
class Found:
    """A case, or a sentence that says why there is none."""

    case: Returnee | None
    why: str = ""


def ring(ctx: Context) -> Keyring:
    """The key ring of the batch's database."""
    return ring_of(ctx.uow.session.get_bind().dialect)


def keys(ctx: Context, records: Sequence[Any]) -> list[CaseKey]:
    """What the records name: loaded for the whole batch at once."""
    found: list[CaseKey] = [("account", ctx.incoming.sender)]
    for record in records:
        found += keys_of(ring(ctx), record.fields)
    return found


def keys_of(hashes: Keyring, fields: Mapping[str, Any]) -> list[CaseKey]:
    """The keys under which the person of a record may be known."""
    found: list[CaseKey] = []
    if fields.get("ref"):
        found.append(("ref", fields["ref"]))
    if name := fields.get("person") or fields.get("name"):
        found.append(("name", hashes.hash(name)))
    if fields.get("phone_tail"):
        found.append(("tail", hashes.hash(fields["phone_tail"])))
    if fields.get("phone"):
        found.append(("phone", hashes.hash(fields["phone"])))
    return found


def by_ref(ctx: Context, ref: str, at: Home) -> Found:
    """The case with a reference, if it is the group's business; a merged one leads to the one that it went into."""
    known = ctx.facts(Cases)
    case = next(iter(known.of(("ref", ref))), None)
    for _ in range(MOST_MERGES):
        if case is None or case.state != states.MERGED:
            break
        case = next(iter(known.of(("ref", case.merged_into))), None)
    if case is None:
        return Found(None, words.NO_SUCH_CASE.format(who=ref))
    if not at.reaches(case) and case.account != ctx.incoming.sender:
        return Found(None, words.OUT_OF_REACH.format(ref=ref))
    return Found(case)


def find(ctx: Context, fields: Mapping[str, Any], at: Home, wanted: Iterable[str]) -> Found:
    """The case of a record; of several, those in a `wanted` state are meant."""
    if fields.get("ref"):
        return by_ref(ctx, fields["ref"], at)
    named = _named(ctx, fields)
    possible = [case for case in named if at.reaches(case) and case.state not in states.FINAL]
    preferred = [case for case in possible if case.state in set(wanted)] or possible
    if len(preferred) == 1:
        return Found(preferred[0])
    if preferred:
        return Found(None, words.several(preferred))
    who = "这位" if not fields.get("phone_tail") else f"尾号{fields['phone_tail']}"
    return Found(None, words.NO_SUCH_CASE.format(who=who))


def _named(ctx: Context, fields: Mapping[str, Any]) -> list[Returnee]:
    known, hashes = ctx.facts(Cases), ring(ctx)
    name, tail = fields.get("person"), fields.get("phone_tail")
    by_name = known.of(("name", hashes.hash(name))) if name else []
    by_tail = known.of(("tail", hashes.hash(tail))) if tail else []
    if name and tail:
        return [case for case in by_name if case in by_tail]
    return list(by_name or by_tail)


def own(ctx: Context, name: str | None = None) -> Returnee | None:
    """The writer's own case that is not over: that of the one named, else the newest."""
    mine = ctx.facts(Cases).of(("account", ctx.incoming.sender))
    alive = [case for case in mine if case.state not in states.FINAL and name in {None, case.name}]
    return alive[-1] if alive else None


def effective(case: Returnee) -> dict[str, Any]:
    """What holds of a case: what was registered, with what calls corrected laid over it."""
    return {**(case.details or {}), **(case.confirmed or {})}
