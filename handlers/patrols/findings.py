"""What was found: from the first word of it to the re-check, and the list of what is open."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.context import Context, Notice
from handlers import masking, rights, texts
from handlers import texts_patrol as words
from handlers.cases.people import Home
from handlers.ledger import audit, written_at
from handlers.patrols import pictures, states
from handlers.patrols.people import accounts, in_charge, may_see, scope, where
from handlers.patrols.states import Act
from handlers.steps import Illegal
from handlers.traces import Trail
from storage import patrols, records
from storage.tables_patrols import Finding, PatrolRound

SELF = frozenset({"我", "本人", "自己"})
Step = Callable[[Context, Finding, Mapping[str, Any]], Act]
"""What a command says about a finding; raises `Illegal` where the writer may not, or says too little."""


def begin(ctx: Context, ref: str, found: tuple[str, str], row: PatrolRound, at: Home) -> Finding:
    """A new finding; what was put right at once waits for the re-check."""
    problem, fix = found
    one = Finding(ref=ref, chat=at.chat, unit=at.unit, post=row.post, day=row.at.date(), found_at=row.at, text=problem)
    one.by, one.sender, one.message_key = ctx.name, ctx.incoming.sender, ctx.incoming.key
    states.born(one, _act(ctx))
    ctx.uow.session.add(one)
    if fix:
        states.step(one, "fix", _act(ctx, said=fix))
    pictures.attach(ctx, ref)
    return one


def of_round(ctx: Context, row: PatrolRound) -> list[Finding]:
    """What was found on a round."""
    found = patrols.findings_at(ctx.uow.session, row.chat, row.at)
    return [one for one in found if one.post == row.post]


def _act(ctx: Context, *, said: str = "", assignee: str = "") -> Act:
    words_said = masking.veiled(said)
    return Act(ctx.uow, written_at(ctx), ctx.incoming.sender, ctx.name, ctx.incoming.key, words_said, assignee)


# -- steps ---------------------------------------------------------------------------------------------------------


def take(ctx: Context, command: Mapping[str, Any], action: str) -> str:
    """One step of each finding that a command names."""
    ctx.uow.flush()
    return texts.joined([_take(ctx, ref, command, action) for ref in command["refs"]])


def _take(ctx: Context, ref: str, command: Mapping[str, Any], action: str) -> str:
    one = known(ctx, ref)
    if one is None:
        return missing(ctx, ref)
    if why := states.refusal(one, action, _act(ctx, assignee=ctx.name)):
        return why
    try:
        act = STEPS[action](ctx, one, command)
    except Illegal as illegal:
        return illegal.sentence
    trail = Trail(one)
    states.step(one, action, act)
    trail.told = _tell(ctx, one, action, act)
    audit(ctx, f"finding.{action}", ref, trail)
    pictures.attach(ctx, ref)
    return words.stepped(ref, one.text, action, act.said, one.state, one.assignee)


def known(ctx: Context, ref: str) -> Finding | None:
    """A finding that is the writer's business."""
    one = patrols.finding(ctx.uow.session, ref)
    return one if one is not None and one.state != states.UNDONE and may_see(ctx, one, where(ctx)) else None


def missing(ctx: Context, ref: str) -> str:
    """Why there is no such finding."""
    row = records.by_refs(ctx.uow.session, [ref]).get(ref)
    at = where(ctx)
    if row is not None and row.kind == "patrol" and row.state == "active" and row.chat == at.chat:
        return words.NOT_A_FINDING.format(ref=ref)
    return words.UNKNOWN.format(ref=ref)


def _assign(ctx: Context, one: Finding, command: Mapping[str, Any]) -> Act:
    person = command.get("person", "")
    if not person:
        raise Illegal(words.ASSIGN_WHOM.format(ref=one.ref))
    name = ctx.name if person in SELF else person
    if name != ctx.name and not rights.may(ctx, "assign_finding", one.unit, one.post):
        raise Illegal(words.ASSIGN_SELF.format(ref=one.ref, who=_leads(ctx, one)))
    return _act(ctx, assignee=name)


def _fix(ctx: Context, one: Finding, command: Mapping[str, Any]) -> Act:  # noqa: ARG001  (a step's shape)
    return _act(ctx, said=command.get("said", ""))


def _pass(ctx: Context, one: Finding, command: Mapping[str, Any]) -> Act:  # noqa: ARG001  (a step's shape)
    return _checked(ctx, one, "")


def _fail(ctx: Context, one: Finding, command: Mapping[str, Any]) -> Act:
    if not command.get("said"):
        raise Illegal(words.FAIL_WHY.format(ref=one.ref))
    return _checked(ctx, one, command["said"])


def _reopen(ctx: Context, one: Finding, command: Mapping[str, Any]) -> Act:
    if not command.get("said"):
        raise Illegal(words.REOPEN_WHY.format(ref=one.ref))
    if one.state == states.FIXED and one.fixed_sender == ctx.incoming.sender:
        return _act(ctx, said=command["said"])
    return _checked(ctx, one, command["said"])


def _checked(ctx: Context, one: Finding, said: str) -> Act:
    """Whoever found it, or is in charge there, looks at it again. Whoever fixed it may say that it is not right yet."""
    mine = ctx.incoming.sender == one.sender or (said and ctx.incoming.sender == one.fixed_sender)
    if not mine and not rights.may(ctx, "recheck", one.unit, one.post):
        raise Illegal(words.CHECK_WHO.format(ref=one.ref, who="、".join(dict.fromkeys([one.by, _leads(ctx, one)]))))
    return _act(ctx, said=said)


def _leads(ctx: Context, one: Finding) -> str:
    return "、".join(rights.in_charge(ctx, rights.Rank.LEAD, one.unit)[:3])


STEPS: Mapping[str, Step] = {"assign": _assign, "fix": _fix, "pass": _pass, "fail": _fail, "reopen": _reopen}


def _tell(ctx: Context, one: Finding, action: str, act: Act) -> list[str]:
    """Those who are to do the next thing hear it alone. Returns whom."""
    said = {"ref": one.ref, "where": words.place(one.post), "text": one.text, "by": act.name}
    session = ctx.uow.session
    whom: Sequence[str] = ()
    text = ""
    if action == "assign":
        whom, text = list(accounts(session, [one.assignee]).values()), words.ASSIGNED_TOLD.format(**said)
    elif action == "fix":
        leads = in_charge(session, tuple(ctx.services["coordinators"](one.chat)), one.unit, one.post)
        whom, text = leads[:1], words.FIXED_TOLD.format(fix=act.said or words.DONE, **said)
    elif one.state == states.ASSIGNED:
        whom, text = list(accounts(session, [one.assignee]).values()), words.FAILED_TOLD.format(why=act.said, **said)
    others = [user for user in whom if user != ctx.incoming.sender]
    ctx.notices.extend(Notice(user, text) for user in others)
    return others


# -- looking -------------------------------------------------------------------------------------------------------


def listing(ctx: Context, chosen: str = "") -> str:
    """What is open, by whom it waits, with its age. `chosen`: the word of one state."""
    ctx.uow.flush()
    at, today = where(ctx), written_at(ctx).date()
    wanted = [state for state in states.WAITING if chosen[-2:] in words.STATES[state]] or states.WAITING
    waiting = patrols.findings(ctx.uow.session, states.WAITING, scope(at))
    found = [one for one in waiting if one.state in wanted]
    if waiting and not found:
        return words.none_of(wanted[0], Counter(one.state for one in waiting))
    shown = patrols.pictures(ctx.uow.session, [one.ref for one in found])
    rows = {state: [_row(ctx, one, shown, at) for one in found if one.state == state] for state in wanted}
    return words.findings(rows, len(patrols.closed_on(ctx.uow.session, today, scope(at))))


def _row(ctx: Context, one: Finding, shown: Mapping[str, int], at: Home) -> str:
    below = one.unit.rsplit("/", 1)[-1] if one.unit != at.unit else ""
    photos = words.photos(shown.get(one.ref, 0))
    who = one.fixed_by if one.state == states.FIXED else one.assignee
    again = words.returned(one.returned)
    age = words.age(one.day, written_at(ctx).date())
    return words.listed(one.ref, words.place(below) + words.place(one.post) + one.text, [age, who, again, photos])


def show(ctx: Context, command: Mapping[str, Any]) -> str:
    """Findings with their history."""
    ctx.uow.flush()
    return texts.joined([_show(ctx, ref) for ref in command["refs"]])


def _show(ctx: Context, ref: str) -> str:
    one = known(ctx, ref)
    if one is None:
        return missing(ctx, ref)
    today = written_at(ctx).date()
    steps = patrols.events(ctx.uow.session, ref)
    lines = [words.history(e.action, e.at.astimezone(ctx.zone), today, e.name, e.detail or {}) for e in steps]
    photos = words.photos(patrols.pictures(ctx.uow.session, [ref]).get(ref, 0))
    head = words.suggested(ref, words.place(one.post) + one.text + photos, one.state)
    return "\n".join([head, *lines])


def advise(ctx: Context, command: Mapping[str, Any]) -> str | None:
    """Words about a finding that say neither of the things that one can do with it."""
    ctx.uow.flush()
    ref = command["refs"][0]
    one = known(ctx, ref)
    if one is not None:
        return words.suggested(ref, one.text, one.state)
    return None if ctx.incoming.chat_type == "group" else words.UNKNOWN.format(ref=ref)
