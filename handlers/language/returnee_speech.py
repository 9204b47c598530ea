# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""A returnee in running text: `王小鹏昨天下午三点到的北京,从保定坐高铁来的,住西贯市村92号`."""

import re

from handlers.language.chunks import read_rest
from handlers.language.expressions import expression
from handlers.language.people import clean_name, is_loose_name, is_name
from handlers.language.places import has_origin
from handlers.language.returnee_values import ARRIVED, NOT_ARRIVED, Returnee
from handlers.language.scan import CLAIMED, Region

_ADDRESS = expression(
    r"(?:现?(?:居住|家住|暂住|租住|居住|住)(?:地址|地|址|于|在)?|(?:家庭|详细|现)?(?:住址|地址)|回到|家在|"
    r"落脚)(?:是|为|在|[:： ])*"
)
ADDRESS_END = expression(
    r"[,;。\n]|[ ](?=[一-鿿]{0,3}(?:居家|集中|无需|健康|身体|体温|电话|手机|正常|隔离|单位|同行|预计|已|在家|"
    r"1[3-9]\d{9}|无异常|无不适|无症状|正常|观察|尾号|高铁|火车|飞机|自驾|\d+月|不|没|良好|一切|自己|酒店|所在|"
    r"工作|职业))|[ ](?=[^ ]*(?:公司|集团))|(?:居家|集中)(?:隔离|观察)|,|$"
)
_PROXY = expression(r"[一-鿿]{0,4}代(?:报|填|登记|为登记|办)(?:的|一下)?")
_HOUSE = expression(r"\d+ ?(?:号(?!线)|室|楼|单元|栋|排|院|门)|[村里区院楼]\d+")
_EMPLOYER = expression(
    r"(?:所在|工作|在京)?单位(?:名称)?(?:是|为|在|[: ])*|(?:目前)?(?:就职于?|供职于?|任职于?|工作于|上班于|"
    r"受雇于)|工作在"
)
_EMPLOYER_AT = expression(r"在([^\s,;。\x00]{2,24}?)(?:工作|上班|打工|就职|务工|任职|做)")
_COMPANY = expression(
    r"[^\s,;。、:\x00]{2,26}?(?:有限责任公司|有限公司|股份公司|公司|集团|工厂|饭店|酒楼|餐厅|超市|事务所|研究院|研究所)"
)
_WORK_WORD = expression(
    r"单位|就[职业]|供职|任职|工作|上班|受雇|打工|务工|做|公司|集团|工厂|饭店|酒楼|餐厅|超市|事务所|研究[院所]"
)
"""Every employer is named beside or by one of these: the quick look before the expressions."""
_FROM = expression(
    r"(?:从|自|由|来自|来源地?)(?!己|驾|行|家)([^\s,;。\x00]{2,20}?)(?=骑|自己|一个人|一人|带|和|跟|与|坐|乘|开|"
    r"自驾|驾|回|返|来|出发|过来|到|飞|搭|包车|坐高|,|;|。|\s|\x00|抵|往|启程|$)"
)
_ORIGIN_AFTER = expression(
    r"([一-鿿]{2,14}?)(?:出发|启程|来(?=[,;。\s\x00]|$)|来京|来的|返京|返回|回京|回来|过来|返程|始发|回(?=[,;"
    r"。\s\x00]|$))"
)
_I_AM = expression(
    r"(?:我叫|我是|我的名字是|姓名(?:叫|是|为)?|本人叫?|名叫|叫)[: ]?([一-鿿·]{2,10}?)(?=[,;。\s\x00(]|$|男|女|"
    r"身份|电话|手机)"
)
_LABEL_WORDS = expression(
    r"体温|身份证号?码?|身份证|证件号码?|联系电话|手机号码?|手机|电话|联系方式|车牌号?|车次|航班号?|抵京时间|"
    r"返京时间|到京时间|预计|计划|到京|抵京|返京|到达|出发|健康状况|身体状况|身体|目前|隔离方式|隔离|观察|乘坐|"
    r"乘|坐|交通工具|交通方式|号码|本人|登记|报备|人员|信息|来京|回京|到北京|北京|性别|所在单位|单位|同行人数|"
    r"同行|自己|回来|昨天|今天|抵|回|我|你好|您好|在家|居家|已|到|了|的|来|从|家|人|现|报|返|号|是|于|和|一下|"
    r"麻烦|谢谢|大家|需要|还在|路上|车|开|自|由|在"
)


def read_speech(person: Returnee, region: Region, *, names: bool) -> None:
    """Read what a sentence says; `names` when the person has not been named yet."""
    person.read_ids(region)
    for phone in region.inside(person.scan.phones):
        person.set("phone", phone.value)
        region.claim(phone.start, phone.end)
    person.read_temperature(region)
    region.take_all(_PROXY)
    _employer(person, region)
    _address(person, region)
    _origin(person, region)
    person.read_transport(region)
    person.read_companions(region)
    _arrival_free(person, region)
    person.read_isolation(region)
    person.read_health(region, labelled=False)
    person.read_gender(region)
    _bare_address(person, region)
    if names:
        _name(person, region)


def _employer(person: Returnee, region: Region) -> None:
    if "employer" in person.fields:
        return
    if _WORK_WORD.search(region.rest) is None:
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
            person.set("employer", value)
            region.claim(region.start + match.start(), region.start + max(end, match.end()))
            return


def _address(person: Returnee, region: Region) -> None:
    if "address" in person.fields or not (match := _ADDRESS.search(region.rest)):
        return
    stop = ADDRESS_END.search(region.rest, match.end() + 1)
    end = stop.start() if stop else len(region.rest)
    end = min(end, *(at for at in [region.rest.find(CLAIMED, match.end())] if at >= 0), len(region.rest))
    value = region.rest[match.end() : end].strip(" ,、")
    if len(value) >= 2:
        person.set_address(value)
        region.claim(region.start + match.start(), region.start + end)


def _bare_address(person: Returnee, region: Region) -> None:
    """An address without a word before it: a stretch with a house number, or a village that the gazetteer knows."""
    if "address" in person.fields:
        return
    for chunk in region.chunks():
        if _HOUSE.search(chunk.text) and re.search(r"[一-鿿]{2}", chunk.text):
            person.set_address(chunk.text)
            region.claim(chunk.start, chunk.end)
            return


def _origin(person: Returnee, region: Region) -> None:
    if "origin" in person.fields:
        return
    if (match := _FROM.search(region.rest)) and not re.match(r"北京|京|家里|老家|单位", match[1]):
        person.set("origin", match[1].removesuffix("那边").removesuffix("老家") or match[1])
        region.claim(region.start + match.start(), region.start + match.end(1))
    elif span := has_origin(region.rest):
        after = region.rest[span.end :].lstrip(" ")
        if (
            re.match(r"[→~-]{1,2}>?北?京|[至到]北京|出发|启程|来|返|回|坐|乘|自驾|到|飞|[,;\x00\n]|\(|$", after)
            or " " in region.rest[span.end : span.end + 1]
        ):
            person.set("origin", span.value.strip())
            region.claim(region.start + span.start, region.start + span.end)
    elif (match := _ORIGIN_AFTER.search(region.rest)) and not _bad_origin(match[1]):
        person.set("origin", match[1])
        region.claim(region.start + match.start(1), region.start + match.end())


def _arrival_free(person: Returnee, region: Region) -> None:
    rest = region.rest
    away, there = NOT_ARRIVED.search(rest) is not None, ARRIVED.search(rest) is not None
    if away or there:
        person.fields.setdefault("arrived", not away)
    person.read_arrival_time(region, plan=away)
    if there:
        region.take_all(ARRIVED)
    if away:
        region.take_all(NOT_ARRIVED)


def _name(person: Returnee, region: Region) -> None:
    if (match := _I_AM.search(region.rest)) and (is_name(match[1], person.scan.known) or is_loose_name(match[1])):
        person.set("name", match[1])
        return
    rest = read_rest(region, name_first=True)
    written = [name for name in rest.people if name in region.text]
    if written:
        person.set("name", written[0])
        return
    for chunk in region.chunks():
        bare = clean_name(chunk.text)
        head = re.match(r"[一-鿿·]+", bare)
        while head and (lead := _LABEL_WORDS.match(bare)) and not is_name(bare, person.scan.known):
            bare = bare[lead.end() :]
        bare = re.sub(r"(?:骑|坐|乘|开|已|的|是|于|从|在|要|将|今天|昨天|到|来|回)+$", "", bare)
        if is_name(bare, person.scan.known):
            person.set("name", bare)
            return


def _bad_origin(text: str) -> bool:
    return bool(
        _LABEL_WORDS.fullmatch(text)
        or is_name(text)
        or len(text) < 2
        or re.search(r"登记|报备|已|预计|今天|昨天|明天|返京|人员|自己|开车|高铁|飞机|火车|我|你|车$|一起", text)
    )
