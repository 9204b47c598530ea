"""Reports and their workbooks and pictures against files that were checked by hand, line by line.

`KAKOU_GOLDEN=write pytest …` writes the files anew; read the difference before you keep it.
"""

import io
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from bot.trial import Trial
from handlers import texts_report as words
from handlers.reports import pictures, workbook
from handlers.reports.data import Period
from handlers.reports.digest import made, plain
from handlers.reports.figures import Report
from storage import daily
from tests.support import png

GOLDEN = Path(__file__).parents[1] / "golden"
SIDE = 5
"""Pixels of a picture that are compared as one."""
MOST_IN_THE_MEAN, MOST_ANYWHERE = 1.0, 40
"""Of 255: what another version of the setter may change at the edges of letters; another digit changes more."""


def same(name: str, text: str) -> None:
    """The text is that of the file."""
    file = GOLDEN / name
    if os.environ.get("KAKOU_GOLDEN") == "write":
        file.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == file.read_text(encoding="utf-8"), name


async def same_report(
    trial: Trial, name: str, place: str, period: Period, at: datetime, *, sheets: Iterable[str] = (words.SHEET_FIGURES,)
) -> Report:
    """The digest of a place, and some sheets of its workbook, are those of the file."""
    await trial.service.writer.run(daily.catch_up)
    with Session(trial.service.reader) as session:
        report = made(session, period, place, at, title=words.DIGEST if period.days == 1 else words.SUMMARY)
        book = workbook.report_book(session, report, period, at.tzinfo, masked=True)  # type: ignore[arg-type]
    same(name, f"{plain(report)}\n{numbers(book, sheets)}")
    return report


def numbers(book: bytes, sheets: Iterable[str] | None = None) -> str:
    """Every cell of a workbook, or of some of its sheets; a line a row."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(book))
    lines = []
    for name in found.sheet_names if sheets is None else sheets:
        lines.append(f"# {name}")
        lines += ["\t".join(str(cell) for cell in row) for row in found.get_sheet_by_name(name).to_python()]
    return "\n".join(lines)


def differences(name: str, picture: bytes) -> tuple[float, int]:
    """How far a picture is from the one in the file: in the mean, and where it is farthest."""
    file = GOLDEN / name
    if os.environ.get("KAKOU_GOLDEN") == "write":
        file.write_bytes(picture)
    mine, theirs = (png.read(data).smaller(SIDE) for data in (picture, file.read_bytes()))
    return png.distances(mine, theirs)


def real_size(shown: str) -> bytes:
    """The picture at 375 pixels, the width of a phone."""
    wide = pictures.PIXELS_PER_INCH
    pictures.PIXELS_PER_INCH = 72
    try:
        return pictures.render(shown)
    finally:
        pictures.PIXELS_PER_INCH = wide
