# ruff: noqa: ARG001 - every reader takes the same arguments
"""撤回, 更正 and 同昨天: what refers to an earlier record."""

import re
from typing import Any

from handlers.language.chunks import read_rest
from handlers.language.correction_values import read_value, time_value
from handlers.language.expressions import expression
from handlers.language.labels import look_up
from handlers.language.people import NONE, clean_name, is_loose_name, is_name
from handlers.language.scan import Context, Region
from handlers.language.types import Fields, Record
from handlers.language.vocabulary import ITEM_WORDS

_REPEAT = expression(
    r"(?:同|和|跟|与)(?:昨天|昨日|昨晚|昨|前天|上次|上一次|上回|前次|之前|上一班|上个班|上周|前一天|上条|"
    r"上一条)(?:的)?(?:情况|内容|信息)?(?:一样|相同|一致|同样|不变)?(?:的)?|(?:信息|内容|情况)?(?:照旧|照昨天|"
    r"老样子|照上次|没变化|无变化|不变)|同上次|同昨"
)
_CHANGE = expression(
    r"(?:应该?|需)?(?:改为|改成|更正为|更改为|修改为|变更为|应为|应该是|应是|更正成|换成|改到|调整为|改|实为|"
    r"其实是|实际是|实际为|变更成|纠正为|为|是|(?<!\d):|→)[:： ]*"
)
_HEAD = expression(
    r"^\s*(?:【?(?:信息)?(?:更正|修正|订正|纠正|改正|勘误|更改|修改|变更|改)】?(?:一下|下|信息|申请)?[:,，。 ]*)+"
)
_NOT = expression(
    r"[,;]?\s*(?:不是|而不是|而非|非|不应是|原来?(?:写|报|填)?(?:的|成|为|是)?|之前(?:写|报|填)?(?:的|成|为|是)?|"
    r"(?:刚才|刚刚|上面|前面|刚)(?:写|报|填|发|打|说)?错了?|(?:写|报|填|发|打|弄|说|搞)错了?|谢谢|麻烦|抱歉|"
    r"不好意思|手误|手滑|打错了?)[^,;]*"
)
_FIELDS: dict[str, str] = {
    "name": "name", "people": "people", "leader": "people", "gender": "gender", "id_number": "id_number",
    "phone": "phone", "origin": "origin", "arrives_at": "arrives_at", "arrives_plan": "arrives_at",
    "arrived": "arrived", "transport": "transport", "trip": "trip", "address": "address", "employer": "employer",
    "health": "health", "symptoms": "symptoms", "temperature": "temperature", "isolation": "isolation",
    "companions": "companions", "post": "post", "station": "post", "start": "starts_at", "end": "ends_at",
    "hours": "hours", "shift": "shift", "duty": "duty", "headcount": "headcount", "round": "round",
    "finding": "finding", "company": "name", "opens_at": "opens_at", "staff": "staff", "returned": "returned",
    "dormitory": "dormitory", "canteen": "canteen", "area_m2": "area_m2", "needed": "needed", "place": "place",
    "deadline": "deadline", "days": "days", "day": "day", "outcome": "outcome", "attempt": "attempt",
    "transfer_to": "transfer_to", "time": "time", "phone_tail": "phone_tail", "party": "party", "by": "by",
    "items": "items", "shortages": "shortages",
}  # fmt: skip
_TIME_WORDS = expression(r"^(?:今天|昨天|今日|昨日|今晚|昨晚|早上|上午|下午|晚上|本周|我的?|的)+")
_END_LABELS = expression(r"离岗|签退|下岗|收工|交班|下班|结束")
_START_LABELS = expression(r"到岗|签到|上岗|接班|上班|开始")
_EXTRA_LABELS = {
    "离岗": "ends_at",
    "到岗": "starts_at",
    "签到": "starts_at",
    "签退": "ends_at",
    "抵京": "arrives_at",
    "到京": "arrives_at",
    "返京": "arrives_at",
    "上岗": "starts_at",
    "下岗": "ends_at",
    "收工": "ends_at",
    "测温": "counts",
    "楼号": "address",
    "房号": "address",
    "门牌号": "address",
    "区域": "transfer_to",
    "镇": "township",
    "街道": "township",
    "社区": "community",
    "区": "district",
    "核实结果": "outcome",
    "要求人数": "needed",
    "职工": "staff",
}


_BOOK_REF = expression(
    r"(?:撤回|撤销|作废|更正|修改|改)[ :]*#?([PVHWSLEGZXJKQYpvhwslegzxjkqy][0-9]{1,7})(?![0-9A-Za-z])"
)
"""References of the other books (V12, H3): behind the word itself, as trains and letters look the same elsewhere."""


def read_undo(region: Region, context: Context) -> list[Record]:
    """撤回: the reference if one is written."""
    refs = region.inside(region.scan.refs)
    if not refs and (other := _BOOK_REF.search(region.text)):
        return [Record("undo", {"ref": other[1].upper()})]
    return [Record("undo", {"ref": ref.value}) for ref in refs] or [Record("undo", {})]


def read_repeat(region: Region, context: Context) -> list[Record]:
    """同昨天: whose record is to be repeated."""
    region.take_all(_REPEAT)
    region.claim_all(region.inside(region.scan.times))
    region.take_all(re.compile(r"打卡|健康|签到|到岗|离岗|今天|情况|内容|信息|点位|时间"))
    rest = read_rest(region)
    people = rest.people or ([context.sender] if context.sender else [])
    return [Record("repeat", {"people": people})] if people else []


def read_correction(region: Region, context: Context) -> list[Record]:
    """One record per changed field."""
    scan = region.scan
    fields: Fields = {}
    if refs := region.inside(scan.refs):
        fields["ref"] = refs[0].value
        region.claim_all(refs)
    elif other := _BOOK_REF.match(region.text.lstrip()):
        fields["ref"] = other[1].upper()
        at = region.start + region.text.index(other[1])
        region.claim(at, at + len(other[1]))
    text = _HEAD.sub("", region.rest.replace("\x00", " ").strip(" ,;:。\n")).strip(" ,;:。\n")
    person, text = _person(text, region)
    if (person and "ref" not in fields) or person:
        fields["person"] = person
    records = []
    for piece in re.split(r"[,;。\n](?=[^,;。\n]*(?:改|应|更正|为|是|:|：))", text):
        label, value = _label_and_value(piece)
        if label is None or not value:
            continue
        name = _field(label, value, scan.text)
        read = read_value(name, value, region, label) if name else None
        if read is not None and name is not None:
            read_name, result = read
            records.append(Record("correction", {**fields, "field": read_name, "value": result}))
    if not records and (only := _only_value(region, text)):
        records = [Record("correction", {**fields, "field": only[0], "value": only[1]})]
    if not records:
        scan.note("correction: no field or no value")
    return records


def _only_value(region: Region, text: str) -> tuple[str, Any] | None:
    """A correction without a label (`我是7:30到的`, `是西门`): the one thing that it can mean."""
    if region.inside(region.scan.times) and re.search(r"到的?|签到|上岗|离|走|下班|收工|结束", text):
        return time_value("ends_at" if re.search(r"离|走的|下班|收工|结束", text) else "starts_at", region)
    if phones := region.inside(region.scan.phones):
        return "phone", phones[0].value
    region.take_all(re.compile(r"刚才|刚刚|写错了?|报错了?|不是[^,;。 ]+|应该是?|是|我|上一?条|了"))
    rest = read_rest(region)
    return ("post", rest.posts[0].text) if len(rest.posts) == 1 and not rest.unknown else None


def _person(text: str, region: Region) -> tuple[str | None, str]:
    """The name that the correction begins with, and the text behind it."""
    whole, _ = _label_and_value(text)
    if whole and look_up(whole) and text.startswith(whole):
        return None, text
    token = re.match(r"([一-鿿·]{2,12})(?=[\s,:;]|$)", text)
    known = region.scan.known
    if token:
        name = clean_name(token[1])
        rest = text[token.end() :].lstrip(" ,:;")
        if (
            rest
            and (
                is_name(name, known) > NONE
                or (is_loose_name(name) and look_up(name) is None and name not in _EXTRA_LABELS)
            )
            and look_up(name) is None
        ):
            return name, rest
    for size in (4, 3, 2):
        head, rest = text[:size], text[size:].lstrip("的 ")
        label, value = _label_and_value(rest)
        if (
            is_name(head, known) > NONE
            and label
            and value
            and (look_up(label) or label in _EXTRA_LABELS or _field(label, value, ""))
        ):
            return head, rest
    return None, text


def _label_and_value(piece: str) -> tuple[str | None, str]:
    piece = re.sub(
        r"^(?:把|将|请把|请将|的|刚才的?|刚刚的?|上一?条的?|上面的?|我的|帮忙把?|麻烦把?)+", "", piece.strip(" ,;:。")
    )
    for match in _CHANGE.finditer(piece):
        label, value = piece[: match.start()].strip(" :,的"), piece[match.end() :].strip(" :,。")
        if label and value:
            value = _NOT.sub("", value).strip(" ,。了吧哈啊的")
            label = re.split(
                r"[,; ]", re.sub(r"(?:写|报|填|发|打|弄|说|搞)错了?|有误|不对|错误", "", label).strip(" ,:")
            )[-1]
            return label, value
        if value and not label:
            return "", _NOT.sub("", value).strip(" ,。了吧哈")
    parts = piece.split(" ", 1)
    if len(parts) > 1 and (look_up(parts[0]) or parts[0] in _EXTRA_LABELS):
        return parts[0], parts[1].strip()
    glued = next(
        (
            piece[:size]
            for size in range(min(8, len(piece) - 1), 1, -1)
            if look_up(piece[:size]) or piece[:size] in _EXTRA_LABELS
        ),
        None,
    )
    return (glued, piece[len(glued) :].strip(" ,:")) if glued else (None, "")


def _field(label: str, value: str, text: str) -> str | None:  # noqa: PLR0911 - a list of rules: the first that holds wins
    """The contract's field name that a label asks for."""
    label = _TIME_WORDS.sub("", label).removesuffix("信息").removesuffix("登记")
    if concept := look_up(label):
        name = _FIELDS.get(concept)
        if name == "time":
            return (
                "ends_at"
                if _END_LABELS.search(label) or (_END_LABELS.search(text) and not _START_LABELS.search(text))
                else "starts_at"
            )
        if name == "people":
            return "people"
        return name
    if label in ITEM_WORDS:
        return "counts"
    if label in _EXTRA_LABELS:
        return _EXTRA_LABELS[label]
    if label.endswith(("时间", "日期")):
        return "arrives_at" if "京" in label else "ends_at" if _END_LABELS.search(label) else "starts_at"
    if label.endswith("人数"):
        return "headcount"
    if label.endswith(("人次", "数", "量", "户数", "人数")) and label:
        return "counts"
    if label == "" and value.endswith(("门", "口", "卡口", "点位", "村口", "岗")):
        return "post"
    return None
