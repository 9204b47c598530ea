"""Line breaks that column breaks and dictation put inside a word or a phrase: joined where that is certain."""

import re

from handlers.language.expressions import expression

_WORDS = """
今天 昨天 明天 后天 前天 今日 昨日 明日 今晚 昨晚 明晚 今早 明早 早上 晚上 上午 下午 中午 凌晨 半夜 夜里 傍晚 左右 小时
分钟 签到 签退 到岗 离岗 上岗 下岗 收工 交班 接班 换班 值守 值班 巡查 夜班 白班 早班 中班 晚班 测温 扫码 登记 核实 核酸
抗原 采样 消杀 门磁 体温 正常 异常 咳嗽 发热 乏力 症状 健康 打卡 隔离 居家 集中 卡口 卡点 点位 社区 街道 志愿者 工作人员
车辆 劝返 物资 口罩 消毒液 防护服 累计 报名 返京 抵京 居住 地址 电话 未接 尾号
"""
_PAIRS = frozenset(word[i : i + 2] for word in _WORDS.split() for i in range(len(word) - 1))
"""Neighbours inside a word of the domain. Not 东门 or 人次: a name may end in 东, a line may begin with 次日."""

_MEASURE = (
    "人份|人次|户次|车次|平方米|平米|公里|小时|分钟|户|人|名|个|辆|张|家|条|份|次|单|箱|套|只|桶|瓶|把|双|支|车|栋|层|袋|包|件"
    "|台|盒|℃|度|天"
)
# 1100多⏎户, 七点⏎半, 8⏎点, 11月24⏎日, 2月⏎23日, 22:00-⏎6:00, 8:⏎30
_BREAK = expression(
    r"\n(?:"
    rf"(?<=[0-9一二三四五六七八九十百千万亿两余多来几近约第]\n)(?![^\s:=]{{2,10}}[:=\t])(?=(?:{_MEASURE})(?:[\s,;:。、!?()0-9左以]|$))"
    r"|(?<=[0-9一二三四五六七八九十两]点\n)(?=半|[一三]刻|[0-9一二三四五六七八九十]{1,3}分|左右|多|钟)"
    r"|(?<=[0-9一二三四五六七八九十]\n)(?=[点时](?:[\s,;。、到0-9半整钟]|$))"
    r"|(?<=[0-9一二三四五六七八九十]\n)(?=[月日号](?:[\s,;。、0-9上下早晚中凌]|$))"
    r"|(?<=[0-9一二三四五六七八九十]月\n)(?=[0-9一二三四五六七八九十]{1,3}[日号])"
    r"|(?<=[0-9:点半时分][-~至到]\n)(?=[0-9一二三四五六七八九十次今明凌早晚])"
    r"|(?<=[0-9]:\n)(?=[0-5][0-9](?![0-9]))"
    r")"
)
_SPLIT_NUMBER = expression(r"(?<![0-9])(1[0-9]{2,9})\n([0-9]{1,8})(?![0-9.:])")
_BETWEEN_DIGITS = expression(r"\n(?<=[0-9]\n)(?=[0-9])")
_MOBILE_DIGITS = 11
_OPEN_LIST = expression(r"、\n(?<=[^\s0-9][^\s0-9]、\n)(?![0-9]+[.、)]|[^\s:]{1,10}:)")
_BROKEN_WORD = expression(
    rf"\n(?<=[{''.join(sorted({pair[0] for pair in _PAIRS}))}]\n)(?=[{''.join(sorted({pair[1] for pair in _PAIRS}))}])"
    r"(?![^\s:=]{1,10}[:=\t])"
)
"""A break that may stand inside a word, and before which no label begins."""
_BROKEN_PLACE = expression(r"\n(?<=[村庄营苑园区里]\n)(?=[东西南北](?:卡口|卡点|门|口)(?:[\s,;。]|$))")
_GATE_LINE = expression(r"^ ?[东西南北](?:卡口|卡点|门|口)", re.MULTILINE)
"""Several lines that begin so are a list of gates below the name of their village."""


def join_broken_lines(text: str) -> str:
    """Take out the line breaks that stand inside a word, a time, a date, a number or before a measure word."""
    text = _OPEN_LIST.sub("、", _BREAK.sub("", text))
    if _BETWEEN_DIGITS.search(text) is not None:
        text = _SPLIT_NUMBER.sub(_join_mobile, text)
    if _BROKEN_PLACE.search(text) is not None and len(_GATE_LINE.findall(text)) == 1:
        text = _BROKEN_PLACE.sub("", text)
    return _BROKEN_WORD.sub(_join_word, text)


def _join_word(match: re.Match[str]) -> str:
    at, text = match.start(), match.string
    return "" if text[at - 1] + text[at + 1] in _PAIRS else "\n"


def _join_mobile(match: re.Match[str]) -> str:
    first, second = match.groups()
    return first + second if len(first) + len(second) == _MOBILE_DIGITS else match.group()
