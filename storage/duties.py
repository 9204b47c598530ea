"""Duty periods: a person's newest ones for the next report, and what lists, ledgers and reports need of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Row, Select, and_, bindparam, func, or_, select, tuple_, type_coerce
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.nest import Nest
from storage.probe import Probe
from storage.records import Scope, within
from storage.tables import Duty

Who = tuple[str, str, date]
"""(chat, person's name, first day) or, for an account in all its chats, ("", user id, first day)."""

NAMED_DAYS = 6


class Periods(Facts[Who, Duty]):
    """A person's periods that a report may be about: since a day, by name in a chat and by account everywhere."""

    PROBE = Probe[Who](
        "CASE {0} WHEN '' THEN EXISTS (SELECT 1 FROM duties WHERE account = {1} AND day >= {2})"
        " ELSE EXISTS (SELECT 1 FROM duties WHERE chat = {0} AND person = {1} AND day >= {2}) END"
    )

    def fetch(self, keys: list[Who]) -> Iterable[tuple[Who, Duty]]:
        since = min(key[2] for key in keys)
        wanted: dict[tuple[str, str], list[Who]] = defaultdict(list)
        for key in keys:
            wanted[key[:2]].append(key)
        told = {"names": [who for who in wanted if who[0]], "users": [user for chat, user in wanted if not chat]}
        for row in self.session.scalars(_PERIODS, {**told, "since": since}):
            for who in ((row.chat, row.person), ("", row.account)):
                yield from ((key, row) for key in wanted.get(who, ()) if row.day >= key[2])

    def of_both(self, name: Who, account: Who | None) -> list[Duty]:
        """The periods under either key, each once, but undone ones; oldest first."""
        found = {id(row): row for key in (name, account) if key for row in self.of(key)}
        return sorted((row for row in found.values() if row.state != "undone"), key=_order)

    def note(self, name: Who, account: Who | None, row: Duty) -> None:
        """A new period."""
        self.add(name, row)
        if account:
            self.of(account).append(row)


_PERIODS = (
    select(Duty)
    .where(
        or_(
            tuple_(Duty.chat, Duty.person).in_(bindparam("names", expanding=True)),
            Duty.account.in_(bindparam("users", expanding=True)),
        ),
        Duty.day >= bindparam("since"),
        Duty.state != "undone",
    )
    .order_by(Duty.id)
)


def _order(row: Duty) -> float:
    known = row.starts_at or row.ends_at
    return known.timestamp() if known else 0.0


def of_ref(session: Session, ref: str) -> Sequence[Duty]:
    """The periods that a record opened or closed."""
    return session.scalars(select(Duty).where((Duty.in_ref == ref) | (Duty.out_ref == ref))).all()


def of_people(session: Session, chat: str, people: Sequence[str], account: str, since: date) -> Sequence[Duty]:
    """The periods since a day of people named in a chat, and of an account wherever they were reported."""
    named = and_(Duty.chat == chat, Duty.person.in_(people))
    whose = or_(named, Duty.account == account) if account else named
    return session.scalars(select(Duty).where(whose, Duty.day >= since).order_by(Duty.id)).all()


def listing(session: Session, scope: Scope) -> Sequence[Duty]:
    """All periods but undone ones, by post and person."""
    query = within(select(Duty).where(Duty.state != "undone"), Duty, scope)
    return session.scalars(query.order_by(Duty.post, Duty.person, Duty.id)).all()


def of_person(session: Session, chat: str, person: str, scope: Scope) -> Sequence[Duty]:
    """One person's periods in a chat, newest first."""
    query = select(Duty).where(Duty.state != "undone", Duty.person == person, Duty.chat == chat)
    return session.scalars(within(query, Duty, scope).order_by(Duty.id.desc())).all()


def of_volunteer(
    session: Session, account: str, name: tuple[str, str], person_id: int | None, scope: Scope
) -> Sequence[Duty]:
    """A volunteer's periods wherever they were reported, newest first: by account, by the books' person, and by
    (chat, name) where no other account is known for the name.
    """
    whose = [and_(Duty.chat == name[0], Duty.person == name[1], Duty.account.in_(("", account)))]
    if account:
        whose.append(Duty.account == account)
    if person_id is not None:
        whose.append(Duty.person_id == person_id)
    found: dict[int, Duty] = {}
    for condition in whose:
        query = within(select(Duty).where(condition, Duty.state != "undone"), Duty, scope)
        found |= {row.id: row for row in session.scalars(query)}
    return sorted(found.values(), key=lambda row: row.id, reverse=True)


def _raw(column: Any) -> Any:
    """A moment as the database has it, naive UTC: half the cost where thousands are only compared."""
    return type_coerce(column, DateTime()).label(column.key)


def open_by_post(session: Session, scope: Scope) -> Sequence[Row[tuple[str, str, int, int]]]:
    """(unit, post, named people, unnamed people) on duty now."""
    columns = (Duty.unit, Duty.post, func.count(), func.coalesce(func.sum(Duty.unnamed), 0))
    query = within(select(*columns).where(Duty.state == "open"), Duty, scope)
    return session.execute(query.group_by(Duty.unit, Duty.post).order_by(Duty.unit, Duty.post)).all()


def on_duty(session: Session, scope: Scope, limit: int) -> Sequence[Row[tuple[str, str, str, datetime]]]:
    """(unit, post, person, start in naive UTC) of people on duty now, by post."""
    columns = (Duty.unit, Duty.post, Duty.person, _raw(Duty.starts_at))
    query = within(select(*columns).where(Duty.state == "open"), Duty, scope)
    return session.execute(query.order_by(Duty.unit, Duty.post, Duty.id).limit(limit)).all()


def stretches(
    session: Session, scope: Scope, since: datetime, posts: Sequence[str] | None = None
) -> Sequence[Row[tuple[str, str, datetime, datetime | None, str, str]]]:
    """(person, post, start, end, state, unit) of periods that went on after `since`, in naive UTC, undone ones left
    out. `posts`: only those and the ones without a post.
    """
    first = since.date() - timedelta(days=2)
    columns = (Duty.person, Duty.post, _raw(Duty.starts_at), _raw(Duty.ends_at), Duty.state, Duty.unit)
    live = or_(Duty.state == "open", Duty.ends_at >= since, and_(Duty.state == "unreported", Duty.starts_at >= since))
    narrowed = Scope(None, scope.last, scope.unit, scope.chat)
    query = within(select(*columns).where(live, Duty.starts_at.is_not(None), _since(first)), Duty, narrowed)
    if scope.unit:
        query = query.where(Nest([scope.unit]).rows(session, Duty.unit))
    if posts is not None:
        query = query.where(Duty.post.in_([*posts, ""]))
    return session.execute(query).all()


def _since(first: date) -> ColumnElement[bool]:
    """SQL: on a day or later. With the days named one by one an index finds those of one unit on each."""
    named = [first + timedelta(days=number) for number in range(NAMED_DAYS)]
    return or_(Duty.day.in_(named), Duty.day > named[-1])


def forgotten(session: Session, before: datetime) -> Sequence[Duty]:
    """Open periods that began before a moment."""
    return session.scalars(select(Duty).where(Duty.state == "open", Duty.starts_at < before).order_by(Duty.id)).all()


def to_confirm(session: Session, scope: Scope, person: str | None = None) -> Sequence[Duty]:
    """Closed periods with hours that nobody has confirmed yet, and that wait for no approval."""
    query: Select[tuple[Duty]] = select(Duty).where(
        Duty.state == "closed", Duty.hours.is_not(None), Duty.confirmed_by == "", Duty.approval.in_(("", "approved"))
    )
    if person:
        query = query.where(Duty.person == person)
    return session.scalars(within(query, Duty, scope).order_by(Duty.id)).all()


def pending(session: Session, scope: Scope) -> Sequence[Duty]:
    """Periods that wait for an approval."""
    query = select(Duty).where(Duty.approval == "pending", Duty.state != "undone")
    return session.scalars(within(query, Duty, scope).order_by(Duty.id)).all()
