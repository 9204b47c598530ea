# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""巡查: rounds, when and where, and what was found."""

import itertools
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from handlers.language import when
from handlers.language.chunks import read_rest
from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.numerals import read_numeral
from handlers.language.posts import looks_like_post
from handlers.language.scan import Context, Region
from handlers.language.tables import read_table
from handlers.language.types import Fields, Record

_ROUND = expression(
    r"第 ?([0-9一二三四五六七八九十两]{1,3}) ?(?:轮|次|遍|趟|圈|回)(?:巡查|巡逻|巡检)?|(?<![0-9第])([0-9]{1,2}|"
    r"[一二三四五六七八九十]{1,2})轮|首轮|末轮"
)
_PROBLEM_LABEL = expression(r"(?:发现|存在)?(?:问题|隐患|异常)(?:情况)?(?:是|有|为)?[:,\s]*|发现(?:了)?")
_NO_PROBLEM = expression(
    r"(?:未|没有?|无)(?:发现|出现|有|任何|见|其他)*(?:问题|异常|隐患|情况)|(?:问题|异常|隐患)[:\s]*(?:无|没有|"
    r"暂无)|一切(?:正常|安好|良好|平安|安全)|无异常|平安无事|都正常|均正常|全部正常|正常|良好|齐全|完好|到位|"
    r"无事|在岗|有序|平稳"
)
_BAD = expression(
    r"问题|隐患|缺|坏|漏|不足|未(?!发现|见)|没(?!有?(?:问题|异常|发现|隐患|情况))|脱落|破损|松动|无人|不在|堵|"
    r"失灵|过期|积水|异常|不亮|断|倒|故障|偏低|偏高|不齐|不全|不符|不规范|不够|松|裂|冒烟|漏烟|漏水|结冰|老化|"
    r"丢失|丢了|损坏|关不|打不开|翻墙|擅自|睡|脱岗|空岗|乱|占用|杂物|不热|没电|灭了|熄|烧坏|跳闸|起火|明火|可疑|"
    r"聚集|未戴|不戴|掉"
)
_NOT_BAD = expression(
    r"(?:无|没有?|未(?:发现|见)?|不)(?:人)?(?:任何)?(?:外人|闲人|生人|缺|脱岗|空岗|异常|问题|隐患|漏|缺岗|聚集|"
    r"漏登|坏|破损)\w{0,2}"
)
_TRIGGER = expression(
    r"(?:夜间|例行|日常|早间|晚间)?(?:巡查|巡检|巡逻|查岗)(?:报告|情况|记录|打卡|汇报|完毕|结束|一遍|了)?"
)
_CLAUSE_MIN = 4
_ON_DUTY = expression(
    r"(?:值班|值守|执勤)?(?:人员|员)?[0-9一二两三四五六]*[名个]?人?(?:都|均|全部|全)?(?:在岗|在位|到位)"
)
_NEXT_ROUND = expression(r"第 ?[0-9一二三四五六七八九十]{1,3} ?轮")


def read_patrol(region: Region, context: Context) -> list[Record]:
    """One record per round."""
    rows = read_table(region)
    found = (
        [_one(row, context, cells) for row, cells in rows]
        if rows
        else [_one(part, context) for part in _rounds(region)]
    )
    records = [record for record in found if record]
    posts = [record.fields["post"] for record in records if "post" in record.fields]
    if len(records) > 1 and posts and "post" in records[0].fields:
        for record in records[1:]:
            record.fields.setdefault("post", posts[0])
    return [
        Record(
            "patrol", {name: r.fields[name] for name in ("post", "at", "round", "ok", "finding") if name in r.fields}
        )
        for r in records
    ]


def _rounds(region: Region) -> list[Region]:
    starts = [m.start() for m in _NEXT_ROUND.finditer(region.scan.text, region.start, region.end)]
    if len(starts) < 2:
        return [region]
    cuts = [region.start]
    text = region.scan.text
    for before, at in itertools.pairwise(starts):
        cut = max((m.end() for m in re.finditer(r"[;。\n,]", text[before:at])), default=0)
        cuts.append(before + cut if cut else at)
    cuts.append(region.end)
    return [Region(region.scan, a, b) for a, b in itertools.pairwise(cuts)]


def _one(region: Region, context: Context, cells: Sequence[Field] | None = None) -> Record | None:  # noqa: C901 - one branch per label or word, read from the top down
    fields: Fields = {}
    scan = region.scan
    stated = scan.fields(region.start, region.end) if cells is None else cells
    labelled = {f.concept: f for f in stated if f.end > f.start}
    if found := labelled.get("finding"):
        _judge_text(scan.text[found.start : found.end], fields)
        region.claim(found.label_start, found.end)
    if fixed := labelled.get("fix"):
        region.claim(fixed.label_start, fixed.end)
    if post := labelled.get("post"):
        fields["post"] = scan.text[post.start : post.end]
        region.claim(post.label_start, post.end)
    if number := labelled.get("round"):
        digits = re.search(r"[0-9一二三四五六七八九十]+", scan.text[number.start : number.end])
        if digits:
            fields["round"] = int(read_numeral(digits.group()) or 0)
        region.claim(number.label_start, number.end)
    for name in ("people", "name", "remark", "leader", "headcount"):
        if name in labelled:
            region.claim(labelled[name].label_start, labelled[name].end)
    _round(region, fields)
    _time(region, fields, context)
    region.take(_TRIGGER)
    if "ok" not in fields:
        _judge(region, fields)
    if "post" not in fields:
        _post(region, fields)
    if "ok" not in fields and (
        left := [c for c in region.chunks() if len(c.text) >= _CLAUSE_MIN and not looks_like_post(c.text)]
    ):
        fields |= {"ok": False, "finding": left[0].text}
    if context.post:
        fields.setdefault("post", context.post)
    if not region.scan.addressed and not {"round", "post"} & set(fields):
        region.scan.note("patrol: neither round nor post")
        return None
    return Record("patrol", fields) if fields else None


def _round(region: Region, fields: Fields) -> None:
    if match := region.take(_ROUND):
        digits = match[1] or match[2] or "1"
        fields.setdefault("round", int(read_numeral(digits) or 0))


def _time(region: Region, fields: Fields, context: Context) -> None:
    sent = region.scan.message.sent_at
    day: date | None = context.day if isinstance(context.day, date) else None
    spans = region.inside(region.scan.times)
    for span in spans:
        if when.is_day(span.value):
            day = when.day_of(span.value, sent, "report")
    for span in spans:
        if not when.is_day(span.value) and "at" not in fields:
            text = when.point(span.value, sent, day, plan=False)
            if text:
                fields["at"] = _by_night(text) if _NIGHT.search(region.text) else text
    if day and "at" not in fields:
        fields["at"] = day.isoformat()
    region.claim_all(spans)


_NIGHT = expression(r"夜间|夜里|半夜|深夜|夜巡|后半夜")
_NOON, _DUSK = 12, 18


def _by_night(text: str) -> str:
    """2点10分 of a night round is not the afternoon."""
    moment = datetime.fromisoformat(text)
    return (moment - timedelta(hours=_NOON)).isoformat(timespec="minutes") if _NOON < moment.hour < _DUSK else text


def _judge_text(text: str, fields: Fields) -> None:
    if re.fullmatch(r"(?:无|没有|暂无|无问题|没问题|未发现)[。!\s]*", text) or (
        _NO_PROBLEM.search(text) and not _bad(text)
    ):
        fields["ok"] = True
    elif text.strip():
        fields["ok"] = False
        fields["finding"] = text.strip()


def _bad(text: str) -> bool:
    return bool(_BAD.search(_NO_PROBLEM.sub("", _NOT_BAD.sub("", text))))


def _judge(region: Region, fields: Fields) -> None:
    """The first clause that states a problem is the finding; without one, a word of order makes it ok."""
    base = region.start
    for clause in re.finditer(r"[^,;。!?\n\x00]+", region.rest):
        words = clause.group()
        for match in re.finditer(r"\S+(?: \S+)*", words):
            text = match.group()
            label = _PROBLEM_LABEL.match(text)
            if not _bad(text) and not (label and text[label.end() :].strip() and not _NO_PROBLEM.search(text)):
                continue
            at = _finding_start(text)
            finding = text[at:].strip()
            if finding:
                fields["ok"] = False
                fields["finding"] = finding
                start = base + clause.start() + match.start()
                region.claim(start + at, start + len(text))
                return
    if _NO_PROBLEM.search(region.rest):
        fields["ok"] = True


def problem_in(text: str) -> str:
    """The problem that a clause states, as written; empty where it says that all is well."""
    words = text.strip()
    return words[_finding_start(words) :].strip() if words and _bad(words) else ""


def _finding_start(text: str) -> int:
    """Where the problem begins in a stretch that may open with the post: 金叵罗村卡口 发现炉子漏烟."""
    if (label := _PROBLEM_LABEL.search(text)) and text[label.end() :].strip():
        return label.end() + (len(text[label.end() :]) - len(text[label.end() :].lstrip(" :,")))
    at = 0
    for token in re.finditer(r"\S+", text):
        if _bad(token.group()):
            at = token.start()
            break
    return at


def _post(region: Region, fields: Fields) -> None:
    for match in reversed(list(_NO_PROBLEM.finditer(region.rest))):
        region.claim(match.start() + region.start, match.end() + region.start)
    region.take_all(_ON_DUTY)
    rest = read_rest(region)
    if rest.posts:
        fields["post"] = rest.posts[0].text
        region.claim(rest.posts[0].start, rest.posts[0].end)
