"""Registrations from a workbook: read, shown as a plan, and taken over when somebody confirms it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.context import Context
from handlers import language
from handlers import texts_returnee as words
from handlers.cases import find, intake, states, workbook
from handlers.cases.act import act_of
from handlers.cases.intake import Origin
from handlers.cases.people import Home, home, may_handle, people_named, settings_of
from handlers.cases.settings import Settings
from handlers.cases.states import Act
from handlers.cases.workbook import BadWorkbook, Row
from handlers.language.expressions import expression
from handlers.language.types import Message
from handlers.ledger import audit
from storage import cases as stored
from storage.cases import Cases, Pairs
from storage.crypto import Keyring
from storage.tables import RecordRow
from storage.tables_cases import PendingImport

CONFIRM_WITHIN = timedelta(minutes=30)
_PHONE = expression(r"^1[3-9]\d{9}$")
FIELDS_OF = "returnee"


@dataclass(slots=True)
class Plan:
    """What an import does, or would do."""

    total: int = 0
    fresh: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    """(row, fields) of people who are not registered yet."""
    known: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)
    """(row, why)."""


def plan(
    rows: Sequence[Row],
    known: Callable[[Mapping[str, Any]], bool],
    rules: Settings,
    unit: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _done: None,
) -> Plan:
    """Read every row; `known` tells whether such a person is registered already. Nothing is written."""
    made = Plan(total=len(rows))
    seen: dict[tuple[str, str], int] = {}
    for done, row in enumerate(rows, 1):
        fields, why = _fields(row, rules, unit, now)
        key = (str(fields.get("name")), str(fields.get("phone")))
        if why:
            made.rejected.append((row.number, why))
        elif key in seen:
            made.rejected.append((row.number, f"和第{seen[key]}行是同一个人"))
        elif known(fields):
            made.known += 1
        else:
            made.fresh.append((row.number, fields))
        if not why:
            seen.setdefault(key, row.number)
        progress(done)
    return made


def _fields(row: Row, rules: Settings, unit: str, now: datetime) -> tuple[dict[str, Any], str]:
    """The fields of a row as the language reads them from a form, and why the row cannot be taken."""
    text = "\n".join(["返京登记", *(f"{label}：{value}" for label, value in row.values.items())])
    found = language.read(Message(text, now, "", unit or None, "single")).records
    fields = dict(found[0].fields) if found and found[0].kind == FIELDS_OF else {}
    if not rules.keep_id_number:
        fields.pop("id_number", None)
    return fields, _why_not(row, fields)


def _why_not(row: Row, fields: Mapping[str, Any]) -> str:
    stated = re.sub(r"\D", "", row.values.get("联系电话", ""))
    if stated and not _PHONE.match(stated[-11:]):
        return "电话不是11位手机号"
    if "name" not in fields:
        return "姓名看不懂" if row.values.get("姓名") else "没有姓名"
    if "phone" not in fields or not _PHONE.match(str(fields["phone"])):
        return "电话不是11位手机号" if row.values.get("联系电话") else "没有电话"
    for label, name in (("抵京时间", "arrives_at"), ("预计抵京时间", "arrives_at")):
        if row.values.get(label) and name not in fields:
            return f"{label}看不懂"
    return ""


def registered(cases: Cases, hashes: Keyring, fields: Mapping[str, Any]) -> bool:
    """Whether a living case has the same name and phone."""
    phone = hashes.hash(fields["phone"])
    by_name = cases.of(("name", hashes.hash(fields["name"])))
    return any(case.phone_hash == phone and case.state not in states.FINAL for case in by_name)


def load_keys(cases: Cases, hashes: Keyring, rows: Iterable[Row]) -> None:
    """Ask the database once for everybody whom the rows name."""
    keys = [("name", hashes.hash(row.values["姓名"])) for row in rows if row.values.get("姓名")]
    cases.ensure(keys)


# -- writing -----------------------------------------------------------------------------------------------------------


def write(
    uow: Any, cases: Cases, pairs: Pairs, hashes: Keyring, made: Sequence[dict[str, Any]], origin: Origin, act: Act
) -> list[str]:
    """Register the fresh ones; their references. A record of the ledger and a case for each."""
    cases.ensure(key for fields in made for key in intake.needed(hashes, fields))
    refs = []
    for fields in made:
        ref = uow.next_ref("R")
        _ledger(uow, ref, fields, origin, act)
        one = replace(act, record_ref=ref)
        done = intake.register(cases, pairs, hashes, fields, origin, one)
        intake.rest_until_arrival(done.case, one)
        refs.append(ref)
    return refs


def _ledger(uow: Any, ref: str, fields: Mapping[str, Any], origin: Origin, act: Act) -> None:
    uow.insert(
        RecordRow,
        ref=ref,
        kind="returnee",
        channel="import",
        chat=origin.chat,
        unit=origin.unit,
        sender=act.actor,
        reporter=act.actor,
        reported_at=act.at,
        day=act.day,
        message_key=act.message_key,
        state="active",
        fields=dict(fields),
        history=None,
    )


# -- in a chat ---------------------------------------------------------------------------------------------------------


def receive(ctx: Context) -> str:
    """A file in a single chat: what importing it would do."""
    at = home(ctx)
    content, why = ctx.incoming.extra.get("file"), ctx.incoming.extra.get("file_problem")
    if not may_handle(ctx, at) or not at.unit:
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    if content is None:
        return words.FILE_NOT_READ.format(why=why) if why else words.NOT_A_WORKBOOK
    ctx.uow.flush()
    try:
        rows = workbook.read(content, settings_of(ctx.services).chat_rows)
    except BadWorkbook as bad:
        return f"📥 {bad.sentence}什么都没有改动。"
    made = _plan_in_chat(ctx, rows, at)
    _remember(ctx, [fields for _, fields in made.fresh], at)
    return words.import_plan(made, applied=False)


def _plan_in_chat(ctx: Context, rows: Sequence[Row], at: Home) -> Plan:
    cases, hashes = ctx.facts(Cases), find.ring(ctx)
    load_keys(cases, hashes, rows)
    return plan(
        rows, lambda fields: registered(cases, hashes, fields), settings_of(ctx.services), at.unit, act_of(ctx).at
    )


def _remember(ctx: Context, fresh: list[dict[str, Any]], at: Home) -> None:
    session = ctx.uow.session
    row = stored.pending_import(session, ctx.incoming.sender)
    if row is None:
        row = PendingImport(sender=ctx.incoming.sender)
        session.add(row)
    row.unit, row.chat, row.rows, row.read_at = at.unit, at.chat, fresh, ctx.now
    session.flush()


def confirm(ctx: Context) -> str:
    """确认导入: the table that the writer sent last."""
    ctx.uow.flush()
    session = ctx.uow.session
    row = stored.pending_import(session, ctx.incoming.sender)
    if row is None:
        return words.IMPORT_NONE
    rows, origin = list(row.rows), Origin(row.chat, row.unit, reporter=ctx.incoming.sender, many=True)
    session.delete(row)
    if ctx.now - row.read_at > CONFIRM_WITHIN:
        return words.IMPORT_EXPIRED
    cases, hashes = ctx.facts(Cases), find.ring(ctx)
    cases.ensure(key for fields in rows for key in intake.needed(hashes, fields))
    fresh = [fields for fields in rows if not registered(cases, hashes, fields)]
    write(ctx.uow, cases, ctx.facts(Pairs), hashes, fresh, origin, act_of(ctx))
    audit(ctx, "case.imported", count=len(fresh))
    done = Plan(total=len(rows), fresh=list(enumerate(fresh)), known=len(rows) - len(fresh))
    return words.import_plan(done, applied=True)
