"""Numbers that name something: mobile phones, ID cards, trains, flights, plates, temperatures, references.

All functions take a normalised text and give spans in its order. None reads a label: `车次:1461` counts through the
word before it.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal

from handlers.language.expressions import AnyOf, beginning_with, expression, matches, words_of
from handlers.language.light import light
from handlers.language.types import Span

# ---------------------------------------------------------------- phones

_PHONE = expression(
    r"(?<![0-9])(?:(?:\+|00)?86[- ]?)?"
    r"(1[3-9][0-9](?:[0-9]{8}|[- ][0-9]{4}[- ]?[0-9]{4}|[0-9]{4}[- ][0-9]{4}"
    r"|[- ][0-9]{3}[- ][0-9]{5}|[0-9][- ][0-9]{3}[- ][0-9]{4}|[- ][0-9]{8}))(?![0-9])"
    r"|(?<![0-9] )(?<![0-9])(1 [3-9](?: [0-9]){9})"
    r"(?![0-9])"
    r"|([一幺][三四五六七八九][零〇一幺二两三四五六七八九]{9})(?![零〇一幺二两三四五六七八九])"
)
_ELEVEN_DIGITS = AnyOf(r"1[- ]?[3-9](?:[- ]?[0-9]){9}|[一幺][三四五六七八九][零〇一幺二两三四五六七八九]{9}")
"""Every phone holds this, and most texts do not: the quick look before the expression."""
_SPOKEN = str.maketrans("零〇一幺二两三四五六七八九", "0011223456789")
_NO_DIGIT = str.maketrans("", "", " -")
_TAIL = expression(r"(?:尾号|尾数|[后末]四位|尾)(?:数|是|为|号|[: ])*([0-9]{4})(?![0-9])")


def find_phones(text: str) -> list[Span[str]]:
    """Mobile numbers in any spelling (`138 0000 1234`, `+86-138…`, dictated digits) as 11 digits."""
    return [
        Span(found.start(), found.end(), (found[1] or found[2] or found[3]).translate(_NO_DIGIT).translate(_SPOKEN))
        for found in (_PHONE.finditer(text) if _ELEVEN_DIGITS.search(text) else ())
    ]


def find_phone_tails(text: str) -> list[Span[str]]:
    """`尾号1234`, `后四位 1234`: the four digits."""
    return (
        [Span(found.start(), found.end(), found[1]) for found in _TAIL.finditer(text)]
        if "尾" in text or "四位" in text
        else []
    )


# ---------------------------------------------------------------- ID cards (GB 11643)

_ID_NUMBER = expression(
    r"(?<![0-9A-Za-z])([1-9][0-9]{5})[ -]?((?:18|19|20)[0-9]{2})[ -]?([0-9]{4})[ -]?([0-9]{3}[0-9Xx×])(?![0-9A-Za-z])"
)
_SIX_DIGITS = expression("[0-9]{6}")
"""Every ID number begins so: the quick look before the expression."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_PROVINCE_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
_PROVINCES = frozenset(_PROVINCE_CODES.split())


@light
class IdNumber:
    """An 18-character citizen number and what can be said about it without asking anybody."""

    number: str
    """18 characters, upper-case X."""
    checksum_ok: bool
    born: date | None
    """None where the eight digits are no date."""
    county_known: bool
    """The first digits are a province and a county part that is not `00`: where not, worth a warning, no refusal."""


def find_id_numbers(text: str) -> list[Span[IdNumber]]:
    """ID numbers, also with spaces between their parts."""
    if _SIX_DIGITS.search(text) is None:
        return []
    return [
        Span(found.start(), found.end(), _id_number("".join(found.groups()))) for found in _ID_NUMBER.finditer(text)
    ]


def _id_number(digits: str) -> IdNumber:
    number = digits.upper().replace("×", "X")
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return IdNumber(
        number, _CHECK[total % 11] == number[17], _birth(number), number[:2] in _PROVINCES and number[4:6] != "00"
    )


def _birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


# ---------------------------------------------------------------- trips

_AIRLINES = (
    "CA|MU|CZ|HU|3U|MF|ZH|SC|FM|HO|9C|KN|JD|GS|PN|8L|EU|QW|TV|UQ|BK|G5|DZ|A6|AQ|CN|DR|FU|GJ|GX|GY|JR|KY|LT|NS|OQ|RY|Y8|9H|GI|GT"
    "|CX|KA|NX|HX|UO|HB|BR|CI|JL|NH|KE|OZ|SQ|TG|UA|AA|DL|AC|LH|AF|KL|BA|EK|EY|QR|TK|SU|MH|VN|PR|GA|QF|NZ|AY|LX|OS|AK|FD|D7|TR|VJ"
)
PLATE_AREAS = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
"""What a plate begins with: the place that gave it out."""
_EITHER_CASE = re.sub("[A-Z]", lambda letter: f"[{letter[0]}{letter[0].lower()}]", _AIRLINES)
_TRIP = beginning_with(
    f"0-9A-Za-z{PLATE_AREAS}",
    r"(?:"
    rf"(?P<car>[{PLATE_AREAS}][A-HJ-NP-Za-hj-np-z][· -]?"
    r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳])(?![A-Za-z0-9])"
    rf"|(?<![0-9A-Za-z])(?:(?P<number>[0-9]{{4}})"
    rf"|(?P<plane>(?:{_EITHER_CASE})[ -]?[0-9]{{3,4}})"
    r"|(?P<train>[GDCZTKYSLgdcztkysl][ -]?[0-9]{1,4})"
    r"|(?P<code>[A-Za-z]{2}[ -]?[0-9]{3,4}))(?![0-9A-Za-z]|\.[0-9]))",
)
_TRIP_SHAPE = expression(r"[A-Za-z]|[0-9]{4}")
"""Every trip holds a letter or four digits: the quick look before the expression."""
_TRAIN_WORD = expression(r"(?:火车|高铁|动车|列车|城际|车次|班次|乘坐|乘|坐|普快|特快|直达)(?:号|为|是|[: ])*$")
_RAIL = expression(r"(?:火车|高铁|动车|列车|城际|车次|普快|特快|直达)(?:号|为|是|[: ])*$")
_PLANE_WORD = expression(r"(?:飞机|航班|航班号|航空|乘机)(?:号|为|是|[: ])*$")
_TRAIN_AFTER = expression(r"次(?!数|日)|(?:高铁|动车|火车|列车)")
_BACK = 8
"""How far before a bare number its word may stand, characters."""
_SURE_TRAINS = {"G": 1, "D": 3, "C": 4, "Z": 1, "T": 1, "K": 1}
"""From how many digits on a letter means a train by itself: D5 is a day of observation, C12 a reference."""
_TERMINAL = expression(r"\s*(?:号?航站|值机)")


@light
class Trip:
    """A train, a flight or the plate of a car."""

    kind: Literal["train", "plane", "car"]
    number: str
    """Upper case, without separators."""


def find_trips(text: str) -> list[Span[Trip]]:
    """`G6704`, `CA1640`, `冀F7K2M9`; doubtful ones (`D5`, `C12`, `1461`, `XY123`) only beside a word of travel."""
    return list(_trips(text)) if _TRIP_SHAPE.search(text) is not None else []


def _trips(text: str) -> Iterator[Span[Trip]]:
    for found, (start, end) in matches(_TRIP, text):
        kind = _trip_kind(text, found, start, end)
        if kind is not None:
            yield Span(start, end, Trip(kind, words_of(found).upper().translate(_NO_SEPARATOR)))


_NO_SEPARATOR = str.maketrans("", "", " -·")


def _trip_kind(text: str, found: re.Match[str], start: int, end: int) -> Literal["train", "plane", "car"] | None:
    shape = found.lastgroup
    if shape == "car":
        return "car"
    before = text[max(0, start - _BACK) : start]
    if shape == "plane" and _RAIL.search(before) is None:
        return "plane"
    if shape in ("train", "plane", "number") and _is_train(text, found, before, end):
        return "train"
    return "plane" if shape == "code" and _PLANE_WORD.search(before) is not None else None


def _is_train(text: str, found: re.Match[str], before: str, end: int) -> bool:
    number = words_of(found)
    if found.lastgroup == "train":
        if before.endswith(("机场", "航站楼")) or _TERMINAL.match(text, end) is not None:
            return False
        digits = sum(char.isdigit() for char in number)
        if digits >= _SURE_TRAINS.get(number[0].upper(), 9):
            return True
    return _TRAIN_WORD.search(before) is not None or _TRAIN_AFTER.match(text, end) is not None


# ---------------------------------------------------------------- temperatures

_HANZI_WHOLE = {"三十" + digit: 30 + value for value, digit in enumerate("四五六七八九", 4)} | {
    "四十": 40,
    "四十一": 41,
    "四十二": 42,
}
_TENTHS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"半": 5, "两": 2}
_TEMPERATURE = expression(
    r"(?<![0-9.])(3[4-9]|4[0-2])(?:"
    r"[.。]([0-9]{1,2})(?![0-9]|[.。][0-9])"
    r"(?: ?(?:℃|°C|摄氏度|度)|(?! ?(?:[万亿%元块平米斤吨箱岁人户个]|公里|千米|公斤|小时|kg|km|cm)))"
    r"|(?:度|℃|°C|点)([0-9半一二三四五六七八九])(?![0-9:十])度?"
    r"| ?(?:℃|°C|摄氏度|度(?!假|角)))"
    r"|([三四]十[一二四五六七八九]?)(?:度|点)([零一二两三四五六七八九半](?!十|点))?度?"
    r"|(?<=体温)([:是为 ]{0,2})(3[5-9]|4[0-2])(?![0-9.。:点时号日月/度℃]|°C)"
)
_MEASURED = expression(r"3[4-9]|4[0-2]|[三四]十")
"""Every temperature holds one of these: the quick look before the expression."""
_BOUND_BEFORE = expression(r"(?:超过?|高于|低于|大于|小于|不足|[<>≥≤]=?) ?$")
_BOUND_AFTER = expression(r" ?(?:\(含\))?(?:及|或)?以[上下]")
_LONGEST_BOUND = 4


def find_temperatures(text: str) -> list[Span[float]]:
    """Body temperatures in ℃ (`36.5`, `36度5`, `三十六度五`, both of `36.3/36.5`); limits (`超过37.3`) are none."""
    spans: list[Span[float]] = []
    for found in _TEMPERATURE.finditer(text) if _MEASURED.search(text) is not None else ():
        value = _degrees(found)
        if value is not None and not _is_limit(text, found):
            spans.append(Span(found.start(), found.end(), value))
    return spans


def _degrees(found: re.Match[str]) -> float | None:
    whole, decimals, tenth, hanzi, hanzi_tenth, _, bare = found.groups()
    if decimals is not None:
        return float(f"{whole}.{decimals}")
    if hanzi is not None:
        base = _HANZI_WHOLE.get(hanzi)
        return None if base is None else base + _tenths(hanzi_tenth)
    return float(bare) if bare is not None else int(whole) + _tenths(tenth)


def _tenths(digit: str | None) -> float:
    if digit is None:
        return 0.0
    return (int(digit) if digit.isdigit() and digit.isascii() else _TENTHS[digit]) / 10


def _is_limit(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _LONGEST_BOUND) : found.start()]
    return _BOUND_BEFORE.search(before) is not None or _BOUND_AFTER.match(text, found.end()) is not None


# ---------------------------------------------------------------- references

_REF = expression(r"(?<![0-9A-Za-z])#?([A-Za-z])[-#]?([0-9]{1,7})(?![0-9A-Za-z]|[.:][0-9])")


def find_refs(text: str, letters: str = "RC") -> list[Span[str]]:
    """References of stored records (`R58`, `c12`) whose letter is among `letters`, in upper case."""
    return [
        Span(found.start(), found.end(), found[1].upper() + found[2].lstrip("0"))
        for found in _REF.finditer(text)
        if found[1].upper() in letters and found[2].strip("0")
    ]
