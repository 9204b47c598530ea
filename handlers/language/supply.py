# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""物资: needed, received, delivered."""

import re

from handlers.language.counts import UNIT, measure
from handlers.language.expressions import expression
from handlers.language.goods import read_goods
from handlers.language.numbers import find_numbers
from handlers.language.people import clean_name
from handlers.language.posts import looks_like_post
from handlers.language.scan import Context, Region
from handlers.language.types import Fields, Record

_RECEIVED = expression(
    r"(?:已|今天|今日|刚|刚刚)*(?:签收|收到|接收|领到|领取|到货|接到|入库|收货|领回|领了|取回|运回|拉回)(?:了)?"
)
_DELIVERED = expression(
    r"(?:已|今天|今日|刚|刚刚)*(?:送达|送到|发放到|发放给|发放至|配送到|配送至|配送给|配送|运到|运抵|送至|送给|"
    r"送去|发给|分发给|分发到|转交给?|交付|移交给?|发放|送往|发往|拉到|送|派发给?)(?:了)?"
)
_NEED = expression(
    r"(?:现在?|还|目前|今天|今日|特|共|另)*(?:急需要?|急缺|紧缺|需要|申领|申请|需求|缺少|还缺|还需要?|缺|需|求|"
    r"请求支援|用完了?,?需)(?:补充|支援|以下|如下|防疫|一批)*(?:物资)?(?:补充)?"
)
_WORD = expression(rf"(?P<received>{_RECEIVED.pattern})|(?P<delivered>{_DELIVERED.pattern})|(?P<need>{_NEED.pattern})")
_LABEL = expression(r"物资(?:需求|到货|接收|配送|送达|申请|申领|发放|签收|登记|情况|报告|告急|短缺)?[: ,]*")
_DONATED = expression(
    r"(?:捐赠|捐助|支援|送来|提供|发来|拨付|调拨|配发|下发|发放|捐|赞助|慰问|支持|给|送|下拨)(?:的|了|"
    r"一批)*(?:物资|爱心物资)?[: ]*"
)
_PARTY_WORDS = expression(
    r"^(?:另外|另|急|[!，]|来自|由|从|我们|给|到|至|了|的|:|向|在|于|为|今天|今日|上午|下午|刚刚?|已|现|目前|"
    r"物资|人员)+|(?:的|"
    r"物资|防疫物资|防控物资|处|那边|这边|现|急|还|目前|今天|今日|了|已|防疫|现在|方面|也|又|都)+$"
)
_COUNTED = expression(r"[0-9一二两三四五六七八九十百]+ ?[个只瓶桶箱套件把包双副盒袋支台顶床份升]")
_SOURCE = expression(r"[,;。 ](?:来自|由)([^,;。\s]{2,16}?)(?:捐赠|捐|提供|送来|支援|配发|$|(?=[,;。\s]))")
_GOODS_WORD = expression(
    r"医用|一次性|防护|口罩|消毒|酒精|手套|额温枪|测温枪|体温|面屏|护目镜|隔离衣|防护服|抗原|试剂|核酸|菜包|蔬菜|"
    r"蔬菜包|牛奶|矿泉水|方便面|棉大衣|军大衣|帐篷|被子|喷壶|洗手液|KN|N95|n95|84|75|鞋套|帽子|雨衣|雨鞋|手电|"
    r"电暖|暖宝|泡面|面包|盒饭|水果|鸡蛋|大米|食用油|米面|药|额温|垃圾袋|封条|桌|椅|横幅|对讲机|喇叭|充电宝|"
    r"消毒液|消杀|红外|温度计|湿巾|免洗|隔离|围挡|警戒线|姜茶|午餐|晚餐|早餐|热水|饮用水|连花|布洛芬|棉签|采样|"
    r"暖贴|手消|马甲|袖标|袖章|工作服|热饭|饮料|面粉|油|尿|奶粉|纸"
)


def read_supply(region: Region, context: Context) -> list[Record]:
    """One record per action."""
    if not region.scan.addressed and not _GOODS_WORD.search(region.text):
        return []
    form = _form(region)
    if form:
        return [form]
    return [record for part in _parts(region) if (record := _one(part, context)) and _is_told(record, part)]


def _is_told(record: Record, region: Region) -> bool:
    """Goods without any number are told by somebody who says for whom, or who speaks to the bot."""
    if region.scan.addressed or any("value" in item for item in record.fields["items"]):
        return True
    party = record.fields.get("party", "")
    return looks_like_post(party) and party[0] not in "进出上登入"


def _parts(region: Region) -> list[Region]:
    """Sentences that each have an action of their own."""
    scan = region.scan
    pieces = [(m.start(), m.end()) for m in re.compile(r"[^;。\n]+").finditer(scan.text, region.start, region.end)]
    parts: list[list[int]] = []
    for start, end in pieces:
        if (parts and not _WORD.search(scan.text, start, end)) or (
            parts and not _WORD.search(scan.text, parts[-1][0], parts[-1][1])
        ):
            parts[-1][1] = end
        else:
            parts.append([start, end])
    return [Region(scan, a, b) for a, b in parts]


def _one(region: Region, context: Context) -> Record | None:  # noqa: C901 - one branch per label or word, read from the top down
    label = (
        region.take(re.compile(rf"^\s*【?{_LABEL.pattern}】?[: ]*")) if re.match(r"\s*【?物资", region.rest) else None
    )
    region.claim_all(region.inside(region.scan.times))
    match = _first(region.rest)
    if match is None:
        action = _by_label(label.group() if label else "") or context.topic
        return _listed(region, action) if action else None
    action = str(match.lastgroup)
    source = region.take(_SOURCE)
    before, goods_at = region.rest[: match.start()], match.end()
    after, length = _party_after(region.rest[match.end() :])
    goods_at += length
    if after is None and (label_end := _LABEL.match(region.rest, goods_at)):
        goods_at = label_end.end()
    if action == "delivered" and before.strip() and (items := _goods_before(region, before)):
        party = after or _clean(re.split(r"[,;。\n]", region.rest[match.end() :])[0])
        return Record("supply", {"action": action, **({"party": party} if party else {}), "items": items})
    party = after or _clean(re.split(r"[,;。\n]", before.rstrip(" ,:"))[-1])
    if (
        action == "delivered"
        and after is None
        and party
        and region.rest[: match.end()].endswith(("发放", "配送", "送"))
        and not re.search(r"[给向为][^,;。]*$", before)
    ):
        party = None
    goods = Region(region.scan, region.start + goods_at, region.end)
    goods.rest = region.rest[goods_at:]
    items = read_goods(goods)
    if len(items) > 1 and not party and "value" not in items[0] and looks_like_post(items[0]["item"]):
        party = items.pop(0)["item"]
    if not party and source:
        party = source[1]
    if len(items) > 1 and "value" not in items[-1] and "value" in items[0] and looks_like_post(items[-1]["item"]):
        party = party or items[-1]["item"]
        items.pop()
    if not items and before and action == "received":
        party, at = _party_after(before)
        goods = Region(region.scan, region.start + at, region.start + len(before))
        goods.rest = before[at:]
        items = read_goods(goods)
    elif not items and before:
        goods = Region(region.scan, region.start, region.start + match.start())
        goods.rest = before
        items, party = read_goods(goods), after or _clean(re.split(r"[,;。\n]", region.rest[match.end() :])[0])
    if not items:
        region.scan.note("supply: no goods are named")
        return None
    return Record("supply", {"action": action, **({"party": party} if party else {}), "items": items})


def _listed(region: Region, action: str) -> Record | None:
    """Goods below a header that gave the action; a place before them is the party."""
    first = next(iter(region.chunks()), None)
    party = first.text if first and looks_like_post(first.text) and not re.search(r"\d", first.text) else None
    if first and party:
        region.claim(first.start, first.end)
    items = read_goods(region)
    return (
        Record("supply", {"action": action, **({"party": party} if party else {}), "items": items}) if items else None
    )


def _goods_before(region: Region, before: str) -> list[Fields]:
    """`将菜包50份送到…`: the goods with their numbers stand before the action."""
    goods = Region(region.scan, region.start, region.start + len(before))
    goods.rest = before
    items = read_goods(goods)
    return items if items and all("value" in item for item in items) else []


def _first(text: str) -> re.Match[str] | None:
    """The first word of action; 急需 inside a call for people is none."""
    number = re.search(r"[0-9一二两三四五六七八九十百]+ ?[个只瓶桶箱套件把包双副盒袋支台顶床份]", text)
    found = list(_WORD.finditer(text, 0, number.start() if number else len(text))) or list(_WORD.finditer(text))
    same = [match for match in found if match.lastgroup == found[0].lastgroup]
    return same[-1] if same else None


def action_of(text: str) -> str | None:
    """The action that a header asks for: 物资需求, 签收登记."""
    word = _WORD.search(text)
    return _by_label(text) or (word.lastgroup if word else None)


def _by_label(label: str) -> str | None:
    if re.search(r"需求|申请|申领|告急|短缺", label):
        return "need"
    if re.search(r"到货|接收|签收", label):
        return "received"
    return "delivered" if re.search(r"配送|送达|发放", label) else None


def _party_after(text: str) -> tuple[str | None, int]:
    """Who stands right behind the action, before the goods: `收到区总工会N95口罩2000只`."""
    lead = re.match(r"[ ]*(?:了|由|来自|从|给|到|至)?[ ]*", text)
    at = lead.end() if lead else 0
    stop = re.compile(r"[:,;、。\n]|[ ]").search(text, at)
    head = text[at : stop.start() if stop else len(text)]
    if donated := _DONATED.search(head):
        party = _clean(head[: donated.start()])
        return (party, at + donated.end()) if party else (None, at)
    if stop and stop.group() == ":" and head and not _COUNTED.search(head):
        party = _clean(head)
        return (party, stop.end()) if party and party not in ("物资", "如下") else (None, stop.end())
    if (goods := _GOODS_WORD.search(head)) is not None:
        party = _clean(head[: goods.start()])
        return (party, at + goods.start()) if party and len(party) > 1 and not re.search(r"\d$", party) else (None, 0)
    if (
        stop
        and stop.group() in ": "
        and head
        and not _COUNTED.search(head)
        and not re.search(r"\d", re.sub(r"\d+号", "", head))
    ):
        party = _clean(head)
        return (party, stop.end() + at - at) if party and party not in ("物资", "如下") else (None, stop.end())
    return None, 0


def _clean(text: str) -> str | None:
    previous = None
    text = text.strip(" ,:【】\x00")
    while previous != text:
        previous = text
        text = _PARTY_WORDS.sub("", text).strip(" ,:")
    name = clean_name(text) if len(text) <= 4 else text
    return name if len(name) >= 2 and not _WORD.fullmatch(name) else None


def _labelled_item(label: str, value: str) -> list[Fields]:
    """`口罩:500只`."""
    number = next(iter(find_numbers(value)), None)
    if number is None:
        return []
    unit = UNIT.match(value, number.end)
    return [{"item": label, **measure(number.value, number.value.unit or (unit[1] if unit else None))}]


def _action_of_form(title: str, party: str, goods: str) -> str:
    """The title says it best, then who is asked for, then how the goods are called."""
    if action := _by_label(title) or _by_word(title):
        return action
    if re.search(r"接收单位|收货|领取|送达|配送", party):
        return "delivered"
    if re.search(r"来源|捐赠|供货", party):
        return "received"
    return _by_label(party + goods) or _by_word(party + goods) or "need"


def _by_word(text: str) -> str | None:
    word = _WORD.search(text)
    return word.lastgroup if word else None


def _form(region: Region) -> Record | None:
    """A labelled form: 需求单位, 物资, …"""
    scan = region.scan
    fields = [field for field in scan.fields(region.start, region.end) if field.end > field.start]
    goods = next((f for f in fields if f.concept in ("items", "shortages")), None)
    single: list[Fields] = [
        item
        for f in fields
        if f.concept == "unknown" and re.match(r"约?[0-9一二两三四五六七八九十百]", scan.text[f.start : f.end])
        for item in _labelled_item(f.label, scan.text[f.start : f.end])
    ]
    if len(fields) < 2 or (goods is None and not (single and any(f.concept == "party" for f in fields))):
        return None
    items = (read_goods(Region(scan, goods.start, goods.end)) if goods else []) + single
    party = next(
        (scan.text[f.start : f.end] for f in fields if f.concept in ("party", "post", "employer", "company")), None
    )
    opening = region.text[: fields[0].start - region.start].rstrip(" :=\t\n")
    title = opening.removesuffix(fields[0].label.rpartition("】")[2])
    asked = next((f.label for f in fields if f.concept == "party"), "")
    record: Fields = {"action": _action_of_form(title, asked, goods.label if goods else "")}
    if party:
        record["party"] = party.strip()
    return Record("supply", {**record, "items": items}) if items else None
