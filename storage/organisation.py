"""Units, posts, people with their accounts and roles."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from storage.facts import Facts
from storage.probe import Probe
from storage.tables import Account
from storage.tables_org import Person, PersonAccount, Post, Role, Unit


class PeopleByName(Facts[str, Person]):
    """Active volunteers by name: several where a name is common."""

    PROBE = Probe[str]("EXISTS (SELECT 1 FROM people WHERE name = {})")

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, Person]]:
        query = select(Person).where(Person.name.in_(keys), Person.state == "active").order_by(Person.id)
        return [(row.name, row) for row in self.session.scalars(query)]


class PersonOfAccount(Facts[str, PersonAccount]):
    """Whose an account is."""

    PROBE = Probe[str]("EXISTS (SELECT 1 FROM person_accounts WHERE user_id = {})")

    def fetch(self, keys: list[str]) -> Iterable[tuple[str, PersonAccount]]:
        query = select(PersonAccount).where(PersonAccount.user_id.in_(keys))
        return [(row.user_id, row) for row in self.session.scalars(query)]


def covers(unit: str, other: str) -> bool:
    """Whether `other` is `unit` or lies below it. The empty path is the root of everything."""
    return not unit or other == unit or other.startswith(unit + "/")


def ancestors(path: str) -> list[str]:
    """The path itself and everything above it, the root included."""
    parts = path.split("/") if path else []
    return ["", *("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))]


def roles_of(session: Session, user: str, name: str, unit: str) -> Sequence[Role]:
    """The roles that somebody has over a unit: those of the account, and those given to the name before its account
    was known.
    """
    whose = or_(Role.user_id == user, (Role.user_id == "") & (Role.name == name))
    return session.scalars(select(Role).where(whose, Role.unit.in_(ancestors(unit)))).all()


def roles_over(session: Session, unit: str) -> Sequence[Role]:
    """All roles over a unit, the nearest first."""
    found = session.scalars(select(Role).where(Role.unit.in_(ancestors(unit))).order_by(Role.id)).all()
    return sorted(found, key=lambda role: -len(role.unit))


def role(session: Session, name: str, kind: str, unit: str) -> Role | None:
    """One role of a name in exactly this unit."""
    return session.scalar(select(Role).where(Role.name == name, Role.role == kind, Role.unit == unit))


def accounts_named(session: Session, name: str) -> Sequence[Account]:
    """Accounts with this display name."""
    return [row for row in session.scalars(select(Account)) if row.name == name]  # sealed: looked through


def accounts(session: Session, names: Iterable[str]) -> dict[str, str]:
    """User id by name, where a name belongs to one account alone."""
    found: dict[str, list[str]] = {}
    wanted = set(names)
    for row in (account for account in session.scalars(select(Account)) if account.name in wanted):
        found.setdefault(row.name, []).append(row.user_id)
    return {name: users[0] for name, users in found.items() if len(users) == 1}


def below(column: InstrumentedAttribute[str], unit: str) -> ColumnElement[bool]:
    """SQL: the column is `unit` or below it."""
    return or_(column == unit, func.substr(column, 1, len(unit) + 1) == unit + "/")


def posts(session: Session, unit: str) -> Sequence[Post]:
    """Active posts of a unit and below it; all where `unit` is empty."""
    query = select(Post).where(Post.state == "active")
    if unit:
        query = query.where(below(Post.unit, unit))
    return session.scalars(query.order_by(Post.unit, Post.name)).all()


def post(session: Session, unit: str, name: str) -> Post | None:
    """A post by its name, in the unit, below it, or above it."""
    query = select(Post).where(Post.name == name, Post.state == "active")
    near = [row for row in session.scalars(query) if covers(unit, row.unit) or covers(row.unit, unit)]
    return min(near, key=lambda row: abs(len(row.unit) - len(unit)), default=None)


def units_named(session: Session, name: str) -> Sequence[Unit]:
    """Units called `name`, or whose path it is."""
    return session.scalars(select(Unit).where(or_(Unit.name == name, Unit.path == name)).order_by(Unit.path)).all()


def person_of(session: Session, account: str) -> int | None:
    """Whose an account is."""
    return session.scalar(select(PersonAccount.person_id).where(PersonAccount.user_id == account))


def people_named(session: Session, name: str) -> Sequence[Person]:
    """Active volunteers of a name."""
    return session.scalars(select(Person).where(Person.name == name, Person.state == "active")).all()


def person(session: Session, person_id: int) -> Person | None:
    """One volunteer."""
    return session.get(Person, person_id)


def post_count(session: Session, unit: str) -> int:
    """How many active posts a unit has, with everything below it."""
    return session.scalar(select(func.count(Post.id)).where(Post.state == "active", below(Post.unit, unit))) or 0


def post_hours(session: Session, unit: str) -> Sequence[Row[tuple[str, str, int, int]]]:
    """(unit, name, start, end in minutes after midnight) of the posts of a unit that have hours of their own."""
    query = select(Post.unit, Post.name, Post.starts, Post.ends).where(Post.state == "active", Post.starts.is_not(None))
    return session.execute(query.where(below(Post.unit, unit))).all()  # type: ignore[return-value]  # both are given
