"""What an order says: when, to whom, what. Pure; which words name groups is told from outside.

    通知 今晚20:00 金海湖镇 10点前各卡口上报人数

The time is only the notice's own where it stands before the groups; whatever stands behind them is the text, as it
was written.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from handlers.language.expressions import expression
from handlers.language.moments import TimeExpr
from handlers.language.times import find_times

_COMMAND = expression(r"[/／]?\s*(?:通知附件|政策附件|通知|政策)[\s:：,，]*")
_MENTION_FIRST = expression(r"\s*[@＠]")
_MENTION_LAST = expression(r"\s*[@＠][^\s@＠]+\s*$")
_LABEL = expression(r"\s*(发给|对象|范围|群|时间|定时|发送时间|级别|内容|正文)\s*[:：]\s*(.*)$")
_LABELS = {
    "发给": "groups",
    "对象": "groups",
    "范围": "groups",
    "群": "groups",
    "时间": "at",
    "定时": "at",
    "发送时间": "at",
    "级别": "level",
    "内容": "body",
    "正文": "body",
}
_LEVEL = expression(r"(国家|全国|北京市|市|区|镇|乡|街道)级?(?=[\s:：]|$)[\s:：]*")
_LEVELS = {"全国": "国家", "北京市": "市", "乡": "镇"}
_NAME = expression(r"[^\s:：，,。、;；!！]+")
_JOIN = expression(r"\s*[、,，]\s*")
_AND = expression(r"[和与及]")
_BETWEEN = expression(r"[\s:：,，]*")


@dataclass(slots=True)
class Order:
    """One order."""

    at: datetime | None = None
    """Naive, local; None: at once."""
    unclear_time: str = ""
    """What stands where a time should and is none."""
    groups: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Names in the list of groups that nobody knows."""
    level: str = ""
    body: str = ""


def words_of(text: str) -> str:
    """What stands behind the order's own word, as it was written; mentions of the bot are not part of it."""
    match = _COMMAND.search(text)
    rest = text[match.end() :] if match else ""
    return rest.strip() if _MENTION_FIRST.match(text) else _MENTION_LAST.sub("", rest).strip()


def parse(rest: str, written: datetime, knows: Callable[[str], bool], *, policy: bool = False) -> Order:
    """Read an order. `written` is naive and local; `knows` tells whether a word names groups."""
    order = Order()
    if _LABEL.match(rest.split("\n", 1)[0]):
        _labelled(order, rest, written, knows)
    else:
        order.body = _groups(order, _time(order, _level(order, rest, policy=policy), written), knows)
        if policy and not order.level:
            order.body = _level(order, order.body, policy=True)
    return order


def _labelled(order: Order, rest: str, written: datetime, knows: Callable[[str], bool]) -> None:
    lines = rest.split("\n")
    for number, line in enumerate(lines):
        match = _LABEL.match(line)
        kind, said = (_LABELS[match[1]], match[2].strip()) if match else ("body", line)
        if kind == "body":
            order.body = "\n".join([said, *lines[number + 1 :]]).strip()
            return
        if kind == "groups":
            order.unknown = _names(_groups(order, said, knows))
        elif kind == "level":
            _level(order, said, policy=True)
        elif _time(order, said, written):
            order.unclear_time = said


def _names(text: str) -> list[str]:
    return _NAME.findall(text)


def _level(order: Order, text: str, *, policy: bool) -> str:
    match = _LEVEL.match(text) if policy else None
    if match is None:
        return text
    order.level = _LEVELS.get(match[1], match[1])
    return text[match.end() :]


def _time(order: Order, text: str, written: datetime) -> str:
    """The text behind the time that it begins with, if it begins with one that stands by itself."""
    head = text.split("\n", 1)[0]
    found = find_times(_half_width(head), written)
    if not found or found[0].start or not isinstance(found[0].value, TimeExpr):
        return text
    value, end = found[0].value, found[0].end
    stands_alone = end == len(head) or head[end] in " \t:：,，\u3000\u2005"
    if not value.has_time or value.bound or not stands_alone:
        return text
    said = value.resolve("plan").text()
    if "T" in said:
        order.at = datetime.fromisoformat(said)
        return text[end:].lstrip(" \t:：,，\u3000\u2005\n")
    return text


def _half_width(text: str) -> str:
    return "".join(short if len(short := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)


def _groups(order: Order, text: str, knows: Callable[[str], bool]) -> str:
    """The text behind the names of groups that it begins with."""
    at = 0
    while match := _NAME.match(text, at):
        found = _known(match[0], knows)
        if not found:
            break
        order.groups += found
        at = match.end()
        join = _JOIN.match(text, at)
        if join is None:
            gap = _BETWEEN.match(text, at)
            at = gap.end() if gap else at
            if ":" in _half_width(gap[0] if gap else "") or "\n" in (gap[0] if gap else ""):
                break
            continue
        following = _NAME.match(text, join.end())
        if following and "、" in join[0] and not _known(following[0], knows):
            order.unknown.append(following[0])
            at = following.end()
            break
        at = join.end()
    return text[at:].strip()


def _known(word: str, knows: Callable[[str], bool]) -> list[str]:
    """The groups that a word names: one, or two with 和 between them."""
    if knows(word):
        return [word]
    return next((both for both in _halves(word) if all(knows(half) for half in both)), [])


def _halves(word: str) -> Iterator[list[str]]:
    yield from ([word[: match.start()], word[match.end() :]] for match in _AND.finditer(word))
