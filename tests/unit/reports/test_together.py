"""What is read for many places at once is, for each of them, what is read for it alone."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.scheduler import NotToday, Part
from handlers.reports.data import Period, snapshot, snapshots
from handlers.reports.desk import Desk, post_all
from handlers.reports.digest import made, made_all, plain, tables
from storage import report_books
from storage.tables import Chat, Duty, Figure, HealthReport, RecordRow, Returnee
from storage.tables_cases import CaseEvent
from storage.tables_daily import Posted, ReportChoice, ReportLines
from storage.tables_duty import CallUp, SignUp
from storage.tables_org import Post, Unit
from storage.unit_of_work import UnitOfWork
from tests.support.databases import Database

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2020, 2, 24)
NOW = datetime(2020, 2, 24, 22, 0, tzinfo=ZONE)
TOWN, OTHER_TOWN = "平谷区/金海湖镇", "平谷区/大华山镇"
VILLAGE, SECOND, THIRD = f"{TOWN}/红石坎村", f"{TOWN}/将军关村", f"{OTHER_TOWN}/后北宫村"
NEAR = "平谷区/金海湖镇东"
"""Begins as a town does and is not below it."""
SILENT = f"{TOWN}/靠山集村"
PLACES = ("", "平谷区", TOWN, OTHER_TOWN, VILLAGE, SECOND, THIRD, NEAR, SILENT, "@g6", "海淀区")
CHATS = {VILLAGE: "g1", SECOND: "g2", THIRD: "g3", NEAR: "g4", TOWN: "g5", "": "g6"}


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with Session(database.engine(), autoflush=False) as session:
        uow = UnitOfWork(session)
        fill(uow)
        uow.flush()
        yield session
        session.rollback()


def fill(uow: UnitOfWork) -> None:
    for number, (unit, chat) in enumerate(CHATS.items()):
        for back in range(0, 9, 1 + number % 3):
            duties(uow, unit, chat, TODAY - timedelta(days=back), number)
        figure(uow, f"W{number}", unit, chat, value=10.0 * number, total=number % 2 == 1)
        record(uow, f"K{number}", "call_up", unit, chat)
    for unit, chat in CHATS.items():
        case(uow, f"R{chat}", [("register", unit, chat), ("claim", unit, chat)], "calling")
    moved = [("register", VILLAGE, "g1"), ("send", VILLAGE, "g1"), ("accept", THIRD, "g3"), ("hand_over", THIRD, "g3")]
    case(uow, "R10", moved, "observing")
    case(uow, "R11", [("register", SECOND, "g2")], "registered", ledger=False)
    record(uow, "R12", "returnee", SECOND, "g2")
    plans(uow.session)


def duties(uow: UnitOfWork, unit: str, chat: str, day: date, number: int) -> None:
    for person in range(1 + number % 3):
        row = Duty(
            in_ref=f"C{number}{person}{day:%m%d}", out_ref=None, chat=chat, unit=unit, person=f"甲{person}", day=day
        )
        row.account, row.person_id, row.post, row.unnamed = "", person or None, ("", "东门", "西门")[person], number
        row.hours, row.state = 1.1 * number, "closed"
        uow.session.add(row)


def figure(uow: UnitOfWork, ref: str, unit: str, chat: str, *, value: float, total: bool) -> None:
    for day in (TODAY, TODAY - timedelta(days=1)):
        row = Figure(ref=f"{ref}{day:%m%d}", chat=chat, unit=unit, post="东门", day=day, item="测温", measure="人次")
        row.value, row.most, row.approx, row.total, row.state = value, None, "over", total, "active"
        row.reported_at = NOW
        uow.session.add(row)


def record(uow: UnitOfWork, ref: str, kind: str, unit: str, chat: str) -> None:
    row = RecordRow(ref=ref, kind=kind, channel="main", chat=chat, unit=unit, sender="u", reporter="柳叶青")
    row.reported_at, row.day, row.message_key, row.state, row.fields = NOW, TODAY, f"m{ref}", "active", {}
    uow.session.add(row)


def case(uow: UnitOfWork, ref: str, steps: Sequence[tuple[str, str, str]], state: str, *, ledger: bool = True) -> None:
    action, unit, chat = steps[0]
    if ledger:
        record(uow, ref, "returnee", unit, chat)
    for action, unit, chat in steps:
        target = state if (action, unit, chat) == steps[-1] else action
        row = CaseEvent(ref=ref, action=action, source="", target=target, unit=unit, chat=chat, day=TODAY, at=NOW)
        row.actor = "u"
        uow.session.add(row)
        uow.session.flush()
    case_ = Returnee(ref=ref, chat=chat, unit=unit, day=TODAY, state=state, details={}, registered_at=NOW)
    case_.arrived_on, case_.release_on = TODAY - timedelta(days=3), TODAY + timedelta(days=1)
    uow.session.add(case_)
    if state == "observing":
        report = HealthReport(ref=f"H{ref}", chat=chat, unit=unit, day=TODAY, returnee_ref=ref, state="active")
        report.abnormal, report.reported_at, report.person_hash, report.details = False, NOW, "", {}
        uow.session.add(report)


def plans(session: Session) -> None:
    for path in ("平谷区", TOWN, OTHER_TOWN, VILLAGE, SECOND, THIRD, SILENT, "海淀区"):
        session.add(Unit(path=path, name=path.rsplit("/", 1)[-1], axis="place", level=""))
    session.add(Post(unit=VILLAGE, name="东门", starts=0, ends=1440))
    session.add(Post(unit=VILLAGE, name="北门", starts=0, ends=1440))
    for chat, unit in (("b1", VILLAGE), ("b2", f"{OTHER_TOWN}/没来过村")):
        session.add(Chat(chat=chat, channel="main", chat_type="group", unit=unit, bound_by="u", seen_at=NOW))
    for number, (unit, chat) in enumerate(((VILLAGE, "g1"), (TOWN, "g5"), ("", "g6")), 1):
        call = CallUp(ref=f"K{number}0", chat=chat, unit=unit, place="卡口", needed=5, state="open", opened_at=NOW)
        call.sender, call.shown_at = "u", NOW
        session.add(call)
        session.flush()
        session.add(
            SignUp(call_up_id=call.id, chat=chat, person="乙", extra=number, state="active", at=NOW, ref=f"S{number}")
        )


@pytest.mark.parametrize("days", [1, 7, 30])
def test_figures_of_many_places_are_those_of_each(session: Session, days: int) -> None:
    period = Period(TODAY - timedelta(days=days - 1), TODAY)
    units = (f"{THIRD}/三组", "朝阳区/孙河乡")
    together = snapshots(session, period, PLACES, units=units)
    assert together == {place: snapshot(session, period, place, units=units) for place in PLACES}
    assert together[TOWN].silent == ["靠山集村"]
    assert together[OTHER_TOWN].silent == ["没来过村"]
    assert together["@g6"].now.duty.participations > 0


def test_cases_that_moved_or_got_lost_are_found_in_every_place(session: Session) -> None:
    found = snapshots(session, Period(TODAY, TODAY), PLACES)
    balances = {place: found[place].present.balance for place in PLACES}
    told = {place: (known.intake, dict(known.counts), known.wrong) for place, known in balances.items() if known}
    assert told == {
        "": (8, {"registered": 1, "calling": 6, "observing": 1}, ["R11", "R12"]),
        "平谷区": (7, {"registered": 1, "calling": 5, "observing": 1}, ["R11", "R12"]),
        TOWN: (5, {"registered": 1, "calling": 3, "transferred": 1}, ["R11", "R12"]),
        OTHER_TOWN: (2, {"calling": 1, "observing": 1}, []),
        VILLAGE: (2, {"calling": 1, "transferred": 1}, []),
        SECOND: (2, {"registered": 1, "calling": 1}, ["R11", "R12"]),
        THIRD: (2, {"calling": 1, "observing": 1}, []),
        NEAR: (1, {"calling": 1}, []),
        "@g6": (1, {"calling": 1}, []),
    }


def test_reports_of_many_places_are_those_of_each(session: Session) -> None:
    period = Period(TODAY, TODAY)
    together = made_all(session, period, PLACES, NOW, title="日报")
    for place in PLACES:
        alone = made(session, period, place, NOW, title="日报")
        assert (plain(together[place]), tables(together[place])) == (plain(alone), tables(alone))
        assert together[place].numbered == alone.numbered


# -- posted ------------------------------------------------------------------------------------------------------------

GROUPS = {"g0": "", "g1": VILLAGE, "g2": SECOND, "g3": THIRD, "g5": TOWN, "g6": "", "g7": "平谷区", "g8": VILLAGE}
DESK = Desk(ZONE, GROUPS, lambda _chat: (), lambda _chat: "digest", lambda _name: True, lambda text, *_: [text])


NIGHTLY: Any = SimpleNamespace(
    name="nightly", covers="day", days="all", extra_days=(), skip_days=(), forms=("text",), sections=(), mention=False,
    spread=timedelta(0), max_delay=timedelta(hours=2),
)  # fmt: skip


def posted(session: Session, chats: Sequence[str], now: datetime = NOW) -> tuple[dict[str, Any], Any, Any]:
    """What is posted, what is remembered of it, and what its lines are about; then nothing of it has happened."""
    with session.begin_nested() as attempt:
        uow = UnitOfWork(session)
        made_: dict[str, Sequence[Part] | NotToday] = {}
        for some in [chats] if len(chats) == len(GROUPS) else [[chat] for chat in GROUPS]:
            made_ |= post_all(DESK, NIGHTLY, 0, uow, some, now, now)
        shown = {chat: str(parts) if isinstance(parts, NotToday) else list(parts) for chat, parts in made_.items()}
        uow.flush()
        rows = session.execute(
            select(Posted.chat, Posted.day, Posted.place, Posted.figures, Posted.first, Posted.stale)
        )
        lines = session.execute(select(ReportLines.chat, ReportLines.sources))
        books = sorted(map(tuple, rows)), sorted(map(tuple, lines))
        attempt.rollback()
    return shown, *books


def test_a_bundle_posts_and_remembers_what_each_chat_alone_would(session: Session) -> None:
    session.add(ReportChoice(chat="g2", hidden="duty", stopped=False))
    session.add(ReportChoice(chat="g3", hidden="", stopped=True))
    report_books.remember_posted(
        session, TODAY - timedelta(days=2), {"g1": (VILLAGE, {"到岗人次": (1, "人次", "duty")})}, NOW
    )
    first = session.scalars(select(Posted)).one()
    first.stale = True
    session.flush()
    together, alone = posted(session, list(GROUPS)), posted(session, [])
    session.expire_all()
    assert {chat: content(parts) for chat, parts in together[0].items()} == {
        chat: content(parts) for chat, parts in alone[0].items()
    }
    assert together[1:] == alone[1:]
    assert together[0]["g3"] == "stopped in the chat"
    assert "更正" in content(together[0]["g1"])
    assert "**值守**" not in content(together[0]["g2"])
    assert content(together[0]["g1"]) != content(together[0]["g8"]), (
        "only one of the two was told something else before"
    )


def content(parts: Sequence[Part] | str) -> str:
    return parts if isinstance(parts, str) else "\n".join(part.content for part in parts)
