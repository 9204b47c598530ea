"""汇总 and 导出: the report of any period and unit, now; the same as a workbook. Orders begin with 日报, too."""

from typing import Any

from bot.context import Context, Notice
from bot.router import Router
from handlers import report_orders, report_questions
from handlers import texts_report as words
from handlers.cases.people import home
from handlers.form_books.specs import all_of
from handlers.language.expressions import expression
from handlers.ledger import audit, in_group, written_at
from handlers.report_periods import period_in, period_of
from handlers.reports import desk, workbook
from handlers.reports.data import Period, place_for
from handlers.reports.digest import made, plain
from handlers.reports.figures import Report
from handlers.supplies.places import rules_of
from handlers.units import path_of
from storage import report_books

router = Router("summary")


@router.command("summary")
def summary(ctx: Context, command: Any) -> str:
    """Compose the report of the asked period for the asked unit, or for what the chat is bound to."""
    if (said := report_orders.obey(ctx, ctx.reading.text)) is not None:
        return said
    # Behind a slash words may be left that the language made nothing of.
    slash = ctx.reading.text.lstrip().startswith(("/", "／"))
    if slash and (said := report_questions.unread(ctx, ctx.reading.text)) is not None:
        return said
    return _summed_up(ctx, command)


_WHOLE = expression(
    r"^(?P<lead>(?:请|麻烦|帮我|给我|想看|我要|要|看看|看一下|看|发|来)*)(?:一?份|一下|个|下)?(?P<when>[^,，。？?]{0,12}?)(?:的|整体|总体|大概)*"
    r"(?P<what>日报|周报|月报|情况|数据|数字|数|小结|战报|汇总|总结|统计)"
    r"(?P<ask>发一?下|发我|发来|给我看看?|看看|看一下|来一份|来一?个|怎么样了?|如何|咋样|是什么|呢|出来了?吗|有吗)?"
    r"[。!！?？~ ]*$"
)
_PERIODS = {"周报": "last_week", "月报": "last_month"}


@router.otherwise
def in_other_words(ctx: Context, reading: Any) -> str | None:
    """今天情况怎么样, 日报给我看看: the report of a period, for whoever does not know the command."""
    text = reading.text.strip()
    match = _WHOLE.match(text) if reading.addressed and "\n" not in text else None
    if match is None:
        return None
    period, rest = period_in(match["when"], written_at(ctx).date())
    if rest.strip(" 的了，,"):
        return None  # it names something else, too: a question after less
    if not (match["ask"] or match["lead"] or match["when"].strip() or match["what"].endswith("报")):
        return None
    named = match["when"].strip() or match["what"] not in _PERIODS
    if not named:
        period = period_of(_PERIODS[match["what"]], written_at(ctx).date())
    return _summed_up(ctx, {"period": f"{period.first.isoformat()}/{period.last.isoformat()}"})


def _summed_up(ctx: Context, command: Any) -> str:
    report, period = _asked(ctx, command)
    report = report.without(report_books.hidden(ctx.uow.session, ctx.incoming.chat))
    chat = ctx.incoming.chat
    report_books.remember_lines(ctx.uow.session, {chat: desk.sources(report, period)}, written_at(ctx))
    return plain(report)


def _asked(ctx: Context, command: Any) -> tuple[Report, Period]:
    ctx.uow.flush()
    at = written_at(ctx)
    period = period_of(command.get("period", "today"), at.date())
    asked, whose = command.get("unit"), home(ctx)
    unit = path_of(ctx.uow.session, asked, whose.unit) if asked else whose.unit
    place = place_for(unit, whose.chat or ctx.incoming.chat)
    units = list(ctx.services["groups"].values())
    forms, rules = all_of(ctx.services), rules_of(ctx)
    session = ctx.uow.session
    return made(session, period, place, at, title=words.SUMMARY, units=units, forms=forms, rules=rules), period


@router.command("export")
def export(ctx: Context, command: Any) -> str:
    """The report as a workbook. People are masked for a group, and for everybody who is not in charge of the unit."""
    report, period = _asked(ctx, command)
    sees = report_orders.may_see(ctx, report.place)
    if not in_group(ctx) and not sees:
        return words.EXPORT_REFUSED
    masked = in_group(ctx) or not sees
    name = workbook.file_name(report.title, period)
    media = workbook.report_book(ctx.uow.session, report, period, ctx.zone, masked=masked, forms=all_of(ctx.services))
    audit(ctx, "report.exported", place=report.place, first=period.first.isoformat(), masked=masked)
    kind = ctx.incoming.chat_type
    ctx.notices.append(Notice(ctx.incoming.chat, name, "report", kind, "file", media, name))
    return words.EXPORTED_MASKED.format(name=name) if masked else words.EXPORTED.format(name=name)
