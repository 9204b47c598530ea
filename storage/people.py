"""Returnees and their health reports, as the reports of a period count them."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.records import Scope, within
from storage.tables import HealthReport, Returnee


def returnees(session: Session, scope: Scope) -> Sequence[Returnee]:
    """Registrations but undone ones, oldest first."""
    query = within(select(Returnee).where(Returnee.state.not_in(("undone", "merged"))), Returnee, scope)
    return session.scalars(query.order_by(Returnee.id)).all()


def health_reports(session: Session, scope: Scope) -> Sequence[HealthReport]:
    """Active health reports, oldest first."""
    query = within(select(HealthReport).where(HealthReport.state == "active"), HealthReport, scope)
    return session.scalars(query.order_by(HealthReport.id)).all()


def set_report_state(session: Session, ref: str, state: str) -> None:
    """Take a health report out of every figure, or back in."""
    session.execute(update(HealthReport).where(HealthReport.ref == ref).values(state=state))
