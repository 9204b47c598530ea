# ruff: noqa: ARG001 - every reader takes the same arguments
"""报名, 退出报名 and 请假."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from handlers.language import when
from handlers.language.chunks import read_rest
from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.numerals import read_numeral
from handlers.language.people import split_people
from handlers.language.proxy import read_proxy
from handlers.language.scan import Context, Region, within
from handlers.language.tables import read_table
from handlers.language.types import Fields, Record

_PLUS = expression(r"\+ ?([0-9]{1,2}|[一二三四五六七八九十])(?![0-9])")
_WITH = expression(
    r"(?:再|另外|还)?(?:带|加上?|外加)(?:上|了)?([0-9]{1,2}|[一二两三四五六七八九十])(?:个|名|位)?(?:人|朋友|"
    r"同事|同学|家属|志愿者|邻居|家人)"
)
_VEHICLE = expression(
    r"(?:我|自己|可以|可|能|本人)?(?:有|出|开|带|提供|自带|自备|自驾|配)(?:一辆|1辆|辆|私家|面包|小|货|"
    r"自己的)?车(?!次|牌|位|证)|可出车|车(?:可以)?(?:用|拉)|自驾|有面包|有货车|有皮卡|有三轮|有电动车|有私家车|"
    r"提供车辆|车一辆|开(?:自己的?|我的?|着|辆)*(?:金杯|面包|皮卡|货车|三轮|越野|私家)|能拉货|可以拉货|可用车|"
    r"可开车|带车"
)
_NO_VEHICLE = expression(r"(?:没有?|无|不)(?:私家|出|开|带)?车|(?:是否|有无)?有?车辆?[:: ]*(?:否|无|没有|没)|没有车")
_SIGN_UP = expression(
    r"自愿报名|主动报名|我要报名|我报名|报名参加|报个名|我也报名|帮?报名|参加报名|算我一个|算上我|我参加|"
    r"我也参加|我也去|我去|我来|我能去|我可以去|我可以|我上|加我一个|加我|我愿意|我能上|接龙|参加|我(?:可以|能|"
    r"要|想|也可以|也能)(?:参加|去|来|报名|上)|我行|我报|也去|愿意去|可以去|能去"
)
_WITHDRAW = expression(
    r"退出报名|取消[^,。]{0,4}?报名|撤销报名|撤回报名|退出|取消|报名取消|不报名?了|退报名|去不了了?|不能去了?|"
    r"不去了|不参加了|来不了了?|参加不了了?|报名作废|退报|没法去了?|放弃报名|不能参加了?"
)
_REASON = expression(r"[,;。]")
_BECAUSE = expression(r"(?:因为?|由于)[^,;。\n]{1,14}?(?=[,;。\n]|请|退出|取消|去不|不能|来不|$)")
_ITEM = expression(r"[^\n]+")
_ONE_PERSON = 1


def read_sign_up(region: Region, context: Context) -> list[Record]:
    """One record for all the names of a line."""
    if rows := read_table(region):
        return [record for row, cells in rows for record in _signed_up(row, context.but(sender=None), cells)]
    lines = _entries(region)
    if lines:
        return [record for line in lines for record in read_sign_up(line, context.but(entry=True, sender=None))]
    return _signed_up(region, context)


def _signed_up(region: Region, context: Context, cells: Sequence[Field] | None = None) -> list[Record]:
    scan = region.scan
    fields: Fields = {}
    names = _labels(region, fields, scan.fields(region.start, region.end) if cells is None else cells)
    proxy = read_proxy(region)
    if proxy:
        names += [name for name in proxy.whom if name not in names]
    phones = region.inside(scan.phones)
    if phones:
        fields.setdefault("phone", phones[0].value)
    region.claim_all(phones)
    number = _extra(region)
    region.claim_all(region.inside(scan.times))
    no_vehicle = region.take(_NO_VEHICLE)
    if region.take(_VEHICLE) and not no_vehicle:
        fields["vehicle"] = True
    region.take_all(_SIGN_UP)
    for name in read_rest(_first_part(region), name_first=context.entry).people:
        if name not in names:
            names.append(name)
    if number and not names and number > 1:
        scan.note(f"sign_up: a bare +{number} says not who comes along")
        return []
    number = number or fields.get("extra")
    if (
        number
        and names
        and not (
            number == _ONE_PERSON
            and names == [context.sender]
            and not context.entry
            and "带" not in region.text
            and _only_plus(region)
        )
    ):
        fields["extra"] = number
    people = names or ([context.sender] if context.sender else [])
    ordered: Fields = {name: fields[name] for name in ("phone", "extra", "vehicle") if name in fields}
    return [Record("sign_up", {"people": people, **ordered})] if people else []


def _only_plus(region: Region) -> bool:
    """我+1 is the writer, as a bare +1 is."""
    return False


def _extra(region: Region) -> int | None:
    if match := region.take(_PLUS) or region.take(_WITH):
        return int(read_numeral(match[1]) or 0)
    return None


def _first_part(region: Region) -> Region:
    return region


def _labels(region: Region, fields: Fields, labelled: Sequence[Field]) -> list[str]:
    scan = region.scan
    names: list[str] = []
    for item in labelled:
        value = scan.text[item.start : item.end]
        if item.concept in ("name", "people"):
            if plus := _PLUS.search(value):
                fields["extra"] = int(read_numeral(plus[1]) or 0)
            names += split_people(_PLUS.sub(" ", value), scan.message.sender, scan.known)
        elif item.concept == "phone" and "phone" not in fields:
            if phones := within(scan.phones, item.start, item.end):
                fields["phone"] = phones[0].value
        elif item.concept == "vehicle":
            if re.search(r"^(?:有|是|能|可以|1辆|一辆|自驾)", value):
                fields["vehicle"] = True
        elif item.concept not in ("ignored", "remark", "post", "time", "duty"):
            continue
        region.claim(item.label_start, item.end)
    return names


def _entries(region: Region) -> list[Region] | None:
    """Lines that each sign somebody else up, below a header."""
    if "\n" not in region.text or region.scan.fields(region.start, region.end):
        return None
    lines = [
        Region(region.scan, m.start(), m.end()) for m in _ITEM.finditer(region.scan.text, region.start, region.end)
    ]
    rows = [line for line in lines[1:] if read_rest(Region(region.scan, line.start, line.end)).people]
    return rows if len(rows) > 1 and len(rows) == len(lines) - 1 and not _names_in(lines[0]) else None


def _names_in(line: Region) -> bool:
    probe = Region(line.scan, line.start, line.end)
    probe.take_all(_SIGN_UP)
    return bool(read_rest(probe).people)


def read_withdraw(region: Region, context: Context) -> list[Record]:
    """退出报名: who does not come after all."""
    return _people_only("withdraw", _WITHDRAW, region, context)


def _people_only(
    kind: str, words: re.Pattern[str], region: Region, context: Context, cells: Sequence[Field] | None = None
) -> list[Record]:
    scan = region.scan
    phones = region.inside(scan.phones)
    region.claim_all(phones)
    region.claim_all(region.inside(scan.times))
    region.take_all(_BECAUSE)
    trigger = words.search(region.rest)
    proxy = read_proxy(region)
    names = list(proxy.whom) if proxy else []
    region.take_all(words)
    region.take_all(_SIGN_UP)
    for item in scan.fields(region.start, region.end) if cells is None else cells:
        if item.concept in ("name", "people"):
            names += split_people(scan.text[item.start : item.end], scan.message.sender, scan.known)
        if item.concept in ("name", "people", "remark", "ignored"):
            region.claim(item.label_start, item.end)
    names += [name for name in read_rest(_without_reason(region, trigger)).people if name not in names]
    people = names or ([context.sender] if context.sender else [])
    phone = {"phone": phones[0].value} if phones and kind == "withdraw" else {}
    return [Record(kind, {"people": people, **phone})] if people else []


def _without_reason(region: Region, trigger: re.Match[str] | None) -> Region:
    """The part up to the reason: what stands behind the first comma after the trigger, unless it is names."""
    if trigger is None:
        return region
    rest = region.rest
    comma = _REASON.search(rest, trigger.end())
    if (
        comma
        and rest[trigger.end() : comma.start()].strip(" :\x00") == ""
        and not _REASON.search(rest[: trigger.start()].rstrip(" ,"))
        and _is_names(region, comma.end())
    ):
        return region
    if comma:
        region.claim(region.start + comma.start(), region.end)
    return region


def _is_names(region: Region, offset: int) -> bool:
    end = _REASON.search(region.rest, offset)
    part = Region(region.scan, region.start + offset, region.start + end.start() if end else region.end)
    rest = read_rest(part)
    return bool(rest.people) and not rest.unknown and not rest.posts


_LEAVE = expression(
    r"请(?:个|一天|半天|两天|[0-9一二两三四五]天|几天|病|事|年|了|[0-9一二两三四五]日)*(?:的)?假|告假|休假|"
    r"请假条?|不能(?:来|到岗|上岗|值班|值守)了?|来不了了?|上不了岗|(?:到|上)不了岗"
)


def read_leave(region: Region, context: Context) -> list[Record]:
    """请假 with its day; for several days the first one counts."""
    if rows := read_table(region):
        return [record for row, cells in rows for record in _on_leave(row, context.but(sender=None), cells)]
    return _on_leave(region, context)


def _on_leave(region: Region, context: Context, cells: Sequence[Field] | None = None) -> list[Record]:
    scan = region.scan
    sent = scan.message.sent_at
    at = context.day.isoformat() if isinstance(context.day, date) else None
    for span in region.inside(scan.times):
        if when.is_range(span.value):
            starts, _ = when.plan_period(span.value, sent)
            at = at or (starts or "")[:10] or None
        elif not (at and "T" in at):
            text = when.point(span.value, sent, None, plan=True)
            at = at or text
    records = _people_only("leave", _LEAVE, region, context, cells)
    for record in records:
        if at:
            record.fields["at"] = at
        elif re.search(r"今[天日]", region.text):
            record.fields["at"] = sent.date().isoformat()
        elif re.search(r"明[天日]", region.text):
            record.fields["at"] = (sent.date() + timedelta(days=1)).isoformat()
    return records
