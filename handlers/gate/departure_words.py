"""What people say about those who left the city: `离京 张某 13800001234`, `离京名单` with lines, `离京电话 张某 未接`,
`Q3 2月10日离京 坐火车 当天20点到武汉 无异常 预计3月1日返京`, `Q3 返京登记`. Pure.

The five facts of such a call: when they left, by what, when they arrived, how they are, when they expect to be back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from handlers.gate import pieces
from handlers.gate.pieces import Text
from handlers.language.expressions import expression
from handlers.language.identifiers import find_phone_tails, find_trips
from handlers.language.moments import Moment, Tense, TimeExpr
from handlers.language.signs import find_signs, judge
from handlers.language.times import find_times
from handlers.language.types import Span

FACTS = ("left_at", "transport", "arrived_at", "normal", "returns")
"""The five facts; `returns` is a day, or the word 未定 where somebody has none in mind."""
UNDECIDED = "undecided"
OUTCOMES: tuple[tuple[str, str], ...] = (
    ("no_answer", r"未接(?:听|通)?|没(?:有)?(?:接|人接)(?:听|通|电话)?|无人接听?|不接"),
    ("refused", r"拒接|拒绝(?:接听|回答|配合)?|挂断"),
    ("unreachable", r"空号|关机|停机|打不通|不在服务区|号码(?:有误|错误|不对)"),
    ("reached", r"(?:已)?(?:接通|打通|联系上|已核实|核实(?:完|了|清楚)|核实无误)"),
)
TRANSPORT: tuple[tuple[str, str], ...] = (
    ("train", r"高铁|动车|火车|列车|城际"),
    ("plane", r"飞机|航班|飞"),
    ("coach", r"大巴|长途车?|客车|班车|拼车|顺风车"),
    ("car", r"自驾|开车|私家车|驾车|自己开|轿车|汽车"),
    ("other", r"轮船|骑车|步行"),
)
_REF = r"[Qq]\d{1,7}"
_LEFT = r"(?:离京|离开北京|外出|出京)"
_PEOPLE = r"(?:人员|职工|员工|务工|务工人员|村民)?"
_ORDERS: tuple[tuple[str, str], ...] = (
    ("how", r"(?:离京|离开北京)(?:人员)?(?:登记|电话|核实|回访)?$"),
    (
        "open",
        rf"{_LEFT}{_PEOPLE}(?:待打电话|待打|待联系|待核实|未打|没打|没联系|未联系|还有谁|进度|情况)(?:名单|列表|电话)?$",
    ),
    ("open", rf"(?:待打电话|待打|还有谁没打|谁没打)(?:名单|列表|电话)?$|{_LEFT}{_PEOPLE}(?:名单|台账|列表)$"),
    ("list", rf"{_LEFT}{_PEOPLE}(?:名单|台账|登记表|列表|导入)[\s:,]*\n"),
    ("call", rf"{_LEFT}{_PEOPLE}(?:电话|核实|回访|去电|已打)[\s:,]*(?=\S)"),
    ("back", rf"(?:返京登记|转返京(?:登记)?|登记返京|返京|已返京)[\s:,]*(?={_REF}\s*$)"),
    ("back", rf"(?={_REF}[\s:,]*(?:已)?(?:返京登记|转返京登记|登记返京|返京了?|回京了?|回来了)$)"),
    ("close", rf"(?:结束|关闭|不用打了|不再联系)[\s:,]*(?={_REF})"),
    ("call", rf"(?={_REF}[\s:,]*\S)"),
    ("show", rf"(?:查看|查|看)[\s:,]*(?={_REF}\s*$)|(?={_REF}\s*$)"),
    ("one", rf"{_LEFT}{_PEOPLE}(?:登记|报备)?[\s:,]+(?=\S)"),
)
"""Order → the words that it opens with."""
_COMPILED = tuple((name, expression(rf"^\s*/?\s*{words}")) for name, words in _ORDERS)
_REFERENCE = expression(rf"(?<![A-Za-z0-9]){_REF}(?![A-Za-z0-9])")
_OUTCOME = expression("|".join(f"(?P<{code}>{words})" for code, words in OUTCOMES))
_TRANSPORT = expression("|".join(f"(?P<{code}>(?:乘坐|乘|坐)?(?:{words}))" for code, words in TRANSPORT))
_BACK = expression(r"返京|回京|返回北京|回北京|回来|返回|返程")
_BACK_ALONE = expression(r"回(?=$|[\s,;。])")
"""2月25日回; 回家 and 回信阳 are the way out."""
_NO_DATE = expression(
    r"(?:暂时?|目前|近期)?(?:不|没有?|无)(?:打算|计划|准备)?(?:返京|回京|回来)(?:打算|计划|安排)?|(?:返京|回京)(?:时间|日期)?[\s:]*(?:未定|待定|不定|没定)|没定(?:返京|回京)?(?:时间|日期)?|返京未定"
)
_ARRIVED = expression(r"到达?|抵达?|到家")
_GONE = expression(r"离京|离开|出发|走的?|出京")
_DESTINATION = expression(
    r"(?:抵达|到达|到了?|去了?|回了?|在|回到)[\s:]*(?P<place>(?!身体|体温|时间|预计)[\u4e00-\u9fff]{2,12}?)(?=[\s,;。:]|$|无|身|一|预|体|已)"
)
_HEADS = expression(r"^(?:序号|姓名|名字)[\s,|\t]+")
_NUMBERED = expression(r"^\s*(?:\d{1,3}[.、)\s]\s*)")
NEAR = 6
"""So many characters around a time are looked at for the word that says what it is the time of."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a call was to."""

    ref: str = ""
    person: str = ""
    phone: str = ""
    tail: str = ""

    def __bool__(self) -> bool:
        return any((self.ref, self.person, self.phone, self.tail))


@dataclass(frozen=True, slots=True)
class Told:
    """One line: about whom, what came of a call, which facts."""

    who: Who
    outcome: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DepartureOrder:
    """One order."""

    name: str
    lines: tuple[Told, ...] = ()
    bad: tuple[int, ...] = ()
    """Numbers of the lines in which nobody was named."""


def read(text: str, sent: datetime) -> DepartureOrder | None:
    """The order that a message is; None for everything else."""
    for name, pattern in _COMPILED:
        if match := pattern.match(text):
            rest = text[match.end() :].strip(" ,:;。!\n")
            return _lines(name, rest, sent) if name == "list" else _order(name, rest, sent)
    return None


def _order(name: str, rest: str, sent: datetime) -> DepartureOrder | None:
    if name in {"open", "how"}:
        return DepartureOrder(name)
    one = told(" ".join(rest.split("\n")), sent)
    if name == "one" and not (one.who.person or one.who.phone):
        return None
    return DepartureOrder(name, (one,))


def _lines(name: str, rest: str, sent: datetime) -> DepartureOrder:
    rows = [line for line in rest.split("\n") if line.strip() and not _HEADS.match(line.strip())]
    found = [told(_NUMBERED.sub("", line), sent) for line in rows]
    good = tuple(one for one in found if one.who.person or one.who.phone)
    bad = tuple(number for number, one in enumerate(found, 1) if not (one.who.person or one.who.phone))
    return DepartureOrder(name, good, bad)


def told(line: str, sent: datetime) -> Told:
    """What one line says of one person."""
    text = Text(line)
    reference = text.take(_REFERENCE)
    pieces.drop_id_numbers(text)
    phone = pieces.phone(text)
    tail = text.spans(find_phone_tails(text.rest))
    outcome = text.take(_OUTCOME)
    facts = facts_of(text, sent)
    pieces.labels(text)
    who = Who(reference[0].upper() if reference else "", pieces.name(text) or "", phone or "", tail or "")
    return Told(who, str(outcome.lastgroup) if outcome else "", facts)


def facts_of(text: Text, sent: datetime) -> dict[str, Any]:
    """The facts of a line; what they were read from is cut out."""
    found: dict[str, Any] = {}
    _health(text, found)
    if text.take(_NO_DATE):
        found["returns"] = UNDECIDED
    _times(text, sent, found)
    if trip := text.spans([span for span in find_trips(text.rest) if span.value.kind != "car"]):
        found["transport"], found["trip"] = trip.kind, trip.number
    if match := text.take(_TRANSPORT):
        found.setdefault("transport", match.lastgroup)
    if match := text.take(_DESTINATION):
        found["destination"] = match["place"]
    return found


def _health(text: Text, found: dict[str, Any]) -> None:
    temperature = pieces.temperature(text)
    signs = find_signs(text.rest)
    if temperature is None and not signs:
        return
    health = judge(signs, [temperature] if temperature is not None else [])
    found["normal"] = health.normal if health.normal is not None else True
    if health.symptoms:
        found["symptoms"] = list(health.symptoms)
    if temperature is not None:
        found["temperature"] = temperature
    for sign in sorted(signs, key=lambda one: one.start, reverse=True):
        text.rest = text.rest[: sign.start] + " " * (sign.end - sign.start) + text.rest[sign.end :]


def _times(text: Text, sent: datetime, found: dict[str, Any]) -> None:
    """Each time is that of the word beside it: leaving, arriving, coming back. The first without one is the leaving."""
    spans = [Span(s.start, s.end, s.value) for s in find_times(text.rest, sent) if isinstance(s.value, TimeExpr)]
    whole, left = text.rest, None
    for number, span in enumerate(spans):
        end = spans[number + 1].start if number + 1 < len(spans) else len(whole)
        start = spans[number - 1].end if number else 0
        meaning = _meaning(whole[start : span.start], whole[span.end : end], first="left_at" not in found)
        value, left = _resolved(span.value, meaning, left)
        if value and meaning not in found:
            found[meaning] = value
    for span in reversed(spans):
        text.rest = text.rest[: span.start] + " " * (span.end - span.start) + text.rest[span.end :]
    text.drop(_WORDS)


_WORDS = expression(
    r"(?:预计|计划|打算|拟|大概|左右|(?:到达|抵达)?(?:时间|日期))|" + _BACK.pattern + r"|离京|离开北京|出发|[:]"
)


def _meaning(before: str, after: str, *, first: bool) -> str:
    """Which fact a time is: by what follows it at once, else by the word before it."""
    behind = after[:NEAR].lstrip(" 号日的左右前后")
    for meaning, pattern in _FOLLOWING:
        if pattern.match(behind):
            return meaning
    hits = [(match.end(), meaning) for meaning, pattern in _NAMED for match in pattern.finditer(before)]
    if hits:
        return max(hits)[1]
    return "left_at" if first else "arrived_at"


_FOLLOWING = (("returns", _BACK), ("returns", _BACK_ALONE), ("left_at", _GONE), ("arrived_at", _ARRIVED))
_NAMED = (("returns", _BACK), ("returns", expression(r"预计|计划|打算")), ("left_at", _GONE), ("arrived_at", _ARRIVED))


def _resolved(value: TimeExpr, meaning: str, left: date | None) -> tuple[str, date | None]:
    """The time in the contract's form; 当天 and 次日 count from the day of leaving."""
    tense: Tense = "plan" if meaning == "returns" else "report"
    if left is not None and meaning == "arrived_at" and (value.day is None or value.day.kind in {"same", "next"}):
        moment: Moment = _from(value, left)
    else:
        moment = value.resolve(tense)
    said = moment.date.isoformat() if meaning == "returns" else moment.text()
    return said, moment.date if meaning == "left_at" else left


def _from(value: TimeExpr, left: date) -> Moment:

    day = left + timedelta(days=value.day is not None and value.day.kind == "next")
    return replace(value, day=None).on(day).resolve("report")


def missing(facts: Mapping[str, Any]) -> list[str]:
    """Those of the five facts that are not known yet."""
    return [name for name in FACTS if name not in facts]
