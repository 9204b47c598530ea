# ruff: noqa: ARG001 - every reader takes the same arguments
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""返京/来京登记: forms, pasted tables, lists and sentences."""

import re
from collections.abc import Sequence

from handlers.language.entries import numbered
from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.returnee_labels import read_label
from handlers.language.returnee_speech import read_speech
from handlers.language.returnee_values import Returnee
from handlers.language.scan import Context, Region
from handlers.language.tables import read_table
from handlers.language.types import Record

_ENTRY = expression(
    r"^[ \t]*(?:[(\[]?\d{1,2}[)\].、:](?!\d)|[①-⑳]|[一二三四五六七八九十]{1,2}[、.])[ \t]*", re.MULTILINE
)
_LINE = expression(r"[^\n]+")
_FORM_MIN = 2
_HEADER = expression(
    r"(?:返京|来京|回京|抵京|进京|到京)(?:人员|信息|情况)*(?:登记|报备|报到|报告|申报|填报|上报|备案)(?:表|"
    r"信息)?(?:一下)?|(?:登记|报备|报告|填报|上报|报)(?:一下|个|两个|一个|\d个?)?(?:返京|来京|回京|抵京)(?:的|"
    r"人员|信息)?(?:\d人|[一二两三四五]人)?|返京报备"
)


def read_returnees(region: Region, context: Context) -> list[Record]:
    """One record per person: per form, per table row, per numbered or plain line, or one for the whole."""
    scan = region.scan
    if rows := read_table(region):
        return [record for row, cells in rows if (record := _table_row(row, cells, context))]
    fields = scan.fields(region.start, region.end)
    if len(fields) >= _FORM_MIN and any(f.concept not in ("unknown", "ignored", "remark") for f in fields):
        blocks = _form_blocks(fields)
        if len(blocks) > 1 or len(fields) >= 3:
            return [record for block in blocks if (record := _form(block, region, context, len(blocks)))]
    return [record for part, read in _parts(region) if (record := _free(part, context, read))]


def _table_row(row: Region, cells: Sequence[Field], context: Context) -> Record | None:
    person = Returnee(row)
    for cell in cells:
        read_label(person, cell)
    return person.record()


def _form_blocks(fields: Sequence[Field]) -> list[list[Field]]:
    """A second 姓名 opens the form of a second person."""
    blocks: list[list[Field]] = [[]]
    for item in fields:
        if item.concept == "name" and any(f.concept == "name" for f in blocks[-1]):
            blocks.append([])
        blocks[-1].append(item)
    return blocks


def _form(fields: Sequence[Field], region: Region, context: Context, blocks: int) -> Record | None:
    person = Returnee(region)
    values = [(item, read_label(person, item)) for item in fields]
    first, last = fields[0].label_start, fields[-1].end
    around = Region(region.scan, region.start if blocks == 1 else first, region.end if blocks == 1 else last)
    for item, value in values:
        if value is not None and item.concept not in _WHOLE:
            around.claim(item.label_start, item.start)
            around.put(value)
        else:
            around.claim(item.label_start, item.end)
    around.take_all(_HEADER)
    read_speech(person, around, names="name" not in person.fields and not any(f.concept == "name" for f in fields))
    return person.record()


def _free(region: Region, context: Context, read: Returnee | None) -> Record | None:
    """The person that a stretch speaks of; `read`: what was read in it as running text, if it was."""
    labelled = [item for item in region.scan.fields(region.start, region.end) if item.concept not in _NO_VALUE]
    if read is not None and not labelled:
        return read.record()
    person = Returnee(region)
    for item in labelled:
        _label_in_sentence(person, item, region)
    region.take_all(_HEADER)
    read_speech(person, region, names="name" not in person.fields)
    return person.record()


_WHOLE = frozenset({"ignored", "unknown"})
"""Values that are taken whole; behind the others a line may go on with something else, which is read as running
text.
"""
_NO_VALUE = frozenset({"unknown", "leader"})
_TO_COMMA = frozenset(
    {
        "name",
        "gender",
        "phone",
        "id_number",
        "temperature",
        "trip",
        "transport",
        "companions",
        "health",
        "origin",
        "employer",
        "isolation",
        "address",
    }
)


def _label_in_sentence(person: Returnee, item: Field, region: Region) -> None:
    """In running text a labelled value ends at the comma or space."""
    text = region.scan.text
    end = item.end
    if item.concept in _TO_COMMA and (stop := _SENTENCE_END.search(text, item.start, item.end)):
        end = stop.start()
    read_label(person, Field(item.concept, item.label, item.label_start, item.start, end))
    region.claim(item.label_start, end)


_SENTENCE_END = expression(r"[,;。]|(?<![0-9])[ ](?![0-9])|(?<=[0-9]{4})[ ](?=[一-鿿])")


def _parts(region: Region) -> list[tuple[Region, Returnee | None]]:
    """Parts with one person each: numbered entries, or lines that each hold a phone or a name of their own. Beside a
    line what was read in it to know that.
    """
    if parts := numbered(region) or _entries(region):
        return [(part, None) for part in parts]
    scan = region.scan
    lines = [Region(scan, m.start(), m.end()) for m in _LINE.finditer(scan.text, region.start, region.end)]
    people = [(line, person) for line in lines if (person := _in_line(line))] if len(lines) > 1 else []
    if len(people) > 1:
        return list(people)
    pieces = _pieces(region) if len(region.inside(scan.phones)) > 1 else None
    return [(part, None) for part in pieces or [region]]


def _entries(region: Region) -> list[Region]:
    """Lines behind numbers that do not count from one."""
    scan = region.scan
    entries = list(_ENTRY.finditer(scan.text, region.start, region.end))
    cuts = [m.end() for m in entries]
    ends = [m.start() for m in entries[1:]] + [region.end]
    return [Region(scan, a, b) for a, b in zip(cuts, ends, strict=True)] if entries else []


def _in_line(line: Region) -> Returnee | None:
    """What a line says of somebody, if it names him and says something."""
    person = Returnee(line)
    copy = Region(line.scan, line.start, line.end)
    copy.take_all(_HEADER)
    read_speech(person, copy, names=True)
    return person if "name" in person.fields and len(person.fields) > 1 else None


def _pieces(region: Region) -> list[Region] | None:
    """Sentences divided by `;` or `。` that each hold one phone."""
    scan = region.scan
    pieces = [
        Region(scan, m.start(), m.end()) for m in re.compile(r"[^;。]+").finditer(scan.text, region.start, region.end)
    ]
    return pieces if len(pieces) > 1 and all(len(p.inside(scan.phones)) == 1 for p in pieces) else None
