"""Aggregates = recount from records = a plain model, whatever order, correction, undoing or late report came."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import texts_report
from handlers.reports import data
from handlers.reports.data import Period
from storage import daily, daily_check, daily_read, figures
from storage.tables import Duty, Figure
from storage.tables_daily import DailyDuty
from storage.unit_of_work import UnitOfWork
from tests.support.databases import SqliteFiles
from tests.support.rings import RING

MONDAY = date(2020, 2, 17)
UNITS = ("平谷区/金海湖镇/红石坎村", "平谷区/金海湖镇/将军关村", "平谷区/大华山镇/后北宫村", "海淀区/双榆树街道", "")
NAMES = ("陈建国", "刘桂英", "孙小雨", "赵大勇", "欧阳明")

duty = st.fixed_dictionaries(
    {
        "op": st.just("duty"),
        "unit": st.sampled_from(UNITS),
        "person": st.sampled_from(NAMES),
        "account": st.sampled_from(("", "", "u1", "u2")),
        "person_id": st.sampled_from((None, None, None, 7)),
        "post": st.sampled_from(("", "东门", "西门")),
        "day": st.integers(0, 8),
        "unnamed": st.integers(0, 3),
        "hours": st.sampled_from((None, 1.5, 8.0, 0.1)),
    }
)
work = st.fixed_dictionaries(
    {
        "op": st.just("work"),
        "unit": st.sampled_from(UNITS),
        "post": st.sampled_from(("", "东门")),
        "item": st.sampled_from(("测温", "劝返")),
        "day": st.integers(0, 8),
        "value": st.integers(0, 500),
        "more": st.sampled_from((None, None, 3)),
        "approx": st.sampled_from(("", "", "over", "near")),
        "total": st.booleans(),
    }
)
change = st.fixed_dictionaries(
    {
        "op": st.sampled_from(("undo", "move_day", "move_unit", "rename", "undo_work", "known")),
        "which": st.integers(0, 40),
        "unit": st.sampled_from(UNITS),
        "day": st.integers(0, 8),
    }
)
streams = st.lists(st.lists(st.one_of(duty, work, change), max_size=6), max_size=8)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("template"))


def apply(uow: UnitOfWork, op: dict[str, Any], number: int) -> None:
    """One thing that a handler does, in the way in which handlers do it."""
    session = uow.session
    chat = "g" + str(UNITS.index(op["unit"]))
    day = MONDAY + timedelta(days=op["day"])
    if op["op"] == "duty":
        row = Duty(in_ref=f"C{number}", out_ref=None, chat=chat, unit=op["unit"], person=op["person"], day=day)
        row.account, row.person_id, row.post, row.unnamed = op["account"], op["person_id"], op["post"], op["unnamed"]
        row.hours, row.state = op["hours"], "closed" if number % 3 else "open"
        session.add(row)
    elif op["op"] == "work":
        most = None if op["more"] is None else op["value"] + op["more"]
        values = {"ref": f"W{number}", "chat": chat, "unit": op["unit"], "post": op["post"], "day": day}
        what = {
            "item": op["item"],
            "measure": MEASURES[op["item"]],
            "value": float(op["value"]),
            "most": most,
            "approx": op["approx"],
        }
        uow.insert(Figure, **values, **what, total=op["total"], reported_at=NOON, state="active")
    else:
        uow.flush()
        change_one(session, op)


MEASURES = {"测温": "人次", "劝返": "人"}
NOON = datetime(2020, 2, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def change_one(session: Session, op: dict[str, Any]) -> None:
    if op["op"] == "undo_work":
        rows = session.scalars(select(Figure).order_by(Figure.id)).all()
        if rows:
            figures.set_state(session, rows[op["which"] % len(rows)].ref, "undone")
        return
    found = session.scalars(select(Duty).order_by(Duty.id)).all()
    if not found:
        return
    row = found[op["which"] % len(found)]
    if op["op"] == "undo":
        row.state = "undone"
    elif op["op"] == "move_day":
        row.day = MONDAY + timedelta(days=op["day"])
    elif op["op"] == "move_unit":
        row.unit, row.chat = op["unit"], "g" + str(UNITS.index(op["unit"]))
    elif op["op"] == "rename":
        row.person = "周卫东"
    else:
        row.account = "u3"


def model(session: Session, place: str, days: list[date]) -> tuple[int, float, int, dict[str, float]]:
    """(人次, hours, 人, sums) straight from the rows, with sets and sums and nothing else."""
    every = [row for row in session.scalars(select(Duty)) if row.state != "undone"]
    told: dict[tuple[str, str], set[Any]] = defaultdict(set)
    for row in every:
        told[row.chat, row.person].add((row.person_id is None, row.person_id or 0, not row.account, row.account))
    mine = [row for row in every if inside(row, place) and row.day in days]
    people = set()
    for row in mine:
        ids = [number for absent, number, _, _ in told[row.chat, row.person] if not absent]
        accounts = [account for _, _, absent, account in told[row.chat, row.person] if not absent]
        number = row.person_id or (min(ids) if ids else None)
        account = row.account or (min(accounts) if accounts else None)
        people.add(number or account or (row.chat, row.person))
    sums: dict[str, float] = defaultdict(float)
    for figure in session.scalars(select(Figure).where(Figure.state == "active", Figure.total.is_(False))):
        if inside(figure, place) and figure.day in days:
            sums[figure.item] += figure.value
    hours = sum(row.hours or 0 for row in mine)
    return sum(1 + row.unnamed for row in mine), round(hours, 6), len(people), dict(sums)


def inside(row: Any, place: str) -> bool:
    own = row.unit or "@" + row.chat
    return not place or own == place or own.startswith(place + "/")


def read(session: Session, place: str, first: date, last: date) -> tuple[int, float, int, dict[str, float]]:
    found = daily_read.read(session, place, first, last)
    sums = {name.split("|")[1]: cell.value for name, cell in found.whole.items() if name.startswith("work|")}
    return found.duty.participations, round(found.duty.hours, 6), len(found.duty.people), sums


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(streams)
def test_aggregates_are_what_the_records_say(files: SqliteFiles, tmp_path: Path, stream: list[list[Any]]) -> None:
    with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
        for batch_number, batch in enumerate(stream):
            uow = UnitOfWork(session)
            for number, op in enumerate(batch):
                apply(uow, op, batch_number * 10 + number)
            uow.flush()
            session.commit()
        check(session)
        days = [MONDAY + timedelta(days=n) for n in range(9)]
        places = ["", "平谷区", "平谷区/金海湖镇", *filter(None, UNITS), "@g4"]
        for place in places:
            for first, last in ((days[0], days[0]), (days[0], days[6]), (days[3], days[8])):
                wanted = model(session, place, [day for day in days if first <= day <= last])
                assert read(session, place, first, last) == wanted, (place, first, last)
                span = [day for day in days if first <= day <= last]
                check_heads(session, place, span)
                check_totals(session, place, span)
        check_sums(session, days)
        daily_check.rebuild(session)
        check(session)


def found(session: Session) -> list[Any]:
    """The differences, as a session that only looks finds them."""
    with Session(session.connection(), autoflush=False) as looking:
        return daily_check.differences(looking)


def check_heads(session: Session, place: str, days: list[date]) -> None:
    """Heads of several days are told as 人次, with the highest day; those of one day as they are."""
    by_day: dict[date, float] = defaultdict(float)
    vague = False
    for row in session.scalars(select(Figure).where(Figure.state == "active", Figure.total.is_(False))):
        if row.item == "劝返" and inside(row, place) and row.day in days:
            by_day[row.day] += row.value
            vague = vague or bool(row.approx) or row.most is not None
    cell = daily_read.read(session, place, days[0], days[-1]).whole.get("work|劝返|人")
    assert (cell.days if cell else 0) == len(by_day)
    if cell is None:
        return
    assert cell.highest == max(by_day.values())
    said = texts_report.amount(cell, "人")
    assert said.endswith("人次" if len(by_day) > 1 else "人")
    if not vague:
        assert said.startswith(texts_report.number(sum(by_day.values())))


def check_totals(session: Session, place: str, days: list[date]) -> None:
    """Of totals (累计) the newest of each group and post counts, that of the whole group before those of its posts; none
    is ever added to what a day brought.
    """
    newest: dict[tuple[str, str, str], float] = {}
    query = select(Figure).where(Figure.state == "active", Figure.total.is_(True)).order_by(Figure.id)
    for row in session.scalars(query):
        if inside(row, place) and row.day in days:
            newest[row.item, row.chat, row.post] = row.value
    wanted: dict[str, float] = defaultdict(float)
    for (item, chat, post), value in newest.items():
        if not post or (item, chat, "") not in newest:
            wanted[item] += value
    found = daily_read.newest_totals_all(session, [place], days[0], days[-1])[place]
    assert {name.split("|")[1]: value for name, (value, _) in found.items()} == dict(wanted)


def check(session: Session) -> None:
    daily.catch_up(session)
    assert found(session) == []


def check_sums(session: Session, days: list[date]) -> None:
    """Σ children = parent; days add up to weeks for sums, and people never do more than that."""
    week = daily_read.read(session, "", days[0], days[6])
    single = [daily_read.read(session, "", day, day) for day in days[:7]]
    assert week.duty.participations == sum(day.duty.participations for day in single)
    for name, cell in week.whole.items():
        assert cell.value == pytest.approx(sum(day.whole[name].value for day in single if name in day.whole))
    assert len(week.duty.people) <= sum(len(day.duty.people) for day in single)
    children = daily_read.children(session, "", days[0], days[6])
    assert week.duty.participations == sum(child.duty.participations for child in children.values())


def test_heads_that_were_counted_on_several_days_are_not_people(files: SqliteFiles, tmp_path: Path) -> None:
    with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
        uow = UnitOfWork(session)
        op = {"op": "work", "unit": UNITS[0], "post": "", "item": "劝返", "more": None, "approx": "", "total": False}
        for day, value in ((0, 12), (3, 15)):
            apply(uow, {**op, "day": day, "value": value}, day + 1)
        uow.flush()
        week = Period(MONDAY, MONDAY + timedelta(days=6))
        found = data.snapshot(session, week, "平谷区", present=False)
        assert texts_report.figure(found, "work|劝返|人") == "劝返 27人次，最多的一天 15人"
        found = data.snapshot(session, Period(MONDAY, MONDAY), "平谷区", present=False)
        assert texts_report.figure(found, "work|劝返|人") == "劝返 12人"
        thursday = Period(MONDAY + timedelta(days=3), MONDAY + timedelta(days=3))
        found = data.snapshot(session, thursday, "平谷区", present=False)
        assert texts_report.figure(found, "work|劝返|人") == "劝返 15人；累计27人次"


def test_people_are_not_added_over_days(files: SqliteFiles, tmp_path: Path) -> None:
    with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
        uow = UnitOfWork(session)
        for day in range(3):
            op = {"op": "duty", "unit": UNITS[0], "person": "陈建国", "account": "", "person_id": None, "post": "东门"}
            apply(uow, {**op, "day": day, "unnamed": 0, "hours": 8.0}, day + 1)
        uow.flush()
        found = daily_read.read(session, "平谷区", MONDAY, MONDAY + timedelta(days=6))
        assert (found.duty.participations, len(found.duty.people), found.duty.hours) == (3, 1, 24.0)


def test_a_broken_aggregate_is_found_and_mended(files: SqliteFiles, tmp_path: Path) -> None:

    with files.fresh(tmp_path, RING) as database, Session(database.engine(), autoflush=False) as session:
        uow = UnitOfWork(session)
        op = {"op": "duty", "unit": UNITS[0], "person": "陈建国", "account": "", "person_id": None, "post": "东门"}
        apply(uow, {**op, "day": 0, "unnamed": 0, "hours": 8.0}, 1)
        uow.flush()
        daily.catch_up(session)
        row = session.scalars(select(DailyDuty).where(DailyDuty.place == UNITS[0], DailyDuty.post == "东门")).one()
        row.participations = 5
        session.flush()
        assert (MONDAY, UNITS[0]) in found(session)
        daily_check.rebuild(session)
        check(session)
