# ruff: noqa: SIM905 - a list of words reads better as text
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""Label–value messages: where labels stand and how far their values reach. Positions refer to the whole text."""

import re
from collections.abc import Iterator
from functools import lru_cache

from handlers.language.expressions import expression
from handlers.language.kinds import kind_of
from handlers.language.labels import LONGEST, look_up, may_ask
from handlers.language.light import light

_COLON = expression(r"[:=](?:(?<!\d[:=])|(?!\d\d))[ \t]*")
_TO_LAST_STOP = expression(r"[\s\S]*[\n\t:=,;。!?、】)\]]")
_TO_LAST_END = expression(r"[\s\S]*[\n\t:=,;。!?]")
"""Down to the last character that no label holds; brackets and 、 may stand in one."""
_LONGEST_BEFORE = 24
_REACH = 25
_LINE = expression(r"[^\n]+")
_FIRST_TOKEN = expression(r"(?:(?:\d{1,2}[.、):]|[①-⑳])[ ]?)?([^\s:=]{1,16})([ \t]+|$)")
_SPACED = expression(r"(?:^|(?<=[\s,;:]))([^\s:=,;]{2,16}) (?=\S)")
_SPACED_MIN = 3
"""So many labels without a colon make a line a form; fewer are ordinary words."""
_DASHED = expression(r"^[ \t]*([^\s:=-]{2,12})-(?=\S)", re.MULTILINE)
_UNKNOWN_MAX = 10


@light
class Field:
    """One label and its value: `text[start:end]` is the value, the label begins at `label_start`."""

    concept: str
    """What the label asks for; `unknown` for a label that no table knows."""
    label: str
    label_start: int
    start: int
    end: int


def find_fields(text: str, start: int = 0, end: int | None = None) -> tuple[Field, ...]:
    """All labelled values in `text[start:end]`, in order; a value ends where the next label or sentence of its
    own begins.
    """
    stop = len(text) if end is None else end
    colons = text.find(":", start, stop) >= 0 or text.find("=", start, stop) >= 0
    if not (colons or any(_separators(text))):
        return ()
    found = {mark[2]: mark for mark in _marks(text, start, stop, colons=colons)}
    if not found:
        return ()
    marks = sorted(found.values(), key=_label_start)
    fields = []
    for index, (label, label_start, value_start) in enumerate(marks):
        value_end = marks[index + 1][1] if index + 1 < len(marks) else stop
        concept = look_up(label) or "unknown"
        own_line = (
            label_start == start
            or text[label_start - 1] == "\n"
            or bool(_MARK_BEFORE.search(text, max(start, label_start - 6), label_start))
        )
        fields.append(
            Field(
                concept, label, label_start, value_start, _end(text, value_start, value_end, concept, own_line=own_line)
            )
        )
    return tuple(fields)


def _label_start(mark: tuple[str, int, int]) -> int:
    return mark[1]


_MARK_BEFORE = expression(r"(?:^|\n)[ \t]*(?:\(?\d{1,2}[.、):]|[①-⑳]|[-·*•])[ \t]*$")
_SEVERAL_LINES = frozenset(
    {
        "address",
        "people",
        "items",
        "shortages",
        "finding",
        "fix",
        "remark",
        "work",
        "origin",
        "employer",
        "duty",
        "symptoms",
        "companions",
    }
)
_LISTS = frozenset(
    {
        "people",
        "leader",
        "name",
        "items",
        "shortages",
        "finding",
        "fix",
        "remark",
        "work",
        "symptoms",
        "health",
        "outcome",
        "companions",
        "unknown",
        "ignored",
        "by",
        "temperature",
        "needed",
    }
)
_ONE_WORD = frozenset(
    {
        "station",
        "post",
        "duty",
        "shift",
        "headcount",
        "gender",
        "round",
        "hours",
        "party",
        "place",
        "company",
        "opens_at",
        "staff",
        "returned",
    }
)


def _end(text: str, start: int, end: int, concept: str, *, own_line: bool) -> int:
    """How far the value of `concept` reaches at most: lists over commas, addresses over lines, single words to
    the space.
    """
    line_end = text.find("\n", start, end)
    while line_end >= 0 and concept in _SEVERAL_LINES and line_end > start:
        following = text.find("\n", line_end + 1, end)
        if kind_of(text[line_end + 1 : following if following >= 0 else end].strip()) is not None:
            break
        line_end = following
    if line_end > start:
        end = line_end
    if concept not in _LISTS and (comma := _COMMA.search(text, start, end)):
        end = comma.start()
    if concept in _ONE_WORD and own_line and (label := _NEXT_LABEL.search(text, start, end)):
        end = label.start()
    if not own_line and concept in _ONE_WORD and (space := text.find(" ", start + 1, end)) > 0:
        end = space
    return _trim(text, start, end)


_NEXT_LABEL = expression(r" (?=[^\s:,;。\d]{2,10}:)")
"""Whatever is asked for behind a space and before a colon is no part of one word."""
_COMMA = expression(r"[,;。](?!\d{3}(?!\d))")


def _trim(text: str, start: int, end: int) -> int:
    """Cut what follows the value: separators and an empty line with everything below it."""
    gap = text.find("\n\n", start, end)
    if gap >= 0:
        end = gap
    while end > start and text[end - 1] in " \n\t,;。、(【[":
        end -= 1
    return end


def _marks(text: str, start: int, stop: int, *, colons: bool) -> Iterator[tuple[str, int, int]]:
    for colon in _COLON.finditer(text, start, stop) if colons else ():
        found = _label_before(text, max(start, colon.start() - _REACH), colon.start())
        if found and (look_up(found[0]) or _plausible(text, *found)):
            yield *found, colon.end()
    dashes, spaces = _separators(text)
    dashed = [m for m in _DASHED.finditer(text, start, stop) if look_up(m[1])] if dashes else []
    if len(dashed) >= _SPACED_MIN:
        yield from ((m[1], m.start(1), m.end()) for m in dashed)
    if spaces:
        yield from _marks_without_colon(text, start, stop)


@lru_cache(maxsize=4)
def _separators(text: str) -> tuple[bool, bool]:
    """Whether the whole text holds dashes, and line breaks or spaces enough for labels without a colon; asked for
    each stretch of it.
    """
    return "-" in text, "\n" in text or text.count(" ") >= _SPACED_MIN


def _label_before(text: str, start: int, colon: int) -> tuple[str, int] | None:
    """The label right before the colon: a known one, the longer the better, else the last word."""
    stretch = text[start:colon].rstrip(" \t")
    last: tuple[str, int] | None = None
    for pattern in (_TO_LAST_END, _TO_LAST_STOP):
        stop = pattern.match(stretch)
        words = stretch[max(stop.end() if stop else 0, len(stretch) - _LONGEST_BEFORE) :]
        if not words:
            return None
        words = words.lstrip(" ")
        label, at = _shorten(words, start + len(stretch) - len(words))
        if label and look_up(label):
            return label, at
        last = (label, at) if label else None
    return last


_INNER_MARKS = frozenset(" 】)、]")
_SPELLED = expression(r"(?:^|\s)\S \S$")
"""姓 名"""


def _shorten(label: str, at: int) -> tuple[str, int]:
    """The known label at the end of a longer stretch: in `签到 卡口` it is `卡口`."""
    if len(label) <= LONGEST and look_up(label):
        return label, at
    if _SPELLED.search(label) and look_up(label[-3:]):
        return label[-3:], at + len(label) - 3
    cut = -1 if _INNER_MARKS.isdisjoint(label) else max(map(label.rfind, _INNER_MARKS))
    if cut >= 0:
        return label[cut + 1 :], at + cut + 1
    return label, at


def _plausible(text: str, label: str, at: int) -> bool:
    """An unknown label at the start of a line still ends the value above it."""
    return (at == 0 or text[at - 1] == "\n") and len(label) <= _UNKNOWN_MAX


def _marks_without_colon(text: str, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
    for line in _LINE.finditer(text, start, stop):
        words, (begin, end) = line.group(), line.span()
        if words.count("\t") == 1 and (label := _column(words)):
            yield label, begin + words.index(label), begin + words.index("\t") + 1
        elif (
            (token := _FIRST_TOKEN.match(text, begin, end))
            and _asks(token[1])
            and text[token.end() : token.end() + 1] not in (":", "=")
        ):
            below = token.end() == end
            if not below or _value_below(text, end, stop):
                yield token[1], token.start(1), min(token.end() + below, stop)
        if words.count(" ") >= _SPACED_MIN and sum(map(may_ask, words.split(" "))) >= _SPACED_MIN:
            spaced = [m for m in _SPACED.finditer(text, begin, end) if _asks(m[1])]
            if len(spaced) >= _SPACED_MIN:
                yield from ((m[1], m.start(1), m.end()) for m in spaced)


_TOO_COMMON = frozenset(
    {
        "isolation",
        "finding",
        "outcome",
        "items",
        "unknown",
        "ignored",
        "remark",
        "station",
        "transfer_to",
        "hand_over",
        "needed",
        "party",
        "day",
        "by",
        "work",
        "days",
        "fix",
        "round",
        "company",
        "temperature",
        "deadline",
        "place",
        "vehicle",
    }
)


_SHORT = frozenset(
    (
        "姓名 名字 性别 电话 手机 住址 地址 单位 体温 车次 航班 时间 点位 卡口 卡点 人员 班次 地点 人数 轮次 问题 处理 "
        "来自 症状 尾号 任务 面积 职工 员工 物资 物品"
    ).split()
)
"""Short labels that are hardly ever words of a sentence at that place."""


def _asks(token: str) -> bool:
    if (len(token) <= 2 and token not in _SHORT) or "(" in token:
        return False
    concept = look_up(token)
    return concept is not None and (concept not in _TOO_COMMON or len(token) >= 4)


def _column(line: str) -> str | None:
    """The label of a line with a tab between it and its value and nothing else: any known one will do."""
    label = line.partition("\t")[0].strip()
    return label if label and look_up(label) else None


def _value_below(text: str, line_end: int, stop: int) -> bool:
    """The label stands alone on its line; its value is the next line unless that is a label too."""
    if line_end >= stop:
        return False
    next_end = text.find("\n", line_end + 1, stop)
    below = text[line_end + 1 : next_end if next_end >= 0 else stop]
    token = _FIRST_TOKEN.match(below)
    return bool(below.strip()) and not (token and _asks(token[1])) and ":" not in below[:LONGEST]
