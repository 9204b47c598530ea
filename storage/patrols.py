"""Plans of rounds, rounds, findings: what handlers, the job and reports look up."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, or_, select, tuple_
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.nest import Nest
from storage.records import Scope, within
from storage.tables_patrols import Finding, FindingEvent, FindingPicture, PatrolPlan, PatrolRound, PatrolSlot


@dataclass(frozen=True, slots=True)
class Waiting:
    """Findings in one state that are not closed."""

    state: str
    number: int
    since: date
    """Day on which the oldest of them was found."""


class Plans(Facts[str, PatrolPlan]):
    """Active plans by chat, for the batch."""

    def fetch(self, keys: list[str]) -> Iterator[tuple[str, PatrolPlan]]:
        for row in self.session.scalars(_PLANS, {"chats": keys}):
            yield row.chat, row

    def active(self, chat: str) -> list[PatrolPlan]:
        """Those of a chat as things stand in the batch, by post."""
        return sorted((row for row in self.of(chat) if row.state == "active"), key=lambda row: row.post)


class Rounds(Facts[tuple[str, date], PatrolRound]):
    """Rounds by chat and day, for the batch."""

    def fetch(self, keys: list[tuple[str, date]]) -> Iterator[tuple[tuple[str, date], PatrolRound]]:
        for row in self.session.scalars(_ROUNDS, {"keys": keys}):
            yield (row.chat, row.day), row

    def between(self, chat: str, since: datetime, until: datetime) -> list[PatrolRound]:
        """Those of a chat between two local moments as things stand in the batch, oldest first."""
        found = [row for key in days_of(chat, since, until) for row in self.of(key)]
        made = (row for row in found if row.state == "active" and since <= row.at <= until)
        return sorted(made, key=lambda row: row.at)


_PLANS = (
    select(PatrolPlan)
    .where(PatrolPlan.chat.in_(bindparam("chats", expanding=True)), PatrolPlan.state == "active")
    .order_by(PatrolPlan.id)
)
_ROUNDS = (
    select(PatrolRound)
    .where(tuple_(PatrolRound.chat, PatrolRound.day).in_(bindparam("keys", expanding=True)))
    .order_by(PatrolRound.id)
)


def days_of(chat: str, since: datetime, until: datetime) -> list[tuple[str, date]]:
    """The keys of `Rounds` between two local moments."""
    first = since.date()
    return [(chat, first + timedelta(days=number)) for number in range((until.date() - first).days + 1)]


def plans(session: Session, chat: str | None = None) -> Sequence[PatrolPlan]:
    """Active plans, of one chat or of all, by post."""
    query = select(PatrolPlan).where(PatrolPlan.state == "active")
    if chat is not None:
        query = query.where(PatrolPlan.chat == chat)
    return session.scalars(query.order_by(PatrolPlan.post, PatrolPlan.id)).all()


def plans_by(session: Session, by: str) -> Sequence[PatrolPlan]:
    """Every plan that somebody made, stopped ones too, oldest first."""
    return session.scalars(select(PatrolPlan).where(PatrolPlan.by == by).order_by(PatrolPlan.id)).all()


def slot(session: Session, plan_id: int, due_at: datetime) -> PatrolSlot | None:
    """One due round of a plan."""
    return session.scalar(select(PatrolSlot).where(PatrolSlot.plan_id == plan_id, PatrolSlot.due_at == due_at))


def known_slots(session: Session, since: datetime) -> set[tuple[int, datetime]]:
    """(plan, moment) of the due rounds that are in the books."""
    query = select(PatrolSlot.plan_id, PatrolSlot.due_at).where(PatrolSlot.due_at >= since)
    return {(row.plan_id, row.due_at) for row in session.execute(query)}


def unsettled(session: Session) -> Sequence[PatrolSlot]:
    """Due rounds that something is still to be said or decided about, oldest first."""
    silent = (PatrolSlot.state == "missed") & PatrolSlot.alerted_at.is_(None) & (PatrolSlot.note == "")
    query = select(PatrolSlot).where(or_(PatrolSlot.state == "due", silent))
    return session.scalars(query.order_by(PatrolSlot.due_at, PatrolSlot.id)).all()


def of_plan(session: Session, plan_id: int, since: datetime) -> Sequence[PatrolSlot]:
    """The due rounds of a plan, oldest first."""
    query = select(PatrolSlot).where(PatrolSlot.plan_id == plan_id, PatrolSlot.due_at >= since)
    return session.scalars(query.order_by(PatrolSlot.due_at)).all()


def due_of_plan(session: Session, plan_id: int) -> Sequence[PatrolSlot]:
    """The rounds of a plan that are due and not made."""
    return session.scalars(select(PatrolSlot).where(PatrolSlot.plan_id == plan_id, PatrolSlot.state == "due")).all()


def of_turn(session: Session, plan_id: int, turn: date) -> Sequence[PatrolSlot]:
    """The due rounds of one turn of a plan that are in the books."""
    query = select(PatrolSlot).where(PatrolSlot.plan_id == plan_id, PatrolSlot.turn == turn)
    return session.scalars(query.order_by(PatrolSlot.due_at)).all()


def slot_of_round(session: Session, ref: str) -> PatrolSlot | None:
    """The due round that a round closed."""
    return session.scalar(select(PatrolSlot).where(PatrolSlot.round_ref == ref))


def rounds(session: Session, chat: str, since: datetime, until: datetime) -> Sequence[PatrolRound]:
    """The rounds of a chat between two moments, oldest first."""
    query = select(PatrolRound).where(PatrolRound.chat == chat, PatrolRound.state == "active")
    query = query.where(PatrolRound.at >= since, PatrolRound.at <= until)
    return session.scalars(query.order_by(PatrolRound.at, PatrolRound.id)).all()


def rounds_by_ref(session: Session, refs: Collection[str]) -> dict[str, PatrolRound]:
    """Rounds by the reference of their record."""
    return {row.ref: row for row in session.scalars(select(PatrolRound).where(PatrolRound.ref.in_(refs)))}


def finding(session: Session, ref: str) -> Finding | None:
    """One finding."""
    return session.scalar(select(Finding).where(Finding.ref == ref))


def findings(session: Session, states: Collection[str], place: Scope) -> Sequence[Finding]:
    """Findings in these states, oldest first."""
    query = within(select(Finding).where(Finding.state.in_(states)), Finding, place)
    return session.scalars(query.order_by(Finding.found_at, Finding.id)).all()


def findings_at(session: Session, chat: str, moment: datetime) -> Sequence[Finding]:
    """What was found in a chat on the round of a moment."""
    query = select(Finding).where(Finding.chat == chat, Finding.found_at == moment, Finding.state != "undone")
    return session.scalars(query.order_by(Finding.id)).all()


def closed_on(session: Session, day: date, place: Scope) -> Sequence[Finding]:
    """Findings that were closed on a day."""
    query = within(select(Finding).where(Finding.state == "closed", Finding.closed_on == day), Finding, place)
    return session.scalars(query.order_by(Finding.id)).all()


def last_step_of(session: Session, actor: str, since: datetime) -> FindingEvent | None:
    """The last step that somebody took about a finding since a moment."""
    query = select(FindingEvent).where(FindingEvent.actor == actor, FindingEvent.at >= since)
    return session.scalar(query.order_by(FindingEvent.id.desc()).limit(1))


def events(session: Session, ref: str) -> Sequence[FindingEvent]:
    """The history of a finding, oldest first."""
    return session.scalars(select(FindingEvent).where(FindingEvent.ref == ref).order_by(FindingEvent.id)).all()


def pictures(session: Session, refs: Collection[str]) -> dict[str, int]:
    """How many pictures findings have."""
    query = select(FindingPicture.ref, func.count()).where(FindingPicture.ref.in_(refs)).group_by(FindingPicture.ref)
    return dict(session.execute(query).tuples().all())


# -- for reports ---------------------------------------------------------------------------------------------------


def rounds_in(session: Session, place: Scope) -> Iterator[PatrolRound]:
    """The rounds of a period, oldest first."""
    query = within(select(PatrolRound).where(PatrolRound.state == "active"), PatrolRound, place)
    yield from session.scalars(query.order_by(PatrolRound.at, PatrolRound.id))


def missed_in(session: Session, place: Scope) -> Iterator[PatrolSlot]:
    """The due rounds of a period that nobody told of, oldest first."""
    query = within(select(PatrolSlot).where(PatrolSlot.state == "missed"), PatrolSlot, place)
    yield from session.scalars(query.order_by(PatrolSlot.due_at, PatrolSlot.id))


def touched_in(session: Session, place: Scope) -> Iterator[Finding]:
    """Findings that were found, put right or closed in a period, oldest first."""
    query = within(select(Finding).where(Finding.state != "undone"), Finding, Scope(unit=place.unit, chat=place.chat))
    if place.first and place.last:
        days = (Finding.day, Finding.fixed_on, Finding.closed_on)
        query = query.where(or_(*(day.between(place.first, place.last) for day in days)))
    yield from session.scalars(query.order_by(Finding.found_at, Finding.id))


def waiting_all(session: Session, nest: Nest, states: Sequence[str]) -> dict[str, list[Waiting]]:
    """Of each place: findings that are not closed, by state, in the order of `states`."""
    columns = (Finding.unit, Finding.chat, Finding.state)
    here = nest.rows(session, Finding.unit, Finding.chat)
    query = select(*columns, func.count(), func.min(Finding.day)).where(Finding.state.in_(states), here)
    found: dict[str, dict[str, Waiting]] = {}
    for unit, chat, state, number, since in session.execute(query.group_by(*columns)):
        for place in nest.of(unit, chat):
            known = found.setdefault(place, {}).get(state)
            first = min(since, known.since) if known else since
            found[place][state] = Waiting(state, number + (known.number if known else 0), first)
    return {place: [known[state] for state in states if state in known] for place, known in found.items()}
