"""Whom an entry was about is forgotten; what it counted stays."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.form_retention import forget_people
from storage.tables_forms import FormChange, FormEntry
from tests.storage.rows import DAY, NOW
from tests.support.databases import Database, in_transaction


def entry(number: str, **values: Any) -> FormEntry:
    row = FormEntry(number=number, form="quarantine", chat="g", unit="村", place="村", sender="a", day=DAY)
    row.identity, row.identity_hash, row.updated_at = f"quarantine|村|{number}", f"hash-{number}", NOW
    row.plain, row.sealed, row.approx, row.units = {"members": 3}, {"address": "3号楼501"}, {}, {}
    row.doubt, row.state = "", "active"
    for name, value in values.items():
        setattr(row, name, value)
    return row


def change(number: str) -> FormChange:
    row = FormChange(entry=number, ref=f"W{number}", message_key="m", sender="a", at=NOW, day=DAY, post="", how="said")
    row.values, row.approx, row.units, row.state = {"head": "王小明"}, {}, {}, "active"
    return row


def test_people_are_forgotten_and_numbers_stay(sqlite: Database) -> None:
    engine = sqlite.engine()

    def fill(session: Session) -> None:
        known = {"person": "王小明", "person_hash": "x"}
        session.add(entry("M1", **known))
        session.add(entry("M2", **known, updated_at=NOW + timedelta(days=2)))
        session.add(entry("M3"))
        session.add_all(change(number) for number in ("M1", "M2", "M3"))

    in_transaction(engine, fill)
    assert in_transaction(engine, lambda session: forget_people(session, NOW + timedelta(days=1))) == 1
    with Session(engine) as session:
        rows = {row.number: row for row in session.scalars(select(FormEntry))}
        changes = {row.entry: row.values for row in session.scalars(select(FormChange))}
    assert (rows["M1"].sealed, rows["M1"].person, rows["M1"].person_hash) == ({}, None, None)
    assert (rows["M1"].identity, rows["M1"].plain) == ("forgotten M1", {"members": 3})
    assert rows["M2"].person == "王小明"
    assert rows["M3"].sealed == {"address": "3号楼501"}
    assert changes == {"M1": {}, "M2": {"head": "王小明"}, "M3": {"head": "王小明"}}
    assert in_transaction(engine, lambda session: forget_people(session, NOW + timedelta(days=1))) == 0
