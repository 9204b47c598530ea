"""Tables of the organisation: what is read, what is not taken and why, and that a wrong file changes nothing."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.imports_org import books, kinds, sheet
from handlers.imports_org.kinds import Known
from handlers.imports_org.sheet import BadFile
from storage.crypto import Keyring
from storage.tables_org import Person, PersonAccount, Post, Role, Unit

NOW = datetime(2020, 2, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
NOBODY = Known(frozenset(), {})
UNITS = "名称,上级,类型,级别\n平谷区,,地区,区\n金海湖镇,平谷区,,镇\n红石坎村,金海湖镇,,村\n平谷总队,,队伍,总队\n红石坎服务队,平谷总队,,服务队\n"
PEOPLE = (
    "姓名,编号,电话,单位,队伍,特长,是否有车,账号,角色\n"
    "张小强,V001,138 0000 1234,红石坎村,红石坎服务队,台账、急救,是,zhangxq,卡口长\n"
    "李小明,V002,13900005678,红石坎村,红石坎服务队,,否,,\n"
)
POSTS = (
    "点位,单位,负责人,时间,人数,高风险\n红石坎村卡口,红石坎村,张小强,24小时,1,是\n东门,红石坎村,,8:00-20:00,6-9,否\n"
)


def xlsx(rows: list[list[object]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return out.getvalue()


def table(kind: str, content: bytes | str, known: Known = NOBODY) -> kinds.Checked:
    raw = content.encode() if isinstance(content, str) else content
    read = sheet.read(raw, kinds.COLUMNS[kind], kinds.NEEDED[kind])
    return kinds.check(kind, read.rows, read.formulas, known)


def taken(session: Session, keyring: Keyring, kind: str, content: bytes | str) -> books.Outcome:
    checked = table(kind, content, books.known(session))
    assert not checked.rejected
    return books.Writer(session, keyring, NOW).write(kind, checked.good)


def test_the_organisation_goes_in_and_a_second_time_changes_nothing(session: Session, keyring: Keyring) -> None:
    for kind, content, number in (("units", UNITS, 5), ("people", PEOPLE, 2), ("posts", POSTS, 2)):
        first = taken(session, keyring, kind, content)
        assert (first.new, first.changed, first.same) == (number, 0, 0), kind
        again = taken(session, keyring, kind, content)
        assert (again.new, again.changed, again.same) == (0, 0, number), kind
    village = session.scalar(select(Unit).where(Unit.name == "红石坎村"))
    assert (village.path, village.axis) == ("平谷区/金海湖镇/红石坎村", "place")
    assert session.scalar(select(Unit.axis).where(Unit.name == "红石坎服务队")) == "team"
    person = session.scalar(select(Person).where(Person.name == "张小强"))
    assert person.phone == "13800001234"
    assert person.skills == ["台账", "急救"]
    assert person.vehicle
    assert (person.unit, person.team) == ("平谷区/金海湖镇/红石坎村", "平谷总队/红石坎服务队")
    assert session.get(PersonAccount, "zhangxq").person_id == person.id
    assert session.scalar(select(Role.role)) == "lead"
    post = session.scalar(select(Post).where(Post.name == "东门"))
    assert (post.starts, post.ends, post.least, post.most, post.risk) == (480, 1200, 6, 9, False)
    around = session.scalar(select(Post).where(Post.name == "红石坎村卡口"))
    assert (around.starts, around.ends, around.risk) == (0, 1440, True)


def test_a_changed_row_changes_its_person(session: Session, keyring: Keyring) -> None:
    taken(session, keyring, "units", UNITS)
    taken(session, keyring, "people", PEOPLE)
    done = taken(session, keyring, "people", PEOPLE.replace("13900005678", "13900009999"))
    assert (done.new, done.changed, done.same) == (0, 1, 1)
    assert session.scalar(select(func.count(Person.id))) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_that_spreadsheets_write(encoding: str) -> None:
    assert len(table("units", UNITS.encode(encoding)).good) == 5


def test_a_title_above_the_headings_and_numbers_as_numbers() -> None:
    rows = [["某镇志愿者花名册"], [], ["姓名*", "联系电话", "单位"], ["张小强", 13800001234, "平谷区/某镇"]]
    assert table("people", xlsx(rows)).good[0][1]["phone"] == "13800001234"


WRONG_FILES = [
    ("an unknown encoding", "units", b"\x81\x30\xff\xff" + "名称".encode(), "编码认不出"),
    ("bytes that are no text", "units", b"\x00\x01\x02\x03" * 50, "不是 CSV"),
    ("a broken workbook", "units", b"PK\x03\x04 nothing", "不是能读的 xlsx"),
    ("missing columns", "people", "姓名,电话\n张小强,13800001234\n".encode(), "缺少列：单位或队伍"),
    ("no headings at all", "posts", b"a,b\n1,2\n", "缺少列：点位、单位"),
    ("headings alone", "units", "名称,上级\n".encode(), "没有数据"),
    ("an empty file", "units", b"", "缺少列"),
    ("a ring", "units", "名称,上级\n甲队,乙队\n乙队,丙队\n丙队,甲队\n".encode(), "上级成环：甲队 → 乙队 → 丙队 → 甲队"),
    ("its own parent", "units", "名称,上级\n甲队,甲队\n".encode(), "上级成环：甲队 → 甲队"),
    (
        "a hundred thousand rows",
        "units",
        ("名称\n" + "\n".join(f"第{n}队" for n in range(100_000))).encode(),
        "一次最多",
    ),
]


@pytest.mark.parametrize(("kind", "content", "reason"), [w[1:] for w in WRONG_FILES], ids=[w[0] for w in WRONG_FILES])
def test_a_wrong_file_is_refused_with_its_reason(kind: str, content: bytes, reason: str) -> None:
    with pytest.raises(BadFile, match=reason):
        table(kind, content)


WRONG_ROWS = [
    ("people", "姓名,电话,单位\n张小强,1380000,平谷区/某镇\n", "11 位手机号"),
    ("people", "姓名,电话,单位\n张小强,,某某村\n", "不认识单位“某某村”"),
    ("people", "姓名,单位,角色\n张小强,平谷区/某镇,皇帝\n", "不认识角色"),
    ("people", "姓名,单位\n,平谷区/某镇\n", "姓名是空的"),
    ("people", "姓名,单位\n张小强,平谷区/某镇\n张小强,平谷区/某镇\n", "和第2行重复"),
    ("people", '姓名,单位\n"=HYPERLINK(""http://x"")",平谷区/某镇\n', "含公式"),
    ("posts", "点位,单位,时间\n东门,平谷区/某镇,白天\n", "时间请写成"),
    ("posts", "点位,单位,人数\n东门,平谷区/某镇,9-6\n", "人数请写成"),
    ("posts", "点位,单位,时间\n东门,平谷区/某镇,25:00-30:00\n", "时间请写成"),
    ("posts", "点位,单位,巡查\n东门,平谷区/某镇,偶尔\n", "巡查请写成"),
    ("posts", "点位,单位,巡查\n东门,平谷区/某镇,每5分钟\n", "巡查请写成"),
    ("units", "名称,上级\n某村,某镇\n", "不认识单位“某镇”"),
    ("units", "名称,类型\n某村,星系\n", "不认识类型"),
]


@pytest.mark.parametrize(("kind", "content", "reason"), WRONG_ROWS, ids=[w[2] for w in WRONG_ROWS])
def test_a_wrong_row_is_not_taken_and_says_why(kind: str, content: str, reason: str) -> None:
    rejected = table(kind, content).rejected
    assert len(rejected) == 1
    assert reason in rejected[0][1]


def test_formulas_of_a_workbook_are_not_taken_for_values() -> None:
    rows: list[list[object]] = [
        ["姓名", "电话", "单位"],
        ["张小强", "=A1", "平谷区/某镇"],
        ["李小明", "", "平谷区/某镇"],
    ]
    checked = table("people", xlsx(rows))
    assert [values["name"] for _, values in checked.good] == ["李小明"]
    assert checked.rejected == [(2, "含公式，请粘贴为数值")]


def test_two_units_of_one_name_need_the_path(session: Session, keyring: Keyring) -> None:
    taken(session, keyring, "units", "路径\n甲区/新村\n乙区/新村\n")
    rejected = table("people", "姓名,单位\n张小强,新村\n", books.known(session)).rejected
    assert "有 2 个单位叫" in rejected[0][1]
    assert table("people", "姓名,单位\n张小强,乙区/新村\n", books.known(session)).good
