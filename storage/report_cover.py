"""When somebody was last at posts where nobody is now."""

from collections.abc import Collection, Iterator
from datetime import date, datetime

from sqlalchemy import Row, func, select, type_coerce
from sqlalchemy.orm import Session

from storage.portions import portions
from storage.tables import Duty
from storage.types import Moment

AT_ONCE = 500
LastEnd = Row[tuple[str, str, datetime]]


def last_ends(
    session: Session, units: Collection[str], day: date, during: tuple[datetime, datetime]
) -> Iterator[LastEnd]:
    """(unit, post, when the last period there ended) of periods that began on a local day and ended `during` a time, of
    the units themselves; posts as they were named.
    """
    newest = type_coerce(func.max(Duty.ends_at), Moment())
    for some in portions(sorted(units), AT_ONCE):
        # All that is asked for stands in the index of days: no row is read.
        live = (Duty.day == day, Duty.unit.in_(some), Duty.state != "undone", Duty.ends_at.between(*during))
        yield from session.execute(select(Duty.unit, Duty.post, newest).where(*live).group_by(Duty.unit, Duty.post))
