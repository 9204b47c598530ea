"""A report as Markdown: plain numbered lines for every channel, tables where the channel shows them."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.reports.content import report
from handlers.reports.data import Period, place_for, snapshot
from handlers.reports.figures import Report, Section


def compose(session: Session, period: Period, unit: str, chat: str, as_of: datetime, *, title: str) -> str:
    """The digest of a unit (or chat; or of everything) for a period, as plain Markdown. `as_of` is local."""
    return plain(made(session, period, place_for(unit, chat), as_of, title=title))


def made(
    session: Session,
    period: Period,
    place: str,
    as_of: datetime,
    *,
    title: str,
    units: Collection[str] = (),
) -> Report:
    """The report itself. `units`: paths that are known beside those of the books."""
    present = period.first <= as_of.date() and (as_of.date() - period.last).days <= 1
    return report(snapshot(session, period, place, present=present, units=units), as_of, title)


def plain(made_: Report) -> str:
    """Lines without tables. Lines with a figure carry the number under which `/列` lists their records."""
    head = [f"**{made_.title}**", f"> {made_.head}", *_changes(made_)]
    lines = list(_numbered(made_.sections))
    if not lines:
        return "\n".join([*head, words.QUIET])
    closing = [f"> {made_.closing}"] if made_.closing else []
    return "\n".join([*head, *lines, *closing])


def _changes(made_: Report) -> list[str]:
    return [words.CHANGED_HEAD, *made_.changes] if made_.changes else []


def _numbered(sections: Collection[Section]) -> Iterator[str]:
    number = 0
    for section in sections:
        yield f"**{section.title}**（{section.when}）"
        for line in section.lines:
            number += bool(line.source)
            yield f"{number}. {line.text}" if line.source else f"· {line.text}"
            if line.more:
                yield f"　{line.more}"


def tables(made_: Report) -> str:
    """For channels that show tables (`markdown_v2`): the figures as one table, the rest as lines."""
    head = [f"# {made_.title}", f"> {made_.head}", *_changes(made_)]
    rows = [
        "| 指标 | 本期 | 上期 | 累计 |",
        "| :--- | ---: | ---: | ---: |",
        *(_table_row(row.label, row.value, row.measure, row.before, row.total) for row in made_.rows),
    ]
    lines = list(_numbered(made_.sections))
    if not lines:
        return "\n".join([*head, words.QUIET])
    table = rows if made_.rows else []
    closing = [f"> {made_.closing}"] if made_.closing else []
    return "\n".join([*head, *table, *lines, *closing])


def _table_row(label: str, value: float, measure: str, before: float | None, total: float | None) -> str:
    cells = (f"{words.number(value)} {measure}", *("–" if v is None else words.number(v) for v in (before, total)))
    return f"| {_cell(label)} | {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
