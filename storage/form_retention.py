"""Forgetting whom entries of forms were about."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from storage.portions import portions
from storage.tables_forms import FormChange, FormEntry

AT_ONCE = 500


def forget_people(session: Session, before: datetime) -> int:
    """Empty the entries that name a person or a phone and that nobody has changed since `before`: all their words, what
    found them, and what their history said. Numbers, days and figures stay. Returns how many entries.
    """
    named = or_(FormEntry.person.is_not(None), FormEntry.phone.is_not(None))
    numbers = list(session.scalars(select(FormEntry.number).where(FormEntry.updated_at < before, named)))
    for some in portions(numbers, AT_ONCE):
        for entry in session.scalars(select(FormEntry).where(FormEntry.number.in_(some))):
            entry.sealed = {}
            entry.person = entry.person_hash = entry.phone = entry.phone_hash = None
            entry.above = entry.above_hash = None
            # Its identity was made of what is forgotten: whoever tells of the same place begins a new entry.
            entry.identity = entry.identity_hash = f"forgotten {entry.number}"
        session.execute(
            update(FormChange).where(FormChange.entry.in_(some)).values(values={}),
            execution_options={"synchronize_session": False},
        )
    return len(numbers)
