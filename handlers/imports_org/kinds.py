"""Rows of units, people and posts → values, or the reason why a row cannot be taken. Pure but for what is known."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from handlers.imports_org.sheet import BadFile, Columns, Row
from handlers.language.expressions import expression
from handlers.patrols import plan_reading
from handlers.supplies import importing

COLUMNS: Mapping[str, Columns] = {
    "units": {
        "name": ("名称", "单位", "单位名称", "组织", "组织名称"),
        "path": ("路径", "完整路径", "组织路径"),
        "parent": ("上级", "上级单位", "上级组织", "父级"),
        "axis": ("类型", "类别", "种类"),
        "level": ("级别", "层级"),
    },
    "people": {
        "name": ("姓名", "志愿者", "志愿者姓名"),
        "number": ("编号", "志愿者编号", "工号"),
        "phone": ("电话", "手机", "手机号", "联系电话"),
        "unit": ("单位", "所属单位", "所属社区", "社区", "服务地"),
        "team": ("队伍", "服务队", "志愿队"),
        "employer": ("工作单位", "企业", "公司"),
        "id_number": ("身份证号", "证件号码", "证件号"),
        "skills": ("特长", "技能"),
        "vehicle": ("车辆", "有车", "是否有车"),
        "account": ("账号", "企业微信账号", "帐号", "userid"),
        "role": ("角色", "职务"),
    },
    "posts": {
        "name": ("点位", "卡口", "名称", "点位名称", "卡口名称"),
        "unit": ("单位", "所属单位", "社区", "所属社区"),
        "lead": ("负责人", "卡口长", "点位长"),
        "hours": ("时间", "值守时间", "时段"),
        "quota": ("人数", "定员", "名额", "需要人数"),
        "risk": ("风险", "高风险", "是否高风险"),
        "patrol": ("巡查", "巡查间隔", "巡查计划"),
    },
    "enterprises": importing.COLUMNS,
}
"""Kind of import → its columns and what people call them."""
NEEDED: Mapping[str, Sequence[Sequence[str]]] = {
    "units": (("name", "path"),),
    "people": (("name",), ("unit", "team")),
    "posts": (("name",), ("unit",)),
    "enterprises": importing.NEEDED,
}
AXES = {
    "地区": "place",
    "地方": "place",
    "区域": "place",
    "队伍": "team",
    "团队": "team",
    "志愿队": "team",
    "企业": "employer",
    "单位": "employer",
    "place": "place",
    "team": "team",
    "employer": "employer",
    "": "",
}
ROLES = {
    "志愿者": "",
    "": "",
    "卡口长": "lead",
    "点位长": "lead",
    "负责人": "lead",
    "队长": "lead",
    "协调员": "coordinator",
    "管理员": "administrator",
}
YES, NO = {"是", "有", "高", "1", "yes", "true", "y", "√"}, {"否", "无", "没有", "低", "0", "no", "false", "n", ""}
_PHONE = expression(r"1[3-9]\d{9}")
_HOURS = expression(r"(\d{1,2})[:：](\d{2})\s*(?:-|–|—|~|至|到)\s*(?:次日)?(\d{1,2})[:：](\d{2})")
_AROUND = expression(r"24\s*小时|全天|昼夜")
_QUOTA = expression(r"(\d{1,3})(?:\s*(?:-|–|~|至|到)\s*(\d{1,3}))?\s*[人名]?")
_BAD_NAME = expression(r"[/\\|<>=]|^\s*$")
DAY = 1440


@dataclass(slots=True)
class Checked:
    """Rows that can be taken, and the others with their reasons."""

    good: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)


NIGHT = (22, 6)
LONGEST = 64


class _No(Exception):
    """Why a row cannot be taken."""


@dataclass(frozen=True, slots=True)
class Known:
    """The units of the books: paths, and paths by name."""

    paths: frozenset[str]
    by_name: Mapping[str, Sequence[str]]

    def find(self, words: str) -> str:
        """The path that a cell means. Raises `_No`."""
        path = words.strip("/ ")
        if path in self.paths:
            return path
        found = self.by_name.get(path, ())
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            raise _No(f"有 {len(found)} 个单位叫“{path}”，请写完整路径")
        if "/" in path:
            return path
        raise _No(f"不认识单位“{path}”，请先导入单位或写完整路径")


def check(kind: str, rows: Sequence[Row], formulas: frozenset[int], known: Known) -> Checked:
    """All rows of a kind. Raises `BadFile` where the table as a whole cannot hold."""
    made = Checked()
    readers = {"people": _person, "posts": _post, "enterprises": _enterprise}
    plain = []
    for row in rows:
        if row.number in formulas:
            made.rejected.append((row.number, "含公式，请粘贴为数值"))
        else:
            plain.append(row)
    if kind == "units":
        _units(plain, known, made)
    else:
        for row in plain:
            _take(made, row, readers[kind], known)
    _no_doubles(kind, made)
    made.rejected.sort()
    return made


def _take(made: Checked, row: Row, reader: Any, known: Known) -> None:
    try:
        made.good.append((row.number, reader(row, known)))
    except _No as no:
        made.rejected.append((row.number, str(no)))


def _no_doubles(kind: str, made: Checked) -> None:
    seen: dict[Any, int] = {}
    kept = []
    for number, values in made.good:
        key = key_of(kind, values)
        if key in seen:
            made.rejected.append((number, f"和第{seen[key]}行重复"))
        else:
            seen[key] = number
            kept.append((number, values))
    made.good = kept


def key_of(kind: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells one row from another."""
    if kind == "units":
        return (values["path"],)
    if kind == "posts":
        return (values["unit"], values["name"])
    if kind == "enterprises":
        return importing.key_of(values)
    if values["number"]:
        return ("#", values["number"])
    return (values["name"], values["phone"] or values["unit"] + "|" + values["team"])


def _person(row: Row, known: Known) -> dict[str, Any]:
    phone = re.sub(r"[\s-]|^\+?86", "", row.get("phone"))
    if phone and not _PHONE.fullmatch(phone):
        raise _No("电话不是 11 位手机号")
    if row.get("role") not in ROLES:
        raise _No(f"不认识角色“{row.get('role')}”，可写：卡口长、协调员、管理员、志愿者")
    unit, team = row.get("unit"), row.get("team")
    if not unit and not team:
        raise _No("单位和队伍至少写一个")
    return {
        "name": _name(row, "姓名", 12),
        "number": row.get("number"),
        "phone": phone,
        "unit": known.find(unit) if unit else "",
        "team": known.find(team) if team else "",
        "employer": row.get("employer"),
        "id_number": row.get("id_number").upper(),
        "skills": [skill for skill in re.split(r"[、,，;；\s]+", row.get("skills")) if skill],
        "vehicle": _yes(row, "vehicle", "车辆"),
        "account": row.get("account"),
        "role": ROLES[row.get("role")],
    }


def _post(row: Row, known: Known) -> dict[str, Any]:
    starts, ends = _hours(row.get("hours"))
    least, most = _quota(row.get("quota"))
    name = _name(row, "点位", 60)
    if not row.get("unit"):
        raise _No("没有写单位")
    return {
        "name": name,
        "unit": known.find(row.get("unit")),
        "lead": row.get("lead"),
        "starts": starts,
        "ends": ends,
        "least": least,
        "most": most,
        "risk": _yes(row, "risk", "风险"),
        "patrol": _patrol(row.get("patrol")),
    }


def _patrol(text: str) -> str:
    """When rounds are due, as it stands there; empty where none are."""
    if text in {"", "否", "无", "-"}:
        return ""
    told = text if text.startswith("每") else f"每{text}"
    plan = plan_reading.read(told, NIGHT)
    if plan is None or not plan.possible or len(told) > LONGEST:
        raise _No("巡查请写成：每2小时，或：每2小时 22:00-6:00")
    return told


def _enterprise(row: Row, known: Known) -> dict[str, Any]:
    try:
        values = importing.values_of(row)
    except ValueError as why:
        raise _No(str(why)) from why
    return {**values, "unit": known.find(values["unit"])}


def _name(row: Row, label: str, longest: int) -> str:
    name = row.get("name")
    if _BAD_NAME.search(name) or len(name) > longest:
        raise _No(f"{label}是空的、太长或含特殊符号")
    return name


def _yes(row: Row, name: str, label: str) -> bool:
    word = row.get(name).lower()
    if word in YES or (name == "vehicle" and word.endswith("车")):
        return True
    if word in NO:
        return False
    raise _No(f"{label}请写“是”或“否”")


def _hours(words: str) -> tuple[int | None, int | None]:
    if not words:
        return None, None
    if _AROUND.search(words):
        return 0, DAY
    match = _HOURS.search(words)
    if match is None:
        raise _No("时间请写成 8:00-20:00 或 24小时")
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if max(start, end) > DAY:
        raise _No("时间请写成 8:00-20:00 或 24小时")
    return start, end if end > start else end + DAY


def _quota(words: str) -> tuple[int, int | None]:
    if not words:
        return 1, None
    match = _QUOTA.fullmatch(words)
    if match is None or (match[2] and int(match[2]) < int(match[1])):
        raise _No("人数请写成 2 或 6-9")
    return int(match[1]), int(match[2]) if match[2] else None


def _units(rows: Sequence[Row], known: Known, made: Checked) -> None:
    """Paths follow the parents; a ring of parents spoils the whole table. Raises `BadFile`."""
    named = {row.get("name"): row for row in rows if row.get("name") and not row.get("path")}
    _no_ring(named)
    for row in rows:
        try:
            made.good.append((row.number, _unit(row, named, known)))
        except _No as no:
            made.rejected.append((row.number, str(no)))


def _unit(row: Row, named: Mapping[str, Row], known: Known) -> dict[str, Any]:
    path = row.get("path").strip("/") or _path(row, named, known)
    if not path or any(_BAD_NAME.search(part) for part in path.split("/")):
        raise _No("名称是空的或含特殊符号")
    if row.get("axis") not in AXES:
        raise _No(f"不认识类型“{row.get('axis')}”，可写：地区、队伍、企业")
    return {"path": path, "axis": AXES[row.get("axis")], "level": row.get("level")}


def _no_ring(named: Mapping[str, Row]) -> None:
    done: set[str] = set()
    for start in named:
        trail: list[str] = []
        name = start
        while name in named and name not in done:
            if name in trail:
                ring = [*trail[trail.index(name) :], name]
                raise BadFile(f"上级成环：{' → '.join(ring)}。")
            trail.append(name)
            name = named[name].get("parent")
        done.update(trail)


def _path(row: Row, named: Mapping[str, Row], known: Known) -> str:
    name, parent = row.get("name"), row.get("parent")
    if not parent:
        return name
    if parent in named:
        return f"{_path(named[parent], named, known)}/{name}"
    return f"{known.find(parent)}/{name}"
