"""The forms in which anything is written, and how names, posts, times, phones and numbers are spelled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
Pair = tuple[str, str]
"""A label and its value."""
DAY = "2022-11-24"
"""The day on which the messages of `tests.support.reading` are sent."""
NAMES = st.sampled_from([
    "张三", "李四", "王磊", "赵敏", "陈建国", "周婷婷", "林晓东", "欧阳小明", "司马云", "诸葛文杰", "上官雪",
    "古丽·买买提", "阿卜杜·热合曼",
])  # fmt: skip
POSTS = st.sampled_from([
    "东门", "北门", "红石坎村卡口", "花家地西里南门", "3号点位", "三间房乡东柳村口", "亚澜湾社区", "将军关检查站",
])  # fmt: skip
SHIFTS = st.sampled_from([("早班", "morning"), ("白班", "day"), ("中班", "middle"), ("夜班", "night")])
MINUTES = st.sampled_from([0, 10, 30, 45])
LINES = st.sampled_from(["：", ":", "= ", "\t", "： "])
"""Between the label of a line and its value."""


@dataclass(frozen=True)
class Written:
    """A record of the contract and the ways in which it may be written."""

    record: dict[str, Any]
    texts: dict[str, str]
    """Name of the form → text."""


def full_width(text: str) -> str:
    """Digits, letters and marks as phones in full-width mode write them."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" < char <= "~" and char not in '"#@' else char for char in text)


def lines(title: str, pairs: Sequence[Pair], mark: str = "：") -> str:
    """One label to a line below a title."""
    return "\n".join([title, *(f"{label}{mark}{value}" for label, value in pairs)])


def one_line(title: str, pairs: Sequence[Pair]) -> str:
    """All labels on one line."""
    return f"【{title}】" + " ".join(f"{label}:{value}" for label, value in pairs)


def table(title: str, pairs: Sequence[Pair], mark: str = "\t") -> str:
    """A line of labels and a line of values, as they come out of a spreadsheet."""
    return "\n".join([title, mark.join(label for label, _ in pairs), mark.join(value for _, value in pairs)])


def solitaire(header: str, entry: str) -> str:
    """A group solitaire with one entry."""
    return f"#接龙\n{header}\n\n1. {entry}"


def forms(draw: Draw, title: str, pairs: Sequence[Pair]) -> dict[str, str]:
    """The labelled forms of a record, with its labels in any order."""
    shuffled = draw(st.permutations(pairs))
    return {
        "lines": lines(f"@小站 {title}", shuffled, draw(LINES)),
        "numbered lines": lines(f"@小站 {title}", [(f"{n}. {label}", value) for n, (label, value) in enumerate(shuffled, 1)]),
        "one line": f"@小站 {one_line(title, shuffled)}",
        "table": table(f"@小站 {title}", pairs),
        "full-width": full_width(lines(f"@小站 {title}", shuffled)),
    }  # fmt: skip


def clock(draw: Draw, hour: int, minute: int) -> str:
    """A time of day that can only mean this one."""
    half = (
        "早上"
        if 5 <= hour < 9
        else "上午"
        if 9 <= hour < 12
        else "下午"
        if 13 <= hour < 18
        else "晚上"
        if hour >= 18
        else ""
    )
    short = hour if hour <= 12 else hour - 12
    spelled = [f"{hour:02d}:{minute:02d}"]
    if half:
        tail = "" if minute == 0 else "半" if minute == 30 else f"{minute}分"
        spelled += [f"{half}{short}点{tail}", f"{half}{short}:{minute:02d}"]
    return str(draw(st.sampled_from(spelled)))


def phone(draw: Draw) -> Pair:
    """A mobile number as it is written, and its digits."""
    number = draw(st.sampled_from(["13800001111", "13900002345", "13800009876"]))
    a, b, c = number[:3], number[3:7], number[7:]
    spelled = [
        number,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        f"+86 {number}",
        f"+86{number}",
        f"86-{number}",
        full_width(number),
    ]
    return str(draw(st.sampled_from(spelled))), number


def amount(draw: Draw) -> tuple[str, dict[str, Any], str]:
    """What stands before the unit, the fields of the number, and what stands behind the unit."""
    value = draw(st.integers(1, 9)) * 10 ** draw(st.integers(1, 3))
    plain = draw(st.integers(1, 9999))
    return draw(st.sampled_from([  # type: ignore[no-any-return]
        (str(plain), {"value": plain}, ""),
        (f"约{value}", {"value": value, "approx": "about"}, ""),
        (f"{value}", {"value": value, "approx": "about"}, "左右"),
        (f"{value}余", {"value": value, "approx": "over"}, ""),
        (f"{value}多", {"value": value, "approx": "over"}, ""),
        (f"近{value}", {"value": value, "approx": "under"}, ""),
        (f"超过{value}", {"value": value, "approx": "over"}, ""),
        (f"{value}", {"value": value, "approx": "over"}, "以上"),
        ("1.1万余", {"value": 11000, "approx": "over"}, ""),
        ("三百多", {"value": 300, "approx": "over"}, ""),
        (f"{value}至{value + 5}", {"value": value, "max": value + 5}, ""),
    ]))  # fmt: skip


def joined(draw: Draw, words: Sequence[str]) -> str:
    """Words with one of the marks between them."""
    return str(draw(st.sampled_from(["，", "、", "；", " "]))).join(words)


def mention(draw: Draw, text: str) -> str:
    """A text that speaks to the bot, at its beginning or at its end."""
    return str(draw(st.sampled_from([f"@小站 {text}", f"{text} @小站", f"＠小站\u2005{text}"])))
