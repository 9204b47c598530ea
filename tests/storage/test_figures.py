"""Who told a figure already, and was somebody else."""

from datetime import timedelta

from sqlalchemy.orm import Session

from storage.figures import Telling, Told, ToldFigures
from storage.tables import Figure, RecordRow
from tests.storage import rows

KEY: Told = ("g1", rows.DAY, "测温", "人次", "东门", 118.0)


def tell(session: Session, number: int, sender: str, **other: object) -> None:
    ref = f"W{number}"
    session.add(RecordRow(**{**rows.record(ref, kind="work"), "sender": sender, "reporter": sender}))
    said = {
        "chat": "g1",
        "unit": "",
        "day": rows.DAY,
        "item": "测温",
        "measure": "人次",
        "post": "东门",
        "value": 118.0,
    }
    at = rows.NOW + timedelta(minutes=number)
    session.add(Figure(**{"ref": ref, "reported_at": at, "state": "active", **said, **other}))


def told_by_another(session: Session, sender: str) -> str | None:
    session.flush()
    found = ToldFigures(session).by_another(KEY, sender)
    return found and found.ref


def test_the_first_telling_by_somebody_else_is_found(session: Session) -> None:
    for number, sender in enumerate(("lina", "lina", "wang", "lina", "zhao", "wang"), 1):
        tell(session, number, sender)
    assert told_by_another(session, "zhou") == "W1"
    assert told_by_another(session, "wang") == "W1"
    assert told_by_another(session, "lina") == "W3", "her own come first and say nothing"


def test_what_one_person_alone_told_was_told_by_nobody_else(session: Session) -> None:
    tell(session, 1, "lina")
    tell(session, 2, "lina")
    assert told_by_another(session, "lina") is None


def test_whoever_tells_it_in_the_same_batch_counts_as_well(session: Session) -> None:
    tell(session, 1, "lina")
    session.flush()
    told = ToldFigures(session)
    told.tell(KEY, Telling("W2", "wang", "王强", rows.NOW))
    found = told.by_another(KEY, "lina")
    assert found is not None
    assert found.ref == "W2"


def test_totals_other_values_and_what_was_taken_back_are_nobodys_telling(session: Session) -> None:
    tell(session, 1, "lina", total=True)
    tell(session, 2, "wang", state="undone")
    tell(session, 3, "zhao", value=119.0)
    assert told_by_another(session, "zhou") is None
