"""到岗 and 离岗: who stands where, from when to when. Hours are stated or computed, never invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context, Notice
from bot.router import Needs, Router
from handlers import chains, effects, muster, periods, rights, spans, texts, texts_duty, times, traces, volunteers
from handlers.duty_rules import rules
from handlers.language.expressions import expression
from handlers.ledger import keep, written_at
from storage.callups import Called
from storage.duties import Periods
from storage.fresh import fresh
from storage.organisation import PeopleByName, PersonOfAccount
from storage.tables import Duty

router = Router("duty")

BACKDATED = expression(r"补签|补卡|补报|补登")
HOUR = timedelta(hours=1)


def _called(ctx: Context, records: Sequence[Any]) -> list[tuple[str, str]]:
    return [(ctx.incoming.chat, person) for person in volunteers.named(ctx, records)]


NEEDS: Needs = {Periods: volunteers.all_keys, PeopleByName: volunteers.named, PersonOfAccount: volunteers.writer}


@router.record("check_in", needs={**NEEDS, Called: _called})
def check_in(ctx: Context, records: Sequence[Any]) -> str | None:
    """Open a period for each person; one whose end is over already is closed at once (补签)."""
    return chains.closing(ctx, [_check_in(ctx, *found) for found in chains.fresh(ctx, records)], texts.joined)


def _check_in(ctx: Context, record: Any, entry: str) -> str:
    fields, at = record.fields, written_at(ctx)
    if entry and (former := chains.replaced(ctx, entry)):
        effects.take_out(ctx, former)
    starts, ends = times.moment(fields.get("starts_at"), ctx.zone), times.moment(fields.get("ends_at"), ctx.zone)
    day = times.day(fields.get("starts_at")) or at.date()
    over = ends is not None and ends <= at and starts is not None
    ref = keep(ctx, record, day)
    chains.remember(ctx, entry, ref)
    pending = over and _needs_approval(ctx, fields, ends)
    notes: list[str] = []
    for number, person in enumerate(fields["people"]):
        new = _period(ctx, fields, person, day)
        new.in_ref, new.planned_end = ref, ends
        new.starts_at = starts or (None if times.day(fields.get("starts_at")) else at)
        new.unnamed = _unnamed(fields) if number == 0 else 0
        if over:
            periods.close(new, ends, ref, rules(ctx))
            new.approval = "pending" if pending else ""
        notes += _arrive(ctx, new)
    notes += muster.arrived(ctx, fields["people"], starts or at)
    if pending:
        notes.append(_ask_approval(ctx, ref, fields, starts, ends))
    return "\n".join([texts.checked_in(ref, fields, starts, ends, at.date(), over=over), *dict.fromkeys(notes)])


def _arrive(ctx: Context, new: Duty) -> list[str]:
    """Put a period among those of its person; what there is to say about it."""
    known = volunteers.periods(ctx, new.person)
    arrival = periods.arrive(known, new, written_at(ctx), rules(ctx))
    notes = []
    if arrival.how == "new":
        ctx.facts(Periods).note(*volunteers.keys(ctx, new.person), new)
        notes += _rest_notes(ctx, known, new)
    elif arrival.how == "filled":
        notes.append(texts_duty.FOUND_START.format(hours=times.plain(arrival.period.hours or 0)))
    else:
        words = {"person": new.person, "ref": arrival.period.in_ref, "start": _clock(ctx, arrival.period.starts_at)}
        template = texts_duty.UPDATED if arrival.how == "updated" else texts_duty.REPEATED
        notes.append(template.format(**words))
    if (moved := arrival.moved) is not None:
        words = {"post": moved.post or "上一个点位", "end": _clock(ctx, moved.ends_at), "ref": moved.in_ref}
        notes.append(texts_duty.MOVED.format(**words))
    if (left := arrival.left_open) is not None:
        words = {"start": _clock(ctx, left.starts_at), "post": left.post or "点位", "ref": left.in_ref}
        notes.append(texts_duty.LEFT_OPEN.format(person=left.person, **words))
    return notes


def _rest_notes(ctx: Context, known: Sequence[Duty], new: Duty) -> list[str]:
    law = rules(ctx)
    if new.state == "open" and periods.at_a_stretch(known, new) >= law.most_at_once:
        return [texts_duty.LONG_MOVE.format(person=new.person, hours=times.plain(law.most_at_once / HOUR))]
    last = periods.last_ended(known, new)
    if last is None or last.starts_at is None or last.ends_at is None:
        return []
    dark = spans.at_night(last.starts_at, last.ends_at, ctx.zone, law.night) / HOUR
    if not periods.short_rest(known, new, dark, law):
        return []
    return [texts_duty.REST_NIGHT.format(person=new.person, hours=times.plain(law.rest / HOUR))]


def _needs_approval(ctx: Context, fields: dict[str, Any], ends: datetime | None) -> bool:
    """Long afterwards, or called 补签: somebody in charge confirms it, unless they report it themselves."""
    late = ends is not None and written_at(ctx) - ends > rules(ctx).backdate_after
    if not late and not BACKDATED.search(ctx.incoming.text):
        return False
    return rights.rank(ctx, post=fields.get("post", "")) < rights.RIGHTS["approve"] and bool(
        rights.in_charge(ctx, rights.RIGHTS["approve"])
    )


def _ask_approval(
    ctx: Context, ref: str, fields: dict[str, Any], starts: datetime | None, ends: datetime | None
) -> str:
    configured = tuple(ctx.services["coordinators"](ctx.incoming.chat))
    today = written_at(ctx).date()
    when = texts_duty.stretch(starts, ends, today) if starts and ends else ""
    people = "、".join(fields["people"])
    text = texts_duty.APPROVAL_ASKED.format(by=ctx.name, ref=ref, people=people, when=when, post=fields.get("post", ""))
    for user in rights.in_charge_accounts(ctx.uow.session, configured, ctx.unit)[:3]:
        ctx.notices.append(Notice(user, text))
    return texts_duty.PENDING.format(ref=ref)


@router.record("check_out", needs=NEEDS)
def check_out(ctx: Context, records: Sequence[Any]) -> str | None:
    """Close each person's open period, or note a period that was never opened."""
    return chains.closing(ctx, [_check_out(ctx, *found) for found in chains.fresh(ctx, records)], texts.joined)


@dataclass(frozen=True, slots=True)
class _Leaving:
    """A check-out as it was told."""

    ref: str
    fields: dict[str, Any]
    starts: datetime | None
    ends: datetime
    approval: str

    @property
    def told(self) -> bool:
        """Whether it says more than that somebody leaves."""
        return self.starts is not None or "hours" in self.fields


def _check_out(ctx: Context, record: Any, entry: str) -> str:
    fields, at = record.fields, written_at(ctx)
    ends = times.moment(fields.get("ends_at"), ctx.zone) or at
    starts = times.moment(fields.get("starts_at"), ctx.zone)
    ref = keep(ctx, record, (starts or ends).date())
    chains.remember(ctx, entry, ref)
    pending = starts is not None and _needs_approval(ctx, fields, ends)
    leaving = _Leaving(ref, fields, starts, ends, "pending" if pending else "")
    notes: list[str] = []
    closed = [_leave(ctx, leaving, person, notes) for person in fields["people"]]
    if pending:
        notes.append(_ask_approval(ctx, ref, fields, starts, ends))
    said = texts.checked_out(ref, fields, closed[0], ends.astimezone(ctx.zone), at.date())
    return "\n".join([said, *dict.fromkeys(notes)])


def _leave(ctx: Context, leaving: _Leaving, person: str, notes: list[str]) -> Duty:
    """The period that a person's check-out ends, made where there was none. Adds to `notes` what there is to say."""
    known, fields = volunteers.periods(ctx, person), leaving.fields
    found = periods.depart(known, fields.get("post", ""), leaving.ends, told=leaving.told, rules=rules(ctx))
    period = found.period
    if found.how == "repeated" and period is not None:
        words = {"person": person, "end": _clock(ctx, period.ends_at), "ref": period.out_ref}
        notes.append(texts_duty.OUT_REPEATED.format(**words))
        return period
    if period is None:
        period = _period(ctx, fields, person, (leaving.starts or leaving.ends).date())
        _close(ctx, leaving, period, notes)
        ctx.facts(Periods).note(*volunteers.keys(ctx, person), period)
    else:
        with traces.changing(period, traces.PERIOD, leaving.ref):
            _close(ctx, leaving, period, notes)
    return period


def _close(ctx: Context, leaving: _Leaving, period: Duty, notes: list[str]) -> None:
    fields = leaving.fields
    if leaving.starts is not None:
        period.starts_at, period.day = leaving.starts, leaving.starts.date()
    periods.close(period, leaving.ends, leaving.ref, rules(ctx))
    period.post, period.duty = period.post or fields.get("post", ""), period.duty or fields.get("duty", "")
    period.hours, period.approval = fields.get("hours") or period.hours, leaving.approval or period.approval
    if period.person == fields["people"][0]:
        period.unnamed = max(period.unnamed, _unnamed(fields))
    if period.hours is None and period.starts_at is None:
        notes.append(texts_duty.NO_START.format(ref=leaving.ref))
    if period.starts_at is not None and leaving.ends - period.starts_at > rules(ctx).most_at_once:
        notes.append(texts_duty.LONG.format(hours=times.plain(rules(ctx).most_at_once / HOUR)))


def _clock(ctx: Context, moment: datetime | None) -> str:
    return times.clock(moment.astimezone(ctx.zone), written_at(ctx).date()) if moment else ""


def _period(ctx: Context, fields: dict[str, Any], person: str, day: Any) -> Duty:
    return fresh(
        Duty,
        chat=ctx.incoming.chat,
        unit=ctx.unit,
        person=person,
        account=ctx.incoming.sender if person == ctx.name else "",
        sender=ctx.incoming.sender,
        person_id=volunteers.person_id(ctx, person),
        post=fields.get("post", ""),
        shift=fields.get("shift", ""),
        duty=fields.get("duty", ""),
        day=day,
        unnamed=0,
        state="open",
        approval="",
        confirmed_by="",
    )


def _unnamed(fields: dict[str, Any]) -> int:
    return max(0, int(fields.get("headcount", 0)) - len(fields["people"]))
