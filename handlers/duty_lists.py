"""在岗名单 and 空岗: who is where now, what today left uncovered, what the next shifts lack."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import duty_gaps, plans, shifts, spans, texts_duty
from handlers.duty_gaps import label
from handlers.duty_rules import rules
from handlers.language.expressions import expression
from handlers.ledger import written_at
from handlers.shifts import Slot
from handlers.units import path_of
from storage import duties, organisation
from storage.records import Scope

router = Router("duty_lists")

_UNIT = expression(r"(?:区|镇|乡|街道|地区|村|社区)$")
HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
MANY_POSTS = 100
"""A unit with more posts than this is answered with an overview."""
SHOWN_PEOPLE = 300
"""More people than this are shown as numbers by post."""


def _scope(ctx: Context, command: Any) -> Scope:
    asked = command.get("unit") or (command.get("text", "") if _UNIT.search(command.get("text", "")) else "")
    unit = path_of(ctx.uow.session, asked, ctx.unit) if asked else ctx.unit
    return plans.scope(unit, ctx.incoming.chat)


@router.command("roster")
def roster(ctx: Context, command: Any) -> str:
    """Who is on duty now, by post, beside what the plan asks for."""
    ctx.uow.flush()
    place, at = _scope(ctx, command), written_at(ctx)
    session = ctx.uow.session
    counts = duties.open_by_post(session, place)
    running = plans.planned(session, place, at.date() - timedelta(days=1), at.date(), ctx.zone, (at, at + MOMENT))
    if not counts and not running:
        return texts_duty.NOBODY_ON_DUTY
    people = sum(named + unnamed for _, _, named, unnamed in counts)
    if sum(named for _, _, named, _ in counts) > SHOWN_PEOPLE:
        lines = [f"- {label(place, unit, post) or '未写点位'} {named + more} 人" for unit, post, named, more in counts]
    else:
        lines = _named(ctx, place, {(unit, post): more for unit, post, _, more in counts}, running)
    manned = shifts.Manned((unit, post) for unit, post, _, _ in counts)
    lines += [_absent(place, slot) for slot in running if not manned.has((slot.unit, slot.post))]
    return texts_duty.roster(lines, people, len(counts), at)


def _named(ctx: Context, place: Scope, more: dict[tuple[str, str], int], running: list[Slot]) -> list[str]:
    today = written_at(ctx).date()
    by_post: dict[tuple[str, str], list[str]] = defaultdict(list)
    for unit, post, person, start in duties.on_duty(ctx.uow.session, place, SHOWN_PEOPLE):
        by_post[unit, post].append(f"{person}（{_since(start, ctx, today)}）" if start else person)
    return [
        texts_duty.post_line(label(place, *key), names, more.get(key, 0), _need(key, running))
        for key, names in by_post.items()
    ]


def _since(start: datetime, ctx: Context, today: Any) -> str:
    local = start.replace(tzinfo=UTC).astimezone(ctx.zone)
    return f"{local:%H:%M}起" if local.date() == today else f"昨天{local:%H:%M}起"


def _need(place: shifts.Place, running: list[Slot]) -> str:
    slot = next((slot for slot in running if place[1] and shifts.fits(place, (slot.unit, slot.post))), None)
    return f"（应到{texts_duty.quota(slot.least, slot.most)}）" if slot else ""


def _absent(scope: Scope, slot: Slot) -> str:
    return texts_duty.post_line(
        label(scope, slot.unit, slot.post), ["还没有在岗记录"], 0, f"（应到{texts_duty.quota(slot.least, slot.most)}）"
    )


@router.command("gaps")
def gaps(ctx: Context, command: Any) -> str:
    """Hours of today that nobody covered, shifts that run short, what the next ones lack."""
    ctx.uow.flush()
    place, at = _scope(ctx, command), written_at(ctx)
    if place.unit and organisation.post_count(ctx.uow.session, place.unit) > MANY_POSTS:
        return duty_gaps.overview(ctx, place, at)
    view = plans.view(ctx.uow.session, place, at)
    if not view.slots and not any(post.starts is not None for post in view.posts):
        return texts_duty.GAPS_NO_PLAN
    law = rules(ctx)
    past = _uncovered(ctx, place, view) + _short_now(place, view, law.late_after)
    ahead = [_ahead(place, slot, at) for slot in view.coming(law.gaps_within) if slot.short]
    if not past and not ahead:
        return texts_duty.GAPS_NONE.format(hours=f"{law.gaps_within / HOUR:g}")
    return texts_duty.gaps(past, ahead, at)


def _shift(scope: Scope, slot: Slot, at: datetime) -> str:
    return texts_duty.shift_words(slot._replace(post=label(scope, slot.unit, slot.post)), at.date())


def _ahead(scope: Scope, slot: Slot, at: datetime) -> str:
    need = texts_duty.quota(slot.least, slot.most)
    return texts_duty.gap_ahead(_shift(scope, slot, at), slot.short, need, len(slot.people))


def _short_now(scope: Scope, view: plans.View, grace: timedelta) -> list[str]:
    lines = []
    for slot in view.running:
        state = shifts.standing(slot, view.known, view.now, grace)
        if state.missing or len(state.present) + len(state.extra) < slot.least:
            lines.append(texts_duty.shift_state(_shift(scope, slot, view.now), slot, state))
    return lines


def _uncovered(ctx: Context, scope: Scope, view: plans.View) -> list[str]:
    """Of every post with hours, or with shifts today: when nobody had reported to be there."""
    lines = []
    for place, stretches in duty_gaps.uncovered(view, ctx.zone, rules(ctx).late_after).items():
        words = [texts_duty.stretch(a, b, view.now.date()) for a, b in stretches]
        hours = round(spans.length(stretches) / HOUR, 1)
        lines.append(texts_duty.gap_past(label(scope, *place) or "值守", words, hours))
    return lines
