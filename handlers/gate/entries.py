"""Single records of the gate: kept sealed, shown masked, a fever told at once to whoever leads the post."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context, Notice
from handlers import masking, texts, times
from handlers import texts_gate as words
from handlers.cases import find
from handlers.cases.people import Home, settings_of
from handlers.corrections import Again
from handlers.gate import people, reading
from handlers.gate.reading import Entry
from handlers.ledger import audit, in_group, keep, written_at
from handlers.traces import Trail
from storage import gate
from storage.records import Scope
from storage.tables import RecordRow
from storage.tables_gate import GateEntry

PURPOSE = "gate"
"""Of messages to single people about those who came through: they are deleted with the records."""
SHOWN = 20


def enter(ctx: Context, entries: Sequence[Entry]) -> str:
    """Keep each record; ask for what one lacks."""
    at = people.place(ctx)
    whole = [one for one in entries if not one.missing]
    rows = [_keep(ctx, at, one.fields) for one in whole]
    asked = [_ask(one) for one in entries if one.missing]
    if not rows:
        return "\n".join(dict.fromkeys(asked))
    hot = [row for row in rows if row.fever]
    reached = [_alert(ctx, at, row) for row in hot]
    answer = words.entered(rows, group=in_group(ctx), told=bool(hot), reached=any(reached))
    return "\n".join([answer, *dict.fromkeys(asked), *_recall(ctx)])


def _ask(entry: Entry) -> str:
    fields = entry.fields
    if entry.missing == "line":
        return words.ASK_LINE.format(line=fields["line"])
    if entry.missing == "temperature":
        direction = words.DIRECTIONS[fields.get("direction", "")] or words.DIRECTIONS["in"]
        return words.ASK_TEMPERATURE.format(said=fields["said"], direction=direction)
    if entry.missing == "direction":
        return words.ASK_DIRECTION.format(who=f"{fields['plate']} " if "plate" in fields else "张某 ")
    return words.ASK_WHO.format(direction=words.DIRECTIONS[fields.get("direction", "in")])


def _keep(ctx: Context, at: Home, fields: dict[str, Any]) -> GateEntry:
    fields.setdefault("post", people.post_of(ctx.uow.session, at, ctx.incoming.sender, ctx.name))
    moment = times.moment(fields.get("at"), ctx.zone) or written_at(ctx)
    ref = keep(ctx, Again("gate", fields), moment.date())
    row = GateEntry(ref=ref, chat=at.chat, unit=at.unit, day=moment.date(), at=moment, alerted=False, state="active")
    row.message_key = ctx.incoming.key
    fill(ctx, row, fields)
    ctx.uow.session.add(row)
    return row


def fill(ctx: Context, row: GateEntry, fields: Mapping[str, Any]) -> None:
    """The columns of a record's fields."""
    degrees = fields.get("temperature")
    row.post, row.direction = fields.get("post", "")[:128], fields.get("direction", "")
    row.heads, row.vehicle = int(fields.get("heads", 1)), bool(fields.get("plate"))
    row.measured = degrees is not None
    row.fever = degrees is not None and settings_of(ctx.services).is_fever(float(degrees))
    row.problem, row.action = fields.get("problem", ""), fields.get("action", "")
    row.person, row.plate = fields.get("person"), fields.get("plate")
    row.plate_hash = find.ring(ctx).hash(row.plate) if row.plate else None
    row.details = dict(fields)


def _alert(ctx: Context, at: Home, row: GateEntry) -> bool:
    """At once, alone, once for each record; whether there was anybody to tell."""
    leads = people.leads_of_post(ctx, at, row.post)
    place = at.unit.rsplit("/", 1)[-1]
    clock = words.when(row.at.astimezone(ctx.zone), written_at(ctx).date())
    for user in leads:
        ctx.notices.append(Notice(user, words.fever_alert(row, place, ctx.name, clock), purpose=PURPOSE))
    row.alerted = bool(leads)
    audit(ctx, "gate.fever", row.ref, told=leads)
    return bool(leads)


def _recall(ctx: Context) -> list[str]:
    """Whoever writes a phone or an ID number into a group is asked to recall it."""
    return [texts.PLEASE_RECALL] if in_group(ctx) and masking.has_identity(ctx.incoming.text) else []


def handle(ctx: Context, command: Mapping[str, Any]) -> str:
    """处置 J3 劝返: what was done about a record."""
    at = people.place(ctx)
    action = reading.action(command["text"])
    if not action:
        return words.WHICH_ACTION.format(ref=command["ref"])
    row = gate.entry(ctx.uow.session, command["ref"])
    if row is None or row.state != "active" or not _ours(at, row):
        return words.NO_ENTRY.format(ref=command["ref"])
    trail = Trail(row)
    row.action, row.details = action, {**row.details, "action": action}
    audit(ctx, "gate.handled", row.ref, trail, done=action)
    return words.HANDLED.format(ref=row.ref, action=words.ACTIONS[action])


def _ours(at: Home, row: GateEntry) -> bool:
    below = bool(at.unit) and (row.unit == at.unit or row.unit.startswith(f"{at.unit}/"))
    return row.chat == at.chat or below


LISTED = {"exceptions": ("异常记录", "exception"), "entries": ("进出登记", "")}


def listed(ctx: Context, command: Mapping[str, Any]) -> str:
    """异常名单, 进出名单: masked for a group, whole for those in charge, in the single chat."""
    at = people.place(ctx)
    title, name = LISTED[command["order"]]
    day = written_at(ctx).date() - timedelta(days=command["ago"])
    rows = gate.entries(ctx.uow.session, Scope(day, day, at.unit or None, None if at.unit else at.chat), name)
    if not rows:
        return words.NO_ENTRIES.format(what=title).replace("今天", words.day(day) if command["ago"] else "今天")
    title = f"{words.day(day)}{title}"
    group = in_group(ctx)
    whole = people.may_see(ctx, at)
    if group and whole:
        ctx.notices.append(Notice(ctx.incoming.sender, _list(ctx, title, rows, group=False), purpose=PURPOSE))
    said = _list(ctx, title, rows[:SHOWN] if group else rows, group=group or not whole, count=len(rows))
    audit(ctx, "gate.listed", whole=whole, count=len(rows))
    return f"{said}\n{words.DETAILS_ALONE}" if group and whole else said


def _list(ctx: Context, title: str, rows: Sequence[GateEntry], *, group: bool, count: int = 0) -> str:
    lines = [words.entry_line(row, f"{_clock(ctx, row.at):%H:%M}", group=group) for row in rows]
    return words.listing(title, lines, count or len(rows))


def _clock(ctx: Context, moment: datetime) -> datetime:
    return moment.astimezone(ctx.zone)


def undo(ctx: Context, row: RecordRow) -> None:
    """Take a record back."""
    found = gate.entry(ctx.uow.session, row.ref)
    if found is not None:
        found.state = "undone"


def carry(ctx: Context, row: RecordRow) -> None:
    """A record was corrected: judged anew, and told where it shows a fever only now."""
    found = gate.entry(ctx.uow.session, row.ref)
    if found is None:
        return
    former = found.alerted
    fill(ctx, found, {**row.fields, "action": found.action or row.fields.get("action", "")})
    found.at = times.moment(row.fields.get("at"), ctx.zone) or found.at
    found.day = row.day = found.at.astimezone(ctx.zone).date()
    if found.fever and not former:
        _alert(ctx, Home(found.chat, found.unit), found)
