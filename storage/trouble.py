"""Whose fault a failed transaction is: the database's, which passes, or that of what was to be written."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

CONFLICTS = frozenset({"40001", "40P01"})
"""SQLSTATE: serialization failure, deadlock. The same transaction again will do."""
DOWN = ("08", "25P03", "40", "53", "55", "57", "58")
"""Beginnings of SQLSTATE: connection, ended idle, rollback, resources, locks, operator, system."""


def unavailable(error: BaseException | None) -> bool:
    """Whether `error`, or one that led to it, says that the database cannot work now, whatever it is given."""
    return any(_is_down(link) for link in _chain(error))


def conflict(error: BaseException | None) -> bool:
    """Whether another transaction stood in the way, so that the same work may be done again at once."""
    return any(isinstance(link, DBAPIError) and _state(link) in CONFLICTS for link in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_down(error: BaseException) -> bool:
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        # SQLITE_ERROR is a mistake in the statement: trying again would not help.
        return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_ERROR
    state = _state(error)
    return state is None or state.startswith(DOWN)


def _state(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)
