"""Accounts as a batch sees them: to be looked at, and renamed through one door."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from storage.chats import Accounts
from storage.tables import Account

MET = datetime(2020, 2, 23, 1, 0, tzinfo=UTC)


def told(session: Session) -> tuple[str, str, datetime]:
    session.flush()
    session.expunge_all()
    row = session.get_one(Account, "chen")
    return row.name, row.source, row.seen_at


def test_a_new_name_is_written_and_seen_at_once(session: Session) -> None:
    session.add(Account(user_id="chen", name="陈", source="directory", seen_at=MET))
    session.flush()
    session.expunge_all()
    accounts = Accounts(session)
    accounts.rename("chen", "陈建", "directory")
    accounts.rename("chen", "陈建国", "self")
    seen = accounts.get("chen")
    assert seen is not None
    assert (seen.name, seen.source) == ("陈建国", "self")
    assert told(session) == ("陈建国", "self", MET)


def test_somebody_new_is_renamed_before_they_are_written(session: Session) -> None:
    accounts = Accounts(session)
    assert accounts.get("chen") is None
    accounts.add("chen", Account(user_id="chen", name="", source="", seen_at=MET))
    accounts.rename("chen", "陈建国", "self")
    assert told(session) == ("陈建国", "self", MET)
