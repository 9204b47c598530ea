"""到岗, 离岗, figures of work and rounds."""

from typing import Any

from hypothesis import strategies as st

from tests.support.written.shapes import (
    DAY,
    MINUTES,
    NAMES,
    POSTS,
    SHIFTS,
    Draw,
    Written,
    amount,
    clock,
    forms,
    full_width,
    joined,
    lines,
    mention,
    one_line,
    solitaire,
)

POST_LABELS = st.sampled_from(["点位", "卡口", "值守点位", "地点", "值守地点", "卡口名称"])
PEOPLE_LABELS = st.sampled_from(["姓名", "人员", "值守人员", "志愿者"])
DUTIES = st.sampled_from(
    [
        ("卡口值守", "gate"),
        ("测温扫码", "temperature"),
        ("物资配送", "delivery"),
        ("消杀", "disinfection"),
        ("核酸秩序", "nucleic"),
    ]
)
WORK = st.sampled_from(
    [("测温", "人次"), ("登记车辆", "辆"), ("劝返", "人"), ("发放出入证", "张"), ("送菜", "户"), ("扫码", "人次")]
)
FINDINGS = st.sampled_from(["登记本缺1页", "灭火器过期", "炉子漏烟", "东侧围挡松动"])


@st.composite
def stays(draw: Draw) -> Written:
    """A coming or a going of one person or several."""
    kind, word = draw(
        st.sampled_from(
            [
                ("check_in", "到岗"),
                ("check_in", "签到"),
                ("check_in", "上岗"),
                ("check_out", "离岗"),
                ("check_out", "签退"),
            ]
        )
    )
    people = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    post, (shift, code), (task, duty) = draw(POSTS), draw(SHIFTS), draw(DUTIES)
    hour, minute = draw(st.integers(6, 19)), draw(MINUTES)
    said = clock(draw, hour, minute)
    record = {
        "kind": kind, "people": people, "post": post, "shift": code, "duty": duty,
        "starts_at" if kind == "check_in" else "ends_at": f"{DAY}T{hour:02d}:{minute:02d}",
    }  # fmt: skip
    names = str(draw(st.sampled_from(["、", " ", "，", "和"]))).join(people)
    time_label = draw(st.sampled_from(["时间", f"{word}时间"]))
    pairs = [
        (draw(POST_LABELS), post),
        (draw(PEOPLE_LABELS), "、".join(people)),
        (time_label, said),
        ("班次", shift),
        ("任务", task),
    ]
    texts = forms(draw, word, pairs) | {
        "loose": mention(draw, f"{word} {post} {names} {shift} {said} {task}"),
        "sentence": mention(draw, f"{names}{word}，{post}，{said}，{shift}，{task}"),
        "solitaire": solitaire(f"{post}{word}接龙 {shift} {task}", f"{'、'.join(people)} {said}"),
    }
    return Written(record, texts)


@st.composite
def works(draw: Draw) -> Written:
    """Figures of a post, of the day and in all."""
    chosen = draw(st.lists(WORK, min_size=1, max_size=3, unique=True))
    post, counts, words, pairs = draw(POSTS), [], [], []
    for item, unit in chosen:
        before, fields, behind = amount(draw)
        total = draw(st.booleans())
        counts.append({"item": item, **fields, "unit": unit, **({"total": True} if total else {})})
        words.append(f"{'累计' if total else ''}{item}{before}{unit}{behind}")
        pairs.append((f"{'累计' if total else ''}{item}", f"{before}{unit}{behind}"))
    record = {"kind": "work", "post": post, "counts": counts}
    texts = {
        "loose": mention(draw, f"{post} {joined(draw, words)}"),
        "behind a colon": mention(draw, f"{post}：今日{'，'.join(words)}"),
        "lines": lines("@小站 今日数据", [(draw(POST_LABELS), post), *pairs]),
        "one line": f"@小站 {one_line('工作情况', [('点位', post), *pairs])}",
        "one field": f"@小站\n点位：{post}\n工作情况：{'，'.join(words)}",
        "full-width": full_width(f"@小站 {post} {'，'.join(words)}"),
        "solitaire": solitaire("今日工作量统计", f"{post} {'，'.join(words)}"),
    }
    return Written(record, texts)


@st.composite
def patrols(draw: Draw) -> Written:
    """A round with or without a finding."""
    post, number, hour, minute = draw(POSTS), draw(st.integers(1, 12)), draw(st.integers(6, 19)), draw(MINUTES)
    finding = draw(st.none() | FINDINGS)
    said = clock(draw, hour, minute)
    record: dict[str, Any] = {"kind": "patrol", "post": post, "at": f"{DAY}T{hour:02d}:{minute:02d}", "round": number}
    record |= {"ok": True} if finding is None else {"ok": False, "finding": finding}
    spelled = draw(st.sampled_from([str(number), "一二三四五六七八九十"[number - 1] if number <= 10 else str(number)]))
    pairs = [
        (draw(st.sampled_from(["点位", "巡查点位", "巡查地点"])), post), (draw(st.sampled_from(["时间", "巡查时间"])), said),
        (draw(st.sampled_from(["轮次", "巡查轮次"])), f"第{spelled}轮"),
        (draw(st.sampled_from(["发现问题", "问题", "巡查情况", "检查结果"])), finding or draw(st.sampled_from(["无", "正常", "一切正常"]))),
    ]  # fmt: skip
    texts = forms(draw, "巡查", pairs) | {
        "loose": mention(draw, f"巡查 第{spelled}轮 {said} {post} {finding or '一切正常'}"),
        "sentence": mention(draw, f"{post}第{spelled}轮巡查，{said}，{'发现' + finding if finding else '未发现问题'}"),
        "solitaire": solitaire("夜间巡查", f"{post} 第{spelled}轮 {said} {finding or '正常'}"),
    }
    return Written(record, texts)
