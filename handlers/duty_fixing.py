"""撤回 and 更正 of check-ins and check-outs: what they had done to periods, undone or done otherwise."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from bot.context import Context
from handlers import hours, texts_duty, times, traces, volunteers
from handlers.duty_rules import rules
from handlers.ledger import written_at
from storage import duties
from storage.tables import Duty, RecordRow

KINDS = ("check_in", "check_out")


def undo(ctx: Context, row: RecordRow) -> None:
    """A period goes with the record that began it; what other records said of it goes back to what it was."""
    for period in _touched(ctx, row):
        if traces.changed_by(period, row.ref):
            _take_back(ctx, period, row.ref)
        elif period.in_ref in (None, row.ref):
            period.state = "undone"
        else:
            period.out_ref, period.state, period.ends_at, period.hours = None, "open", None, None
            period.changes = None  # what stood before was the record that is gone


def _take_back(ctx: Context, period: Duty, ref: str) -> None:
    computed = hours.between(period.starts_at, period.ends_at, rules(ctx).longest) == period.hours
    traces.take_back(period, traces.PERIOD, ref)
    if period.state == "closed" and computed:
        period.hours = hours.between(period.starts_at, period.ends_at, rules(ctx).longest)


def _touched(ctx: Context, row: RecordRow) -> Sequence[Duty]:
    """Live periods that a record made or changed."""
    session = ctx.uow.session
    made = duties.of_ref(session, row.ref)
    since = min([row.day, *(period.day for period in made)]) - volunteers.LOOK_BACK
    around = duties.of_people(session, row.chat, row.fields.get("people", ()), row.sender, since)
    changed = (period for period in around if traces.changed_by(period, row.ref))
    found = {period.id: period for period in (*made, *changed)}
    return [period for period in found.values() if period.state != "undone"]


def why_not(ctx: Context, row: RecordRow, field: str, value: Any) -> str:
    """Why a time cannot be corrected to this: the period would end before it begins, or a day and more after it."""
    if row.kind not in KINDS or field not in {"starts_at", "ends_at"}:
        return ""
    stated = times.moment(value, ctx.zone)
    for period in duties.of_ref(ctx.uow.session, row.ref):
        start, end = (stated, period.ends_at) if field == "starts_at" else (period.starts_at, stated)
        own = period.in_ref in (None, row.ref) or (field == "ends_at" and period.out_ref == row.ref)
        if period.state == "undone" or not own or start is None or end is None:
            continue
        if hours.between(start, end, rules(ctx).longest) is None:
            today = written_at(ctx).date()
            words = [times.clock(moment.astimezone(ctx.zone), today) for moment in (start, end)]
            return texts_duty.NO_LENGTH.format(ref=row.ref, start=words[0], end=words[1])
    return ""


def carry(ctx: Context, row: RecordRow, field: str) -> None:
    """Carry a corrected field into the periods that the record made or ended."""
    found = [period for period in duties.of_ref(ctx.uow.session, row.ref) if period.state != "undone"]
    if field in {"people", "name"}:
        _rename(ctx, row, found)
    elif field == "headcount" and found:
        found[0].unnamed = max(0, int(row.fields["headcount"]) - len(row.fields["people"]))
    for period in found:
        if row.kind == "check_in" and period.in_ref != row.ref:
            _carry_move(ctx, period, row.fields, field)
        else:
            _carry(ctx, period, row, field)


def _carry(ctx: Context, period: Duty, row: RecordRow, field: str) -> None:
    value = row.fields.get(field)
    if field in {"post", "shift", "duty"}:
        setattr(period, field, value or "")
    elif field == "starts_at":
        period.starts_at, period.day = times.moment(value, ctx.zone), times.day(value) or period.day
    elif field == "ends_at":
        _end(period, times.moment(value, ctx.zone), row)
    elif field == "hours":
        _last(period, float(value or 0), row)
    if field in {"starts_at", "ends_at"} and period.state == "closed":
        period.hours = hours.between(period.starts_at, period.ends_at, rules(ctx).longest)


def _end(period: Duty, ends: datetime | None, row: RecordRow) -> None:
    """Whether the end that a check-in is given lies before it was told decides if somebody is still there."""
    if period.state in {"closed", "unreported"} or (ends is not None and ends <= row.reported_at):
        period.ends_at, period.state, period.out_ref = ends, "closed", period.out_ref or row.ref
    else:
        period.planned_end = ends


def _last(period: Duty, length: float, row: RecordRow) -> None:
    """Stated hours end a period that is open: whoever states them tells of something that is over."""
    if length <= 0:
        return
    if period.state != "closed":
        period.ends_at = period.starts_at and period.starts_at + timedelta(hours=length)
        period.state, period.out_ref = "closed", period.out_ref or row.ref
    period.hours = length


def _carry_move(ctx: Context, period: Duty, fields: Mapping[str, Any], field: str) -> None:
    """A period that ended because its person went on to another post ends when that one begins."""
    starts = times.moment(fields.get("starts_at"), ctx.zone)
    if field == "starts_at" and starts is not None and period.starts_at is not None and period.starts_at < starts:
        period.ends_at = starts
        period.hours = hours.between(period.starts_at, starts, rules(ctx).longest)


def _rename(ctx: Context, row: RecordRow, found: Sequence[Duty]) -> None:
    """Periods of people who were named wrongly become those of the right ones; of too many, the rest go."""
    wanted = row.fields["people"]
    others = [person for person in wanted if person not in {period.person for period in found}]
    wrong = [period for period in found if period.person not in wanted]
    for period, person in zip_longest(wrong, others):
        if person is None:
            period.state = "undone"
        else:
            _give(ctx, period or _copy(ctx, found[0]), person) if found else None


def _give(ctx: Context, period: Duty, person: str) -> None:
    period.person, period.person_id = person, volunteers.person_id(ctx, person)
    period.account = ctx.incoming.sender if person == ctx.name else ""


def _copy(ctx: Context, model: Duty) -> Duty:
    names = [column.key for column in Duty.__table__.columns if column.key not in {"id", "_sentinel"}]
    made = Duty(**{name: getattr(model, name) for name in names})
    made.unnamed, made.confirmed_by, made.confirmed_at = 0, "", None
    ctx.uow.session.add(made)
    return made
