"""One report of coming or going: from its words to its records."""

from collections.abc import Sequence
from itertools import pairwise

from handlers.language.chunks import read_rest
from handlers.language.counts import Figure, read_figures
from handlers.language.expressions import expression
from handlers.language.needed import Signs
from handlers.language.numbers import Quantity
from handlers.language.parts import parts_of
from handlers.language.places import find_places
from handlers.language.posts import may_be_post
from handlers.language.proxy import read_proxy
from handlers.language.scan import Chunk, Region
from handlers.language.splits import Split, read_split
from handlers.language.stay import Stay
from handlers.language.stay_form import read_labels
from handlers.language.tasks import take_duty
from handlers.language.triggers import CHECK_IN, CHECK_OUT
from handlers.language.types import Fields, Record, Span
from handlers.language.vocabulary import SHIFTS

_GROUPS = (
    "志愿者",
    "党员",
    "队员",
    "突击队",
    "队伍",
    "人员",
    "同志",
    "社工",
    "保安",
    "干部",
    "学生",
    "我们",
    "俺们",
    "咱们",
    "职工",
    "小组",
    "一组",
    "兄弟",
    "队",
)
"""Words for people, behind which a number counts heads."""
_SHIFT = expression("|".join(sorted(SHIFTS, key=len, reverse=True)))
_HEAD_AFTER = expression(
    r"[ ]?(?:个人|名志愿者|位志愿者|个志愿者|名队员|名同志|名|位|人(?!次|份|员))(?:到岗|在岗|值守)?"
)
_HEAD_STARTS = frozenset(" 个名位人小钟")
"""What hours and heads begin with behind their number."""
_PAIR = expression(r"([俩仨])(?:个?人)?(?![一-鿿]{2})|(?<=[一-鿿·])([俩仨])人?(?![一-鿿])")
_NOT_HEAD = expression(
    r"(?:进|出|返|异常|劝|查|测|服务|登记|检|超过|阳性|送|第|接|待|离|访|车|的|需|缺|差|少|还有|外来|排查|核实|"
    r"接待|入|涉及|近|引导|疏导)$"
)
_NOT_COME = expression(r"(?:(?<!急)需要?|已报名?|报名|应到|应来|招募?)了?[: ]?[0-9]{1,4} ?[人名位](?!次|份)")
"""How many were needed, called or signed up: others than those who have come."""
_HOURS = expression(r"[ ]?(?:个)?(?:小时|钟头)")
_SPECIFIC = expression(r"[口门岗亭站点室楼栋]$|卡$|\d")
_UNREAD_MOST, _SHORT = 9, 8
_HANDED = expression(r"(?:交给|交接给|移交给|换成|换为|转交)(?:了)?[一-鿿·]{2,4}?(?=了|[,;。\s]|$)")

_PAIR_SIGNS, _NOT_COME_SIGNS, _HANDED_SIGNS = Signs(_PAIR), Signs(_NOT_COME), Signs(_HANDED)

_INHERITED = ("post", "shift", "duty")
_INHERITED_WITH_TIME = (*_INHERITED, "starts_at", "ends_at")
_TIMED = frozenset({"starts_at", "ends_at"})


class Draft(Stay):
    """A stay that is read from running text and labels alike."""

    def records(self) -> list[Record]:
        self.read()
        return self.finish()

    def read(self) -> None:
        read_labels(self)
        self._proxy()
        if not _HANDED_SIGNS.missing(self.scan.characters):
            self.region.take_all(_HANDED)
        for trigger in self.scan.triggers(self.region.start, self.region.end):
            self.region.claim(trigger.start, trigger.end)
        self._words()
        self.read_times(self.region.inside(self.scan.times))
        self._numbers()
        self._rest()

    # ---- words of the text

    def _proxy(self) -> None:
        if proxy := read_proxy(self.region):
            self.by = proxy.by
            self.add(list(proxy.whom))

    def _words(self) -> None:
        if shift := self.region.take(_SHIFT):
            self.fields.setdefault("shift", SHIFTS[shift.group()])
        pair = None if _PAIR_SIGNS.missing(self.scan.characters) else _PAIR.search(self.region.rest)
        if pair and not _NOT_HEAD.search(self.region.before(pair.start() + self.region.start)):
            self.region.take(_PAIR)
            self.fields.setdefault("headcount", 2 if (pair[1] or pair[2]) == "俩" else 3)

    # ---- numbers

    def _numbers(self) -> None:
        if not _NOT_COME_SIGNS.missing(self.scan.characters):
            self.region.take_all(_NOT_COME)
        split = read_split(self.region)
        for number in self.region.inside(self.scan.numbers):
            if self.scan.text[number.end : number.end + 1] not in _HEAD_STARTS:
                continue
            if hours := _HOURS.match(self.scan.text, number.end, self.region.end):
                if self.kind == CHECK_OUT:
                    self.fields.setdefault("hours", number.value.value)
                self.region.claim(number.start, hours.end())
            elif (head := _HEAD_AFTER.match(self.scan.text, number.end, self.region.end)) and self._is_head(number):
                self.fields.setdefault("headcount", number.value.value)
                self.region.claim(number.start, head.end())
        figures = read_figures(self.region)
        self._count(split, figures)
        if duty := take_duty(self.region, figures[0].start if figures else None):
            self.fields.setdefault("duty", duty)

    def _count(self, split: Split | None, figures: Sequence[Figure]) -> None:
        told = split.figures if split else ()
        self.counts = [figure.fields for figure in (*told, *figures)]
        self.parts = {part + len(told): whole + len(told) for part, whole in parts_of(self.scan.text, figures).items()}
        if split:
            self.parts |= split.parts

    def _is_head(self, number: Span[Quantity]) -> bool:  # noqa: PLR0911 - a list of rules: the first that holds wins
        if number.value.approx or number.value.max:
            return False
        if self.region.rest[number.start - self.region.start - 1 : number.start - self.region.start] == "\x00":
            return not _NOT_HEAD.search(self.region.before(number.start))
        before = self.region.before(number.start).rstrip(" :")
        if not before or _NOT_HEAD.search(before):
            return not before
        if before.endswith(_GROUPS):
            return True
        if before[-1] in ",;。、()[]\n\x00】" or before.endswith(
            ("共", "共计", "一共", "总共", "合计", "等", "一行", "人数", "实到", "我们", "全组", "全员")
        ):
            return True
        probe = Region(self.scan, self.region.start, number.start)
        probe.rest = self.region.rest[: number.start - self.region.start]
        chunks = probe.chunks()
        if not chunks:
            return True
        probe = Region(self.scan, chunks[-1].start, chunks[-1].end)
        rest = read_rest(probe)
        return bool(rest.people or rest.posts) or not (rest.unknown)

    # ---- the rest

    def _rest(self) -> None:
        rest = read_rest(self.region, name_first=self.context.entry)
        self.add(rest.people)
        self.unread = sum(len(chunk.text) for chunk in rest.unknown)
        if "post" not in self.fields:
            self._post(rest.posts, rest.unknown)

    def _post(self, posts: list[Chunk], unknown: list[Chunk]) -> None:
        if posts:
            best = next((i for i, chunk in enumerate(posts) if _SPECIFIC.search(chunk.text)), 0)
            best = next(
                (
                    i
                    for i in range(best)
                    if all(not self.scan.text[a.end : b.start].strip(" ") for a, b in pairwise(posts[i : best + 1]))
                ),
                best,
            )
            first = last = posts[best]
            for chunk in posts[best + 1 :]:
                if chunk.start - last.end > 1 or self.scan.text[last.end : chunk.start].strip(" "):
                    break
                last = chunk
            self.fields["post"] = self.scan.text[first.start : last.end]
        elif candidates := [chunk for chunk in unknown if may_be_post(chunk.text) and self._beside_trigger(chunk)]:
            self.fields["post"] = candidates[0].text

    def _beside_trigger(self, chunk: Chunk) -> bool:
        """Where a post usually stands: right behind or before the trigger, or it is a place that the gazetteer
        knows.
        """
        text = self.scan.text
        before = text[self.region.start : chunk.start].rstrip(" :,;】。\n")
        after = text[chunk.end : self.region.end].lstrip(" :,;【。\n")
        at_trigger = any(
            t.end == self.region.start + len(before) or (t.start == self.region.end - len(after))
            for t in self.scan.triggers(self.region.start, self.region.end)
        )
        return at_trigger or not before or any(span.start == 0 for span in find_places(chunk.text))

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
        record |= {
            name: fields[name]
            for name in ("post", "starts_at", "ends_at", "hours", "shift", "duty", "headcount")
            if name in fields
        }
        if self.by:
            record["by"] = self.by
        words = max(1, self._written())
        records = [Record(self.kind, record, confidence=max(0.0, 1 - self.unread / words))]
        records[0].sources["record"] = (self.region.start, self.region.end)
        if self.counts:
            post = {"post": fields["post"]} if "post" in fields else {}
            records.append(Record("work", {**post, "counts": self.counts}, parts=self.parts))
        return records

    def _written(self) -> int:
        """Characters of the text, spaces aside."""
        return len("".join(self.region.text.split()))

    def _is_report(self) -> bool:
        """A message that was not addressed to the bot must be mostly understood, and say more than the trigger."""
        if self.scan.addressed or self.context.entry:
            return True
        stated = bool(
            self.people
            or set(self.fields) & {"post", "starts_at", "ends_at", "shift", "hours", "headcount"}
            or self.counts
        )
        words = self._written()
        return self.unread <= max(_UNREAD_MOST, words // 3) and (stated or words <= _SHORT)

    def _inherit(self) -> None:
        timed = "starts_at" in self.fields or "ends_at" in self.fields
        for name in _INHERITED if timed else _INHERITED_WITH_TIME:
            if told := getattr(self.context, name):
                self.fields.setdefault(name, told)
        day = self.base_day()
        if day and not timed and day != self.scan.message.sent_at.date() and not _TIMED & self.fields.keys():
            self.fields["starts_at" if self.kind == CHECK_IN else "ends_at"] = day.isoformat()
