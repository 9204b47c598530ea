"""Fixtures that every room of the tests may use. A test that asks for `database` runs once on SQLite and once on PostgreSQL.

Property tests draw the same examples in every run, so that a change is judged by what it changed; `make explore` draws
new ones, and more of them.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from storage.crypto import Keyring
from storage.writer import Writer
from tests.support.databases import BACKENDS, Database, PostgresServer, SqliteFiles, start_postgres

KEY = bytes(range(32))

settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("explore", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("KAKOU_PROPERTIES", "steady"))


@pytest.fixture
def now() -> datetime:
    return datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock(now: datetime) -> MovableClock:
    return MovableClock(now)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring([KEY])


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    try:
        server = start_postgres()
    except Exception as error:  # noqa: BLE001  (whatever keeps a server from running here, the reason is shown)
        pytest.skip(f"no PostgreSQL server can run here: {type(error).__name__}: {error}")
    yield server
    server.stop()


@pytest.fixture
def sqlite(sqlite_files: SqliteFiles, tmp_path: Path, keyring: Keyring) -> Iterator[Database]:
    """A fresh SQLite database, for tests whose matter does not hang on the database."""
    with sqlite_files.fresh(tmp_path, keyring) as database:
        yield database


@pytest.fixture
def postgres(postgres_server: PostgresServer, keyring: Keyring) -> Iterator[Database]:
    """A fresh PostgreSQL database."""
    with postgres_server.fresh(keyring) as database:
        yield database


@pytest.fixture(params=[BACKENDS[0], pytest.param(BACKENDS[1], marks=pytest.mark.postgres)])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(request: pytest.FixtureRequest, backend: str) -> Database:
    """A fresh database at the newest schema, of each kind in turn."""
    found: Database = request.getfixturevalue({"sqlite": "sqlite", "postgresql": "postgres"}[backend])
    return found


@pytest.fixture
def empty_database(
    request: pytest.FixtureRequest, backend: str, tmp_path: Path, keyring: Keyring
) -> Iterator[Database]:
    """A database without any table, of each kind in turn."""
    source = request.getfixturevalue("sqlite_files" if backend == "sqlite" else "postgres_server")
    place = (tmp_path,) if backend == "sqlite" else ()
    with source.fresh(*place, keyring, empty=True) as database:
        yield database


@pytest.fixture
def engine(database: Database) -> Engine:
    """The writing engine of `database`."""
    return database.engine()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session as the writer's: nothing is flushed before it is told to."""
    with Session(engine, autoflush=False, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    made = Writer(engine)
    yield made
    assert made.close(), "the writer did not finish"
