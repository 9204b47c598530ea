"""How people are shown to a group: the family name and a star, the tail of the phone, the address down to the
community.

The practice of 北京健康宝, which keeps the family name, and of forms that show a phone's tail. The number of stars is
fixed, so that the length of a name does not leak.
"""

import re

from handlers.language.expressions import expression

COMPOUND = (
    "欧阳",
    "司马",
    "诸葛",
    "上官",
    "慕容",
    "皇甫",
    "尉迟",
    "令狐",
    "东方",
    "司徒",
    "夏侯",
    "公孙",
    "长孙",
    "端木",
    "南宫",
)


def name(full: str | None) -> str:
    """张三 → 张*, 欧阳小明 → 欧阳*, 阿依古丽·买买提 → 阿*."""
    if not full:
        return "一位同志"
    surname = next((s for s in COMPOUND if full.startswith(s) and len(full) > len(s)), full[:1])
    return surname + "*"


def phone(number: str | None) -> str:
    """13800001234 → 尾号1234; nothing where there is no number."""
    return f"尾号{number[-4:]}" if number else ""


def person(full: str | None, number: str | None) -> str:
    """张*（尾号1234）, or without the bracket where there is no number."""
    tail = phone(number)
    return f"{name(full)}（{tail}）" if tail else name(full)


_NUMBERS = expression(r"1[3-9]\d{9}|\d{17}[\dXx]")


_WRITTEN = expression(r"(?<!\d)(?:1[3-9]\d(?:[\s-]?\d{4}){2}|\d{17}[\dXx])(?!\d)")


def veiled(text: str) -> str:
    """A text in which only the tails of mobile and ID numbers are left."""
    return _WRITTEN.sub(lambda match: phone(match.group()), text)


def has_identity(text: str) -> bool:
    """Whether a text shows a mobile or an ID number: it should not stay in a group."""
    return _NUMBERS.search(re.sub(r"[\s-]", "", text)) is not None
