"""撤回 and 更正 of what made or moved a case, and 撤回 of steps with cases."""

from sqlalchemy import select

from bot.context import Context
from handlers import texts_returnee as words
from handlers.cases import find, intake, states
from handlers.cases.act import act_of
from handlers.cases.people import home, may_handle
from handlers.steps import Taken, Way, Ways, standing
from handlers.texts_steps import built_upon
from storage import cases
from storage.cases import Cases
from storage.people import set_report_state
from storage.tables import RecordRow, Returnee
from storage.tables_cases import CaseEvent


def why_not(ctx: Context, row: RecordRow) -> str:
    """Why a record cannot be taken back; empty where it can, or has nothing to do with a case."""
    if row.kind == "returnee" and (case := cases.by_ref(ctx.uow.session, row.ref)) is not None:
        if states.refusal(case, "undo", act_of(ctx)):
            return words.UNDO_TOO_LATE.format(ref=case.ref, state=words.STATES[case.state])
    elif row.kind == "verification" and _steps(ctx, row) and _newest(ctx, row) is None:
        return words.NOT_NEWEST.format(case=_steps(ctx, row)[0].ref, ref=row.ref)
    return ""


def may_change(ctx: Context, row: RecordRow) -> bool:
    """Whoever works on the cases of a unit corrects its registrations: that is what the calls are for."""
    if row.kind != "returnee" or (case := cases.by_ref(ctx.uow.session, row.ref)) is None:
        return False
    at = home(ctx)
    return at.reaches(case) and may_handle(ctx, at)


def undo(ctx: Context, row: RecordRow) -> None:
    """Take the effects of a record on its case back."""
    if row.kind == "health":
        set_report_state(ctx.uow.session, row.ref, "undone")
    elif row.kind == "returnee" and (case := cases.by_ref(ctx.uow.session, row.ref)) is not None:
        if not states.refusal(case, "undo", act_of(ctx)):
            states.step(case, "undo", act_of(ctx))
    elif row.kind == "verification":
        _undo_call(ctx, row)


def _steps(ctx: Context, row: RecordRow) -> list[CaseEvent]:
    """The steps that a call's record caused, oldest first: 核实无误 with 核转 is two."""
    query = select(CaseEvent).where(CaseEvent.record_ref == row.ref).order_by(CaseEvent.id)
    return list(ctx.uow.session.scalars(query))


def _newest(ctx: Context, row: RecordRow) -> Returnee | None:
    """The case of a call, if nothing has happened to it since."""
    steps = _steps(ctx, row)
    if not steps or cases.events_of(ctx.uow.session, steps[0].ref)[-1].id != steps[-1].id:
        return None
    return cases.by_ref(ctx.uow.session, steps[0].ref)


def _undo_call(ctx: Context, row: RecordRow) -> None:
    case = _newest(ctx, row)
    if case is not None:
        states.take_back(case, _steps(ctx, row)[0], act_of(ctx))


def corrected(ctx: Context, row: RecordRow) -> None:
    """A registration was corrected in the ledger: the case holds the new values, and a vague address that is complete
    now brings it back into the queue.
    """
    case = cases.by_ref(ctx.uow.session, row.ref)
    if case is None:
        return
    act = act_of(ctx)
    states.step(case, "change", act)
    arrived_on = case.arrived_on
    said_anew = {name for name in case.confirmed or {} if row.fields.get(name) != case.details.get(name)}
    case.confirmed = {name: value for name, value in (case.confirmed or {}).items() if name not in said_anew} or None
    intake.fill(case, find.ring(ctx), row.fields, act.day)
    case.arrived_on = case.arrived_on or arrived_on
    known = ctx.facts(Cases)
    for kind in ("name", "phone", "tail"):
        known.note(case, kind)
    _observe_anew(case, act)
    if case.state == states.INCOMPLETE:
        states.step(case, "complete", act)


def _observe_anew(case: Returnee, act: states.Act) -> None:
    """A corrected arrival moves the day of release of a running observation by as much."""
    actual = case.arrives_on
    if case.state != states.OBSERVING or actual is None or case.arrived_on in (None, actual) or actual > act.day:
        return
    assert case.arrived_on is not None  # noqa: S101  (said above)
    if case.release_on is not None:
        case.release_on += actual - case.arrived_on
    case.arrived_on = actual


# -- steps -------------------------------------------------------------------------------------------------------------


def _events(ctx: Context, ref: str, taken: Taken) -> list[CaseEvent]:
    """What a message did to a case, oldest first; nothing where something has happened to it since."""
    found = standing(cases.events_of(ctx.uow.session, ref))
    since = next((i for i, event in enumerate(found) if event.message_key == taken.message_key), len(found))
    own = found[since:]
    return own if all(event.message_key == taken.message_key for event in own) else []


def _newer_step(ctx: Context, taken: Taken) -> str:
    fresh = all(_events(ctx, ref, taken) for ref in taken.refs)
    return "" if fresh else built_upon(taken.action, taken.refs)


def _step_back(ctx: Context, taken: Taken) -> None:
    for ref in taken.refs:
        case = cases.by_ref(ctx.uow.session, ref)
        if case is not None:
            states.take_back(case, _events(ctx, ref, taken)[0], act_of(ctx))


def _case_stands(ctx: Context, taken: Taken) -> str:
    found = [case for ref in taken.refs if (case := cases.by_ref(ctx.uow.session, ref)) is not None]
    return "，".join(f"{case.ref} 现在“{words.STATES[case.state]}”" for case in found) + "。"


CASE = Way(_case_stands, _newer_step, _step_back)
ALONE = ("claim", "put_back", "release", "end", "extend", "cancel", "reopen")
"""Steps that nobody else is told of. What another unit has heard of (接收, 退回) is settled with that unit."""
WAYS: Ways = {f"case.{action}": CASE for action in ALONE}
"""What can be taken back exactly."""
