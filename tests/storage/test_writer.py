import asyncio
import threading
from concurrent.futures import CancelledError
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from storage.tables import Inbox, Sequence
from storage.trouble import conflict, unavailable
from storage.writer import Writer, WriterClosed
from tests.storage import rows
from tests.support.databases import Database, in_transaction


def put(*keys: str) -> Any:
    return lambda session: session.execute(insert(Inbox), [rows.inbox(key) for key in keys]) and None


def count(engine: Engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count(Inbox.id))) or 0


async def test_what_the_work_did_is_committed(writer: Writer, database: Database) -> None:
    assert await writer.run(lambda session: session.execute(text("SELECT 7")).scalar_one()) == 7
    await writer.run(put("m1", "m2"))
    assert count(database.engine()) == 2


async def test_work_that_raises_leaves_nothing(writer: Writer, database: Database) -> None:
    def work(session: Session) -> None:
        put("m1")(session)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await writer.run(work)
    with pytest.raises(IntegrityError):
        await writer.run(put("m2", "m2"))
    await writer.run(put("m3"))
    assert count(database.engine()) == 1


async def test_work_is_done_in_its_order_on_one_thread(writer: Writer) -> None:
    seen: list[tuple[int, str]] = []
    works = [lambda _s, n=n: seen.append((n, threading.current_thread().name)) for n in range(50)]
    await asyncio.gather(*(writer.run(work) for work in works))
    assert seen == [(n, "kakou-writer") for n in range(50)]


async def test_a_cancelled_caller_does_not_stop_the_work(writer: Writer, database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def work(session: Session) -> None:
        begun.set()
        go_on.wait()
        put("m1")(session)

    task = asyncio.create_task(writer.run(work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go_on.set()
    await writer.run(lambda _session: None)
    assert count(database.engine()) == 1


async def test_cancelled_work_that_has_not_begun_is_left_out_and_the_thread_lives(writer: Writer) -> None:
    go_on, done = threading.Event(), []
    first = writer.submit(lambda _session: go_on.wait())
    second = writer.submit(lambda _session: done.append(2))
    assert second.cancel()
    go_on.set()
    assert first.result() is True
    assert await writer.run(lambda _session: 3) == 3
    assert done == []
    with pytest.raises(CancelledError):
        second.result()


def test_closing_finishes_what_is_queued(database: Database) -> None:
    writer = Writer(database.engine())
    futures = [writer.submit(put(f"m{n}")) for n in range(20)]
    assert writer.close()
    assert all(future.done() for future in futures)
    assert count(database.engine()) == 20
    with pytest.raises(WriterClosed):
        writer.submit(put("late"))
    assert writer.close(), "a second time it is closed already"


def test_closing_tells_when_the_work_takes_too_long(sqlite: Database) -> None:
    writer, go_on = Writer(sqlite.engine()), threading.Event()
    writer.submit(lambda _session: go_on.wait())
    assert not writer.close(0.01)
    go_on.set()
    assert writer.close()


def test_writers_of_several_instances_take_turns(database: Database) -> None:
    """What a transaction has read stays true until it commits, so that no instance undoes another's work."""
    in_transaction(database.engine(), lambda s: s.execute(insert(Sequence), [{"prefix": "A", "last": 0}]))
    writers = [Writer(database.engine()) for _ in range(3)]

    def add_one(session: Session) -> None:
        row = session.get_one(Sequence, "A")
        row.last += 1
        session.flush()

    futures = [writer.submit(add_one) for _ in range(20) for writer in writers]
    assert [future.exception() for future in futures] == [None] * 60
    with Session(database.engine()) as session:
        assert session.scalar(select(Sequence.last)) == 60
    assert all(writer.close() for writer in writers)


@pytest.mark.postgres
def test_a_deadlock_is_done_again(postgres: Database) -> None:
    """A writer and somebody else lock two rows crosswise; whichever of them the database breaks, the writer goes on."""
    in_transaction(postgres.engine(), lambda s: s.execute(insert(Sequence), [{"prefix": p, "last": 0} for p in "AB"]))
    engine, met, through, tries = postgres.engine(), threading.Barrier(2), threading.Event(), []

    def lock(session: Session, prefix: str) -> None:
        session.execute(select(Sequence).where(Sequence.prefix == prefix).with_for_update())

    def work(session: Session) -> str:
        tries.append(1)
        session.execute(text("SET LOCAL deadlock_timeout = '10ms'"))  # so that this one is broken
        if len(tries) > 1:
            through.wait()  # or the second try may take A before the other has it, and be broken once more
        lock(session, "A")
        if len(tries) == 1:
            met.wait()
        lock(session, "B")
        return "done"

    writer = Writer(postgres.engine())
    future = writer.submit(work)
    with Session(engine) as session:
        session.execute(text("SET LOCAL deadlock_timeout = '60s'"))
        lock(session, "B")
        met.wait()
        lock(session, "A")
        session.commit()
        through.set()
    assert future.result() == "done"
    assert len(tries) == 2
    assert writer.close()


# -- whose fault it was ----------------------------------------------------------------------------------------------


def failure(engine: Engine, *statements: str) -> Exception:
    with engine.connect() as connection, pytest.raises(Exception) as caught:  # noqa: PT012  (the last one raises)
        for statement in statements:
            connection.execute(text(statement))
    return caught.value


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM nowhere",
        "INSERT INTO sequences (prefix) VALUES (NULL)",
        "INSERT INTO sequences VALUES ('C', 1), ('C', 2)",
        "SELECT nothing(",
    ],
)
def test_a_mistake_is_not_the_databases_fault(database: Database, statement: str) -> None:
    assert not unavailable(failure(database.engine(), statement))


def test_a_database_that_is_not_there_is_unavailable(database: Database) -> None:
    where = "sqlite:////proc/none/kakou.db" if database.backend == "sqlite" else "postgresql://x@127.0.0.1:1/x"
    engine = create_engine(where.replace("postgresql:", "postgresql+psycopg:"))
    with pytest.raises(OperationalError) as caught:
        engine.connect()
    engine.dispose()
    assert unavailable(caught.value)
    wrapped = RuntimeError("a handler failed")
    wrapped.__cause__ = caught.value
    assert unavailable(wrapped)
    assert not conflict(wrapped)


def test_a_locked_file_is_unavailable(sqlite: Database) -> None:
    with sqlite.engine().connect() as holder:
        holder.execute(text("SELECT 1"))
        impatient = create_engine(sqlite.url, connect_args={"timeout": 0})
        assert unavailable(failure(impatient, "DELETE FROM sequences"))
        impatient.dispose()


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_unavailable(postgres: Database) -> None:
    engine = postgres.engine()
    error = failure(engine, "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")
    assert unavailable(error)
    assert count(engine) == 0, "the next connection is a fresh one"


@pytest.mark.parametrize("error", [None, ValueError("x"), KeyError("x")])
def test_other_errors_are_not_the_databases_fault(error: Exception | None) -> None:
    assert not unavailable(error)
    assert not conflict(error)
