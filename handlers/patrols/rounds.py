"""A round is reported: its number, the due round that it closes, what was found on it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.context import Context
from handlers import texts_patrol as words
from handlers import times
from handlers.cases.people import Home
from handlers.language.types import Record
from handlers.ledger import in_group, keep, written_at
from handlers.patrols import findings, slots, turns, wording
from handlers.patrols.people import is_lost, own_post, where
from handlers.patrols.turns import Due
from storage import patrols
from storage.tables_patrols import PatrolPlan, PatrolRound

COUNTED = timedelta(hours=36)
"""Rounds of so long ago may belong to the same turn."""
SAME = timedelta(minutes=30)
"""The same round told twice lies within this time."""
AHEAD = timedelta(minutes=10)
"""Clocks differ by so much; a round that lies further ahead has not been made."""
Found = list[tuple[str, str]]
"""(problem, what was done about it at once)."""


def report(ctx: Context, record: Any, *, alone: bool) -> list[str]:
    """Keep one round. Returns the lines of the answer. `alone`: the message is about nothing else."""
    if not (in_group(ctx) and record.fields.get("post")):
        ctx.uow.flush()  # whose group it is, or where the writer stands, is asked of the database
    at, moment = where(ctx), moment_of(ctx, record)
    if is_lost(ctx, at):
        return [words.ROUND_WHERE]
    if moment > written_at(ctx) + AHEAD:
        return [words.ROUND_AHEAD]
    plans = ctx.facts(patrols.Plans).active(at.chat)
    post = record.fields.get("post") or own_post(ctx, at)
    plan = slots.of_post(plans, post)
    post = plan.post if plan is not None and plan.post else post
    due = slots.due_at(plan, moment, ctx.zone)
    before = _before(ctx, at, post, moment)
    found = _found(ctx, record, alone=alone)
    number = record.fields.get("round") or turns.next_number(before, moment, _turn(plan, due))
    told = next((one for one in before if one.number == number and abs(one.at - moment) <= SAME), None)
    if told is not None and _says_no_more(ctx, told, found):
        return [words.REPEATED.format(post=words.place(post), number=number, ref=told.ref)]
    ref = keep(ctx, record, moment.date())
    if told is None:
        _keep_round(ctx, at, PatrolRound(ref=ref, post=post, at=moment, number=number))
        if plan is not None and due is not None:
            ctx.uow.flush()
            slots.close(ctx.uow.session, plan, due, ref)
    return _answer(ctx, record, ref, PatrolRound(ref=ref, post=post, at=moment, number=number), (found, at, plan, due))


def round_keys(ctx: Context, records: Sequence[Any]) -> list[tuple[str, date]]:
    """The days of this group of which rounds are compared with these."""
    moments = (moment_of(ctx, record) for record in records)
    return [key for at in moments for key in patrols.days_of(ctx.incoming.chat, at - COUNTED, at + SAME)]


def moment_of(ctx: Context, record: Any) -> datetime:
    """When a round was made: as told; on another day at an hour that nobody told, at the hour of the message."""
    written, stated = written_at(ctx), record.fields.get("at")
    exact = times.moment(stated, ctx.zone)
    if exact is not None:
        return exact
    day = times.day(stated)
    return written if day is None else datetime.combine(day, written.timetz())


def _before(ctx: Context, at: Home, post: str, moment: datetime) -> list[PatrolRound]:
    found = ctx.facts(patrols.Rounds).between(at.chat, moment - COUNTED, moment + SAME)
    return [one for one in found if one.post == post]


def _turn(plan: PatrolPlan | None, due: Due | None) -> datetime | None:
    """When the row of rounds began that a due one belongs to."""
    if plan is None or due is None:
        return None
    midnight = datetime.combine(due.turn, datetime.min.time(), due.at.tzinfo)
    return midnight + timedelta(minutes=plan.starts) - turns.early(plan)


def _found(ctx: Context, record: Any, *, alone: bool) -> Found:
    if record.fields.get("ok") is not False:
        return []
    finding = record.fields.get("finding", "")
    return wording.found(finding, ctx.reading.text, alone=alone) or [(finding or words.UNNAMED, "")]


def _says_no_more(ctx: Context, told: PatrolRound, found: Found) -> bool:
    """Whether the books know of everything that a round told twice has found."""
    if not found:
        return True
    ctx.uow.flush()
    known = {one.text for one in findings.of_round(ctx, told)}
    return all(problem in known for problem, _ in found)


def _keep_round(ctx: Context, at: Home, row: PatrolRound) -> None:
    row.chat, row.unit, row.day = at.chat, at.unit, row.at.date()
    row.by, row.sender, row.state = ctx.name, ctx.incoming.sender, "active"
    ctx.facts(patrols.Rounds).add((row.chat, row.day), row)


def _answer(
    ctx: Context, record: Any, ref: str, row: PatrolRound, more: tuple[Found, Home, PatrolPlan | None, Due | None]
) -> list[str]:
    found, at, plan, due = more
    lines = []
    for number, (problem, fix) in enumerate(found):
        own = ref if number == 0 else keep(ctx, _another(record, problem, fix), row.at.date())
        findings.begin(ctx, own, (problem, fix), row, at)
        lines.append(words.found(own, problem, fix))
    said = words.problems(len(found)) if "ok" in record.fields else ""
    clock = times.clock(row.at, written_at(ctx).date())
    return [words.round_(ref, row.number, clock, row.post, said) + _standing(ctx, plan, due), *lines]


def _another(record: Any, problem: str, fix: str) -> Record:
    """A further finding of the same round, as a record of its own."""
    same = {name: record.fields[name] for name in ("post", "at", "round") if name in record.fields}
    return Record("patrol", {**same, "ok": False, "finding": f"{problem} {fix}".strip()})


def _standing(ctx: Context, plan: PatrolPlan | None, due: Due | None) -> str:
    """How many of the turn's rounds are done."""
    if plan is None or due is None:
        return ""
    ctx.uow.flush()
    turn = patrols.of_turn(ctx.uow.session, plan.id, due.turn)
    return words.OF_TURN.format(done=sum(row.state == "done" for row in turn), all=len(turns.minutes(plan)))
