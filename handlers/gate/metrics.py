"""Which of the gate's own figures a count of work is: 进3人 is people who came in, 车辆12辆 vehicles. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from handlers.language.expressions import expression

PEOPLE = frozenset(("", "人", "人次", "名", "位", "个人", "例"))
VEHICLES = frozenset(("辆", "辆次", "台", "车次", "台次"))
CARDS = frozenset(("张", "个", "份", "本"))
_PLACE = r"(?:村|社区|小区|园区?|楼|院|门|站|卡口|入)?"
_WHO = r"(?:人员|人数|村民|居民|行人|群众|登记|放行|的)*"
METRICS: tuple[tuple[str, frozenset[str], re.Pattern[str]], ...] = (
    ("vehicles", VEHICLES, expression(r"车|^(?:进|出|进出)$|登记|放行")),
    ("in", PEOPLE, expression(rf"^{_WHO}(?:进入?|入|返|回){_PLACE}{_WHO}$")),
    ("out", PEOPLE, expression(rf"^{_WHO}(?:出|离|外出){_PLACE}{_WHO}$")),
    ("both", PEOPLE, expression(rf"^{_WHO}(?:进出|出入|往来|过往){_PLACE}{_WHO}$")),
    ("back", PEOPLE, expression(r"^(?:文明)?劝(?:返|回|离)(?:人员|外来人员)?$")),
    ("fever", PEOPLE, expression(r"^(?:发现)?(?:发热|发烧|体温异常)(?:人员|病人)?$")),
    (
        "exception",
        PEOPLE,
        expression(r"(?:黄码|红码|弹窗|(?:健康|行程)?码异常|核酸.*(?:过期|异常|不符)|(?:无|没有?)核酸)"),
    ),
    ("measured", PEOPLE, expression(r"^(?:测量?|量|检测)(?:体)?温(?:扫码|登记)?(?:人员)?$")),
    (
        "passes",
        CARDS,
        expression(r"(?:发放?|办理?|制作|签发).*(?:出入证|通行证|车证|临时证|出入卡)$|^(?:出入证|通行证|车证)$"),
    ),
)
"""Figure → measure words with which it may be told → what its item is called. The first that fits wins."""


def metric(item: str, measure: str) -> str:
    """The gate's figure that `item` counts; empty where it counts none of them."""
    for name, measures, pattern in METRICS:
        if measure in measures and pattern.search(item):
            return name
    return ""


def metric_of(count: Mapping[str, Any]) -> str:
    """The same of one count of the parse contract; stated totals (累计) are none: nothing says which days."""
    return "" if count.get("total") else metric(count["item"], count.get("unit", ""))


def metric_named(name: str) -> str:
    """The same of a figure's name among the aggregates (`work|进村|人`)."""
    _, item, measure = name.split("|", 2)
    return metric(item, measure)
