"""Entries of forms and their changes: found by identity for a whole batch, summed by place."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from storage.facts import Facts
from storage.nest import Nest
from storage.records import Scope, within
from storage.tables import Chat, Figure
from storage.tables_forms import FormChange, FormEntry
from storage.tables_org import Unit

Part = tuple[str, str | None, float | None, float, float]
"""(hash of the identity, of that of the entry above, total, done, left); without a total nothing of it is known."""
PART = (FormEntry.identity_hash, FormEntry.above_hash, FormEntry.total, FormEntry.done, FormEntry.left)
STREAM = {"yield_per": 1000}


class FormEntries(Facts[str, FormEntry]):
    """Entries by the keyed hash of their identity."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, FormEntry]]:
        query = select(FormEntry).where(FormEntry.identity_hash.in_(keys))
        return [(row.identity_hash, row) for row in self.session.scalars(query)]

    def get(self, identity_hash: str) -> FormEntry | None:
        """One entry, undone ones among them."""
        return next(iter(self.of(identity_hash)), None)


class FormChanges(Facts[str, FormChange]):
    """Changes by the number of their entry, oldest first, undone ones among them."""

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, FormChange]]:
        query = select(FormChange).where(FormChange.entry.in_(keys)).order_by(FormChange.id)
        return [(row.entry, row) for row in self.session.scalars(query)]

    def begin(self, number: str) -> None:
        """An entry that is being made has no changes yet: they need not be looked for."""
        self._found.setdefault(number, [])


class PlaceEntries(Facts[tuple[str, str], FormEntry]):
    """How far all active entries of a (form, place) have come, by the number of the entry.

    Not the objects: opening what is sealed in them would cost more than everything else.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._parts: dict[tuple[str, str], dict[str, Part]] = {}

    def ensure(self, keys: Iterable[tuple[str, str]]) -> None:
        missing = [key for key in dict.fromkeys(keys) if key not in self._parts]
        if not missing:
            return
        self._parts |= {key: {} for key in missing}
        query = select(FormEntry.form, FormEntry.place, FormEntry.number, *PART)
        query = query.where(tuple_(FormEntry.form, FormEntry.place).in_(missing), FormEntry.state == "active")
        for form, place, number, *part in self.session.execute(query.order_by(FormEntry.id)):
            self._parts[form, place].setdefault(number, as_part(part))

    def all_of(self, key: tuple[str, str]) -> Sequence[Part]:
        """Each active entry."""
        self.ensure([key])
        return list(self._parts[key].values())

    def note(self, entry: FormEntry) -> None:
        """An entry is as it is now."""
        self.ensure([(entry.form, entry.place)])
        found = self._parts[entry.form, entry.place]
        if entry.state == "active":
            found[entry.number] = part_of(entry)
        else:
            found.pop(entry.number, None)


def _within(place: str) -> Iterator[ColumnElement[bool]]:
    """SQL: entries of a place and everything below it."""
    if place:
        below = place + "/"
        yield (FormEntry.place == place) | (func.substr(FormEntry.place, 1, len(below)) == below)


def as_part(row: Sequence[Any]) -> Part:
    """A row of the columns `PART`."""
    own, above, total, done, left = row
    return own, above, total, done or 0.0, left or 0.0


def part_of(entry: FormEntry) -> Part:
    """The same of an object."""
    return as_part((entry.identity_hash, entry.above_hash, entry.total, entry.done, entry.left))


def by_number(session: Session, number: str) -> FormEntry | None:
    """The entry of a reference."""
    return session.scalar(select(FormEntry).where(FormEntry.number == number))


def of_record(session: Session, ref: str) -> list[FormEntry]:
    """The entries that a record, or what completed it, has changed; in the order in which it did."""
    changed = select(FormChange.entry).where(FormChange.ref == ref)
    return list(session.scalars(select(FormEntry).where(FormEntry.number.in_(changed)).order_by(FormEntry.id)))


def listing(session: Session, form: str, place: str) -> list[FormEntry]:
    """The active entries of a form in a place and everything below it, oldest first."""
    query = select(FormEntry).where(FormEntry.form == form, FormEntry.state == "active")
    return list(session.scalars(query.where(*_within(place)).order_by(FormEntry.id)))


def exported(session: Session, form: str, scope: Scope) -> Iterable[FormEntry]:
    """The active entries of a form that were changed within a scope's days, streamed."""
    query = within(select(FormEntry).where(FormEntry.form == form, FormEntry.state == "active"), FormEntry, scope)
    return session.scalars(query.order_by(FormEntry.id), execution_options=STREAM)


def newest_changes(session: Session, numbers: Sequence[str]) -> dict[str, FormChange]:
    """The last active change of each entry."""
    query = select(FormChange).where(FormChange.entry.in_(numbers), FormChange.state == "active")
    return {row.entry: row for row in session.scalars(query.order_by(FormChange.id))}


def plain_rows(session: Session, forms: Sequence[str], nest: Nest) -> Iterable[Any]:
    """(form, place, number, day, doubt, *part) of all active entries of some forms in some places; others may be among
    them.
    """
    columns = (FormEntry.form, FormEntry.place, FormEntry.number, FormEntry.day, FormEntry.doubt)
    here = (FormEntry.state == "active", FormEntry.form.in_(forms), nest.paths(session, FormEntry.place))
    return session.execute(select(*columns, *PART).where(*here).order_by(FormEntry.id))


def changed_between(session: Session, first: date, last: date) -> set[str]:
    """Numbers of the entries of which a message spoke on these days."""
    query = select(FormChange.entry).where(FormChange.state == "active", FormChange.day.between(first, last))
    return set(session.scalars(query.distinct()))


def forget_figures(session: Session, number: str) -> None:
    """Take the counts of an entry out of the books: they are made anew."""
    for row in session.scalars(select(Figure).where(Figure.entry == number)):
        session.delete(row)


def about(session: Session, form: str, place: str, hashed: str) -> list[FormEntry]:
    """The active entries of a form about a person or a phone, in a place and below it."""
    query = select(FormEntry).where(FormEntry.form == form, FormEntry.state == "active")
    query = query.where(or_(FormEntry.person_hash == hashed, FormEntry.phone_hash == hashed))
    return list(session.scalars(query.where(*_within(place)).order_by(FormEntry.id)))


def units_below(session: Session, place: str) -> set[str]:
    """The units right below a place that the tree or the chats bound there know."""
    known = {*session.scalars(select(Unit.path).where(Unit.axis == "place")), *session.scalars(select(Chat.unit))}
    below = place + "/" if place else ""
    return {right_below(path, place) for path in known if path and path != place and path.startswith(below)}


def right_below(path: str, place: str) -> str:
    """The unit right below `place` on the way to `path`."""
    depth = place.count("/") + 2 if place else 1
    return "/".join(path.split("/")[:depth])


def forms_changed(session: Session, scope: Scope) -> set[str]:
    """Names of the forms that have active entries which were last changed within a scope."""
    return set(session.scalars(within(select(FormEntry.form).where(FormEntry.state == "active"), FormEntry, scope)))


def parts_of(session: Session, entry: FormEntry, *, all_here: bool) -> list[FormEntry]:
    """The active entries that are parts of an entry; `all_here`: of all that its place tells as one."""
    query = select(FormEntry).where(FormEntry.state == "active", FormEntry.form == entry.form)
    if all_here:
        query = query.where(FormEntry.place == entry.place, FormEntry.above_hash.is_not(None))
    else:
        query = query.where(FormEntry.above_hash == entry.identity_hash)
    return list(session.scalars(query.order_by(FormEntry.id)))
