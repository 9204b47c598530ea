"""What people write about findings, beyond the one that the record holds: further problems of the same round, and what
was put right at once. Patterns; pure.
"""

import re

from handlers import masking
from handlers.language.expressions import expression
from handlers.language.patrol import problem_in

_DONE = (
    r"(?:已经?|当场|现场|当即|立即|立刻|马上|随即)(?:经|已|由[^,;。\s]{2,4}){0,3}(?:都|全部|全)?"
    r"(?:整改|处理|处置|修|维修|换|更换|补|清|解决|完成|落实|纠正|到位|撤|加|关|熄|灭|扶|搬|移|扫|改|劝|提醒|教育|恢复|"
    r"排除|消除|添|充|接|装|挂|封|锁|通风|叫醒|安排|归位|带上|戴上)[^,;。\s]{0,20}"
)
_FIXED = expression(
    rf"{_DONE}|整改(?:完成|完毕|到位|好了|了)|(?:修|换|补|清|弄|处理|解决|搬|装)(?:好|完|掉|走|上|齐|满)+了"
)
_NOT_YET = expression(
    r"(?:未|没|没有|还没|尚未|待|需|要|请|等|正在?|准备|打算|明天|计划)(?:有|能|要|人)?(?:整改|处理|修|换|补|清|解决|完成)|"
    r"已(?:经)?(?:联系|上报|报告|通知|告知|反馈|报修|申请|登记在册)"
)
_FIX_LABEL = expression(r"(?:处理|整改|处置)(?:情况|结果|措施)?[:：]\s*([^\n;。]+)")
_NUMBERED = expression(r"(?:^|[\s,;:。])(?:[1-9][.、)）]|[①-⑨])\s*")
_ENDS = " ,;。、:：\n"


def fix_in(text: str) -> str:
    """What was done about it, as written; empty where nothing was, or is only going to be."""
    if (label := _FIX_LABEL.search(text)) and not _NOT_YET.search(label[1]):
        return label[1].strip(_ENDS)
    match = _FIXED.search(text)
    if match is None or _NOT_YET.search(text[max(0, match.start() - 2) : match.end()]):
        return ""
    return match.group().strip(_ENDS)


def split_fix(text: str) -> tuple[str, str, str]:
    """(the problem, what was done about it at once, what follows): 登记本缺1页 已补 → 登记本缺1页, 已补."""
    done = fix_in(text)
    at = text.find(done) if done else -1
    if at <= 0:
        return text.strip(_ENDS), done, ""
    problem = text[:at].strip(_ENDS).removesuffix("已").strip(_ENDS)
    return problem or text.strip(_ENDS), done, text[at + len(done) :]


def found(finding: str, text: str, *, alone: bool) -> list[tuple[str, str]]:
    """(problem, fix) of each thing that a round found. `finding`: what the record holds; `text`: the message, from
    which further ones are read where the message holds this one round `alone`. Groups will read it: of numbers that
    identify a person only the tails are left.
    """
    pairs: list[tuple[str, str]] = []
    for part in _numbered(finding):
        problem, done, more = split_fix(part)
        pairs = _with_rest([*pairs, (problem, done)], more)
    where = text.rfind(finding.strip())
    if alone and pairs and where >= 0:
        pairs = _with_rest(pairs, text[where + len(finding.strip()) :])
    return [(masking.veiled(problem), masking.veiled(done)) for problem, done in pairs]


def _numbered(finding: str) -> list[str]:
    """1.灭火器过期 2.炉子漏烟 as two."""
    parts = _NUMBERED.split(finding) if len(_NUMBERED.findall(finding)) > 1 else [finding]
    return [part for part in parts if part.strip(_ENDS)]


def _with_rest(pairs: list[tuple[str, str]], rest: str) -> list[tuple[str, str]]:
    """What follows a finding: a fix belongs to what stands before it, another problem stands for itself."""
    for clause in re.split(r"[,;。\n]+", rest):
        said = clause.strip(_ENDS)
        problem, done, _ = split_fix(said)
        if done and (problem in {"", said} or _FIX_LABEL.match(said) or not problem_in(problem)):
            pairs[-1] = (pairs[-1][0], pairs[-1][1] or done)
        elif more := problem_in(problem):
            pairs.append((more, done))
    return pairs
