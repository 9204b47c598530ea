"""Engines: one writer with durable commits, one reader apart. SQLite by default, PostgreSQL through psycopg 3 by URL."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from storage.crypto import Keyring

_BUSY_SECONDS = 10


def create(url: str, ring: Keyring, *, readonly: bool = False) -> Engine:
    """An engine for `url` whose sealed columns use `ring`. Folders of an SQLite file are made, readable by the owner alone."""
    parsed = make_url(url)
    engine = _sqlite(parsed, readonly=readonly) if parsed.get_backend_name() == "sqlite" else _postgres(parsed)
    engine.dialect.kakou_keyring = ring  # type: ignore[attr-defined]
    return engine


def _postgres(url: URL) -> Engine:
    if url.get_driver_name() != "psycopg":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(url, pool_size=2, max_overflow=3, pool_pre_ping=True)


def _sqlite(url: URL, *, readonly: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("SQLite needs a file: what was answered must be on disk")
    _prepare(Path(url.database))
    # NullPool: a connection belongs to the thread that opened it; opening one costs 0.1 ms.
    engine = create_engine(
        url,
        poolclass=NullPool if readonly else None,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _pragmas)
    event.listen(engine, "begin", _begin_reading if readonly else _begin_writing)
    return engine


def _prepare(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))


def _pragmas(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would defer BEGIN until the first write and so invite SQLITE_BUSY.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_writing(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")
