"""`kakou import enterprises`: companies that are to be asked, with whom to ask, from a table."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.imports_org.sheet import Columns, Row
from handlers.language.expressions import expression
from handlers.supplies import names
from storage.supplies import GONE
from storage.tables_supplies import Enterprise, EnterpriseName
from storage.unit_of_work import UnitOfWork

COLUMNS: Columns = {
    "name": ("企业", "企业名称", "名称", "单位名称", "公司名称", "商户", "商户名称", "门店"),
    "unit": ("所属单位", "所属街道", "街道", "街道乡镇", "乡镇", "社区", "所属社区", "镇"),
    "contact": ("联系人", "负责人", "工会主席", "联络人"),
    "phone": ("电话", "手机", "手机号", "联系电话"),
}
NEEDED: Sequence[Sequence[str]] = (("name",), ("unit",))
LONGEST = 100
_PHONE = expression(r"1[3-9]\d{9}|0?\d{2,3}-?\d{7,8}|\d{7,8}")


def values_of(row: Row) -> dict[str, Any]:
    """The values of a row; the unit as written. Raises ValueError with the reason why it cannot be taken."""
    name, phone = row.get("name"), re.sub(r"\s", "", row.get("phone"))
    if not names.LEAST <= len(names.key(name)) <= LONGEST:
        raise ValueError("企业名称是空的、太短或太长")
    if phone and not _PHONE.fullmatch(phone):
        raise ValueError("电话不是手机号或座机号")
    if not row.get("unit"):
        raise ValueError("没有写所属单位")
    return {"name": name, "unit": row.get("unit"), "contact": row.get("contact"), "phone": phone}


def key_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells one row from another."""
    return (values["unit"], names.key(values["name"]))


def take(session: Session, rows: Sequence[tuple[int, dict[str, Any]]], now: datetime) -> list[str]:
    """Write rows into the register; for each: new, changed, same."""
    work = UnitOfWork(session)
    found = _known(session, {values["unit"] for _, values in rows})
    return [_one(work, found, values, now) for _, values in rows]


def _known(session: Session, units: set[str]) -> dict[tuple[str, str], Enterprise]:
    """Companies of units by their names."""
    query = select(EnterpriseName.key, Enterprise).join(Enterprise, Enterprise.ref == EnterpriseName.enterprise)
    query = query.where(Enterprise.unit.in_(units), Enterprise.state.not_in(GONE))
    return {(row[1].unit, row[0]): row[1] for row in session.execute(query)}


def _one(work: UnitOfWork, found: dict[tuple[str, str], Enterprise], values: Mapping[str, Any], now: datetime) -> str:
    key = key_of(values)
    company = found.get((key[0], key[1]))
    told = {"contact": values["contact"] or None, "contact_phone": values["phone"] or None}
    if company is None:
        company = Enterprise(ref=work.next_ref("E"), chat="", unit=values["unit"], name=values["name"], state="listed")
        company.listed_at, company.reporter, company.merged_into = now, "", ""
        company.contact, company.contact_phone = told["contact"], told["contact_phone"]
        work.session.add_all([company, EnterpriseName(enterprise=company.ref, key=key[1])])
        found[key[0], key[1]] = company
        return "new"
    different = {name: value for name, value in told.items() if value and getattr(company, name) != value}
    for name, value in different.items():
        setattr(company, name, value)
    return "changed" if different else "same"
