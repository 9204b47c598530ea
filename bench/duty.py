"""How long the lists of duty take on a day of a whole district, and what a batch of check-ins costs.

11,000 people in 23 teams, 500 posts with three shifts, 20,000 check-ins and as many check-outs in one day, on SQLite.
`python bench/duty.py`; prints milliseconds, the median and the worst of 9 runs.
"""

import gc
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event, insert
from sqlalchemy.orm import Session

from bot.channels.base import Incoming
from bot.cli import loaded
from bot.context import Context, FactBook
from bot.dispatch import Dispatcher
from bot.router import Routes
from handlers.duty_rules import DutyRules
from handlers.features import ROUTERS
from handlers.intake import Intake
from handlers.language.types import Reading
from storage import engine as engines
from storage import migrate
from storage.crypto import Keyring
from storage.tables import Duty
from storage.tables_duty import Assignment, Roster
from storage.tables_org import Person, Post, Unit
from storage.unit_of_work import UnitOfWork

ZONE = ZoneInfo("Asia/Shanghai")
DAY = datetime(2022, 11, 24, 0, 0, tzinfo=ZONE)
NOW = DAY + timedelta(hours=21, minutes=50)
DISTRICT, TEAMS, PEOPLE, POSTS, PERIODS = "通州区", 23, 11_000, 500, 20_000
RUNS = 9
CHANCE = Random(7)  # noqa: S311  (made-up data)
BUDGET = 100.0
"""ms that an answer may take."""
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何", "建军丽华志远秀兰明亮思雨晓东文静"


def name(number: int) -> str:
    rest, first = divmod(number, len(SURNAMES))
    rest, second = divmod(rest, len(GIVEN))
    return SURNAMES[first] + GIVEN[second] + GIVEN[rest % len(GIVEN)] + ("" if rest < len(GIVEN) else "甲")


def unit(team: int) -> str:
    return f"{DISTRICT}/第{team + 1}街道"


def fill(session: Session) -> None:
    session.execute(insert(Unit), [{"path": unit(t), "name": f"第{t + 1}街道", "axis": "place"} for t in range(TEAMS)])
    people = [{"name": name(n), "unit": unit(n % TEAMS), "team": f"总队/第{n % TEAMS + 1}队"} for n in range(PEOPLE)]
    session.execute(insert(Person), people)
    posts = [{"unit": unit(n % TEAMS), "name": f"第{n}卡口", "starts": 0, "ends": 1440} for n in range(POSTS)]
    session.execute(insert(Post), posts)
    session.execute(insert(Roster), [_roster(post, turn) for post in range(POSTS) for turn in range(3)])
    session.execute(insert(Assignment), [_assigned(n) for n in range(POSTS * 3)])
    periods = [_period(n) for n in range(PERIODS * 3)]
    for start in range(0, len(periods), 5000):
        session.execute(insert(Duty), periods[start : start + 5000])


def _roster(post: int, turn: int) -> dict[str, object]:
    begin = (turn * 480 + 360) % 1440
    return {
        "ref": f"B{post * 3 + turn}", "chat": f"wr{post % TEAMS}", "unit": unit(post % TEAMS), "post": f"第{post}卡口",
        "shift": "", "first": DAY.date(), "last": None, "starts": begin, "ends": begin + 480, "least": 1, "most": None,
        "made_at": NOW, "state": "active",
    }  # fmt: skip


def _assigned(number: int) -> dict[str, object]:
    return {"roster_id": number + 1, "day": None, "person": name(number), "state": "on"}


def _period(number: int) -> dict[str, object]:
    """Three days; on the last one, one period in twelve is still open."""
    day = DAY - timedelta(days=2 - number // PERIODS)
    turn, person = CHANCE.randrange(3), number % PEOPLE
    start = day + timedelta(hours=(turn * 8 + 6) % 24 - 24 * (turn == 2), minutes=CHANCE.randrange(-10, 20))
    is_open = day == DAY and turn == 1 and CHANCE.random() < 0.25
    end = None if is_open else start + timedelta(hours=8, minutes=CHANCE.randrange(20))
    return {
        "in_ref": f"C{number}", "out_ref": None if is_open else f"D{number}", "chat": f"wr{person % TEAMS}",
        "unit": unit(person % TEAMS), "person": name(person), "account": f"u{person}", "sender": f"u{person}",
        "person_id": person + 1, "post": f"第{(person % TEAMS + TEAMS * CHANCE.randrange(POSTS // TEAMS)) % POSTS}卡口",
        "day": start.date(), "starts_at": start, "ends_at": end, "hours": None if is_open else 8.1, "unnamed": 0,
        "state": "open" if is_open else "closed",
    }  # fmt: skip


def context(session: Session, place: str, person: int) -> Context:
    uow = UnitOfWork(session)
    incoming = Incoming("main", "k", f"wr{person % TEAMS}", "group", f"u{person}", "text", b"", sent_at=NOW)
    services = {"coordinators": lambda _chat: (), "duty": DutyRules(), "groups": {}}
    return Context(incoming, Reading(), NOW, name(person), place, uow, FactBook(uow), services)


def timed(engine, routes: Routes, order: str, place: str) -> list[float]:
    found = []
    for run in range(RUNS):
        with Session(engine, autoflush=False) as session:
            ctx = context(session, place, 100 + run)
            route, item = routes.steps(Reading((), {"name": order, "text": ""}, addressed=True))[0]
            began = time.perf_counter()
            answer = route.handler(ctx, item)
            found.append((time.perf_counter() - began) * 1000)
            assert answer
    return found


def batches(engine) -> None:
    """A batch of 100 check-ins, then 100 check-outs, as the dispatcher decides them."""
    intake = Intake({f"wr{t}": unit(t) for t in range(TEAMS)}, {}, lambda _channel: ("小站",))
    dispatcher = Dispatcher(
        Routes(ROUTERS), intake, {"coordinators": lambda _chat: (), "duty": DutyRules(), "groups": {}}
    )
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for words in ("@小站 到岗 第{}卡口", "@小站 离岗 第{}卡口"):
        batch = [_message(words.format(n), n) for n in range(100)]
        statements.clear()
        with Session(engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            uow = UnitOfWork(session)
            began = time.perf_counter()
            dispatcher.decide(uow, batch, NOW)
            uow.flush()
            took = (time.perf_counter() - began) * 1000
        print(f"{words[4:6]} 100 messages in one batch: {took:7.1f} ms, {len(statements)} statements")


def _message(text: str, number: int) -> Incoming:
    key = f"main|n{number}|{text}"
    extra = {"name": name(number)}
    return Incoming(
        "main", key, f"wr{number % TEAMS}", "group", f"n{number}", "text", b"{}", text, sent_at=NOW, extra=extra
    )


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        engine = engines.create(f"sqlite:///{folder}/bench.db", Keyring([bytes(32)]))
        migrate.upgrade(engine)
        with Session(engine) as session, session.begin():
            fill(session)
        gc.collect()  # what filled the books is not there in a bot
        loaded()  # as in `serve` when it has started
        routes = Routes(ROUTERS)
        slow = 0
        for order in ("roster", "gaps", "mine"):
            for label, place in (("team", unit(3)), ("district", DISTRICT)):
                times = timed(engine, routes, order, place)
                median, worst = statistics.median(times), max(times[1:])
                slow += median > BUDGET
                print(f"{order:7} {label:9} median {median:6.1f} ms  worst {worst:6.1f} ms")
        batches(engine)
        engine.dispose()
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
