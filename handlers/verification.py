"""核实: what a call to a returnee came to. Each outcome is a step of the case; what it corrects is kept beside what was
registered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import texts, times
from handlers import texts_returnee as words
from handlers.cases import find, states, transfer
from handlers.cases.act import act_of
from handlers.cases.find import effective
from handlers.cases.people import Home, home, home_of_case, leads_of, may_handle, people_named
from handlers.cases.states import Act
from handlers.corrections import Again
from handlers.language.address_parts import missing_parts
from handlers.language.expressions import expression
from handlers.ledger import in_group, keep
from handlers.steps import Illegal
from storage.cases import BoundGroups, Cases
from storage.tables import Returnee

router = Router("verification")

_HAND_OVERS = expression(r"^(?:核转)\s*(?:R\d+[\s、,]*)+$")
_NUMBERS = expression(r"R(\d+)")
CORRECTED = ("arrives_at", "address", "employer", "health", "isolation")
"""What a call confirms or corrects."""


@dataclass(slots=True)
class Call:
    """One outcome on its way into the books."""

    ctx: Context
    at: Home
    case: Returnee
    fields: Mapping[str, Any]
    act: Act
    number: int
    """Of the call."""
    words: list[str] = field(default_factory=list)

    def changes(self) -> dict[str, Any]:
        """What every outcome changes: the number of calls, who called, and what was corrected."""
        new = {name: self.fields[name] for name in CORRECTED if name in self.fields}
        confirmed = {**(self.case.confirmed or {}), **new} or None
        attempts = max(self.case.attempts + 1, self.number)
        return {"attempts": attempts, "owner": self.act.actor, "confirmed": confirmed, "due_at": None}


@router.record("verification", needs={Cases: find.keys, BoundGroups: lambda _ctx, _records: [""]})
def verify(ctx: Context, records: Sequence[Any]) -> str:
    """Record the outcome of each call."""
    at = home(ctx)
    return texts.joined([_one(ctx, one, at) for record in records for one in _each(ctx, record)])


def _each(ctx: Context, record: Any) -> list[Any]:
    """`核转 R58 R59` is one for each reference."""
    match = _HAND_OVERS.match(ctx.reading.text)
    if match is None:
        return [record]
    return [Again("verification", {**record.fields, "ref": f"R{number}"}) for number in _NUMBERS.findall(match[0])]


def _one(ctx: Context, record: Any, at: Home) -> str:
    fields = record.fields
    found = find.find(ctx, fields, at, (*states.CALLABLE, states.SUSPENDED, states.VERIFIED))
    if found.case is None:
        ref = keep(ctx, record)
        return texts.noted(ref, "verification", fields, group=in_group(ctx)) + found.why
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    return _step(ctx, record, at, found.case)


def _step(ctx: Context, record: Any, at: Home, case: Returnee) -> str:
    number = int(record.fields.get("attempt") or case.attempts + 1)
    call = Call(ctx, at, case, record.fields, act_of(ctx), number)
    outcome = OUTCOMES[record.fields["outcome"]]
    why = outcome.refusal(call)
    if why:
        return why
    ref = keep(ctx, record)
    call.act = replace(call.act, record_ref=ref)
    try:
        said = outcome.take(call)
    except Illegal as illegal:  # asked before, so only a second step of the same message can fail
        said = illegal.sentence
    new = {name: record.fields[name] for name in CORRECTED if name in record.fields and name != "arrives_at"}
    differing = {name: value for name, value in new.items() if case.details.get(name) not in (None, value)}
    return words.outcome(ref, case, said, (*call.words, words.corrected(differing)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one kind of outcome is checked, and what it does; the answer says what was done."""

    refusal: Callable[[Call], str]
    take: Callable[[Call], str]


def _allowed(action: str, changes: Callable[[Call], dict[str, Any]]) -> Callable[[Call], str]:
    return lambda call: states.refusal(call.case, action, call.act, changes(call))


# -- verified ----------------------------------------------------------------------------------------------------------


def _arrival(call: Call) -> dict[str, Any]:
    """The day of arrival that the call confirms: the one it names, else the registered one."""
    return {"arrived_on": times.day(call.fields.get("arrives_at")) or call.case.arrived_on or call.case.arrives_on}


def _refuse_verified(call: Call) -> str:
    if _only_hands_over(call):
        return ""
    return states.refusal(call.case, "verify", call.act, _arrival(call))


def _only_hands_over(call: Call) -> bool:
    return call.case.state == states.VERIFIED and bool(call.fields.get("hand_over"))


def _take_verified(call: Call) -> str:
    if not _only_hands_over(call):
        changes = {**call.changes(), **_arrival(call), "failures": 0}
        states.step(call.case, "verify", call.act, changes, number=call.number)
    parts = missing_parts(effective(call.case).get("address", ""))
    if parts and "address" in effective(call.case):
        call.words.append(words.ASK_ADDRESS.format(parts="、".join(parts), ref=call.case.ref))
    if not call.fields.get("hand_over"):
        return f"{words.attempt(call.number, '电话')}，{texts.OUTCOMES['verified']}，待核转"
    return hand_over(call.case, call.act)


def hand_over(case: Returnee, act: Act) -> str:
    """核转: from now on the person is observed. Raises `Illegal`."""
    rules = act.settings
    until = rules.release_on(case.arrived_on) if case.arrived_on else None
    states.step(case, "hand_over", act, {"handed_on": act.day, "release_on": until})
    assert case.arrived_on is not None  # noqa: S101  (the step's guard)
    number = rules.day_number(case.arrived_on, act.day)
    return f"核实无误，已核转。{words.observation(case, number, rules.observation_days)}"


# -- calls in vain -----------------------------------------------------------------------------------------------------


def _take_failed(call: Call) -> str:
    failures = call.case.failures + 1
    again = call.act.settings.call_again(call.act.at, failures)
    changes = {**call.changes(), "failures": failures, "due_at": again}
    said = words.attempt(call.number, texts.OUTCOMES[call.fields["outcome"]])
    if again is None:
        states.step(call.case, "escalate", call.act, changes, number=call.number)
        line = words.full(call.case, effective(call.case))
        _tell_leads(call, words.escalation([line]))
        return f"{said}，{words.ESCALATED_NOTE}"
    states.step(call.case, "fail", call.act, changes, number=call.number)
    return f"{said}，{words.again_at(words.clock(again, call.act.day))}"


def _tell_leads(call: Call, content: str) -> None:
    for user in leads_of(call.ctx, home_of_case(call.case)):
        call.ctx.notices.append(Notice(user, content, purpose="case"))


# -- vague, absent, elsewhere ------------------------------------------------------------------------------------------


def _take_vague(call: Call) -> str:
    states.step(call.case, "vague", call.act, {**call.changes(), "failures": 0}, number=call.number)
    parts = missing_parts(effective(call.case).get("address", "")) or ("楼", "单元", "室")
    call.words.append(words.ASK_ADDRESS.format(parts="、".join(parts), ref=call.case.ref))
    return texts.OUTCOMES["vague_address"]


def _expected(call: Call) -> dict[str, Any]:
    stated = times.day(call.fields.get("arrives_at"))
    planned = call.case.arrives_on if call.case.arrives_on and call.case.arrives_on > call.act.day else None
    return {"arrives_on": stated or planned, "arrived_on": None}


def _take_absent(call: Call) -> str:
    day = _expected(call)["arrives_on"]
    due = call.act.at.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)
    changes = {**call.changes(), **_expected(call), "due_at": due, "failures": 0, "owner": ""}
    states.step(call.case, "suspend", call.act, changes, number=call.number)
    return f"{texts.OUTCOMES['not_arrived']}，{words.suspended(day)}"


def _refuse_elsewhere(call: Call) -> str:
    if not call.fields.get("transfer_to"):
        return words.WHERE_TO.format(ref=call.case.ref)
    return states.refusal(call.case, "send", call.act)


def _take_elsewhere(call: Call) -> str:
    place = str(call.fields["transfer_to"])
    changes = {**call.changes(), "transfer_to": place, "failures": 0}
    states.step(call.case, "send", call.act, changes, number=call.number)
    transfer.offer(call.ctx, call.case, place)
    return f"{texts.OUTCOMES['wrong_region']}，已转往{place}，等对方接收"


_FAILED = Outcome(_allowed("fail", lambda _call: {}), _take_failed)
OUTCOMES: Mapping[str, Outcome] = {
    "verified": Outcome(_refuse_verified, _take_verified),
    "no_answer": _FAILED,
    "refused": _FAILED,
    "unreachable": _FAILED,
    "wrong_region": Outcome(_refuse_elsewhere, _take_elsewhere),
    "vague_address": Outcome(_allowed("vague", lambda _call: {}), _take_vague),
    "not_arrived": Outcome(_allowed("suspend", _expected), _take_absent),
}
