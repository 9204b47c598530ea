"""What people read when they ask who has not come. Neutral: a group hears how many, those in charge alone who."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers import texts_report
from handlers.shifts import Slot, Standing
from handlers.texts_duty import quota, shift_words, shortened
from storage.daily_count import DutyCell

NOBODY_AT = "{post} 现在没有人报在岗。"
SOME_MISSING = "还没有到岗记录"
ABSENT_ALONE = "名单不在群里说，负责人单独问我：今天谁没来"
ABSENT_NO_PLAN = "没有排班，说不出谁没来。排了班就能对上，例如：排班 东门 8:00-20:00 张三、李四"
ALL_CAME = "排了班的人都有到岗记录 👍"


def turn_out(slot: Slot, state: Standing, as_of: datetime, *, named: bool) -> str:
    """东门（今天08:00–20:00）：应到 3 人，已到 2 人，1 人还没有到岗记录. `named`: says who."""
    shift = shift_words(slot, as_of.date())
    extra = f"，另有 {len(state.extra)} 人支援" if state.extra and slot.people else ""
    if not slot.people:  # a quota without names: whoever came is counted
        return f"- {shift}：需 {quota(slot.least, slot.most)}，已到 {len(state.extra)} 人"
    missing = f"，{len(state.missing)} 人{SOME_MISSING}" if state.missing else ""
    who = f"：{'、'.join(state.missing)}" if named and state.missing else ""
    late = f"，晚到 {len(state.late)} 人" if state.late else ""
    late += f"（{'、'.join(state.late)}）" if named and state.late else ""
    return f"- {shift}：应到 {len(slot.people)} 人，已到 {len(state.present)} 人{late}{extra}{missing}{who}"


def call_turn_out(ref: str, place: str, counts: tuple[int, int], missing: Sequence[str]) -> str:
    """Z1 孙河乡：应到 12 人，已到 11 人，1 人还没有到岗记录."""
    here, of = counts
    lacks = f"，{of - here} 人{SOME_MISSING}" if here < of else ""
    who = f"：{'、'.join(missing)}" if missing and lacks else ""
    return f"- {ref} {place or '招募'}：应到 {of} 人，已到 {here} 人{lacks}{who}"


def absent(lines: Sequence[str], came: DutyCell, day: date, as_of: datetime, *, ask_alone: bool) -> str:
    """The answer to 谁没来: shift by shift, or how many came where nothing was planned."""
    when = f"{day.month}月{day.day}日"
    here = f"到岗 {texts_report.number(came.participations)} 人次，{texts_report.number(len(came.people))} 人"
    if not lines:
        return f"{when}（截至 {texts_report.until(as_of)}）{here}；{ABSENT_NO_PLAN}"
    head_ = f"**{when}到岗情况**（截至 {texts_report.until(as_of)}）：{here}"
    good = [] if any(SOME_MISSING in line for line in lines) else [ALL_CAME]
    return "\n".join([head_, *shortened(lines), *good, *([ABSENT_ALONE] if ask_alone else [])])
