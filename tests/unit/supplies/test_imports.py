"""Companies from a table: what is taken, what is not and why, and that a second time changes nothing."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.imports_org import books, kinds, sheet
from handlers.imports_org.kinds import Known
from storage.crypto import Keyring
from storage.tables_supplies import Enterprise

NOW = datetime(2020, 2, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOWN = "昌平区/阳坊镇"
KNOWN = Known(frozenset({TOWN}), {"阳坊镇": [TOWN]})
TABLE = (
    "企业名称,所属街道,联系人,联系电话\n"
    "大都饭店,阳坊镇,钱大有,138 0000 2222\n阳坊超市（总店）,阳坊镇,,\n大都 饭店,阳坊镇,,\n"
    "仁和药房,沙河镇,,\n顺达汽修厂,阳坊镇,孙师傅,12345\n,阳坊镇,,\n华联商店,,,\n"
)


def checked(text: str) -> kinds.Checked:
    read = sheet.read(text.encode(), kinds.COLUMNS["enterprises"], kinds.NEEDED["enterprises"])
    return kinds.check("enterprises", read.rows, read.formulas, KNOWN)


def test_rows_that_cannot_be_taken_say_why() -> None:
    found = checked(TABLE)
    assert [values["name"] for _, values in found.good] == ["大都饭店", "阳坊超市（总店）"]
    assert found.rejected == [
        (4, "和第2行重复"),
        (5, "不认识单位“沙河镇”，请先导入单位或写完整路径"),
        (6, "电话不是手机号或座机号"),
        (7, "企业名称是空的、太短或太长"),
        (8, "没有写所属单位"),
    ]


def test_companies_go_in_and_a_second_time_changes_nothing(session: Session, keyring: Keyring) -> None:
    rows = checked(TABLE).good
    first = books.Writer(session, keyring, NOW).write("enterprises", rows)
    assert (first.new, first.changed, first.same) == (2, 0, 0)
    again = books.Writer(session, keyring, NOW).write("enterprises", rows)
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    later = checked("企业,镇,联系人\n阳坊超市(总店),阳坊镇,李店长\n").good
    third = books.Writer(session, keyring, NOW).write("enterprises", later)
    assert (third.new, third.changed, third.same) == (0, 1, 0)
    found = session.scalars(select(Enterprise).order_by(Enterprise.id)).all()
    assert [(c.ref, c.name, c.unit, c.state, c.contact, c.contact_phone) for c in found] == [
        ("E1", "大都饭店", TOWN, "listed", "钱大有", "13800002222"),
        ("E2", "阳坊超市（总店）", TOWN, "listed", "李店长", None),
    ]
