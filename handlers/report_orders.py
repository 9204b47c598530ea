"""What people say about reports: when and what (`/日报 22:30`, `/日报 停`, `/日报 不要 招募`), weekly and monthly ones,
the records behind a line (`/列 3`), a team's or an employer's figures.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import report_questions, rights
from handlers import texts_report as words
from handlers.form_books.specs import all_of
from handlers.language.expressions import expression
from handlers.ledger import audit, in_group, written_at
from handlers.report_periods import period_in
from handlers.reports import lists
from handlers.reports.figures import SECTIONS
from storage import report_books, report_lists

router = Router("report_orders")

KINDS: Mapping[str, str] = {"日报": "daily", "周报": "weekly", "月报": "monthly"}
DAYS: Mapping[str, str] = {"工作日": "workday", "节假日": "holiday", "休息日": "holiday"}
STEP = 5
_ORDER = expression(r"^\s*[/／]?\s*(?P<kind>日报|周报|月报)\s*(?P<rest>\S.*)$", re.DOTALL)
_TIME = expression(r"(?P<hour>[01]?\d|2[0-4])\s*(?:[:：]\s*(?P<minute>[0-5]\d)|[点时]\s*(?P<half>半)?)")
_STOP = expression(r"^(?:停|停止|停发|关|关闭|取消|不发|别发)了?$")
_AGAIN = expression(r"^(?:恢复|开|开启|打开|继续|默认)$")
_HIDE = expression(r"^(?P<how>不要|不看|去掉|只要|只看|全部|全要)\s*(?P<names>.*)$")
_LIST = expression(r"^\s*[/／]?\s*(?:列|列出|明细)\s*第?\s*(?P<number>\d{1,3})\s*[条项行]?\s*$")
_LIST_ASKED = expression(
    r"^\s*(?:[/／]\s*)?(?:日报|报表|汇总)?(?:的|里)?第?\s*(?P<number>\d{1,3})\s*[条项行](?:的)?(?:是|都是|有)?"
    r"(?:怎么来的|哪来的|哪些记录|哪几条|谁报的|明细|记录|都有谁|有谁)[?？]?\s*$"
)
_LIST_OF_WHAT = expression(r"^\s*(?:[/／]\s*)?(?:列|列出|明细)\s*$")
_AXIS = expression(
    r"^\s*[/／]?\s*(?:汇总|统计|小结)?\s*(?P<axis>队伍|服务队|团队|单位|企业|公司)\s*[:：]?\s*(?P<rest>\S.*)$"
)
AXES: Mapping[str, str] = {"单位": "employer", "企业": "employer", "公司": "employer"}
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants of the reports of their group. `action`: at, stop, resume, show."""

    kind: str
    action: str
    times: tuple[str, ...] = ()
    days: str = ""
    hidden: frozenset[str] = frozenset()
    bad: str = ""
    """A word that nobody knows."""


def read(text: str) -> Order | None:
    """`日报 8:00 22:30 工作日` and its like; None where the words are no such order."""
    match = _ORDER.match(text.strip())
    if match is None:
        return None
    kind, rest = KINDS[match["kind"]], match["rest"].strip(" 。!！")
    if _STOP.match(rest):
        return Order(kind, "stop")
    if _AGAIN.match(rest):
        return Order(kind, "resume")
    if hide := _HIDE.match(rest):
        return _shown(kind, hide["how"], hide["names"])
    found = tuple(_clock(time) for time in _TIME.finditer(rest))
    if not found:
        return None
    days = next((value for word, value in DAYS.items() if word in rest), "")
    return Order(kind, "at", tuple(sorted(set(found))), days)


def _clock(match: re.Match[str]) -> str:
    """A time of day, to the nearest five minutes."""
    minute = int(match["minute"] or (30 if match["half"] else 0))
    total = (int(match["hour"]) * 60 + round(minute / STEP) * STEP) % 1440
    return f"{total // 60:02}:{total % 60:02}"


def _shown(kind: str, how: str, names: str) -> Order:
    if how in {"全部", "全要"}:
        return Order(kind, "show")
    by_word = {word: name for name, word in words.TITLES.items()}
    asked = [word for word in re.split(r"[\s,，、和]+", names) if word]
    unknown = next((word for word in asked if word not in by_word), "")
    chosen = {by_word[word] for word in asked if word in by_word}
    hidden = chosen if how in {"不要", "不看", "去掉"} else set(SECTIONS) - chosen
    return Order(kind, "show", hidden=frozenset(hidden), bad=unknown or ("" if asked else "?"))


def obey(ctx: Context, text: str) -> str | None:
    """Do what an order says; None where the text is none."""
    order = read(text)
    if order is None:
        return None
    if not rights.may(ctx, "plan"):
        return words.ORDER_REFUSED.format(who="、".join(rights.in_charge(ctx, rights.Rank.LEAD)))
    if not in_group(ctx):
        return words.ORDER_IN_GROUP
    if order.bad:
        return words.SECTIONS_ARE.format(names="、".join(words.TITLES[name] for name in SECTIONS))
    if order.action == "at" and not ctx.services["report_desk"].channel(ctx.incoming.chat):
        return words.NO_CHANNEL
    audit(ctx, f"report.{order.action}", kind=order.kind)
    return ACTIONS[order.action](ctx, order)


def _at(ctx: Context, order: Order) -> str:
    who = ctx.incoming.sender
    report_books.replace_plans(
        ctx.uow.session, ctx.incoming.chat, order.kind, order.times, order.days, who, written_at(ctx)
    )
    return words.planned(order.kind, order.times, order.days)


def _stop(ctx: Context, order: Order) -> str:
    session, chat = ctx.uow.session, ctx.incoming.chat
    report_books.replace_plans(session, chat, order.kind, (), "", ctx.incoming.sender, ctx.now)
    if order.kind == "daily":
        _choose(ctx, stopped=True)
    return words.STOPPED.format(kind=words.KIND_WORDS[order.kind])


def _resume(ctx: Context, order: Order) -> str:
    session, chat = ctx.uow.session, ctx.incoming.chat
    report_books.replace_plans(session, chat, order.kind, (), "", ctx.incoming.sender, ctx.now)
    _choose(ctx, stopped=False)
    return words.RESUMED


def _show(ctx: Context, order: Order) -> str:
    _choose(ctx, hidden=order.hidden)
    left = [words.TITLES[name] for name in SECTIONS if name not in order.hidden]
    return words.SHOWN.format(names="、".join(left))


ACTIONS = {"at": _at, "stop": _stop, "resume": _resume, "show": _show}


def _choose(ctx: Context, *, stopped: bool | None = None, hidden: frozenset[str] | None = None) -> None:
    row = report_books.choice(ctx.uow.session, ctx.incoming.chat)
    if stopped is not None:
        row.stopped = stopped
    if hidden is not None:
        row.hidden = " ".join(sorted(hidden))
    ctx.uow.session.add(row)


# -- words that the language leaves to us ------------------------------------------------------------------------------


@router.otherwise
def orders(ctx: Context, reading: Any) -> str | None:
    """Weekly and monthly orders, `/列 3`, teams and employers."""
    text = reading.text.strip()
    if not (reading.addressed or text.startswith(("/", "／"))):
        return None
    return next((said for step in STEPS if (said := step(ctx, text)) is not None), None)


def _list(ctx: Context, text: str) -> str | None:
    if _LIST_OF_WHAT.match(text):
        return words.WHICH_LINE
    match = _LIST.match(text) or _LIST_ASKED.match(text)
    if match is None:
        return None
    ctx.uow.flush()
    sources = report_books.lines(ctx.uow.session, ctx.incoming.chat)
    number = int(match["number"])
    if not 1 <= number <= len(sources):
        return words.NO_SUCH_LINE.format(number=number, most=len(sources)) if sources else words.NO_REPORT_YET
    source = sources[number - 1]
    found = lists.behind(
        ctx.uow.session,
        source,
        ctx.zone,
        group=in_group(ctx) or not may_see(ctx, source["place"]),
        forms=all_of(ctx.services),
    )
    head = words.LIST_HEAD.format(number=number, line=source["text"].split("；")[0], count=len(found))
    shown = [f"- {line}" for line in found[:SHOWN]]
    more = [words.LIST_MORE.format(count=len(found) - SHOWN)] if len(found) > SHOWN else []
    return "\n".join([head, *shown, *more])


def may_see(ctx: Context, place: str) -> bool:
    """Whether somebody may read about people unmasked: those in charge of the unit, in a single chat."""
    return rights.rank(ctx, "" if place.startswith("@") else place) >= rights.Rank.LEAD


def _axis(ctx: Context, text: str) -> str | None:
    match = _AXIS.match(text)
    if match is None:
        return None
    ctx.uow.flush()
    period, rest = period_in(match["rest"], written_at(ctx).date())
    column = AXES.get(match["axis"], "team")
    path = report_lists.group_named(ctx.uow.session, column, rest.strip(" 的，,"))
    if path is None:
        return None
    return report_questions.group_told(ctx, column, path, report_questions.Asked(period))


STEPS = (obey, _list, _axis)
