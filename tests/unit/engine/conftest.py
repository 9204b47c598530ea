import pytest

from bot.clock import MovableClock
from bot.inbox import Inbox
from storage.writer import Writer
from tests.support.databases import Database
from tests.unit.engine.world import Script, addressing, dispatcher


@pytest.fixture
def database(sqlite: Database) -> Database:
    """The engine's own matters do not hang on the database; what does is asked for with `backend`."""
    return sqlite


@pytest.fixture
def each_database(request: pytest.FixtureRequest, backend: str) -> Database:
    """Both in turn, for what several instances do on one database."""
    found: Database = request.getfixturevalue({"sqlite": "sqlite", "postgresql": "postgres"}[backend])
    return found


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def inbox(writer: Writer, script: Script, clock: MovableClock) -> Inbox:
    return Inbox(writer, dispatcher(script), clock, addressing())
