"""Counts of work done."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.records import Scope, within
from storage.tables import Figure


def listing(session: Session, scope: Scope) -> Sequence[Figure]:
    """Active counts, in the order in which they were reported."""
    query = within(select(Figure).where(Figure.state == "active"), Figure, scope)
    return session.scalars(query.order_by(Figure.id)).all()


def set_state(session: Session, ref: str, state: str) -> None:
    """Take the counts of a record out of the sums, or back in."""
    session.execute(update(Figure).where(Figure.ref == ref).values(state=state))
