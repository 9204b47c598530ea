"""到岗 and 离岗, with the figures of work that a leaving reports."""

import re
from datetime import date
from itertools import pairwise

from handlers.language import when
from handlers.language.chunks import may_be_post, read_rest
from handlers.language.counts import read_figures
from handlers.language.entries import numbered
from handlers.language.forms import Field, find_fields
from handlers.language.numbers import Quantity
from handlers.language.people import CLEAR, is_name, split_people
from handlers.language.places import find_places
from handlers.language.proxy import read_proxy
from handlers.language.scan import Chunk, Context, Region
from handlers.language.triggers import CHECK_IN, CHECK_OUT, Trigger, find_duty
from handlers.language.types import Fields, Record, Span
from handlers.language.vocabulary import DUTIES, SHIFTS, STATED_DUTIES

_SHIFT = re.compile("|".join(sorted(SHIFTS, key=len, reverse=True)))
_DUTY = re.compile("|".join(sorted((word for word, _ in DUTIES), key=len, reverse=True)))
_DUTY_OF = dict(DUTIES)
_DUTY_AROUND = re.compile(r"(?:热线|检测|登记|辅助|秩序|维护|维持|值守|扫码|测温|志愿者|组|工作|岗位|岗|采样|、|入户|安装|任务|点?引导|服务|的)*")
_HEAD_AFTER = re.compile(r"[ ]?(?:个人|名志愿者|位志愿者|个志愿者|名队员|名同志|名|位|人(?!次|份|员))(?:到岗|在岗|值守)?")
_PAIR = re.compile(r"([俩仨])(?:个?人)?(?![一-鿿]{2})|(?<=[一-鿿·])([俩仨])人?")
_HEAD_BEFORE = re.compile(r"(?:共|共计|一共|总共|合计|等|一行|我们|人数|实到|[\s,;。、()\[\]:\n一-鿿\x00])$")
_NOT_HEAD = re.compile(r"(?:进|出|返|异常|劝|查|测|服务|登记|检|超过|阳性|送|第|接|待|离|访|车|的|需|缺|差|少|还有|外来|排查|核实|接待|入|涉及|近|引导|疏导)$")
_HOURS = re.compile(r"[ ]?(?:个)?(?:小时|钟头)")
_AS_OF = re.compile(r"(?:截至|截止|截止到|截至到)[ ]?$")
_END_BEFORE = re.compile(r"(?:干|值|守|忙|战|站|到|至|持续|盯|坚持|预计|计划|待|结束于?|离岗|下岗|下班|交班|班)到?[ ]?$")
_START_BEFORE = re.compile(r"(?:从|自|由|于|到岗|上岗|签到|接班|来)[ ]?$")
_END_AFTER = re.compile(r"[ ]?(?:结束|离岗|下岗|下班|交班|收工|签退|离开|撤|走|换班|下的|交的|离的|收的)")
_START_AFTER = re.compile(r"[ ]?(?:开始|起|上岗|到岗|签到|接班(?!的|人)|来的|到的|上的|到位|接的)")
_OVER = re.compile(r"(?:进|出)\d|体温|\d ?(?:人次|户|辆)|小时|值守|值班|执勤|卡")
_SPECIFIC = re.compile(r"[口门岗亭站点室楼栋]$|卡$|\d")
_PARTLY = frozenset({"time", "start", "end", "hours", "headcount", "shift"})
"""Behind the values of these labels a line may go on."""
_UNREAD_MOST, _SHORT = 9, 8
_HANDED = re.compile(r"(?:交给|交接给|移交给|换成|换为|转交)(?:了)?[一-鿿·]{2,4}?(?=了|[,;。\s]|$)")
_LEAVE_FIELDS = frozenset({"ignored", "remark"})


def read_duty(region: Region, context: Context) -> list[Record]:
    """Records of one section: one for each person's line, each trigger of its own, or the whole."""
    entries = _entry_lines(region)
    if entries:
        header, lines = entries
        shared = context
        for line in header:
            shared = _shared(line, shared)
        return [record for line in lines for record in _groups(line, shared, entry=True)]
    return _groups(region, context, entry=context.entry)


def _shared(header: Region, context: Context) -> Context:
    """What a header line says for the lines below it."""
    triggers = find_duty(header.scan.text, header.start, header.end)
    kind = triggers[-1].kind if triggers else context.kind if context.kind in (CHECK_IN, CHECK_OUT) else None
    draft = _Draft(header, context.but(kind=kind))
    draft.read()
    fields = draft.fields
    return context.but(
        kind=kind, day=draft.day or context.day, post=fields.get("post") or context.post, shift=fields.get("shift") or context.shift,
        duty=fields.get("duty") or context.duty, sender=None, entry=True,
        starts_at=fields.get("starts_at") or context.starts_at, ends_at=fields.get("ends_at") or context.ends_at,
    )  # fmt: skip


def _entry_lines(region: Region) -> tuple[list[Region], list[Region]] | None:
    """Header lines and lines with one report each, or None."""
    text = region.text
    if inline := numbered(region):
        return [Region(region.scan, region.start, inline[0].start)], inline
    if "\n" not in text:
        return None
    lines = []
    at = region.start
    for line in text.split("\n"):
        if line.strip():
            lines.append(Region(region.scan, at, at + len(line)))
        at += len(line) + 1
    rows = [line for line in lines if _is_row(line)]
    others = [line for line in lines if line not in rows]
    if len(rows) < 2 or len(others) > _HEADER_LINES:
        return None
    return others, rows


_HEADER_LINES = 4


_NUMBERED = re.compile(r"\s*(?:\(?\d{1,2}[.、)]|[①-⑳])\s*")


def _is_row(line: Region) -> bool:
    """Whether the line reports by itself: somebody, and a time or a place."""
    if any(f.concept != "unknown" for f in find_fields(line.scan.text, line.start, line.end)) and not _NUMBERED.match(line.text):
        return False
    probe = Region(line.scan, line.start, line.end)
    times = probe.inside(probe.scan.times)
    probe.claim_all(times)
    read_figures(probe)
    for trigger in find_duty(line.scan.text, line.start, line.end):
        probe.claim(trigger.start, trigger.end)
    rest = read_rest(probe)
    return bool(rest.people and (times or rest.posts or _NUMBERED.match(line.text)))


def _groups(region: Region, context: Context, *, entry: bool) -> list[Record]:
    triggers = find_duty(region.scan.text, region.start, region.end)
    parts = _split_by_trigger(region, triggers) if len({t.kind for t in triggers}) > 1 or len(triggers) > 1 else None
    if not parts and (pairs := _pairs(region)):
        parts = [(pair, triggers[0].kind if triggers else context.kind or CHECK_IN) for pair in pairs]
        context = context.but(kind=parts[0][1])
    if not parts:
        kind = triggers[0].kind if triggers else context.kind if context.kind in (CHECK_IN, CHECK_OUT) else CHECK_IN
        return _Draft(region, context.but(kind=kind, entry=entry)).records()
    drafts = [_Draft(part, context.but(kind=kind)) for part, kind in parts]
    for draft in drafts:
        draft.read()
    posts = [draft.fields["post"] for draft in drafts if "post" in draft.fields]
    for draft in drafts:
        if posts and "post" not in draft.fields:
            draft.fields["post"] = posts[0]
    return [record for draft in drafts for record in draft.finish()]


def _pairs(region: Region) -> list[Region] | None:
    """`张三8:00 李四8:10`: names with a time of their own each, on one line."""
    times = [span for span in region.inside(region.scan.times) if not when.is_day(span.value)]
    if len(times) < 2:
        return None
    starts = []
    for span in times:
        word = _WORD_BEFORE.search(region.scan.text, max(region.start, span.start - 8), span.start)
        if word and is_name(word[1], region.scan.known) >= CLEAR:
            starts.append(word.start(1))
    if len(starts) != len(times):
        return None
    cuts = [region.start, *starts[1:], region.end]
    return [Region(region.scan, a, b) for a, b in zip(cuts, cuts[1:], strict=False)]


_WORD_BEFORE = re.compile(r"(?<![一-鿿、和])([一-鿿·]{2,6})[ (:]?$")


def _split_by_trigger(region: Region, triggers: list[Trigger]) -> list[tuple[Region, str]] | None:
    """Parts with one report each: every trigger with people of its own opens one."""
    starts: list[tuple[int, str]] = []
    for trigger in triggers:
        if starts and starts[-1][1] == trigger.kind and not _own_people(region, trigger):
            continue
        starts.append((_piece_start(region, trigger, starts[-1][0] if starts else region.start), trigger.kind))
    if len(starts) < 2 or len({at for at, _ in starts}) < len(starts):
        return None
    cuts = [region.start, *(at for at, _ in starts[1:]), region.end]
    return [(Region(region.scan, cuts[i], cuts[i + 1]), kind) for i, (_, kind) in enumerate(starts)]


def _own_people(region: Region, trigger: Trigger) -> bool:
    """Whether a name stands right before the trigger in its own piece."""
    start = _boundary(region, trigger.start)
    if start == region.start:
        return False
    probe = Region(region.scan, start, trigger.start)
    probe.claim_all(probe.inside(probe.scan.times))
    rest = read_rest(probe)
    return bool(rest.people) or (bool(rest.posts) and _has_post(Region(region.scan, region.start, start)))


def _has_post(before: Region) -> bool:
    for trigger in find_duty(before.scan.text, before.start, before.end):
        before.claim(trigger.start, trigger.end)
    return bool(read_rest(before).posts)


def _boundary(region: Region, at: int) -> int:
    text = region.scan.text
    return max(region.start, *(text.rfind(mark, region.start, at) + 1 for mark in ",;。!\n"))


def _piece_start(region: Region, trigger: Trigger, after: int) -> int:
    start = _boundary(region, trigger.start)
    ends = [t.end for t in find_duty(region.scan.text, after, region.end) if t.end <= trigger.start]
    return max(start, ends[-1] if ends and not _trailing(region, ends[-1], trigger) else start)


def _trailing(region: Region, end: int, trigger: Trigger) -> bool:
    """Whether the text between two triggers of one piece belongs to the first one alone: nobody is named in it."""
    probe = Region(region.scan, end, trigger.start)
    probe.claim_all(probe.inside(probe.scan.times))
    return not read_rest(probe).people


class _Draft:
    """One report being read: claims what it understands and keeps it in `fields`."""

    def __init__(self, region: Region, context: Context) -> None:
        self.region, self.context = region, context
        self.kind = context.kind or CHECK_IN
        self.scan = region.scan
        self.fields: Fields = {}
        self.people: list[str] = []
        self.day: date | None = None
        self.counts: list[Fields] = []
        self.by: str | None = None
        self.unread = 0
        """Characters that nobody understood."""

    def records(self) -> list[Record]:
        self.read()
        return self.finish()

    def read(self) -> None:
        self._labels()
        self._proxy()
        self.region.take_all(_HANDED)
        for trigger in find_duty(self.scan.text, self.region.start, self.region.end):
            self.region.claim(trigger.start, trigger.end)
        self._words()
        self._times(self.region.inside(self.scan.times))
        self._numbers()
        self._rest()

    # ---- labelled values

    def _labels(self) -> None:
        for field in find_fields(self.scan.text, self.region.start, self.region.end):
            reader = getattr(self, f"_label_{field.concept}", None)
            if reader is not None and not find_duty(field.label):
                value = Region(self.scan, field.start, field.end)
                reader(value, field)
                self.region.claim(field.label_start, field.start)
                if field.concept in _PARTLY:
                    self.region.put(value)
                else:
                    self.region.claim(field.start, field.end)
            elif field.concept in _LEAVE_FIELDS:
                self.region.claim(field.label_start, field.end)

    def _label_people(self, value: Region, field: Field) -> None:
        proxy = read_proxy(value)
        if proxy:
            self.by = proxy.by
            self._add(list(proxy.whom))
        self._head_in_brackets(value)
        self._add(split_people(value.rest.replace("\x00", " "), self.scan.message.sender, self.scan.known))

    _label_name = _label_leader = _label_people

    def _head_in_brackets(self, value: Region) -> None:
        for number in value.inside(self.scan.numbers):
            if tail := _HEAD_AFTER.match(self.scan.text, number.end, value.end):
                self.fields["headcount"] = number.value.value
                value.claim(number.start, tail.end())

    def _label_by(self, value: Region, field: Field) -> None:
        if "代" in field.label:
            names = split_people(value.text, self.scan.message.sender, self.scan.known)
            self.by = names[0] if names else None

    def _label_post(self, value: Region, field: Field) -> None:
        if value.text:
            self.fields["post"] = "".join(value.text.split("\n"))

    def _label_station(self, value: Region, field: Field) -> None:
        duty = _DUTY.search(value.text)
        if duty and not value.text.endswith(("门", "口")):
            self._label_duty(value, field)
        else:
            self._label_post(value, field)

    def _label_duty(self, value: Region, field: Field) -> None:
        duty = duty_in(value.text) or next((code for word, code in STATED_DUTIES.items() if word in value.text), None)
        if duty:
            self.fields["duty"] = duty

    def _label_shift(self, value: Region, field: Field) -> None:
        if shift := value.take(_SHIFT):
            self.fields["shift"] = SHIFTS[shift.group()]
        elif shift := _SHIFT.search(value.text + "班"):
            self.fields["shift"] = SHIFTS[shift.group()]
            value.claim(value.start, value.end)
        self._label_time(value, field)

    def _label_time(self, value: Region, field: Field) -> None:
        if shift := value.take(_SHIFT):
            self.fields["shift"] = SHIFTS[shift.group()]
        spans = value.inside(self.scan.times)
        self._times(spans)
        value.claim_all(spans)

    def _label_start(self, value: Region, field: Field) -> None:
        self._set_time("starts_at", value.inside(self.scan.times))
        value.claim_all(value.inside(self.scan.times))

    def _label_end(self, value: Region, field: Field) -> None:
        self._set_time("ends_at", value.inside(self.scan.times))
        value.claim_all(value.inside(self.scan.times))

    def _label_hours(self, value: Region, field: Field) -> None:
        numbers = value.inside(self.scan.numbers)
        if numbers and self.kind == CHECK_OUT:
            self.fields["hours"] = numbers[0].value.value
            value.take(re.compile(r"[0-9.一二三四五六七八九十半个]+(?:小时|钟头)?半?"))

    def _label_headcount(self, value: Region, field: Field) -> None:
        if numbers := value.inside(self.scan.numbers):
            self.fields["headcount"] = numbers[0].value.value
            value.take(re.compile(r"共?[0-9一二两三四五六七八九十]+(?:人|名|位)?"))

    # ---- words of the text

    def _proxy(self) -> None:
        if proxy := read_proxy(self.region):
            self.by = proxy.by
            self._add(list(proxy.whom))

    def _words(self) -> None:
        if shift := self.region.take(_SHIFT):
            self.fields.setdefault("shift", SHIFTS[shift.group()])
        pair = self.region.take(_PAIR)
        if pair:
            self.fields.setdefault("headcount", 2 if (pair[1] or pair[2]) == "俩" else 3)

    def _times(self, spans: list[Span[when.Time]]) -> None:
        """Ranges give both ends; a point is the start of a coming and the end of a going unless its neighbours say otherwise."""
        points: list[Span[when.Time]] = []
        for span in spans:
            if _AS_OF.search(self.region.before(span.start)):
                self.region.claim(span.start - 2, span.end)
            elif when.is_range(span.value):
                self._range(span)
            elif when.is_day(span.value):
                self.day = when.day_of(span.value, self.scan.message.sent_at, "report")
            else:
                points.append(span)
        self.region.claim_all(spans)
        for span in points:
            self._point(span)

    def _range(self, span: Span[when.Time]) -> None:
        starts, ends = when.period(span.value, self.scan.message.sent_at, self._base_day(), over=self.kind == CHECK_OUT)
        if starts:
            self.fields.setdefault("starts_at", starts)
        if ends:
            self.fields.setdefault("ends_at", ends)

    def _point(self, span: Span[when.Time]) -> None:
        before, after = self.region.before(span.start), self.region.after(span.end)
        is_end = bool(_END_AFTER.match(after) or (_END_BEFORE.search(before) and not _START_AFTER.match(after)))
        is_start = bool(_START_AFTER.match(after) or _START_BEFORE.search(before))
        if self.kind == CHECK_IN:
            name = "ends_at" if is_end and not (is_start and not _END_AFTER.match(after)) else "starts_at"
        else:
            name = "starts_at" if is_start and not is_end else "ends_at"
        if name in self.fields:
            name = "ends_at" if name == "starts_at" else "starts_at"
        if name not in self.fields:
            self._set_time(name, [span])

    def _set_time(self, name: str, spans: list[Span[when.Time]]) -> None:
        if not spans:
            return
        plan = name == "ends_at" and self.kind == CHECK_IN
        text = when.point(spans[0].value, self.scan.message.sent_at, self._base_day(), plan=plan)
        if text:
            self.fields[name] = text

    def _base_day(self) -> date | None:
        day = self.day or self.context.day
        return day if isinstance(day, date) else None

    # ---- numbers

    def _numbers(self) -> None:
        for number in self.region.inside(self.scan.numbers):
            if hours := _HOURS.match(self.scan.text, number.end, self.region.end):
                if self.kind == CHECK_OUT:
                    self.fields.setdefault("hours", number.value.value)
                self.region.claim(number.start, hours.end())
            elif (head := _HEAD_AFTER.match(self.scan.text, number.end, self.region.end)) and self._is_head(number):
                self.fields.setdefault("headcount", number.value.value)
                self.region.claim(number.start, head.end())
        self.counts = [figure.fields for figure in read_figures(self.region)]
        self._duty_word()

    def _is_head(self, number: Span[Quantity]) -> bool:
        if number.value.approx or number.value.max:
            return False
        before = self.region.before(number.start).rstrip(" :")
        if not before or _NOT_HEAD.search(before):
            return not before
        if before[-1] in ",;。、()[]\n\x00】" or before.endswith(("共", "共计", "一共", "总共", "合计", "等", "一行", "人数", "实到", "我们", "全组", "全员")):
            return True
        probe = Region(self.scan, self.region.start, number.start)
        probe.rest = self.region.rest[: number.start - self.region.start]
        chunks = probe.chunks()
        if not chunks:
            return True
        probe = Region(self.scan, chunks[-1].start, chunks[-1].end)
        rest = read_rest(probe)
        return bool(rest.people or rest.posts) or not (rest.unknown)

    def _duty_word(self) -> None:
        for match in _DUTY.finditer(self.region.rest):
            start = match.start()
            end = _DUTY_AROUND.match(self.region.rest, match.end()).end()  # type: ignore[union-attr]
            before = self.region.rest[start - 1 : start]
            if _DUTY_OF[match.group()] == "gate" and match.group()[0] in "卡门看" and before and "一" <= before <= "鿿":
                continue
            following = self.region.rest[end : end + 1]
            if following in ("点", "站", "亭", "处", "棚"):
                continue
            self.fields.setdefault("duty", _DUTY_OF[match.group()])
            self.region.claim(start + self.region.start, end + self.region.start)

    # ---- the rest

    def _rest(self) -> None:
        rest = read_rest(self.region, name_first=self.context.entry)
        self._add(rest.people)
        self.unread = sum(len(chunk.text) for chunk in rest.unknown)
        if "post" not in self.fields:
            self._post(rest.posts, rest.unknown)

    def _post(self, posts: list[Chunk], unknown: list[Chunk]) -> None:
        if posts:
            best = next((i for i, chunk in enumerate(posts) if _SPECIFIC.search(chunk.text)), 0)
            best = next((i for i in range(best) if all(not self.scan.text[a.end : b.start].strip(" ") for a, b in pairwise(posts[i : best + 1]))), best)
            first = last = posts[best]
            for chunk in posts[best + 1 :]:
                if chunk.start - last.end > 1 or self.scan.text[last.end : chunk.start].strip(" "):
                    break
                last = chunk
            self.fields["post"] = self.scan.text[first.start : last.end]
        elif candidates := [chunk for chunk in unknown if may_be_post(chunk.text) and self._beside_trigger(chunk)]:
            self.fields["post"] = candidates[0].text

    def _beside_trigger(self, chunk: Chunk) -> bool:
        """Where a post usually stands: right behind or before the trigger, or it is a place that the gazetteer knows."""
        text = self.scan.text
        before = text[self.region.start : chunk.start].rstrip(" :,;】。\n")
        after = text[chunk.end : self.region.end].lstrip(" :,;【。\n")
        at_trigger = any(t.end == self.region.start + len(before) or (t.start == self.region.end - len(after)) for t in find_duty(text, self.region.start, self.region.end))
        return at_trigger or not before or any(span.start == 0 for span in find_places(chunk.text))

    def _add(self, names: list[str]) -> None:
        self.people += [name for name in names if name not in self.people]

    def finish(self) -> list[Record]:
        """The record of coming or going, then the one of work if figures were given."""
        fields = self.fields
        self._inherit()
        if not self._is_report():
            self.scan.note(f"{self.kind}: too much is not understood")
            return []
        people = self.people or ([self.context.sender] if self.context.sender else [])
        if not people:
            self.scan.note(f"{self.kind}: nobody is named")
            return []
        record: Fields = {"people": people}
        record |= {name: fields[name] for name in ("post", "starts_at", "ends_at", "hours", "shift", "duty", "headcount") if name in fields}
        if self.by:
            record["by"] = self.by
        records = [Record(self.kind, record)]
        if self.counts:
            post = {"post": fields["post"]} if "post" in fields else {}
            records.append(Record("work", {**post, "counts": self.counts}))
        return records

    def _is_report(self) -> bool:
        """A message that was not addressed to the bot must be mostly understood, and say more than the trigger."""
        if self.scan.addressed or self.context.entry:
            return True
        stated = bool(self.people or set(self.fields) & {"post", "starts_at", "ends_at", "shift", "hours", "headcount"} or self.counts)
        words = len("".join(self.region.text.split()))
        return self.unread <= max(_UNREAD_MOST, words // 3) and (stated or words <= _SHORT)

    def _inherit(self) -> None:
        names = ("post", "shift", "duty") if {"starts_at", "ends_at"} & set(self.fields) else ("post", "shift", "duty", "starts_at", "ends_at")
        for name in names:
            if getattr(self.context, name):
                self.fields.setdefault(name, getattr(self.context, name))
        day = self._base_day()
        if day and day != self.scan.message.sent_at.date() and "starts_at" not in self.fields and "ends_at" not in self.fields:
            self.fields["starts_at" if self.kind == CHECK_IN else "ends_at"] = day.isoformat()


def header_fields(region: Region) -> Fields:
    """What the header of a list says for its entries: kind, day, post, shift, duty."""
    triggers = find_duty(region.scan.text, region.start, region.end)
    draft = _Draft(region, Context(kind=triggers[-1].kind if triggers else None))
    draft.read()
    found = {name: draft.fields[name] for name in ("post", "shift", "duty", "starts_at", "ends_at") if name in draft.fields}
    if triggers:
        found["kind"] = triggers[-1].kind
    if draft.day:
        found["day"] = draft.day
    return found


def duty_in(text: str) -> str | None:
    match = _DUTY.search(text)
    return _DUTY_OF[match.group()] if match else None
