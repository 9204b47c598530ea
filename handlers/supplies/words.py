"""Commands about companies and supplies: a word at the beginning of a message to the bot. Pure.

Whatever names goods with numbers behind 签收 or 到货 is a report and is left to the language.
"""

import re
from dataclasses import dataclass

from handlers.language.expressions import expression

NOTE = r"[DＤd]\s*\d{1,7}"
"""The number of a delivery note."""
_COMPANY = r"[EＥe]\s*\d{1,7}"
_COUNTED = r"\d+\s*[个只瓶桶箱套件把包双副盒袋支台顶床份升片枚]"

ORDERS: tuple[tuple[str, str], ...] = (
    ("enterprise_join", rf"企业\s*(?:合并|是同一家)(?=\s*{_COMPANY})"),
    ("enterprise_differ", rf"企业\s*(?:不同|不是同一家|不是重复)(?=\s*{_COMPANY})"),
    ("enterprise_list", r"企业\s*(?:名单|清单|登记)(?=\s*\S)"),
    ("enterprise_contacted", r"企业\s*已?联系(?:了|过)?(?!人)(?=\s*\S)"),
    ("enterprise_contact", r"企业\s*联系人(?=\s*\S)"),
    ("enterprise_open", r"企业\s*(?:营业|开业|复工)(?:了|中)?(?=\s+\S)"),
    ("enterprise_closed", r"企业\s*(?:停业|关门|歇业|不营业)(?:了|中)?(?=\s+\S)"),
    ("enterprise_silent", r"企业\s*(?:未报|没报|未联系|未摸排|待摸排)(?:的)?(?:名单|企业)?$"),
    ("enterprise_book", r"企业\s*(?:导出|台账|登记表|明细表)$"),
    ("enterprise_figures", r"企业\s*(?:汇总|统计|复工|复工情况|情况|概况)?$"),
    ("enterprise_show", r"企业\s*(?:查看|档案|详情)(?=\s*\S)"),
    ("supply_gaps", r"物资\s*(?:缺口|汇总|情况|统计|总览)?$|(?:需求|物资)汇总$"),
    (
        "supply_needs",
        rf"物资\s*(?:需求|谁缺|缺)(?!表)(?:名单|明细)?(?=\s*$|\s+[^\s,、;；:：]{{1,8}}\s*$)(?![\s\S]*{_COUNTED})",
    ),
    ("supply_stock", r"物资\s*(?:库存|到货|批次|到货记录)$|^库存$"),
    ("supply_coverage", r"物资\s*(?:覆盖|覆盖率|未签收|未送达|签收情况|进度)$|覆盖率$"),
    ("supply_needs_book", r"物资\s*(?:需求表|导出|缺口表)$"),
    ("supply_notes_book", r"物资\s*(?:单据|配送单|发放表|签收表|分配表)$"),
    ("supply_story", r"物资\s*(?:小结|总结|战报)$"),
    ("supply_confirm", r"分配\s*确认|确认分配"),
    ("supply_cancel", r"分配\s*(?:取消|作废)|取消分配"),
    ("supply_change", r"分配\s*(?:改|调整)(?=\s*\S)"),
    ("supply_share", rf"分配(?:物资)?(?!\s*(?:到|给|去|在)|[\s\S]*(?:\d ?[人名位]|{_COUNTED}))"),
    ("supply_more", rf"(?=[^\s,。]{{2,30}}?\s*追加(?!.*(?:名额|志愿者|人手)).*{_COUNTED})"),
    ("supply_leave", rf"(?:配送|开始配送|发车|出发|装车)(?=\s*(?:{NOTE}|[FＦf]\d))|配送(?=\s*(?:全部|所有)|$)"),
    ("supply_back", rf"(?:退回|送不到|没送到|未送到)(?=\s*{NOTE})"),
    ("supply_back", rf"(?={NOTE}\s*(?:退回|送不到|没送到|未送到))"),
    ("supply_sign", rf"(?={NOTE}\s*(?:已经?)?(?:签收|收到)了?[\s。!]*$)"),
    ("supply_sign", rf"签收(?=\s*{NOTE})|签收$|签收(?=\s+\S)(?![\s\S]*{_COUNTED})"),
)
"""Order → the words that it begins with. What follows a look-ahead belongs to the order's own text."""

_RANGE = expression(r"[DＤd]\s*(\d{1,7})(?:\s*[-–—~至到]\s*[DＤd]?\s*(\d{1,7}))?")
_PLATE = expression(r"[京津冀沪渝豫鲁晋蒙辽吉黑苏浙皖闽赣湘鄂粤桂琼川贵云藏陕甘青宁新][A-Z][A-Z0-9]{5,6}")
_PERSON = expression(r"(?<![一-鿿])[一-鿿·]{2,4}(?![一-鿿])")
_NOT_PEOPLE = frozenset({"全部", "所有", "车牌", "司机", "出发", "配送", "志愿者", "签收", "签收人"})
_ON_THE_WAY = expression(r"出发|马上|现在|已经|上路|装车|送货|配送|在路上")
_COMPANIES = expression(r"[EＥe]\s*(\d{1,7})")
MOST = 2000
"""Notes that one range may name."""
SHARES = {
    "按需": "need",
    "按需求": "need",
    "平均": "equal",
    "均分": "equal",
    "按人数": "staff",
    "按人头": "staff",
    "按职工": "staff",
}
_CHANGE = expression(
    r"(?P<party>[^\s、,]{2,})[\s、,]+(?P<item>\S(?:.*?\S)??)[\s:为成到]*(?<![\d.])(?P<amount>-?\d{1,7}(?:\.\d+)?)\s*[一-鿿]?$"
)
_SHARE = expression("|".join(sorted(SHARES, key=len, reverse=True)))


@dataclass(frozen=True, slots=True)
class Trip:
    """Notes on their way: which, with whom, in which car."""

    refs: tuple[str, ...]
    people: tuple[str, ...]
    vehicle: str
    rest: str
    """What is left of the text."""


def refs(text: str) -> tuple[tuple[str, ...], str]:
    """The notes that a text names, each once, and the text without them. A range counts both ends."""
    found: list[str] = []
    for match in _RANGE.finditer(text):
        first = int(match[1])
        last = max(first, min(int(match[2] or first), first + MOST))
        found += [f"D{number}" for number in range(first, last + 1)]
    return tuple(dict.fromkeys(found)), " ".join(_RANGE.sub(" ", text).split())


def trip(text: str) -> Trip:
    """`D1-D12 张三 李四 京A12345`."""
    named, rest = refs(text)
    plate = _PLATE.search(rest.upper())
    without = rest[: plate.start()] + " " + rest[plate.end() :] if plate else rest
    people = [word for word in _PERSON.findall(without) if word not in _NOT_PEOPLE and not _ON_THE_WAY.search(word)]
    return Trip(named, tuple(dict.fromkeys(people)), plate[0] if plate else "", without.strip())


def companies(text: str) -> list[str]:
    """The references of companies in a text, each once."""
    return list(dict.fromkeys(f"E{int(number)}" for number in _COMPANIES.findall(text)))


def listed(text: str) -> list[str]:
    """Names of a list, each once: 大都饭店、阳坊超市."""
    return list(dict.fromkeys(word for word in re.split(r"[\s、,，;；。/|]+", text) if len(word) > 1))


def sharing(text: str) -> tuple[str, list[str]]:
    """(rule that is asked for, items): 口罩 平均."""
    rule = _SHARE.search(text)
    return (SHARES[rule[0]] if rule else ""), listed(_SHARE.sub(" ", text))


def changed(text: str) -> tuple[str, str, str] | None:
    """(party, item, amount as written) of 大都饭店 84消毒液 3瓶; None where one of them is missing."""
    match = _CHANGE.match(text.strip(" ,。!"))
    return (match["party"], match["item"], match["amount"]) if match else None
