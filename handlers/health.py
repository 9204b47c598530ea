"""健康打卡: daily reports of people under observation. A group sees counts; whoever is responsible sees the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from bot.context import Context, Notice
from bot.router import Router
from handlers import texts
from handlers import texts_returnee as words
from handlers.cases import find, observation, states
from handlers.cases.people import Home, home, home_of_case, leads_of, may_handle, people_named, settings_of
from handlers.cases.settings import Settings
from handlers.ledger import in_group, keep, written_at
from storage.cases import BoundGroups, CaseKey, Cases, by_ref
from storage.tables import HealthReport, RecordRow, Returnee

router = Router("health")

NOON = 12


@dataclass(slots=True)
class Report:
    """One report as it was kept."""

    ref: str
    fields: Mapping[str, Any]
    case: Returnee | None
    abnormal: bool
    remark: str = ""


def _keys(ctx: Context, records: Sequence[Any]) -> list[CaseKey]:
    return find.keys(ctx, records)


@router.record("health", needs={Cases: _keys, BoundGroups: lambda _ctx, _records: [""]})
def report(ctx: Context, records: Sequence[Any]) -> str:
    """Keep each report; tell those responsible at once about what is not normal, the group only how many."""
    kept = [_keep(ctx, record) for record in records]
    worrying = [one for one in kept if one.abnormal]
    if worrying:
        _alert(ctx, worrying)
    said = [(one.fields, one.ref) for one in kept]
    answer = texts.health_reported(said, len(worrying), group=in_group(ctx))
    return answer + "".join(dict.fromkeys(one.remark for one in kept))


def is_abnormal(fields: Mapping[str, Any], rules: Settings | None = None) -> bool:
    """Fever, a symptom, or the word of whoever reports."""
    fever = (rules or Settings()).is_fever
    hot = any(fever(degrees) for degrees in fields.get("temperatures", ()))
    return hot or bool(fields.get("symptoms")) or _only_said(fields)


LANGUAGE_FEVER = 37.3
"""From here on the language itself calls a report abnormal, whatever threshold the town has set."""


def _only_said(fields: Mapping[str, Any]) -> bool:
    """Called abnormal in words: no temperature of the report explains it."""
    explained = any(degrees >= LANGUAGE_FEVER for degrees in fields.get("temperatures", ()))
    return fields.get("normal") is False and not explained


def _keep(ctx: Context, record: Any) -> Report:
    fields = record.fields
    case, remark = _whose(ctx, fields)
    day, said = _day(ctx, fields, case)
    ref = keep(ctx, record, day)
    abnormal = is_abnormal(fields, settings_of(ctx.services))
    person = fields.get("person")
    ctx.uow.insert(
        HealthReport,
        ref=ref,
        returnee_ref=case.ref if case is not None else fields.get("ref"),
        chat=case.chat if case is not None else ctx.incoming.chat,
        unit=case.unit if case is not None else ctx.unit,
        day=day,
        reported_at=written_at(ctx),
        person=person,
        person_hash=find.ring(ctx).hash(person) if person else None,
        details={key: value for key, value in fields.items() if key != "person"},
        abnormal=abnormal,
        halves=_halves(ctx, fields),
        by_self=case is not None and case.account == ctx.incoming.sender,
        state="active",
    )
    return Report(ref, fields, case, abnormal, remark + said)


def _whose(ctx: Context, fields: Mapping[str, Any]) -> tuple[Returnee | None, str]:
    """The case that a report is about; a returnee who names nobody else speaks of themselves."""
    person = fields.get("person")
    if not any(fields.get(key) for key in ("ref", "phone_tail")):
        mine = find.own(ctx, person) or (find.own(ctx) if person in {None, ctx.name} else None)
        if mine is not None:
            return mine, ""
    at = home(ctx) if not in_group(ctx) else Home(ctx.incoming.chat, ctx.unit)
    found = find.find(ctx, fields, at, (states.OBSERVING,))
    if found.case is not None:
        return found.case, ""
    several = found.why if "好几位" in found.why else ""
    return None, several or (words.NO_CASE_NOTE if _expects_case(ctx, fields) else "")


def _expects_case(ctx: Context, fields: Mapping[str, Any]) -> bool:
    """Somebody else is named, so a case is meant; volunteers may report their own temperature."""
    return bool(fields.get("ref") or fields.get("phone_tail")) or fields.get("person") not in {None, ctx.name}


def _day(ctx: Context, fields: Mapping[str, Any], case: Returnee | None) -> tuple[date, str]:
    """The local day that a report counts for: a stated 第n天 of the past days is caught up; one that cannot be is
    told.
    """
    today = written_at(ctx).date()
    said = fields.get("day")
    if case is None or case.arrived_on is None or said is None:
        return today, ""
    counted = settings_of(ctx.services).day_number(case.arrived_on, today)
    if said == counted:
        return today, ""
    if counted - observation.LATEST <= said < counted and said >= 1:
        return today - timedelta(days=counted - said), words.caught_up(said)
    return today, words.day_mismatch(said, counted)


def _halves(ctx: Context, fields: Mapping[str, Any]) -> str:
    """Two temperatures cover the day; else the half in which it was written."""
    if len(fields.get("temperatures", ())) > 1:
        return "both"
    return "am" if written_at(ctx).hour < NOON else "pm"


def _alert(ctx: Context, worrying: Sequence[Report]) -> None:
    """At once, in single chats, to the leads and to the volunteer in whose hands the person is; to the group a
    count.
    """
    by_home: dict[Home, list[Report]] = {}
    for one in worrying:
        by_home.setdefault(home_of_case(one.case) if one.case is not None else home(ctx), []).append(one)
    for at, some in by_home.items():
        chat = at.chat
        people = dict.fromkeys((*leads_of(ctx, at), *(one.case.owner for one in some if one.case is not None)))
        for user in people:
            if user:
                _tell(ctx, user, some)
        if chat and chat != ctx.incoming.chat and any(one.case is not None for one in some):
            count = words.ABNORMAL_ONE.format(count=len(some))
            ctx.notices.append(Notice(chat, count, purpose="notice", chat_type="group"))


def _tell(ctx: Context, user: str, some: Sequence[Report]) -> None:
    said = [(one.fields, one.ref) for one in some]
    lines = [texts.health_alert(said, some[0].case.unit if some[0].case is not None else ctx.unit, ctx.name)]
    lines += [words.full(one.case, find.effective(one.case)) for one in some if one.case is not None]
    ctx.notices.append(Notice(user, "\n".join(lines), purpose="case"))


def corrected(ctx: Context, row: RecordRow) -> None:
    """A report was corrected in the ledger: judged anew by the town's rules, and told where it is abnormal only now."""
    report = ctx.uow.session.scalar(select(HealthReport).where(HealthReport.ref == row.ref))
    if report is None:
        return
    former, report.abnormal = report.abnormal, is_abnormal(row.fields, settings_of(ctx.services))
    report.details = {key: value for key, value in row.fields.items() if key != "person"}
    if report.abnormal and not former:
        case = by_ref(ctx.uow.session, report.returnee_ref) if report.returnee_ref else None
        _alert(ctx, [Report(row.ref, row.fields, case, abnormal=True)])


@router.command("missing")
def missing(ctx: Context, _command: Any) -> str:
    """未打卡: who is under observation and has not reported today."""
    ctx.uow.flush()
    at = home(ctx)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    watched = observation.watched(ctx.uow.session, settings_of(ctx.services), written_at(ctx), at)
    if not watched.cases:
        return words.NONE_WATCHED
    lines = watched.lines(ctx.uow.session, group=in_group(ctx))
    return words.missing(len(watched.cases), lines) if lines else words.NONE_MISSING.format(watched=len(watched.cases))
