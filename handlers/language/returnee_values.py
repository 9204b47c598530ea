"""What is known of one returnee: each label and each turn of phrase sets a field."""

import re

from handlers.language import when
from handlers.language.chunks import read_rest
from handlers.language.forms import Field
from handlers.language.numerals import read_numeral
from handlers.language.people import SELF, clean_name, is_loose_name, is_name, split_people
from handlers.language.places import has_origin, resolve
from handlers.language.scan import CLAIMED, Context, Region
from handlers.language.signs import answer, find_signs, judge
from handlers.language.types import Fields, Record, Span
from handlers.language.vocabulary import ISOLATION, TRANSPORT, WEAK_ISOLATION

ORDER = (
    "name", "gender", "phone", "id_number", "origin", "arrives_at", "arrived", "transport", "trip", "address", "district", "township", "community",
    "employer", "health", "symptoms", "temperature", "isolation", "companions",
)  # fmt: skip
_ARRIVED = re.compile(r"(?:已经?|刚刚?|均已|都已)(?:经)?(?:安全|平安|顺利)?(?:抵京|到京|返京|回京|到北京|抵达|到达|到家|到了|到|回来|回|返回|进京|来京)|(?:抵京|到京|到北京|返京|回京|抵达)了|到了(?:北京|京)?|到的(?:北京|京|家)?|回来了|已返|抵京的|到京的|回京的|回的(?:北?京|家)|返的京|到的$")
_NOT_ARRIVED = re.compile(r"预计|计划|拟|还在路上|在路上|路上|在途|未抵京|尚未|还没(?:到|回|抵|返)|未到|打算|准备|将于|将在|即将|途中|没到京|没抵京|未返|还未|待返|要到|要回|将返|将回|明天到|后天到|启程")
_TRANSPORT_WORD = re.compile("|".join(sorted((w for w, _ in TRANSPORT if w not in ("其他", "其它")), key=len, reverse=True)))
_TRANSPORT_OF = dict(TRANSPORT)
_ISOLATION_WORD = re.compile("|".join(sorted((w for w, _ in ISOLATION if w not in WEAK_ISOLATION), key=len, reverse=True)) + "|集中(?=隔离|观察|医学)|在家(?=隔离|观察)")
_ISOLATION_ANY = re.compile("|".join(sorted((w for w, _ in ISOLATION), key=len, reverse=True)))
_ISOLATION_OF = dict(ISOLATION)
_ISOLATION_TAIL = re.compile(r"(?:隔离|观察|医学|健康|监测|期|点|\d+天|中)*")
_ADDRESS = re.compile(r"(?:现?(?:居住|家住|暂住|租住|居住|住)(?:地址|地|址|于|在)?|(?:家庭|详细|现)?(?:住址|地址)|回到|家在|落脚)(?:是|为|在|[:： ])*")
_ADDRESS_END = re.compile(r"[,;。\n]|[ ](?=[一-鿿]{0,3}(?:居家|集中|无需|健康|身体|体温|电话|手机|正常|隔离|单位|同行|预计|已|在家|1[3-9]\d{9}|无异常|无不适|无症状|正常|观察|尾号|高铁|火车|飞机|自驾|\d+月|不|没|良好|一切|自己|酒店|所在|工作|职业))|[ ](?=[^ ]*(?:公司|集团))|(?:居家|集中)(?:隔离|观察)|,|$")
_HOUSE = re.compile(r"\d+ ?(?:号(?!线)|室|楼|单元|栋|排|院|门)|[村里区院楼]\d+")
_FEWEST = 2
_EMPLOYER = re.compile(r"(?:所在|工作|在京)?单位(?:名称)?(?:是|为|在|[: ])*|(?:目前)?(?:就职于?|供职于?|任职于?|工作于|上班于|受雇于)|工作在")
_EMPLOYER_AT = re.compile(r"在([^\s,;。\x00]{2,24}?)(?:工作|上班|打工|就职|务工|任职|做)")
_COMPANY = re.compile(r"[^\s,;。、:\x00]{2,26}?(?:有限责任公司|有限公司|股份公司|公司|集团|工厂|饭店|酒楼|餐厅|超市|事务所|研究院|研究所)")
_GENDER = re.compile(r"(?<![一-鿿])([男女])(?:性)?(?![一-鿿])|(先生|女士)|[,，、( ]([男女])[,，、) ]")
_COMPANIONS = re.compile(
    r"(?:同行|随行|同返|一同返京|同车|一起(?:来|回)的?)(?:人员|人数|的|家属|还有|共|有|数|者)*[: ]*([0-9]{1,2}|[一二两三四五六七八九十])(?:个|名|位)?人?|(?:带|携|带着|带了)(?:家属|孩子|家人|小孩|老婆孩子)?([0-9]{1,2}|[一二两三四五六七八九十])(?:个|名|位)?(?:人|孩子|小孩|家属|家人|娃|老人)|(?:和|跟|与)(?:家人|家属|同事|朋友|老乡)?([0-9]{1,2}|[一二两三四五六七八九十])人(?:一起|一同|同行)|([0-9]{1,2}|[一二两三四五六七八九十])(?:个|名|位)?(?:人)?(?:同行|随行)(?:人员)?"
)
_ALONE = re.compile(r"(?:无|没有?)(?:同行|随行)(?:人员|人)?|(?:同行|随行)(?:人员|人数|人)?[: ]*(?:无|没有|0人?)|(?:独自|单独|一个人|一人|只身)(?:返京|回来|回京|来京|返|回)")
_FROM = re.compile(r"(?:从|自|由|来自|来源地?|打)(?!己|驾|行|家)([^\s,;。\x00]{2,20}?)(?=自己|一个人|一人|带|和|跟|与|坐|乘|开|自驾|驾|回|返|来|出发|过来|到|飞|搭|包车|坐高|,|;|。|\s|\x00|抵|往|启程|$)")
_ORIGIN_AFTER = re.compile(r"([一-鿿]{2,14}?)(?:出发|启程|来(?=[,;。\s\x00]|$)|来京|来的|返京|返回|回京|回来|过来|返程|始发|回(?=[,;。\s\x00]|$))")
_I_AM = re.compile(r"(?:我叫|我是|我的名字是|姓名(?:叫|是|为)?|本人叫?|名叫|叫)[: ]?([一-鿿·]{2,10}?)(?=[,;。\s\x00(]|$|男|女|身份|电话|手机)")
_LABEL_WORDS = re.compile(r"体温|身份证号?码?|身份证|证件号码?|联系电话|手机号码?|手机|电话|联系方式|车牌号?|车次|航班号?|抵京时间|返京时间|到京时间|预计|计划|到京|抵京|返京|到达|出发|健康状况|身体状况|身体|目前|隔离方式|隔离|观察|乘坐|乘|坐|交通工具|交通方式|号码|本人|登记|报备|人员|信息|来京|回京|到北京|北京|性别|所在单位|单位|同行人数|同行|自己|回来|昨天|今天|抵|回|我|你好|您好|在家|居家|已|到|了|的|来|从|家|人|现|报|返|号|是|于|和|一下|麻烦|谢谢|大家|需要|还在|路上|车|开|自|由|在")
_BARE_NAME = re.compile(r"[一-鿿·]{2,10}")


class Returnee:
    """The fields of one person while they are being read."""

    def __init__(self, region: Region) -> None:
        self.region, self.scan = region, region.scan
        self.fields: Fields = {}
        self.problems: list[str] = []
        self.sources: dict[str, tuple[int, int]] = {}
        self.signs_seen = False

    # ---- labelled values

    def label(self, item: Field) -> Region | None:
        """Read the value behind a label; what was understood is claimed in the region that is returned."""
        reader = getattr(self, f"_label_{item.concept}", None)
        value = Region(self.scan, item.start, item.end)
        if reader is not None and value.text.strip():
            reader(value)
            self.sources[item.concept] = (item.start, item.end)
            return value
        return None

    def _label_name(self, value: Region) -> None:
        self._gender(value)
        for phone in value.inside(self.scan.phones):
            self._set("phone", phone.value)
            value.claim(phone.start, phone.end)
        text = re.split(r"[,;\n\x00]", value.rest)[0].strip()
        if text in SELF:
            return
        names = split_people(re.sub(r"[男女]$", "", text) if len(text) > 3 else text, self.scan.message.sender, self.scan.known)
        if names:
            self._set("name", names[0])
            value.claim(value.start, value.start + len(text) if text in value.text else value.end)

    _label_people = _label_name

    def _label_gender(self, value: Region) -> None:
        if gender := value.take(re.compile(r"[男女]性?")):
            self._set("gender", "m" if gender.group()[0] == "男" else "f")

    def _label_phone(self, value: Region) -> None:
        if phones := value.inside(self.scan.phones):
            self._set("phone", phones[0].value)
            value.claim_all(phones)

    def _label_id_number(self, value: Region) -> None:
        self._ids(value)

    def _label_origin(self, value: Region) -> None:
        head, *others = re.split(r"[,;\n(]", value.text)[0].strip().split(" ")
        for token in others:
            span = has_origin(token)
            if span is None or span.start or span.end < len(token):
                break
            head += " " + token
        self._set("origin", head)
        value.claim(value.start, value.start + len(head))

    def _label_arrives_at(self, value: Region) -> None:
        self._arrival(value, plan=bool(_NOT_ARRIVED.search(value.text)))

    def _label_arrives_plan(self, value: Region) -> None:
        self._arrival(value, plan=not _ARRIVED.search(value.text))
        self.fields.setdefault("arrived", False)

    def _label_arrived(self, value: Region) -> None:
        if re.match(r"(?:否|未|没|还没|尚未|在途|路上|还在|不是|暂未)", value.text):
            self.fields["arrived"] = False
        elif re.match(r"(?:是|已|到|抵)", value.text):
            self.fields["arrived"] = True

    def _label_state(self, value: Region) -> None:
        self._label_arrived(value)
        self._arrival_state(value)
        self._health(value, labelled=True)

    def _label_transport(self, value: Region) -> None:
        if re.match(r"其他|其它", value.text):
            self.fields["transport"] = "other"
        self._transport(value)
        if "transport" not in self.fields and re.search(r"其他|其它|船|摩托", value.text):
            self.fields["transport"] = "other"

    def _label_trip(self, value: Region) -> None:
        self._transport(value)
        if "trip" not in self.fields and (code := re.match(r"[A-Za-z0-9一-鿿]{3,9}", value.text.replace(" ", ""))) and re.search(r"\d", code.group()):
            self.fields["trip"] = code.group().upper().removesuffix("次")

    def _label_address(self, value: Region) -> None:
        text = " ".join(value.text.split("\n"))
        stop = _ADDRESS_END.search(text, 2)
        text = text[: stop.start()] if stop and stop.group() == " " else text
        self._set_address(text)
        value.claim(value.start, value.start + len(text))

    def _label_employer(self, value: Region) -> None:
        text = value.text.split("\n")[0].strip()
        value.claim(value.start, value.end)
        if text not in ("无", "暂无", "没有", "/", "-"):
            self._set("employer", re.split(r"[,;](?=.{0,6}(?:电话|地址|住))", text)[0])

    _label_company = _label_employer

    def _label_health(self, value: Region) -> None:
        self._health(value, labelled=True)

    def _label_symptoms(self, value: Region) -> None:
        has = answer(value.text)
        if has is False:
            self.fields.setdefault("health", "normal")
        elif has:
            self.fields["health"] = "abnormal"
        else:
            self._health(value, labelled=True)

    def _label_temperature(self, value: Region) -> None:
        self._temperature(value)
        self._health(value, labelled=False)

    def _label_isolation(self, value: Region) -> None:
        if match := value.take(_ISOLATION_ANY):
            self._set("isolation", _ISOLATION_OF[match.group()])
            value.take(_ISOLATION_TAIL)

    def _label_companions(self, value: Region) -> None:
        text = value.text
        if digits := re.search(r"[0-9]+|[一二两三四五六七八九十]+(?=[个名位]?人|$)", text):
            self._set("companions", int(read_numeral(digits.group()) or 0))
            value.claim(value.start, value.end)
        elif re.match(r"无|没有|暂无", text):
            self._set("companions", 0)
        elif names := split_people(text, self.scan.message.sender, self.scan.known):
            self._set("companions", len(names))

    def _label_remark(self, value: Region) -> None:
        self._arrival_state(value)
        self._health(value, labelled=False)

    # ---- running text

    def free(self, region: Region, *, names: bool) -> None:
        """Read what a sentence says; `names` when the person has not been named yet."""
        self._ids(region)
        for phone in region.inside(self.scan.phones):
            self._set("phone", phone.value)
            region.claim(phone.start, phone.end)
        self._temperature(region)
        self._employer(region)
        self._address(region)
        self._origin(region)
        self._transport(region)
        self._companions(region)
        self._arrival_free(region)
        self._isolation(region)
        self._health(region, labelled=False)
        self._gender(region)
        self._bare_address(region)
        if names:
            self._name(region)

    def _ids(self, region: Region) -> None:
        for span in region.inside(self.scan.ids):
            if span.value.checksum_ok:
                self._set("id_number", span.value.number)
                if not span.value.county_known:
                    self.problems.append("id_county")
            else:
                self.problems.append("id_checksum")
            region.claim(span.start, span.end)

    def _temperature(self, region: Region) -> None:
        for span in region.inside(self.scan.temperatures):
            self._set("temperature", span.value)
            region.claim(span.start, span.end)

    def _employer(self, region: Region) -> None:
        if "employer" in self.fields:
            return
        for pattern in (_EMPLOYER, _EMPLOYER_AT, _COMPANY):
            if not (match := pattern.search(region.rest)):
                continue
            if pattern is _EMPLOYER:
                stop = re.compile(r"[,;。\n \x00]").search(region.rest, match.end())
                start, end = match.end(), stop.start() if stop else len(region.rest)
            elif pattern is _EMPLOYER_AT:
                start, end = match.span(1)
            else:
                start, end = match.span()
            value = region.rest[start:end].strip()
            if value and not re.match(r"属实|无误|同意|已|报备", value):
                self._set("employer", value)
                region.claim(region.start + match.start(), region.start + max(end, match.end()))
                return

    def _address(self, region: Region) -> None:
        if "address" in self.fields or not (match := _ADDRESS.search(region.rest)):
            return
        stop = _ADDRESS_END.search(region.rest, match.end() + 1)
        end = stop.start() if stop else len(region.rest)
        end = min(end, *(at for at in [region.rest.find(CLAIMED, match.end())] if at >= 0), len(region.rest))
        value = region.rest[match.end() : end].strip(" ,、")
        if len(value) >= 2:
            self._set_address(value)
            region.claim(region.start + match.start(), region.start + end)

    def _bare_address(self, region: Region) -> None:
        """An address without a word before it: a stretch with a house number, or a village that the gazetteer knows."""
        if "address" in self.fields:
            return
        for chunk in region.chunks():
            if _HOUSE.search(chunk.text) and re.search(r"[一-鿿]{2}", chunk.text):
                self._set_address(chunk.text)
                region.claim(chunk.start, chunk.end)
                return

    def _set_address(self, text: str) -> None:
        text = text.strip()
        if not text or "address" in self.fields:
            return
        self.fields["address"] = text
        division = resolve(text, self.scan.message.place)
        if division is not None:
            for level in ("district", "township", "community"):
                if value := getattr(division, level):
                    self.fields[level] = value

    def _origin(self, region: Region) -> None:
        if "origin" in self.fields:
            return
        if (match := _FROM.search(region.rest)) and not re.match(r"北京|京|家里|老家|单位", match[1]):
            self._set("origin", match[1].removesuffix("那边").removesuffix("老家") or match[1])
            region.claim(region.start + match.start(), region.start + match.end(1))
        elif span := has_origin(region.rest):
            after = region.rest[span.end :].lstrip(" ")
            if re.match(r"出发|启程|来|返|回|坐|乘|自驾|到|飞|[,;\x00\n]|\(|$", after) or " " in region.rest[span.end : span.end + 1]:
                self._set("origin", span.value.strip())
                region.claim(region.start + span.start, region.start + span.end)
        elif (match := _ORIGIN_AFTER.search(region.rest)) and not _bad_origin(match[1]):
            self._set("origin", match[1])
            region.claim(region.start + match.start(1), region.start + match.end())

    def _transport(self, region: Region) -> None:
        for span in region.inside(self.scan.trips):
            self._set("trip", span.value.number)
            self.fields.setdefault("transport", span.value.kind)
            region.claim(span.start, span.end)
        for match in _TRANSPORT_WORD.finditer(region.rest):
            kind = _TRANSPORT_OF[match.group()]
            if "transport" not in self.fields or (kind == "coach" and self.fields["transport"] == "car"):
                self.fields["transport"] = kind
            region.claim(region.start + match.start(), region.start + match.end())

    def _companions(self, region: Region) -> None:
        if match := region.take(_COMPANIONS):
            digits = next(group for group in match.groups() if group)
            self._set("companions", int(read_numeral(digits) or 0))
        elif region.take(_ALONE):
            self._set("companions", 0)

    def _arrival_free(self, region: Region) -> None:
        self._arrival(region, plan=bool(_NOT_ARRIVED.search(region.rest)))
        for pattern in (_ARRIVED, _NOT_ARRIVED):
            region.take_all(pattern)

    def _arrival(self, region: Region, *, plan: bool) -> None:
        self._arrival_state(region)
        if "arrives_at" in self.fields:
            return
        spans = region.inside(self.scan.times)
        text = _arrival_text(spans, self, plan=plan and self.fields.get("arrived") is not True)
        if text:
            self.fields["arrives_at"] = text
        region.claim_all(spans)

    def _arrival_state(self, region: Region) -> None:
        if _NOT_ARRIVED.search(region.rest):
            self.fields.setdefault("arrived", False)
        elif _ARRIVED.search(region.rest):
            self.fields.setdefault("arrived", True)

    def _isolation(self, region: Region) -> None:
        if match := _ISOLATION_WORD.search(region.rest):
            self._set("isolation", _ISOLATION_OF[match.group()])
            tail = _ISOLATION_TAIL.match(region.rest, match.end())
            region.claim(region.start + match.start(), region.start + (tail.end() if tail else match.end()))

    def _health(self, region: Region, *, labelled: bool) -> None:
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
            self._temperature(region)

    def _gender(self, region: Region) -> None:
        if match := _GENDER.search(region.rest):
            word = match[1] or match[2] or match[3]
            self._set("gender", "m" if word in ("男", "先生") else "f")
            at = region.rest.find(word, match.start())
            region.claim(region.start + at, region.start + at + len(word))

    def _name(self, region: Region) -> None:
        if (match := _I_AM.search(region.rest)) and (is_name(match[1], self.scan.known) or is_loose_name(match[1])):
            self._set("name", match[1])
            return
        rest = read_rest(region, name_first=True)
        written = [name for name in rest.people if name in region.text]
        if written:
            self._set("name", written[0])
            return
        for chunk in region.chunks():
            bare = clean_name(chunk.text)
            head = re.match(r"[一-鿿·]+", bare)
            while head and (lead := _LABEL_WORDS.match(bare)) and not is_name(bare, self.scan.known):
                bare = bare[lead.end() :]
            bare = re.sub(r"(?:已|的|是|于|从|在|要|将|今天|昨天|到|来|回)+$", "", bare)
            if is_name(bare, self.scan.known):
                self._set("name", bare)
                return

    def _set(self, name: str, value: object) -> None:
        if value not in (None, ""):
            self.fields.setdefault(name, value)

    def record(self, context: Context) -> Record | None:
        """The record, or None where nothing about a return was said."""
        known = {name: self.fields[name] for name in ORDER if name in self.fields}
        if len(known) < _FEWEST or (not self.scan.addressed and len(known) < _FEWEST + 1):
            self.scan.note("returnee: too little is said")
            return None
        return Record("returnee", known, problems=tuple(self.problems), sources=self.sources)


def _bad_origin(text: str) -> bool:
    return bool(_LABEL_WORDS.fullmatch(text) or is_name(text) or len(text) < 2 or re.search(r"登记|报备|已|预计|今天|昨天|明天|返京|人员|自己|开车|高铁|飞机|火车|我|你|车$|一起", text))


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
