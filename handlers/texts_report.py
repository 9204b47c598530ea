"""The sentences of reports. Every block carries its period; the head carries 截至."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from handlers import times
from handlers.reports.data import Period, Returnees, Snapshot
from handlers.reports.figures import Attendance, Sum
from handlers.texts import APPROX, KINDS

DIGEST = "日报"
SUMMARY = "汇总"
QUIET = "这段时间没有人报到岗、工作量或返京登记。"
WORK = "**工作量**"
NO_POST = "未写点位"
MOST_FINDINGS = 3
OTHER_KINDS = ("sign_up", "withdraw", "call_up", "leave", "enterprise", "supply")


def head(title: str, unit: str, period: Period, as_of: datetime) -> str:
    """Title, unit, period and 截至."""
    place = unit.rsplit("/", 1)[-1] if unit else "本群"
    days = times.span(period.first, period.last)
    until = f"{as_of.month}月{as_of.day}日{as_of:%H:%M}"
    return f"**{place} {title}**\n> 统计期：{days}（截至 {until}）"


def _former(period: Period) -> str:
    return "比昨天" if period.days == 1 else f"比前{period.days}天"


def _difference(now: float, before: float) -> str:
    gap = round(now - before, 1)
    return "持平" if gap == 0 else f"{'多' if gap > 0 else '少'}{times.plain(abs(gap))}"


def duty(now: Attendance, before: Attendance, period: Period) -> str:
    """Participations and people apart, hours, who is still there, against the period before."""
    unnamed = f"（其中{now.unnamed}人次未列名）" if now.unnamed else ""
    hours = f"，已记 {times.plain(round(now.hours, 1))} 小时" if now.hours else ""
    unknown = f"（{now.unknown}次没报时长）" if now.unknown else ""
    open_ = f"，{now.open} 人次还在岗" if now.open else ""
    change = f"{_former(period)}{_difference(now.participations, before.participations)}"
    return f"**值守** {now.participations} 人次{unnamed}，{len(now.people)} 人{hours}{unknown}{open_}；{change}"


def post(name: str, figures: Attendance) -> str:
    """One post's line."""
    return f"- {name or NO_POST}：{figures.participations} 人次，{len(figures.people)} 人"


def _value(value: float, most: float | None, approx: str, measure: str) -> str:
    upper = f"至{times.plain(most)}" if most is not None else ""
    return f"{APPROX.get(approx, '')}{times.plain(value)}{upper}{measure}"


def figure(now: Sum, before: Sum | None, period: Period) -> str:
    """One figure: of the period, against the one before, and the stated total apart."""
    parts = []
    if now.reports:
        change = f"（{_former(period)}{_difference(now.value, before.value)}）" if before and before.reports else ""
        parts.append(_value(now.value, now.most, now.approx, now.measure) + change)
    if now.total is not None:
        parts.append(f"累计{_value(now.total, None, now.total_approx, now.measure)}")
    return f"- {now.item} {'；'.join(parts)}"


def by_post(parts: Sequence[tuple[str, Sum]]) -> str:
    """Where a figure comes from, when it comes from several posts."""
    return "  " + "，".join(f"{name or NO_POST} {_value(s.value, s.most, s.approx, s.measure)}" for name, s in parts)


def returnees(found: Returnees, kinds: Counter[str]) -> str:
    """Registrations and calls."""
    calls = f"，电话核实 {kinds['verification']} 次" if kinds["verification"] else ""
    return f"**返京登记** {found.registered} 人，已抵京 {found.arrived} 人，待核实 {found.open} 人{calls}"


def health(now: Snapshot) -> str:
    """Health reports as counts; zero is said where it means something."""
    return f"**健康打卡** {now.health_reports} 人次，{now.health_people} 人，异常 {now.abnormal} 例"


def patrols(rounds: int, findings: Sequence[str]) -> str:
    """Rounds and findings."""
    shown = "；".join(f for f in findings[:MOST_FINDINGS] if f)
    return f"**巡查** {rounds} 轮，发现问题 {len(findings)} 个{f'：{shown}' if shown else ''}"


def others(kinds: Counter[str]) -> str:
    """Kinds that have no block of their own yet."""
    shown = [f"{KINDS[kind]} {kinds[kind]} 条" for kind in OTHER_KINDS if kinds[kind]]
    return f"**其他** {'，'.join(shown)}" if shown else ""
