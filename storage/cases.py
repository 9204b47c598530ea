"""Cases of returnees, their events and their possible doubles: what is asked of the database."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from storage.facts import Facts
from storage.nest import Nest
from storage.portions import portions
from storage.probe import Probe
from storage.tables import Chat, HealthReport, RecordRow, Returnee
from storage.tables_cases import CaseEvent, CasePair, PendingImport

CHUNK = 400
CaseKey = tuple[str, str]
"""("ref", R58), ("name", hash), ("phone", hash), ("tail", hash) or ("account", user id)."""
COLUMNS = {
    "ref": Returnee.ref,
    "name": Returnee.name_hash,
    "phone": Returnee.phone_hash,
    "tail": Returnee.tail_hash,
    "account": Returnee.account,
}


def _any_of(columns: Mapping[str, Any]) -> str:
    """Whether a case has the second part of a key in the column that the first one names."""
    exists = "EXISTS (SELECT 1 FROM returnees WHERE {column} = {{1}})"
    cases = (f"WHEN '{kind}' THEN {exists.format(column=column.key)}" for kind, column in columns.items())
    return f"CASE {{0}} {' '.join(cases)} END"


_CASES = {
    kind: select(Returnee, column).where(column.in_(bindparam("values", expanding=True))).order_by(Returnee.id)
    for kind, column in COLUMNS.items()
}


class Cases(Facts[CaseKey, Returnee]):
    """Cases by what a message may call them."""

    PROBE = Probe[CaseKey](_any_of(COLUMNS))

    def fetch(self, keys: list[CaseKey]) -> Iterable[tuple[CaseKey, Returnee]]:
        found = []
        for kind, query in _CASES.items():
            values = [value for named, value in keys if named == kind]
            if not values:
                continue
            rows = self.session.execute(query, {"values": values}).tuples()
            found += [((kind, value), row) for row, value in rows]
        return found  # type: ignore[return-value]  # the columns compared are not null

    def enter(self, case: Returnee) -> None:
        """A new case, found from now on under all its names."""
        self._found[("ref", case.ref)] = [case]  # a new reference needs no look at the database
        self.session.add(case)
        for kind in COLUMNS:
            self.note(case, kind)

    def note(self, case: Returnee, kind: str) -> None:
        """A case that has just got a name, phone or account is found under it, too."""
        value = _value(case, kind)
        if value and case not in self.of((kind, value)):
            self.add((kind, value), case)


def _value(case: Returnee, kind: str) -> str | None:
    return getattr(case, "ref" if kind == "ref" else "account" if kind == "account" else f"{kind}_hash")  # type: ignore[no-any-return]


class BoundGroups(Facts[str, Chat]):
    """All group chats that are bound to a unit, under the one key `""`."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Chat]]:
        return [(keys[0], row) for row in self.session.scalars(_BOUND)]


_BOUND = select(Chat).where(Chat.chat_type == "group", Chat.unit != "").order_by(Chat.chat)


class Pairs(Facts[str, CasePair]):
    """Possible doubles by the reference of either."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, CasePair]]:
        query = select(CasePair).where(or_(CasePair.first.in_(keys), CasePair.second.in_(keys)))
        wanted = set(keys)
        return [(ref, row) for row in self.session.scalars(query) for ref in (row.first, row.second) if ref in wanted]

    def begin(self, ref: str) -> None:
        """A case that is being opened has none yet: they need not be looked for."""
        self._found.setdefault(ref, [])


def within_unit(query: Select[Any], table: Any, unit: str) -> Select[Any]:
    """Rows of a unit and everything below it; all rows where `unit` is empty."""
    if not unit:
        return query
    below = unit + "/"
    return query.where(or_(table.unit == unit, func.substr(table.unit, 1, len(below)) == below))


def in_states(session: Session, states: Iterable[str], unit: str = "", chat: str = "") -> Sequence[Returnee]:
    """Cases of a unit (or of a chat that has none) in one of `states`, oldest first."""
    query = within_unit(select(Returnee).where(Returnee.state.in_(list(states))), Returnee, unit)
    if chat and not unit:
        query = query.where(Returnee.chat == chat)
    return session.scalars(query.order_by(Returnee.id)).all()


def by_ref(session: Session, ref: str) -> Returnee | None:
    """One case."""
    return session.scalar(select(Returnee).where(Returnee.ref == ref))


def by_refs(session: Session, refs: Iterable[str]) -> dict[str, Returnee]:
    """Cases by reference."""
    return {row.ref: row for row in session.scalars(select(Returnee).where(Returnee.ref.in_(list(refs))))}


def events_of(session: Session, ref: str) -> Sequence[CaseEvent]:
    """The life of a case, oldest first."""
    return session.scalars(select(CaseEvent).where(CaseEvent.ref == ref).order_by(CaseEvent.id)).all()


def events_until(session: Session, day: date, refs: Collection[str]) -> Iterator[Any]:
    """(ref, target, unit, chat, action) of every event of cases up to and including a day, oldest first."""
    columns = (CaseEvent.ref, CaseEvent.target, CaseEvent.unit, CaseEvent.chat, CaseEvent.action)
    for some in portions(sorted(refs), CHUNK):
        query = select(*columns).where(CaseEvent.ref.in_(some), CaseEvent.day <= day)
        yield from session.execute(query.order_by(CaseEvent.id))


def registrations(session: Session, day: date, refs: Collection[str]) -> Iterator[Any]:
    """(ref, unit, chat) of the registrations of cases in the ledger up to and including a day."""
    for some in portions(sorted(refs), CHUNK):
        here = (RecordRow.ref.in_(some), RecordRow.kind == "returnee", RecordRow.day <= day)
        yield from session.execute(select(RecordRow.ref, RecordRow.unit, RecordRow.chat).where(*here))


def standing(session: Session, day: date, nest: Nest) -> Iterable[Any]:
    """(unit, chat, state, ref, number) of all cases with an event in one of the places up to and including a day: where
    and in which state their newest events leave them. `ref` is empty for cases that were registered where all their
    events are, and which are counted together; it names each of the others.
    """
    whole = _lives(session, day, nest)
    newest, ledger = aliased(CaseEvent), aliased(RecordRow)
    home = (newest.unit, newest.chat)
    plain = and_(
        *(bound == here for bound, here in zip((*_ends(whole), ledger.unit, ledger.chat), home * 3, strict=True))
    )
    ref = case((plain, literal_column("''")), else_=whole.c.ref)
    told = and_(ledger.ref == whole.c.ref, ledger.kind == "returnee", ledger.day <= day)
    query = select(*home, newest.target, ref, func.count())
    query = query.select_from(whole).join(newest, newest.id == whole.c.newest).outerjoin(ledger, told)
    return session.execute(query.group_by(*home, newest.target, ref))


def _lives(session: Session, day: date, nest: Nest) -> Subquery:
    """Each case that was ever in one of the places: its newest event, and whether all its events are in one place."""
    least, most = (func.min, func.max)
    columns = [
        most(CaseEvent.id).label("newest"),
        least(CaseEvent.unit).label("first_unit"),
        least(CaseEvent.chat).label("first_chat"),
        most(CaseEvent.unit).label("last_unit"),
        most(CaseEvent.chat).label("last_chat"),
    ]
    query = select(CaseEvent.ref, *columns).where(CaseEvent.day <= day)
    if "" not in nest.places:
        query = query.where(CaseEvent.ref.in_(select(CaseEvent.ref).where(_here(session, nest, CaseEvent))))
    return query.group_by(CaseEvent.ref).subquery()


def _ends(whole: Subquery) -> tuple[Any, ...]:
    return whole.c.first_unit, whole.c.first_chat, whole.c.last_unit, whole.c.last_chat


def registered(session: Session, day: date, nest: Nest, refs: Collection[str] | None = None) -> int:
    """How many cases the ledger registered up to and including a day in the places or near them; with `refs`, how many
    of these.
    """
    query = select(func.count()).where(*_registered(session, day, nest))
    if refs is None:
        return session.scalar(query) or 0
    return sum(session.scalar(query.where(RecordRow.ref.in_(some))) or 0 for some in portions(sorted(refs), CHUNK))


def unseen(session: Session, day: date, nest: Nest) -> Iterable[str]:
    """References registered in the ledger, in one of the places or near them, without any event there."""
    events = select(CaseEvent.id).where(
        CaseEvent.ref == RecordRow.ref,
        CaseEvent.unit == RecordRow.unit,
        CaseEvent.chat == RecordRow.chat,
        CaseEvent.day <= day,
    )
    return session.scalars(select(RecordRow.ref).where(*_registered(session, day, nest), ~events.exists()))


def _registered(session: Session, day: date, nest: Nest) -> tuple[ColumnElement[bool], ...]:
    return RecordRow.kind == "returnee", RecordRow.day <= day, _here(session, nest, RecordRow)


def in_other_state(session: Session, day: date) -> Iterable[Any]:
    """(ref, unit, chat): wherever cases have been whose state is not what their newest event says."""
    whole = _lives(session, day, Nest([""]))
    newest, event = aliased(CaseEvent), aliased(CaseEvent)
    query = select(event.ref, event.unit, event.chat).distinct().select_from(whole)
    query = query.join(newest, newest.id == whole.c.newest).outerjoin(Returnee, Returnee.ref == whole.c.ref)
    query = query.join(event, and_(event.ref == whole.c.ref, event.day <= day))
    return session.execute(query.where(or_(Returnee.state.is_(None), Returnee.state != newest.target)))


def _here(session: Session, nest: Nest, table: Any) -> ColumnElement[bool]:
    return nest.rows(session, table.unit, table.chat)


def handed_over(session: Session, day: date, unit: str, chat: str) -> Sequence[Returnee]:
    """Cases handed over on a day."""
    query = within_unit(select(Returnee).where(Returnee.handed_on == day), Returnee, unit)
    if chat and not unit:
        query = query.where(Returnee.chat == chat)
    return session.scalars(query.order_by(Returnee.id)).all()


def reports_of(session: Session, refs: Sequence[str], day: date | None = None) -> Sequence[HealthReport]:
    """Active health reports of cases, of one day if asked, oldest first."""
    query = select(HealthReport).where(HealthReport.returnee_ref.in_(refs), HealthReport.state == "active")
    if day is not None:
        query = query.where(HealthReport.day == day)
    return session.scalars(query.order_by(HealthReport.id)).all()


def states_now(session: Session) -> dict[str, str]:
    """Reference → state of every case."""
    return dict(session.execute(select(Returnee.ref, Returnee.state)).tuples().all())


def leaves(session: Session, since: date) -> Sequence[RecordRow]:
    """Active requests for leave since a day; whose and when is in their fields."""
    query = select(RecordRow).where(RecordRow.kind == "leave", RecordRow.state == "active", RecordRow.day >= since)
    return session.scalars(query).all()


def last_group(session: Session, sender: str, groups: Iterable[str]) -> str | None:
    """The one of these groups in which somebody last reported something."""
    query = select(RecordRow.chat).where(RecordRow.sender == sender, RecordRow.chat.in_(list(groups)))
    return session.scalar(query.order_by(RecordRow.id.desc()).limit(1))


def pending_import(session: Session, sender: str) -> PendingImport | None:
    """The table that somebody sent and has not confirmed."""
    return session.get(PendingImport, sender)


def due_for_purge(session: Session, closed_until: date) -> Sequence[Returnee]:
    """Cases that ended on that day or before and still hold personal fields."""
    query = select(Returnee).where(Returnee.closed_on <= closed_until, Returnee.purged_on.is_(None))
    return session.scalars(query.order_by(Returnee.id)).all()


def suspended_until(session: Session, moment: datetime) -> Sequence[Returnee]:
    """Suspended cases whose day has come."""
    query = select(Returnee).where(Returnee.state == "suspended", Returnee.due_at <= moment)
    return session.scalars(query.order_by(Returnee.id)).all()


def ending(session: Session, day: date) -> Sequence[Returnee]:
    """Cases under observation whose release is due."""
    query = select(Returnee).where(Returnee.state == "observing", Returnee.release_on <= day)
    return session.scalars(query.order_by(Returnee.id)).all()
