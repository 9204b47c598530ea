import ast
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from storage import migrate, schema
from storage.schema import METADATA
from tests.support.databases import Database, counted

VERSIONS = sorted((Path(migrate.__file__).parent / "migrations" / "versions").glob("*.py"))


def test_a_fresh_database_becomes_what_the_tables_say(empty_database: Database) -> None:
    engine = empty_database.engine()
    assert migrate.current(engine) is None
    migrate.upgrade(engine)
    assert migrate.current(engine) == migrate.newest()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_the_files_and_alembic_agree_on_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(migrate.settings()).get_current_head() == migrate.newest()


def test_upgrading_again_writes_nothing(database: Database) -> None:
    engine = database.engine()
    with counted(engine) as statements:
        migrate.upgrade(engine)
    assert [s for s in statements if not s.lstrip().upper().startswith(("SELECT", "PRAGMA", "BEGIN"))] == []


STARTING = """
import sys
from storage import engine, migrate
from storage.crypto import Keyring
migrate.upgrade(engine.create(sys.argv[1], Keyring([bytes(32)])))
"""


def test_instances_that_start_together_migrate_once(empty_database: Database) -> None:
    start = [sys.executable, "-W", "error", "-c", STARTING, empty_database.url]
    running = [subprocess.Popen(start, stderr=subprocess.PIPE, text=True) for _ in range(3)]  # noqa: S603  (our own)
    said = [process.communicate()[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], "\n".join(said)
    assert migrate.current(empty_database.engine()) == migrate.newest()


def test_a_downgrade_leaves_nothing(database: Database) -> None:
    engine = database.engine()
    with engine.connect() as connection:
        command.downgrade(migrate.settings(connection), "base")
        connection.commit()
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}


@pytest.mark.parametrize("file", VERSIONS, ids=lambda file: file.stem)
def test_a_migration_imports_nothing_of_ours(file: Path) -> None:
    """A migration must still run when the classes of its time are gone."""
    imported = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").partition(".")[0])
    assert imported <= {"sqlalchemy", "alembic"}


def test_every_module_of_tables_is_of_the_schema() -> None:
    files = {path.stem for path in Path(schema.__file__).parent.glob("tables_*.py")}
    assert {module.__name__.removeprefix("storage.") for module in schema.MODULES} == files
