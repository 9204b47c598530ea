# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""A returnee's form: what each label asks for."""

import re
from collections.abc import Callable

from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.numerals import read_numeral
from handlers.language.people import SELF, split_people
from handlers.language.places import has_origin
from handlers.language.returnee_speech import ADDRESS_END
from handlers.language.returnee_values import ARRIVED, NOT_ARRIVED, Returnee
from handlers.language.scan import Region
from handlers.language.signs import answer
from handlers.language.vocabulary import ISOLATION

_ISOLATION_ANY = expression("|".join(sorted((w for w, _ in ISOLATION), key=len, reverse=True)))
_ISOLATION_OF = dict(ISOLATION)
_ISOLATION_TAIL = expression(r"(?:隔离|观察|医学|健康|监测|期|点|\d+天|中)*")


def read_label(person: Returnee, item: Field) -> Region | None:
    """Read the value behind a label; what was understood is claimed in the region that is returned."""
    reader = _READERS.get(item.concept)
    value = Region(person.scan, item.start, item.end)
    if reader is None or not value.text.strip():
        return None
    reader(person, value)
    person.sources[item.concept] = (item.start, item.end)
    return value


def _name(person: Returnee, value: Region) -> None:
    person.read_gender(value)
    for phone in value.inside(person.scan.phones):
        person.set("phone", phone.value)
        value.claim(phone.start, phone.end)
    text = re.split(r"[,;\n\x00]", value.rest)[0].strip()
    if text in SELF:
        return
    names = split_people(
        re.sub(r"[男女]$", "", text) if len(text) > 3 else text, person.scan.message.sender, person.scan.known
    )
    if names:
        person.set("name", names[0])
        value.claim(value.start, value.start + len(text) if text in value.text else value.end)


def _gender(person: Returnee, value: Region) -> None:
    if gender := value.take(re.compile(r"[男女]性?")):
        person.set("gender", "m" if gender.group()[0] == "男" else "f")


def _phone(person: Returnee, value: Region) -> None:
    if phones := value.inside(person.scan.phones):
        person.set("phone", phones[0].value)
        value.claim_all(phones)


def _id_number(person: Returnee, value: Region) -> None:
    person.read_ids(value)


def _origin(person: Returnee, value: Region) -> None:
    head, *others = re.split(r"[,;\n(]", value.text)[0].strip().split(" ")
    for token in others:
        span = has_origin(token)
        if span is None or span.start or span.end < len(token):
            break
        head += " " + token
    person.set("origin", head)
    value.claim(value.start, value.start + len(head))


def _arrives_at(person: Returnee, value: Region) -> None:
    person.read_arrival(value, plan=bool(NOT_ARRIVED.search(value.text)))


def _arrives_plan(person: Returnee, value: Region) -> None:
    person.read_arrival(value, plan=not ARRIVED.search(value.text))
    person.fields.setdefault("arrived", False)


def _arrived(person: Returnee, value: Region) -> None:
    if re.match(r"(?:否|未|没|还没|尚未|在途|路上|还在|不是|暂未)", value.text):
        person.fields["arrived"] = False
    elif re.match(r"(?:是|已|到|抵)", value.text):
        person.fields["arrived"] = True


def _state(person: Returnee, value: Region) -> None:
    _arrived(person, value)
    person.read_arrival_state(value)
    person.read_health(value, labelled=True)


def _transport(person: Returnee, value: Region) -> None:
    if re.match(r"其他|其它", value.text):
        person.fields["transport"] = "other"
    person.read_transport(value)
    if "transport" not in person.fields and re.search(r"其他|其它|船|摩托", value.text):
        person.fields["transport"] = "other"


def _trip(person: Returnee, value: Region) -> None:
    person.read_transport(value)
    if (
        "trip" not in person.fields
        and (code := re.match(r"[A-Za-z0-9一-鿿]{3,9}", value.text.replace(" ", "")))
        and re.search(r"\d", code.group())
    ):
        person.fields["trip"] = code.group().upper().removesuffix("次")


def _address(person: Returnee, value: Region) -> None:
    text = " ".join(value.text.split("\n"))
    stop = ADDRESS_END.search(text, 2)
    text = text[: stop.start()] if stop and stop.group() == " " else text
    person.set_address(text)
    value.claim(value.start, value.start + len(text))


def _employer(person: Returnee, value: Region) -> None:
    text = value.text.split("\n")[0].strip()
    value.claim(value.start, value.end)
    if text not in ("无", "暂无", "没有", "/", "-"):
        person.set("employer", re.split(r"[,;](?=.{0,6}(?:电话|地址|住))", text)[0])


def _health(person: Returnee, value: Region) -> None:
    person.read_health(value, labelled=True)


def _symptoms(person: Returnee, value: Region) -> None:
    has = answer(value.text)
    if has is False:
        person.fields.setdefault("health", "normal")
    elif has:
        person.fields["health"] = "abnormal"
    else:
        person.read_health(value, labelled=True)


def _temperature(person: Returnee, value: Region) -> None:
    person.read_temperature(value)
    person.read_health(value, labelled=False)


def _isolation(person: Returnee, value: Region) -> None:
    if match := value.take(_ISOLATION_ANY):
        person.set("isolation", _ISOLATION_OF[match.group()])
        value.take(_ISOLATION_TAIL)


def _companions(person: Returnee, value: Region) -> None:
    text = value.text
    if digits := re.search(r"[0-9]+|[一二两三四五六七八九十]+(?=[个名位]?人|$)", text):
        person.set("companions", int(read_numeral(digits.group()) or 0))
        value.claim(value.start, value.end)
    elif re.match(r"无|没有|暂无", text):
        person.set("companions", 0)
    elif names := split_people(text, person.scan.message.sender, person.scan.known):
        person.set("companions", len(names))


def _remark(person: Returnee, value: Region) -> None:
    person.read_arrival_state(value)
    person.read_health(value, labelled=False)


_READERS: dict[str, Callable[[Returnee, Region], None]] = {
    "name": _name,
    "gender": _gender,
    "phone": _phone,
    "id_number": _id_number,
    "origin": _origin,
    "arrives_at": _arrives_at,
    "arrives_plan": _arrives_plan,
    "arrived": _arrived,
    "state": _state,
    "transport": _transport,
    "trip": _trip,
    "address": _address,
    "employer": _employer,
    "health": _health,
    "symptoms": _symptoms,
    "temperature": _temperature,
    "isolation": _isolation,
    "companions": _companions,
    "remark": _remark,
    "people": _name,
    "company": _employer,
}
