"""A report as Markdown: plain numbered lines for every channel, tables where the channel shows them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.language.form_spec import FormSpec
from handlers.reports.content import report
from handlers.reports.data import Period, place_for, snapshots
from handlers.reports.figures import Line, Report, Section
from handlers.supplies.rules import Rules

EVENING = 20
"""Hour from which a day is held against whole ones: little comes after it."""


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
    forms: Sequence[FormSpec] | None = None,
    rules: Rules | None = None,
) -> Report:
    """The report itself. `units`: paths that are known beside those of the books; `forms`, `rules` of supplies: the
    service's.
    """
    return made_all(session, period, [place], as_of, title=title, units=units, forms=forms, rules=rules)[place]


def made_all(
    session: Session,
    period: Period,
    places: Collection[str],
    as_of: datetime,
    *,
    title: str,
    units: Collection[str] = (),
    forms: Sequence[FormSpec] | None = None,
    rules: Rules | None = None,
) -> dict[str, Report]:
    """The same for many places, from books that are read once for all of them."""
    present = period.first <= as_of.date() and (as_of.date() - period.last).days <= 1
    today = as_of.date()
    found = snapshots(session, period, places, present=present, units=units, forms=forms, rules=rules, today=today)
    compares = period.last < today or as_of.hour >= EVENING
    return {place: report(replace(one, compares=compares), as_of, title) for place, one in found.items()}


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


def _numbered(sections: Collection[Section], *, as_table: bool = False) -> Iterator[str]:
    number = 0
    for section in sections:
        yield f"**{section.title}**（{section.when}）"
        rows: list[tuple[int, Line]] = []
        for line in section.lines:
            number += bool(line.source)
            if as_table and line.cells and several(section):
                rows.append((number, line))
                continue
            yield from _row(line, number)
        if rows:
            yield from ["", *_table(rows), ""]


def several(section: Section) -> bool:
    """Whether a section has enough rows of one kind for a table."""
    return sum(bool(line.cells) for line in section.lines) > 1


def _row(line: Line, number: int) -> Iterator[str]:
    yield f"{number}. {line.text}" if line.source else f"· {line.text}"
    if line.more:
        yield f"　{line.more}"


def tables(made_: Report) -> str:
    """For channels that show tables (`markdown_v2`): posts and units as tables, the rest as lines. Empty where nothing
    would become a table: the older Markdown is shown by more clients.
    """
    lines = list(_numbered(made_.sections, as_table=True))
    if not any(line.startswith("|") for line in lines):
        return ""
    head = [f"# {made_.title}", f"> {made_.head}", *_changes(made_)]
    closing = [f"> {made_.closing}"] if made_.closing else []
    return "\n".join([*head, *lines, *closing])


def _table(rows: Collection[tuple[int, Line]]) -> Iterator[str]:
    """Rows of one kind, each with its number."""
    header = words.TABLE_HEADERS[max(len(line.cells) for _, line in rows)]
    yield f"| {' | '.join(header)} |"
    yield f"| {' | '.join([':---', *['---:'] * (len(header) - 1)])} |"
    for number, line in rows:
        yield f"| {' | '.join([_cell(f'{number}. {line.cells[0]}'), *(_cell(c) for c in line.cells[1:])])} |"


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")
