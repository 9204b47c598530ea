"""What a report asks of the aggregates: the figures of a place over a range of days, of its children, of its posts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyroaring import BitMap
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.daily import catch_up, duty_cell
from storage.daily_count import WHOLE, CountCell, DutyCell
from storage.tables import Base
from storage.tables_daily import DailyCount, DailyDuty, DailyTotal

DUTY = list(Base.metadata.tables["daily_duty"].c)
HIGHEST = "\U0010ffff"


@dataclass(slots=True)
class Figures:
    """The figures of one place and period."""

    duty: DutyCell = field(default_factory=DutyCell)
    posts: dict[str, DutyCell] = field(default_factory=dict)
    """Of the place's own posts."""
    whole: dict[str, CountCell] = field(default_factory=dict)
    """Figure → its sum, with everything below."""
    by_post: dict[str, dict[str, CountCell]] = field(default_factory=dict)
    """Figure → post → its sum, of the place's own posts."""

    def value(self, name: str) -> int:
        """A count of things, 0 where nobody reported any."""
        cell = self.whole.get(name)
        return round(cell.value) if cell else 0


def read(session: Session, place: str, first: date, last: date) -> Figures:
    """The figures of a place, with everything below it."""
    catch_up(session)
    found = Figures()
    for row in _rows(session, DailyDuty, DUTY, DailyDuty.place == place, first, last):
        (found.duty if row.post == WHOLE else found.posts.setdefault(row.post, DutyCell())).merge(duty_cell(row))
    for _, post, name, cell in _counts(session, DailyCount.place == place, first, last):
        own = found.whole if post == WHOLE else found.by_post.setdefault(name, {})
        own[name if post == WHOLE else post] = cell
    told = (DailyCount.place == place, DailyCount.post == WHOLE, DailyCount.members.is_not(None))
    members = select(DailyCount.name, DailyCount.members).where(*told, DailyCount.day.between(first, last))
    for name, some in session.execute(members):
        found.whole[name].members |= BitMap.deserialize(some)
    return found


def _counts(session: Session, where: Any, first: date, last: date) -> Iterator[tuple[str, str, str, CountCell]]:
    """(place, post, figure, sum) of a period; the database adds, as most figures have no members."""
    query = select(DailyCount.place, DailyCount.post, DailyCount.name, *SUMS)
    query = query.where(where, DailyCount.day.between(first, last))
    query = query.group_by(DailyCount.place, DailyCount.post, DailyCount.name)
    for row in session.execute(query.order_by(func.min(DailyCount.day), DailyCount.place, DailyCount.name)):
        yield row[0], row[1], row[2], _sum(row[3:])


SUMS = (
    func.sum(DailyCount.value),
    func.sum(DailyCount.upper),
    func.sum(DailyCount.ranged),
    func.min(func.nullif(DailyCount.hedge, "")),
    func.max(func.nullif(DailyCount.hedge, "")),
    func.sum(DailyCount.reports),
)


def _sum(row: Any) -> CountCell:
    value, upper, ranged, least, most, reports = row
    return CountCell(value, upper, int(ranged), _hedge(least, most), int(reports))


def children(session: Session, place: str, first: date, last: date) -> dict[str, Figures]:
    """The figures of each place right below one, in the order of their names; those without any are not among them.
    Sets of people are known of duty alone.
    """
    catch_up(session)
    found: dict[str, Figures] = defaultdict(Figures)
    for row in _rows(session, DailyDuty, DUTY, DailyDuty.parent == place, first, last, DailyDuty.post == WHOLE):
        found[row.place].duty.merge(duty_cell(row))
    below = (DailyCount.parent == place) & (DailyCount.post == WHOLE)
    for child, _, name, cell in _counts(session, below, first, last):
        found[child].whole[name] = cell
    return dict(sorted(found.items()))


def by_day(session: Session, place: str, first: date, last: date) -> dict[date, DutyCell]:
    """The duty of each day: for curves."""
    catch_up(session)
    rows = _rows(session, DailyDuty, DUTY, DailyDuty.place == place, first, last, DailyDuty.post == WHOLE)
    return {row.day: duty_cell(row) for row in rows}


def sums(session: Session, place: str, last: date) -> dict[str, CountCell]:
    """Σ of every figure from the first day to `last`: 累计. Sets of people are not among it."""
    catch_up(session)
    query = select(DailyCount.name, *SUMS)
    query = query.where(DailyCount.place == place, DailyCount.post == WHOLE, DailyCount.day <= last)
    return {row[0]: _sum(row[1:]) for row in session.execute(query.group_by(DailyCount.name))}


def _hedge(least: str | None, most: str | None) -> str:
    """The hedge of a sum, from the first and the last of those of its parts."""
    return "about" if least != most else most or ""


def participations(session: Session, place: str, last: date) -> tuple[int, date | None]:
    """(人次 from the first day to `last`, the first day)."""
    catch_up(session)
    query = select(func.coalesce(func.sum(DailyDuty.participations), 0), func.min(DailyDuty.day))
    query = query.where(DailyDuty.place == place, DailyDuty.post == WHOLE, DailyDuty.day <= last)
    total, first = session.execute(query).one()
    return int(total), first


def newest_totals(session: Session, place: str, first: date, last: date) -> Mapping[str, tuple[float, str]]:
    """Figure → (stated total of all groups of a place together, its hedge). Of each post of a chat the newest counts;
    within one chat a total without a post covers those of its posts.
    """
    catch_up(session)
    query = select(DailyTotal).where(DailyTotal.day.between(first, last), *_below(DailyTotal.place, place))
    newest: dict[str, dict[tuple[str, str], tuple[float, str]]] = defaultdict(dict)
    for row in session.scalars(query.order_by(DailyTotal.number)):
        newest[row.name][row.chat, row.post] = (row.value, row.hedge)
    return {name: _together(said) for name, said in newest.items()}


def _together(said: Mapping[tuple[str, str], tuple[float, str]]) -> tuple[float, str]:
    whole = {chat for chat, post in said if not post}
    valid = [found for (chat, post), found in said.items() if not post or chat not in whole]
    hedges = {hedge for _, hedge in valid}
    return sum(value for value, _ in valid), next(iter(hedges)) if len(hedges) == 1 else "about"


def _below(column: Any, place: str) -> Iterator[Any]:
    """SQL: a place and everything below it."""
    if place:
        yield (column == place) | (func.substr(column, 1, len(place) + 1) == place + "/")


def reported(session: Session, places: Iterable[str], day: date) -> set[str]:
    """Those of the places from which, or from below which, anything came on a day."""
    catch_up(session)
    wanted = list(places)
    found: set[str] = set()
    for table in (DailyDuty, DailyCount):
        for start in range(0, len(wanted), 900):
            some = wanted[start : start + 900]
            query = select(table.place).where(table.day == day, table.post == WHOLE, table.place.in_(some))
            found |= set(session.scalars(query.distinct()))
    return found


def _rows(
    session: Session, table: Any, columns: list[Any], where: Any, first: date, last: date, *more: Any
) -> Iterator[Any]:
    query = select(*columns).where(where, table.day.between(first, last), *more)
    yield from session.execute(query.order_by(table.day, table.place, table.post))
