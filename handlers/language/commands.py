# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""Commands: 汇总, 导出, 待核实, 未打卡, 在岗名单, 我的记录, 帮助, with their period and unit."""

import re

from handlers.language import when
from handlers.language.expressions import AnyOf, expression, without_start
from handlers.language.places import is_unit
from handlers.language.scan import Scan

_NAMES: tuple[tuple[str, str], ...] = (
    ("summary", r"汇总|日报|小结|总结|summary|统计|汇总表|汇总一下|数据汇总"),
    ("export", r"导出|export|导出表格|导出数据|导表|下载"),
    ("pending", r"待核实|未核实|pending|待核实名单|待核实人员|待核实列表|核实进度"),
    (
        "missing",
        (
            r"未打卡|未报名单|未报|没打卡|未签到|missing|缺卡|未打卡名单|未报到|未打卡人员|未报人员|漏报|未签到名单|"
            r"没报名单|谁还没打卡|谁还没签到|谁没签到|还有谁没打卡|谁还没报|谁没报|还有谁没报|谁没打卡|没打卡的|"
            r"没打卡名单|缺卡名单|未上报|未上报名单"
        ),
    ),
    (
        "roster",
        (
            r"在岗名单|在岗人员|在岗|roster|值守名单|在岗情况|当前在岗|谁在岗|现在在岗|在岗人员名单|当前在岗名单|"
            r"现在谁在岗"
        ),
    ),
    ("help", r"帮助|help|使用说明|怎么用|说明|使用帮助|菜单|功能|指令|命令"),
    (
        "mine",
        r"我的记录|mine|我的|我的打卡|我的考勤|我的签到|查我的记录|查看我的记录|我的登记|看我的记录|我的工时|我的时长",
    ),
)
_WORD = {word: name for name, words in _NAMES for word in words.split("|")}
_ALL = "|".join(map(re.escape, sorted(_WORD, key=len, reverse=True)))
_ANY_WORD = AnyOf(_ALL)
_PERIOD_WORD = (
    r"今天|今日|昨天|昨日|本周|这周|这一周|上周|上一周|本月|这个月|当天|前天|当日|今儿|昨儿|这个星期|本星期|上星期|"
    r"上个星期"
)
_LEAD = expression(
    r"^(?:请|麻烦|帮我|帮忙|给我|查询?|查看|查一下|看一下|看看|看|发一下|来一?份|来个|要一?份|生成|获取|拉一下|"
    r"出一?份|发|我要|我想看|列一下|列出|显示)*\s*"
)
_COMMAND = expression(rf"^(?P<slash>/ ?)?(?P<word>{_ALL})(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_PERIOD_FIRST = expression(
    rf"^(?P<slash>/ ?)?(?P<period>(?:{_PERIOD_WORD})(?:的)?|[0-9./月日号年至到\-~ "
    rf"]+(?:的)?)\s?(?P<word>{_ALL})(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_UNIT_FIRST = expression(
    rf"^(?P<slash>/ ?)?(?P<unit>[一-鿿]{{2,20}}?(?:区|镇|乡|街道|地区|村|"
    rf"社区))(?:的)?\s?(?P<period>(?:{_PERIOD_WORD})(?:的)?)?\s?(?P<word>{_ALL})(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_FIXED = {
    "今天": "today",
    "今日": "today",
    "当天": "today",
    "当日": "today",
    "今儿": "today",
    "昨天": "yesterday",
    "昨日": "yesterday",
    "昨儿": "yesterday",
    "本周": "week",
    "这周": "week",
    "这一周": "week",
    "这个星期": "week",
    "本星期": "week",
    "上周": "last_week",
    "上一周": "last_week",
    "上星期": "last_week",
    "上个星期": "last_week",
    "本月": "month",
    "这个月": "month",
}
_FILLER = expression(
    r"^(?:一下|下|的|数据|名单|情况|表格?|报表|报告|记录|列表|人员|是|为|有|吧|呗|哈|谢谢|请|[\s,。!、:~()]|xlsx|"
    r"excel|csv|信息)+",
    re.IGNORECASE,
)
_UNIT_TAIL = expression(r"(?:的|数据|情况|名单|人员|记录|信息)+$")


def read_command(scan: Scan) -> dict[str, str] | None:
    """The command that the message is, or None. Only a slash or a message to the bot makes the words a command."""
    text = scan.text.strip().rstrip("。!~ ")
    if len(text) > 60 or "\n" in text:
        return None
    slash = text.startswith("/")
    if not (slash or scan.addressed):
        return None
    if not _ANY_WORD.search(text.lower()):
        return None
    bare = text if slash else without_start(_LEAD, text)
    for pattern in (_COMMAND, _PERIOD_FIRST, _UNIT_FIRST):
        if (match := pattern.match(bare)) and (command := _build(match, scan)):
            return command
    return None


def _build(match: re.Match[str], scan: Scan) -> dict[str, str] | None:
    groups = match.groupdict()
    command = {"name": _WORD[match["word"].lower()] if match["word"].lower() in _WORD else _WORD[match["word"]]}
    rest = groups.get("rest", "") or ""
    if (
        not match["slash"]
        and rest
        and re.match(r"[一-鿿]", rest)
        and not _FILLER.match(rest)
        and _first_meaning(rest, scan) is None
    ):
        return None
    period = _period(groups.get("period") or "", scan)
    rest = without_start(_FILLER, rest)
    unit_text = groups.get("unit") or ""
    while rest:
        step = _first_meaning(rest, scan)
        if step is None:
            return None if not match["slash"] else command
        kind, value, length = step
        if kind == "period":
            period = period or value
        else:
            unit_text = unit_text or value
        rest = without_start(_FILLER, rest[length:])
    if groups.get("period") and not period:
        return None
    if period:
        command["period"] = period
    elif command["name"] == "summary":
        command["period"] = "today"
    if unit_text:
        unit = is_unit(unit_text, scan.message.place)
        if unit is None:
            return None
        command["unit"] = unit
    return command


def _period(words: str, scan: Scan) -> str | None:
    words = words.strip().removesuffix("的").strip()
    if not words:
        return None
    return _FIXED.get(words) or when.command_period(words, scan.message.sent_at)


def _first_meaning(rest: str, scan: Scan) -> tuple[str, str, int] | None:
    """The period or the unit that `rest` begins with: what, its value, its length."""
    for word, fixed in _FIXED.items():
        if rest.startswith(word):
            return "period", fixed, len(word)
    if (spelled := re.match(r"[a-z][a-z_-]*", rest, re.IGNORECASE)) and (
        value := when.command_period(spelled.group(), scan.message.sent_at)
    ):
        return "period", value, len(spelled.group())
    if dated := re.match(r"[0-9前天上下大年初除夕周一二三四五六日./月号至到\-~ ]{2,40}", rest):
        words = dated.group().rstrip()
        if value := when.command_period(words, scan.message.sent_at):
            return "period", value, len(words)
    token = re.match(r"[^\s,。!]+", rest)
    if token:
        bare = _UNIT_TAIL.sub("", token.group())
        for word in _FIXED:
            if bare.endswith(word):
                bare = bare[: -len(word)]
                break
        if bare and is_unit(bare, scan.message.place):
            return "unit", bare, len(bare)
    return None
