"""One stay on a post while it is being read: what is known so far, and its times."""

from datetime import date

from handlers.language import when
from handlers.language.expressions import expression
from handlers.language.scan import Context, Region
from handlers.language.triggers import CHECK_IN, CHECK_OUT
from handlers.language.types import Fields, Span

_AS_OF = expression(r"(?:截至|截止|截止到|截至到)[ ]?$")
_END_BEFORE = expression(r"(?:干|值|守|忙|战|站|到|至|持续|盯|坚持|预计|计划|待|结束于?|离岗|下岗|下班|交班)到?[ ]?$")
_START_BEFORE = expression(r"(?:从|自|由|于|到岗|上岗|签到|接班|来)[ ]?$")
_END_AFTER = expression(r"[ ]?(?:结束|离岗|下岗|下班|交班|收工|签退|离开|撤|走|换班|下的|交的|离的|收的)")
_START_AFTER = expression(r"[ ]?(?:开始|起|上岗|到岗|签到|接班(?!的|人)|来的|到的|上的|到位|接的)")


class Stay:
    """Reads the times of a stay and keeps what the other readers find."""

    def __init__(self, region: Region, context: Context) -> None:
        self.region, self.context = region, context
        self.kind = context.kind or CHECK_IN
        self.scan = region.scan
        self.fields: Fields = {}
        self.people: list[str] = []
        self.day: date | None = None
        self.counts: list[Fields] = []
        self.parts: dict[int, int] = {}
        """Of `counts`: number of a part → number of its whole."""
        self.by: str | None = None
        self.unread = 0
        """Characters that nobody understood."""

    def read_times(self, spans: list[Span[when.Time]]) -> None:
        """Ranges give both ends; a point is the start of a coming and the end of a going unless its neighbours
        say otherwise.
        """
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
        starts, ends = when.period(span.value, self.scan.message.sent_at, self.base_day(), over=self.kind == CHECK_OUT)
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
            self.set_time(name, [span])

    def set_time(self, name: str, spans: list[Span[when.Time]]) -> None:
        if not spans:
            return
        plan = name == "ends_at" and self.kind == CHECK_IN
        text = when.point(spans[0].value, self.scan.message.sent_at, self.base_day(), plan=plan)
        if text:
            self.fields[name] = text

    def base_day(self) -> date | None:
        day = self.day or self.context.day
        return day if isinstance(day, date) else None

    def add(self, names: list[str]) -> None:
        self.people += [name for name in names if name not in self.people]
