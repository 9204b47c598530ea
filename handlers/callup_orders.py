"""Orders about a call: its list, 名单确认, 集结, 分配, 驰援, 名额, its end. Whoever called may give them, and leads."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from bot.context import Context, Notice
from bot.router import Handler, Router
from handlers import call_lists, call_splits, call_wants, muster, rights, seats, texts_callup
from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral
from handlers.ledger import audit, in_group, written_at
from storage import callups
from storage.callups import SignUps
from storage.tables_duty import CallUp, SignUp

router = Router("callup_orders")

REF = expression(r"[Zz]\d+")
NUMBER = expression(r"(\d+|[一二两三四五六七八九十百]+) ?[人名位]?")


Order = Callable[[Context, CallUp, str], str]


def order(name: str, *, everybody: bool = False, aloud: bool = False) -> Callable[[Order], Handler]:
    """An order about a call: the handler is given the call that it names (a finished one too) or else means, and its
    words. `everybody` may give it; the others are for whoever called, and for leads. What is said `aloud` the group of
    the call hears, too, where the order came from elsewhere.
    """

    def register(act: Order) -> Handler:
        @wraps(act)
        def handler(ctx: Context, command: Any) -> str:
            ctx.uow.flush()
            text = command["text"]
            ref = REF.search(text)
            call = call_lists.by_name(ctx, text, ref.group().upper() if ref else "")
            if call is None:
                return texts_callup.NO_CALL_HERE
            if not everybody and (why := denied(ctx, call)):
                return why
            said = act(ctx, call, text)
            if aloud and ctx.incoming.chat != call.chat and call in ctx.uow.session.dirty:
                ctx.notices.append(Notice(call.chat, said, "notice", "group"))
            return said

        return router.command(name)(handler)

    return register


def denied(ctx: Context, call: CallUp) -> str | None:
    """Why the writer may not give orders about a call; None where they may."""
    if call.sender == ctx.incoming.sender or rights.may(ctx, "manage_call_up", call.unit):
        return None
    return rights.refusal(ctx, "manage_call_up", call.unit)


@order("board", everybody=True)
def board(ctx: Context, call: CallUp, _text: str) -> str:
    """The list as it stands."""
    return call_lists.board(call_lists.current(ctx, call), written_at(ctx))


@order("confirm_list", aloud=True)
def confirm(ctx: Context, call: CallUp, _text: str) -> str:
    """名单确认: those with a place go; each of them hears it."""
    if call.state not in callups.LIVE:
        return texts_callup.CLOSED.format(call=call.ref)
    call.state, call.confirmed_at = "confirmed", written_at(ctx)
    found = call_lists.current(ctx, call)
    said = call_lists.say(call, written_at(ctx).date(), ctx.zone)
    for row, _ in found.going:
        if row.account:
            words = {"person": row.person, "call": call.ref, "what": said}
            ctx.notices.append(Notice(row.account, texts_callup.CONFIRMED_PERSON.format(**words)))
    audit(ctx, "call_up.confirmed", call.ref, people=found.placed)
    names = [call_lists.label(row, seat.placed) for row, seat in found.going]
    return texts_callup.confirmed(
        call.ref, said, names, (found.placed, found.count - found.placed), _offers(call, found)
    )


def _offers(call: CallUp, found: call_lists.List) -> str:
    """What those with a place bring with them, beside what the call asks for."""
    going = [row for row, _ in found.going]
    vehicles = sum(row.vehicle for row in going)
    skills = sorted({skill for row in going for skill in row.skills or ()})
    parts = [
        texts_callup.wanted(call_wants.met(call.wants or {}, going)),
        f"可出车 {vehicles} 辆" if vehicles else "",
        f"特长：{'、'.join(skills)}" if skills else "",
    ]
    said = "；".join(part for part in parts if part)
    return f"{said}。" if said else ""


@order("muster", everybody=True)
def muster_(ctx: Context, call: CallUp, text: str) -> str:
    """集结: who has arrived; names, or 全部, mark arrivals."""
    rows = _named(ctx, call, text)
    if rows:
        if why := denied(ctx, call):
            return why
        muster.arrive(ctx, call, rows, written_at(ctx))
        audit(ctx, "call_up.arrived", call.ref, people=len(rows))
    return muster.report(ctx, call, group=in_group(ctx))


def _named(ctx: Context, call: CallUp, text: str) -> list[SignUp]:
    going = [row for row, _ in call_lists.current(ctx, call).going]
    if re.search(r"全部(?:到|已)|都到了|到齐", text):
        return [row for row in going if not row.arrived]
    return [row for row in going if row.person in text and not row.arrived]


@order("split")
def split(ctx: Context, call: CallUp, text: str) -> str:
    """分配 with its check sum."""
    parts = call_splits.read(REF.sub("", text))
    if not parts:
        return texts_callup.SPLIT_HOW
    found = call_lists.current(ctx, call)
    total = found.arrived or found.placed
    filled, left = seats.check_sum(parts, total)
    call_splits.store(ctx, call, filled)
    audit(ctx, "call_up.split", call.ref, parts=dict(filled), left=left)
    return texts_callup.split(call.ref, filled, total, left)


@order("redeploy")
def redeploy(ctx: Context, call: CallUp, text: str) -> str:
    """驰援: a number of people, or people by name, go on to another place. The sum stays."""
    return call_splits.move(ctx, call, REF.sub("", text))


@order("quota", aloud=True)
def quota(ctx: Context, call: CallUp, text: str) -> str:
    """Another number of places; the next ones move up, or the last ones wait."""
    number = NUMBER.search(REF.sub("", text))
    needed = int(read_numeral(number[1]) or 0) if number else 0
    if needed <= 0:
        return texts_callup.QUOTA_HOW
    before = call_lists.current(ctx, call).seats
    call.needed, call.mustered_at = needed, None
    call_lists.change(ctx, call, before)
    audit(ctx, "call_up.quota", call.ref, needed=needed)
    score = texts_callup.score(call_lists.current(ctx, call).count, needed)
    return texts_callup.QUOTA.format(call=call.ref, needed=needed, score=score)


@order("cancel_call", aloud=True)
def cancel(ctx: Context, call: CallUp, _text: str) -> str:
    """取消招募."""
    call.state, call.closed_at = "closed", written_at(ctx)
    audit(ctx, "call_up.cancelled", call.ref)
    return texts_callup.CANCELLED.format(call=call.ref)


@order("close_call")
def close(ctx: Context, call: CallUp, _text: str) -> str:
    """The end of a call and its report."""
    if call.state in callups.LIVE:
        call.state, call.closed_at = "closed", written_at(ctx)
        audit(ctx, "call_up.closed", call.ref)
    return texts_callup.closing(call.ref, _report(ctx, call))


def _report(ctx: Context, call: CallUp) -> list[str]:
    found = call_lists.of(call, ctx.facts(SignUps).of(call.id))
    reserve = found.count - found.placed
    waiting = f"（备选 {reserve} 人）" if reserve else ""
    places = callups.deployments(ctx.uow.session, call.id)
    return [
        call_lists.say(call, written_at(ctx).date(), ctx.zone),
        f"需要 {call.needed} 人，报名 {found.count} 人{waiting}",
        _filled(ctx, call),
        _arrived(ctx, call, found),
        "分配：" + "，".join(f"{row.place} {row.heads}人" for row in places) if places else "",
        _offers(call, found),
    ]


def _filled(ctx: Context, call: CallUp) -> str:
    if call.filled_at is None:
        return "没有招满"
    span = f"{call_lists.at(ctx, call.opened_at)} → {call_lists.at(ctx, call.filled_at)}"
    return f"足额用时 {texts_callup.minutes(call.opened_at, call.filled_at)}（{span}）"


def _arrived(ctx: Context, call: CallUp, found: call_lists.List) -> str:
    at = f"（{call_lists.at(ctx, call.mustered_at)} 到齐）" if call.mustered_at else ""
    due = f"，要求 {call_lists.at(ctx, call.starts_at)} 前" if call.starts_at else ""
    return f"到位 {found.arrived}/{found.placed}{at}{due}"
