"""A message → what it means: normalise, command or list, sections, one reader per kind."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from handlers.language import (
    callup,
    commands,
    duty,
    enterprise,
    fixing,
    health,
    patrol,
    returnee,
    signup,
    supply,
    verification,
    work,
)
from handlers.language.counts import last_topic
from handlers.language.evidence import grade
from handlers.language.expressions import expression
from handlers.language.form_reader import apply_forms
from handlers.language.kinds import kind_of
from handlers.language.normalise import normalise
from handlers.language.questions import question_for
from handlers.language.scan import NO_CONTEXT, Context, Region, Scan
from handlers.language.sections import Section, divide
from handlers.language.slips import mend
from handlers.language.solitaire import Snapshot, read_snapshot
from handlers.language.sources import WHOLE, add_sources
from handlers.language.triggers import find_duty
from handlers.language.types import Message, Reading, Record

LONGEST = 262_144
"""Characters; a platform message has 2,048 bytes, a pasted list ten times that. What comes after is not read, and the
reading says so (`Reading.unread`)."""
THRESHOLD = 0.35
"""Below this a record is not returned; the bot asks instead."""
Reader = Callable[[Region, Context], list[Record]]
READERS: dict[str, Reader] = {
    "duty": duty.read_duty,
    "check_in": duty.read_duty,
    "check_out": duty.read_duty,
    "work": work.read_work,
    "patrol": patrol.read_patrol,
    "returnee": returnee.read_returnees,
    "health": health.read_health,
    "verification": verification.read_verifications,
    "sign_up": signup.read_sign_up,
    "withdraw": signup.read_withdraw,
    "call_up": callup.read_call_up,
    "leave": signup.read_leave,
    "enterprise": enterprise.read_enterprises,
    "supply": supply.read_supply,
    "undo": fixing.read_undo,
    "correction": fixing.read_correction,
    "repeat": fixing.read_repeat,
}
_CALL = expression(
    r"(?:同学|你好|您好|在吗|在么|助手|老师)*[,:!。 、~]+(?:你好|您好)?[,!。 ]*|(?:你好|您好)+[,!。 ]*|(?=我|俺|签到|"
    r"签退|到岗|离岗|上岗|下岗|收工|打卡|报名|巡查|核实|返京|来京|汇总|撤回|更正|请假|同昨天|导出)"
)
_SLASH = expression(r"^\s*/[^\d\s]")


def read(message: Message) -> Reading:
    """What `message` means. Never fails; what is not understood is an empty reading, with a question where the
    bot was addressed.
    """
    clean = normalise(message.text[:LONGEST], message.bot_names)
    text, called = _without_call(mend(clean.text), message.bot_names)
    addressed = clean.addressed or called or message.chat_type == "single" or bool(_SLASH.match(text))
    scan = Scan(text, message, addressed=addressed)
    unread = max(0, len(message.text) - LONGEST)
    if unread:
        scan.note(f"only the first {LONGEST} characters were read")
    if command := commands.read_command(scan):
        return Reading((), command, addressed, None, text, tuple(scan.notes), unread)
    snapshot = read_snapshot(text)
    records = _read_list(scan, snapshot) if snapshot is not None and snapshot.entries else _read_text(scan)
    records = apply_forms(scan, records)
    question = question_for(scan, records) if addressed else None
    return Reading(tuple(records), None, addressed, question, text, tuple(scan.notes), unread)


def warm_up() -> None:
    """Load what is loaded on first use, so that the first message of a running bot is as quick as the others."""
    read(Message("@小站 签倒 红石坎村卡口 昨晚8点到今早6点", datetime(2020, 2, 24, 8, tzinfo=UTC), "小站", "平谷区"))


def _traced(scan: Scan, records: list[Record], start: int, end: int, *, listed: bool = False) -> list[Record]:
    """The records that are sure enough, each with the words that made it."""
    kept = []
    for record in records:
        grade(scan, record, *record.sources.get(WHOLE, (start, end)), listed=listed)
        if record.confidence < THRESHOLD:
            scan.doubtful.append(record)
            scan.note(f"{record.kind}: confidence {record.confidence:.2f}")
            continue
        add_sources(scan, record, start, end)
        kept.append(record)
    return kept


def _without_call(text: str, bot_names: tuple[str, ...]) -> tuple[str, bool]:
    """Take the bot's name from the start (`小站:…`, `小站你好,…`); whether it was there."""
    for name in bot_names:
        if not text.startswith(name):
            continue
        while text.startswith(name * 2):
            text = text[len(name) :]
        if call := _CALL.match(text, len(name)):
            return text[call.end() :], True
    return text, False


def _read_text(scan: Scan) -> list[Record]:
    records: list[Record] = []
    for section in divide(scan):
        region = Region(scan, section.start, section.end)
        found = READERS[section.kind](region, NO_CONTEXT.but(kind=section.kind, sender=scan.message.sender))
        records += _traced(scan, found, section.start, section.end)
    return records


# ---- 接龙


def _read_list(scan: Scan, snapshot: Snapshot) -> list[Record]:
    """Every entry as if its author had sent it under the header."""
    header = Section(snapshot.header_start, snapshot.header_end, kind_of(snapshot.header))
    before = scan.text[: snapshot.header_start]
    context = _header(scan, header, before)
    records: list[Record] = []
    for entry in snapshot.entries:
        kind = _entry_kind(entry.content, context)
        if kind is None:
            scan.note("接龙: the header does not say what is reported")
            continue
        region = Region(scan, entry.start, entry.end)
        found = READERS[kind](region, context.but(kind=_duty_kind(kind, context)))
        records += _traced(scan, found, entry.start, entry.end, listed=True)
    return records


def _entry_kind(content: str, context: Context) -> str | None:
    own = kind_of(content)
    if own in ("withdraw", "leave"):
        return own
    if context.kind in ("check_in", "check_out") and own in ("duty", None):
        return "duty"
    if context.kind == "duty":
        return "duty"
    return context.kind or own or ("work" if re.search(r"\d+ ?(?:人次|户|辆|人|份|张|次)", content) else None)


def _duty_kind(kind: str, context: Context) -> str | None:
    if kind == "duty":
        return context.kind if context.kind in ("check_in", "check_out") else None
    return kind


def _header(scan: Scan, header: Section, before: str) -> Context:
    """Kind, post, day, shift, duty and round that the header gives to every entry."""
    text = scan.text[header.start : header.end]
    draft = duty.header_fields(Region(scan, header.start, header.end))
    kind = header.kind or draft.get("kind") or kind_of(before)
    if kind == "duty":
        kind = draft.get("kind") or next((t.kind for t in find_duty(before)), "check_in")
    if kind == "call_up":
        kind = "sign_up"
    if kind is None:
        kind = _kind_by_words(text)
    topic = supply.action_of(text) if kind == "supply" else last_topic(text)
    day = draft.get("day")
    observed = re.search(r"[Dd](\d{1,2})|第([0-9]{1,2})天", text)
    return Context(
        kind=kind, day=day, post=draft.get("post"), shift=draft.get("shift"), duty=draft.get("duty"),
        starts_at=draft.get("starts_at"), ends_at=draft.get("ends_at"), topic=topic,
        round_day=int(observed[1] or observed[2]) if observed and kind == "health" else None, entry=True, sender=None,
    )  # fmt: skip


def _kind_by_words(text: str) -> str | None:
    if re.search(r"测温数|工作量|数据|完成情况|报数|战果|统计|进度|人次|户数", text):
        return "work"
    if re.search(r"体温|健康|打卡", text):
        return "health"
    if re.search(r"报名|志愿者|参加|招募", text):
        return "sign_up"
    if re.search(r"值守|值班|在岗|执勤|上岗", text):
        return "check_in"
    return None
