"""排班, 替班, 请假: who is to stand where, and who takes over when somebody cannot."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import plan_words, plans, rights, shifts, texts, texts_duty, times
from handlers.duty_rules import rules
from handlers.language import when
from handlers.language.expressions import expression
from handlers.language.scan import Scan
from handlers.ledger import audit, keep, written_at
from handlers.shifts import Slot
from handlers.traces import Trail
from storage import organisation
from storage.tables_duty import Assignment, Leave, Roster, Swap

router = Router("planning")

AHEAD = timedelta(days=7)
HOUR = timedelta(hours=1)
_SWAP = expression(
    r"(?P<substitute>[^\s,。替代换]{2,5}?)\s*(?:来)?(?:替|代|顶)\s*(?P<leaver>[^\s,。的]{2,5}?)(?=的|\s|,|$|值|上|\d|今|明|后|周)"
)
_TO = expression(
    r"(?P<leaver>[^\s,。]{2,5}?)\s*(?:换成|换|由|→)\s*(?P<substitute>[^\s,。]{2,5}?)(?=的|\s|,|$|替|值|\d|今|明|后|周)"
)


@router.command("plan")
def plan(ctx: Context, command: Any) -> str:
    """排班 东门 夜班 20:00-8:00 张三、李四 2月24日."""
    if not rights.may(ctx, "plan"):
        return rights.refusal(ctx, "plan")
    found = plan_words.read(command["text"], written_at(ctx), ctx.name, ctx.unit)
    if found is None:
        return texts_duty.PLAN_HOW
    ref = ctx.uow.next_ref("B")
    row = Roster(ref=ref, chat=ctx.incoming.chat, unit=ctx.unit, post=found.post, shift=found.shift, first=found.first)
    row.last, row.starts, row.ends, row.least, row.most = found.last, found.starts, found.ends, found.least, found.most
    row.by, row.made_at, row.state = ctx.name, written_at(ctx), "active"
    ctx.uow.session.add(row)
    ctx.uow.session.flush()
    day = found.first if found.first == found.last else None
    for person in found.people:
        ctx.uow.session.add(Assignment(roster_id=row.id, day=day, person=person, state="on", reason=ref))
    ctx.uow.session.flush()
    trail = Trail()
    trail.made(row, state="undone")
    audit(ctx, "roster.made", ref, trail)
    return "\n".join([_planned(ref, found), *_rest(ctx, row.id, found.first, found.people)])


def _rest(ctx: Context, roster_id: int, day: date, people: Sequence[str]) -> list[str]:
    """What there is to say about the rest of people who are on a shift of a day now."""
    law, today = rules(ctx), written_at(ctx).date()
    place = plans.scope(ctx.unit, ctx.incoming.chat)
    around = plans.planned(ctx.uow.session, place, day - timedelta(days=1), day + timedelta(days=1), ctx.zone)
    new = next((slot for slot in around if slot.roster_id == roster_id and slot.day == day), None)
    lines = []
    for person in people if new else ():
        found = shifts.tight(plans.leavers(around, person), new, law.rest, law.most_at_once) if new else None
        if found is not None:
            template, limit = (
                (texts_duty.PLAN_LONG, law.most_at_once) if found[2] == "long" else (texts_duty.PLAN_TIGHT, law.rest)
            )
            words = {
                "first": texts_duty.shift_words(found[0], today),
                "second": texts_duty.shift_words(found[1], today),
            }
            lines.append(template.format(person=person, hours=times.plain(limit / HOUR), **words))
    return lines


def _planned(ref: str, found: plan_words.Planned) -> str:
    days = times.span(found.first, found.last) if found.last else f"{times.span(found.first, found.first)}起每天"
    clock = f"{_clock(found.starts)}–{'次日' if found.ends > plan_words.DAY else ''}{_clock(found.ends)}"
    need = texts_duty.quota(found.least, found.most)
    return texts_duty.planned(ref, found.post, found.shift, days, clock, need, found.people)


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours if minutes == plan_words.DAY else hours % 24:02d}:{rest:02d}"


@router.command("plans")
def plans_(ctx: Context, _command: Any) -> str:
    """The shifts of the days to come."""
    ctx.uow.flush()
    today = written_at(ctx).date()
    place = plans.scope(ctx.unit, ctx.incoming.chat)
    slots = plans.planned(ctx.uow.session, place, today, today + AHEAD, ctx.zone)
    if not slots:
        return texts_duty.PLANS_NONE
    return "\n".join(texts_duty.shortened([texts_duty.plan_line(slot.ref, slot, today) for slot in slots]))


@router.command("swap")
def swap(ctx: Context, command: Any) -> str:
    """替班 李四替张三 2月24日夜班: done at once where the substitute or a lead says it, asked for otherwise."""
    ctx.uow.flush()
    text = command["text"]
    match = _SWAP.search(text) or _TO.search(text)
    if match is None:
        return texts_duty.SWAP_HOW
    leaver = ctx.name if match["leaver"] in {"我", "本人"} else match["leaver"]
    substitute = ctx.name if match["substitute"] in {"我", "本人"} else match["substitute"]
    slot = _slot(ctx, leaver, text)
    if slot is None:
        return texts_duty.SWAP_NO_SLOT.format(leaver=leaver, day=_day_words(ctx, text))
    if _is_busy(ctx, substitute, slot):
        return texts_duty.SWAP_BUSY.format(substitute=substitute)
    return _swap(ctx, slot, leaver, substitute)


def _swap(ctx: Context, slot: Slot, leaver: str, substitute: str) -> str:
    in_charge = rights.may(ctx, "swap_any", slot.unit, slot.post)
    if not in_charge and ctx.name not in {leaver, substitute}:
        return rights.refusal(ctx, "swap_any")
    row = Swap(ref=ctx.uow.next_ref("T"), chat=ctx.incoming.chat, roster_id=slot.roster_id, day=slot.day)
    row.leaver, row.substitute, row.sender, row.at = leaver, substitute, ctx.incoming.sender, written_at(ctx)
    row.state = "asked"
    ctx.uow.session.add(row)
    shift = texts_duty.shift_words(slot, written_at(ctx).date())
    words = {"ref": row.ref, "leaver": leaver, "substitute": substitute, "shift": shift}
    if ctx.name == substitute or (in_charge and ctx.name != leaver):
        settle(ctx, row)
        return "\n".join([texts_duty.SWAP_DONE.format(**words), *_rest(ctx, slot.roster_id, slot.day, [substitute])])
    account = organisation.accounts(ctx.uow.session, [substitute]).get(substitute)
    if account:
        ctx.notices.append(Notice(account, texts_duty.SWAP_ASKED.format(**words)))
    audit(ctx, "swap.asked", row.ref)
    return texts_duty.SWAP_ASKED.format(**words)


def settle(ctx: Context, row: Swap) -> None:
    """The substitute takes the shift of that day."""
    row.state = "done"
    session = ctx.uow.session
    changes = {"roster_id": row.roster_id, "day": row.day, "reason": row.ref}
    session.add(Assignment(person=row.leaver, state="off", **changes))
    session.add(Assignment(person=row.substitute, state="on", **changes))
    session.flush()
    audit(ctx, "swap.done", row.ref)


def _slot(ctx: Context, person: str, text: str) -> Slot | None:
    """The next shift of a person, or the one on the day and of the shift that are named."""
    today = written_at(ctx).date()
    day = _day(ctx, text)
    first, last = (day, day) if day else (today - timedelta(days=1), today + AHEAD)
    found = plans.planned(ctx.uow.session, plans.scope(ctx.unit, ctx.incoming.chat), first, last, ctx.zone)
    mine = [slot for slot in found if person in slot.people and slot.ends > written_at(ctx)]
    named = [slot for slot in mine if slot.shift and texts.SHIFTS[slot.shift] in text]
    return next(iter(named or mine), None)


def _is_busy(ctx: Context, person: str, slot: Slot) -> bool:
    place = plans.scope(ctx.unit, ctx.incoming.chat)
    around = plans.planned(ctx.uow.session, place, slot.day - timedelta(days=1), slot.day + timedelta(days=1), ctx.zone)
    return any(other.starts < slot.ends and slot.starts < other.ends for other in plans.leavers(around, person))


def _day(ctx: Context, text: str) -> date | None:
    sent = written_at(ctx)
    scan = Scan(text, plan_words.message(text, sent, ctx.name, ctx.unit))
    for span in scan.times:
        if starts := when.plan_start(span.value, sent):
            return date.fromisoformat(starts[:10])
    return None


def _day_words(ctx: Context, text: str) -> str:
    day = _day(ctx, text)
    return times.dated(day.isoformat(), written_at(ctx).date()) if day else ""


@router.record("leave")
def leave(ctx: Context, records: Sequence[Any]) -> str:
    """请假: the plan has a gap, and those in charge know."""
    ctx.uow.flush()
    return texts.joined([_leave(ctx, record) for record in records])


def _leave(ctx: Context, record: Any) -> str:
    people, stated = record.fields["people"], times.day(record.fields.get("at"))
    day = stated or written_at(ctx).date()
    ref = keep(ctx, record, day)
    place = plans.scope(ctx.unit, ctx.incoming.chat)
    slots = plans.planned(ctx.uow.session, place, day, day, ctx.zone)
    for person in people:
        row = Leave(ref=ref, chat=ctx.incoming.chat, unit=ctx.unit, person=person, day=day, state="active")
        ctx.uow.session.add(row)
    emptied = [slot for slot in slots if set(people) & set(slot.people)]
    words = {"people": "、".join(people), "days": times.dated(day.isoformat(), written_at(ctx).date())}
    if emptied:
        _tell_leave(ctx, emptied, words)
    gap = texts_duty.LEAVE_GAP if emptied else "祝顺利。"
    return texts_duty.LEAVE_NOTED.format(ref=ref, gap=gap, **words)


def _tell_leave(ctx: Context, emptied: Sequence[Slot], words: dict[str, str]) -> None:
    configured = tuple(ctx.services["coordinators"](ctx.incoming.chat))
    shifts = "、".join(texts_duty.shift_words(slot, written_at(ctx).date()) for slot in emptied)
    for user in rights.in_charge_accounts(ctx.uow.session, configured, ctx.unit)[:3]:
        ctx.notices.append(Notice(user, texts_duty.LEAVE_TOLD.format(shifts=shifts, **words)))
