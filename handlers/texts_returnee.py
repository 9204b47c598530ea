"""Every sentence about returnees. What a group may read names nobody: 张*（尾号1234） and the community, no more."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from handlers import masking, texts, times

STATES = {
    "registered": "待核实",
    "calling": "核实中",
    "waiting": "待回拨",
    "escalated": "待负责人定",
    "incomplete": "待补地址",
    "suspended": "未抵京挂起",
    "transferring": "转出待接收",
    "verified": "核实待核转",
    "observing": "观察中",
    "released": "期满解除",
    "ended": "提前结束",
    "transferred": "已转出",
    "cancelled": "已注销",
    "merged": "已合并",
    "undone": "已撤回",
}
ASKED_FOR = {
    "claim": "领取 5",
    "put_back": "放回 {ref}",
    "verify": "{ref} 核实无误",
    "fail": "{ref} 未接",
    "vague": "{ref} 地址不详",
    "suspend": "{ref} 未抵京 预计2月26日到",
    "send": "{ref} 区域选错 应为沙河镇",
    "accept": "接收 {ref}",
    "return": "退回 {ref} 原因",
    "leave": "转出 {ref}",
    "hand_over": "核转 {ref}",
    "extend": "延长 {ref} 3天 原因",
    "end": "解除 {ref} 原因",
    "cancel": "注销 {ref} 原因",
    "reopen": "重开 {ref}",
}
"""Step → what a person says to take it."""
ACTIONS = {
    "register": "登记",
    "claim": "领取",
    "put_back": "放回",
    "verify": "核实无误",
    "fail": "电话没打通",
    "escalate": "转负责人",
    "vague": "地址不详",
    "complete": "地址补全",
    "suspend": "未抵京挂起",
    "resume": "到了抵京日，回到待核实",
    "send": "转往外单位",
    "accept": "接收",
    "return": "退回",
    "leave": "已转出",
    "hand_over": "核转",
    "release": "期满解除",
    "end": "提前结束",
    "extend": "改解除日",
    "cancel": "注销",
    "reopen": "重开",
    "merge": "合并",
    "undo": "撤回登记",
    "change": "更正",
    "carry": "并入重复登记",
    "take_back": "撤回上一步",
}

ARRIVAL_UNKNOWN = "还不知道 {ref} 哪天抵京，核实时请带上日期，例如：{ref} 核实无误 2月23日抵京"
NOT_ARRIVED_YET = (
    "{ref} 的抵京日是 {day}，还没到。人没到请发：{ref} 未抵京 预计2月26日到；已经到了请发：{ref} 核实无误 {today}抵京"
)
WHICH_DAY = "{ref} 预计哪天到？请带上今天以后的日期，例如：{ref} 未抵京 预计2月26日到"
NOT_OVER = "{ref} 的观察期到 {day} 零点才满。提前结束请写原因，例如：解除 {ref} 已转集中隔离"
RELEASE_IN_PAST = "{ref} 改后的解除日是 {day}，已经过去了。要结束请发：解除 {ref} 原因"
REASON_MISSING = "请写上原因，例如：解除 {ref} 已转集中隔离、延长 {ref} 3天 同住人发热、注销 {ref} 不来了"
WHERE_TO = "{ref} 该转到哪里？例如：{ref} 区域选错 应为沙河镇"
NO_SUCH_CASE = "没找到 {who} 的返京登记，请核对编号，或写姓名加手机尾号，例如：张三 尾号1234 未接"
OUT_OF_REACH = "{ref} 不在本单位名下，这里不能处理。"
NOT_ALLOWED = "返京核实由本单位的志愿者在工作群里或单独找我来做；如需参加，请找：{who}。"
ONLY_LEAD = "这一步请负责人来定：{who}。"
NO_UNIT = "还不知道您在哪个单位，请先在工作群里跟我说句话，或请协调员绑定单位。"
NOTHING_TO_CLAIM = "现在没有可领取的：待核实的都有人在打，或还没到回拨时间。"
QUEUE_EMPTY = "**待核实** 没有了，都处理完了 👏"
ALREADY = "📋 {ref} 已登记过，没有重复记。"
UPDATED = "📋 {ref} 已登记过，更新了：{what}。"
DETAILS_SENT = "详情已单独发给您。"
ABNORMAL_ONE = "⚠️ 今天有 {count} 人次健康打卡异常，已单独告知负责人。"
NO_CASE_NOTE = "（没对上观察名单，先记下）"
IMPORT_WHERE = "请把表格单独发给我，不要发在群里：表里有个人信息。"
IMPORT_NONE = "没有等待导入的表格，请先把 xlsx 文件发给我。"
IMPORT_EXPIRED = "那份表格已超过30分钟，请重新发一次。"
FILE_NOT_READ = "文件没能下载（{why}），请重新发一次。"
NOT_A_WORKBOOK = "收到文件了。我只读 .xlsx 表格；登记表请另存为 xlsx 再发。"
PAIR_UNKNOWN = "请写两个编号，例如：合并 R58 R61 或 不是重复 R58 R61"
PAIR_SAME = "这是同一个编号，没什么可合并的。"
DISTINCT = "记住了：{first} 和 {second} 不是同一个人，以后不再提示。"
MERGED = "🔗 {second} 已并入 {first}，打卡和往来都跟过去了。"
NOTHING_HANDED = "{day} 没有核转的人员。"
HAND_LIST = "📎 {day} 核转名单，共 {count} 人。请妥善保管，用完删除。"
NONE_MISSING = "在观察的 {watched} 人今天都打过卡了 👏"
NONE_WATCHED = "现在没有在观察的人员。"
NOT_NEWEST = "{case} 在 {ref} 之后又有变动，不能只撤回中间一步；请直接说新的结果。"
UNDO_TOO_LATE = "{ref} 已经{state}，不能撤回登记。登记错了请发：注销 {ref} 原因"
SYSTEM = "系统"


def day(on: date | None) -> str:
    """2月23日."""
    return f"{on.month}月{on.day}日" if on else "未定"


def illegal(ref: str, state: str, action: str, possible: Sequence[str]) -> str:
    """Why a step is refused, and what can be done instead."""
    said = f"{ref} 现在是“{STATES[state]}”，不能{ACTIONS.get(action, action)}"
    ways = "；".join(ASKED_FOR[one].format(ref=ref) for one in possible)
    return f"{said}。可以：{ways}" if ways else f"{said}，已经办结。"


def masked(case: Any) -> str:
    """R58 张*（尾号1234）西贯市村: what a group may read."""
    community = (case.details or {}).get("community", "")
    shown = masking.person(case.name, case.phone) if case.name or case.phone else "（已清除）"
    return f"{case.ref} {shown}{community}"


def full(case: Any, fields: Mapping[str, Any], *, attempts: bool = True) -> str:
    """Everything that a caller needs, for a single chat."""
    head = f"**{case.ref} {case.name or '姓名未填'}** {case.phone or '电话未填'}（{STATES[case.state]}）"
    names = ("arrives_at", "trip", "origin", "address", "employer", "health", "symptoms", "isolation", "companions")
    lines = [f"- {texts.FIELDS[name]}：{texts.said(name, fields[name])}" for name in names if name in fields]
    missing = [texts.FIELDS[n] for n in ("arrives_at", "employer", "address", "health", "isolation") if n not in fields]
    if missing:
        lines.append(f"- 没填：{'、'.join(missing)}")
    if attempts and case.attempts:
        lines.append(f"- 已打 {case.attempts} 次")
    return "\n".join([head, *lines])


def claimed(cases: Sequence[Any], *, group: bool) -> str:
    """The answer to 领取."""
    refs = "、".join(case.ref for case in cases)
    return f"📞 已领取 {len(cases)} 人：{refs}。{DETAILS_SENT if group else ''}"


def call_sheet(shown: Sequence[str], refs: Sequence[str]) -> str:
    """The details of claimed cases and how to report the outcome."""
    how = f"打完请回我，例如：{refs[0]} 核实无误 已抵京 核转；{refs[0]} 未接；{refs[0]} 地址不详"
    return "\n".join(["**请逐一电话核实**：抵京时间、单位、详细地址、健康状况、隔离方式", *shown, how])


def queue(counts: Mapping[str, int], lines: Sequence[str], more: int) -> str:
    """The answer to 待核实."""
    total = sum(counts.values())
    head = "，".join(f"{STATES[state]} {number}" for state, number in counts.items() if number)
    tail = [f"……还有 {more} 人"] if more else []
    return "\n".join([f"**待核实** 共 {total} 人：{head}", *lines, *tail, "领取请发：领取 5"])


def queue_line(case: Any, owner: str, when: str) -> str:
    """One case of the queue."""
    words = [f"- {masked(case)}", STATES[case.state]]
    if case.attempts:
        words.append(f"打过{case.attempts}次")
    if owner:
        words.append(f"在{owner}手里")
    if when:
        words.append(when)
    return "，".join(words)


def outcome(ref: str, case: Any, said: str, extra: Iterable[str] = ()) -> str:
    """The answer to the outcome of a call. Names nobody: the reference is enough."""
    more = "".join(f"{word}。" for word in extra if word)
    return f"📞 {ref}：{case.ref} {said}。{more}"


def attempt(number: int, what: str) -> str:
    """第2次未接."""
    return f"第{number}次{what}"


def again_at(when: str) -> str:
    """When to call again."""
    return f"{when} 后再打，到时会回到待领取"


ESCALATED_NOTE = "多次没打通，已转负责人"
ASK_ADDRESS = "地址还缺{parts}，问清后请发：更正 {ref} 居住地址改为……"


def suspended(day_: date) -> str:
    """Until when a case rests."""
    return f"先挂起，{day(day_)} 自动回到待核实"


def observation(case: Any, number: int, length: int) -> str:
    """Both dates of an observation."""
    return (
        f"观察期 {day(case.arrived_on)}（抵京）起，今天第 {max(number, 0)}/{length} 天，{day(case.release_on)} 零点解除"
    )


def corrected(fields: Mapping[str, Any]) -> str:
    """Which fields the call corrected; not what they say: a group may read along."""
    names = "、".join(texts.FIELDS[name] for name in fields)
    return f"电话里更正了{names}，登记的原样留着" if names else ""


def possible_double(case: Any, others: Sequence[tuple[Any, str]]) -> str:
    """A possible double, with what to say about it."""
    reasons = {"phone": "电话相同", "name": "姓名相同、地址相近"}
    shown = "；".join(f"{masked(other)}（{reasons[reason]}）" for other, reason in others)
    first = others[0][0].ref
    return f"⚠️ {case.ref} 可能与 {shown} 是同一人：请回 合并 {first} {case.ref} 或 不是重复 {first} {case.ref}"


def escalation(cases: Sequence[str]) -> str:
    """To the lead, in a single chat."""
    return "\n".join(["⚠️ **多次没打通，请您定**：可再打、上门，或发 注销 R58 原因", *cases])


def transfer_offer(case: str, ref: str, source: str) -> str:
    """To the receiving unit's leads, in a single chat."""
    return f"📨 **{source} 转来 1 人**，请核对：\n{case}\n请回 接收 {ref} 或 退回 {ref} 原因"


def transfer_group(case: Any, source: str) -> str:
    """To the receiving unit's group."""
    return f"📨 {source} 转来 {masked(case)}，请负责人回 接收 {case.ref} 或 退回 {case.ref} 原因"


def transfer_outside(case: str, ref: str, place: str) -> str:
    """To the own lead where the other place has no group here."""
    how = f"对方接收后请回 转出 {ref}；没接收请回 退回 {ref} 原因"
    return f"📨 要转往 **{place}** 的 1 人，那边没有接入，请线下移交：\n{case}\n{how}"


def transfer_back(case: Any, reason: str, *, accepted: bool) -> str:
    """To the unit that sent it: what became of it."""
    if accepted:
        return f"✅ {masked(case)} 对方已接收。"
    return f"↩️ {masked(case)} 被退回：{reason or '没写原因'}，已回到待核实。"


def moved(case: Any, action: str) -> str:
    """The answer to a step that a command took."""
    return f"✅ {case.ref} {ACTIONS[action]}，现在是“{STATES[case.state]}”。"


def released_notice(lines: Sequence[str]) -> str:
    """To the lead at the end of observations."""
    return "\n".join(["**今天零点观察期满解除**", *lines, "需要继续观察请发：延长 R58 3天 原因"])


def released_line(case: Any, reported: int, length: int, *, worrying: bool) -> str:
    """One released person."""
    gap = f"，有 {length - reported} 天没打卡" if reported < length else ""
    return f"- {masked(case)}，打卡 {reported}/{length} 天{gap}{'，⚠️最近一次打卡异常，请确认' if worrying else ''}"


def released_self(case: Any) -> str:
    """To the returnee."""
    return f"🎉 您的观察期已满（{day(case.arrived_on)}抵京，{day(case.release_on)}零点解除），谢谢配合，祝平安！"


def remind_self(number: int, length: int, half: str) -> str:
    """To a returnee who has not reported."""
    return f"🌡 今天是观察第 {number}/{length} 天，{half}还没收到您的健康打卡。请回：36.5 无不适，或回“同昨天”"


def remind_volunteer(lines: Sequence[str]) -> str:
    """To a volunteer about the people in their hands."""
    return "\n".join([f"🌡 **您负责的 {len(lines)} 人今天还没打卡**，请联系：", *lines])


def remind_lead(lines: Sequence[str], unit: str) -> str:
    """To a lead about everybody who is still missing."""
    return "\n".join([f"🌡 **{unit} 还有 {len(lines)} 人今天没打卡**：", *lines])


def missing_line(case: Any, number: int, owner: str, *, group: bool) -> str:
    """One person who has not reported."""
    who = masked(case) if group else f"{case.ref} {case.name} {case.phone or ''}".rstrip()
    return f"- {who}，第{number}天{f'（{owner}负责）' if owner else ''}"


def missing(watched: int, lines: Sequence[str]) -> str:
    """The answer to 未打卡."""
    return "\n".join([f"**未打卡** {len(lines)} 人 / 在观察 {watched} 人", *lines])


def handover_due(counts: Mapping[str, int], lines: Sequence[str], overdue: int) -> str:
    """The reminder of the same-day hand-over, for a group."""
    head = "，".join(f"{STATES[state]} {number}" for state, number in counts.items() if number)
    late = f"，其中 {overdue} 人已超过当天" if overdue else ""
    return "\n".join([f"⏰ **当天登记当天核转**：还有 {sum(counts.values())} 人（{head}）{late}", *lines])


def owner_line(owner: str, refs: Sequence[str]) -> str:
    """Whose cases are open."""
    return f"- {owner or '还没人领取'}：{'、'.join(refs)}"


def own_open(lines: Sequence[str]) -> str:
    """To a volunteer: what is open in their hands."""
    return "\n".join([f"⏰ **您手里还有 {len(lines)} 人今天要核转**：", *lines])


def check(title: str, intake: int, counts: Mapping[str, int], wrong: Sequence[str]) -> str:
    """Intake = Σ of states, or where they do not match."""
    parts = " + ".join(f"{STATES[state]} {number}" for state, number in counts.items() if number) or "0"
    total = sum(counts.values())
    sign = "✓" if not wrong and total == intake else "✗"
    lines = [f"{title}登记 {intake} = {parts}（合计 {total}）{sign}"]
    if wrong:
        lines.append(f"对不上的：{'、'.join(wrong)}，请负责人看一看。")
    return "\n".join(lines)


CHECK_HEAD = "**返京人员对账** {unit}（截至 {until}）"
DIGEST_HEAD = "累计"


def history(case: Any, lines: Sequence[str]) -> str:
    """The life of a case."""
    return "\n".join([f"**{masked(case)}** 现在：{STATES[case.state]}", *lines])


def history_line(event: Any, actor: str, local: Any) -> str:
    """One step of a history."""
    number = f"（第{event.number}次电话）" if event.number else ""
    reason = (event.before or {}).get("reason", "")
    return f"- {local:%m-%d %H:%M} {actor or SYSTEM}：{ACTIONS[event.action]}{number}{f'，{reason}' if reason else ''}"


def import_plan(plan: Any, *, applied: bool) -> str:
    """What an import would do, or did."""
    verb = "已导入" if applied else "试读"
    head = (
        f"📥 {verb}：共 {plan.total} 行，新登记 {len(plan.fresh)}，已登记过 {plan.known}，不能导入 {len(plan.rejected)}"
    )
    lines = [f"- 第{row}行：{why}" for row, why in plan.rejected[: texts.MOST_LINES]]
    if len(plan.rejected) > texts.MOST_LINES:
        lines.append(f"……还有 {len(plan.rejected) - texts.MOST_LINES} 行不能导入")
    if not applied and plan.fresh:
        lines.append("确认无误请回：确认导入")
    return "\n".join([head, *lines])


def registered_self(case: Any, first: date, release: date) -> str:
    """What a returnee should know: both dates."""
    arrival = day(case.arrived_on or case.arrives_on)
    return f"观察从{arrival}抵京算起，{day(first)}是第1天，{day(release)}零点解除；请等志愿者电话核实。"


def day_mismatch(said: int, counted: int) -> str:
    """A stated day that cannot be."""
    return f"（按抵京日算今天是第{counted}天，您写的是第{said}天，已按第{counted}天记）"


def caught_up(number: int) -> str:
    """A report for an earlier day."""
    return f"（补记为第{number}天）"


def several(cases: Sequence[Any]) -> str:
    """Which of several people is meant."""
    shown = "、".join(masked(case) for case in cases[: texts.MOST_LINES])
    return f"有好几位对得上：{shown}。请用编号再说一遍。"


def field_names(names: Iterable[str]) -> str:
    """Fields in words."""
    return "、".join(texts.FIELDS.get(name, name) for name in names)


def clock(at: Any, today: date) -> str:
    """A moment in words."""
    return times.clock(at, today)


def excused(ref: str, cases: Sequence[Any], at: str | None, today: date) -> str:
    """The answer to the leave of somebody under observation."""
    shown = "、".join(masked(case) for case in cases)
    when = times.dated(at, today) if at else "今天"
    return f"📝 {ref} {shown} {when}请假，当天不催打卡。"
