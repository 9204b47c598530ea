"""Checked rows against the books: what is new, what changes, what is there already; and the writing of it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.imports_org.kinds import Known
from handlers.supplies import importing
from storage.crypto import Keyring
from storage.tables_org import Person, PersonAccount, Post, Role, Unit

Row = tuple[int, dict[str, Any]]
CHUNK = 500
Progress = Callable[[int], None]


@dataclass(slots=True)
class Outcome:
    """How many rows were new, changed something, or were there already; and what could not be taken after all."""

    new: int = 0
    changed: int = 0
    same: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


def known(session: Session) -> Known:
    """The units of the books."""
    paths = session.scalars(select(Unit.path)).all()
    by_name: dict[str, list[str]] = {}
    for path in paths:
        by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
    return Known(frozenset(paths), by_name)


class Writer:
    """Takes rows of one kind into a session. The caller commits, or rolls back what was only tried."""

    def __init__(self, session: Session, ring: Keyring, now: datetime, progress: Progress = lambda _done: None) -> None:
        self._session = session
        self._ring = ring
        self._now = now
        self._progress = progress
        self.outcome = Outcome()

    def write(self, kind: str, rows: Sequence[Row]) -> Outcome:
        """Take all rows of a kind."""
        kinds = {"units": self._units, "people": self._people, "posts": self._posts, "enterprises": self._enterprises}
        take = kinds[kind]
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            take(some)
            self._session.flush()
            self._progress(start + len(some))
        return self.outcome

    def _set(self, row: Any, values: dict[str, Any], *, new: bool) -> None:
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        if new:
            self.outcome.new += 1
        elif different:
            self.outcome.changed += 1
        else:
            self.outcome.same += 1

    def _enterprises(self, rows: Sequence[Row]) -> None:
        for done in importing.take(self._session, rows, self._now):
            setattr(self.outcome, done, getattr(self.outcome, done) + 1)

    # -- units ---------------------------------------------------------------------------------------------------------

    def _units(self, rows: Iterable[Row]) -> None:
        wanted = [values["path"] for _, values in rows]
        found = {row.path: row for row in self._session.scalars(select(Unit).where(Unit.path.in_(wanted)))}
        for _, values in rows:
            path = values["path"]
            row = found.get(path)
            above = found.get(path.rpartition("/")[0])
            axis = values["axis"] or (row.axis if row else above.axis if above else self._axis(path))
            if new := row is None:
                row = found[path] = Unit(path=path, name=path.rsplit("/", 1)[-1], axis=axis, level="")
                self._session.add(row)
            self._set(row, {"axis": axis, "level": values["level"]}, new=new)

    def _axis(self, path: str) -> str:
        """That of the unit above, else by the name: 队 is a team, 公司 an employer."""
        above = self._session.scalar(select(Unit.axis).where(Unit.path == path.rpartition("/")[0]))
        if above:
            return above
        if "队" in path:
            return "team"
        return "employer" if any(word in path for word in ("公司", "集团", "厂", "店")) else "place"

    # -- people --------------------------------------------------------------------------------------------------------

    def _people(self, rows: Sequence[Row]) -> None:
        names = {values["name"] for _, values in rows}
        numbers = {values["number"] for _, values in rows if values["number"]}
        found = self._session.scalars(select(Person).where(Person.name.in_(names) | Person.number.in_(numbers))).all()
        by_number = {row.number: row for row in found if row.number}
        by_phone = {(row.name, row.phone_hash): row for row in found if row.phone_hash}
        by_place = {(row.name, row.unit, row.team): row for row in found}
        for number, values in rows:
            hashed = self._ring.hash(values["phone"]) if values["phone"] else None
            row = by_number.get(values["number"]) if values["number"] else None
            row = row or (by_phone.get((values["name"], hashed)) if hashed else None)
            row = row or (None if hashed else by_place.get((values["name"], values["unit"], values["team"])))
            self._person(number, values, hashed, row)

    def _person(self, number: int, values: dict[str, Any], hashed: str | None, row: Person | None) -> None:
        if row is not None and values["number"] and row.number == values["number"] and row.name != values["name"]:
            self.outcome.rejected.append((number, f"编号 {values['number']} 已是“{row.name}”的"))
            return
        if new := row is None:
            row = Person(name=values["name"], number=None, unit="", team="", employer="", vehicle=False, state="active")
            self._session.add(row)
        columns = {name: values[name] for name in ("name", "unit", "team", "employer", "vehicle")}
        given = {"phone": values["phone"], "phone_hash": hashed, "id_number": values["id_number"]}
        given |= {"number": values["number"], "skills": values["skills"]}
        columns |= {name: value for name, value in given.items() if value}
        self._set(row, columns | {"state": "active"}, new=new)
        if values["account"]:
            self._account(row, values["account"])
        if values["role"]:
            self._role(values)

    def _account(self, row: Person, account: str) -> None:
        self._session.flush()
        link = self._session.get(PersonAccount, account)
        if link is None:
            self._session.add(PersonAccount(user_id=account, person_id=row.id))
        else:
            link.person_id = row.id

    def _role(self, values: dict[str, Any]) -> None:
        unit = values["unit"] or values["team"]
        query = select(Role).where(Role.name == values["name"], Role.role == values["role"], Role.unit == unit)
        role = self._session.scalar(query)
        if role is None:
            role = Role(name=values["name"], role=values["role"], unit=unit, post="", by="import", at=self._now)
            role.user_id = ""
            self._session.add(role)
        role.user_id = values["account"] or role.user_id

    # -- posts ---------------------------------------------------------------------------------------------------------

    def _posts(self, rows: Sequence[Row]) -> None:
        names = {values["name"] for _, values in rows}
        found = {(row.unit, row.name): row for row in self._session.scalars(select(Post).where(Post.name.in_(names)))}
        for _, values in rows:
            key = (values["unit"], values["name"])
            row = found.get(key)
            if new := row is None:
                row = found[key] = Post(
                    unit=key[0], name=key[1], lead="", least=1, risk=False, state="active", patrol=""
                )
                self._session.add(row)
            self._set(row, {**values, "state": "active"}, new=new)
