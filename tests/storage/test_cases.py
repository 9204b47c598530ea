"""Cases on both databases: found by hashes, counted on any day, purged with proof, sealed again under a new key."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from handlers.cases import intake, purge, states
from handlers.cases.intake import Origin
from handlers.cases.reconcile import balance
from handlers.cases.settings import Settings
from handlers.cases.states import Act
from storage import keys
from storage.cases import Cases, Pairs, within_unit
from storage.crypto import Keyring
from storage.tables import RecordRow, Returnee
from storage.tables_cases import CaseEvent, CasePair, Purge
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2020, 2, 23, 9, tzinfo=ZONE)
UNIT, OTHER = "平谷区/金海湖镇", "昌平区/阳坊镇"


def ledger(uow: UnitOfWork, ref: str, fields: dict, unit: str) -> None:
    uow.insert(
        RecordRow,
        ref=ref,
        kind="returnee",
        channel="c",
        chat="g",
        unit=unit,
        sender="v",
        reporter="柳叶青",
        reported_at=NOW,
        day=NOW.date(),
        message_key=f"m{ref}",
        state="active",
        fields=fields,
        history=None,
    )


def register(session: Session, ring: Keyring, number: int, unit: str = UNIT) -> Returnee:
    uow = UnitOfWork(session)
    ref = uow.next_ref("R")
    act = Act(uow, Settings(), NOW, actor="v", message_key=f"m{ref}", record_ref=ref)
    fields = {
        "name": f"王建{number}",
        "phone": f"1380000000{number}",
        "arrives_at": "2020-02-23",
        "address": "红石坎村8801号",
    }
    ledger(uow, ref, fields, unit)
    done = intake.register(Cases(session), Pairs(session), ring, fields, Origin("g", unit, "v"), act)
    uow.flush()
    return done.case


def step(session: Session, case: Returnee, action: str, at: datetime = NOW, **changes: object) -> None:
    uow = UnitOfWork(session)
    states.step(case, action, Act(uow, Settings(), at, actor="v", reason="原因"), changes)
    uow.flush()


def test_a_case_is_found_by_each_of_its_names(session: Session, keyring: Keyring) -> None:
    case = register(session, keyring, 1)
    session.commit()
    fresh = Cases(session)
    for key in (("ref", case.ref), ("name", keyring.hash("王建1")), ("tail", keyring.hash("0001"))):
        assert [one.ref for one in fresh.of(key)] == [case.ref]
    assert fresh.of(("phone", keyring.hash("13900000000"))) == []


def test_doubles_are_kept_once(session: Session, keyring: Keyring) -> None:
    register(session, keyring, 1)
    register(session, keyring, 1)
    session.commit()
    assert [(pair.first, pair.second, pair.reason) for pair in session.scalars(select(CasePair))] == [
        ("R1", "R2", "phone")
    ]


def test_a_unit_with_a_similar_name_is_another(session: Session, keyring: Keyring) -> None:
    register(session, keyring, 1, UNIT + "二街")
    register(session, keyring, 2, UNIT + "/红石坎村")
    session.commit()
    found = session.scalars(within_unit(select(Returnee), Returnee, UNIT)).all()
    assert [row.ref for row in found] == ["R2"]


def test_the_balance_of_a_past_day_stays_what_it_was(session: Session, keyring: Keyring) -> None:
    case = register(session, keyring, 1)
    later = NOW + timedelta(days=2)
    step(session, case, "send", transfer_to="阳坊镇")
    step(session, case, "accept", later, unit=OTHER, chat="h")
    today, then = later.date(), NOW.date()
    assert balance(session, then, UNIT).counts == {"transferring": 1}
    assert balance(session, today, UNIT).counts == {"transferred": 1}
    assert balance(session, then, OTHER).intake == 0
    assert balance(session, today, OTHER, now=True).counts == {"registered": 1}
    assert balance(session, today, now=True).holds


def test_what_does_not_match_is_named(session: Session, keyring: Keyring) -> None:
    lost, bent = register(session, keyring, 1), register(session, keyring, 2)
    register(session, keyring, 3)
    session.execute(text("DELETE FROM case_events WHERE ref = :ref"), {"ref": lost.ref})
    session.execute(text("UPDATE returnees SET state = 'released' WHERE ref = :ref"), {"ref": bent.ref})
    found = balance(session, NOW.date(), UNIT, now=True)
    assert not found.holds
    assert found.wrong == [lost.ref, bent.ref]


def ended(session: Session, keyring: Keyring) -> Returnee:
    case = register(session, keyring, 1)
    step(session, case, "verify", arrived_on=date(2020, 2, 23))
    step(session, case, "hand_over", release_on=date(2020, 3, 9), handed_on=NOW.date())
    step(session, case, "release", NOW.replace(month=3, day=9))
    return case


def test_a_purge_empties_and_proves_it(session: Session, keyring: Keyring) -> None:
    case = ended(session, keyring)
    kept = register(session, keyring, 2)
    assert purge.purge(session, NOW.replace(month=3, day=22), 14) is None
    made = purge.purge(session, NOW.replace(month=3, day=23), 14)
    assert made is not None
    assert (made.cases, made.records, made.events) == (1, 1, 4)
    session.commit()
    session.expire_all()
    assert (case.name, case.phone, case.name_hash, case.details, case.purged_on) == (
        None,
        None,
        None,
        {},
        date(2020, 3, 23),
    )
    assert session.scalars(select(RecordRow.fields).where(RecordRow.ref == case.ref)).one() == {}
    assert not any(session.scalars(select(CaseEvent.before).where(CaseEvent.ref == case.ref)))
    assert kept.name == "王建2"
    assert balance(session, date(2020, 3, 23), UNIT, now=True).holds
    assert purge.purge(session, NOW.replace(month=3, day=24), 14) is None, "nothing is purged twice"


def test_a_purge_that_changes_a_figure_is_refused(
    session: Session, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended(session, keyring)
    session.commit()
    real = purge._empty_case

    def clumsy(case: Returnee, today: date) -> None:
        real(case, today)
        case.state = "undone"

    monkeypatch.setattr(purge, "_empty_case", clumsy)
    with pytest.raises(purge.FiguresChanged):
        purge.purge(session, NOW.replace(month=3, day=23), 14)
    session.rollback()
    assert session.scalars(select(Returnee.name)).one() == "王建1"
    assert session.scalars(select(Purge)).all() == []


def test_a_new_key_seals_the_history_and_the_hashes_anew(database, keyring: Keyring) -> None:
    with Session(database.engine(), autoflush=False) as session:
        step(session, register(session, keyring, 1), "verify", arrived_on=date(2020, 2, 23))
        session.commit()
    renewed = Keyring([b"n" * 32, bytes(range(32))])
    with Session(database.engine(renewed)) as session:
        keys.rotate(session, renewed)
    newest = Keyring([b"n" * 32])
    with Session(database.engine(newest)) as session:
        assert [one.ref for one in Cases(session).of(("tail", newest.hash("0001")))] == ["R1"]
        assert (
            session.scalars(select(CaseEvent).where(CaseEvent.action == "verify")).one().before["state"] == "registered"
        )
