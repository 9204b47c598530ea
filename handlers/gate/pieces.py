"""Pieces of what is said at a gate: plates, temperatures, where from and where to, names. Each is cut out of the text,
so that no other piece reads it again. Pure.
"""

import re
from datetime import datetime
from typing import TypeVar

from handlers.language.expressions import expression
from handlers.language.identifiers import find_id_numbers, find_phones, find_temperatures, find_trips
from handlers.language.moments import TimeExpr
from handlers.language.people import NONE, clean_name, is_name
from handlers.language.times import find_times
from handlers.language.types import Span

V = TypeVar("V")

_POST = expression(
    r"(?:(?<=[\s,;:])|^)(?:在)?([\u4e00-\u9fffA-Za-z0-9]{0,12}?"
    r"(?:卡口|卡点|检查[站点]|岗亭|门岗|值守点|防控点|路口|村口|出入口|[东西南北前后正侧大][门口]|\d+号门))(?=[\s,;:]|$)"
)
_FROM = expression(
    r"(?:^|(?<=[\s,;:]))?(?:从|来自|自|由|老家)\s*([\u4e00-\u9fff0-9A-Za-z]{2,16}?)"
    r"(?:过?来的?|回来的?|返回|进|到|去|往|$|(?=[\s,;]))"
)
_CAME = expression(r"(?:(?<=[\s,;:])|^)([\u4e00-\u9fff]{2,8})(?:来的?|过来的?|方向来的?)(?=[\s,;]|$)")
_TO = expression(r"(?:回到|去到|前往|去往|到达?|去|往|回|至|目的地)(?:了)?[:\s]*([\u4e00-\u9fff0-9A-Za-z\-]{1,20})")
_SPLIT = expression(r"[\s,;:、。/()（）]+")
_TITLES = expression(r"(?:先生|女士|同志|师傅|老师|大爷|大妈|阿姨)$")
_LABELS = expression(
    r"(?:姓名|车主|司机|持证人|户主|业主|居民|住户|车牌号?|牌照|车号|电话|手机号?|联系方式|体温|住址|地址|来源|"
    r"点位|时间|事由|原因|方向|测温)\s*[:为是]?\s*"
)
_ONE = expression(r"(?:有)?(?:一|1)(?:个人?|名|位|辆车?|台车?)|一车")


class Text:
    """A text from which pieces are taken."""

    def __init__(self, text: str) -> None:
        self.rest = text

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """The first match, cut out."""
        found = pattern.search(self.rest)
        if found is not None:
            self.cut(found.start(), found.end())
        return found

    def drop(self, pattern: re.Pattern[str]) -> None:
        """Every match, cut out."""
        self.rest = pattern.sub(" ", self.rest)

    def cut(self, start: int, end: int) -> None:
        self.rest = f"{self.rest[:start]} {self.rest[end:]}"

    def spans(self, found: list[Span[V]]) -> V | None:
        """The value of the first of `found`, which is cut out."""
        if not found:
            return None
        self.cut(found[0].start, found[0].end)
        return found[0].value

    @property
    def words(self) -> list[str]:
        """What is left, word by word."""
        return [word for word in _SPLIT.split(self.rest) if word]


def plate(text: Text) -> str | None:
    """A number plate, upper case, without its dot."""
    found = [span for span in find_trips(text.rest) if span.value.kind == "car"]
    value = text.spans(found)
    return value.number if value is not None else None


def phone(text: Text) -> str | None:
    """A mobile number."""
    return text.spans(find_phones(text.rest))


def drop_id_numbers(text: Text) -> None:
    """ID numbers are not kept."""
    while text.spans(find_id_numbers(text.rest)) is not None:
        pass


def temperature(text: Text) -> float | None:
    """A body temperature in ℃."""
    return text.spans(find_temperatures(text.rest))


def time(text: Text, sent: datetime) -> datetime | None:
    """A time of day that has been, of the message's zone."""
    for span in find_times(text.rest, sent):
        if isinstance(span.value, TimeExpr) and span.value.has_time:
            moment = span.value.resolve("report")
            text.cut(span.start, span.end)
            if moment.time is None:
                return None
            return datetime.combine(moment.date, moment.time, sent.tzinfo)
    return None


def post(text: Text) -> str | None:
    """The post: 红石坎村卡口, 东门."""
    found = text.take(_POST)
    return found[1] if found else None


def origin(text: Text) -> str | None:
    """Where somebody comes from."""
    found = text.take(_FROM) or text.take(_CAME)
    return found[1] if found else None


def destination(text: Text) -> str | None:
    """Where somebody goes to."""
    found = text.take(_TO)
    return found[1] if found else None


def labels(text: Text) -> None:
    """Words that only say what comes next."""
    text.drop(_LABELS)
    text.drop(_ONE)


def name(text: Text) -> str | None:
    """A person's name: a word that is surely one, else the first word that may be one."""
    word = next((word for word in text.words if is_person(word)), None)
    if word is None:
        return None
    text.rest = text.rest.replace(word, " ", 1)
    return bare_name(word)


def bare_name(word: str) -> str:
    """The name in a word, without a title."""
    return clean_name(_TITLES.sub("", word))


def is_person(word: str) -> bool:
    """Whether a word is a person's name."""
    name_ = bare_name(word)
    return is_name(name_) > NONE or _vague(name_)


_VAGUE = expression(r"^[\u4e00-\u9fff](?:某{1,2}|\*{1,2}|[Xx]{1,2})$")


def _vague(name: str) -> bool:
    """张某, 李某某, 王*: people write so where they do not want to name anybody."""
    return _VAGUE.match(name) is not None
