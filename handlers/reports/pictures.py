"""The picture of a day: key figures, bars per post or unit, the last 14 days, a table.

Two steps. `content` gathers what is shown, as JSON, in the transaction of the report; `render` sets it with Typst, in a
thread of its own, when it is sent. The extra `kakou[pictures]` brings Typst and a font that has rare characters of
names, too.
"""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.reports.data import Period
from handlers.reports.figures import Report, Row
from storage import daily_read

FONT_PACKAGE = "noto_cjk_sans_otc"
TEMPLATE = Path(__file__).with_name("picture.typ")
DAYS = 14
FEWEST_DAYS = 3
"""Of fewer there is no curve to see. Days before the first duty are not shown as days without any."""
PIXELS_PER_INCH = 144
"""Two pixels for each of the 375 points of a phone's width."""
MOST_BARS = 12
MOST_TILES = 6
MOST_ROWS = 16
MOST_BYTES = 2 * 1024 * 1024


def available() -> bool:
    """Whether what the extra brings is installed."""
    return find_spec("typst") is not None and find_spec(FONT_PACKAGE) is not None


def content(session: Session, report: Report, period: Period) -> str:
    """What the picture shows, as JSON."""
    bars_title, bars = _bars(session, report.place, period)
    days = _days(session, report.place, period)
    rows = [row for row in report.rows if row.value or row.before or row.total]
    shown: dict[str, Any] = {
        "title": report.title,
        "head": report.head,
        "tiles": [_tile(row, report.former) for row in rows[:MOST_TILES]],
        "bars_title": bars_title,
        "bars": bars,
        "days_title": words.LAST_DAYS.format(days=len(days)),
        "days": days,
        "most_shown": words.MOST_PER_DAY.format(most=words.number(max((day["value"] for day in days), default=0))),
        "rows_title": words.ALL_FIGURES,
        "header": words.columns(report.former),
        "rows": [_row(row) for row in rows[:MOST_ROWS]],
        "notes": [report.closing] if report.closing else [words.QUIET],
    }
    return json.dumps(shown, ensure_ascii=False)


def _tile(row: Row, former: str) -> dict[str, str]:
    change = words.against(row.value, former, row.before) if row.before is not None else ""
    shown = {"label": row.label, "hedge": row.hedge, "value": words.number(row.value), "measure": row.measure}
    return {**shown, "change": change}


def _row(row: Row) -> list[str]:
    others = ("–" if value is None else words.number(value) for value in (row.before, row.total))
    return [row.label, f"{row.hedge}{words.number(row.value)} {row.measure}", *others]


def _bars(session: Session, place: str, period: Period) -> tuple[str, list[dict[str, Any]]]:
    """By unit where there are any below, else by post; the tallest first. A single bar would say nothing."""
    children = {} if place.startswith("@") else daily_read.children(session, place, period.first, period.last)
    units = {path.rsplit("/", 1)[-1]: found.duty.participations for path, found in children.items() if path[0] != "@"}
    if units:
        return words.BARS_BY_UNIT, _tallest(units) if len(units) > 1 else []
    own = daily_read.read(session, place, period.first, period.last).posts
    posts = {name or words.NO_POST: cell.participations for name, cell in own.items()}
    return words.BARS_BY_POST, _tallest(posts) if len(posts) > 1 else []


def _tallest(values: dict[str, int]) -> list[dict[str, Any]]:
    chosen = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:MOST_BARS]
    return [{"label": name, "value": value, "shown": words.number(value)} for name, value in chosen if value]


def _days(session: Session, place: str, period: Period) -> list[dict[str, Any]]:
    first = period.last - timedelta(days=DAYS - 1)
    known = daily_read.by_day(session, place, first, period.last)
    began = daily_read.participations_all(session, [place], period.last)[place][1]
    if began is None or (period.last - began).days + 1 < FEWEST_DAYS:
        return []
    days = [day for number in range(DAYS) if (day := first + timedelta(days=number)) >= began]
    return [{"label": f"{d.month}/{d.day}", "value": known[d].participations if d in known else 0} for d in days]


@cache
def _compiler() -> Any:
    typst = import_module("typst")
    font = Path(import_module(FONT_PACKAGE).__file__ or "").parent
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font)])
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)


def render(shown: str) -> bytes:
    """The PNG of what `content` gathered. Raises ValueError where it is larger than a chat takes."""
    pages = _compiler().compile(format="png", ppi=PIXELS_PER_INCH, sys_inputs={"data": shown})
    image: bytes = pages if isinstance(pages, bytes) else _only(pages)
    if len(image) > MOST_BYTES:
        raise ValueError(f"{len(image)} bytes, {MOST_BYTES} are allowed")
    return image


def _only(pages: Sequence[bytes]) -> bytes:
    if len(pages) != 1:
        raise ValueError(f"{len(pages)} pages")
    return pages[0]
