"""How long something took or will take: `4个半小时`, `一周`, `连续3天`."""

import re

from handlers.language.expressions import expression
from handlers.language.light import light
from handlers.language.numerals import plain, read_numeral
from handlers.language.types import Span

_HOURS = {"小时": 1.0, "钟头": 1.0, "h": 1.0, "H": 1.0, "分钟": 1 / 60, "分": 1 / 60}
_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_NUMBER = r"[0-9]+(?:\.[0-9]+)?|[一二两三四五六七八九十]{1,3}|半"
_DURATION = expression(
    rf"(?<![0-9.第周初月])(?<![^为]期)(?P<n>{_NUMBER})(?P<a>多|来|余)?"
    r"(?:(?P<each>个)(?P<half>半)?(?P<b>多|来)?)?"
    r"(?P<unit>小时|钟头|分钟|[hH](?![A-Za-z0-9])|天|日(?=内|的)|周(?![一二三四五六日末围岁])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天])|(?<=个)月|(?<=个半)月)"
    rf"(?:(?P<half_after>半)|(?P<rest>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})分钟?)?"
)
_NOT_A_LENGTH = expression(r"(?:之|以)?[后前](?!后)|内|值守|值班值守|不间断|轮班|营业|热线|以来")
_HALF_MONTH = 15


@light
class Duration:
    """A length of time: either hours or days, whichever its words count."""

    hours: int | float | None = None
    days: int | float | None = None
    approx: bool = False


def find_durations(text: str) -> list[Span[Duration]]:
    """All lengths of time; distances from now (`十五分钟后`), ordinals (`第三天`) and `24小时值守` are none."""
    return [span for found in _DURATION.finditer(text) if (span := _duration(text, found)) is not None]


def _duration(text: str, found: re.Match[str]) -> Span[Duration] | None:
    if _NOT_A_LENGTH.match(text, found.end()) is not None:
        return None
    number = read_numeral(found["n"])
    if number is None:
        return None
    half = 0.5 if found["half"] or found["half_after"] else 0
    approx = bool(found["a"] or found["b"])
    unit = found["unit"]
    if unit in _HOURS:
        rest = read_numeral(found["rest"]) if found["rest"] else 0
        return Span(
            found.start(),
            found.end(),
            Duration(hours=plain((number + half) * _HOURS[unit] + (rest or 0) / 60), approx=approx),
        )
    days = _HALF_MONTH if found["n"] == "半" and unit == "月" else plain((number + half) * _DAYS[unit])
    return Span(found.start(), found.end(), Duration(days=days, approx=approx))
