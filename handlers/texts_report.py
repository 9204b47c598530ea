"""The sentences of reports. Every block carries its period and 截至."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from handlers import times
from handlers.reports.data import WEEK, Child, Period, Snapshot
from handlers.reports.figures import (
    BACKLOG,
    CALLS,
    CHILDREN,
    DUTY,
    FORMS,
    GATE,
    HEALTH,
    OTHERS,
    PATROLS,
    RETURNEES,
    SUPPLIES,
    WORK,
)
from handlers.texts import APPROX, KINDS
from handlers.texts_patrol import STATES as FINDING_STATES
from handlers.texts_patrol import WAITS_FOR as FINDINGS_WAIT
from handlers.texts_returnee import STATES
from storage.daily_count import CountCell, DutyCell
from storage.daily_read import Figures
from storage.patrols import Waiting
from storage.report_facts import Call, Observed, Open
from storage.tables import Duty, Figure, RecordRow
from storage.tables_duty import SignUp
from storage.tables_patrols import Finding, PatrolRound, PatrolSlot

DIGEST = "日报"
WEEKLY = "周报"
MONTHLY = "月报"
SUMMARY = "汇总"
TITLES = {
    DUTY: "值守",
    WORK: "工作量",
    FORMS: "表单",
    GATE: "卡口",
    RETURNEES: "返京人员",
    HEALTH: "健康打卡",
    CALLS: "招募",
    PATROLS: "巡查",
    SUPPLIES: "企业与物资",
    OTHERS: "其他",
    BACKLOG: "待办",
    CHILDREN: "各单位",
}
BEFORE: Mapping[str, tuple[str, str]] = {
    "day": ("昨天", "前一天"),
    "week": ("上周", "前一周"),
    "month": ("上月", "前一个月"),
}
"""Kind of period → what came before it, where it ends today, and where it is over."""
SO_FAR: Mapping[str, str] = {"week_so_far": "上周同期", "month_so_far": "上月同期"}
QUIET = "这段时间没有人报到岗、工作量或返京登记。"
ALL_PLACES = "全部单位"
THIS_GROUP = "本群"
NO_POST = "未写点位"
HEADS = frozenset(("人", "名", "位"))
"""Measures of people, who are not added over days."""
MOST_SILENT = 30
MOST_DOUBLES = 5
OTHER_KINDS = ("leave",)
WAITS_FOR = {
    "registered": "等认领核实",
    "calling": "核实中",
    "waiting": "等回拨",
    "escalated": "等负责人定",
    "incomplete": "等补地址",
    "suspended": "等抵京",
    "transferring": "等对方接收",
    "verified": "等核转",
}
"""State of a case → whom or what it waits for."""


def place_name(place: str) -> str:
    """The last level of a place's path."""
    if not place:
        return ALL_PLACES
    return THIS_GROUP if place.startswith("@") else place.rsplit("/", 1)[-1]


def until(as_of: datetime) -> str:
    """2月23日22:00."""
    return f"{as_of.month}月{as_of.day}日{as_of:%H:%M}"


def head(period: Period, as_of: datetime) -> str:
    """Period and 截至."""
    return f"统计期：{times.span(period.first, period.last)}（截至 {until(as_of)}）"


def of_period(period: Period, as_of: datetime) -> str:
    """The period of a block, and until when it counts: with the day, where that is not the period's last."""
    moment = f"{as_of:%H:%M}" if as_of.date() == period.last else until(as_of)
    return f"{times.span(period.first, period.last)}，截至{moment}"


def of_moment(as_of: datetime) -> str:
    """The moment of a block about what is open."""
    return f"截至{until(as_of)}"


def number(value: float) -> str:
    """1,220 and 26.5."""
    rounded = round(value, 1)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.1f}"


def former(period: Period, today: date) -> str:
    """What a figure is held against: 昨天 and 上周 are said of today and of this week alone."""
    kind = period.kind(today)
    if kind.endswith("_so_far"):
        return SO_FAR[kind]
    if kind == "days":
        return f"前{period.days}天"
    lately, long_ago = BEFORE[kind]
    return lately if period.last == today else long_ago


def against(now: float, what: str, before: float) -> str:
    """比昨天多3, 比前7天少2.5, 与昨天持平."""
    gap = round(now - before, 1)
    return f"与{what}持平" if gap == 0 else f"比{what}{'多' if gap > 0 else '少'}{number(abs(gap))}"


def change(now: float, before: float, week: float | None, period: Period, today: date) -> str:
    """Against the period before and, for short ones, against the same days of the week before."""
    said = against(now, former(period, today), before)
    return f"{said}，{against(now, _last_week(period, today), week)}" if week is not None else said


def _last_week(period: Period, today: date) -> str:
    lead = "上周" if period.last == today else "前一周"
    return f"{lead}同{'日' if period.days == 1 else '期'}"


def since(first: date | None, period: Period) -> str:
    """（2月1日以来）, where figures began before the period."""
    return f"（{first.month}月{first.day}日以来）" if first and first < period.first else ""


def duty(found: Snapshot) -> str:
    """Participations and people apart, hours, who is still there, against before, and all since the first day."""
    now = found.now.duty
    unnamed = f"（其中{now.unnamed}人次未列名）" if now.unnamed else ""
    hours = f"，已记 {number(now.hours)} 小时" if round(now.hours, 1) else ""
    unknown = f"（{now.unknown}次没报时长）" if now.unknown else ""
    open_ = f"，{now.open} 人次还在岗" if now.open else ""
    began_by_then = found.first_day is not None and found.first_day <= found.period.last - WEEK
    week = found.week.duty.participations if found.week and began_by_then else None
    against = change(now.participations, found.before.duty.participations, week, found.period, found.today)
    against = f"；{against}" if found.has_past else ""
    began = since(found.first_day, found.period)
    total = f"；累计 {number(found.participations)} 人次{began}" if began else ""
    people = (
        f"{number(now.participations)} 人次{unnamed}，{number(len(now.people))} 人" if now.participations else "0 人次"
    )
    return f"到岗 {people}{hours}{unknown}{open_}{against}{total}"


def post(name: str, cell: DutyCell) -> str:
    """One post's line."""
    return f"{name or NO_POST}：{cell.participations} 人次，{len(cell.people)} 人"


def uncovered(names: Sequence[str]) -> str:
    """Posts without anybody."""
    return f"没有到岗记录的点位：{'、'.join(names)}（{len(names)}个）"


def summed(cell: CountCell | None, measure: str) -> str:
    """The measure of a sum. The same people may come on several days, so heads of several days are 人次."""
    return "人次" if cell is not None and cell.days > 1 and measure in HEADS else measure


def amount(cell: CountCell, measure: str) -> str:
    """A sum with its hedge and its upper end."""
    upper = f"至{number(cell.upper)}" if cell.ranged else ""
    return f"{APPROX.get(cell.hedge, '')}{number(cell.value)}{upper}{summed(cell, measure)}"


def _highest(cell: CountCell, measure: str) -> str:
    """Of heads of several days: how many there were on the highest."""
    return f"，最多的一天 {number(cell.highest)}{measure}" if summed(cell, measure) != measure else ""


def figure(found: Snapshot, name: str) -> str:
    """One figure: of the period, against before, and its total apart."""
    _, item, measure = name.split("|", 2)
    parts = []
    cell = found.now.whole.get(name)
    if cell and cell.reports:
        parts.append(amount(cell, measure) + _highest(cell, measure) + _against(found, name, cell))
    if name in found.totals and not _is_of_parts(found, name):
        value, hedge = found.totals[name]
        parts.append(f"累计{APPROX.get(hedge, '')}{number(value)}{measure}")
    elif cell and name in found.sums and found.sums[name].reports > cell.reports:
        parts.append(f"累计{amount(found.sums[name], measure)}")
    return f"{item} {'；'.join(parts)}"


def _is_of_parts(found: Snapshot, name: str) -> bool:
    """Whether what was stated as the total is less than what was counted: only some have stated theirs."""
    return name in found.sums and found.totals[name][0] < found.sums[name].value


def _against(found: Snapshot, name: str, cell: CountCell) -> str:
    if not found.compares:
        return ""
    before = found.before.whole.get(name)
    week = found.week.whole.get(name) if found.week else None
    words = []
    if before is not None:
        words.append(against(cell.value, former(found.period, found.today), before.value))
    if week is not None:
        words.append(against(cell.value, _last_week(found.period, found.today), week.value))
    return f"（{'，'.join(words)}）" if words else ""


def by_post(parts: Mapping[str, CountCell], measure: str) -> str:
    """Where a figure comes from, when it comes from several posts."""
    return "，".join(f"{name or NO_POST} {amount(cell, measure)}" for name, cell in parts.items())


def count(found: Snapshot, label: str, value: float, measure: str, before: float | None = None) -> str:
    """A counted thing: 登记 2 人（比昨天多1）."""
    what = former(found.period, found.today)
    other = f"（{against(value, what, before)}）" if before is not None and before != value else ""
    return f"{label} {number(value)} {measure}{other}"


def verification(found: Figures) -> str:
    """Calls made, cases found right, cases handed over."""
    calls, verified, handed = (found.value(name) for name in ("kind|verification", "case|verified", "case|handed"))
    if not (calls or verified or handed):
        return "还没有电话核实和核转"
    return f"电话核实 {calls} 次，核实无误 {verified} 人，核转 {handed} 人"


def observed(people: Observed, today: date) -> str:
    """Who is under observation, by day."""
    if not people.arrived:
        return "观察中 0 人"
    numbers = sorted((today - arrived).days for arrived in people.arrived)
    week = range(1, WEEK.days + 1)
    parts = {
        "当天到京": sum(n < 1 for n in numbers),
        "第1–7天": sum(n in week for n in numbers),
        "第8天以上": sum(n > WEEK.days for n in numbers),
    }
    spread = "，".join(f"{name} {n} 人" for name, n in parts.items() if n)
    ending = f"；今晚零点期满 {people.ending} 人" if people.ending else ""
    return f"观察中 {len(numbers)} 人（{spread}）{ending}"


def missing_today(people: Observed) -> str:
    """Whose health report has not come."""
    return f"今天没打卡 {people.missing} 人" if people.missing else "今天应打卡的都打了"


def health(found: Figures) -> str:
    """Health reports as counts; zero is said where it means something."""
    cell = found.whole.get("health")
    people, reports = (len(cell.members), cell.reports) if cell else (0, 0)
    abnormal = found.value("abnormal")
    return f"{reports} 人次，{people} 人；{f'异常 {abnormal} 例' if abnormal else '没有一例异常'}"


def rounds(found: Figures) -> str:
    """Rounds that were made, against those that were due."""
    due, done, missed = (found.value(f"round|{name}") for name in ("due", "done", "missed"))
    gap = f"，{missed} 轮没有记录" if missed else ""
    if open_ := due - done - missed:
        gap += f"，{open_} 轮在等记录"
    return f"巡查 {found.value('round')} 轮" + (f"；应巡 {due} 轮，已巡 {done} 轮{gap}" if due else "")


def findings(found: Figures) -> str:
    """What was found, put right and closed in a period."""
    new, fixed, closed_ = (found.value(name) for name in ("finding", "finding|fixed", "finding|closed"))
    if not (new or fixed or closed_):
        return "没有发现问题"
    return f"发现问题 {new} 处，整改 {fixed} 处，复查通过 {closed_} 处"


def call(one: Call) -> str:
    """A call-up that goes on."""
    came = f"，已到 {one.arrived} 人" if one.arrived else ""
    short = f"，还缺 {one.needed - one.signed} 人" if one.signed < one.needed else ""
    return f"{one.ref} {one.place or '招募'}：需 {one.needed} 人，报名 {one.signed} 人{came}{short}"


def signed_up(found: Figures) -> str:
    """Calls and sign-ups of a period."""
    return f"发起招募 {found.value('kind|call_up')} 次，报名 {found.value('kind|sign_up')} 条"


def other(kind: str, value: int) -> str:
    """Kinds that have no block of their own."""
    return f"{KINDS[kind]} {value} 条"


def backlog(one: Open, today: date) -> str:
    """Cases that wait: how many, for whom, how long the oldest."""
    age = (today - one.since).days
    old = f"，最早的已 {age} 天" if age else "，都是今天的"
    return f"返京{STATES[one.state]} {one.number} 人，{WAITS_FOR.get(one.state, '待办')}{old}"


def waiting_findings(some: Waiting, today: date) -> str:
    """Findings that wait: how many, for what, how long the oldest."""
    age = (today - some.since).days
    old = f"，最早的已 {age} 天" if age else "，都是今天的"
    return f"巡查问题 {some.number} 处，{FINDINGS_WAIT[some.state]}{old}"


def doubles(refs: Sequence[str]) -> str:
    """Records whose figures somebody else had told already, perhaps of the same work."""
    shown = "、".join(f"{ref}（重复 {ref} / 不重复 {ref}）" for ref in refs[:MOST_DOUBLES])
    more = f"，还有 {len(refs) - MOST_DOUBLES} 处" if len(refs) > MOST_DOUBLES else ""
    return f"可能重报 {len(refs)} 处：{shown}{more}"


def short_call(one: Call, today: date) -> str:
    """A call that lacks people."""
    age = (today - one.opened).days
    return f"{one.ref} 招募还缺 {one.needed - one.signed} 人{f'，已 {age} 天' if age else ''}"


def child(one: Child) -> str:
    """One line of a unit below."""
    now = one.figures
    parts = []
    if now.duty.participations:
        parts.append(f"到岗 {number(now.duty.participations)} 人次、{number(len(now.duty.people))} 人")
    works = [(name, cell) for name, cell in now.whole.items() if name.startswith("work|") and cell.reports]
    parts += [f"{n.split('|')[1]} {amount(c, n.split('|')[2])}" for n, c in sorted(works, key=by_size)[:3]]
    if made := now.value("round"):
        parts.append(f"巡查 {made} 轮")
    if registered := now.value("case|registered"):
        parts.append(f"登记返京 {registered} 人")
    if now.whole.get("health"):
        parts.append(f"健康打卡 {now.whole['health'].reports} 人次")
    if abnormal := now.value("abnormal"):
        parts.append(f"异常 {abnormal} 例")
    return f"{one.name}：{'；'.join(parts) or '有上报'}"


def post_cells(name: str, cell: DutyCell) -> tuple[str, ...]:
    """One post's row: name, 人次, 人, hours; a dash where nobody has told of any yet."""
    hours = number(cell.hours) if round(cell.hours, 1) else "—"
    return (name or NO_POST, number(cell.participations), number(len(cell.people)), hours)


def child_cells(one: Child) -> tuple[str, ...]:
    """One unit's row: name, 人次, 人, returnees registered, abnormal."""
    now = one.figures
    duty_ = (number(now.duty.participations), number(len(now.duty.people)))
    return (one.name, *duty_, number(now.value("case|registered")), number(now.value("abnormal")))


TABLE_HEADERS = {4: ("点位", "人次", "人", "小时"), 5: ("单位", "人次", "人", "登记", "异常")}
"""Number of cells → headings."""


def by_size(work: tuple[str, CountCell]) -> tuple[float, str]:
    """The greatest first."""
    return -work[1].value, work[0]


def silent(names: Sequence[str]) -> str:
    """Units that sent nothing: by name."""
    more = f"等{len(names)}个单位" if len(names) > MOST_SILENT else f"（{len(names)}个）"
    return f"没有上报：{'、'.join(names[:MOST_SILENT])}{more}"


def all_reported(number_: int) -> str:
    """Nobody is missing."""
    return f"{number_}个单位都已上报"


def opening(found: Snapshot) -> str:
    """2月23日，红石坎村: how the closing sentence begins."""
    return f"{times.span(found.period.first, found.period.last)}，{place_name(found.place)}"


def sent_out(cell: DutyCell) -> str:
    """People on duty, as the newspapers write it."""
    hours = f"，值守 {number(cell.hours)} 小时" if round(cell.hours, 1) else ""
    posts = f"，守好 {len(cell.posts)} 个点位" if cell.posts else ""
    return f"共派出志愿者 {number(len(cell.people))} 名、{number(cell.participations)} 人次{hours}{posts}"


DONE = "完成"


def done(name: str, cell: CountCell) -> str:
    """测温 206人次, behind 完成."""
    _, item, measure = name.split("|", 2)
    return f"{item.removeprefix(DONE)} {amount(cell, measure)}"


def came_back(found: Figures) -> str:
    """Returnees who were registered, and handed over."""
    handed = found.value("case|handed")
    return f"登记返京人员 {found.value('case|registered')} 名" + (f"，核转 {handed} 名" if handed else "")


def went_round(found: Figures) -> str:
    """Rounds and what came of them."""
    new, fixed = found.value("finding"), found.value("finding|fixed")
    rounds_ = f"开展巡查 {found.value('round')} 轮次"
    return f"{rounds_}，发现问题 {new} 处，整改 {fixed} 处" if new or fixed else f"{rounds_}，没有发现问题"


def healthy(found: Figures) -> str:
    """Health reports; zero is said where it means something."""
    if abnormal := found.value("abnormal"):
        return f"健康异常 {abnormal} 例"
    return "健康打卡没有一例异常" if found.value("gate|fever") else "没有一例健康异常"


CHANGED_HEAD = "**前面日报的更正**"
AMENDED = "🔁 **{place} {day} 补报**（截至 {until}）：{changes}"


def changed(label: str, old: float, new: float, measure: str) -> str:
    """测温 43→63人次."""
    return f"{label} {number(old)}→{number(new)}{measure}"


def changed_day(day: date, changes: Sequence[str]) -> str:
    """What a digest said of an earlier day and is different now."""
    return f"{day.month}月{day.day}日：{'，'.join(changes)}"


def waiting(lines: Sequence[str]) -> str:
    """The short text that notifies those who are expected to act."""
    return "请看待办：\n" + "\n".join(f"· {line}" for line in lines)


LAST_DAYS = "近{days}天到岗人次"
MOST_PER_DAY = "最多 {most} 人次"
ALL_FIGURES = "全部指标"


def columns(former_: str) -> tuple[str, str, str, str]:
    """Headings of the picture's table."""
    return "指标", "当天" if former_ in BEFORE["day"] else "本期", former_, "累计"


BARS_BY_UNIT = "各单位到岗人次"
BARS_BY_POST = "各点位到岗人次"

SHEET_FIGURES, SHEET_UNITS, SHEET_DUTY, SHEET_WORK, SHEET_RETURNEES, SHEET_NOTES = (
    ("指标", "按日按单位", "值守明细", "工作量明细", "返京人员", "说明")
)  # fmt: skip
FIGURE_COLUMNS = ("指标", "本期", "单位", "约数", "上期", "累计")
UNIT_COLUMNS = ("日期", "单位", "到岗人次", "到岗人数", "值守小时", "点位数")
DUTY_COLUMNS = ("编号", "日期", "单位", "点位", "姓名", "到岗", "离岗", "小时", "计入小时", "未列名", "状态")
WORK_COLUMNS = ("编号", "日期", "单位", "点位", "项目", "数量", "至多", "计量", "约数", "累计")
RETURNEE_COLUMNS = ("编号", "登记日期", "单位", "姓名", "电话", "住址", "状态", "抵京", "核转", "解除")
NOTE_COLUMNS = ("说明",)
IS_TOTAL = "累计"
DUTY_STATES = {"open": "在岗", "closed": "已离岗", "unreported": "没报离岗"}

# -- orders and questions ----------------------------------------------------------------------------------------------

KIND_WORDS = {"daily": "日报", "weekly": "周报（每周一，说上周）", "monthly": "月报（每月1日，说上月）"}
DAY_WORDS = {"": "每天", "workday": "工作日", "holiday": "节假日"}
ORDER_IN_GROUP = "请在群里说，报表发到哪个群就在哪个群里定时间。"
ORDER_REFUSED = "报表的时间和内容由负责人来定，请找：{who}。"
NO_CHANNEL = "本群还没有能推送的通道，请管理员在配置里给本群加 report_to，再来定时间。"
SECTIONS_ARE = "可以选的内容：{names}。例如：/日报 不要 招募；/日报 只要 值守 工作量"
STOPPED = "好的，本群不再自动发{kind}。想看随时发“汇总”；恢复请回：/日报 恢复"
RESUMED = "好的，恢复按默认时间发日报。"
SHOWN = "好的，以后报表里有：{names}。"
NO_REPORT_YET = "本群还没有发过报表，先发“汇总”，再用 /列 3 看第3条是哪些记录。"
WHICH_LINE = "请带上报表里的号，例如：/列 3"
NO_SUCH_LINE = "没有第 {number} 条，上一份报表共 {most} 条。"
LIST_HEAD = "**第{number}条** {line}\n共 {count} 条记录："
LIST_MORE = "…还有 {count} 条，发“导出”看全部。"
EXPORTED = "📎 {name} 马上发来，里面有联系方式，请妥善保管。"
EXPORTED_MASKED = "📎 {name} 马上发来，个人信息已隐去。"
EXPORT_REFUSED = "导出请在群里发，或者请负责人单独找我导。"
DUTY_WORDS = frozenset(("到岗", "值守", "在岗", "上岗", "人次", "出勤", "签到", "值班"))

PEOPLE_ASKED = "人数"
PEOPLE_MEASURES = frozenset(("人", "个人", "名", "位", "人次", "个志愿者", "志愿者"))
"""What follows 多少 or 几 where people are asked for."""
OTHER_FIGURES: Mapping[str, str] = {
    "巡查": "round",
    "发现问题": "finding",
    "返京登记": "case|registered",
    "返京人员": "case|registered",
    "登记返京": "case|registered",
    "核转": "case|handed",
    "解除观察": "case|released",
    "健康打卡": "health",
}
"""Words of a question → the figure that they name, beside the kinds of work."""
OTHER_LABELS: Mapping[str, tuple[str, str]] = {
    "round": ("巡查", "轮"),
    "finding": ("发现问题", "处"),
    "case|registered": ("返京登记", "人"),
    "case|handed": ("核转", "人"),
    "case|released": ("解除观察", "人"),
    "health": ("健康打卡", "人次"),
}
NO_RANKING = "值守不排名次，每一班都有人在出力，谢谢大家。看自己的请发：我的记录；看点位和单位的请发：汇总 本周"
NOT_KNOWN = (
    "没认出“{unknown}”。可以写时间、单位、点位、队伍和工作，先后随意，例如：汇总 本周 东门；汇总 红石坎村 测温 昨天。"
)
ASK_SO = "这个请直接发：{command}"
GROUP_HAS_NO_WORK = "工作量按点位和单位记，不按队伍记；看工作量请写单位或点位。"
MOST_POSTS = 12


def planned(kind: str, at: Sequence[str], days: str) -> str:
    """The answer to an order of times."""
    lead = "" if kind != "daily" else DAY_WORDS[days]
    rest = f"，只在{DAY_WORDS[days]}发" if kind != "daily" and days else ""
    return f"⏰ 好的，本群{KIND_WORDS[kind]}{lead} {'、'.join(at)} 发{rest}。停发请回：/日报 停"


def post_label(place: str, post: str) -> str:
    """红石坎村 东门, 红石坎村卡口; a chat without a unit has no name worth saying."""
    named = place.startswith("@") or not place or post.startswith(place_name(place))
    return post if named else f"{place_name(place)} {post}"


def asked(
    label: str, period: Period, as_of: datetime, duty_: DutyCell | None, cells: Mapping[str, CountCell | None]
) -> str:
    """What was asked of a place or post: duty where it was asked for, figures; zero is said, too."""
    said = [_asked_duty(duty_)] if duty_ is not None else []
    said += [_asked_figure(name, cell) for name, cell in cells.items()]
    return f"{label} {times.span(period.first, period.last)}（截至 {until(as_of)}）：{'，'.join(said)}。"


def _asked_duty(cell: DutyCell) -> str:
    if not cell.participations:
        return "还没有人报到岗"
    hours = f"，{number(cell.hours)} 小时" if round(cell.hours, 1) else ""
    open_ = f"，{cell.open} 人次还在岗" if cell.open else ""
    return f"到岗 {number(cell.participations)} 人次，{number(len(cell.people))} 人{hours}{open_}"


def _asked_figure(name: str, cell: CountCell | None) -> str:
    if name in OTHER_LABELS:
        label, measure = OTHER_LABELS[name]
        return f"{label} {number(cell.value if cell else 0)}{measure}"
    _, item, measure = name.split("|", 2)
    return f"{item} {amount(cell, measure) if cell else f'0{measure}'}"


def not_known(unknown: Sequence[str], posts: Sequence[str]) -> str:
    """Words of a question that name nothing here."""
    have = f"这里的点位有：{'、'.join(posts[:MOST_POSTS])}。" if posts else ""
    return NOT_KNOWN.format(unknown="、".join(unknown)) + have


MOST_BELOW = 40
NO_UNITS_BELOW = "本群下面没有别的单位。看本单位请发：汇总"


def below(place: str, period: Period, as_of: datetime, lines: Sequence[str]) -> str:
    """What was asked of the units right below a place."""
    lead = f"**{place_name(place)}各单位** {times.span(period.first, period.last)}（截至 {until(as_of)}）"
    more = [f"……共 {len(lines)} 行，全部的请发：导出"] if len(lines) > MOST_BELOW else []
    return "\n".join([lead, *lines[:MOST_BELOW], *more])


def asked_of_child(one: Child, names: Sequence[str] = (), *, duty_: bool = False) -> str:
    """红石坎村：测温 43人次."""
    cells = one.figures.whole
    said = [_asked_duty(one.figures.duty)] if duty_ else [_asked_figure(name, cells.get(name)) for name in names]
    return f"{one.name}：{'，'.join(said)}"


def group(path: str, period: Period, as_of: datetime, cell: DutyCell, post_: str = "") -> str:
    """Duty of a team or an employer, at one post where one is named."""
    open_ = f"，{cell.open} 人次还在岗" if cell.open else ""
    hours = f"，已记 {number(cell.hours)} 小时" if cell.hours else ""
    head_ = f"**{path.rsplit('/', 1)[-1]}{f' {post_}' if post_ else ''} 汇总**\n> {head(period, as_of)}"
    return f"{head_}\n到岗 {number(cell.participations)} 人次，{number(len(cell.people))} 人{hours}{open_}"


def listed_duty(row: Duty, starts: str, ends: str, twice: float = 0.0) -> str:
    """One period of duty. `twice`: hours that another report of the same person counts already."""
    more = f" 等{row.unnamed + 1}人" if row.unnamed else ""
    when = f" {starts}" + (f"–{ends}" if ends else "（在岗）" if row.state == "open" else "")
    hours = f" {number(row.hours)}小时" if row.hours else ""
    hours += f"（{number(twice)}小时和别的记录重叠，只计一次）" if round(twice, 1) else ""
    return f"{row.in_ref or row.out_ref} {row.person}{more} {row.post or NO_POST}{when}{hours}"


def listed_work(row: Figure, when: str) -> str:
    """One count."""
    most = f"至{number(row.most)}" if row.most is not None else ""
    total = "（累计）" if row.total else ""
    where = row.post or row.unit.rsplit("/", 1)[-1] or NO_POST
    return (
        f"{row.ref} {row.item} {APPROX.get(row.approx, '')}{number(row.value)}{most}{row.measure}{total} {where} {when}"
    )


def listed_case(ref: str, person: str, day: date, state: str) -> str:
    """One case."""
    return f"{ref} {person} {day.month}月{day.day}日登记，{state}"


def listed_health(ref: str, person: str, when: str, *, abnormal: bool) -> str:
    """One health report."""
    return f"{ref} {person} {when}{' 异常' if abnormal else ''}"


def listed_record(row: RecordRow, when: str) -> str:
    """One record of another kind: what it is, by whom, when."""
    return f"{row.ref} {KINDS[row.kind]} {row.reporter} {when}"


def listed_round(row: PatrolRound, when: str) -> str:
    """One round."""
    return f"{row.ref} 第{row.number}轮 {row.post}{' ' if row.post else ''}{when} {row.by}"


def listed_missed(row: PatrolSlot, when: str) -> str:
    """A due round that nobody told of."""
    return f"{row.post}{' ' if row.post else ''}{when} 没有记录"


def listed_finding(row: Finding, when: str) -> str:
    """One finding, with its state."""
    who = f"（{row.assignee}）" if row.assignee else ""
    return f"{row.ref} {row.post}{' ' if row.post else ''}{row.text} {when}发现，{FINDING_STATES[row.state]}{who}"


def listed_sign_up(place: int, row: SignUp) -> str:
    """One sign-up."""
    return f"{place}. {row.person}{f'+{row.extra}' if row.extra else ''}{'（已到）' if row.arrived else ''}"
