"""The gate's books on both databases: numbers, look-ups, figures counted from records."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from handlers.gate.purge import purge
from storage import daily_check, daily_read, gate
from storage.records import Scope
from storage.tables import Figure
from storage.tables_gate import Departure, GateEntry, Pass
from storage.types import ring_of
from storage.unit_of_work import UnitOfWork

UNIT, CHAT = "平谷区/金海湖镇/红石坎村", "wrGate"
DAY = date(2020, 2, 23)
NINE = datetime(2020, 2, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HERE = {"chat": CHAT, "unit": UNIT, "message_key": "m"}


def entry(number: int, **more: object) -> GateEntry:
    plain = {"post": "东门", "direction": "in", "heads": 1, "vehicle": False, "measured": True, "fever": False}
    values = {**plain, "problem": "", "action": "", "details": {"temperature": 36.5}, "person": "申屠远山", **more}
    return GateEntry(ref=f"J{number}", day=DAY, at=NINE + timedelta(minutes=number), **HERE, **values)


def a_pass(engine: Engine, number: int, plate: str, **more: object) -> Pass:
    ring = ring_of(engine.dialect)
    hashes = {"plate_hash": ring.hash(plate), "tail": plate[-3:], "tail_hash": ring.hash(plate[-3:])}
    plain = {"kind": "vehicle", "issued_on": DAY, "issued_by": "u", "state": "active", "details": {}}
    return Pass(ref=f"K{number}", register=UNIT, number=number, plate=plate, **HERE, **hashes, **{**plain, **more})


def count(item: str, name: str, value: float, minutes: int) -> Figure:
    where = {"ref": "W1", "chat": CHAT, "unit": UNIT, "post": "东门", "day": DAY}
    at = NINE + timedelta(minutes=minutes)
    return Figure(**where, item=item, measure="人", value=value, reported_at=at, gate=name, state="active")


def add(session: Session, *rows: object) -> UnitOfWork:
    uow = UnitOfWork(session)
    session.add_all(rows)
    uow.flush()
    return uow


def test_numbers_of_a_register_run_on(session: Session) -> None:
    assert [gate.next_number(session, UNIT) for _ in range(3)] == [1, 2, 3]
    assert gate.next_number(session, "@wrOther") == 1
    session.commit()
    assert gate.next_number(session, UNIT) == 4


def test_passes_are_found_by_plate_and_tail(session: Session, engine: Engine) -> None:
    rows = (a_pass(engine, 1, "京A12345", state="void", closed_on=DAY), a_pass(engine, 2, "京A12345"))
    add(session, *rows, a_pass(engine, 3, "京B67345"))
    ring = ring_of(engine.dialect)
    assert [row.number for row in gate.passes_with(session, UNIT, "plate_hash", ring.hash("京A12345"))] == [2]
    every = gate.passes_with(session, UNIT, "tail_hash", ring.hash("345"), living=False)
    assert [row.number for row in every] == [3, 2, 1]
    numbered = gate.pass_numbered(session, UNIT, 3)
    assert numbered is not None
    assert numbered.plate == "京B67345"


def test_the_aggregates_are_what_the_records_give(session: Session, engine: Engine) -> None:
    add(session, entry(1), entry(2), entry(3, direction="out"), count("进", "in", 3, 10), count("出", "out", 7, 10))
    add(session, entry(20, fever=True), entry(21, direction="", problem="yellow", action="sent_back", measured=False))
    add(session, a_pass(engine, 1, "京A12345", state="void", closed_on=DAY + timedelta(days=1)))
    left = {"reporter": "u", "registered": {}, "facts": {}, "state": "done", "done_on": DAY}
    add(session, Departure(ref="Q1", day=DAY, **HERE, **left))
    found = daily_read.read(session, "平谷区", DAY, DAY)
    told = {name: cell.value for name, cell in found.whole.items() if name.startswith(("gate|", "pass|", "departure|"))}
    assert told == {
        "gate|in": 4,
        "gate|out": 7,
        "gate|measured": 4,
        "gate|fever": 1,
        "gate|exception": 1,
        "gate|back": 1,
        "gate|singly": 4,
        "pass|issued": 1,
        "departure|registered": 1,
        "departure|done": 1,
    }
    assert daily_read.read(session, UNIT, DAY, DAY).by_post["gate|in"]["东门"].value == 4
    undone = session.scalars(select(GateEntry).where(GateEntry.ref == "J20")).one()
    undone.state = "undone"
    add(session)
    assert daily_read.read(session, UNIT, DAY, DAY).value("gate|in") == 3
    session.commit()
    assert daily_check.differences(session) == []


def test_a_purge_leaves_the_figures(session: Session, engine: Engine) -> None:
    add(session, entry(1, plate="京A12345", vehicle=True), entry(2), a_pass(engine, 1, "京B67345"))
    before = {name: cell.value for name, cell in daily_read.read(session, UNIT, DAY, DAY).whole.items()}
    assert purge(session, NINE + timedelta(days=13), 14).entries == 0
    done = purge(session, NINE + timedelta(days=14), 14)
    assert (done.entries, done.passes, done.departures) == (2, 0, 0)
    add(session)
    rows = gate.entries(session, Scope(DAY, DAY, UNIT))
    assert [(row.person, row.plate, row.plate_hash, row.details, row.vehicle) for row in rows] == [
        (None, None, None, {}, True),
        (None, None, None, {}, False),
    ]
    assert {name: cell.value for name, cell in daily_read.read(session, UNIT, DAY, DAY).whole.items()} == before
