"""Single records of a gate, as people write them: who came or went, with what temperature, and what was not in order.

    登记 进 张某 京A12345 36.5 红石坎村卡口 从河北保定来 到本村5号
    出村 李某 36.4 去县城
    黄码 王某 劝返

A message is one of these only where it opens with such words; figures (进3人出7人) are work and none of ours. Pure.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from handlers.gate import pieces
from handlers.gate.pieces import Text
from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral

Fields = dict[str, Any]

IN, OUT = "in", "out"
DIRECTIONS: tuple[tuple[str, str], ...] = (
    (OUT, r"出(?:村|社区|小区|园区?|门|入口|去|站)|驶出|外出|离(?:村|开小区|开社区)"),
    (IN, r"(?:进|入)(?:村|社区|小区|园区?|门|站|楼|院|来|入|城)|驶入|[返回](?:村|小区|社区)|回来"),
    (OUT, r"出(?=[\s,:了一])"),
    (IN, r"进(?=[\s,:了一])"),
)
"""Direction → the words that state it; longer ones first."""
PROBLEMS: tuple[tuple[str, str], ...] = (
    ("red", r"(?:健康码|健康宝|扫码|码)?(?:是|为|呈|显示)?红(?:码|色)"),
    ("yellow", r"(?:健康码|健康宝|扫码|码)?(?:是|为|呈|显示)?黄(?:码|色)"),
    ("popup", r"(?:健康码|健康宝|扫码|有)?弹窗(?:提示)?\d?号?"),
    (
        "no_proof",
        r"(?:没有?|无|未带|未做|不能提供|没带|未出示|拿不出)(?:\d+小时)?(?:内)?(?:的)?(?:核酸|健康码|行程码|抗原)(?:检测)?(?:阴性)?(?:证明|报告|结果|记录)?",
    ),
    (
        "expired",
        r"(?:核酸|抗原)(?:检测)?(?:阴性)?(?:证明|报告|结果)?(?:已经?)?(?:过期|超期|超时|超过?\d+小时|超过?[一二三两]天)|证明过期",
    ),
    ("star", r"(?:行程码|行程卡)(?:带星|有星|异常)"),
    ("refused", r"(?:拒绝|拒不|不配合)(?:测温|扫码|登记|查验)"),
    ("other", r"(?:健康码|健康宝|码|扫码|查验|证明)异常"),
)
"""Code of an exception → how it is said."""
ACTIONS: tuple[tuple[str, str], ...] = (
    ("sent_back", r"(?:文明|已|现场)*劝(?:返|回|离)|(?:不予|未予|没有?|未)放行|没让进"),
    (
        "retest",
        r"(?:已|现场)*(?:引导|带去|安排|要求|让)?(?:其|他|她)?(?:去|到)?(?:采样点)?(?:复测|补测|补做(?:核酸)?|(?:做|测)(?:核酸|抗原))",
    ),
    ("hospital", r"(?:已|由)?(?:送|转)(?:医院?|发热门诊|诊)|(?:拨打|叫)?120"),
    (
        "community",
        r"(?:已)?(?:移交|转交|上报|报告|报|交|通知|联系)(?:给|至|到)?(?:社区|村委会?|村里|街道|居委会?|网格员)|移交",
    ),
    ("held", r"(?:已|暂时?|原地|就地)*(?:隔离等待|留观|滞留|隔离|等候处理)"),
    ("released", r"(?:核实后|复核后|已)?放行"),
)
"""Code of what was done → how it is said."""
_PROBLEM = expression("|".join(f"(?P<{code}>{words})" for code, words in PROBLEMS))
_ACTION = expression("|".join(f"(?P<{code}>{words})" for code, words in ACTIONS))
_DIRECTION = tuple((name, expression(words)) for name, words in DIRECTIONS)
_LONE = expression(r"(?:(?<=[\s,:])|^)(?P<word>进|出)(?=[\s,]|$)")
_LEAD = expression(r"(?:(?:刚才|刚刚|刚|现在|又|有|来了?)[\s,:]*)*")
_FORM = expression(r"(?:(?:卡口|进出|出入|车辆|人员|来访|访客|外来)*登记)[\s:,]*")
_ABNORMAL = expression(r"(?:(?:扫码|查验|测温)?异常[\s:,]*(?:情况|人员)?[\s:,]*)?")
_HEADS = expression(
    r"(?<![\d.])(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,2})\s*(?:个人?|人|名|位|例)(?![一-鿿]?次)"
)
_COUNT = expression(r"\d\s*(?:人|名|位|例|辆|台|张|次|户|份|家|车|个|只|箱)")
_A_SINGLE = expression(r"(?<!\d)1 ?(?:人|名|位|辆|台|车)")
_QUESTION = expression(r"[?]|吗|怎么|如何|多少|几[个人辆名]|呢$|是不是|能不能|可以不")
_HEAT = expression(r"(?:体温|额温|腋温|温度)[\s:]*(?P<said>\d{1,3}(?:\.\d+)?)")
_FINE = expression(r"(?:体温|健康码?|绿码|一切|核酸|测温|扫码)*(?:正常|绿码|阴性|无异常)|绿码|口罩")
_TOOK = expression(r"^了?\s*")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record; `missing` names what it lacks to be one: direction, who; temperature: what is `said` cannot be one;
    line: nothing in it was understood.
    """

    fields: Fields = field(default_factory=dict)
    missing: str = ""
    form: bool = False
    """Whether it opens with 登记 and its like."""


def read(text: str, sent: datetime) -> list[Entry]:
    """The records of a message, none where it does not open with our words. What the first line says holds for those
    below it.
    """
    if _QUESTION.search(text):
        return []
    first, *more = [line for line in text.split("\n") if line.strip(" ,;。")]
    head = _one(first, sent, {})
    if head is None:
        return _below(first, more, sent)
    if not more:
        return [head]
    shared: Fields = {
        name: head.fields[name] for name in ("direction", "post", "problem", "action") if name in head.fields
    }
    alone = [] if head.missing == "who" else [head]
    lines = [_line(line, sent, shared) or Entry({"line": number}, "line") for number, line in enumerate(more, 2)]
    return [*alone, *lines]


def _below(first: str, more: Sequence[str], sent: datetime) -> list[Entry]:
    """进村, and below it a line for each: of the gate only where each of them names somebody with a temperature or a
    plate.
    """
    direction, rest = _direction(first.strip(" /,:;。!"), form=False)
    if not direction or rest.strip(" ,:的人员"):
        return []
    lines = [_line(line, sent, {"direction": direction}) for line in more]
    known = [one for one in lines if one is not None and one.missing in {"", "temperature"} and _is_sure(one.fields)]
    return known if len(known) == len(lines) else []


def _is_sure(fields: Fields) -> bool:
    return ("person" in fields or "plate" in fields) and bool({"temperature", "plate", "said"} & fields.keys())


def _line(line: str, sent: datetime, shared: Fields) -> Entry | None:
    """A line below a heading: it need not open with our words."""
    own = _one(line, sent, shared)
    return (
        own
        if own is not None
        else _pieces(Text(re.sub(r"^\s*\d{1,2}[.、)]\s*", "", line)), sent, dict(shared), form=True)
    )


def _one(line: str, sent: datetime, shared: Fields) -> Entry | None:
    text = Text(line.strip(" /,;。!"))
    found: Fields = dict(shared)
    if (post := _leading_post(text)) is not None:
        found["post"] = post
    body = text.rest.lstrip()
    body = body[_LEAD.match(body).end() :]  # type: ignore[union-attr]  # it matches nothing at least
    form = _FORM.match(body)
    if form is not None:
        body = body[form.end() :]
    direction, body = _direction(body, form=form is not None)
    if direction:
        found["direction"] = direction
    bare = body[_ABNORMAL.match(body).end() :]  # type: ignore[union-attr]  # it matches nothing at least
    if form is None and not direction and not _opens_with_problem(bare, abnormal=bare != body):
        return None
    return _pieces(Text(bare), sent, found, form=form is not None)


def _opens_with_problem(body: str, *, abnormal: bool) -> bool:
    """黄码 王某, 王某 黄码; behind 异常 the code may stand anywhere."""
    if abnormal and _PROBLEM.search(body):
        return True
    first, _, rest = body.partition(" ")
    return _PROBLEM.match(body if not pieces.is_person(first) else rest) is not None


def _leading_post(text: Text) -> str | None:
    first, rest = (*re.split(r"[\s:,]+", text.rest, maxsplit=1), "")[:2]
    alone = Text(first)
    found = pieces.post(alone) if rest else None
    if found is not None and not alone.words:
        text.rest = rest
        return found
    return None


def _direction(body: str, *, form: bool) -> tuple[str, str]:
    """(direction, what follows); with a form's word before it, it may stand further on."""
    for name, pattern in _DIRECTION:
        if found := pattern.match(body):
            return name, body[found.end() :][_TOOK.match(body[found.end() :]).end() :]  # type: ignore[union-attr]
    lone = _LONE.search(body) if form else None
    if (
        lone is None
        and re.match(r"[进出][一-鿿]{2,3}", body)
        and (pieces.temperature(Text(body)) or pieces.plate(Text(body)))
    ):
        lone = re.match(r"(?P<word>[进出])", body)
    if lone is None:
        return "", body
    return (IN if lone["word"] == "进" else OUT), f"{body[: lone.start()]} {body[lone.end() :]}"


def _pieces(text: Text, sent: datetime, found: Fields, *, form: bool) -> Entry | None:
    """Every piece that a record may have; None where figures are left: those are work."""
    pieces.drop_id_numbers(text)
    simple = (
        ("plate", pieces.plate),
        ("phone", pieces.phone),
        ("temperature", pieces.temperature),
        ("post", pieces.post),
    )
    told = _HEAT.search(text.rest)
    for name, take in simple:
        _put(found, name, take(text))
    if (at := pieces.time(text, sent)) is not None:
        found["at"] = at.strftime("%Y-%m-%dT%H:%M")
    for name, pattern in (("problem", _PROBLEM), ("action", _ACTION)):
        if match := text.take(pattern):
            found[name] = match.lastgroup
    _put(found, "heads", _heads(text) if found.get("problem") else None)
    _put(found, "origin", pieces.origin(text))
    _put(found, "destination", pieces.destination(text))
    counted = text.rest if found.get("heads") else _A_SINGLE.sub("", text.rest)
    if _COUNT.search(counted) or found.get("heads") == 0:
        return None
    text.drop(_FINE)
    pieces.labels(text)
    _put(found, "person", pieces.name(text))
    if told is not None and "temperature" not in found:
        return Entry({**found, "said": told["said"]}, "temperature", form=form)
    return _judged(found, text, form=form)


def _put(found: Fields, name: str, value: Any) -> None:
    if value is not None:
        found[name] = value


def _heads(text: Text) -> int | None:
    found = text.take(_HEADS)
    number = read_numeral(found["number"]) if found else None
    return int(number) if number is not None else None


EVIDENCE = ("temperature", "plate", "origin", "destination", "post", "problem", "at")


def _judged(found: Fields, text: Text, *, form: bool) -> Entry | None:
    evidence = [name for name in EVIDENCE if name in found]
    who = "person" in found or "plate" in found
    if note := " ".join(word for word in text.words if not word.isdigit())[:60]:
        found["note"] = note
    if found.get("problem"):
        said = who or "heads" in found or not text.words  # 弹窗的请去做核酸 is an announcement
        return Entry(found, form=form) if said else None
    if not found.get("direction"):
        return Entry(found, "direction", form=form) if who and {"temperature", "plate"} & found.keys() else None
    if not who:
        return Entry(found, "who", form=form) if form or "temperature" in found else None
    bare = not form and not evidence and len(text.words) > 0
    return None if bare else Entry(found, form=form)


def action(text: str) -> str:
    """The code of what was done, empty where nothing of the kind is said."""
    found = _ACTION.search(text)
    return str(found.lastgroup) if found else ""


def posts(entries: Sequence[Entry]) -> list[str]:
    """The posts that are named, each once."""
    return list(dict.fromkeys(entry.fields["post"] for entry in entries if entry.fields.get("post")))
