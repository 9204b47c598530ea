"""在岗名单 and 空岗: who is where now, what today left uncovered, what the next shifts lack."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import plans, shifts, spans, texts_duty
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
DAY = 1440
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
        lines = [f"- {_label(place, unit, post) or '未写点位'} {named + more} 人" for unit, post, named, more in counts]
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
        texts_duty.post_line(_label(place, *key), names, more.get(key, 0), _need(key, running))
        for key, names in by_post.items()
    ]


def _since(start: datetime, ctx: Context, today: Any) -> str:
    local = start.replace(tzinfo=UTC).astimezone(ctx.zone)
    return f"{local:%H:%M}起" if local.date() == today else f"昨天{local:%H:%M}起"


def _label(scope: Scope, unit: str, post: str) -> str:
    """A post as it is called from a unit above: with its village, unless the name has it."""
    village = unit.rpartition("/")[2]
    return f"{village}{post}" if post and village and scope.unit != unit and village not in post else post


def _need(place: shifts.Place, running: list[Slot]) -> str:
    slot = next((slot for slot in running if place[1] and shifts.fits(place, (slot.unit, slot.post))), None)
    return f"（应到{texts_duty.quota(slot.least, slot.most)}）" if slot else ""


def _absent(scope: Scope, slot: Slot) -> str:
    return texts_duty.post_line(
        _label(scope, slot.unit, slot.post), ["还没有在岗记录"], 0, f"（应到{texts_duty.quota(slot.least, slot.most)}）"
    )


@router.command("gaps")
def gaps(ctx: Context, command: Any) -> str:
    """Hours of today that nobody covered, shifts that run short, what the next ones lack."""
    ctx.uow.flush()
    place, at = _scope(ctx, command), written_at(ctx)
    if place.unit and organisation.post_count(ctx.uow.session, place.unit) > MANY_POSTS:
        return _overview(ctx, place, at)
    view = plans.view(ctx.uow.session, place, at)
    if not view.slots and not any(post.starts is not None for post in view.posts):
        return texts_duty.GAPS_NO_PLAN
    law = rules(ctx)
    past = _uncovered(ctx, place, view) + _short_now(place, view, law.late_after)
    ahead = [_ahead(place, slot, at) for slot in view.coming(law.gaps_within) if slot.short]
    if not past and not ahead:
        return texts_duty.GAPS_NONE.format(hours=f"{law.gaps_within / HOUR:g}")
    return texts_duty.gaps(past, ahead, at)


def _overview(ctx: Context, place: Scope, at: datetime) -> str:
    """Of a district with hundreds of posts: where nobody is now, which of the next shifts run short. What today left
    uncovered is asked for street by street.
    """
    session, law = ctx.uow.session, rules(ctx)
    around = (at.date() - timedelta(days=1), at.date() + timedelta(days=1))
    slots = plans.planned(session, place, *around, ctx.zone, (at, at + law.gaps_within))
    manned = shifts.Manned((unit, post) for unit, post, _, _ in duties.open_by_post(session, place))
    hours = organisation.post_hours(session, place.unit or "")
    due = {(unit, name) for unit, name, starts, ends in hours if _is_due(starts, ends, at)}
    due |= {(slot.unit, slot.post) for slot in slots if slot.starts + law.late_after <= at < slot.ends}
    empty = sorted(one for one in due if not manned.has(one))
    short = [slot for slot in slots if slot.starts > at and slot.short]
    past = [texts_duty.empty_posts([_label(place, *one) for one in empty], len(due), _by_unit(place, empty))]
    past = past if empty else []
    ahead = [_ahead(place, slot, at) for slot in short]
    return texts_duty.gaps(past, [*ahead, texts_duty.GAPS_BY_UNIT], at)


def _by_unit(scope: Scope, places: list[shifts.Place]) -> dict[str, int]:
    """How many of the posts each unit right below has."""
    lead = f"{scope.unit}/" if scope.unit else ""
    return dict(Counter(unit.removeprefix(lead).partition("/")[0] for unit, _ in places if unit != scope.unit))


def _is_due(starts: int, ends: int, at: datetime) -> bool:
    """Whether a post's hours, in minutes after midnight, hold now; they may have begun yesterday."""
    minute = at.hour * 60 + at.minute
    return starts <= minute < ends or starts <= minute + DAY < ends


def _shift(scope: Scope, slot: Slot, at: datetime) -> str:
    return texts_duty.shift_words(slot._replace(post=_label(scope, slot.unit, slot.post)), at.date())


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
    today = windows_today(view, ctx.zone)
    for place, windows in today.items():
        found = [gap for window in windows for gap in shifts.uncovered(view.known.posts[place], window, view.now)]
        local = [(a.astimezone(ctx.zone), b.astimezone(ctx.zone)) for a, b in found]
        wide = [(a, b) for a, b in local if b - a > rules(ctx).late_after]
        if wide:
            words = [texts_duty.stretch(a, b, view.now.date()) for a, b in wide]
            lines.append(
                texts_duty.gap_past(_label(scope, *place) or "值守", words, round(spans.length(wide) / HOUR, 1))
            )
    return lines


def windows_today(view: plans.View, zone: Any) -> dict[shifts.Place, list[tuple[datetime, datetime]]]:
    """When each post was to be manned today: by its own hours, else by its shifts."""
    today = view.now.date()
    midnight = datetime.combine(today, time(), zone)
    found: dict[shifts.Place, list[tuple[datetime, datetime]]] = {}
    for post in view.posts:
        days = (today - timedelta(days=1), today)
        hours = [window for day in days if (window := plans.hours_today(post, day, zone))]
        if hours:
            found[post.unit, post.name] = [(max(a, midnight), b) for a, b in hours if b > midnight]
    for slot in view.slots:
        place = (slot.unit, slot.post)
        if place in found:
            continue
        known = any(shifts.fits(other, place) for other in found if other[1] and slot.post)
        if not known and slot.ends > midnight and slot.starts <= view.now:
            found.setdefault(place, [])
    return {place: windows or _of_shifts(view, place, midnight) for place, windows in found.items()}


def _of_shifts(view: plans.View, place: shifts.Place, midnight: datetime) -> list[tuple[datetime, datetime]]:
    mine = [
        slot
        for slot in view.slots
        if (slot.unit, slot.post) == place and slot.ends > midnight and slot.starts <= view.now
    ]
    return spans.union((max(slot.starts, midnight), slot.ends) for slot in mine)
