"""A case that belongs elsewhere: offered to the other unit, which accepts or returns it."""

from typing import Any

from bot.context import Context, Notice
from handlers import texts_returnee as words
from handlers.cases import find, states
from handlers.cases.act import act_of
from handlers.cases.find import effective
from handlers.cases.people import Home, all_homes, home, home_by_name, home_of_case, home_of_unit, is_lead, leads_of
from storage.cases import Cases
from storage.tables import Returnee


def target(ctx: Context, case: Returnee) -> Home | None:
    """The group of the unit that a case is offered to; None where that unit has no group here, or is our own."""
    found = home_by_name(all_homes(ctx), case.transfer_to)
    return None if found is None or found.unit == case.unit else found


def offer(ctx: Context, case: Returnee, place: str) -> None:
    """Tell the other unit's leads in full, its group in masked form; or our own leads, where nobody is there to ask."""
    other = target(ctx, case)
    details = words.full(case, effective(case))
    if other is None:
        for user in leads_of(ctx, home_of_case(case)):
            _tell(ctx, user, words.transfer_outside(details, case.ref, place))
        return
    source = _short(case.unit)
    for user in leads_of(ctx, other):
        _tell(ctx, user, words.transfer_offer(details, case.ref, source))
    _tell_group(ctx, other.chat, words.transfer_group(case, source))


def accept(ctx: Context, refs: list[str], _reason: str) -> str:
    """接收 R58: the case is ours now; its clock begins today."""
    return _decide(ctx, refs[0], "accept", "")


def send_back(ctx: Context, refs: list[str], reason: str) -> str:
    """退回 R58: back to the unit that sent it, with a reason."""
    return _decide(ctx, refs[0], "return", reason)


def leave(ctx: Context, refs: list[str], _reason: str) -> str:
    """转出 R58: the lead of the sending unit notes that somebody outside took it."""
    at = home(ctx)
    found = find.by_ref(ctx, refs[0], at)
    if found.case is None:
        return found.why
    if not is_lead(ctx, at):
        return words.ONLY_LEAD.format(who="负责人")
    states.step(found.case, "leave", act_of(ctx))
    return words.moved(found.case, "leave")


def _decide(ctx: Context, ref: str, action: str, reason: str) -> str:
    case = next(iter(ctx.facts(Cases).of(("ref", ref))), None)
    if case is None:
        return words.NO_SUCH_CASE.format(who=ref)
    why = states.refusal(case, action, act_of(ctx))
    if why:
        return why
    if not _entitled(ctx, case, action):
        return words.OUT_OF_REACH.format(ref=ref)
    source = Home(case.chat, case.unit)
    states.step(case, action, act_of(ctx, reason=reason), _changes(ctx, case, action))
    report = words.transfer_back(case, reason, accepted=action == "accept")
    _tell_group(ctx, source.chat, report)
    return words.moved(case, action)


def _changes(ctx: Context, case: Returnee, action: str) -> dict[str, Any]:
    other = target(ctx, case)
    changes: dict[str, Any] = {"transfer_to": "", "owner": "", "due_at": None}
    if action == "accept" and other is not None:
        changes |= {"unit": other.unit, "chat": other.chat}
    return changes


def _entitled(ctx: Context, case: Returnee, action: str) -> bool:
    """The unit that it was offered to decides; the sender may take it back, or decides alone for a place outside."""
    known, at, other = all_homes(ctx), home(ctx), target(ctx, case)
    if other is None:
        return action == "return" and at.reaches(case)
    ours = home_of_unit(known, other.unit) or other
    receives = at.chat == ours.chat or ctx.incoming.sender in leads_of(ctx, ours)
    return receives or (action == "return" and at.reaches(case))


def _tell(ctx: Context, user: str, content: str) -> None:
    ctx.notices.append(Notice(user, content, purpose="case"))


def _tell_group(ctx: Context, chat: str, content: str) -> None:
    if chat != ctx.incoming.chat:
        ctx.notices.append(Notice(chat, content, purpose="notice", chat_type="group"))


def _short(unit: str) -> str:
    return unit.rsplit("/", 1)[-1] or "未分派"
