# ruff: noqa: ARG001 - every reader takes the same arguments
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""复工摸排: what a company said about resuming work."""

import re
from collections.abc import Sequence

from handlers.language import when
from handlers.language.counts import UNIT
from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.goods import read_goods
from handlers.language.scan import Context, Region
from handlers.language.tables import read_table
from handlers.language.types import Fields, Record

_TRIGGER = expression(
    r"(?:企业|商户|单位|门店)?(?:复工|复产|开工)(?:复产|情况)*(?:摸排|登记|排查|调查|统计|上报|摸底|报备|信息|"
    r"情况)*(?:表|如下)?|企业摸排|摸排(?:情况|结果|企业|表)?|企业排查"
)
_COMPANY = expression(
    r"[^\s,;。:、\x00\n()]{2,30}?(?:有限责任公司|股份有限公司|有限公司|分公司|公司|集团|厂|商店|超市|饭店|餐厅|"
    r"酒店|宾馆|门店|店|中心|饭馆|酒楼|面馆|药房|理发馆|市场|合作社|工作室|事务所|学校|幼儿园|医院|车间|基地|"
    r"农场|园区|银行|支行|诊所|铺)(?![一-鿿])"
)
_OPENS = expression(r"(?:开工|复工|营业|开业|开门|复产|恢复营业|开张)")
_STAFF = expression(
    r"(?:职工|员工|工人|用工|从业人员|人员|在职|在册|全员|共有?|总人数|共计)(?:总数|人数|数|总共|共计|共|总|一共|"
    r"现有|有|为|约|[: ])*$"
)
_RETURNED = expression(
    r"(?:返京|返岗|返回|到岗|已返|已回|回来|返工|回京|已到)(?:京|岗|的|了|职工|员工|人员|人数|已|有|人|数|[: ])*$"
)
_RETURNED_AFTER = expression(
    r"[ ]?(?:名|人|个人|位)?(?:员工|职工)?(?:已)?(?:返京|返岗|已返(?!京|岗)|回京|回来|已回|返回)(?!\d|人数|"
    r"的?[一二三四五六七八九十])"
)
_YES_NO = {
    "dormitory": (
        expression(r"(?:没有?|无|不设|不提供|未设)(?:集体|职工|员工)?宿舍|宿舍[: ]*(?:没有?|无|否)"),
        expression(r"(?:有|设有?|提供|带|配)(?:集体|职工|员工)?宿舍|宿舍[: ]*(?:有|是|\d|[一二两三四五六七八九十]+间)"),
    ),
    "canteen": (
        expression(r"(?:没有?|无|不设|不提供|未设|停)(?:集体|职工|员工)?食堂|食堂[: ]*(?:没有?|无|否|停|关)"),
        expression(r"(?:有|设有?|提供|带|配)(?:集体|职工|员工)?食堂|食堂[: ]*(?:有|是|\d)"),
    ),
}
"""Field → the words that deny it, the words that state it."""
_BOTH_NO = expression(
    r"(?:宿舍(?:和|、|及|与|,)?食堂(?:都|均|全)?(?:没有?|无)|(?:没有?|无)(?:集体)?宿舍(?:和|、|及|与|或|也没有?|"
    r"也无)?(?:集体)?食堂)"
)
_BOTH_YES = expression(
    r"(?:宿舍(?:和|、|及|与|,)?食堂(?:都|均|全|齐)?有|有(?:集体)?宿舍(?:和|、|及|与|也有|有)?(?:集体)?食堂)"
)
_AREA = expression(r"[ ]?(?:平方米|平米|平方|平|m2|㎡|M2)")
_SHORTAGE = expression(
    r"(?:物资)?(?:缺口(?!罩)|紧缺物资|紧缺|急缺|短缺|急需|缺少|还缺|尚缺|缺乏|缺|需要|需)(?:物资|的有|的|为|是|"
    r"有|还有)*[: ]*"
)
_NOTHING = expression(r"^(?:无|没有|暂无|不缺|无缺口|/|-)")


def read_enterprises(region: Region, context: Context) -> list[Record]:
    """One record per company: per line that begins with one, or the whole."""
    if rows := read_table(region):
        return [record for row, cells in rows if (record := _one(row, cells))]
    parts = _parts(region)
    return [record for part in parts if (record := _one(part))]


def _parts(region: Region) -> list[Region]:
    scan = region.scan
    if scan.fields(region.start, region.end):
        return [region]
    lines = [
        Region(scan, m.start(), m.end()) for m in re.compile(r"[^\n]+").finditer(scan.text, region.start, region.end)
    ]
    named = [line for line in lines if _COMPANY.search(_without_trigger(line)) and line.inside(scan.numbers)]
    return named if len(named) > 1 else [region]


def _without_trigger(line: Region) -> str:
    return _TRIGGER.sub(" ", line.text)


def _one(region: Region, cells: Sequence[Field] | None = None) -> Record | None:
    fields: Fields = {}
    _labels(region, fields, cells if cells is not None else region.scan.fields(region.start, region.end))
    _shortages(region, fields)
    _numbers(region, fields)
    _opens(region, fields)
    _yes_no(region, fields)
    if "name" not in fields:
        region.take_all(_TRIGGER)
        if match := _COMPANY.search(region.rest):
            fields["name"] = re.sub(r"^(?:企业|商户|公司名称|名称|今天|刚|了|是)+(?=..)", "", match.group())
        elif chunk := next((c for c in region.chunks() if len(c.text) >= 3 and re.search(r"[一-鿿]{3}", c.text)), None):
            fields["name"] = chunk.text
    order = ("name", "opens_at", "staff", "returned", "dormitory", "canteen", "area_m2", "shortages")
    ordered = {name: fields[name] for name in order if name in fields}
    if len(ordered) < 2:
        region.scan.note("enterprise: too little is said")
        return None
    return Record("enterprise", ordered)


def _labels(region: Region, fields: Fields, labelled: Sequence[Field]) -> None:  # noqa: C901 - one branch per label or word, read from the top down
    scan = region.scan
    for item in labelled:
        inner = Region(scan, item.start, item.end)
        value = inner.text.strip()
        if not value:
            region.claim(item.label_start, item.end)
            continue
        if item.concept in ("company", "employer", "name"):
            fields.setdefault("name", re.split(r"[,;\n ](?=.*(?:开工|复工|职工|员工))", value)[0].strip())
            region.claim(item.label_start, item.start + len(fields["name"]))
            continue
        if item.concept == "opens_at":
            if not inner.inside(scan.times):
                continue
            _set_open(inner, fields)
        elif item.concept in ("staff", "returned", "area_m2"):
            if numbers := inner.inside(scan.numbers):
                fields[item.concept] = numbers[0].value.value
        elif item.concept in ("dormitory", "canteen"):
            if (state := _state(value)) is not None:
                fields[item.concept] = state
        elif item.concept in ("shortages", "items"):
            if not _NOTHING.match(value):
                fields["shortages"] = read_goods(inner)
        elif item.concept not in ("remark", "ignored", "phone", "address", "leader"):
            continue
        region.claim(item.label_start, item.end)


def _state(value: str) -> bool | None:
    if re.match(r"(?:无|没有?|否|不)", value):
        return False
    return True if re.match(r"(?:有|是|设)|[1-9]\d*间", value) else None


def _shortages(region: Region, fields: Fields) -> None:
    if "shortages" in fields or not (match := _SHORTAGE.search(region.rest)):
        return
    end = re.compile(r"[。;\n]").search(region.rest, match.end())
    stop = end.start() if end else len(region.rest)
    inner = Region(region.scan, region.start + match.end(), region.start + stop)
    inner.rest = region.rest[match.end() : stop]
    if goods := read_goods(inner):
        fields["shortages"] = goods
        region.claim(region.start + match.start(), region.start + stop)


def _numbers(region: Region, fields: Fields) -> None:
    for number in region.inside(region.scan.numbers):
        text = region.scan.text
        before = region.before(number.start, 10)
        if area := _AREA.match(text, number.end, region.end):
            fields.setdefault("area_m2", number.value.value)
            region.claim(number.start, area.end())
            continue
        unit = UNIT.match(text, number.end, region.end)
        end = unit.end() if unit else number.end
        if _RETURNED.search(before) or _RETURNED_AFTER.match(text, end, region.end):
            name = "returned"
        elif _STAFF.search(before) or re.match(r"[ ]?(?:职工|员工|工人)", text[end : region.end]):
            name = "staff"
        elif "面积" in before:
            name = "area_m2"
        elif (
            unit
            and unit[1] in ("人", "名")
            and "staff" not in fields
            and before.endswith((",", " ", "共", "有", "。", ";"))
        ):
            name = "staff"
        else:
            continue
        fields.setdefault(name, number.value.value)
        region.claim(number.start, end)


def _opens(region: Region, fields: Fields) -> None:
    if "opens_at" in fields:
        return
    spans = region.inside(region.scan.times)
    if spans and _OPENS.search(region.text):
        _set_open(region, fields)
    region.claim_all(spans)


def _set_open(region: Region, fields: Fields) -> None:
    past = re.search(r"已(?:经)?(?:开工|复工|营业|开业|开门|复产)|(?:开工|复工|营业)了", region.text)
    for span in region.inside(region.scan.times):
        if not when.is_range(span.value) and "opens_at" not in fields:
            sent = region.scan.message.sent_at
            text = (
                when.day_text(span.value, sent, plan=not past)
                if when.is_day(span.value)
                else when.point(span.value, sent, None, plan=not past)
            )
            if text:
                fields["opens_at"] = text


def _yes_no(region: Region, fields: Fields) -> None:
    rest = region.rest
    for both, value in ((_BOTH_NO, False), (_BOTH_YES, True)):
        if both.search(rest):
            fields.setdefault("dormitory", value)
            fields.setdefault("canteen", value)
    for name, (no, yes) in _YES_NO.items():
        first = min(
            ((m.start(), value) for pattern, value in ((no, False), (yes, True)) if (m := pattern.search(rest))),
            default=None,
        )
        if first:
            fields.setdefault(name, first[1])
    for pattern in (_BOTH_NO, _BOTH_YES, *(p for pair in _YES_NO.values() for p in pair)):
        region.take_all(pattern)
