"""The hours ledger: one's own books, confirmation by a lead, what a certificate needs."""

import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import certificates, hours, plans, rights, texts, texts_duty
from handlers.duty_rules import rules
from handlers.language import when
from handlers.language.chunks import read_rest
from handlers.language.scan import Region, Scan
from handlers.ledger import STEP, audit, in_group, written_at
from handlers.plan_words import message
from handlers.report_periods import period_of
from handlers.reports.data import Period
from handlers.traces import Trail
from storage import duties, organisation, records
from storage.records import Scope
from storage.tables import Duty

router = Router("hours_book")

MINE_DAYS = 30
MINE_LINES = 8
OTHER_LINES = 4
"""Kinds that the list of periods does not show."""
PERIOD_WORDS = {"今天": "today", "昨天": "yesterday", "本周": "week", "上周": "last_week", "本月": "month"}


@router.command("mine")
def mine(ctx: Context, _command: Any) -> str:
    """The writer's own periods and hours, shifts to come, newest reports."""
    ctx.uow.flush()
    at = written_at(ctx)
    found = own(ctx, ctx.name, Scope(first=at.date() - timedelta(days=MINE_DAYS)))
    rows = records.of_sender(ctx.uow.session, ctx.incoming.sender, at - timedelta(days=MINE_DAYS), MINE_LINES * 2)
    others = [row for row in rows if row.kind not in {"check_in", "check_out", "undo", "correction", "repeat", STEP}]
    lines = [texts.my_record(r.ref, r.kind, r.day, r.fields, group=in_group(ctx)) for r in others[:OTHER_LINES]]
    if not found and not lines:
        return texts.NOTHING_YET
    figures = texts_duty.account(hours.account(found, ctx.zone, rules(ctx).night))
    periods = [_line(ctx, period) for period in found[:MINE_LINES]]
    return texts_duty.mine(ctx.name, MINE_DAYS, figures, periods, lines, _coming(ctx))


def own(ctx: Context, name: str, scope: Scope) -> Sequence[Duty]:
    """Somebody's periods; the writer's by account too."""
    session = ctx.uow.session
    account = ctx.incoming.sender if name == ctx.name else organisation.accounts(session, [name]).get(name, "")
    person = organisation.person_of(session, account) if account else None
    if person is None and (alone := organisation.people_named(session, name)) and len(alone) == 1:
        person = alone[0].id
    return duties.of_volunteer(session, account, (ctx.incoming.chat, name), person, scope)


def _coming(ctx: Context) -> list[str]:
    today = written_at(ctx).date()
    last = today + timedelta(days=3)
    slots = plans.of_person(ctx.uow.session, ctx.name, ctx.incoming.chat, today, last, ctx.zone)
    mine_ = [slot for slot in slots if slot.starts > written_at(ctx)]
    return [f"- {texts_duty.shift_words(slot, today)}" for slot in mine_[:3]]


def _line(ctx: Context, period: Duty) -> str:
    start = period.starts_at.astimezone(ctx.zone).strftime("%H:%M") if period.starts_at else "？"
    end = period.ends_at.astimezone(ctx.zone) if period.ends_at else None
    until = (f"次日{end:%H:%M}" if end.date() > period.day else f"{end:%H:%M}") if end else ""
    state = "pending" if period.approval == "pending" else "confirmed" if period.confirmed_by else period.state
    ref = period.in_ref or period.out_ref or ""
    return texts_duty.period_line(ref, period.day, period.post, f"{start}–{until}", period.hours, state)


@router.command("hours")
def hours_(ctx: Context, command: Any) -> str:
    """工时 张三: for leads, and for oneself."""
    ctx.uow.flush()
    name = _name(ctx, command["text"]) or ctx.name
    if name != ctx.name and not rights.may(ctx, "certificate_any"):
        return rights.refusal(ctx, "certificate_any")
    period = _period(ctx, command["text"])
    found = own(ctx, name, Scope(period.first, period.last))
    return f"{name}：{texts_duty.account(hours.account(found, ctx.zone, rules(ctx).night))}"


@router.command("confirm_hours")
def confirm(ctx: Context, command: Any) -> str:
    """确认工时 [张三] [昨天]: the hours of the unit, but not one's own."""
    ctx.uow.flush()
    if not rights.may(ctx, "confirm_hours"):
        return rights.refusal(ctx, "confirm_hours")
    text = command["text"]
    period = _period(ctx, text)
    place = plans.scope(ctx.unit, ctx.incoming.chat)
    scope = Scope(period.first, period.last, place.unit, place.chat)
    found = duties.to_confirm(ctx.uow.session, scope, _name(ctx, text))
    others = [row for row in found if row.account != ctx.incoming.sender and row.person != ctx.name]
    if not others and not found:
        return texts_duty.NOTHING_TO_CONFIRM
    trail = Trail(*others)
    for row in others:
        row.confirmed_by, row.confirmed_at = ctx.name, ctx.now
    audit(
        ctx,
        "hours.confirmed",
        "",
        trail,
        periods=len(others),
        first=period.first.isoformat(),
        last=period.last.isoformat(),
    )
    return _confirmed(ctx, others, len(found) - len(others))


def _confirmed(ctx: Context, rows: Sequence[Duty], own_: int) -> str:
    people: dict[str, list[Duty]] = defaultdict(list)
    for row in rows:
        people[row.person].append(row)
    total = sum(hours.account(mine_, ctx.zone, rules(ctx).night).total for mine_ in people.values())
    said = texts_duty.CONFIRMED.format(periods=len(rows), hours=f"{round(total, 1):g}", people=len(people))
    return said + (texts_duty.OWN_NOT_CONFIRMED.format(periods=own_) if own_ else "")


def _period(ctx: Context, text: str) -> Period:
    """The period that a text names; without one, the last thirty days."""
    today = written_at(ctx).date()
    word = next((word for word in PERIOD_WORDS if word in text), None)
    if word:
        return period_of(PERIOD_WORDS[word], today)
    days = _days(ctx, text)
    if days:
        return Period(min(days), max(days))
    return Period(today - timedelta(days=MINE_DAYS), today)


def _days(ctx: Context, text: str) -> list[date]:
    sent = written_at(ctx)
    found: list[date] = []
    for span in Scan(text, message(text, sent, ctx.name, ctx.unit)).times:
        if when.is_range(span.value):
            ends = when.period(span.value, sent, None, over=True)
            found += [date.fromisoformat(end[:10]) for end in ends if end]
        else:
            found.append(when.day_of(span.value, sent, "report"))
    return found


def _name(ctx: Context, text: str) -> str | None:
    """The person whom an order names."""
    sent = written_at(ctx)
    scan = Scan(text, message(text, sent, ctx.name, ctx.unit))
    region = Region(scan)
    region.claim_all(region.inside(scan.times))
    found = read_rest(region, name_first=True).people
    return found[0] if found else None


@router.command("certificate")
def certificate(ctx: Context, command: Any) -> str:
    """工时证明 [张三] [11月]: what 民政部令第67号 asks for, as lines and as a workbook, to the writer alone."""
    ctx.uow.flush()
    text = command["text"]
    name = _name(ctx, text) or ctx.name
    if name != ctx.name and not rights.may(ctx, "certificate_any"):
        return rights.refusal(ctx, "certificate_any")
    period = _period(ctx, text)
    found = own(ctx, name, Scope(period.first, period.last))
    proof = certificates.of_person(ctx.uow.session, name, found, ctx.unit, ctx.zone, rules(ctx).night)
    if proof.hours <= 0:
        words = f"{period.first.month}月{period.first.day}日至{period.last.month}月{period.last.day}日"
        return texts_duty.NO_HOURS.format(person=name, period=words)
    audit(ctx, "hours.certificate", person=name)
    book = io.BytesIO()
    certificates.write_workbook([proof], book)
    named = f"工时证明-{name}.xlsx"
    ctx.notices.append(Notice(ctx.incoming.sender, texts_duty.certificate(proof.labelled(ctx.now.date()))))
    ctx.notices.append(Notice(ctx.incoming.sender, named, "notice", "single", "file", book.getvalue(), named))
    return texts_duty.CERTIFICATE_SENT.format(person=name, total=f"{proof.hours:g}")
