"""Migrations: `upgrade` brings a database to the newest schema; `serve` calls it before anything else."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select, text

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6B616B6F75
"""The advisory lock of migrations: "kakou" in ASCII."""


def settings(connection: Connection | None = None) -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def newest() -> str | None:
    """The newest revision that this program knows."""
    return ScriptDirectory.from_config(settings()).get_current_head()


def current(engine: Engine) -> str | None:
    """The revision of a database, None where it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; nothing happens where it is there already."""
    if current(engine) == newest():
        return
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Instances that start together wait here; on SQLite the transaction itself is exclusive.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        command.upgrade(settings(connection), "head")
        connection.commit()
