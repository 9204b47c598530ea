"""Commands about duty and calls that the language does not know: a word at the beginning of a message to the bot.

The word decides; what stands behind it is read by the feature. A message that only mentions such a word is chatter.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from handlers.language.openings import Openings
from handlers.language.types import Reading
from handlers.supplies.words import ORDERS as _OF_SUPPLIES

_REF = r"[A-Za-z]{1,2}\d+"
_ORDERS: tuple[tuple[str, str], ...] = (
    ("plan", r"排班(?!表$)(?=.)"),
    ("plans", r"排班表?$|看排班"),
    ("swap", r"(?:替班|换班|代班)(?=.)|(?=[^\s,。]{2,4}替[^\s,。]{2,4}(?:的)?(?:\s|班|,|$))"),
    ("agree", rf"(?:同意|批准|通过)(?:替班|换班|补签)?(?=\s*{_REF})"),
    ("decline", rf"(?:不同意|不批准|驳回|拒绝)(?:替班|换班|补签)?(?=\s*{_REF})"),
    ("waiting", r"(?:待审|待批|补签)(?:名单|列表)?$"),
    ("confirm_hours", r"(?:确认工时|工时确认|确认时长)"),
    ("certificate", r"(?:工时证明|服务证明|志愿证明|时长证明|开证明)"),
    ("hours", r"(?:工时|时长)(?=\s|$)"),
    ("gaps", r"(?:空岗|缺岗|缺口|下一班|下班次|空班)(?:情况|名单)?"),
    ("confirm_list", r"(?:名单确认|确认名单|定名单)"),
    ("muster", r"(?:集结|点名|清点)(?:到位)?"),
    ("split", r"分配(?=.*(?:\d+ ?[人名位]|其余|剩余|其他))"),
    ("redeploy", r"(?:驰援|增援|调往|调人|调整分配|转场)(?=.)"),
    ("close_call", r"(?:结束招募|招募结束|关闭招募|收队报告|停止招募)"),
    ("cancel_call", r"(?:取消招募|招募取消)"),
    ("quota", rf"(?:招募名额|名额)(?=.*\d)|(?={_REF}\s*名额.*\d)"),
    ("board", r"(?:招募进度|报名情况|报名名单|招募名单|报名进度|招募情况)"),
    ("hand_over", r"(?=接(?:替)?[^\s,。]{2,5}的?班)|(?=(?:交班|交接|交岗)给)"),
    ("not_doubled", r"(?:不重复|不是重复|没重复)(?=\s*[Ww]\d+)"),
    ("doubled", r"(?:重复|重报|报重)了?(?=\s*[Ww]\d+)"),
    ("form_ledger", r"台账(?=[^\d]*$)(?=\s|$)"),
    ("form_progress", r"进度(?=[^\d]*$)(?=\s|$)"),
    ("grant", r"任命(?=.)"),
    ("revoke", r"(?:免去|撤销任命|取消任命)(?=.)"),
    ("who", r"(?:负责人|谁负责|谁管)(?:名单)?"),
)
"""Order → the words that it begins with. What follows a look-ahead belongs to the order's own text."""
_OPENINGS = Openings((*_ORDERS, *_OF_SUPPLIES), before=r"\s*/?\s*")


def read(text: str) -> Mapping[str, Any] | None:
    """The order that a message to the bot is: `{"name": …, "text": what follows}`."""
    found = _OPENINGS.find(text)
    return None if found is None else {"name": found[0], "text": text[found[1].end() :].strip(" ,:。!")}


def ordered(reading: Reading) -> Reading:
    """The reading, with an order in the place of whatever the language made of its words."""
    if not reading.addressed or reading.command is not None:
        return reading
    order = read(reading.text)
    return reading if order is None else replace(reading, records=(), command=order, question=None)
