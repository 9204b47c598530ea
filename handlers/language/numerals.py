"""A numeral as a whole: Arabic, Chinese or mixed → a number."""

import re

from handlers.language.expressions import expression

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "仨": 3,
    "幺": 1,
}
UNITS = {"十": 10, "百": 100, "千": 1000}
TENS = {"廿": 20, "卅": 30}
MAGNITUDES = {"万": 10_000, "亿": 100_000_000, "千": 1000, "百": 100, "w": 10_000, "W": 10_000, "k": 1000, "K": 1000}

_ARABIC = expression(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+(?:\.[0-9]+)?)([百千万亿wWkK])?(?:([0-9])([百千])?)?")
_CHINESE = expression(r"[零〇一二两三四五六七八九十百千万亿廿卅俩仨幺]+")
_NEIGHBOURS = expression(
    r"([廿卅]|[二三四五六七八九]?[十百千])?([一二两三四五六七八])([二两三四五六七八九])([十百千]?万|[十百千亿])?"
)
_LONGEST = 24
"""More characters than this are no numeral that a person writes."""


def read_numeral(text: str) -> int | float | None:
    """The number that the whole of `text` is (`1.1万`, `三百二十`, `四个半`, `12,000`), or None."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if text.isdecimal() and text.isascii():
        return int(text)
    if text == "半":
        return 0.5
    if text.endswith("个半"):
        whole = read_numeral(text[:-2])
        return None if whole is None else whole + 0.5
    arabic = _ARABIC.fullmatch(text)
    if arabic is not None:
        return _read_arabic(arabic)
    return read_chinese(text) if _CHINESE.fullmatch(text) is not None else None


def _read_arabic(match: re.Match[str]) -> int | float | None:
    digits, magnitude, rest, rest_unit = match.groups()
    if rest is not None and magnitude is None:
        return None
    unit = MAGNITUDES[magnitude] if magnitude else 1
    value = float(digits) * unit if "." in digits else int(digits.replace(",", "")) * unit
    if rest is not None:
        value += int(rest) * (UNITS[rest_unit] if rest_unit else unit // 10)
    return plain(value)


def plain(value: float) -> int | float:
    """An int where the value is whole, without the dust of binary fractions."""
    value = round(value, 4)
    return int(value) if value == int(value) else value


def read_chinese(text: str) -> int | None:
    """The value of a well-formed Chinese numeral (`一千零五十`, `三百二`, `二〇二〇`), or None."""
    if not any(char in UNITS or char in TENS or char in "万亿" for char in text):
        return None if "两" in text and len(text) > 1 else int("".join(str(DIGITS[char]) for char in text))
    total = section = 0
    digit: int | None = None
    last_unit = 10
    zero = False
    for char in text:
        if char in DIGITS:
            if digit is not None and digit != 0:
                return None
            digit, zero = DIGITS[char], zero or char in "零〇"
        elif char in "万亿":
            total = (total + section + (digit or 0) or 1) * MAGNITUDES[char]
            section, digit, last_unit, zero = 0, None, MAGNITUDES[char], False
        else:
            section += TENS[char] if char in TENS else (1 if digit is None else digit) * UNITS[char]
            digit, last_unit, zero = None, 10 if char in TENS else UNITS[char], False
    tail = digit or 0
    return total + section + (tail if zero or last_unit == UNITS["十"] else tail * last_unit // 10)


def read_neighbours(text: str) -> tuple[int, int] | None:
    """Two digits in a row mean "or": `两三` 2…3, `五六十` 50…60, `十七八` 17…18, `三四百` 300…400; otherwise None."""
    match = _NEIGHBOURS.fullmatch(text)
    if match is None:
        return None
    head, first, second, tail = match.groups()
    if DIGITS[second] != DIGITS[first] + 1:
        return None
    return _joined(head, first, tail), _joined(head, second, tail)


def _joined(head: str | None, digit: str, tail: str | None) -> int:
    return read_chinese((head or "") + digit + (tail or "")) or 0
