"""Orders about rounds and findings that the language does not know: words at the beginning of a message to the bot.

A message that only mentions such a word is chatter; whatever the language has read in it gives way to an order.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.language.expressions import expression
from handlers.language.openings import Openings
from handlers.language.types import Reading
from handlers.patrols.plan_reading import EVERY
from handlers.patrols.wording import fix_in

_REF = r"[Pp]\d{1,9}"
_REFS = rf"(?P<refs>{_REF}(?:[\s、,和与]+{_REF})*)(?!\d)"
_WALK = r"(?:巡查|巡逻|巡检)"
_NAME = r"(?P<person>[\u4e00-\u9fff·]{1,8}?|[A-Za-z][\w ]{1,20}?)"
_TO_DO = r"(?:来|去)?(?:整改|处理|负责|解决|改|修|办)?(?:一下)?"
_CHECKED = r"(?:已经?)?(?:复查|复核|验收|复检|检查)(?:结果)?[\s,:]*(?:已经?)?"
_NOT_DONE = (
    r"(?:不|未|没|没有)通过|不合格|不行|还没好|驳回|"
    r"(?:还|仍)?(?:没|未)(?:有)?(?:整改|改|修|处理)(?:好|完|到位)?"
)
_TURN = r"(?:\s*(?P<turn>昨天|昨晚|昨夜|上一班|今天|今晚|今夜))?"
_STATE = r"(?P<state>未指派|待指派|未整改|待整改|未复查|待复查|整改)"
_STOP = r"(?:停(?:止|了|用|掉)?(?=[\s,。!]|$|提醒|全部)|取消|不用了)(?:提醒)?"

_ORDERS: tuple[tuple[str, str], ...] = (
    ("patrol_stop", rf"/?{_WALK}(?:计划|提醒)?\s*{_STOP}\s*(?P<post>.*)$"),
    ("patrol_stop", rf"/?(?:停止|取消|停){_WALK}(?:计划|提醒)?\s*(?P<post>.*)$"),
    ("patrol_plans", rf"/?(?:看|查看)?{_WALK}(?:计划|安排)(?:表)?$"),
    ("patrol_board", rf"/{_WALK}{_TURN}$"),
    ("patrol_board", rf"{_WALK}(?:情况|进度|表|轮次|统计){_TURN}$"),
    ("patrol_board", r"漏巡(?:情况|名单)?$"),
    ("findings", rf"/?(?:{_WALK}|现场)?(?:问题|隐患)(?:清单|列表|台账|汇总|情况)?(?:\s+{_STATE})?$"),
    ("findings", rf"/?{_STATE}(?:问题)?(?:清单|列表|情况)?$"),
    ("finding_claim", rf"(?:认领|我来?(?:整改|改|处理))\s*{_REFS}$"),
    ("finding_claim", rf"{_REFS}\s*(?:认领|我(?:来|去)?(?:整改|改|处理|负责|修|办)?)$"),
    ("finding_assign", rf"(?:指派|分派|派给|派|交给|转给|安排)\s*{_REFS}(?:\s*(?:给|由|让|请)?\s*{_NAME}{_TO_DO})?$"),
    ("finding_assign", rf"(?:指派|安排|请|让)\s*{_NAME}\s*{_TO_DO}\s*{_REFS}$"),
    ("finding_assign", rf"{_REFS}\s*(?:指派给?|分派给?|派给|交给|转给|由|请|让|安排)\s*(?:{_NAME}{_TO_DO})?$"),
    ("finding_fail", rf"{_REFS}\s*(?:{_CHECKED})?(?:{_NOT_DONE})[\s,:]*(?P<said>.*)$"),
    ("finding_fail", rf"{_CHECKED}(?:不通过|未通过|没通过|不合格)\s*{_REFS}[\s,:]*(?P<said>.*)$"),
    (
        "finding_pass",
        rf"{_REFS}\s*(?:{_CHECKED}(?:通过|合格|没问题|没有问题|正常|无误|好了|ok|OK)|销号|通过|合格|闭环)",
    ),
    ("finding_pass", rf"(?:{_CHECKED}(?:通过|合格|没问题)|销号|通过)\s*{_REFS}$"),
    ("finding_reopen", rf"{_REFS}\s*(?:重开|重新打开|重启|再开)[\s,:]*(?P<said>.*)$"),
    (
        "finding_reopen",
        rf"{_REFS}\s*(?P<said>(?:(?:又|再次|再度)(?:坏|出现|发生|漏|断|掉|倒|缺|灭|堵|松|有|不|没)|复发|反弹).*)$",
    ),
    ("finding_reopen", rf"重开\s*{_REFS}[\s,:]*(?P<said>.*)$"),
    ("finding_fix", rf"(?:已?整改(?:完成|完毕)?|处理(?:完成|完毕))\s*{_REFS}[\s,:]*(?P<said>.*)$"),
    ("finding_fix", rf"{_REFS}\s*(?:已经?)?(?:整改|处理)(?:好|完|完成|完毕|到位)?了?[\s,:]+(?P<said>.*)$"),
    ("finding_fix", rf"{_REFS}\s*(?:已经?)?(?:整改|处理)(?:好|完|完成|完毕|到位)?了?$"),
    ("finding_show", rf"/?(?:查看|历史|问题)?\s*{_REFS}\s*(?:情况|怎么样了?|进展|历史)?$"),
)
"""Order → the whole of its message; `refs`, `person`, `said`, `post` are taken from it."""
_OPENINGS = Openings(_ORDERS, before=r"\s*", flags=re.DOTALL)
_WALKED = expression(_WALK)
_ABOUT = expression(rf"\s*{_REFS}[\s,:]*(?P<said>\S.*)$", re.DOTALL)
FIGURES = frozenset({"work", "supply"})
_REPORTS = expression(r"第.{1,3}[轮次遍]|正常|发现|问题|隐患|完毕")


def ordered(reading: Reading) -> Reading:
    """The reading, with an order in the place of whatever the language made of its words."""
    if reading.command is not None or not (reading.addressed or reading.text.startswith("/")):
        return reading
    order = read(reading.text, frozenset(record.kind for record in reading.records))
    return reading if order is None else replace(reading, records=(), command=order, question=None)


def read(text: str, kinds: frozenset[str] = frozenset()) -> Mapping[str, Any] | None:
    """The order that a message is, with what it says. `kinds`: of the records that the language has read in it; loose
    words about a finding do not count then, but for figures (换了2个) in the words of a fix.
    """
    words = text.strip().rstrip("。!！ ")
    if _is_plan(words):
        return {"name": "patrol_plan", "text": words}
    if found := _OPENINGS.find(words):
        return {"name": found[0], "text": words} | _parts(found[1])
    return _loosely(words, kinds)


def _is_plan(text: str) -> bool:
    return "每" in text and bool(EVERY.search(text) and _WALKED.search(text) and not _REPORTS.search(text))


def _parts(match: re.Match[str]) -> dict[str, Any]:
    found = {key: value.strip() for key, value in match.groupdict().items() if value}
    return found | {"refs": refs_in(found["refs"])} if "refs" in found else found


def refs_in(text: str) -> list[str]:
    """The references of a text, each once."""
    return list(dict.fromkeys(f"P{int(found[1:])}" for found in re.findall(_REF, text)))


def _loosely(text: str, kinds: frozenset[str]) -> Mapping[str, Any] | None:
    """`P12 换好了新灯`: words about a finding that say that it is put right; other words are answered with advice."""
    match = _ABOUT.match(text)
    if match is None:
        return None
    done = fix_in(match["said"])
    if done and (kinds <= FIGURES or match["said"].startswith(done)):
        return {"name": "finding_fix", "text": text} | _parts(match)
    return None if kinds else {"name": "finding_other", "text": text} | _parts(match)
