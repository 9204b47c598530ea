"""Who told a figure already: the first, and the next who is somebody else."""

from datetime import timedelta

from sqlalchemy.orm import Session

from storage.figures import Told, ToldFigures
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


def tellers(session: Session) -> list[tuple[str, str]]:
    session.flush()
    return [(telling.ref, telling.sender) for telling in ToldFigures(session).of(KEY)]


def test_of_many_tellings_the_first_of_two_people_are_known(session: Session) -> None:
    for number, sender in enumerate(("lina", "lina", "wang", "lina", "zhao", "wang"), 1):
        tell(session, number, sender)
    assert tellers(session) == [("W1", "lina"), ("W3", "wang")]


def test_one_person_alone_is_known_by_the_first_telling(session: Session) -> None:
    tell(session, 1, "lina")
    tell(session, 2, "lina")
    assert tellers(session) == [("W1", "lina")]


def test_totals_and_what_was_taken_back_are_nobodys_telling(session: Session) -> None:
    tell(session, 1, "lina", total=True)
    tell(session, 2, "wang", state="undone")
    tell(session, 3, "zhao", value=119.0)
    assert tellers(session) == []
