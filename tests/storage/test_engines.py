import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from storage import engine as engines
from storage.crypto import Keyring
from storage.tables import Inbox
from tests.storage import rows
from tests.support.databases import Database, in_transaction


def pragma(database: Database, name: str) -> object:
    with database.engine().connect() as connection:
        return connection.scalar(text(f"PRAGMA {name}"))


@pytest.mark.parametrize(("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_commits_of_sqlite_are_durable(sqlite: Database, name: str, value: object) -> None:
    assert pragma(sqlite, name) == value


def test_a_new_file_is_the_owners_alone(tmp_path: Path, keyring: Keyring) -> None:
    made = engines.create(f"sqlite:///{tmp_path}/new/kakou.db", keyring)
    made.connect().close()
    made.dispose()
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for file in (tmp_path / "new").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://user@host/name"])
def test_a_url_that_cannot_keep_messages_is_refused(url: str, keyring: Keyring) -> None:
    with pytest.raises(ValueError):
        engines.create(url, keyring)


def test_a_reader_cannot_write(database: Database) -> None:
    with Session(database.engine(readonly=True)) as session, pytest.raises(DBAPIError):
        session.execute(insert(Inbox), [rows.inbox("m1")])


def test_a_reader_sees_commits_and_holds_nobody_up(database: Database) -> None:
    writing, reading = database.engine(), database.engine(readonly=True)
    with Session(reading) as reader:
        assert reader.scalar(select(func.count(Inbox.id))) == 0
        in_transaction(writing, lambda session: session.execute(insert(Inbox), [rows.inbox("m1")]))
        reader.rollback()
        assert reader.scalar(select(func.count(Inbox.id))) == 1


def test_an_error_does_not_quote_what_was_written(database: Database) -> None:
    with Session(database.engine()) as session, pytest.raises(DBAPIError) as caught:
        session.execute(insert(Inbox), [rows.inbox("m1", sender="13800012345"), rows.inbox("m1")])
    assert "13800012345" not in str(caught.value)


MOMENTS = [
    datetime(2020, 2, 24, 22, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
    datetime(2020, 2, 24, 14, 0, 0, 123456, tzinfo=UTC),
    datetime(2020, 2, 24, 0, 30, tzinfo=timezone(timedelta(hours=-5))),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_comes_back_as_the_same_moment(database: Database, moment: datetime) -> None:
    in_transaction(database.engine(), lambda s: s.execute(insert(Inbox), [rows.inbox("m1", received_at=moment)]))
    with Session(database.engine()) as session:
        found = session.scalar(select(Inbox.received_at))
        assert found == moment
        assert found is not None
        assert found.utcoffset() == timedelta(0)
        assert session.scalar(select(func.max(Inbox.received_at))) == moment
        assert session.scalar(select(Inbox.key).where(Inbox.received_at >= moment)) == "m1"
        assert session.scalar(select(Inbox.key).where(Inbox.received_at > moment)) is None


def test_moments_are_in_order_whatever_their_zones(database: Database) -> None:
    work = [rows.inbox(f"m{n}", received_at=moment) for n, moment in enumerate(MOMENTS)]
    in_transaction(database.engine(), lambda session: session.execute(insert(Inbox), work))
    with Session(database.engine()) as session:
        found = session.scalars(select(Inbox.received_at).order_by(Inbox.received_at)).all()
    assert list(found) == sorted(MOMENTS)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    work = [rows.inbox("m1", received_at=datetime(2020, 2, 24))]  # noqa: DTZ001  (what is refused)
    with Session(database.engine()) as session, pytest.raises((StatementError, ValueError), match="zone"):
        session.execute(insert(Inbox), work)
