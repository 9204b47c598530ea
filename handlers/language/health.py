# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""健康打卡: one record per person with the temperatures and signs behind the name."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from handlers.language.expressions import expression, without_start
from handlers.language.forms import Field
from handlers.language.numerals import read_numeral
from handlers.language.people import CLEAR, NONE, SELF, clean_name, is_loose_name, is_name, split_people
from handlers.language.scan import Chunk, Context, Region
from handlers.language.signs import Sign, answer, find_signs, judge
from handlers.language.tables import read_table
from handlers.language.types import Fields, Record, Span

_DAY = expression(
    r"(?<![A-Za-z])[Dd](?:ay)? ?(\d{1,2})(?![\d.])|第 ?([0-9一二三四五六七八九十]{1,3}) ?天|"
    r"观察(?:期)?第?([0-9一二三四五六七八九十]{1,3})[天日]|(?:隔离|居家)(?:第)?([0-9一二三四五六七八九十]{1,3})天"
)
_TRIGGER = expression(r"健康(?:打卡|上报|监测|报告|登记|日报|情况|状况|码)+|体温打卡|每日打卡|打卡")
_ALL = expression(
    r"(?:[0-9一二两三四五六七八九十]+(?:个?人|位|名)|大家|全家|全部|全体|以上|俩|都|均|全|皆|"
    r"一家)(?:[0-9一二两三四五六七八九十]+[人口])?(?:体温|人|情况|身体|都|均|全|皆|也)*$"
)
_WORDS = expression(
    r"健康打卡|健康上报|健康报告|健康监测|健康登记|每日打卡|打卡|体温|测温|上报|早上|早晨|早|中午|午间|下午|上午|"
    r"晚上|晚间|晚|今天|今日|身体|情况|自我感觉|感觉|状况|记录|均|都|还|有点儿?|有些|有|一切|目前|仍|两次|两人|"
    r"次|分别|为|是|和|了|但|人|报|健康|状态|日|代报|代打卡|补|度|还是|稍微|轻微|现在|依然|仍然|另外|自测|复测|"
    r"晨检|午检|晚检"
)
_NUMBERING = expression(r"^(?:\d{1,2}[.、]|[①-⑳]|[-·*•]+)")
_NOT_A_NAME = expression(
    r"^(?:[进来返到抵回]京|[一-鿿]{1,2}俩$|或有|正常|体温|今日|今天|观察|隔离|居家|在家|姓名|同住|家人|返京|回复)"
)


@dataclass(slots=True)
class _Person:
    start: int
    name: str | None
    fields: Fields = field(default_factory=dict)
    temperatures: list[float] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    touched: bool = False


def read_health(region: Region, context: Context) -> list[Record]:
    """Records of a section; what stands before the first name holds for everybody."""
    if rows := read_table(
        region, {"情况": "health", "状态": "health", "早": "temperature", "晚": "temperature", "结果": "health"}
    ):
        return [record for row, cells in rows for record in _form(row, cells, context)]
    if form := _read_form(region, context):
        return form
    return _Reader(region, context).records()


class _Reader:
    def __init__(self, region: Region, context: Context) -> None:
        self.region, self.context, self.scan = region, context, region.scan
        self.shared = _Person(region.start, None)
        self.people: list[_Person] = []
        """In the order of the text."""
        self.named: set[str] = set()
        self.all_well = False

    def records(self) -> list[Record]:
        scan, region = self.scan, self.region
        region.take_all(_TRIGGER)
        temperatures = region.inside(scan.temperatures)
        tails, refs = region.inside(scan.tails), region.inside(scan.refs)
        signs = [Sign(s.start + region.start, s.end + region.start, s.well, s.symptom) for s in find_signs(region.rest)]
        days = [(m.start() + region.start, _day(m)) for m in region.take_all(_DAY)]
        for spans in (temperatures, tails, refs):
            region.claim_all(spans)
        region.claim_all([Span(sign.start, sign.end, None) for sign in signs])
        region.claim_all(region.inside(scan.times))
        self._names(
            [s.start for s in temperatures]
            + [at for at, _ in days]
            + [s.start for s in tails]
            + [s.start for s in signs]
        )
        if not self.people and len(tails) + len(refs) > 1:
            self.people = [_Person(start, None) for start in sorted(span.start for span in (*tails, *refs))]
        for at, day in days:
            self._at(at).fields.setdefault("day", day)
        for tail in tails:
            self._at(tail.start).fields.setdefault("phone_tail", tail.value)
        for ref in refs:
            self._at(ref.start).fields.setdefault("ref", ref.value)
        for span in temperatures:
            self._at(span.start).temperatures.append(span.value)
        for sign in signs:
            self._sign(sign)
        return self._finish()

    def _sign(self, sign: Sign) -> None:
        if (sign.well and len(self.people) > 1 and _ALL.search(self.region.before(sign.start, 10).rstrip(" "))) or (
            sign.well and len(self.people) > 1 and self.scan.text.startswith(("均", "都"), sign.start)
        ):
            self.all_well = True
        else:
            self._at(sign.start).signs.append(sign)

    def _names(self, data: list[int]) -> None:
        """Names before data, in order; in a list the first word of a line may be any name."""
        sender, known = self.scan.message.sender, self.scan.known
        data.sort()
        for chunk in self.region.chunks():
            text = _strip(without_start(_NUMBERING, chunk.text))
            if text in SELF:
                self._add(chunk, sender)
                continue
            for part in re.split(r"[和跟与]", text) if is_name(clean_name(text), known) == NONE else [text]:
                name = clean_name(_strip(part))
                if not name or _NOT_A_NAME.match(name):
                    continue
                near = _right_behind(data, chunk.end) or self.context.entry
                if (
                    is_name(name, known) >= CLEAR
                    or (is_name(name, known) > NONE and (near or self._alone()))
                    or (near and not chunk.bracketed and is_loose_name(name))
                ):
                    self._add(chunk, name)

    def _alone(self) -> bool:
        return not self.people

    def _add(self, chunk: Chunk, name: str) -> None:
        if name not in self.named:
            self.named.add(name)
            self.people.append(_Person(chunk.start, name))

    def _at(self, position: int) -> _Person:
        """Whose data stands at `position`: that of the last name before it."""
        before = bisect_right(self.people, position, key=attrgetter("start"))
        person = self.people[before - 1] if before else self.shared
        person.touched = True
        return person

    def _finish(self) -> list[Record]:
        shared = self.shared
        if not self.people:
            if not (shared.temperatures or shared.signs or "day" in shared.fields):
                return []
            name = None if _named(shared.fields) else self.context.sender
            if name is None and not _named(shared.fields):
                return []
            return [
                _record(
                    _Person(shared.start, name, shared.fields, shared.temperatures, shared.signs),
                    self.context,
                    well=self.all_well,
                )
            ]
        self._share()
        return [
            _record(person, self.context, well=self.all_well)
            for person in self.people
            if _says_something(person, well=self.all_well)
        ]

    def _share(self) -> None:
        """Spread what stands before the names, and what stands behind several names at once."""
        for person in self.people:
            for name, value in self.shared.fields.items():
                if name == "day":
                    person.fields.setdefault(name, value)
        if len(self.people) == 1:
            self.people[0].temperatures = self.shared.temperatures + self.people[0].temperatures
            self.people[0].signs = self.shared.signs + self.people[0].signs
            self.people[0].fields = self.shared.fields | self.people[0].fields
            return
        group: list[_Person] = []
        for person in self.people:
            group.append(person)
            if person.touched:
                _spread(group)
                group = []


def _named(fields: Fields) -> bool:
    """Whether a tail or a reference says whose report it is."""
    return "phone_tail" in fields or "ref" in fields


def _spread(group: list[_Person]) -> None:
    """`张三、李四 36.5 36.6`: one temperature each; otherwise all share what the last one has."""
    last = group[-1]
    values = last.temperatures
    each = len(group) > 1 and len(values) == len(group)
    for index, person in enumerate(group):
        person.temperatures = [values[index]] if each else list(values)
        person.signs = last.signs
        person.fields = last.fields | person.fields


def _says_something(person: _Person, *, well: bool) -> bool:
    return bool(person.temperatures or person.signs or well or person.fields)


def _record(person: _Person, context: Context, *, well: bool) -> Record:
    fields: Fields = {"person": person.name} if person.name else {}
    fields |= person.fields
    if context.round_day is not None:
        fields.setdefault("day", context.round_day)
    if person.temperatures:
        fields["temperatures"] = person.temperatures
    health = judge(person.signs, person.temperatures)
    if health.normal is None and well:
        health.normal = True
    if health.normal is not None:
        fields["normal"] = health.normal
    if health.symptoms:
        fields["symptoms"] = health.symptoms
    return Record("health", fields)


def _right_behind(data: list[int], end: int) -> bool:
    """Whether one of the positions, which are in order, is `end` or at most two characters further on."""
    following = bisect_left(data, end)
    return following < len(data) and data[following] - end <= 2


_LAST_WORDS = (
    "体温", "今天", "今日", "上午", "下午", "早上", "晚上", "早", "晚", "情况", "健康", "身体", "的",
    "是", "还", "有点", "有些", "有", "目前", "仍", "均", "都", "一切", "测", "为", "自测", "打卡",
)  # fmt: skip


def _strip(text: str) -> str:
    """The chunk without the words of the report around a name."""
    previous = None
    while previous != text:
        previous = text
        if (match := _WORDS.match(text)) and match.end() < len(text):
            text = text[match.end() :]
        elif match:
            return ""
        if not text.endswith(_LAST_WORDS):
            continue
        for word in _LAST_WORDS:
            if text.endswith(word) and len(text) - len(word) >= 2:
                text = text[: -len(word)]
    return text


def _day(match: re.Match[str]) -> int:
    digits = next(group for group in match.groups() if group)
    value = int(digits) if digits.isdigit() else read_numeral(digits)
    return int(value or 0)


def _read_form(region: Region, context: Context) -> list[Record]:
    """A labelled form for one person."""
    fields = region.scan.fields(region.start, region.end)
    if len([f for f in fields if f.concept in ("name", "temperature", "health", "symptoms", "day", "people")]) < 2:
        return []
    return _form(region, fields, context)


def _form(region: Region, fields: Sequence[Field], context: Context) -> list[Record]:
    person = _Person(region.start, None)
    scan = region.scan
    unwell: bool | None = None
    for item in fields:
        unwell = _form_field(item, region, person) if item.concept == "symptoms" else unwell
        if item.concept != "symptoms":
            _form_field(item, region, person)
    if match := _DAY.search(region.text):
        person.fields.setdefault("day", _day(match))
    if tails := region.inside(scan.tails):
        person.fields.setdefault("phone_tail", tails[0].value)
    if not (person.temperatures or person.signs or unwell is not None):
        return []
    if person.name is None and fields[0].label_start > region.start:
        head = _Reader(Region(scan, region.start, fields[0].label_start), context)
        head.region.take_all(_TRIGGER)
        head.region.take_all(_DAY)
        head.region.claim_all(head.region.inside(scan.times))
        head._names([fields[0].label_start])  # noqa: SLF001 - one module
        person.name = head.people[0].name if head.people else None
    if person.name is None and "phone_tail" not in person.fields:
        person.name = context.sender
    record = _record(person, context, well=unwell is False)
    if unwell:
        record.fields["normal"] = False
    return [record]


def _form_field(item: Field, region: Region, person: _Person) -> bool | None:
    scan = region.scan
    value = scan.text[item.start : item.end]
    inner = Region(scan, item.start, item.end)
    if item.concept in ("name", "people"):
        names = split_people(value, scan.message.sender, scan.known)
        person.name = names[0] if names else person.name
    elif item.concept == "temperature":
        person.temperatures += [span.value for span in inner.inside(scan.temperatures)]
        person.signs += find_signs(value)
    elif item.concept in ("health", "symptoms", "remark"):
        person.signs += find_signs(value)
        return answer(value)
    elif item.concept == "day" and (digits := re.search(r"[0-9一二三四五六七八九十]+", value)):
        person.fields["day"] = int(read_numeral(digits.group()) or 0)
    elif item.concept == "phone_tail" and (tail := re.search(r"\d{4}", value)):
        person.fields["phone_tail"] = tail.group()
    return None
