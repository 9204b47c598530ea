"""What people read about posts, duty, plans and hours. Neutral: a group hears how many, the person and the lead who."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from handlers import times
from handlers.hours import Hours
from handlers.shifts import Slot, Standing
from handlers.texts import MOST_LINES, SHIFTS

ACTIONS = {
    "report": "报到岗离岗",
    "sign_up": "报名",
    "call_up": "发起招募",
    "swap_own": "替班",
    "plan": "排班",
    "swap_any": "安排替班",
    "approve": "审批补签",
    "confirm_hours": "确认工时",
    "manage_call_up": "管理招募",
    "certificate_any": "开别人的工时证明",
    "patrol_plan": "定巡查计划",
    "assign_finding": "指派问题",
    "recheck": "复查问题",
    "allocate": "分配物资",
    "issue_pass": "发证",
    "void_pass": "作废出入证",
    "see_gate": "看进出明细",
    "notify": "发通知",
    "change_any": "改别人的记录",
    "bind": "绑定",
    "name_lead": "任命卡口长",
    "name_coordinator": "任命协调员",
    "name_administrator": "任命管理员",
}
ROLES = {"lead": "负责人", "coordinator": "协调员", "administrator": "管理员"}
ROLE_WORDS: Mapping[str, str] = {
    "卡口长": "lead",
    "点位长": "lead",
    "负责人": "lead",
    "队长": "lead",
    "领队": "lead",
    "组长": "lead",
    "协调员": "coordinator",
    "管理员": "administrator",
}
"""What people call a role → its name in the books."""

REPEATED = "{person}这段在岗已记过（{ref}，{start}起），不重复记。"
UPDATED = "{person}的在岗时间已更新。"
MOVED = "{post}记到 {end}；如果不对请回：更正 {ref} 结束时间改为 …"
LEFT_OPEN = "{person} {start} 在{post}那一班还没报离岗，时间先空着；记得的话请回：更正 {ref} 结束时间改为 …"
OUT_REPEATED = "{person} {end} 离岗已记过（{ref}），不重复记。"
NO_START = "没找到对应的到岗，时长先空着；记得的话请补：更正 {ref} 开始时间改为 …"
FOUND_START = "和已报的离岗对上了，共{hours}小时。"
REST_NIGHT = "😴 {person}离上一个夜班结束不到{hours}小时，请先保证休息，有需要可以找人替班。"
LONG = "已连续在岗超过{hours}小时，辛苦了，记得休息。"
LONG_MOVE = "😴 {person}已连续在岗超过{hours}小时，请尽快找人接班，先休息。"
PLAN_TIGHT = "😴 {person}：{first} 与 {second} 之间不到{hours}小时休息，请考虑换人或错开。"
PLAN_LONG = "😴 {person}：{first} 连着 {second}，超过{hours}小时，请考虑分成两班。"
NO_LENGTH = (
    "{ref} 会变成 {start} 到岗、{end} 离岗，时间对不上，先不改。"
    "请带上日期再说一次，例如：更正 {ref} 结束时间改为昨天18:00"
)
PENDING = "这是补报，已请负责人确认（{ref}）。"
APPROVAL_ASKED = "📌 {by}补报：{ref} {people} {when} {post}。\n同意请回：同意 {ref}；不同意请回：不同意 {ref}"
APPROVED = "✅ {ref} 补签已通过。"
REJECTED = "{ref} 补签未通过，已撤下；如有疑问请和负责人说一声。"
NO_APPROVAL = "{ref} 没有待确认的补签或替班。"
APPROVAL_TOLD = "{ref} 的补签{verdict}。"
NO_WAITING = "没有待确认的补签。"
HANDED = "🤝 {post}{leaver} → {taker}，{at} 交接完成。"
HAND_HOW = "请这样说：接张三的班 东门"

NOBODY_ON_DUTY = "现在没有人报在岗。"
GAPS_NONE = "今天到现在没有空档，接下来 {hours} 小时的班也都排齐了。👍"
GAPS_NO_PLAN = "还没有排班和点位计划。可以说：排班 东门 夜班 20:00-8:00 张三、李四，或导入点位表。"
GAPS_BY_UNIT = "看一个单位今天的全部空档请发：空岗 {unit}"
PLAN_HOW = (
    "请这样说：排班 东门 夜班 20:00-8:00 张三、李四 2月24日；或：排班 红民村社区 11月7日至14日 9:30-20:00 每天6至9名"
)
PLANS_NONE = "还没有排班。" + PLAN_HOW
SWAP_HOW = "请这样说：替班 李四替张三 2月24日夜班"
SWAP_NO_SLOT = "没找到{leaver}{day}的班，请核对一下日期和姓名。"
SWAP_BUSY = "{substitute}那个时间已有别的班，请换一位。"
SWAP_ASKED = "🔁 {ref} 请{substitute}替{leaver}值 {shift}，请{substitute}回：同意 {ref}"
SWAP_DONE = "🔁 {ref} 已换好：{shift} 由{substitute}替{leaver}。"
SWAP_DECLINED = "{ref} 替班没有换成，{shift} 还是{leaver}。"
ONLY_SUBSTITUTE = "这要{substitute}本人或负责人来回复。"
LEAVE_NOTED = "📝 {ref} 请假：{people}，{days}。{gap}"
LEAVE_GAP = "空出的班已告诉负责人。"
LEAVE_TOLD = "📌 {people}{days}请假，{shifts} 还差人，可以安排替班。"
REMIND = "⏰ {name}，{shift} 您值班，辛苦了，路上注意安全。不能来请回：请假 或 替班。"
REMIND_GROUP = "⏰ {shift}：{people}，请提前到位。"
LATE_PERSON = "{name}，{shift} 还没有您的到岗记录。到了请回“到岗 {post}”；来不了回一声，我们来安排。"
LATE_LEAD = "📌 {shift} 还没有 {people} 的到岗记录{told}，可以联系一下或安排替班。"
LATE_TOLD = "（已单独提醒本人）"
EMPTY_POST = "📌 {post} {since} 起没有在岗记录，能到的同志请接一下，到了回“到岗 {post}”。"
GAP_AHEAD = "📌 {shift} 还差 {short} 人，能来的同志请回“报名”或联系负责人。"
ASK_OUT = (
    "{name}，{start} 在{post}到岗后还没有离岗记录。已经结束请回：离岗 {post} 几点；还在岗可以不回，辛苦了。"
    "{hours}小时内没有消息就按“未报离岗”记，不算时长，之后还能补。"
)
CONFIRMED = "✅ 已确认 {periods} 次在岗，共 {hours} 小时（{people} 人）。"
NOTHING_TO_CONFIRM = "没有待确认的工时。"
OWN_NOT_CONFIRMED = "（您本人的 {periods} 次要由别的负责人确认）"
CERTIFICATE_SENT = "工时证明所需信息已单独发给您（{person}，{total} 小时）。"
NO_HOURS = "{person}在{period}没有可以开证明的工时。"

GRANT_HOW = "请这样说：任命 刘桂英 卡口长 红石坎村卡口；或：任命 刘桂英 协调员"
GRANTED = "好的，{name}现在是{unit}{post}的{role}。"
REVOKED = "好的，{name}不再是{unit}的{role}。"
NO_ROLE = "{name}在这里没有这个角色。"
NOBODY_IN_CHARGE = "这里还没有登记负责人，请系统管理员先登记。"
IN_CHARGE = "{unit}的负责人：{people}。"


class StreetLike(Protocol):
    """What is needed of a unit right below a district."""

    name: str
    due: int
    empty: list[str]
    short: int


def refused(action: str, people: Sequence[str]) -> str:
    """A refusal says whom to ask."""
    what = ACTIONS.get(action, "这件事")
    if not people:
        return f"{what}需要负责人来做；这里还没有登记负责人，请系统管理员先登记。"
    return f"{what}需要负责人来做，请找：{'、'.join(people[:5])}。"


def shift_words(slot: Slot, today: date) -> str:
    """东门夜班（今天20:00–明天08:00）."""
    start = times.clock(slot.starts, today)
    end = slot.ends.strftime("%H:%M") if slot.ends.date() == slot.starts.date() else times.clock(slot.ends, today)
    lead = "今天" if slot.starts.date() == today else ""
    return f"{slot.post or '值守'}{SHIFTS.get(slot.shift, '')}（{lead}{start}–{end}）"


def roster(lines: Sequence[str], people: int, posts: int, as_of: datetime) -> str:
    """The head of the list of people on duty."""
    head = f"**在岗** {people} 人，{posts} 个点位（截至 {as_of.month}月{as_of.day}日{as_of:%H:%M}）"
    return "\n".join([head, *shortened(lines)])


def shortened(lines: Sequence[str], most: int = MOST_LINES + 4) -> list[str]:
    """A list that a chat can bear, with the number of what was left out."""
    return list(lines) if len(lines) <= most else [*lines[:most], f"……共 {len(lines)} 行。"]


def post_line(post: str, people: Sequence[str], more: int, need: str) -> str:
    """东门：张三、李四等3人（应到2人）."""
    names = "、".join(people)
    tail = f"等{len(people) + more}人" if more else ""
    return f"- {post or '未写点位'}：{names}{tail}{need}"


def quota(least: int, most: int | None) -> str:
    """6人, or 6至9人."""
    return f"{least}至{most}人" if most is not None and most != least else f"{least}人"


def stretch(start: datetime, end: datetime, today: date) -> str:
    """02:00–02:40, with the day where it is another one."""
    until = end.strftime("%H:%M") if end.date() == start.date() else times.clock(end, today)
    return f"{times.clock(start, today)}–{until}"


def gaps(past: Iterable[str], ahead: Iterable[str], as_of: datetime) -> str:
    """Where nobody was, and what the next shifts lack."""
    lines = [f"**空岗与缺口**（截至 {as_of.month}月{as_of.day}日{as_of:%H:%M}）", *past, *ahead]
    return "\n".join(shortened(lines))


def gap_past(post: str, stretches: Sequence[str], hours: float) -> str:
    """Hours of a post in which nobody reported to be there."""
    return f"- {post}：{'，'.join(stretches)} 没有在岗记录，共 {times.plain(hours)} 小时"


MOST_STREETS, MOST_EMPTY, MOST_SHIFTS = 20, 10, 5
"""So many of each are named in the overview of a district: with them it stays within one message."""
NAMED = 3


def overview(
    streets: Sequence[StreetLike], empty: Sequence[tuple[str, datetime]], ahead: Sequence[Slot], as_of: datetime
) -> str:
    """What a district lacks. `streets`, `empty` posts with the time since when, and shifts `ahead`: the worst first."""
    bad = [street for street in streets if street.empty or street.short]
    good = f"；{len(streets) - len(bad)} 个单位没有空岗" if len(bad) < len(streets) else ""
    lines = [
        f"**空岗与缺口**（截至 {as_of.month}月{as_of.day}日{as_of:%H:%M}）",
        f"现在应有人的点位 {sum(street.due for street in streets)} 个，没有在岗记录的 {len(empty)} 个{good}",
        *[_street(street) for street in bad[:MOST_STREETS]],
    ]
    lines += [f"……还有 {len(bad) - MOST_STREETS} 个单位"] if len(bad) > MOST_STREETS else []
    lines += ["**空得最久的点位**"] if empty else []
    lines += [f"- {post}：{times.clock(since, as_of.date())} 起" for post, since in empty[:MOST_EMPTY]]
    lines += ["**接下来缺人最多的班**"] if ahead else []
    lines += [f"- {shift_words(slot, as_of.date())}：还差 {slot.short} 人" for slot in ahead[:MOST_SHIFTS]]
    named = next((street.name for street in bad if street.name), "")
    return "\n".join([*lines, GAPS_BY_UNIT.format(unit=named)] if named else lines)


def _street(street: StreetLike) -> str:
    """金海湖镇：空 2/40 个（北门、西门），接下来还差 3 人."""
    more = "等" if len(street.empty) > NAMED else ""
    names = f"（{'、'.join(street.empty[:NAMED])}{more}）" if street.empty else ""
    short = f"，接下来的班还差 {street.short} 人" if street.short else ""
    return f"- {street.name or '本级点位'}：空 {len(street.empty)}/{street.due} 个{names}{short}"


def gap_ahead(shift: str, short: int, need: str, planned: int) -> str:
    """A shift that lacks people."""
    return f"- {shift}：需{need}，已排 {planned} 人，还差 {short} 人"


def shift_state(shift: str, slot: Slot, state: Standing) -> str:
    """A shift that runs: numbers only."""
    due, here = len(slot.people), len(state.present)
    if not due:  # a quota without names: whoever came is counted
        return f"- {shift}：需 {quota(slot.least, slot.most)}，已到 {len(state.extra)} 人"
    late = f"，其中晚到 {len(state.late)} 人" if state.late else ""
    extra = f"，另有 {len(state.extra)} 人支援" if state.extra else ""
    missing = f"，{len(state.missing)} 人还没有到岗记录" if state.missing else ""
    return f"- {shift}：应到 {due} 人，已到 {here} 人{late}{missing}{extra}"


def planned(ref: str, post: str, shift: str, days: str, clock: str, need: str, people: Sequence[str]) -> str:
    """The answer to a roster."""
    names = f"，{'、'.join(people)}" if people else ""
    word = SHIFTS.get(shift, "")
    return f"🗓 {ref} 排班：{post}{word} {days} {clock}，每天需 {need}{names}。"


def plan_line(ref: str, slot: Slot, today: date) -> str:
    """One shift of the plan."""
    names = "、".join(slot.people) or "还没排人"
    short = f"，还差 {slot.short} 人" if slot.short else ""
    return f"- {ref} {shift_words(slot, today)}：{names}（需{quota(slot.least, slot.most)}{short}）"


def account(hours: Hours) -> str:
    """The figures of an hours account."""
    night = f"，其中夜间 {times.plain(hours.night)} 小时" if hours.night else ""
    done = f"，已确认 {times.plain(hours.confirmed)} 小时" if hours.total else ""
    waiting = f"；{hours.waiting} 次补签待确认" if hours.waiting else ""
    unknown = f"；{hours.unknown} 次没有时长" if hours.unknown else ""
    return f"在岗 {hours.periods} 次，共 {times.plain(hours.total)} 小时{night}{done}{waiting}{unknown}"


def period_line(ref: str, day: date, post: str, clock: str, hours: float | None, state: str) -> str:
    """One duty period of a person's own list."""
    length = f" {times.plain(hours)}小时" if hours is not None else ""
    return f"- {ref} {day.month}月{day.day}日 {post or '未写点位'} {clock}{length}{STATES.get(state, '')}"


STATES = {"open": "（在岗）", "unreported": "（未报离岗）", "pending": "（补签待确认）", "confirmed": "（已确认）"}


def mine(
    name: str, days: int, figures: str, periods: Sequence[str], others: Sequence[str], plans: Sequence[str]
) -> str:
    """A person's own books."""
    lines = [f"**{name}的记录**（近{days}天）：{figures}", *periods]
    if plans:
        lines += ["接下来的班：", *plans]
    if others:
        lines += ["最近报的：", *others]
    return "\n".join(lines)


def certificate(rows: Mapping[str, str]) -> str:
    """What 民政部令第67号 asks of a certificate."""
    return "\n".join(["**志愿服务记录证明信息**", *(f"{label}：{value}" for label, value in rows.items())])
