"""Workbooks of registrations: what is taken, and what a bad file is answered with."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from handlers.cases import workbook
from handlers.cases.workbook import BadWorkbook

HEAD = ["姓名", "手机号码", "现居住地", "返京时间"]


def made(fill, sheets: int = 1) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
        fill(book, sheet)
    return out.getvalue()


def rows(*lines):
    def fill(_book, sheet) -> None:
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)

    return fill


def test_columns_go_by_the_synonyms_of_the_chat() -> None:
    def fill(book, sheet) -> None:
        sheet.merge_range(0, 0, 0, 4, "返京人员登记表")
        sheet.write_row(1, 0, ["序号", *HEAD, "年龄"])
        sheet.write_row(2, 0, [1, "张 三", 13800001234, "红石坎村88号"])
        day = date(2020, 2, 23)
        sheet.write_datetime(2, 4, day, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(4, 0, ["", "李四", "138 0000 1235", "", "2月24日"])

    found = workbook.read(made(fill))
    assert [(row.number, row.values) for row in found] == [
        (3, {"姓名": "张 三", "联系电话": "13800001234", "居住地址": "红石坎村88号", "抵京时间": "2020-02-23"}),
        (5, {"姓名": "李四", "联系电话": "138 0000 1235", "抵京时间": "2月24日"}),
    ]


def test_the_first_sheet_with_content_is_read() -> None:
    assert len(workbook.read(made(rows(HEAD, ["张三", "13800001234"]), sheets=2))) == 1


def formula(_book, sheet) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["张三", "13800001234"])
    sheet.write_formula(1, 3, "=TODAY()")


def merged(_book, sheet) -> None:
    sheet.write_row(0, 0, HEAD)
    sheet.write_row(1, 0, ["张三", "13800001234"])
    sheet.merge_range(2, 0, 3, 0, "李四")


def long(_book, sheet) -> None:
    sheet.write_row(0, 0, HEAD[:2])
    for number in range(100_000):
        sheet.write_number(number + 1, 1, 13800000000)


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/worksheets/a.xml", "w") as part:
        for _ in range(210):
            part.write(b" " * 1024 * 1024)
    return out.getvalue()


BAD = [
    ("a picture", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "不是 xlsx"),
    ("text", "姓名,电话\n张三,13800001234".encode, "不是 xlsx"),
    ("nothing", lambda: b"", "不是 xlsx"),
    ("a password, or the old format", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "密码"),
    ("a broken archive", lambda: b"PK\x03\x04" + bytes(50), "打不开"),
    ("cut off", lambda: made(rows(HEAD, ["张三", "13800001234"]))[:-200], "打不开"),
    ("another archive", lambda: zipped("a.txt", b"x"), "不是 xlsx"),
    ("a bomb", bomb, "太大"),
    ("too large", lambda: b"PK\x03\x04" + bytes(workbook.MOST_BYTES), "太大"),
    ("100,000 rows", lambda: made(long), "100000 行"),
    ("formulas", lambda: made(formula), "公式（如 D2）"),
    ("merged cells", lambda: made(merged), "第 3 行有合并"),
    ("no phone column", lambda: made(rows(["姓名", "住址"], ["张三", "红石坎村"])), "缺少列：联系电话"),
    ("no heading", lambda: made(rows(["张三", "13800001234"])), "没找到表头"),
    ("only a heading", lambda: made(rows(HEAD)), "没有内容"),
    ("an empty sheet", lambda: made(rows()), "空的"),
]


def zipped(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("what", "content", "said"), BAD, ids=[one[0] for one in BAD])
def test_a_bad_file_is_answered_with_what_to_do(what: str, content, said: str) -> None:
    with pytest.raises(BadWorkbook) as caught:
        workbook.read(content())
    assert said in caught.value.sentence
    assert "张三" not in caught.value.sentence


def test_a_chat_takes_fewer_rows_than_the_command_line() -> None:
    table = made(rows(HEAD, *[["张三", "13800001234"]] * 11))
    assert len(workbook.read(table)) == 11
    with pytest.raises(BadWorkbook, match="11 行，一次最多 10 行"):
        workbook.read(table, 10)
