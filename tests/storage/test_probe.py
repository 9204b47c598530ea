"""Asking first which keys are known finds every key that the query for objects finds: no fact is overlooked."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from storage import inbox
from storage.callups import Called
from storage.cases import COLUMNS, Cases
from storage.chats import Accounts
from storage.duties import Periods
from storage.facts import Facts
from storage.figures import ToldFigures
from storage.once import Said
from storage.organisation import PeopleByName, PersonOfAccount
from storage.probe import Probe
from storage.questions import Questions
from storage.tables import Account, Base, Duty, Figure, Inbox, PendingQuestion, RecordRow, Returnee
from storage.tables_cases import Once
from storage.tables_duty import CallUp, SignUp
from storage.tables_org import Person, PersonAccount
from tests.storage import rows
from tests.support.databases import counted

WORDS = ("李娜", "a'b", 'a"b', "a\\b", "a{0}b", "12", "😀", "%_", "", "a\nb", "\x01")
"""Values that quoting, JSON or a comparison of numbers could get wrong."""
DAYS = tuple(rows.DAY + timedelta(days=number) for number in (-1, 0, 1))
UNKNOWN = ("unknown1", "unknown2", "unknown3")


def duty(number: int, chat: str, person: str, account: str, day: date) -> Duty:
    return Duty(in_ref=f"C{number}", chat=chat, unit="", person=person, account=account, day=day, state="open")


def figure(number: int, post: str, item: str, day: date, value: float) -> list[Base]:
    record = RecordRow(**rows.record(f"W{number}", kind="work"))
    told = Figure(
        ref=f"W{number}", chat="g1", unit="", post=post, day=day, item=item, value=value, reported_at=rows.NOW
    )
    return [record, told]


def case(number: int, word: str) -> Returnee:
    """A case that is known under the same word in whatever way."""
    hashes = dict.fromkeys(("name_hash", "phone_hash", "tail_hash", "account"), word)
    return Returnee(**{**rows.returnee(f"R{number}"), **hashes})


def sign_up(number: int, word: str) -> SignUp:
    return SignUp(call_up_id=1, ref=f"S{number}", chat="g1", person=word, at=rows.NOW)


def call_up() -> CallUp:
    where = {"ref": "U1", "chat": "g1", "unit": "", "sender": "lina", "state": "open"}
    return CallUp(id=1, needed=5, opened_at=rows.NOW, shown_at=rows.NOW, **where)


def some(store: type[Facts[Any, Any]]) -> tuple[list[Any], list[Any]]:
    """(objects of a database, keys under which they may be asked for)."""
    numbered = list(enumerate(WORDS))
    many: dict[type[Facts[Any, Any]], tuple[Iterable[Any], Iterable[Any]]] = {
        Accounts: ([Account(user_id=w, name=w, source="", seen_at=rows.NOW) for w in WORDS], WORDS),
        Said: ([Once(key=w, at=rows.NOW) for w in WORDS], WORDS),
        PeopleByName: ([Person(name=w) for w in WORDS], WORDS),
        PersonOfAccount: ([PersonAccount(person_id=1, user_id=w) for w in WORDS], WORDS),
        Questions: ([question(w) for w in WORDS], [("g1", w) for w in WORDS]),
        Called: ([call_up(), *(sign_up(n, w) for n, w in numbered)], [("g1", w) for w in WORDS]),
        Cases: ([case(n, w) for n, w in numbered], [(kind, w) for kind in COLUMNS for w in (*WORDS, "R3")]),
        Periods: (
            [duty(n, "g1", w, w and f"u{w}", day) for n, (w, day) in enumerate((w, d) for w in WORDS for d in DAYS)],
            [key for w in WORDS for d in DAYS for key in (("g1", w, d), ("", f"u{w}", d))],
        ),
        ToldFigures: (
            [one for n, w in numbered for one in figure(n, w, w, DAYS[n % 3], n / 10)],
            [("g1", DAYS[n % 3], w, "", w, value) for n, w in numbered for value in (n / 10, float(n), n)],
        ),
    }
    objects, keys = many[store]
    return list(objects), list(dict.fromkeys(keys))


def question(word: str) -> PendingQuestion:
    said = {"kind": "check_in", "field": "post", "understood": {}, "text": "", "asked_at": rows.NOW}
    return PendingQuestion(chat="g1", sender=word, **said)


STORES: Sequence[type[Facts[Any, Any]]] = (
    *(Accounts, Said, PeopleByName, PersonOfAccount, Questions, Called, Cases, Periods, ToldFigures),
)


def test_every_store_that_asks_first_is_tested_here() -> None:
    asking = {store for store in Facts.__subclasses__() if store.PROBE is not None}
    assert {store for store in asking if store.__module__.startswith("storage.")} == set(STORES)


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.__name__)
def test_what_is_asked_first_covers_what_is_fetched(
    session: Session, store: type[Facts[Any, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    objects, keys = some(store)
    session.add_all(objects)
    session.flush()
    session.expunge_all()
    asked = store(session)
    asked.ensure(keys)
    monkeypatch.setattr(store, "PROBE", None)
    plain = store(session)
    plain.ensure(keys)
    assert {key: told(asked.of(key)) for key in keys} == {key: told(plain.of(key)) for key in keys}
    assert any(plain.of(key) for key in keys)


def told(objects: Sequence[Any]) -> list[Any]:
    """What tells one from another: rows are the same objects in one session, the rest says the same."""
    return [(one.user_id, one.name) if isinstance(one, Account) else one for one in objects]


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(known=st.sets(TEXT, max_size=5), others=st.sets(TEXT, max_size=5))
def test_keys_of_any_text_are_found(engine: Engine, known: set[str], others: set[str]) -> None:
    with Session(engine, autoflush=False) as session:
        session.add_all(Account(user_id=word, name="", source="", seen_at=rows.NOW) for word in known)
        session.flush()
        keys = [*sorted(known | others), *UNKNOWN]
        accounts = Accounts(session)
        accounts.ensure(keys)
        assert {key for key in keys if accounts.get(key)} == known
        session.rollback()


def test_a_text_that_the_database_would_cut_off_is_not_asked_for(session: Session) -> None:
    """With a NUL in one of them the keys go to the query that can compare it."""
    asked = Probe[str]('EXISTS (SELECT 1 FROM inbox WHERE "key" = {})')
    keys = ["a\0b", *UNKNOWN]
    assert asked.known(session, keys) == keys


def test_a_message_is_known_among_many_new_ones(session: Session) -> None:
    session.add(Inbox(**rows.inbox("main|lina|m'1")))
    session.flush()
    assert inbox.known(session, [*UNKNOWN, "main|lina|m'1"]) == {"main|lina|m'1"}


def test_new_keys_cost_one_statement_on_sqlite(session: Session, backend: str) -> None:
    with counted(session.get_bind().engine) as statements:
        Accounts(session).ensure(UNKNOWN)
    asked_first = [statement for statement in statements if "json_each" in statement]
    selects = [statement for statement in statements if statement.startswith("SELECT")]
    assert (len(asked_first), len(selects)) == ((1, 1) if backend == "sqlite" else (0, 1))


def test_one_person_on_two_days_of_a_batch_has_both_days(session: Session) -> None:
    """Around midnight a batch asks for one person since two days: neither answer takes the other's place."""
    session.add_all([duty(1, "g1", "李娜", "lina", DAYS[0]), duty(2, "g1", "李娜", "lina", DAYS[1])])
    session.flush()
    periods = Periods(session)
    keys = [(chat, who, day) for chat, who in (("g1", "李娜"), ("", "lina")) for day in DAYS]
    periods.ensure(keys)
    found = [[row.in_ref for row in periods.of(key)] for key in keys]
    assert found == [["C1", "C2"], ["C2"], []] * 2
