"""各村测温多少, 哪个村没报: a figure of every unit right below, and those from which nothing came."""

from typing import Any

from bot.context import Context
from handlers import texts_report as words
from handlers.cases.people import home
from handlers.language.expressions import expression
from handlers.ledger import written_at
from handlers.report_periods import period_in
from handlers.reports.data import Period, Snapshot, place_for, snapshot
from storage import daily_read

_EACH = expression(
    r"^(?:汇总|统计|看看|看一下)?\s*(?P<rest>.*?)各(?:个)?(?:村|社区|单位|街道|乡镇|镇|乡|居委会)(?P<what>.*)$"
)
_SILENT = expression(
    r"(?:哪(?:个|些|几个)?|谁|有没有)(?:村|社区|单位|街道|乡镇|镇|群)?.{0,3}没(?:有)?(?:上报|报(?![名到备离岗体健平]))"
    r"|没(?:有)?(?:上)?报的(?:村|社区|单位|街道|乡镇|镇)?(?:有|是)?(?:哪些|哪几个|谁|名单)?$"
)
_ASKS = expression(r"(?:了|的)?(?:一共|总共)?(?:有|是)?(?:多少|几)(?:个|名|位)?(?:人次|人|次)?(?:了|呢)?$")
_EMPTY = expression(r"^(?:[\s的]|情况|怎么样|如何|汇总|数据|呢|都)*$")
_DUTY = expression(r"到岗|值守|在岗|来|人$")


def answer(ctx: Context, bare: str) -> str | None:
    """The answer to such a question; None where it is none. `bare`: without its mark."""
    today = written_at(ctx).date()
    if _SILENT.search(bare):
        return _silent(ctx, period_in(bare, today)[0])
    match = _EACH.match(bare)
    if match is None:
        return None
    period, rest = period_in(f"{match['rest']} {match['what']}", today)
    return _each(ctx, period, _ASKS.sub("", rest.strip()).strip(" 的"), people="人" in rest)


def _found(ctx: Context, period: Period) -> Snapshot:
    ctx.uow.flush()
    whose = home(ctx)
    place = place_for(whose.unit, whose.chat or ctx.incoming.chat)
    units = [unit for unit in ctx.services["groups"].values() if unit]
    return snapshot(ctx.uow.session, period, place, present=False, units=units, today=written_at(ctx).date())


def _silent(ctx: Context, period: Period) -> str:
    found = _found(ctx, period)
    if not found.children and not found.silent:
        return words.NO_UNITS_BELOW
    said = words.silent(found.silent) if found.silent else words.all_reported(len(found.children))
    return words.below(found.place, period, written_at(ctx), [said])


def _each(ctx: Context, period: Period, item: str, *, people: bool) -> str | None:
    """Everything of each unit, or the figures of the kind of work that is named; None where nobody knows it."""
    found = _found(ctx, period)
    if not found.children and not found.silent:
        return words.NO_UNITS_BELOW if _EMPTY.match(item) else None
    if _EMPTY.match(item) and not people:
        lines = [words.child(child) for child in found.children]
    elif _EMPTY.match(item) or _DUTY.search(item):
        lines = [words.asked_of_child(child, duty_=True) for child in found.children]
    else:
        names = _figures(ctx, found, item)
        if not names:
            return None
        lines = [words.asked_of_child(child, names) for child in found.children]
    silent = [words.silent(found.silent)] if found.silent else []
    return words.below(found.place, period, written_at(ctx), [*(f"- {line}" for line in lines), *silent])


def _figures(ctx: Context, found: Snapshot, item: str) -> list[str]:
    """The figures called `item` that the place knows."""
    if name := words.OTHER_FIGURES.get(item):
        return [name]
    known: Any = daily_read.sums(ctx.uow.session, found.place, found.period.last)
    return [name for name in known if name.startswith("work|") and name.split("|")[1] == item]
