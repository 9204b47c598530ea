"""同意 and 不同意: of a 补签 by a lead, of a 替班 by the substitute. A hand-over from one to the next."""

from collections.abc import Sequence
from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import duty, effects, planning, plans, rights, texts_duty, volunteers
from handlers.language.expressions import expression
from handlers.language.types import Record
from handlers.ledger import audit, written_at
from storage import duties, rosters
from storage.tables import Duty
from storage.tables_duty import Swap

router = Router("approvals")

REF = expression(r"[A-Za-z]{1,2}\d+")
_TAKE = expression(r"接(?:替)?(?P<who>[^\s,。]{2,5}?)的?班[\s,:]*(?P<post>[^\s,。]*)")
_GIVE = expression(r"(?:交班|交接|交岗)给(?P<who>[^\s,。]{2,5})[\s,:]*(?P<post>[^\s,。]*)")


@router.command("agree")
def agree(ctx: Context, command: Any) -> str:
    """同意 C12, 同意 T3."""
    return "\n".join(_decide(ctx, ref, agreed=True) for ref in _refs(command))


@router.command("decline")
def decline(ctx: Context, command: Any) -> str:
    """不同意 C12, 不同意 T3."""
    return "\n".join(_decide(ctx, ref, agreed=False) for ref in _refs(command))


def _refs(command: Any) -> list[str]:
    return [ref.upper() for ref in REF.findall(command["text"])]


def _decide(ctx: Context, ref: str, *, agreed: bool) -> str:
    ctx.uow.flush()
    swap = rosters.swap(ctx.uow.session, ref)
    if swap is not None and swap.state == "asked":
        return _swap(ctx, swap, agreed=agreed)
    waiting = [period for period in duties.of_ref(ctx.uow.session, ref) if period.approval == "pending"]
    if not waiting:
        return texts_duty.NO_APPROVAL.format(ref=ref)
    return _backdated(ctx, ref, waiting, agreed=agreed)


def _backdated(ctx: Context, ref: str, waiting: Sequence[Duty], *, agreed: bool) -> str:
    first = waiting[0]
    if first.sender == ctx.incoming.sender or not rights.may(ctx, "approve", first.unit, first.post):
        return rights.refusal(ctx, "approve", first.unit)
    for period in waiting:
        period.approval = "approved" if agreed else "rejected"
    audit(ctx, "duty.approved" if agreed else "duty.rejected", ref)
    if not agreed:
        effects.take_out(ctx, ref)
    if first.sender != ctx.incoming.sender:
        told = texts_duty.APPROVAL_TOLD.format(ref=ref, verdict="已通过" if agreed else "没有通过，可以和负责人核对")
        ctx.notices.append(Notice(first.sender, told))
    return (texts_duty.APPROVED if agreed else texts_duty.REJECTED).format(ref=ref)


def _swap(ctx: Context, swap: Swap, *, agreed: bool) -> str:
    roster = rosters.roster(ctx.uow.session, swap.roster_id)
    unit, post = (roster.unit, roster.post) if roster else (ctx.unit, "")
    if ctx.name != swap.substitute and rights.rank(ctx, unit, post) < rights.RIGHTS["swap_any"]:
        return texts_duty.ONLY_SUBSTITUTE.format(substitute=swap.substitute)
    place = plans.scope(unit, swap.chat)
    slots = plans.planned(ctx.uow.session, place, swap.day, swap.day, ctx.zone)
    slot = next((slot for slot in slots if slot.roster_id == swap.roster_id), None)
    shift = texts_duty.shift_words(slot, written_at(ctx).date()) if slot else ""
    words = {"ref": swap.ref, "leaver": swap.leaver, "substitute": swap.substitute, "shift": shift}
    if not agreed:
        swap.state = "declined"
        audit(ctx, "swap.declined", swap.ref)
        return texts_duty.SWAP_DECLINED.format(**words)
    planning.settle(ctx, swap)
    done = texts_duty.SWAP_DONE.format(**words)
    if ctx.incoming.chat != swap.chat:
        ctx.notices.append(Notice(swap.chat, done, "notice", "group"))
    return done


@router.command("waiting")
def waiting(ctx: Context, _command: Any) -> str:
    """补签 that wait for an approval."""
    ctx.uow.flush()
    found = duties.pending(ctx.uow.session, plans.scope(ctx.unit, ctx.incoming.chat))
    if not found:
        return texts_duty.NO_WAITING
    today = written_at(ctx).date()
    lines = []
    for period in found:
        when = ""
        if period.starts_at and period.ends_at:
            local = (period.starts_at.astimezone(ctx.zone), period.ends_at.astimezone(ctx.zone))
            when = texts_duty.stretch(*local, today)
        lines.append(f"- {period.in_ref or period.out_ref} {period.person} {period.post} {when}")
    return "\n".join(texts_duty.shortened(lines))


@router.command("hand_over", needs={})
def hand_over(ctx: Context, command: Any) -> str:
    """接张三的班 东门, 交班给李四: one leaves as the other comes."""
    text = command["text"]
    taken = _TAKE.search(text)
    match = taken or _GIVE.search(text)
    if match is None:
        return texts_duty.HAND_HOW
    takes = taken is not None
    leaver, taker = (match["who"], ctx.name) if takes else (ctx.name, match["who"])
    former = volunteers.periods(ctx, leaver)[-1:]
    post = match["post"] or (former[0].post if former else "")
    by = {"by": ctx.name}
    out = Record("check_out", {"people": [leaver]} | ({"post": post} if post else {}) | (by if takes else {}))
    come = Record("check_in", {"people": [taker]} | ({"post": post} if post else {}) | ({} if takes else by))
    left = bool(former) and former[0].state == "closed" and takes
    said = [None if left else duty.check_out(ctx, [out]), duty.check_in(ctx, [come])]
    at = written_at(ctx).strftime("%H:%M")
    head = texts_duty.HANDED.format(post=f"{post}：" if post else "", leaver=leaver, taker=taker, at=at)
    return "\n".join([head, *(line for line in said if line)])
