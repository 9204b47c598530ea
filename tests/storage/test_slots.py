import threading
from datetime import datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from storage import slots
from storage.tables import Inbox, Outbox, Slot
from tests.storage import rows
from tests.support.databases import Database, in_transaction

TEN = rows.NOW.replace(hour=22)


def test_a_slot_is_claimed_once(session: Session) -> None:
    assert slots.claim(session, "nightly", "g1", TEN, rows.NOW)
    assert not slots.claim(session, "nightly", "g1", TEN, rows.NOW)
    assert not slots.claim(session, "nightly", "g1", TEN, rows.NOW, state="skipped", reason="late")
    assert slots.claim(session, "nightly", "g2", TEN, rows.NOW)
    assert slots.claim(session, "weekly", "g1", TEN, rows.NOW)
    assert slots.claim(session, "nightly", "g1", TEN + timedelta(days=1), rows.NOW)
    assert session.scalar(select(func.count(Slot.id))) == 4


def test_a_lost_claim_leaves_the_transaction_usable(database: Database) -> None:
    in_transaction(database.engine(), lambda s: slots.claim(s, "nightly", "g1", TEN, rows.NOW))

    def work(session: Session) -> bool:
        session.execute(insert(Inbox), [rows.inbox("before")])
        won = slots.claim(session, "nightly", "g1", TEN, rows.NOW)
        session.execute(insert(Inbox), [rows.inbox("after")])
        return won

    assert in_transaction(database.engine(), work) is False
    with Session(database.engine()) as session:
        assert session.scalars(select(Inbox.key).order_by(Inbox.id)).all() == ["before", "after"]


def test_a_claim_that_is_rolled_back_is_free_again(session: Session) -> None:
    assert slots.claim(session, "nightly", "g1", TEN, rows.NOW)
    session.rollback()
    assert slots.claim(session, "nightly", "g1", TEN, rows.NOW)


def test_of_many_instances_one_writes_the_report(database: Database) -> None:
    """They meet inside the claim: the first one holds its transaction open until all have begun."""
    others, won, failures = 3, [], []
    engines = [database.engine() for _ in range(others + 1)]
    begun = threading.Barrier(others + 1)

    def instance(number: int, engine: object) -> None:
        def work(session: Session) -> None:
            if slots.claim(session, "nightly", "g1", TEN, rows.NOW):
                session.execute(insert(Outbox), [rows.outbox(f"report-{number}")])
                won.append(number)

        try:
            begun.wait()
            in_transaction(engine, work)  # type: ignore[arg-type]
        except BaseException as error:  # noqa: BLE001  (carried out of the thread)
            failures.append(error)

    threads = [threading.Thread(target=instance, args=item) for item in enumerate(engines)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with Session(database.engine()) as session:
        assert session.scalars(select(Outbox.key)).all() == [f"report-{won[0]}"]
        assert session.scalar(select(func.count(Slot.id))) == 1


def test_a_claim_waits_for_an_unfinished_one_and_takes_its_place_when_that_fails(database: Database) -> None:
    first, second = database.engine(), database.engine()
    result: list[bool] = []
    with Session(first) as session:
        assert slots.claim(session, "nightly", "g1", TEN, rows.NOW)
        waiting = threading.Thread(
            target=lambda: result.append(
                in_transaction(second, lambda s: slots.claim(s, "nightly", "g1", TEN, rows.NOW))
            )
        )
        waiting.start()
        session.rollback()
        waiting.join()
    assert result == [True]


def newest(session: Session, *claims: tuple[datetime, str]) -> datetime | None:
    for slot, state in claims:
        slots.claim(session, "nightly", "g1", slot, rows.NOW, state=state)
    return slots.newest(session, ["nightly"])["nightly"].get("g1")


def test_the_newest_slot_is_one_of_the_plan(session: Session) -> None:
    assert newest(session) is None
    assert newest(session, (TEN, "armed")) == TEN
    assert newest(session, (TEN + timedelta(2), "skipped"), (TEN + timedelta(1), "sent")) == TEN + timedelta(2)
    assert newest(session, (TEN + timedelta(3), "manual")) == TEN + timedelta(2), "what is written by hand is beside it"
    assert slots.newest(session, ["weekly"]) == {"weekly": {}}
