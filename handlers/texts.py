"""Every sentence that a person can see in a chat. Chinese, warm and short; a returnee is masked wherever a group
reads along.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from handlers import masking, times

DUTIES = {
    "gate": "卡口值守",
    "nucleic": "核酸秩序",
    "antigen": "抗原",
    "temperature": "测温扫码",
    "disinfection": "消杀",
    "delivery": "物资转运",
    "tracing": "流调电话",
    "door_sensor": "门磁",
    "publicity": "宣传",
    "counselling": "心理疏导",
    "patrol": "巡逻",
    "ledger": "台账",
    "visit": "慰问",
    "survey": "摸排",
}
SHIFTS = {"day": "白班", "morning": "早班", "middle": "中班", "night": "夜班"}
FIELDS = {
    "people": "人员",
    "post": "点位",
    "counts": "数字",
    "name": "姓名",
    "gender": "性别",
    "phone": "联系电话",
    "id_number": "身份证号",
    "origin": "出发地",
    "arrives_at": "抵京时间",
    "arrived": "是否已抵京",
    "transport": "交通工具",
    "trip": "车次航班",
    "address": "居住地址",
    "employer": "所在单位",
    "health": "健康状况",
    "isolation": "隔离方式",
    "temperature": "体温",
    "temperatures": "体温",
    "symptoms": "症状",
    "person": "姓名",
    "starts_at": "开始时间",
    "ends_at": "结束时间",
    "hours": "小时数",
    "shift": "班次",
    "duty": "任务",
    "headcount": "人数",
    "outcome": "核实结果",
    "needed": "人数",
    "place": "地点",
    "at": "时间",
    "finding": "问题",
    "items": "物资",
    "opens_at": "开工时间",
    "day": "第几天",
    "value": "更正后的内容",
    "field": "要改的内容",
    "extra": "人数",
    "companions": "同行人数",
    "staff": "职工人数",
    "returned": "返京人数",
    "round": "轮次",
    "party": "单位",
    "district": "区",
    "township": "街道乡镇",
    "community": "社区村",
    "action": "是需要、收到还是送达",
    "ref": "编号",
}
OUTCOMES = {
    "verified": "核实无误",
    "no_answer": "未接",
    "refused": "拒接",
    "unreachable": "空号或关机",
    "wrong_region": "区域选错",
    "vague_address": "地址不详",
    "not_arrived": "未抵京",
}
PART = "（其中"
"""Stands in the name of a figure that another one holds already."""
APPROX = {"about": "约", "over": "超过", "under": "近"}
ACTIONS = {"need": "需要", "received": "收到", "delivered": "送达"}

WAITS_FOR_YOU = "🔔 单独给您的内容请单独找我发一句“在吗”，马上告诉您。"
WAITS_FOR_OTHERS = "🔔 有一条要单独告诉负责人，请负责人单独找我发一句“在吗”，马上告诉您。"
WAITED = "🔔 之前要单独告诉您的："
FAILED = "消息已收到，系统这会儿没处理好，值班同事会来看，不用重发。"
PLEASE_RECALL = "为保护个人信息，请长按撤回刚才那条含电话或证件号的消息；下次单独发给我就行，登记照样有效。"
NOT_UNDERSTOOD = "没太看懂。可以这样说：签到 东门 夜班；离岗 测温120人次；发“帮助”看更多。"
MORE_QUESTIONS = {"post": "在哪个点位", "at": "哪天请假"}
NOTHING_YET = "这段时间还没有记录。"
UNKNOWN_REF = "没找到 {ref}，请核对一下编号。"
NOT_YOURS = "{ref} 不是您报的，请让报的人或负责人来改。"
NOTHING_TO_UNDO = "没找到您最近的记录，请带上编号，例如：撤回 C12"
NO_FORMER = "没找到您上一次的记录，请完整说一遍，例如：签到 东门 夜班"
CANNOT_CORRECT = "没看懂要改成什么，请这样说：更正 {ref} 点位改为南门"
BOUND = "本群已绑定：{unit}。"
BIND_HOW = "请写完整，例如：/绑定 平谷区/金海湖镇/红石坎村"
NAMED = "好的，{name}，记住您了。"
EXAMPLES = {
    "check_in": "签到 东门 夜班 {name}",
    "check_out": "离岗 东门 8:00-12:00 测温120人次",
    "work": "东门 测温120人次 扫码98人次",
    "patrol": "巡查 第3轮 02:10 东门 一切正常",
    "returnee": "返京登记 姓名：张三 电话：138…… 出发地：保定 抵京时间：2月23日下午3点 居住地址：…… "
    "健康状况：正常 隔离方式：居家",
    "health": "健康打卡 第5天 36.5 无不适",
    "verification": "核实 R58 核实无误 核转",
    "sign_up": "报名 {name} 有车",
    "withdraw": "退出报名 {name}",
    "call_up": "招募 东门 卡口值守 6人 明早8点到岗",
    "leave": "{name} 明天请假",
    "enterprise": "复工摸排 某某公司 2月24日开工 职工56人 返京12人",
    "supply": "东门需要 口罩200只",
    "undo": "撤回 C12",
    "correction": "更正 C12 点位改为南门",
    "repeat": "同昨天",
}
KINDS = {
    "check_in": "到岗",
    "check_out": "离岗",
    "work": "工作量",
    "patrol": "巡查",
    "returnee": "返京登记",
    "health": "健康打卡",
    "verification": "核实",
    "sign_up": "报名",
    "withdraw": "退出报名",
    "call_up": "招募",
    "leave": "请假",
    "enterprise": "复工摸排",
    "supply": "物资",
    "gate": "进出登记",
    "pass": "发证",
    "departure": "离京登记",
    "departure_call": "离京电话",
    "undo": "撤回",
    "correction": "更正",
    "repeat": "同上次",
}
MOST_LINES = 8
"""Longer answers are shortened to this many lines: a group does not want forty lines for one 接龙."""


def joined(lines: Sequence[str]) -> str:
    """Lines of one answer; a long list is cut and says how many there were."""
    if len(lines) <= MOST_LINES:
        return "\n".join(lines)
    return "\n".join([*lines[:MOST_LINES], f"……共 {len(lines)} 条，都已记下。"])


def _listed(words: Iterable[str]) -> str:
    return "，".join(word for word in words if word)


def _people(fields: Mapping[str, Any]) -> str:
    people = "、".join(fields["people"])
    more = int(fields.get("headcount", 0)) - len(fields["people"])
    return f"{people}等{fields['headcount']}人" if more > 0 else people


def _by(fields: Mapping[str, Any]) -> str:
    return f"{fields['by']}代报" if fields.get("by") else ""


def checked_in(
    ref: str, fields: Mapping[str, Any], starts: datetime | None, ends: datetime | None, today: date, *, over: bool
) -> str:
    """The answer to a check-in."""
    start = times.clock(starts, today) if starts else ""
    end = times.clock(ends, today) if ends else ""
    when = f"{start}–{end}" if start and end else (f"{start}起" if start else (f"到{end}" if end else ""))
    words = (_people(fields), fields.get("post", ""), SHIFTS.get(fields.get("shift", ""), ""), when)
    close = "补上了。" if over else "辛苦了！"
    return f"✅ {ref} 到岗：{_listed((*words, DUTIES.get(fields.get('duty', ''), ''), _by(fields)))}。{close}"


def checked_out(ref: str, fields: Mapping[str, Any], period: Any, ends: datetime, today: date) -> str:
    """The answer to a check-out. Hours are given only where they are known."""
    length = f"共{times.plain(period.hours)}小时" if period.hours else ""
    words = (_people(fields), fields.get("post") or period.post, times.clock(ends, today), length, _by(fields))
    return f"🏁 {ref} 离岗：{_listed(words)}。好好休息！"


def amount(count: Mapping[str, Any]) -> str:
    """测温 近300人次, 消杀 6至8次, 累计测温 超过11000人次."""
    most = f"至{times.plain(count['max'])}" if "max" in count else ""
    hedge = APPROX.get(count.get("approx", ""), "")
    total = "累计" if count.get("total") else ""
    return f"{total}{count['item']} {hedge}{times.plain(count['value'])}{most}{count.get('unit', '')}"


def worked(ref: str, fields: Mapping[str, Any]) -> str:
    """The answer to figures."""
    where = f"{fields['post']} " if fields.get("post") else ""
    return f"📝 {ref} 记下了：{where}{'，'.join(amount(c) for c in fields['counts'])}。"


def registered(ref: str, fields: Mapping[str, Any], missing: Sequence[str], today: date, *, group: bool) -> str:
    """The answer to a registration. A group reads the family name, the phone's tail and the community, no more."""
    shown = masking.person(fields.get("name"), fields.get("phone"))
    if not group and fields.get("name"):
        shown = f"{fields['name']}（{masking.phone(fields.get('phone'))}）" if fields.get("phone") else fields["name"]
    when = times.dated(fields["arrives_at"], today) if fields.get("arrives_at") else ""
    arrival = f"{when}{'已抵京' if fields.get('arrived') else '抵京'}" if when else ""
    line = f"📋 {ref} 返京登记：{_listed((shown, arrival, fields.get('community', '')))}。"
    if not missing:
        return line + "信息齐了，谢谢！"
    names = "、".join(FIELDS[field] for field in missing)
    return f"{line}还差：{names}。补充请发：更正 {ref} {FIELDS[missing[0]]}改为{_sample(missing[0])}"


def _sample(field: str) -> str:
    samples = {
        "name": "张三",
        "phone": "13800001234",
        "arrives_at": "2月23日15:00",
        "address": "某某村88号",
        "employer": "某某公司",
        "health": "正常",
        "isolation": "居家",
    }
    return samples.get(field, "……")


def health_reported(kept: Sequence[tuple[Mapping[str, Any], str]], worrying: int, *, group: bool) -> str:
    """The answer to health reports: counts in a group, details in a single chat."""
    refs = kept[0][1] if len(kept) == 1 else f"{kept[0][1]}–{kept[-1][1]}"
    if group:
        who = _health_person(kept[0][0]) if len(kept) == 1 else f"{len(kept)}人"
        care = f"有 {worrying} 人需要关注，已单独告知负责人。" if worrying else "祝平安！"
        return f"🌡 {refs} 健康打卡：{who}，记下了。{care}"
    lines = [f"🌡 {ref} 健康打卡：{_health_details(fields)}。" for fields, ref in kept]
    care = "有不舒服请先休息、戴好口罩，负责人会联系您。" if worrying else "祝平安！"
    return joined(lines) + care


def _health_person(fields: Mapping[str, Any]) -> str:
    if fields.get("person"):
        return masking.name(fields["person"])
    return f"尾号{fields['phone_tail']}" if fields.get("phone_tail") else str(fields.get("ref", ""))


def _health_details(fields: Mapping[str, Any]) -> str:
    day = f"第{fields['day']}天" if "day" in fields else ""
    heat = "、".join(f"{t:g}℃" for t in fields.get("temperatures", ()))
    state = {True: "正常", False: "异常"}.get(fields.get("normal"), "")  # type: ignore[arg-type]  # None is asked for too
    return _listed(
        (fields.get("person") or _health_person(fields), day, heat, state, "、".join(fields.get("symptoms", ())))
    )


def health_alert(worrying: Sequence[tuple[Mapping[str, Any], str]], unit: str, reporter: str) -> str:
    """What the people responsible read, in a single chat."""
    lines = [f"- {ref} {_health_details(fields)}" for fields, ref in worrying]
    return "\n".join([f"⚠️ **需要关注**（{unit or '未绑定单位'}，{reporter}报）", *lines, "请尽快联系本人。"])


def _note_patrol(fields: Mapping[str, Any]) -> str:
    turn = f"第{fields['round']}轮" if "round" in fields else ""
    state = "" if "ok" not in fields else ("正常" if fields["ok"] else f"问题：{fields.get('finding', '待补充')}")
    at = fields.get("at", "")[11:16]
    return _listed((turn, at, fields.get("post", ""), state))


def _note_verification(fields: Mapping[str, Any], *, group: bool) -> str:
    person = fields.get("person", "")
    shown = masking.name(person) if person and group else person
    tail = f"尾号{fields['phone_tail']}" if fields.get("phone_tail") else ""
    tries = f"第{fields['attempt']}次" if "attempt" in fields else ""
    to = f"转{fields['transfer_to']}" if fields.get("transfer_to") else ""
    handed = "已核转" if fields.get("hand_over") else ""
    return _listed((fields.get("ref", ""), shown, tail, OUTCOMES.get(fields.get("outcome", ""), ""), tries, to, handed))


def _note_sign_up(fields: Mapping[str, Any]) -> str:
    more = f"另加{fields['extra']}人" if fields.get("extra") else ""
    return _listed(("、".join(fields["people"]), more, "有车" if fields.get("vehicle") else ""))


def _note_call_up(fields: Mapping[str, Any]) -> str:
    starts = fields.get("starts_at", "").replace("T", " ")
    needed = f"{fields['needed']}人" if "needed" in fields else ""
    days = f"连续{fields['days']}天" if "days" in fields else ""
    words = (fields.get("place", ""), DUTIES.get(fields.get("duty", ""), ""), needed, starts and f"{starts} 到", days)
    return _listed(words) + "。想参加请回“报名”"


def _note_leave(fields: Mapping[str, Any]) -> str:
    return _listed(("、".join(fields["people"]), fields.get("at", "").replace("T", " ")))


def noted(ref: str, kind: str, fields: Mapping[str, Any], *, group: bool) -> str:
    """The answer to records that are kept as they are."""
    if kind == "verification":
        said = _note_verification(fields, group=group)
    else:
        said = {
            "patrol": _note_patrol,
            "sign_up": _note_sign_up,
            "withdraw": _note_sign_up,
            "call_up": _note_call_up,
            "leave": _note_leave,
        }[kind](fields)
    return f"📝 {ref} {KINDS[kind]}：{said}。"


def asked(kind: str, field: str, understood: Mapping[str, Any], name: str) -> str:
    """The one thing that is missing, with an example made of what was understood."""
    example = EXAMPLES[kind].format(name=name)
    if understood.get("post") and "东门" in example:
        example = example.replace("东门", str(understood["post"]))
    return f"收到，是{KINDS[kind]}吧？还差{FIELDS.get(field, '一项')}，直接回我就行。完整的例子：{example}"


def asked_more(field: str) -> str:
    """A record is kept, and one thing would make it complete."""
    return f"{MORE_QUESTIONS.get(field, FIELDS.get(field, field))}？直接回我就行。"


def undone(refs: Sequence[str]) -> str:
    """What was taken back."""
    return f"↩️ 已撤回 {'、'.join(refs)}。"


def corrected(ref: str, field: str, value: Any, *, group: bool) -> str:
    """What was changed; identifying fields are not repeated to a group."""
    private = field in {"name", "person", "phone", "id_number", "address", "employer", "origin", "people"}
    hidden = (private and ref.startswith(("R", "H", "V"))) or ref.startswith(("J", "K", "Q", "Y"))
    shown = "" if group and hidden else f"改为 {said(field, value)}"
    return f"✏️ {ref} {FIELDS.get(field, field)}{shown or '已更正'}，原来的内容留在记录里。"


def said(field: str, value: Any) -> str:
    """A field's value in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return amount(value)
    if isinstance(value, list):
        return "、".join(amount(item) if isinstance(item, Mapping) else str(item) for item in value)
    words = {
        "isolation": {"home": "居家", "central": "集中", "none": "无需"},
        "health": {"normal": "正常", "abnormal": "异常"},
        "gender": {"m": "男", "f": "女"},
        "shift": SHIFTS,
        "duty": DUTIES,
        "outcome": OUTCOMES,
        "transport": {"train": "火车", "plane": "飞机", "car": "自驾", "coach": "大巴", "other": "其他"},
    }
    if field in words:
        return words[field].get(str(value), str(value))
    return str(value).replace("T", " ")


HELP = """**我能帮您记这些**，@我 说一句就行：
- 到岗：签到 东门 夜班
- 离岗：离岗 东门 测温120人次
- 数字：东门 测温120人次 扫码98人次
- 返京：返京登记 姓名：… 电话：… 抵京时间：…（请单独发给我）
- 核实：待核实、领取 5、R58 核实无误 核转、R58 未接、/check
- 健康：健康打卡 第5天 36.5 无不适、未打卡
- 巡查：巡查 正常、巡查 每2小时 22:00-6:00 东门、/巡查、/问题、P12 已整改
- 卡口：进3人出7人、登记 进 张某 36.5 从保定来、黄码 张某 劝返、发证 居民 张某 3号楼2单元501、进出
- 离京：离京 张某 138……、Q1 未接、待打电话
- 企业：企业 名单 甲、乙、复工摸排 某某公司 2月24日开工 职工56人 缺口罩100只、企业 未报、企业
- 物资：东门需要 口罩200只、收到口罩500只、物资 缺口、分配、配送 D1-D9 张三 李四、签收 D3、物资 覆盖
- 表单：抗原 16号楼 共132户 完成100户、/进度 抗原、/台账 抗原
- 值班：排班 东门 18:00-22:00 2人、空岗、今天谁没来、哪个点位没人、请假、替班 孙晓雨替陈建国 今天夜班
- 招募：招募 东门 2人 明天9点前到 核酸秩序、报名
- 改错：撤回、更正 C12 点位改为南门、同昨天
- 查看：汇总、汇总 昨天、汇总 本周、今天情况怎么样、我的记录"""


def mine(name: str, lines: Sequence[str], hours: float, periods: int) -> str:
    """A person's own records."""
    head = f"**{name}的记录**（近30天）：在岗 {periods} 次，有时长的共 {times.plain(hours)} 小时"
    return "\n".join([head, *lines]) if lines else NOTHING_YET


def my_record(ref: str, kind: str, day: date, fields: Mapping[str, Any], *, group: bool) -> str:
    """One line of a person's own records."""
    word = KINDS.get(kind, kind)
    if kind in {"check_in", "check_out"}:
        detail = _listed((_people(fields), fields.get("post", "")))
    elif kind == "work":
        detail = "，".join(amount(count) for count in fields["counts"])
    elif kind in {"returnee", "health", "verification"}:
        person = fields.get("name") or fields.get("person")
        detail = (masking.name(person) if group else person) if person else ""
    else:
        detail = ""
    return f"- {ref} {day.month}月{day.day}日 {word}{f' {detail}' if detail else ''}"
