"""撤回 of steps: which one is meant, whether it can be taken back, and what stands then.

A step is taken back exactly or not at all: where anything of what it changed has been changed again, or its words have
gone out to others, the answer says so and what to do instead. Its row in the ledger and its audit stay.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from bot.context import Context, Notice
from handlers import plan_fixing, traces
from handlers import texts_steps as words
from handlers.cases import fixing as cases
from handlers.gate import fixing as gate
from handlers.ledger import STEP, audit
from handlers.notices import fixing as notices
from handlers.patrols import fixing as patrols
from handlers.steps import Taken, Ways
from handlers.supplies import fixing as supplies
from storage import records
from storage.tables import Base, RecordRow

WAYS: Ways = {**supplies.WAYS, **gate.WAYS, **patrols.WAYS, **notices.WAYS, **cases.WAYS, **plan_fixing.WAYS}
"""The steps that can be taken back exactly."""
MOST_LOOKED_AT = 20
"""Steps about one thing, the newest first."""
TABLES: dict[str, type[Any]] = {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def is_step(row: RecordRow) -> bool:
    """Whether a row of the ledger is a step."""
    return row.kind == STEP


def newest_about(ctx: Context, ref: str) -> RecordRow | None:
    """The newest step about a reference that has not been taken back."""
    session = ctx.uow.session
    keys = records.messages_about(session, ref, MOST_LOOKED_AT)
    found = [row for key in keys for row in records.of_message(session, key)]
    mine = (row for row in found if is_step(row) and row.state == "active" and row.fields["about"] == ref)
    return max(mine, key=lambda row: row.id, default=None)


def why_not(ctx: Context, rows: Sequence[RecordRow]) -> str:
    """Why steps of one message cannot be taken back; empty where they can."""
    why = [_why_not(ctx, some) for some in _alike(rows)]
    return "\n".join(dict.fromkeys(one for one in why if one))


def _why_not(ctx: Context, rows: Sequence[RecordRow]) -> str:
    taken = _taken(ctx.uow.session, rows)
    way = WAYS.get(taken.action)
    if way is None:
        return words.final(taken.action, taken.refs)
    if why := way.why_not(ctx, taken):
        return why
    intact = all(traces.holds(one, change) for one, change in _changes(ctx.uow.session, rows))
    return "" if intact else words.built_upon(taken.action, taken.refs)


def take_back(ctx: Context, rows: Sequence[RecordRow]) -> list[str]:
    """Take back steps of one message; `why_not` must have been asked. A line for each kind of them."""
    return [_take_back(ctx, some) for some in _alike(rows)]


def _take_back(ctx: Context, rows: Sequence[RecordRow]) -> str:
    taken = _taken(ctx.uow.session, rows)
    way, what = WAYS[taken.action], words.what(taken.action, taken.refs)
    for one, change in reversed(list(_changes(ctx.uow.session, rows))):
        traces.put_back(one, change)
    way.back(ctx, taken)
    for row in rows:
        row.state = "undone"
        audit(ctx, "step.undone", row.fields["about"], step=taken.action)
    ctx.uow.flush()
    now = way.stands(ctx, taken)
    for user in dict.fromkeys(user for row in rows for user in row.fields["told"]):
        if user != ctx.incoming.sender:
            ctx.notices.append(Notice(user, words.TOLD.format(name=ctx.name, what=what, now=now), "notice"))
    return words.TAKEN.format(what=what, now=now)


def _alike(rows: Iterable[RecordRow]) -> Iterator[list[RecordRow]]:
    """Steps of one kind together, the newest kind first."""
    ordered = sorted(rows, key=lambda row: row.id, reverse=True)
    for _, some in groupby(ordered, key=lambda row: str(row.fields["action"])):
        yield list(reversed(list(some)))


def _changes(session: Session, rows: Iterable[RecordRow]) -> Iterator[tuple[Any, dict[str, Any]]]:
    for row in rows:
        for change in row.fields["changed"]:
            yield session.get(TABLES[change["table"]], change["id"]), change


def _taken(session: Session, rows: Sequence[RecordRow]) -> Taken:
    first = rows[0]
    refs = tuple(dict.fromkeys(row.fields["about"] for row in rows))
    changed = [one for one, _ in _changes(session, rows) if one is not None]
    return Taken(first.fields["action"], refs, first.reported_at, first.message_key, changed)
