"""巡查 每2小时 22:00-6:00 红石坎村卡口: a plan of rounds in words. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta

from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral
from handlers.plan_words import DAY, take_hours

LEAST = timedelta(minutes=10)
MOST = timedelta(hours=24)
HOUR = 60
_NUMBER = r"(\d{1,4}(?:\.5)?|[一二两三四五六七八九十半]+)"
EVERY = expression(rf"每隔?\s*{_NUMBER}?\s*个?\s*(半)?\s*(小时|钟头|分钟)(?:半)?")
"""每2小时, 每隔两个小时, 每半小时, 每小时, 每90分钟."""
_NIGHT = expression(r"夜间|夜里|每[晚夜]|晚上|通宵")
_NOISE = expression(r"巡查|巡逻|巡检|计划|安排|定时|一[次轮遍趟]|每[天日]|轮次|起|(?:进行|开展|要|需要?)(?=\s|$)")
_NO_TIME = expression(
    r"(?<![\d:：])(?:(?:2[5-9]|[3-9]\d)(?:[:：]\d{1,2}|点)|24[:：](?!00)\d{2}|\d{1,2}[:：][6-9]\d)(?!\d)"
)
"""25:00, 24:30, 20:70."""
_ENDS = " ,;。、:：-到至"


@dataclass(frozen=True, slots=True)
class Planned:
    """What an order says, in minutes."""

    post: str
    every: int
    starts: int
    ends: int
    unclear: str = ""
    """A time of day that there is none of, as written."""

    @property
    def possible(self) -> bool:
        """Whether somebody could walk so often, and then."""
        return not self.unclear and LEAST <= timedelta(minutes=self.every) <= MOST


def read(text: str, night: tuple[int, int]) -> Planned | None:
    """The plan of a text, or None where it does not say how often. Without hours it is around the clock, 夜间 is from
    hour `night[0]` to hour `night[1]`.
    """
    match = EVERY.search(text)
    if match is None:
        return None
    rest, hours = take_hours(text[: match.start()] + " " + text[match.end() :])
    if hours is None and _NIGHT.search(rest):
        hours = (night[0] * HOUR, night[1] * HOUR + (DAY if night[1] <= night[0] else 0))
    starts, ends = hours or (0, DAY)
    words = _NOISE.sub(" ", _NIGHT.sub(" ", rest)).split()
    post = next((word.strip(_ENDS) for word in words if word.strip(_ENDS)), "")
    unclear = _NO_TIME.search(text)
    return Planned(post, _minutes(match), starts, ends, unclear[0] if unclear else "")


def _minutes(match: re.Match[str]) -> int:
    number, half, unit = match[1] or "", match[2], match[3]
    amount = 0.5 if number == "半" else float(read_numeral(number) or 0) if number else 0.0 if half else 1.0
    amount += 0.5 if half or match.group().endswith("半") else 0.0
    return round(amount * (1 if unit == "分钟" else HOUR))
