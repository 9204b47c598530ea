"""The books of cases compared by the database = the same told one event after the other."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from handlers.cases import states
from handlers.cases.reconcile import balances
from storage.nest import Nest
from storage.report_facts import all_cases
from storage.tables import Base
from tests.support.databases import SqliteFiles
from tests.support.rings import RING

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2020, 2, 24)
NOON = datetime(2020, 2, 24, 12, tzinfo=ZONE)
UNITS = ("平谷区/金海湖镇/红石坎村", "平谷区/金海湖镇/将军关村", "平谷区/金海湖镇", "平谷区/金海湖镇东", "海淀区", "")
PLACES = ("", "平谷区", *UNITS[:-1], "@g0", "@g5", "朝阳区")

homes = st.tuples(st.sampled_from(UNITS), st.sampled_from(("g0", "g5")))
event = st.tuples(st.sampled_from(("step", "step", "accept")), st.sampled_from(states.STATES), homes, st.integers(0, 2))
case = st.tuples(st.none() | st.tuples(homes, st.integers(0, 2)), st.lists(event, max_size=4), st.none() | homes)
"""(where and on which day the ledger registered it; its events; a home that all of them have)."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("template"))


def rows(cases: list[Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ledger, events = [], []
    for number, (registered, steps, home) in enumerate(cases):
        ref = f"R{number}"
        if registered is not None:
            at, day = registered
            unit, chat = home or at
            ledger.append({"ref": ref, "unit": unit, "chat": chat, "day": MONDAY + timedelta(days=day)})
        for action, target, at, day in steps:
            unit, chat = home or at
            where = {"unit": unit, "chat": chat, "day": MONDAY + timedelta(days=day)}
            events.append({"ref": ref, "action": action, "target": target, **where})
    return ledger, events


def write(session: Session, ledger: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    record = {
        "kind": "returnee",
        "channel": "c",
        "sender": "u",
        "reporter": "u",
        "reported_at": NOON,
        "state": "active",
    }
    for row in ledger:
        values = {**record, **row, "message_key": row["ref"], "fields": {}}
        session.execute(insert(Base.metadata.tables["records"]), values)
    for row in events:
        session.execute(insert(Base.metadata.tables["case_events"]), {"source": "", "at": NOON, "actor": "u", **row})


def model(ledger: list[dict[str, Any]], events: list[dict[str, Any]], place: str, until: date) -> Any:
    """(intake, states, wrong) of one place, told in the order of the events."""

    def ours(row: dict[str, Any]) -> bool:
        return bool(Nest([place]).of(row["unit"], row["chat"]))

    came = {row["ref"] for row in ledger if row["day"] <= until and ours(row)}
    seen: dict[str, str] = {}
    for row in (row for row in events if row["day"] <= until):
        if ours(row):
            seen[row["ref"]] = row["target"]
            came |= {row["ref"]} if row["action"] == "accept" else set()
        elif row["ref"] in seen:
            seen[row["ref"]] = states.TRANSFERRED
    counts = {state: list(seen.values()).count(state) for state in states.STATES if state in seen.values()}
    return len(came), counts, sorted(came ^ set(seen), key=lambda ref: int(ref[1:]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(case, max_size=6), until=st.integers(0, 2))
def test_the_database_compares_as_one_would_by_hand(
    files: SqliteFiles, tmp_path: Path, cases: list[Any], until: int
) -> None:
    ledger, events = rows(cases)
    day = MONDAY + timedelta(days=until)
    with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
        write(session, ledger, events)
        found = balances(session, day, PLACES)
        told = {place: (one.intake, dict(one.counts), one.wrong) for place, one in found.items()}
        alone = {place: balances(session, day, [place])[place] for place in PLACES}
    assert told == {place: model(ledger, events, place, day) for place in PLACES}
    assert found == alone


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cases=st.lists(case, max_size=6), until=st.integers(0, 2))
def test_what_is_only_counted_is_what_is_told_one_by_one(
    files: SqliteFiles, tmp_path: Path, cases: list[Any], until: int
) -> None:
    ledger, events = rows([one for one in cases if one[0] is not None and one[1]])
    day = MONDAY + timedelta(days=until)
    with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
        write(session, ledger, events)
        found, counted = balances(session, day, [""])[""], all_cases(session, day)
    if counted is None:
        assert any(row["day"] > day for row in (*ledger, *events))
    else:
        assert counted == found.counts
        assert sum(counted.values()) == found.intake
        assert not found.wrong


def test_a_case_that_one_of_the_books_lacks_is_not_counted_away(files: SqliteFiles, tmp_path: Path) -> None:
    home = (UNITS[0], "g0")
    ledger, events = rows([((home, 0), [("step", "registered", home, 0)], None) for _ in range(3)])
    for said, registered, happened in (
        ({"registered": 3}, ledger, events),
        (None, ledger[1:], events),
        (None, ledger, events[1:]),
        (None, ledger[1:], events[:-1]),  # as many in both
    ):
        with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
            write(session, registered, happened)
            assert all_cases(session, MONDAY) == said
