"""A table from a workbook or a CSV file: rows as text by column, or one clear reason why the file cannot be taken."""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from handlers.language.expressions import expression

MOST_ROWS = 50_000
MOST_BYTES = 20_000_000
MOST_UNPACKED = 300_000_000
HEADER_WITHIN = 10
"""The row of headings stands among so many first ones: people put a title above it."""
_FORMULA = expression(rb'<c r="[A-Z]+(\d+)"[^>]*>\s*<f[ >/]')
_SHEET = expression(r"xl/worksheets/[^/]+\.xml")
_SPACE = expression(r"\s+")


class BadFile(Exception):
    """The file cannot be taken; the message says why and what would do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: its number in the file, its values by our names of the columns."""

    number: int
    values: Mapping[str, str]

    def get(self, name: str) -> str:
        """A value, empty where there is none."""
        return self.values.get(name, "")


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. `formulas`: numbers of rows that hold formulas."""

    rows: Sequence[Row]
    formulas: frozenset[int]


Columns = Mapping[str, Sequence[str]]
"""Our name → headings that people use for it."""


def read(content: bytes, columns: Columns, needed: Sequence[Sequence[str]]) -> Table:
    """The table of a file. `needed`: of each group at least one column must be there. Raises `BadFile`."""
    if len(content) > MOST_BYTES:
        raise BadFile(f"文件超过 {MOST_BYTES // 1_000_000} MB，请拆成几个文件。")
    lines, formulas = _workbook(content) if content[:4] == b"PK\x03\x04" else (_text(content), frozenset[int]())
    filled = [(number, cells) for number, cells in lines if any(cells)]
    if len(filled) > MOST_ROWS + HEADER_WITHIN:
        raise BadFile(f"共 {len(filled)} 行，一次最多 {MOST_ROWS} 行，请拆成几个文件。")
    head, places = _header(filled, columns)
    _check(places, columns, needed, filled[head][1] if filled else [])
    rows = [Row(number, {name: _at(cells, at) for name, at in places.items()}) for number, cells in filled[head + 1 :]]
    if not rows:
        raise BadFile("表头下面没有数据。")
    return Table(
        rows, formulas | frozenset(r.number for r in rows if any(v.startswith("=") for v in r.values.values()))
    )


def _at(cells: Sequence[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _workbook(content: bytes) -> tuple[list[tuple[int, list[str]]], frozenset[int]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise BadFile("工作簿解开后太大，请只保留需要的表。")
            sheets = sorted(name for name in parts.namelist() if _SHEET.fullmatch(name))
            raw = parts.read(sheets[0]) if sheets else b""
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (zipfile.BadZipFile, CalamineError, KeyError, IndexError) as error:
        raise BadFile("这不是能读的 xlsx 工作簿，请另存为 .xlsx 再试。") from error
    first = (sheet.start or (0, 0))[0]
    rows = sheet.to_python(skip_empty_area=True)
    lines = [(first + number, [_cell(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    return lines, frozenset(int(found) for found in _FORMULA.findall(raw))


def _text(content: bytes) -> list[tuple[int, list[str]]]:
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile("这不是 CSV 文本，也不是 xlsx 工作簿。")
    text = _decoded(content)
    try:
        dialect = ";" if text[:2000].count(";") > text[:2000].count(",") else "\t" if "\t" in text[:2000] else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect, strict=True)
        return [(number, [_cell(cell) for cell in row]) for number, row in enumerate(reader, 1)]
    except csv.Error as error:
        raise BadFile(f"CSV 格式不对：{error}。") from error


def _decoded(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, GB 18030 as old spreadsheets write."""
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("文件编码认不出，请另存为 UTF-8 编码的 CSV，或 .xlsx。")


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _SPACE.sub(" ", str(value)).strip() if value is not None else ""


def _header(lines: Sequence[tuple[int, Sequence[str]]], columns: Columns) -> tuple[int, dict[str, int]]:
    """The row with the most headings that are known, and where our columns stand."""
    names = {heading: name for name, headings in columns.items() for heading in (name, *headings)}
    best: tuple[int, dict[str, int]] = (0, {})
    for index, (_, cells) in enumerate(lines[:HEADER_WITHIN]):
        found: dict[str, int] = {}
        for at, cell in enumerate(cells):
            known = names.get(re.sub(r"[\s*（(].*$|[*：:]", "", cell).lower()) or names.get(cell)
            if known is not None:
                found.setdefault(known, at)
        if len(found) > len(best[1]):
            best = (index, found)
    return best


def _check(places: Mapping[str, int], columns: Columns, needed: Sequence[Sequence[str]], header: Sequence[str]) -> None:
    missing = [group for group in needed if not any(name in places for name in group)]
    if missing:
        wanted = "、".join("或".join(columns[name][0] for name in group) for group in missing)
        shown = "、".join(cell for cell in header[:8] if cell) or "空"
        raise BadFile(f"缺少列：{wanted}。文件第一行有：{shown}。")
