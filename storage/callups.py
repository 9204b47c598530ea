"""Call-ups, their sign-ups in order, their splits."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.probe import Probe
from storage.tables_duty import CallUp, Deployment, SignUp

LIVE = ("open", "confirmed")


class CallUps(Facts[str, CallUp]):
    """The calls of a chat that are going on, oldest first."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, CallUp]]:
        query = select(CallUp).where(CallUp.chat.in_(keys), CallUp.state.in_(LIVE)).order_by(CallUp.id)
        return [(row.chat, row) for row in self.session.scalars(query)]

    def live(self, chat: str) -> list[CallUp]:
        """Those that still go on."""
        return [row for row in self.of(chat) if row.state in LIVE]


class SignUps(Facts[int, SignUp]):
    """The sign-ups of a call-up in their order, taken back ones included."""

    def fetch(self, keys: list[int]) -> Iterable[tuple[int, SignUp]]:
        query = select(SignUp).where(SignUp.call_up_id.in_(keys)).order_by(SignUp.id)
        return [(row.call_up_id, row) for row in self.session.scalars(query)]


class Called(Facts[tuple[str, str], SignUp]):
    """The active sign-ups of a name in a chat for calls that go on."""

    PROBE = Probe[tuple[str, str]]("EXISTS (SELECT 1 FROM sign_ups WHERE chat = {0} AND person = {1})")

    def fetch(self, keys: list[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], SignUp]]:
        live = select(CallUp.id).where(CallUp.state.in_(LIVE))
        wanted = tuple_(SignUp.chat, SignUp.person).in_(keys)
        query = select(SignUp).where(wanted, SignUp.state == "active", SignUp.call_up_id.in_(live)).order_by(SignUp.id)
        return [((row.chat, row.person), row) for row in self.session.scalars(query)]


def by_ref(session: Session, ref: str) -> CallUp | None:
    """A call-up by its reference."""
    return session.scalar(select(CallUp).where(CallUp.ref == ref))


def by_id(session: Session, call_up_id: int) -> CallUp | None:
    """A call-up."""
    return session.get(CallUp, call_up_id)


def of_record(session: Session, ref: str) -> Sequence[SignUp]:
    """The sign-ups that a record made."""
    return session.scalars(select(SignUp).where(SignUp.ref == ref)).all()


def named(session: Session, people: Sequence[str]) -> Sequence[SignUp]:
    """The sign-ups of people for calls that go on, taken back ones included."""
    live = select(CallUp.id).where(CallUp.state.in_(LIVE))
    query = select(SignUp).where(SignUp.call_up_id.in_(live), SignUp.person.in_(people))
    return session.scalars(query.order_by(SignUp.id)).all()


def going_on(session: Session) -> Sequence[CallUp]:
    """All calls that go on."""
    return session.scalars(select(CallUp).where(CallUp.state.in_(LIVE)).order_by(CallUp.id)).all()


def sign_ups(session: Session, call_up_id: int) -> Sequence[SignUp]:
    """The sign-ups of a call-up in their order."""
    return session.scalars(select(SignUp).where(SignUp.call_up_id == call_up_id).order_by(SignUp.id)).all()


def deployments(session: Session, call_up_id: int) -> Sequence[Deployment]:
    """Where its people are."""
    return session.scalars(select(Deployment).where(Deployment.call_up_id == call_up_id).order_by(Deployment.id)).all()
