"""The books of supplies on both databases: what is loaded, folded and counted by day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from handlers.cases.people import Home
from handlers.supplies import covered, figures
from handlers.supplies.allocation import plan
from handlers.supplies.rules import shipped
from handlers.supplies.standing import Books, load
from storage import daily_read, supplies
from storage.daily_check import differences
from storage.tables_supplies import Enterprise, EnterpriseName, EnterprisePair, SupplyLine, SupplyNote, SupplyShare
from storage.unit_of_work import UnitOfWork
from tests.support.databases import Database

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2020, 2, 20, 9, 0, tzinfo=ZONE)
DAY = date(2020, 2, 20)
TOWN, VILLAGE = "昌平区/阳坊镇", "昌平区/阳坊镇/八口村"
MASKS = ("口罩", "只")


@pytest.fixture
def both(database: Database) -> Iterator[Session]:
    """A session on either database."""
    with Session(database.engine(), autoflush=False, expire_on_commit=False) as opened:
        yield opened


def company(session: Session, number: int, name: str, unit: str = TOWN, opens: date | None = DAY) -> Enterprise:
    row = Enterprise(ref=f"E{number}", chat="g", unit=unit, name=name, state="reported", opens_on=opens)
    row.listed_at, row.reporter, row.merged_into, row.staff = START, "", "", 10 * number
    session.add_all([row, EnterpriseName(enterprise=row.ref, key=name)])
    return row


def line(session: Session, number: int, action: str, amount: float | None, party: str = "", **more) -> None:
    row = SupplyLine(ref=f"G{number}", action=action, party=party, amount=amount, item=MASKS[0], measure=MASKS[1])
    row.chat, row.unit, row.enterprise, row.more, row.state = "g", more.get("unit", TOWN), "", False, "active"
    row.batch = more.get("batch")
    row.at = START + timedelta(days=more.get("day", 0), minutes=number)
    row.day = row.at.date()
    session.add(row)


def note(session: Session, ref: str, whose: Enterprise, amount: int, *, signed: int | None = None) -> None:
    state = "allocated" if signed is None else "signed"
    row = SupplyNote(ref=ref, allocation_id=1, chat="g", unit=whose.unit, enterprise=whose.ref, party=whose.name)
    row.state, row.vehicle, row.signed_ref, row.made_at = state, "", "", START + timedelta(days=1)
    row.signed_at = None if signed is None else START + timedelta(days=2)
    session.add(row)
    session.flush()
    share = SupplyShare(note_id=row.id, chat="g", unit=whose.unit, item=MASKS[0], measure=MASKS[1], need=amount)
    share.party, share.amount, share.received, share.day, share.state = (
        whose.ref,
        amount,
        signed,
        row.made_at.date(),
        state,
    )
    share.signed_on = None if signed is None else DAY + timedelta(days=2)
    session.add(share)


def filled(session: Session) -> UnitOfWork:
    """Two companies of a town, one of a village, one without a plan; a post; a batch; one note signed for, one not."""
    work = UnitOfWork(session)
    first, second = company(session, 1, "大都饭店"), company(session, 2, "阳坊超市")
    company(session, 3, "八口商店", VILLAGE)
    company(session, 4, "顺达汽修厂", opens=None)
    for number, (party, amount) in enumerate(
        (("大都饭店", 50), ("阳坊超市有限公司", 40), ("东门", 20), ("顺达汽修厂", 9)), 1
    ):
        line(session, number, "need", amount, party)
    line(session, 5, "need", 30, "八口商店", unit=VILLAGE)
    line(session, 6, "received", 100, batch=1)
    note(session, "D1", first, 30, signed=25)
    note(session, "D2", second, 20)
    work.flush()
    return work


def books_of(session: Session, at: Home) -> Books:
    return load(session, at, shipped(), DAY)


def test_a_place_sees_what_lies_below_it(both: Session) -> None:
    filled(both)
    town = books_of(both, Home("g", TOWN))
    total = town.totals[MASKS]
    assert (total.need, total.received, total.given, total.signed, total.stock) == (149, 100, 45, 25, 55)
    assert total.gap == (50 - 25) + (40 - 20) + 20 + 9 + 30 - 55
    assert town.standing("E2", MASKS).need == 40, "a name is known by its core"
    assert [party.name for party in town.on_list()] == ["大都饭店", "阳坊超市", "八口商店", "东门"]
    assert covered.coverage(town) == (1, 4)
    assert covered.uncovered(town) == ["阳坊超市", "八口商店", "东门"]
    village = books_of(both, Home("other", VILLAGE))
    assert village.totals[MASKS].need == 30
    assert books_of(both, Home("other", "昌平区/沙河镇")).totals == {}


def test_the_next_sharing_goes_on_from_what_was_given(both: Session) -> None:
    filled(both)
    town = books_of(both, Home("g", TOWN))
    found = plan(town, [MASKS])
    assert found.stock[MASKS] == 55
    assert sum(found.shares[MASKS].values()) == 55
    assert found.lacks[MASKS] == {"E1": 25, "E2": 20, "E3": 30, "@东门": 20}
    # fair: 100 of 140 in all, in proportion: 35.7, 28.6, 21.4, 14.3; less what each has
    assert found.shares[MASKS] == {"E1": 11, "E2": 9, "E3": 21, "@东门": 14}
    by_hand = plan(town, [MASKS], "equal", [("E1", *MASKS, 5)])
    assert by_hand.shares[MASKS]["E1"] == 5
    assert sum(by_hand.shares[MASKS].values()) == 55
    assert found.basis() != by_hand.basis()
    assert found.basis() == plan(books_of(both, Home("g", TOWN)), [MASKS]).basis()


def test_days_are_counted_with_their_lines_and_shares(both: Session) -> None:
    work = filled(both)
    both.commit()
    last = DAY + timedelta(days=2)
    shown = figures.Supplies(daily_read.read(both, TOWN, DAY, last), figures.state_of(both, TOWN, last))
    assert shown.items("need") == [(MASKS, 149)]
    assert shown.items("received") == [(MASKS, 100)]
    assert shown.items("given") == [(MASKS, 45)]
    assert shown.items("signed") == [(MASKS, 25)]
    assert shown.served == 1
    today = figures.Supplies(daily_read.read(both, TOWN, last, last))
    assert (today.items("need"), today.items("signed")) == ([], [(MASKS, 25)])
    signed = supplies.note(both, "D1")
    assert signed is not None
    signed[0].state, signed[1][0].state, signed[1][0].signed_on, signed[1][0].received = (
        "returned",
        "returned",
        None,
        None,
    )
    line(both, 9, "need", 60, "大都饭店")
    work.flush()
    again = daily_read.read(both, TOWN, DAY, last)
    assert again.value("supply|need|口罩|只") == 159, "said anew: in the place of the old"
    assert again.value("supply|given|口罩|只") == 20
    assert again.value("supply|signed|口罩|只") == 0
    both.commit()
    assert differences(both) == []


def test_a_merged_company_s_things_are_the_other_s(both: Session) -> None:
    filled(both)
    both.add(EnterprisePair(first="E1", second="E4", decision=""))
    gone = supplies.enterprise(both, "E4")
    assert gone is not None
    gone.state, gone.merged_into = "merged", "E1"
    both.flush()
    supplies.take_over(both, "E4", "E1")
    both.flush()
    found = supplies.enterprise(both, "E4")
    assert found is not None
    assert found.ref == "E1"
    town = books_of(both, Home("g", TOWN))
    assert town.standing("E1", MASKS).need == 9, (
        "the later word about what is lacking, whichever name it was said under"
    )
    assert supplies.pair(both, "E4", "E1") is not None
