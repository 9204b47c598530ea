"""Tables pasted as text: a line of labels, then one record per row."""

import re
from collections.abc import Mapping

from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.labels import look_up
from handlers.language.scan import Region

_LINE = expression(r"[^\n]+")
_MARKS = "\t|,、; "
_HEADER_LINES = 4
"""The line of labels is among the first ones: above it stand a title and a mention at most."""
_MIN_MARKS = 2


def read_table(region: Region, columns: Mapping[str, str] | None = None) -> list[tuple[Region, list[Field]]] | None:
    """Each row with its labelled cells; None where the region holds no table. `columns` are further headings."""
    text = region.scan.text
    if text.find("\n", region.start, region.end) < 0:
        return None
    lines = [(m.start(), m.group()) for m in _LINE.finditer(text, region.start, region.end)]
    for index, (_, line) in enumerate(lines[:_HEADER_LINES]):
        mark = next((mark for mark in _MARKS if line.count(mark) >= _MIN_MARKS), None)
        if mark is None or index + 1 == len(lines) or re.search(r"\d{6}|[:=]", line):
            continue
        concepts = [(columns or {}).get(cell.strip()) or look_up(cell.strip()) for cell in line.strip("| ").split(mark)]
        if len([c for c in concepts if c]) > len(concepts) / 2:
            rows = [(start + len(row) - len(row.lstrip("| ")), row.strip("| ")) for start, row in lines[index + 1 :]]
            return [
                _row(region, start, row, concepts, mark)
                for start, row in rows
                if row.count(mark) >= _MIN_MARKS and re.search(r"[^-|: ]", row)
            ]
    return None


def _row(region: Region, start: int, row: str, concepts: list[str | None], mark: str) -> tuple[Region, list[Field]]:
    fields: list[Field] = []
    at = start
    for concept, cell in zip(concepts, row.split(mark), strict=False):
        if concept and cell.strip():
            lead = len(cell) - len(cell.lstrip())
            fields.append(Field(concept, concept, at + lead, at + lead, at + len(cell.rstrip())))
        at += len(cell) + 1
    return Region(region.scan, start, start + len(row)), fields
