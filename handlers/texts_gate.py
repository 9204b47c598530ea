"""The sentences of the gate. A group reads the family name and a star, 京A***45 of a plate, no temperature, no door."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from handlers import masking, times
from handlers.gate.departure_words import UNDECIDED
from handlers.gate.pass_words import VEHICLE
from storage.tables_gate import Departure, DepartureCall, GateEntry, Pass

DIRECTIONS = {"in": "进", "out": "出", "": ""}
PROBLEMS = {
    "red": "红码",
    "yellow": "黄码",
    "popup": "弹窗",
    "no_proof": "没有核酸证明",
    "expired": "核酸证明过期",
    "star": "行程码带星",
    "refused": "拒绝查验",
    "other": "查验异常",
}
ACTIONS = {
    "sent_back": "劝返",
    "retest": "引导复测",
    "hospital": "送医",
    "community": "移交社区",
    "held": "隔离等待",
    "released": "放行",
}
CARDS = {"resident": "居民证", "vehicle": "车证"}
PASS_STATES = {"active": "有效", "void": "已作废", "replaced": "已补办换新"}
FACTS = {
    "left_at": "离京时间",
    "transport": "交通工具",
    "arrived_at": "到达时间",
    "normal": "身体有无异常",
    "returns": "预计返京时间",
}
TRANSPORT = {"train": "火车", "plane": "飞机", "car": "自驾", "coach": "大巴", "other": "其他"}
OUTCOMES = {"reached": "接通", "no_answer": "未接", "refused": "拒接", "unreachable": "空号或关机", "": ""}

ASK_DIRECTION = "是进还是出？请这样发：登记 进 {who}36.5 从河北保定来"
ASK_TEMPERATURE = "体温“{said}”不像，先不记。请核对后再发一次，例如：登记 {direction} 张某 36.5"
ASK_LINE = "第{line}行没看懂，请一行一位，例如：张某 36.5 京A12345"
ASK_WHO = "登记的是哪位、哪辆车？请这样发：登记 {direction} 张某 京A12345 36.5 从河北保定来"
FEVER_TODO = (
    "请马上：①请本人到临时隔离区，戴好口罩，原地等候；②10分钟后用水银体温计复测；③复测仍高就报社区和发热门诊，"
    "不让自行离开；④登记同行的人，消毒接触过的物品。处理好请回：处置 {ref} 移交社区（或：送医、放行）"
)
TOLD = "其他情况已单独告知负责人。"
TOLD_NOBODY = "本卡口还没有登记负责人，请直接电话报告，并按规程处置。"
HOW_HANDLED = "怎么处置的请回：处置 {ref} 劝返（或：引导复测、移交社区、送医、放行）"
HANDLED = "✅ {ref} 处置：{action}，记下了。"
WHICH_ACTION = "没看懂怎么处置的，请这样发：处置 {ref} 劝返（或：引导复测、移交社区、送医、放行）"
NO_ENTRY = "没找到 {ref}，请核对一下编号。"
NO_ENTRIES = "今天还没有{what}。"
DETAILS_ALONE = "明细已单独发给您。"
NOT_HERE = "请在群里发，或者先在所在的群里报一次到岗，我就知道您在哪个卡口了。"

HOW_TO_ISSUE = (
    "请写清给谁：发证 居民 张某 3号楼2单元501；车证：发车证 京A12345 李某。成批发的纸质证只报张数：发放出入证20张"
)
HOUSEHOLD_MISSING = "居民证要写门牌：发证 居民 {who} 3号楼2单元501"
PLATE_MISSING = "车证要写车牌：发车证 京A12345 {who}"
NOTHING_ASKED = "没有等您确认的发证，请重新发：发证 居民 张某 3号楼2单元501"
WHICH_CARD = "请写证号、车牌或门牌：{word} 12号，{word} 京A12345，{word} 3号楼2单元501"
NO_CARD = "没有找到对应的证，请核对证号、车牌或门牌。"
SEVERAL = "有 {count} 张，请写证号：\n{lines}"
NOT_VALID = "{number} {state}，不用再办了。"
UNTIL_WHEN = "请写到哪天：续期 {number}号 到3月31日，或：续期 {number}号 30天"
EMPTY_REGISTER = "还没有发过证。发证请这样：发证 居民 张某 3号楼2单元501；发车证 京A12345 李某"

NO_DEPARTURES = "离京人员的电话都打完了。"
WHO_IS_IT = "是哪位离京人员？请写编号（如 Q3 未接）、姓名或尾号；新登记请发：离京 张某 13800001234"
SEVERAL_PEOPLE = "有好几位，请写编号：{refs}"
NO_SUCH_DEPARTURE = "没找到 {ref}，请核对一下编号。"
NOTHING_TOLD = "这通电话结果怎么样？例如：{ref} 未接；{ref} 2月10日离京 坐火车 当天20点到武汉 无异常 预计3月1日返京"
NO_LINES = "名单里没有认出人，请每行一位：张某 13800001234"
NOT_ALLOWED = "离京人员的信息只有本群工作人员能看，请找：{who}。"


def plate(number: str | None) -> str:
    """京A12345 → 京A***45."""
    return f"{number[:2]}***{number[-2:]}" if number else ""


def _listed(words: Sequence[str]) -> str:
    return "，".join(word for word in words if word)


# -- entries -----------------------------------------------------------------------------------------------------------


def entry(row: GateEntry, *, group: bool) -> str:
    """What a record says: masked for a group, whole for whoever may see it. Whose code is not in order, no group
    hears.
    """
    fields = row.details
    if group:
        who = masking.name(row.person) if row.person and not row.problem else ""
        words = [DIRECTIONS[row.direction], who, plate(row.plate)]
    else:
        heat = f"{fields['temperature']:g}℃" if "temperature" in fields else ""
        way = [f"从{fields['origin']}来" if "origin" in fields else ""]
        way += [f"到{fields['destination']}" if "destination" in fields else ""]
        words = [DIRECTIONS[row.direction], row.person or "", fields.get("phone", ""), row.plate or "", heat, *way]
    heads = f"{row.heads}人" if row.heads > 1 else ""
    return _listed([*words, PROBLEMS.get(row.problem, ""), heads, ACTIONS.get(row.action, ""), row.post])


def entered(rows: Sequence[GateEntry], *, group: bool, told: bool, reached: bool) -> str:
    """The answer to records."""
    lines = [f"{'⚠️' if row.problem else '🚧'} {row.ref} 已登记：{entry(row, group=group)}。" for row in rows]
    open_ = [row.ref for row in rows if row.problem and not row.action]
    more = [HOW_HANDLED.format(ref=open_[0])] if open_ else []
    if told:
        more.append(TOLD if reached else TOLD_NOBODY)
    return "\n".join([*_shortened(lines), *more])


def _shortened(lines: Sequence[str], most: int = 8) -> list[str]:
    return list(lines) if len(lines) <= most else [*lines[:most], f"……共 {len(lines)} 条，都已记下。"]


def fever_alert(row: GateEntry, place: str, reporter: str, at: str) -> str:
    """To whoever leads the post, alone: whom it is about and what is to be done."""
    where = row.post or place or "本群卡口"
    head = f"🌡 **{where} 体温异常**（{at}，{reporter}报）"
    return "\n".join([head, f"{row.ref} {entry(row, group=False)}", FEVER_TODO.format(ref=row.ref)])


def listing(title: str, lines: Sequence[str], count: int) -> str:
    """A list of entries."""
    return "\n".join([f"**{title}**（{count}条）", *lines])


def entry_line(row: GateEntry, clock: str, *, group: bool) -> str:
    """One line of a list."""
    return f"- {row.ref} {clock} {entry(row, group=group)}"


def gate_figures(place: str, when: str, lines: Sequence[str]) -> str:
    """进出: the gate's own figures."""
    return "\n".join([f"**{place} 卡口进出**（{when}）", *lines])


# -- passes ------------------------------------------------------------------------------------------------------------


def number(value: int) -> str:
    """0012号."""
    return f"{value:04d}号"


def pass_words(row: Pass, *, group: bool) -> str:
    """What a pass says."""
    if group:
        words = [masking.name(row.holder) if row.holder else "", plate(row.plate)]
    else:
        words = [row.holder or "", row.plate or "", row.details.get("address", ""), row.details.get("phone", "")]
    until = f"有效至{last_day(row)}" if row.valid_until else ""
    return _listed([f"{number(row.number)} {CARDS[row.kind]}", *words, until])


def last_day(row: Pass) -> str:
    """3月31日, 2021年2月1日: with its year where that is not the year of issue, lest a slip of the pen looks right."""
    until = row.valid_until or row.issued_on
    return day(until) if until.year == row.issued_on.year else f"{until.year}年{day(until)}"


def day(on: date) -> str:
    """3月31日."""
    return f"{on.month}月{on.day}日"


def state(row: Pass, today: date) -> str:
    """有效, 已过期, 已作废."""
    if row.state == "active" and row.valid_until is not None and row.valid_until < today:
        return f"{last_day(row)}已过期"
    closed = f"（{day(row.closed_on)}）" if row.closed_on and row.state != "active" else ""
    return PASS_STATES[row.state] + closed


def issued(rows: Sequence[Pass], *, group: bool) -> str:
    """The answer to an issue."""
    lines = [f"🪪 {row.ref} 发证：{pass_words(row, group=group)}。" for row in rows]
    return "\n".join(_shortened(lines))


def already(found: Sequence[Pass], *, group: bool) -> str:
    """There is one for this plate or door."""
    lines = [f"- {pass_words(row, group=group)}" for row in found]
    what = "这辆车" if found[0].kind == VEHICLE else "这一户"
    ask = f"还要再发一张请回：再发；丢了换新请回：补办 {found[0].number}号"
    return "\n".join([f"❓ {what}已经有有效的证：", *_shortened(lines), ask])


UNTIL_PAST = "{day} 已经过了。请写以后的日期，例如：续期 {number}号 到3月31日；不让用了请说：作废 {number}号"
ISSUE_PAST = "有效期 {day} 已经过了，请写以后的日期再发一次。"
ALREADY_BACK = "{ref} 已经转过返京登记（{returnee}），不重复转。"
ALREADY_OVER = "{ref} 已经{state}，不用再结束。"
OVER = {"returned": "转返京登记了", "closed": "结束了"}
ISSUED_SINCE = "{number} 的作废不能撤回：同一户（车）后来又发了 {other}。要两张都用请补发；{other} 发错了请先撤回它。"
NOT_HANDLED = "现在还没写怎么处置。"
HANDLED_BEFORE = "处置还是“{action}”。"
CALLED_AGAIN = "还在待打电话的名单里。"
STILL_AWAY = "还算离京，五项都齐了，不用再打电话。"
OVER_BEFORE = "和之前一样，{state}。"


def pass_stands(row: Pass, today: date) -> str:
    """What a pass is once a step with it is taken back."""
    if state(row, today) != PASS_STATES["active"]:
        return f"{number(row.number)} 现在{state(row, today)}。"
    until = f"，有效至{last_day(row)}" if row.valid_until else ""
    return f"{number(row.number)} {CARDS[row.kind]}照常有效{until}，请照常放行。"


def reissued(old: Pass, new: Pass, *, group: bool) -> str:
    """The answer to a re-issue."""
    return f"🪪 {new.ref} 补办：{pass_words(new, group=group)}；原 {number(old.number)} 作废。"


def voided(row: Pass) -> str:
    """The answer to a voiding."""
    return f"🪪 {number(row.number)} {CARDS[row.kind]}已作废，请收回原证；再有人持证，请拦下核对。"


def renewed(row: Pass) -> str:
    """The answer to a renewal."""
    until = f"有效至{last_day(row)}" if row.valid_until else "长期有效"
    return f"🪪 {number(row.number)} {CARDS[row.kind]}已续期，{until}。"


def pass_line(row: Pass, today: date, *, group: bool) -> str:
    """One pass of a list or a look-up."""
    mark = "✅" if state(row, today) == PASS_STATES["active"] else "⛔"
    return f"{mark} {pass_words(row, group=group)}：{state(row, today)}"


def register(counts: Mapping[str, int], bulk: int) -> str:
    """The register as figures."""
    lines = [f"**发证台账**：登记在册 {counts['all']} 张，有效 {counts['active']} 张"]
    lines.append(f"居民证 {counts['resident']} 张，车证 {counts['vehicle']} 张（有效的）")
    lines.append(f"过期 {counts['expired']} 张，作废和换新 {counts['closed']} 张")
    if bulk:
        lines.append(f"另有批量发放（没有逐张登记）{bulk} 张")
    return "\n".join(lines)


# -- people who left ---------------------------------------------------------------------------------------------------


def person(row: Departure, *, group: bool) -> str:
    """张*（尾号1234), or the whole for whoever calls."""
    if group:
        return masking.person(row.name, row.phone)
    return f"{row.name or '姓名不详'} {row.phone or '没有电话'}"


def fact(name: str, facts: Mapping[str, Any]) -> str:
    """One of the five in words."""
    value = facts.get(name)
    if value is None:
        return ""
    if name == "transport":
        return TRANSPORT.get(str(value), str(value)) + (f"（{facts['trip']}）" if facts.get("trip") else "")
    if name == "normal":
        return "无异常" if value else "、".join(facts.get("symptoms", ())) or "有异常"
    if name == "returns":
        return "返京时间未定" if value == UNDECIDED else f"预计{_day(str(value))}返京"
    place = facts.get("destination", "") if name == "arrived_at" else ""
    return f"{_day(str(value))}{'离京' if name == 'left_at' else f'到{place}' if place else '到达'}"


def _day(value: str) -> str:
    on = date.fromisoformat(value[:10])
    return f"{on.month}月{on.day}日{value[11:16]}"


def facts(row: Departure) -> str:
    """What is known of the five."""
    return _listed([fact(name, row.facts) for name in FACTS])


def lacking(names: Sequence[str]) -> str:
    """还差：离京时间、交通工具."""
    return f"还差：{'、'.join(FACTS[name] for name in names)}" if names else "五项都齐了"


def departed(new: Sequence[Departure], known: int, bad: Sequence[int], *, group: bool) -> str:
    """The answer to a list, or to one person of it."""
    if len(new) == 1 and not known and not bad:
        row = new[0]
        done = "五项都齐了，不用再打" if row.state == "done" else "待打电话"
        return f"📞 {row.ref} 离京登记：{person(row, group=group)}，{done}。"
    head = f"📞 离京名单：新登记 {len(new)} 人" + (f"（{new[0].ref}–{new[-1].ref}）" if new else "")
    more = [f"已在册 {known} 人" if known else "", f"第{'、'.join(map(str, bad))}行没认出人" if bad else ""]
    return _listed([head, *more]) + "。打过请发：Q1 未接，或 Q1 加五项情况。"


def called(ref: str, row: Departure, call: DepartureCall, lacks: Sequence[str], *, group: bool) -> str:
    """The answer to a call."""
    head = f"📞 {ref} {row.ref} {person(row, group=group)} 第{row.attempts}次电话：{OUTCOMES[call.outcome]}"
    if call.outcome != "reached":
        return f"{head}。{'打了好几次了，请负责人想想别的办法。' if row.attempts >= MANY else '过一会儿再打。'}"
    said = "" if group else f"（{facts(row)}）"
    return f"{head}{said}。{lacking(lacks)}。"


MANY = 4


def waiting(rows: Sequence[Departure], of: int, lines: Sequence[str]) -> str:
    """Who is still to be called."""
    return "\n".join([f"**离京待打电话** {len(rows)}/{of} 人", *_shortened(lines, 20)])


def waiting_line(row: Departure, lacks: Sequence[str], *, group: bool) -> str:
    """One line of that list."""
    tries = f"，打过 {row.attempts} 次（{OUTCOMES[row.outcome]}）" if row.attempts else ""
    lack = f"，{lacking(lacks)}" if 0 < len(lacks) < len(FACTS) else ""
    return f"- {row.ref} {person(row, group=group)}{tries}{lack}"


def shown(row: Departure, lacks: Sequence[str], calls: Sequence[str]) -> str:
    """Everything about one person, alone."""
    return "\n".join(
        [f"📞 {row.ref} {person(row, group=False)}", f"{facts(row) or '还没有情况'}；{lacking(lacks)}", *calls]
    )


def call_line(call: DepartureCall, at: datetime) -> str:
    """One call of a history."""
    return f"- {at.month}月{at.day}日{at:%H:%M} {OUTCOMES[call.outcome]}"


def expected(rows: Sequence[Departure], today: date) -> str:
    """To those in charge, alone: who is expected back."""
    lines = []
    for row in rows:
        late = f"（原定{day(row.returns_on)}）" if row.returns_on and row.returns_on < today else ""
        lines.append(f"- {row.ref} {person(row, group=False)}{late}")
    ask = f"人到了请转返京登记：返京登记 {rows[0].ref}；改期请回：{rows[0].ref} 3月5日返京"
    return "\n".join([f"🧳 **今天预计返京 {len(rows)} 人**", *lines, ask])


def expected_group(count: int) -> str:
    """To the group: how many."""
    return f"🧳 今天预计有 {count} 位离京人员返京，名单已单独发给负责人，请卡口留意登记。"


def back(row: Departure, answer: str) -> str:
    """They are registered as returned."""
    return f"🧳 {row.ref} 已转返京登记。\n{answer}"


def closed(row: Departure) -> str:
    """No more calls."""
    return f"📞 {row.ref} 已结束，不再打电话。"


def when(moment: datetime, today: date) -> str:
    """21:05, or with its day."""
    return times.clock(moment, today)
