# ruff: noqa: ARG001 - every reader takes the same arguments
"""招募 and 急需: how many are needed where, for what, from when, for how long."""

import re

from handlers.language import when
from handlers.language.chunks import read_rest
from handlers.language.durations import find_durations
from handlers.language.expressions import expression
from handlers.language.places import find_places
from handlers.language.posts import looks_like_post
from handlers.language.scan import Context, Region, hide
from handlers.language.tasks import duty_in
from handlers.language.types import Fields, Record, Span

_NEEDED = expression(r"[ ]?(?:个|名|位)?(?:人手|人员|人(?!次|份)|名|位|志愿者|党员|队员|壮劳力)")
_DEADLINE = expression(r"报名(?:时间)?(?:截止|截至)|截止(?:报名)?|截至|报名(?:从)?[^,;。\n]{0,6}(?:前|之前|止|截止)")
_DEADLINE_AFTER = expression(r"[ ]?(?:之?前|以前)?(?:报名|截止|接龙|报给|把名单|报上来|报我|结束报名|报名截止)")
_PLACE_FREE = expression(
    r"(?:招募|招|急需|紧急|支援|需要|需|缺|在|到|去|赴|【|】|[急招募]|志愿者|现|急|因|由于|那边|这边|工作|[:：,"
    r"\s]|今晚|明早|明天|今天|求援|求助|征集|增援|补充|抽调|急招|急募|寻|找)+"
)
_WORDS = expression(
    r"紧急招募|急招|急募|急需|招募令|招募|征集|招收|招|紧缺|需要|需|要|还缺|缺|动员令|紧急动员|动员|求援|急|支援|"
    r"增援|集结|报名|抽调|志愿者|人手|招人|寻找|辅助人员|人员|辅助|协助|秩序|工作|维护|脱产|地点|时间|要求|截止|"
    r"截至|现|会用系统优先|优先|起|连续|速来|请|通知"
)


def read_call_up(region: Region, context: Context) -> list[Record]:
    """The record of a call, or nothing where no number is needed."""
    scan = region.scan
    fields: Fields = {}
    _labels(region, fields)
    _days(region, fields)
    _needed(region, fields)
    _times(region, fields)
    duty = duty_in(region.text)
    if duty:
        fields.setdefault("duty", duty)
    if "place" not in fields and (place := _place(region)):
        fields["place"] = place
    if "needed" not in fields:
        scan.note("call_up: no number of people")
        return []
    return [
        Record(
            "call_up",
            {
                name: fields[name]
                for name in ("needed", "place", "duty", "starts_at", "days", "deadline")
                if name in fields
            },
        )
    ]


def _labels(region: Region, fields: Fields) -> None:
    scan = region.scan
    sent = scan.message.sent_at
    for item in scan.fields(region.start, region.end):
        inner = Region(scan, item.start, item.end)
        value = inner.text
        if item.concept in ("place", "post") and value:
            fields["place"] = value.split("\n")[0].strip()
        elif item.concept in ("needed", "headcount") and re.match(r"约?\d|[一二两三四五六七八九十]", value):
            _needed(inner, fields, labelled=True)
        elif item.concept in ("time", "start"):
            _days(inner, fields)
            _set(fields, "starts_at", inner, sent)
        elif item.concept == "deadline":
            _set(fields, "deadline", inner, sent)
        elif item.concept == "days":
            _days(inner, fields)
        elif item.concept not in ("duty", "station", "remark"):
            continue
        if item.concept not in ("duty", "station"):
            region.claim(item.label_start, item.end)


def _set(fields: Fields, name: str, region: Region, sent: object) -> None:
    for span in region.inside(region.scan.times):
        if text := when.plan_start(span.value, region.scan.message.sent_at):
            fields.setdefault(name, text)


def _days(region: Region, fields: Fields) -> None:
    base = region.start
    hidden = hide(region.rest, [Span(s.start - base, s.end - base, s.value) for s in region.inside(region.scan.times)])
    for span in find_durations(hidden):
        if span.value.days and "days" not in fields:
            fields["days"] = span.value.days
            region.claim(base + span.start, base + span.end)
            return


def _needed(region: Region, fields: Fields, *, labelled: bool = False) -> None:
    for number in region.inside(region.scan.numbers):
        unit = _NEEDED.match(region.scan.text, number.end, region.end)
        before = region.before(number.start, 4)
        if (unit or labelled) and "needed" not in fields and not before.endswith(("满", "已有", "已报", "第")):
            fields["needed"] = number.value.value
            region.claim(number.start, unit.end() if unit else number.end)


def _times(region: Region, fields: Fields) -> None:
    sent = region.scan.message.sent_at
    spans = region.inside(region.scan.times)
    for span in spans:
        text = when.plan_start(span.value, sent)
        if text is None:
            continue
        clause = re.split(r"[,;。\n!]", region.before(span.start, 14))[-1]
        if _DEADLINE.search(clause) or _DEADLINE_AFTER.match(region.after(span.end, 10)):
            fields.setdefault("deadline", text)
        else:
            fields.setdefault("starts_at", text)
    region.claim_all(spans)


def _place(region: Region) -> str | None:
    """The first post or administrative name."""
    duty_free = re.compile(
        r"核酸(?:采样|检测)?(?:点)?|抗原(?:检测)?|卡口值守|测温扫码|测温|扫码|物资(?:配送|转运|搬运)?|采样"
    )
    for match in duty_free.finditer(region.rest):
        if region.rest[match.end() - 1] != "点":
            region.claim(match.start() + region.start, match.end() + region.start)
    region.take_all(re.compile(r"[白早中夜晚]班"))
    text = region.rest
    for match in _WORDS.finditer(text):
        region.claim(match.start() + region.start, match.end() + region.start)
    for chunk in region.chunks():
        bare = _PLACE_FREE.sub("", chunk.text, count=1) if _PLACE_FREE.match(chunk.text) else chunk.text
        bare = re.sub(r"(?:那边|这边|附近|等地|等|的|有|今晚|明早)+$", "", bare)
        if looks_like_post(bare):
            return bare
        places = find_places(bare)
        if places:
            return bare[places[0].start : places[-1].end] if places[-1].end < len(bare) else bare[places[0].start :]
    rest = read_rest(region)
    return rest.posts[0].text if rest.posts else None
