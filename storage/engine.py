"""Engines: one writer with durable commits, one reader apart. SQLite by default, PostgreSQL (psycopg 3) by URL."""

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool, QueuePool

from storage.crypto import Keyring

_BUSY_SECONDS = 10
_HANGING_SECONDS = 60
_CACHE_KIB = 32_768
_STATEMENTS = 1024
"""Kept ready by a connection of SQLite; a batch of every kind of message needs more than the driver's 128."""


def create(url: str, ring: Keyring, *, readonly: bool = False) -> Engine:
    """An engine for `url` whose sealed columns use `ring`; with `readonly` the database refuses to write.

    The folder of an SQLite file is made, readable by the owner alone. Raises ValueError where `url` names no database
    of ours.
    """
    parsed = make_url(url)
    engine = (_sqlite if parsed.get_backend_name() == "sqlite" else _postgres)(parsed, readonly=readonly)
    engine.dialect.kakou_keyring = ring  # type: ignore[attr-defined]
    return engine


def _postgres(url: URL, *, readonly: bool) -> Engine:
    if url.get_backend_name() not in {"postgresql", "postgres"}:
        raise ValueError(f"{url.get_backend_name()} is not supported: sqlite or postgresql")
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), pool_size=2, max_overflow=3, pool_pre_ping=True, hide_parameters=True
    )
    event.listen(engine, "connect", _only_reads if readonly else _limits)
    return engine


def _only_reads(connection: Any, _record: Any) -> None:
    connection.read_only = True


def _limits(connection: Any, _record: Any) -> None:
    """Nobody waits for ever for an instance that hangs, and the server ends what hangs in a transaction."""
    connection.execute(f"SET lock_timeout = '{_BUSY_SECONDS}s'")
    connection.execute(f"SET idle_in_transaction_session_timeout = '{_HANGING_SECONDS}s'")
    connection.commit()


def _sqlite(url: URL, *, readonly: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: what was answered must be on disk")
    _prepare(Path(url.database))
    engine = create_engine(
        url,
        poolclass=NullPool if readonly else QueuePool,  # readers are many and short; opening one costs 0.1 ms
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False, "cached_statements": _STATEMENTS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "connect", _refuse_writing if readonly else _remember_pages)
    event.listen(engine, "begin", _begin_reading if readonly else _begin_writing)
    return engine


def _prepare(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _pragmas(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would defer BEGIN until the first write and so invite SQLITE_BUSY.
    connection.isolation_level = None
    _enter_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _enter_wal(connection: Any) -> None:
    """Changing the mode of a new file does not wait for other processes as statements do, so it is tried again."""
    for _ in range(_BUSY_SECONDS * 20):
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        time.sleep(0.05)
    connection.execute("PRAGMA journal_mode=WAL")


def _remember_pages(connection: Any, _record: Any) -> None:
    """The writer stays, and answers about a whole district look at more pages than the 2 MB that are usual hold."""
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")


def _refuse_writing(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA query_only=ON")


def _begin_writing(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
