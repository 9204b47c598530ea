"""Migrations: `upgrade` brings a database to the newest schema; `serve` calls it before anything else.

Alembic is loaded only where there is something to do: an ordinary start needs to know no more than two names.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, inspect, select, text

if TYPE_CHECKING:
    from alembic.config import Config

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6B616B6F75
"""The advisory lock of migrations: "kakou" in ASCII."""


def settings(connection: Connection | None = None) -> "Config":
    """Alembic's configuration, without a file."""
    from alembic.config import Config  # noqa: PLC0415  (see the head of this file)

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The newest revision that this program knows: the migrations' files begin with their numbers."""
    return max(path.name.partition("_")[0] for path in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def current(engine: Engine) -> str | None:
    """The revision of a database, None where it is empty."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return revision


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; nothing happens where it is there already."""
    if current(engine) == newest():
        return
    from alembic import command  # noqa: PLC0415  (see the head of this file)

    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            # Instances that start together wait here; on SQLite the transaction itself is exclusive.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        command.upgrade(settings(connection), "head")
        connection.commit()
