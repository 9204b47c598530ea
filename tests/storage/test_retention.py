"""Old words are forgotten; records, and what is still to be sent, stay."""

from datetime import timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage.inbox import known
from storage.retention import forget_words
from storage.tables import Chain, Inbox, Outbox, RecordRow
from tests.storage import rows
from tests.support.databases import Database

OLD = rows.NOW - timedelta(days=181)
BEFORE = rows.NOW - timedelta(days=180)


def test_old_words_go(database: Database) -> None:
    with Session(database.engine()) as session:
        session.execute(insert(Inbox), [rows.inbox("old", received_at=OLD), rows.inbox("new")])
        written = [("old", "sent", OLD), ("waits", "pending", OLD), ("dead", "dead", OLD), ("new", "sent", rows.NOW)]
        session.execute(insert(Outbox), [rows.outbox(key, state=state, created_at=at) for key, state, at in written])
        chains = [
            {"chat": "g1", "identity": key, "entries": {}, "updated_at": at}
            for key, at in (("old", OLD), ("new", rows.NOW))
        ]
        session.execute(insert(Chain), chains)
        session.execute(insert(RecordRow), [rows.record("C1", reported_at=OLD, message_key="old")])
        assert forget_words(session, BEFORE) == {"received": 1, "written": 2, "chains": 1}
        assert forget_words(session, BEFORE) == {"received": 0, "written": 0, "chains": 0}
        assert dict(session.execute(select(Inbox.key, Inbox.body)).tuples().all()) == {"old": None, "new": b"{}"}
        assert set(session.scalars(select(Outbox.key))) == {"waits", "new"}
        assert session.scalars(select(Chain.identity)).all() == ["new"]
        assert session.scalars(select(RecordRow.ref)).all() == ["C1"]
        assert known(session, ["old"]) == {"old"}, "a repetition is still known"
