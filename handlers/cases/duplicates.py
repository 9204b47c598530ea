"""Two cases, one person? The volunteer decides once: merged, or not a duplicate."""

from collections.abc import Sequence

from sqlalchemy import update

from bot.context import Context
from handlers import texts_returnee as words
from handlers.cases import find, states
from handlers.cases.act import act_of
from handlers.cases.people import home, may_handle, people_named
from handlers.ledger import audit
from storage.cases import Pairs
from storage.tables import HealthReport, Returnee
from storage.tables_cases import CasePair

PROGRESS = {state: number for number, state in enumerate(
    (states.REGISTERED, states.WAITING, states.ESCALATED, states.INCOMPLETE, states.CALLING, states.TRANSFERRING)
    + (states.SUSPENDED, states.VERIFIED, states.OBSERVING)
)}  # fmt: skip
"""How far a case has come: of two, the one that came further stays."""


def merge(ctx: Context, refs: Sequence[str], _reason: str) -> str:
    """合并 R58 R61: one of them stays and takes everything over."""
    both = _both(ctx, refs)
    if isinstance(both, str):
        return both
    kept, gone = sorted(both, key=lambda case: (-PROGRESS.get(case.state, -1), case.id))
    act = act_of(ctx)
    why = states.refusal(gone, "merge", act)
    if why:
        return why
    states.step(gone, "merge", act, {"merged_into": kept.ref})
    _carry(ctx, kept, gone)
    _decide(ctx, kept, gone, "merged")
    return words.MERGED.format(first=kept.ref, second=gone.ref)


def distinct(ctx: Context, refs: Sequence[str], _reason: str) -> str:
    """不是重复 R58 R61: never asked again."""
    both = _both(ctx, refs)
    if isinstance(both, str):
        return both
    _decide(ctx, both[0], both[1], "distinct")
    audit(ctx, "case.distinct", both[0].ref, other=both[1].ref)
    return words.DISTINCT.format(first=both[0].ref, second=both[1].ref)


def _both(ctx: Context, refs: Sequence[str]) -> tuple[Returnee, Returnee] | str:
    if len(refs) != 2:  # noqa: PLR2004  (a pair)
        return words.PAIR_UNKNOWN
    ctx.uow.flush()
    at = home(ctx)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    first, second = (find.by_ref(ctx, ref, at) for ref in refs)
    if first.case is None or second.case is None:
        return first.why or second.why
    return words.PAIR_SAME if first.case is second.case else (first.case, second.case)


def _carry(ctx: Context, kept: Returnee, gone: Returnee) -> None:
    """What the merged case knew and the other does not, its account, and its health reports."""
    act = act_of(ctx)
    details = {**gone.details, **kept.details}
    states.step(kept, "carry", act)
    for column in (
        "name",
        "name_hash",
        "phone",
        "phone_hash",
        "tail",
        "tail_hash",
        "account",
        "arrives_on",
        "arrived_on",
    ):
        if getattr(kept, column) is None:
            setattr(kept, column, getattr(gone, column))
    kept.details = details
    kept.confirmed = {**(gone.confirmed or {}), **(kept.confirmed or {})} or None
    moved = update(HealthReport).where(HealthReport.returnee_ref == gone.ref).values(returnee_ref=kept.ref)
    ctx.uow.session.execute(moved)


def _decide(ctx: Context, one: Returnee, other: Returnee, state: str) -> None:
    first, second = sorted((one, other), key=lambda case: case.id or 0)
    pairs = ctx.facts(Pairs)
    pair = next((p for p in pairs.of(first.ref) if {p.first, p.second} == {first.ref, second.ref}), None)
    if pair is None:
        pair = CasePair(first=first.ref, second=second.ref, reason="said", found_at=ctx.now)
        pairs.add(first.ref, pair)
    pair.state, pair.decided_by, pair.decided_at = state, ctx.incoming.sender, ctx.now
