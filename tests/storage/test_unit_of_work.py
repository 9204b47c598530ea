import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storage import facts
from storage.chats import Accounts, Chats, learn, names
from storage.facts import Facts
from storage.inbox import by_key, count, failed, known
from storage.questions import Questions
from storage.records import Scope, by_refs, listing
from storage.tables import Account, Chat, Inbox, Outbox, RecordRow, Sequence
from storage.unit_of_work import UnitOfWork
from storage.upsert import insert_new
from tests.storage import rows
from tests.support.databases import Database, counted, in_transaction


def test_rows_are_written_in_bulk(session: Session) -> None:
    uow = UnitOfWork(session)
    for n in range(64):
        uow.insert(Inbox, **rows.inbox(f"m{n}"))
        uow.insert(RecordRow, **rows.record(f"C{n}"))
    with counted(session.get_bind().engine) as statements:  # type: ignore[union-attr]
        uow.flush()
    assert len([s for s in statements if s.startswith("INSERT") and "daily_dirty" not in s]) == 2
    assert session.scalar(select(func.count(Inbox.id))) == 64
    uow.flush()
    assert session.scalar(select(func.count(Inbox.id))) == 64, "what was written is not written again"


def test_references_count_per_prefix(session: Session) -> None:
    uow = UnitOfWork(session)
    assert [uow.next_ref(prefix) for prefix in "CCRCR"] == ["C1", "C2", "R1", "C3", "R2"]
    uow.flush()
    session.commit()
    assert UnitOfWork(session).next_ref("C") == "C4"


def test_references_cost_one_query_a_batch(database: Database) -> None:
    in_transaction(database.engine(), lambda s: s.execute(insert(Sequence), [{"prefix": p, "last": 7} for p in "CRW"]))
    engine = database.engine()
    with counted(engine) as statements, Session(engine, autoflush=False) as session:
        uow = UnitOfWork(session)
        assert [uow.next_ref(prefix) for prefix in "CRWCRW"] == ["C8", "R8", "W8", "C9", "R9", "W9"]
    assert len([s for s in statements if "sequences" in s]) == 1


def test_a_rollback_gives_references_back(session: Session) -> None:
    nested = session.begin_nested()
    assert UnitOfWork(session).next_ref("C") == "C1"
    nested.rollback()
    session.expunge_all()
    uow = UnitOfWork(session)
    assert uow.next_ref("C") == "C1"
    uow.flush()
    session.commit()
    session.expunge_all()
    assert UnitOfWork(session).next_ref("C") == "C2"


def test_references_of_two_instances_are_unique_and_gapless(database: Database) -> None:
    taken: list[str] = []
    in_transaction(database.engine(), lambda s: s.execute(insert(Sequence), [{"prefix": "C", "last": 0}]))

    def batch(session: Session) -> list[str]:
        uow = UnitOfWork(session)
        refs = [uow.next_ref("C") for _ in range(3)]
        uow.flush()
        return refs

    def instance() -> None:
        engine = database.engine()
        for _ in range(10):
            taken.extend(in_transaction(engine, batch))

    threads = [threading.Thread(target=instance) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken, key=lambda ref: int(ref[1:])) == [f"C{n}" for n in range(1, 61)]


def test_insert_new_tells_whether_the_key_was_free(session: Session) -> None:
    row = {"prefix": "C", "last": 1}
    assert insert_new(session, Sequence, row)
    assert not insert_new(session, Sequence, {**row, "last": 9})
    assert session.scalar(select(Sequence.last)) == 1


def test_a_flush_that_fails_can_be_rolled_back_to_its_savepoint(session: Session) -> None:
    session.execute(insert(Inbox), [rows.inbox("m1")])
    uow = UnitOfWork(session)
    uow.insert(Inbox, **rows.inbox("m2"))
    uow.insert(Inbox, **rows.inbox("m1"))
    with pytest.raises(IntegrityError), session.begin_nested():
        uow.flush()
    assert session.scalars(select(Inbox.key)).all() == ["m1"]


# -- facts -----------------------------------------------------------------------------------------------------------


class Waiting(Facts[tuple[str, str], Outbox]):
    """Pending messages of a channel and chat: facts with several objects a key."""

    def fetch(self, keys: list[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], Outbox]]:
        query = select(Outbox).where(tuple_(Outbox.channel, Outbox.chat).in_(keys), Outbox.state == "pending")
        return [((row.channel, row.chat), row) for row in self.session.scalars(query.order_by(Outbox.id))]


G1, G2, G3 = ("main", "g1"), ("main", "g2"), ("main", "g3")


def test_facts_of_a_batch_are_one_query_a_table(database: Database) -> None:
    def seed(session: Session) -> None:
        messages = [("a", "g1", "pending"), ("b", "g2", "pending"), ("c", "g1", "pending"), ("d", "g3", "sent")]
        session.execute(insert(Outbox), [rows.outbox(key, chat=chat, state=state) for key, chat, state in messages])
        session.add(Chat(chat="g1", channel="main", chat_type="group", unit="平谷区", bound_by="", seen_at=rows.NOW))
        session.add(Account(user_id="lina", name="李娜", source="self", seen_at=rows.NOW))

    in_transaction(database.engine(), seed)
    engine = database.engine()
    with Session(engine, autoflush=False) as session, counted(engine) as statements:
        waiting, chats, accounts, questions = Waiting(session), Chats(session), Accounts(session), Questions(session)
        waiting.ensure([G1, G2, G3, G1])
        chats.ensure(["g1", "g9"])
        accounts.ensure(["lina", "wang"])
        questions.ensure([("g1", "lina"), ("g1", "wang")])
        asked_first = len([s for s in statements if "json_each" in s])
        assert asked_first == (2 if database.backend == "sqlite" else 0), "accounts, questions"
        selects = 4 if database.backend != "sqlite" else 3 + asked_first  # nobody has asked a question: no second query
        assert len([s for s in statements if s.startswith("SELECT")]) == selects
        assert [[row.key for row in waiting.of(key)] for key in [G1, G2, G3]] == [["a", "c"], ["b"], []]
        assert (chats.get("g9"), accounts.get("wang"), questions.get(("g1", "wang"))) == (None, None, None)
        assert len([s for s in statements if s.startswith("SELECT")]) == selects, "also what is not there is known"


def test_a_fact_that_was_added_is_seen_before_it_is_written(session: Session) -> None:
    waiting = Waiting(session)
    waiting.ensure([G1])
    added = Outbox(**rows.outbox("a"))
    waiting.add(G1, added)
    assert waiting.of(G1) == [added]
    added.state = "dead"
    UnitOfWork(session).flush()
    assert session.scalars(select(Outbox.state)).all() == ["dead"]


def test_many_keys_are_asked_for_in_parts(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "MOST_KEYS", 10)
    session.execute(insert(Outbox), [rows.outbox(f"k{n}", chat=f"g{n}") for n in range(25)])
    waiting = Waiting(session)
    with counted(session.get_bind().engine) as statements:  # type: ignore[union-attr]
        waiting.ensure([("main", f"g{n}") for n in range(25)])
    assert len(statements) == 3
    assert all(len(waiting.of(("main", f"g{n}"))) == 1 for n in range(25))


@dataclass(frozen=True)
class Asking:
    field: str
    kind: str = "check_in"
    understood: Mapping[str, Any] = field(default_factory=lambda: {"people": ["李娜"]})


def open_question(engine: Engine, key: tuple[str, str]) -> tuple[str, Mapping[str, Any], str] | None:
    with Session(engine) as session:
        row = Questions(session).get(key)
        return row and (row.field, row.understood, row.text)


def test_a_question_is_asked_replaced_and_settled(engine: Engine) -> None:
    key = ("g1", "lina")
    for name in ("post", "hours"):
        in_transaction(engine, lambda s, n=name: Questions(s).ask(key, Asking(n), "李娜到岗", "", rows.NOW))
    assert open_question(engine, key) == ("hours", {"people": ["李娜"]}, "李娜到岗")
    in_transaction(engine, lambda s: Questions(s).settle(key))
    assert open_question(engine, key) is None


def test_a_question_may_follow_the_answer_to_another_in_one_batch(engine: Engine) -> None:
    key = ("g1", "lina")
    in_transaction(engine, lambda s: Questions(s).ask(key, Asking("post"), "李娜到岗", "", rows.NOW))

    def answer_and_ask(session: Session) -> None:
        questions = Questions(session)
        questions.settle(key)
        questions.ask(key, Asking("hours"), "李娜离岗", "", rows.NOW)

    in_transaction(engine, answer_and_ask)
    assert open_question(engine, key) == ("hours", {"people": ["李娜"]}, "李娜离岗")


def test_a_question_that_is_answered_in_its_batch_was_never_there(engine: Engine) -> None:
    key = ("g1", "lina")

    def ask_and_answer(session: Session) -> None:
        questions = Questions(session)
        questions.ask(key, Asking("post"), "", "", rows.NOW)
        questions.settle(key)
        questions.settle(key)

    in_transaction(engine, ask_and_answer)
    assert open_question(engine, key) is None


# -- inbox, accounts, records ----------------------------------------------------------------------------------------


def test_known_finds_the_keys_that_are_there(session: Session) -> None:
    session.execute(insert(Inbox), [rows.inbox(f"m{n}", state="failed" if n == 3 else "done") for n in range(1200)])
    assert known(session, (f"m{n}" for n in range(1190, 1210))) == {f"m{n}" for n in range(1190, 1200)}
    assert len(known(session, [f"m{n}" for n in range(2000)])) == 1200
    assert known(session, []) == set()
    assert count(session) == 1200
    assert [row.key for row in failed(session)] == ["m3"]
    found = by_key(session, "m7")
    assert found is not None
    assert found.body == b"{}"
    assert by_key(session, "m9999") is None


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        (None, ("李娜", "directory"), ("李娜", "directory")),
        (("李娜", "directory"), ("李小娜", "config"), ("李小娜", "config")),
        (("娜姐", "self"), ("李娜", "config"), ("娜姐", "self")),
        (("李娜", "config"), ("娜姐", "self"), ("娜姐", "self")),
    ],
)
def test_what_a_person_said_of_themselves_stays(
    database: Database, before: tuple[str, str] | None, told: tuple[str, str], after: tuple[str, str]
) -> None:
    for name, source in filter(None, [before, told]):
        in_transaction(database.engine(), lambda s, n=name, w=source: learn(s, {"lina": n}, w, rows.NOW))
    with Session(database.engine()) as session:
        assert tuple(session.execute(select(Account.name, Account.source)).one()) == after
        assert names(session) == {"lina": after[0]}


UNITS = [
    "平谷区",
    "平谷区/金海湖镇",
    "平谷区/金海湖镇/红石坎村",
    "平谷区/金海湖镇2",
    "a_b",
    "a_b/c",
    "axb/c",
    "A_B/c",
    "100%/x",
    "100z/x",
]


@pytest.mark.parametrize(
    ("unit", "found"),
    [
        ("平谷区", UNITS[:4]),
        ("平谷区/金海湖镇", UNITS[1:3]),
        ("平谷区/金海湖镇/红石坎村", UNITS[2:3]),
        ("平谷", []),
        ("a_b", ["a_b", "a_b/c"]),
        ("100%", ["100%/x"]),
        (None, UNITS),
    ],
)
def test_a_scope_is_a_unit_with_everything_below_it(session: Session, unit: str | None, found: list[str]) -> None:
    session.execute(insert(RecordRow), [rows.record(f"C{n}", unit=unit) for n, unit in enumerate(UNITS)])
    assert [row.unit for row in listing(session, "check_in", Scope(unit=unit))] == found


def test_a_scope_is_a_closed_range_of_days_and_a_chat(session: Session) -> None:
    days = [rows.DAY + timedelta(days=n) for n in range(4)]
    session.execute(insert(RecordRow), [rows.record(f"C{n}", day=day) for n, day in enumerate(days)])
    session.execute(insert(RecordRow), [rows.record("C9", chat="g2"), rows.record("C8", state="undone")])
    found = listing(session, "check_in", Scope(first=days[1], last=days[2], chat="g1"))
    assert [row.ref for row in found] == ["C1", "C2"]
    assert set(by_refs(session, ["C1", "C8", "C77"])) == {"C1", "C8"}
