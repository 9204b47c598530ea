"""Duty periods: open ones by person, and what reports need of them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.records import Scope, within
from storage.tables import Duty

Person = tuple[str, str]
"""(chat, person's name)."""


class OpenDuties(Facts[Person, Duty]):
    """A person's open duty periods in one chat."""

    def fetch(self, keys: list[Person]) -> Iterable[tuple[Person, Duty]]:
        query = select(Duty).where(tuple_(Duty.chat, Duty.person).in_(keys), Duty.state == "open").order_by(Duty.id)
        return [((row.chat, row.person), row) for row in self.session.scalars(query)]

    def open_of(self, chat: str, person: str) -> list[Duty]:
        """Those that are still open, oldest first."""
        return [duty for duty in self.of((chat, person)) if duty.state == "open"]


def of_ref(session: Session, ref: str) -> Sequence[Duty]:
    """The periods that a record opened or closed."""
    return session.scalars(select(Duty).where((Duty.in_ref == ref) | (Duty.out_ref == ref))).all()


def listing(session: Session, scope: Scope) -> Sequence[Duty]:
    """All periods but undone ones, by post and person."""
    query = within(select(Duty).where(Duty.state != "undone"), Duty, scope)
    return session.scalars(query.order_by(Duty.post, Duty.person, Duty.id)).all()


def of_person(session: Session, chat: str, person: str, scope: Scope) -> Sequence[Duty]:
    """One person's periods in a chat, newest first."""
    query = select(Duty).where(Duty.state != "undone", Duty.person == person, Duty.chat == chat)
    return session.scalars(within(query, Duty, scope).order_by(Duty.id.desc())).all()
