"""What can be known of one returnee: the readers of single values, used behind labels and in running text."""

from handlers.language import when
from handlers.language.expressions import expression
from handlers.language.needed import Signs
from handlers.language.numerals import read_numeral
from handlers.language.places import resolve
from handlers.language.scan import Region
from handlers.language.signs import find_signs, judge
from handlers.language.types import Fields, Record, Span
from handlers.language.vocabulary import ISOLATION, TRANSPORT, WEAK_ISOLATION

ORDER = (
    "name",
    "gender",
    "phone",
    "id_number",
    "origin",
    "arrives_at",
    "arrived",
    "transport",
    "trip",
    "address",
    "district",
    "township",
    "community",
    "employer",
    "health",
    "symptoms",
    "temperature",
    "isolation",
    "companions",
)
ARRIVED = expression(
    r"(?:已经?|刚刚?|均已|都已)(?:经)?(?:安全|平安|顺利)?(?:抵京|到京|返京|回京|到北京|抵达|到达|到家|到了|到|"
    r"回来|回|返回|进京|来京)|(?:抵京|到京|到北京|返京|回京|抵达)了|到了(?:北京|京)?|到的(?:北京|京|家)?|回来了|"
    r"已返|抵京的|到京的|回京的|回的(?:北?京|家)|返的京|到的$"
)
NOT_ARRIVED = expression(
    r"预计|计划|拟|还在路上|在路上|路上|在途|未抵京|尚未|还没(?:到|回|抵|返)|未到|打算|准备|将于|将在|即将|途中|"
    r"没到京|没抵京|未返|还未|待返|要到|要回|将返|将回|明天到|后天到|启程"
)
_TRANSPORT_WORD = expression(
    "|".join(sorted((w for w, _ in TRANSPORT if w not in ("其他", "其它")), key=len, reverse=True))
)
_TRANSPORT_OF = dict(TRANSPORT)
_ISOLATION_WORD = expression(
    "|".join(sorted((w for w, _ in ISOLATION if w not in WEAK_ISOLATION), key=len, reverse=True))
    + "|集中(?=隔离|观察|医学)|在家(?=隔离|观察)"
)
_ISOLATION_SIGNS = Signs(_ISOLATION_WORD)
_ISOLATION_OF = dict(ISOLATION)
_ISOLATION_TAIL = expression(r"(?:隔离|观察|医学|健康|监测|期|点|\d+天|中)*")
_GENDER = expression(r"(?<![一-鿿])([男女])(?:性)?(?![一-鿿])|(先生|女士)|[,，、( ]([男女])[,，、) ]")
_GENDER_WORD = expression(r"[男女先]")
_COMPANY_WORD = expression(r"[同随带携和跟与独单只一]")
"""What these hold at least: the quick looks before the expressions."""
_COMPANIONS = expression(
    r"(?:同行|随行|同返|一同返京|同车|一起(?:来|回)的?)(?:人员|人数|的|家属|还有|共|有|数|者)*[: ]*([0-9]{1,2}|"
    r"[一二两三四五六七八九十])(?:个|名|位)?人?|(?:带|携|带着|带了)(?:家属|孩子|家人|小孩|老婆孩子)?([0-9]{1,2}|"
    r"[一二两三四五六七八九十])(?:个|名|位)?(?:人|孩子|小孩|家属|家人|娃|老人)|(?:和|跟|与)(?:家人|家属|同事|"
    r"朋友|老乡)?([0-9]{1,2}|[一二两三四五六七八九十])人(?:一起|一同|同行)|([0-9]{1,2}|"
    r"[一二两三四五六七八九十])(?:个|名|位)?(?:人)?(?:同行|随行)(?:人员)?"
)
_ALONE = expression(
    r"(?:无|没有?)(?:同行|随行)(?:人员|人)?|(?:同行|随行)(?:人员|人数|人)?[: ]*(?:无|没有|0人?)|(?:独自|单独|"
    r"一个人|一人|只身)(?:返京|回来|回京|来京|返|回)"
)
_FEWEST = 2


class Returnee:
    """The fields of one person while they are being read."""

    def __init__(self, region: Region) -> None:
        self.region, self.scan = region, region.scan
        self.fields: Fields = {}
        self.problems: list[str] = []
        self.sources: dict[str, tuple[int, int]] = {}
        self.signs_seen = False

    def set(self, name: str, value: object) -> None:
        if value not in (None, ""):
            self.fields.setdefault(name, value)

    def read_ids(self, region: Region) -> None:
        for span in region.inside(self.scan.ids):
            if span.value.checksum_ok:
                self.set("id_number", span.value.number)
                if not span.value.county_known:
                    self.problems.append("id_county")
            else:
                self.problems.append("id_checksum")
            region.claim(span.start, span.end)

    def read_temperature(self, region: Region) -> None:
        for span in region.inside(self.scan.temperatures):
            self.set("temperature", span.value)
            region.claim(span.start, span.end)

    def set_address(self, text: str) -> None:
        text = text.strip()
        if not text or "address" in self.fields:
            return
        self.fields["address"] = text
        division = resolve(text, self.scan.message.place)
        if division is not None:
            for level in ("district", "township", "community"):
                if value := getattr(division, level):
                    self.fields[level] = value

    def read_transport(self, region: Region) -> None:
        for span in region.inside(self.scan.trips):
            self.set("trip", span.value.number)
            self.fields.setdefault("transport", span.value.kind)
            region.claim(span.start, span.end)
        for match in _TRANSPORT_WORD.finditer(region.rest):
            kind = _TRANSPORT_OF[match.group()]
            if "transport" not in self.fields or (kind == "coach" and self.fields["transport"] == "car"):
                self.fields["transport"] = kind
            region.claim(region.start + match.start(), region.start + match.end())

    def read_companions(self, region: Region) -> None:
        if _COMPANY_WORD.search(region.rest) is None:
            return
        if match := region.take(_COMPANIONS):
            digits = next(group for group in match.groups() if group)
            self.set("companions", int(read_numeral(digits) or 0))
        elif region.take(_ALONE):
            self.set("companions", 0)

    def read_arrival(self, region: Region, *, plan: bool) -> None:
        self.read_arrival_state(region)
        self.read_arrival_time(region, plan=plan)

    def read_arrival_time(self, region: Region, *, plan: bool) -> None:
        if "arrives_at" in self.fields:
            return
        spans = region.inside(self.scan.times)
        text = _arrival_text(spans, self, plan=plan and self.fields.get("arrived") is not True)
        if text:
            self.fields["arrives_at"] = text
        region.claim_all(spans)

    def read_arrival_state(self, region: Region) -> None:
        if NOT_ARRIVED.search(region.rest):
            self.fields.setdefault("arrived", False)
        elif ARRIVED.search(region.rest):
            self.fields.setdefault("arrived", True)

    def read_isolation(self, region: Region) -> None:
        if _ISOLATION_SIGNS.missing(self.scan.characters):
            return
        if match := _ISOLATION_WORD.search(region.rest):
            self.set("isolation", _ISOLATION_OF[match.group()])
            tail = _ISOLATION_TAIL.match(region.rest, match.end())
            region.claim(region.start + match.start(), region.start + (tail.end() if tail else match.end()))

    def read_health(self, region: Region, *, labelled: bool) -> None:
        signs = find_signs(region.rest)
        if signs:
            health = judge(signs, [])
            if health.symptoms:
                self.fields.setdefault("symptoms", health.symptoms)
            if health.normal is not None and (labelled or "health" not in self.fields):
                self.fields["health"] = "normal" if health.normal else "abnormal"
            for sign in signs:
                region.claim(sign.start + region.start, sign.end + region.start)
        if labelled:
            self.read_temperature(region)

    def read_gender(self, region: Region) -> None:
        if _GENDER_WORD.search(region.rest) is not None and (match := _GENDER.search(region.rest)):
            word = match[1] or match[2] or match[3]
            self.set("gender", "m" if word in ("男", "先生") else "f")
            at = region.rest.find(word, match.start())
            region.claim(region.start + at, region.start + at + len(word))

    def record(self) -> Record | None:
        """The record, or None where nothing about a return was said."""
        known = {name: self.fields[name] for name in ORDER if name in self.fields}
        if len(known) < _FEWEST or (not self.scan.addressed and len(known) < _FEWEST + 1):
            self.scan.note("returnee: too little is said")
            return None
        return Record("returnee", known, problems=tuple(self.problems), sources=self.sources)


def _arrival_text(spans: list[Span[when.Time]], person: Returnee, *, plan: bool) -> str | None:
    """The last date with the time of day beside it: `2月24日,下午3点`."""
    sent = person.scan.message.sent_at
    day = next((s for s in spans if when.is_day(s.value)), None)
    point = next((s for s in spans if not when.is_day(s.value) and not when.is_range(s.value)), None)
    if point is not None:
        base = when.day_of(day.value, sent, "plan" if plan else "report") if day else None
        if base and (linked := when.after_day(point.value, base)):
            return linked
        return when.point(point.value, sent, base, plan=plan)
    if day is not None:
        return when.day_text(day.value, sent, plan=plan)
    return None
