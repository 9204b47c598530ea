"""报名, 退出, 请假, 同昨天, 撤回, 更正, 健康打卡 and 核实."""

from typing import Any

from hypothesis import strategies as st

from tests.support.written.shapes import DAY, NAMES, POSTS, Draw, Written, forms, mention, phone, solitaire

TEMPERATURES = st.lists(st.sampled_from([36.1, 36.2, 36.5, 36.8, 37.1]), min_size=1, max_size=2)
OUTCOMES = st.sampled_from([
    ("未接", "no_answer"), ("无人接听", "no_answer"), ("拒接", "refused"), ("空号", "unreachable"), ("关机", "unreachable"),
    ("区域选错", "wrong_region"), ("地址不详", "vague_address"), ("未抵京", "not_arrived"), ("在路上", "not_arrived"),
])  # fmt: skip


@st.composite
def sign_ups(draw: Draw) -> Written:
    """Somebody signs up, with a number, with others, with a car."""
    name, (spelled, digits) = draw(NAMES), phone(draw)
    extra, car = draw(st.none() | st.integers(1, 5)), draw(st.booleans())
    record: dict[str, Any] = {"kind": "sign_up", "people": [name], "phone": digits}
    record |= ({"extra": extra} if extra else {}) | ({"vehicle": True} if car else {})
    plus = f"+{extra}" if extra else ""
    pairs = [
        (draw(st.sampled_from(["姓名", "报名人"])), name + plus),
        (draw(st.sampled_from(["电话", "联系电话", "手机号", "联系方式"])), spelled),
    ]
    pairs += (
        [(draw(st.sampled_from(["车辆", "是否有车", "有无车辆"])), draw(st.sampled_from(["有", "有车"])))]
        if car
        else []
    )
    texts = forms(draw, "报名", pairs) | {
        "loose": mention(draw, f"报名 {name}{plus} {spelled}{' 有车' if car else ''}"),
        "commas": mention(draw, f"{name}{plus}报名，电话{spelled}{'，我有车' if car else ''}"),
        "solitaire": solitaire("周末核酸志愿者报名", f"{name}{plus} {spelled}{' 有车' if car else ''}"),
    }
    if not car:
        texts.pop("table")
    return Written(record, texts)


@st.composite
def withdrawals(draw: Draw) -> Written:
    """Somebody does not come after all."""
    people = draw(st.lists(NAMES, min_size=1, max_size=2, unique=True))
    names = "、".join(people)
    word = draw(st.sampled_from(["退出报名", "取消报名", "退出"]))
    texts = {
        "loose": mention(draw, f"{word} {names}"),
        "behind": mention(draw, f"{names}{word}"),
        "reason": mention(draw, f"{names} 家里有事，{draw(st.sampled_from(['退出报名', '取消报名']))}"),
        "one line": f"@小站 【退出报名】姓名:{names}",
        "lines": f"@小站 退出报名\n姓名：{names}",
        "solitaire": solitaire("周末核酸志愿者报名", f"{names} 退出报名"),
    }
    return Written({"kind": "withdraw", "people": people}, texts)


@st.composite
def leaves(draw: Draw) -> Written:
    """请假 for a day."""
    people = draw(st.lists(NAMES, min_size=1, max_size=2, unique=True))
    names = "、".join(people)
    said, at = draw(
        st.sampled_from(
            [
                ("明天", "2022-11-25"),
                ("后天", "2022-11-26"),
                ("今天", DAY),
                ("11月26日", "2022-11-26"),
                ("26号", "2022-11-26"),
            ]
        )
    )
    texts = forms(draw, "请假", [("请假人", names), ("请假时间", said), ("备注", "家里有事")]) | {
        "loose": mention(draw, f"请假 {names} {said}"),
        "sentence": mention(draw, f"{names}{said}请假"),
        "reason": mention(draw, f"{names}{said}家里有事，请假"),
        "solitaire": solitaire("本周值守安排", f"{names} {said}请假"),
    }
    return Written({"kind": "leave", "people": people, "at": at}, texts)


@st.composite
def repeats(draw: Draw) -> Written:
    """同昨天."""
    people = draw(st.lists(NAMES, min_size=1, max_size=2, unique=True))
    word = draw(st.sampled_from(["同昨天", "同上次", "和昨天一样", "同昨日"]))
    names = "、".join(people)
    texts = {
        "loose": mention(draw, f"{names} {word}"),
        "before": mention(draw, f"{word} {names}"),
        "glued": mention(draw, f"{names}{word}"),
    }
    return Written({"kind": "repeat", "people": people}, texts)


@st.composite
def undos(draw: Draw) -> Written:
    """撤回 with a reference, or of the last one."""
    word = draw(st.sampled_from(["撤回", "撤销", "作废"]))
    ref = draw(st.none() | st.sampled_from(["R58", "C12", "C104"]))
    texts = {
        "loose": mention(draw, f"{word} {ref}" if ref else f"{word}上一条"),
        "glued": mention(draw, f"{word}{ref}" if ref else f"{word}刚才那条"),
        "lower case": mention(draw, f"{word} {ref.lower()}" if ref else word),
        "behind": mention(draw, f"{ref}{word}" if ref else f"上一条{word}"),
    }
    return Written({"kind": "undo", **({"ref": ref} if ref else {})}, texts)


@st.composite
def corrections(draw: Draw) -> Written:
    """更正 of a field, with a person, a reference, or neither."""
    spelled, digits = phone(draw)
    label, said, field, value = draw(st.sampled_from([
        ("到岗时间", "07:30", "starts_at", f"{DAY}T07:30"), ("离岗时间", "18:00", "ends_at", f"{DAY}T18:00"),
        ("点位", "西门", "post", "西门"), ("班次", "夜班", "shift", "night"), ("体温", "36.8", "temperature", 36.8),
        ("联系电话", spelled, "phone", digits), ("住址", "花家地1号楼2单元301", "address", "花家地1号楼2单元301"),
        ("单位", "望京科技有限公司", "employer", "望京科技有限公司"), ("隔离方式", "居家", "isolation", "home"),
        ("人数", "5人", "headcount", 5), ("车次", "G508", "trip", "G508"), ("轮次", "第3轮", "round", 3),
        ("职工人数", "60人", "staff", 60), ("物资", "口罩50只", "items", [{"item": "口罩", "value": 50, "unit": "只"}]),
    ]))  # fmt: skip
    person = draw(st.none() | NAMES)
    ref = None if person else draw(st.none() | st.sampled_from(["R58", "C12"]))
    about = f" {person or ref}" if person or ref else ""
    record = {
        "kind": "correction",
        **({"ref": ref} if ref else {}),
        **({"person": person} if person else {}),
        "field": field,
        "value": value,
    }
    change = draw(st.sampled_from(["改为", "应为", "更正为", "改成"]))
    texts = {
        "loose": mention(draw, f"更正{about} {label}{change}{said}"),
        "colon": mention(draw, f"更正：{about.strip()} {label}{change}{said}".replace("： ", "：")),
        "labelled": mention(draw, f"更正{about} {label}：{said}"),
        "brackets": mention(draw, f"【更正】{about.strip()} {label}{change}{said}"),
        "lines": f"@小站 更正{about}\n{label}：{said}",
    }
    return Written(record, texts)


@st.composite
def healths(draw: Draw) -> Written:
    """A report of one person's health."""
    name, day, measured = draw(NAMES), draw(st.integers(1, 14)), draw(TEMPERATURES)
    symptom = draw(st.none() | st.sampled_from(["咳嗽", "乏力", "嗓子疼"]))
    well = draw(st.sampled_from(["正常", "无症状", "无不适", "身体无异常"]))
    record = {"kind": "health", "person": name, "day": day, "temperatures": measured, "normal": symptom is None}
    record |= {"symptoms": [symptom]} if symptom else {}
    shown, state = " ".join(map(str, measured)), symptom or well
    spelled = " ".join(f"{int(one)}度{round(one * 10) % 10}" for one in measured)
    pairs = [
        ("姓名", name),
        (draw(st.sampled_from(["体温", "今日体温"])), shown),
        ("天数", f"第{day}天"),
        (draw(st.sampled_from(["健康状况", "身体状况", "症状"])), state),
    ]
    texts = forms(draw, "健康打卡", pairs) | {
        "loose": mention(draw, f"健康打卡 {name} D{day} {shown} {state}"),
        "sentence": mention(draw, f"{name}第{day}天，体温{shown}，{state}"),
        "spelled": mention(draw, f"打卡 {name} 第{day}天 体温{spelled} {state}"),
        "solitaire": solitaire("居家健康打卡", f"{name} D{day} {shown} {state}"),
    }
    return Written(record, texts)


@st.composite
def verifications(draw: Draw) -> Written:
    """What became of a call."""
    name, tail, (said, outcome) = draw(NAMES), draw(st.sampled_from(["1234", "0087"])), draw(OUTCOMES)
    attempt = draw(st.integers(1, 5))
    record = {"kind": "verification", "person": name, "phone_tail": tail, "outcome": outcome, "attempt": attempt}
    pairs = [
        ("姓名", name),
        ("尾号", tail),
        (draw(st.sampled_from(["核实结果", "核实情况", "电话结果"])), said),
        ("拨打次数", f"第{attempt}次"),
    ]
    texts = forms(draw, "核实", pairs) | {
        "loose": mention(draw, f"核实 {name} 尾号{tail} {said} 第{attempt}次"),
        "sentence": mention(draw, f"{name}（尾号{tail}）第{attempt}次拨打{said}"),
        "solitaire": solitaire("电话核实结果", f"{name} 尾号{tail} {said} 第{attempt}次"),
    }
    return Written(record, texts)


@st.composite
def references(draw: Draw) -> Written:
    """A call that is told by the reference of its case."""
    ref, (said, outcome) = draw(st.sampled_from(["R58", "R104"])), draw(OUTCOMES)
    texts = {
        "loose": mention(draw, f"核实 {ref} {said}"),
        "behind": mention(draw, f"{ref} 核实：{said}"),
        "commas": mention(draw, f"{ref}，{said}"),
    }
    return Written({"kind": "verification", "ref": ref, "outcome": outcome}, texts)


__all__ = [
    "POSTS",
    "corrections",
    "healths",
    "leaves",
    "references",
    "repeats",
    "sign_ups",
    "undos",
    "verifications",
    "withdrawals",
]
