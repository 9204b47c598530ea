"""Returnees and their health reports."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.records import Scope, within
from storage.tables import HealthReport, Returnee


class ReturneesByName(Facts[tuple[str, str], Returnee]):
    """Returnees of one chat by the keyed hash of their name."""

    def fetch(self, keys: list[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], Returnee]]:
        wanted = tuple_(Returnee.chat, Returnee.name_hash).in_(keys)
        query = select(Returnee).where(wanted, Returnee.state != "undone").order_by(Returnee.id)
        return [((row.chat, row.name_hash or ""), row) for row in self.session.scalars(query)]


def returnees(session: Session, scope: Scope) -> Sequence[Returnee]:
    """Registrations but undone ones, oldest first."""
    query = within(select(Returnee).where(Returnee.state != "undone"), Returnee, scope)
    return session.scalars(query.order_by(Returnee.id)).all()


def health_reports(session: Session, scope: Scope) -> Sequence[HealthReport]:
    """Active health reports, oldest first."""
    query = within(select(HealthReport).where(HealthReport.state == "active"), HealthReport, scope)
    return session.scalars(query.order_by(HealthReport.id)).all()


def returnee(session: Session, ref: str) -> Returnee | None:
    """One returnee by reference."""
    return session.scalar(select(Returnee).where(Returnee.ref == ref))


def set_state(session: Session, ref: str, state: str) -> None:
    """Set the state of a registration or health report: `undone` takes it out of every figure."""
    registration = "undone" if state == "undone" else "registered"
    session.execute(update(Returnee).where(Returnee.ref == ref).values(state=registration))
    session.execute(update(HealthReport).where(HealthReport.ref == ref).values(state=state))
