"""Reading a workbook of registrations: which columns there are, which rows can be taken, and why the others cannot.

Pure: bytes in, rows out. A file that is not what it should be raises `BadWorkbook` with a sentence for the person who
sent it; nothing of its content is in the sentence but column names and row numbers.
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from handlers.language.expressions import expression
from handlers.language.labels import look_up

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 200 * 1024 * 1024
"""Of a workbook's parts together: beyond it the file is made to fill the memory."""
MOST_ROWS = 20_000
MOST_COLUMNS = 200
HEADER_WITHIN = 10
"""The line of headings stands among the first so many."""
LEAST_COLUMNS = 2
REQUIRED = {"name": "姓名", "phone": "联系电话"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ASKS = {
    "name": "姓名",
    "gender": "性别",
    "id_number": "身份证号",
    "phone": "联系电话",
    "origin": "出发地",
    "arrives_at": "抵京时间",
    "arrives_plan": "预计抵京时间",
    "arrived": "是否已抵京",
    "transport": "交通工具",
    "trip": "车次",
    "address": "居住地址",
    "employer": "所在单位",
    "health": "健康状况",
    "symptoms": "有无症状",
    "temperature": "体温",
    "isolation": "隔离方式",
    "companions": "同行人数",
}
"""What a column may ask for → the label under which the language reads its values."""
_FORMULA = expression(rb"<(?:\w+:)?f[ >/]")
_CELL = expression(rb'<(?:\w+:)?c [^>]*?r="([A-Z]{1,3}[0-9]{1,7})"')
_SHEET = expression(r"xl/worksheets/[^/]+\.xml$")


class BadWorkbook(Exception):
    """A file that cannot be taken. `sentence` says what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: its number as the spreadsheet shows it, and label → value as text."""

    number: int
    values: dict[str, str]


def read(content: bytes, most_rows: int = MOST_ROWS) -> list[Row]:
    """The rows of the first sheet that has a table of registrations. Raises `BadWorkbook`."""
    _check_container(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise BadWorkbook("打不开这个文件：不是完好的 xlsx 表格，请重新另存为 xlsx 再发。") from error
    for sheet in sheets:
        if sheet.height:
            return _rows(sheet, most_rows)
    raise BadWorkbook("表格是空的。")


def _check_container(content: bytes) -> None:
    if len(content) > MOST_BYTES:
        raise BadWorkbook(f"文件太大（超过 {MOST_BYTES // 1024 // 1024} MB），请分成几份。")
    if content.startswith(OLE):
        raise BadWorkbook("文件有密码，或是旧的 xls 格式：请去掉密码，另存为 xlsx 再发。")
    if not content.startswith(ZIP):
        raise BadWorkbook("这不是 xlsx 表格，请另存为 xlsx 再发。")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadWorkbook("打不开这个文件：不是完好的 xlsx 表格，请重新另存为 xlsx 再发。") from error


def _check_parts(archive: zipfile.ZipFile) -> None:
    if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
        raise BadWorkbook("文件解开后太大，请分成几份。")
    names = [part for part in archive.namelist() if _SHEET.match(part)]
    if not names:
        raise BadWorkbook("这不是 xlsx 表格，请另存为 xlsx 再发。")
    for name in names:
        text = archive.read(name)
        if found := _FORMULA.search(text):
            cells = _CELL.findall(text, 0, found.start())
            where = f"（如 {cells[-1].decode()}）" if cells else ""
            raise BadWorkbook(f"表里有公式{where}：请全选、复制、选择性粘贴为数值，再保存。")


def _rows(sheet: CalamineSheet, most_rows: int) -> list[Row]:
    first = sheet.start[0] if sheet.start else 0
    if sheet.height - 1 > most_rows:
        raise BadWorkbook(f"表里有 {sheet.height - 1} 行，一次最多 {most_rows} 行，请分成几份。")
    if sheet.width > MOST_COLUMNS:
        raise BadWorkbook(f"表里有 {sheet.width} 列，一次最多 {MOST_COLUMNS} 列。")
    table = sheet.to_python(skip_empty_area=True)
    at, concepts = _header(table)
    _check_merged(sheet, first + at)
    rows = [Row(first + at + 2 + n, _values(concepts, cells)) for n, cells in enumerate(table[at + 1 :])]
    kept = [row for row in rows if row.values]
    if not kept:
        raise BadWorkbook("只有表头，没有内容。")
    return kept


def _header(table: Sequence[Sequence[Any]]) -> tuple[int, list[str | None]]:
    """The index of the line of headings, and what each column asks for."""
    best: tuple[int, list[str | None]] = (0, [])
    for index, cells in enumerate(table[:HEADER_WITHIN]):
        concepts = [_concept(cell) for cell in cells]
        if sum(c is not None for c in concepts) > sum(c is not None for c in best[1]):
            best = index, concepts
    if sum(c is not None for c in best[1]) < LEAST_COLUMNS:
        raise BadWorkbook("没找到表头。表头至少要有“姓名”和“联系电话”两列。")
    missing = [word for concept, word in REQUIRED.items() if concept not in best[1]]
    if missing:
        raise BadWorkbook(f"缺少列：{'、'.join(missing)}。")
    return best


def _concept(cell: Any) -> str | None:
    found = look_up(cell.strip().replace("\n", "")) if isinstance(cell, str) and cell.strip() else None
    return found if found in ASKS else None


def _check_merged(sheet: CalamineSheet, header: int) -> None:
    """A merged title above the headings is fine; merged cells below them leave holes."""
    for (first, _left), (last, _right) in sheet.merged_cell_ranges or ():
        if last > header:
            raise BadWorkbook(f"第 {first + 1} 行有合并的单元格：请取消合并，每行填一个人。")


def _values(concepts: Sequence[str | None], cells: Sequence[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for concept, cell in zip(concepts, cells, strict=False):
        text = _text(cell)
        if concept and text:
            found.setdefault(ASKS[concept], text)
    return found


def _text(cell: Any) -> str:
    """A cell as somebody would write it; dates as dates, phone numbers without a fraction."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d}" if cell.time() == time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split())
