"""Companies, needs, receipts, allocations and deliveries: what handlers read of them."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.orm import Session

from storage.daily_count import NO_UNIT
from storage.facts import Facts
from storage.organisation import ancestors, below
from storage.records import Scope, within
from storage.tables import RecordRow
from storage.tables_supplies import (
    Enterprise,
    EnterpriseName,
    EnterprisePair,
    EnterpriseReport,
    SupplyAllocation,
    SupplyLine,
    SupplyNote,
    SupplyShare,
)

GONE = ("merged", "undone")


class Companies(Facts[str, Enterprise]):
    """Companies by reference."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Enterprise]]:
        return [(row.ref, row) for row in self.session.scalars(select(Enterprise).where(Enterprise.ref.in_(keys)))]


class NamesAround(Facts[str, tuple[str, str]]):
    """(reference, name) of all companies around a place (a unit's path, or `@chat`): of the unit, below and above it.
    A new company is appended by whoever enters it.
    """

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, tuple[str, str]]]:
        for key in keys:
            query = select(Enterprise.ref, Enterprise.name).where(_around(key), Enterprise.state.not_in(GONE))
            for ref, name in self.session.execute(query.order_by(Enterprise.id)):
                yield key, (ref, name)


class EnterpriseNames(Facts[str, EnterpriseName]):
    """Whose a name is, by its key."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, EnterpriseName]]:
        query = select(EnterpriseName).where(EnterpriseName.key.in_(keys)).order_by(EnterpriseName.id)
        return [(row.key, row) for row in self.session.scalars(query)]


def _around(place: str) -> ColumnElement[bool]:
    if place.startswith(NO_UNIT):
        return (Enterprise.chat == place.removeprefix(NO_UNIT)) & (Enterprise.unit == "")
    return or_(Enterprise.unit.in_([path for path in ancestors(place) if path]), below(Enterprise.unit, place))


def scope_of(unit: str, chat: str) -> Scope:
    """What a group sees: its unit with everything below, or what was said in it."""
    return Scope(unit=unit or None, chat=None if unit else chat)


def enterprises(session: Session, scope: Scope) -> Sequence[Enterprise]:
    """The companies of a scope, oldest first, without those that were merged or taken back."""
    query = _narrowed(select(Enterprise).where(Enterprise.state.not_in(GONE)), Enterprise, scope)
    return session.scalars(query.order_by(Enterprise.id)).all()


def enterprise(session: Session, ref: str) -> Enterprise | None:
    """A company by its reference, or by that of any record about it."""
    found = session.scalar(select(Enterprise).where(Enterprise.ref == ref))
    if found is not None and found.state != "merged":
        return found
    whose = found.merged_into if found is not None else _reported(session, ref)
    return enterprise(session, whose) if whose and whose != ref else None


def _reported(session: Session, ref: str) -> str | None:
    return session.scalar(select(EnterpriseReport.enterprise).where(EnterpriseReport.ref == ref))


def names_of(session: Session, refs: Sequence[str]) -> Sequence[EnterpriseName]:
    """All names of companies."""
    return session.scalars(select(EnterpriseName).where(EnterpriseName.enterprise.in_(refs))).all()


def report(session: Session, ref: str) -> EnterpriseReport | None:
    """Which company a record is about."""
    return session.scalar(select(EnterpriseReport).where(EnterpriseReport.ref == ref))


def reports_of(session: Session, ref: str) -> list[tuple[EnterpriseReport, RecordRow | None]]:
    """The active reports about a company with their records, oldest first."""
    query = select(EnterpriseReport, RecordRow).outerjoin(RecordRow, RecordRow.ref == EnterpriseReport.ref)
    query = query.where(EnterpriseReport.enterprise == ref, EnterpriseReport.state == "active")
    return [(row[0], row[1]) for row in session.execute(query.order_by(EnterpriseReport.id))]


def pair(session: Session, first: str, second: str) -> EnterprisePair | None:
    """What was asked about two companies."""
    both = sorted((first, second))
    return session.scalar(select(EnterprisePair).where(EnterprisePair.first.in_(both), EnterprisePair.second.in_(both)))


def take_over(session: Session, gone: str, kept: str) -> None:
    """Everything about one company is about another from now on."""
    for table in (EnterpriseName, EnterpriseReport, SupplyLine, SupplyNote):
        session.execute(update(table).where(table.enterprise == gone).values(enterprise=kept))
    session.execute(update(SupplyShare).where(SupplyShare.party == gone).values(party=kept))


def lines(session: Session, scope: Scope) -> Sequence[SupplyLine]:
    """What was needed, came and was handed over, oldest first."""
    query = within(select(SupplyLine).where(SupplyLine.state == "active"), SupplyLine, scope)
    return session.scalars(query.order_by(SupplyLine.id)).all()


def lines_of(session: Session, ref: str) -> Sequence[SupplyLine]:
    """The lines of a record."""
    return session.scalars(select(SupplyLine).where(SupplyLine.ref == ref).order_by(SupplyLine.id)).all()


def next_batch(session: Session, scope: Scope) -> int:
    """The number of the next delivery that comes to a place."""
    active = (SupplyLine.action == "received", SupplyLine.state == "active")
    return (session.scalar(within(select(func.max(SupplyLine.batch)).where(*active), SupplyLine, scope)) or 0) + 1


def allocation(session: Session, ref: str) -> SupplyAllocation | None:
    """One sharing-out."""
    return session.scalar(select(SupplyAllocation).where(SupplyAllocation.ref == ref))


def draft(session: Session, chat: str) -> SupplyAllocation | None:
    """The draft that waits in a group; held until the transaction ends, so that nobody else decides it meanwhile."""
    query = select(SupplyAllocation).where(SupplyAllocation.chat == chat, SupplyAllocation.state == "draft")
    return session.scalar(query.order_by(SupplyAllocation.id.desc()).limit(1).with_for_update())


def notes(session: Session, scope: Scope) -> list[tuple[SupplyNote, list[SupplyShare]]]:
    """What was set aside for whom, oldest first, without what was given back."""
    query = _narrowed(select(SupplyNote).where(SupplyNote.state != "returned"), SupplyNote, scope)
    found = list(session.scalars(query.order_by(SupplyNote.id)))
    by_note: dict[int, list[SupplyShare]] = {note.id: [] for note in found}
    mine = _narrowed(select(SupplyNote.id).where(SupplyNote.state != "returned"), SupplyNote, scope)
    shares = select(SupplyShare).where(SupplyShare.note_id.in_(mine)).order_by(SupplyShare.id)
    for share in session.scalars(shares):
        by_note[share.note_id].append(share)
    return [(note, by_note[note.id]) for note in found]


def note(session: Session, ref: str) -> tuple[SupplyNote, list[SupplyShare]] | None:
    """One note with its shares."""
    found = session.scalar(select(SupplyNote).where(SupplyNote.ref == ref))
    if found is None:
        return None
    shares = select(SupplyShare).where(SupplyShare.note_id == found.id).order_by(SupplyShare.id)
    return found, list(session.scalars(shares))


def _narrowed(query: Select[Any], table: Any, scope: Scope) -> Select[Any]:
    return within(query, table, Scope(unit=scope.unit, chat=scope.chat))


def signed_by(session: Session, ref: str) -> list[tuple[SupplyNote, list[SupplyShare]]]:
    """The notes that a record signed for."""
    refs = session.scalars(select(SupplyNote.ref).where(SupplyNote.signed_ref == ref)).all()
    return [found for one in refs if (found := note(session, one)) is not None]


def shares_by_day(session: Session, scope: Scope, *, signed: bool) -> list[tuple[SupplyNote, SupplyShare]]:
    """What was set aside on the days of a scope, or signed for."""
    day = SupplyShare.signed_on if signed else SupplyShare.day
    query = select(SupplyNote, SupplyShare).join(SupplyNote, SupplyNote.id == SupplyShare.note_id)
    query = _narrowed(query.where(SupplyShare.state != "returned"), SupplyShare, scope)
    if scope.first is not None and scope.last is not None:
        query = query.where(day.between(scope.first, scope.last))
    if signed:
        query = query.where(day.is_not(None))
    return [(row[0], row[1]) for row in session.execute(query.order_by(SupplyShare.id))]
