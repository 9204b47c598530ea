"""What a call asks for beside numbers (有车1人，会录系统3人), and what those on its list offer of it. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral

VEHICLE = "有车"
_SAID: Mapping[str, str] = {
    "会录系统": r"(?:会|能|可以)(?:用|录|操作)?系统|会录入|录过系统",
    "台账经验": r"(?:做|录|建|管)过?台账|台账(?:的)?经验|有.{0,4}台账",
    "医护": r"医生|护士|医护|护理|学医",
    "会急救": r"急救",
    "会开车": r"会开车|有驾照|有驾驶证|当过司机|老司机",
    "会外语": r"(?:会|懂)(?:英语|外语|日语|韩语|俄语)",
    "会手语": r"手语",
    "会水电": r"电工|水电|会修",
    "心理咨询": r"心理(?:咨询|疏导)(?:师|经验)",
}
"""What people offer beside themselves → how they say it."""
_ASKED = {**_SAID, "会开车": r"会开车|有驾照|司机|驾驶员", VEHICLE: r"(?:有|带|自带|自备|出)车"}
_NUMBER = r"(\d{1,3}|[一二两三四五六七八九十]{1,3}) ?[人名位个辆]"
_SKILLS = {name: expression(said) for name, said in _SAID.items()}
_WANTS = {
    name: expression(rf"(?:{said})(?:的|人员|志愿者)? ?{_NUMBER}|{_NUMBER}(?:以上)?(?:会|要|是|能|懂)?(?:{said})")
    for name, said in _ASKED.items()
}


class Offering(Protocol):
    """What is needed of a sign-up."""

    vehicle: bool
    skills: list[str] | None


def skills(text: str) -> list[str]:
    """What somebody says they can do."""
    return [skill for skill, pattern in _SKILLS.items() if pattern.search(text)]


def read(text: str) -> dict[str, int]:
    """What a call asks for, with numbers: 有车2人, 2名会急救的, 医护1名."""
    found = ((name, pattern.search(text)) for name, pattern in _WANTS.items())
    numbers = {name: int(read_numeral(match[1] or match[2]) or 0) for name, match in found if match}
    return {name: number for name, number in numbers.items() if number}


def met(wants: Mapping[str, int], rows: Iterable[Offering]) -> list[tuple[str, int, int]]:
    """(what, how many offer it, how many it takes)."""
    listed: Sequence[Offering] = list(rows)
    return [(name, sum(_offers(row, name) for row in listed), number) for name, number in wants.items()]


def _offers(row: Offering, name: str) -> bool:
    return row.vehicle if name == VEHICLE else name in (row.skills or ())
