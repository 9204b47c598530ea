"""When somebody was last at posts where nobody is now."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import Duty
from storage.types import Moment

AT_ONCE = 500
A_NIGHT = timedelta(days=1)


def last_ends(session: Session, units: Collection[str], today: date) -> Iterator[tuple[str, str, datetime]]:
    """(unit, post, when the last period there ended) of periods since yesterday, of the units themselves; posts as they
    were named.
    """
    days = (today - A_NIGHT, today)
    for some in _chunks(sorted(units)):
        here = (Duty.day.in_(days), Duty.unit.in_(some), Duty.state == "closed", Duty.ends_at.is_not(None))
        query = select(Duty.unit, Duty.post, func.max(Duty.ends_at, type_=Moment)).where(*here)
        yield from session.execute(query.group_by(Duty.unit, Duty.post)).all()  # type: ignore[misc]  # none of the ends is null


def _chunks(units: Sequence[str]) -> Iterator[Sequence[str]]:
    return (units[start : start + AT_ONCE] for start in range(0, len(units), AT_ONCE))
