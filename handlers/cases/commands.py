"""The words of this feature that the language does not know: one table, one small reader.

A message in which the language read nothing is looked up here: `领取 5`, `合并 R58 R61`, `延长 R58 3天 原因`, `/check`.
A bare `R58 未接` is read as the outcome of a call.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bot.context import Context, Notice
from handlers import language
from handlers import texts_returnee as words
from handlers.cases import duplicates, endings, handover, importing, queue, reconcile, transfer
from handlers.cases.people import home, is_lead, may_handle, people_named, settings_of
from handlers.language.expressions import expression
from handlers.language.types import Message
from handlers.ledger import in_group, written_at
from handlers.steps import Illegal
from handlers.units import path_of
from storage import cases

Refs = Callable[[Context, list[str], str], str]
"""Gets the references and whatever follows them: a reason."""

WITH_REFS: Mapping[str, Refs] = {
    "放回": queue.put_back,
    "查看": queue.show,
    "历史": queue.history,
    "history": queue.history,
    "合并": duplicates.merge,
    "不是重复": duplicates.distinct,
    "接收": transfer.accept,
    "退回": transfer.send_back,
    "转出": transfer.leave,
    "解除": endings.end,
    "提前解除": endings.end,
    "注销": endings.cancel,
    "重开": endings.reopen,
}
"""Word → what it does to the cases behind it."""
_REF = r"[RＲr]\d{1,9}"
_REFS = rf"(?P<refs>{_REF}(?:[\s、,和与]+{_REF})*)"
_WITH_REFS = expression(
    rf"^(?P<word>{'|'.join(sorted(WITH_REFS, key=len, reverse=True))})\s*{_REFS}[\s,:]*(?P<reason>.*)$", re.DOTALL
)
_CLAIM = expression(r"^(?:领取|认领|claim)\s*(?P<number>\d{1,3})?\s*(?:个|人|条)?$")
_DAYS = expression(rf"^(?P<word>延长|缩短)\s*{_REFS}\s*(?P<days>\d{{1,2}})\s*天?[\s,:]*(?P<reason>.*)$", re.DOTALL)
_DAY = r"(?:(?P<year>\d{4})[-年/.])?(?P<month>\d{1,2})[-月/.](?P<day>\d{1,2})[日号]?"
_RELEASE_DAY = expression(rf"^解除日(?:期)?\s*{_REFS}\s*(?:改为|改到)?\s*{_DAY}[\s,:]*(?P<reason>.*)$", re.DOTALL)
_CHECK = expression(
    rf"^(?:check|对账|核对人数)\s*(?:(?P<yesterday>昨天|昨日)|(?:今天|今日)|{_DAY})?\s*(?P<unit>[\u4e00-\u9fff/]{{2,30}})?$"
)
_LIST = expression(rf"^(?:移交名单|移交表|handover)\s*(?:(?P<yesterday>昨天|昨日)|(?:今天|今日)|{_DAY})?$")
_IMPORT = expression(r"^确认导入$")
_OUTCOME = expression(rf"^{_REF}[\s,:]*\S")
DEFAULT_CLAIM = 5


def answer(ctx: Context, reading: Any) -> str | None:
    """The answer to one of these words, None for anything else."""
    text = reading.text.strip()
    slash = text.startswith("/")
    if not (reading.addressed or slash):
        return None
    bare = text.lstrip("/ ").rstrip("。!！ ")
    for pattern, handler in TABLE:
        if match := pattern.match(bare):
            try:
                return handler(ctx, match)
            except Illegal as illegal:
                return illegal.sentence
    return None


def _with_refs(ctx: Context, match: re.Match[str]) -> str:
    return WITH_REFS[match["word"]](ctx, refs_in(match["refs"]), match["reason"].strip())


def refs_in(text: str) -> list[str]:
    """The references of a text, each once."""
    return list(dict.fromkeys(f"R{int(found[1:])}" for found in re.findall(_REF, text)))


def _claim(ctx: Context, match: re.Match[str]) -> str:
    return queue.claim(ctx, int(match["number"] or DEFAULT_CLAIM))


def _days(ctx: Context, match: re.Match[str]) -> str:
    days = int(match["days"]) * (1 if match["word"] == "延长" else -1)
    return endings.prolong(ctx, refs_in(match["refs"]), days, match["reason"].strip())


def _release_day(ctx: Context, match: re.Match[str]) -> str:
    return endings.release_on(ctx, refs_in(match["refs"]), _day_of(ctx, match), match["reason"].strip())


def _day_of(ctx: Context, match: re.Match[str]) -> date:
    """The stated day, of the year in which it is nearest; today where none is stated."""
    today = written_at(ctx).date()
    groups = match.groupdict()
    if groups.get("yesterday"):
        return today - timedelta(days=1)
    if not groups.get("month"):
        return today
    years = [int(groups["year"])] if groups.get("year") else [today.year, today.year - 1, today.year + 1]
    found = [day for year in years if (day := _date(year, int(groups["month"]), int(groups["day"])))]
    return min(found, key=lambda day: abs(day - today), default=today)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _check(ctx: Context, match: re.Match[str]) -> str:
    """/check: intake = Σ of states on a day, for the chat's unit or the one that is named."""
    ctx.uow.flush()
    at, day = home(ctx), _day_of(ctx, match)
    if not may_handle(ctx, at):
        return words.NOT_ALLOWED.format(who=people_named(ctx, at))
    unit = path_of(ctx.uow.session, match["unit"], at.unit) if match["unit"] else at.unit
    today = written_at(ctx).date()
    found = reconcile.balance(ctx.uow.session, day, unit, "" if unit else at.chat, now=day >= today)
    until = words.clock(written_at(ctx), today) if day >= today else f"{words.day(day)}24:00"
    head = words.CHECK_HEAD.format(unit=unit.rsplit("/", 1)[-1] or "本群", until=until)
    return f"{head}\n{words.check('', found.intake, found.counts, found.wrong)}"


def _list(ctx: Context, match: re.Match[str]) -> str:
    """移交名单: the workbook, to a lead in the single chat."""
    ctx.uow.flush()
    at, day = home(ctx), _day_of(ctx, match)
    if not may_handle(ctx, at) or not is_lead(ctx, at):
        return words.ONLY_LEAD.format(who=people_named(ctx, at))
    found = cases.handed_over(ctx.uow.session, day, at.unit, at.chat)
    if not found:
        return words.NOTHING_HANDED.format(day=words.day(day))
    content = handover.workbook(ctx.uow.session, found, 1 - settings_of(ctx.services).arrival_is_day)
    name = handover.file_name(day)
    ctx.notices.append(Notice(ctx.incoming.sender, name, purpose="case", form="file", media=content, file_name=name))
    said = words.HAND_LIST.format(day=words.day(day), count=len(found))
    return said + (words.DETAILS_SENT if in_group(ctx) else "")


def _import(ctx: Context, _match: re.Match[str]) -> str:
    return importing.confirm(ctx)


def _outcome(ctx: Context, _match: re.Match[str]) -> str | None:
    """`R58 未接`: the language wants a word that says what it is about."""
    from handlers.verification import verify  # noqa: PLC0415  (it builds on the cases, and this is its reader)

    at = written_at(ctx)
    text = f"核实 {ctx.reading.text}"
    again = language.read(Message(text, at, ctx.name, ctx.unit or None, "single"))
    records = [record for record in again.records if record.kind == "verification" and record.fields.get("ref")]
    return verify(ctx, records) if records else None


TABLE: tuple[tuple[re.Pattern[str], Callable[[Context, re.Match[str]], str | None]], ...] = (
    (_CLAIM, _claim),
    (_DAYS, _days),
    (_RELEASE_DAY, _release_day),
    (_WITH_REFS, _with_refs),
    (_CHECK, _check),
    (_LIST, _list),
    (_IMPORT, _import),
    (_OUTCOME, _outcome),
)
