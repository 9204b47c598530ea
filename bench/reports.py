"""Reports over synthetic aggregates: 16 districts, 331 townships, 7,000 communities, 90 days.

    python -m bench.reports [check-ins [folder]]        5,000,000 by default

Prints the size of the books, p50 and p95 of `/summary` for units of every level and a week, the time of an evening's
cascade for all groups, the time of one picture, and the time and memory of a workbook of 100,000 rows. Of each time the
wall's and, in brackets, the processor's, which says more while others use the machine. Books in `folder` are kept, and
used again the next time.
"""

import asyncio
import json
import logging
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from pyroaring import BitMap
from sqlalchemy import Engine, delete, insert
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.scheduler import Scheduler, trigger
from bot.splitting import split
from handlers import texts_report as words
from handlers.reports import desk, pictures, workbook
from handlers.reports.data import Period
from handlers.reports.digest import made, plain
from handlers.reports.workbook import Sheet
from storage import engine, migrate
from storage.crypto import Keyring
from storage.daily_count import WHOLE, parent_of
from storage.tables import Base
from storage.writer import Writer

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2022, 8, 27), 90
DISTRICTS, TOWNSHIPS, COMMUNITIES = 16, 331, 7000
LAST = FIRST + timedelta(days=DAYS - 1)
AS_OF = datetime(LAST.year, LAST.month, LAST.day, 22, 0, tzinfo=ZONE)
FIGURES = (("work|测温|人次", 40), ("kind|check_in", 1))
ROUNDS = 300
FEW = 50_000
"""Check-ins of small books: what a question costs must not grow much from there."""


def places() -> list[str]:
    """Communities by their paths."""
    towns = [f"区{number % DISTRICTS:02}/镇{number:03}" for number in range(TOWNSHIPS)]
    return [f"{towns[number % TOWNSHIPS]}/村{number:04}" for number in range(COMMUNITIES)]


Row = dict[str, Any]
Rows = tuple[list[Row], list[Row]]


def fill(session: Session, check_ins: int) -> int:
    """Write the aggregates, place by place; how many rows."""
    chance = random.Random(7)  # noqa: S311  (figures, not secrets)
    each, rest = divmod(check_ins // DAYS, COMMUNITIES)
    above: dict[tuple[str, date], list[Any]] = defaultdict(lambda: [0, BitMap()])
    total = 0
    rows: Rows = ([], [])
    for index, place in enumerate(sorted(places())):
        for number in range(DAYS):
            count = each + (chance.randrange(COMMUNITIES) < rest)
            if not count:
                continue
            people = BitMap(index * 60 + chance.randrange(60) for _ in range(count))
            day = FIRST + timedelta(days=number)
            add_up(above, place, day, count, people)
            for post in (WHOLE, "东门"):
                add(rows, place, day, post, count, people)
        if len(rows[0]) > 5000:
            total += write(session, rows)
    for (place, day), (count, people) in sorted(above.items(), key=lambda item: item[0]):
        add(rows, place, day, WHOLE, count, people)
    return total + write(session, rows)


def add_up(above: dict[tuple[str, date], list[Any]], place: str, day: date, count: int, people: BitMap) -> None:
    parent = parent_of(place)
    while parent is not None:
        known = above[parent, day]
        known[0] += count
        known[1] |= people
        parent = parent_of(parent)


def add(rows: Rows, place: str, day: date, post: str, count: int, people: BitMap) -> None:
    where = {"day": day, "place": place, "parent": parent_of(place), "post": post}
    sets = {"people": people.serialize(), "posts": BitMap([len(place) * 37 % 20000]).serialize()}
    rest = {"unnamed": 0, "hours": 4.0 * count, "unknown": 0, "open": 0}
    rows[0].append({**where, **rest, **sets, "participations": count})
    for name, times in FIGURES:
        value = count * times
        plain_ = {"value": value, "upper": value, "ranged": 0, "hedge": "", "reports": count, "members": None}
        rows[1].append({**where, **plain_, "name": name})


def write(session: Session, rows: Rows) -> int:
    for table, some in zip(("daily_duty", "daily_counts"), rows, strict=True):
        session.execute(insert(Base.metadata.tables[table]), some)
    count = sum(map(len, rows))
    rows[0].clear()
    rows[1].clear()
    return count


def units(session: Session) -> None:
    """The tree, so that silent units are known."""
    paths = {"/".join(path.split("/")[:depth]) for path in places() for depth in (1, 2, 3)}
    rows = [{"path": path, "name": path.rsplit("/", 1)[-1], "axis": "place", "level": ""} for path in sorted(paths)]
    session.execute(insert(Base.metadata.tables["units"]), rows)


Times = list[tuple[float, float]]
"""(wall, processor)."""


def now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float], scale: float = 1.0) -> tuple[float, float]:
    wall, processor = now()
    return (wall - start[0]) * scale, (processor - start[1]) * scale


def summary_times(session: Session) -> Times:
    """Milliseconds of a week's summary of units of every level."""
    chance = random.Random(3)  # noqa: S311  (figures, not secrets)
    every = places()
    chosen = [""] * 20
    chosen += ["/".join(chance.choice(every).split("/")[: 1 + number % 3]) for number in range(ROUNDS - 20)]
    period = Period(LAST - timedelta(days=6), LAST)
    spent = []
    for place in chosen:
        start = now()
        plain(made(session, period, place, AS_OF, title=words.SUMMARY))
        spent.append(since(start, 1000))
    return spent


def evening() -> tuple[desk.Desk, desk.ByChat, tuple[str, ...]]:
    """A group for each community, township and district, and one for the city."""
    paths = sorted({"/".join(path.split("/")[:depth]) for path in places() for depth in (0, 1, 2, 3)})
    groups = {f"wr{number:05}": path for number, path in enumerate(paths)}
    report_desk = desk.Desk(
        ZONE, groups, lambda _chat: (), lambda _chat: "digest", lambda _name: True, lambda text, *_: split(text, 4096)
    )
    return report_desk, desk.ByChat("nightly", "day"), tuple(groups)


async def cascade(books: Engine) -> str:
    """The evening's digests of all groups, from the slot that is due to the messages in the outbox."""
    with Session(books) as session, session.begin():
        for table in ("slots", "outbox", "posted_reports", "report_lines"):
            session.execute(delete(Base.metadata.tables[table]))
    report_desk, plan, groups = evening()
    nightly = desk.jobs(report_desk, [(plan, trigger({"hour": "22", "minute": "0"}, ZONE), groups)])[0]
    clock, writer = MovableClock(AS_OF - timedelta(hours=1)), Writer(books)
    scheduler = Scheduler(writer, clock, [nightly])
    await scheduler.tick()
    clock.set(AS_OF)
    start = now()
    written = await scheduler.tick()
    wall, processor = since(start)
    writer.close()
    return f"{written:,} reports in {wall:.1f} s ({processor:.1f})"


def percentiles(spent: Times) -> str:
    (wall50, wall95), (own50, own95) = (
        (cuts[9], cuts[18]) for cuts in (quantiles(some, n=20) for some in zip(*spent, strict=True))
    )
    most = max(wall for wall, _ in spent)
    return f"p50 {wall50:.1f} ms ({own50:.1f}), p95 {wall95:.1f} ms ({own95:.1f}), most {most:.1f} ms"


def big_workbook() -> None:
    """100,000 rows in constant memory."""
    rows = (
        (f"C{n}", LAST, "区01/镇001/村0001", "东门", "=张三", AS_OF, AS_OF, 8.0, 8.0, None, "已离岗")
        for n in range(100_000)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "big.xlsx"
        start = now()
        workbook.write([Sheet(words.SHEET_DUTY, words.DUTY_COLUMNS, rows)], target)
        wall, processor = since(start)
        size = target.stat().st_size / 1e6
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"workbook of 100,000 rows: {wall:.1f} s ({processor:.1f} s), {grown:.0f} MB more memory, {size:.1f} MB on disk"
    )


def one_picture(session: Session) -> None:
    """A district's day."""
    period = Period(LAST, LAST)
    report = made(session, period, "区01", AS_OF, title=words.DIGEST)
    shown = pictures.content(session, report, period)
    pictures.render(shown)
    spent, size = [], 0
    for number in range(20):
        fresh = json.dumps({**json.loads(shown), "title": f"区01 日报 {number}"}, ensure_ascii=False)
        start = now()
        size = len(pictures.render(fresh))
        spent.append(since(start, 1000))
    print(f"picture: {percentiles(spent)}, {size / 1e6:.2f} MB")


def books_of(check_ins: int, folder: Path) -> Engine:
    """The books with so many check-ins, made where they are not there yet."""
    file = folder / f"{check_ins}.db"
    there = file.exists()
    books = engine.create(f"sqlite:///{file}", Keyring([bytes(32)]))
    migrate.upgrade(books)
    if not there:
        start = now()
        with Session(books, autoflush=False) as session, session.begin():
            rows = fill(session, check_ins)
            units(session)
        print(f"{rows:,} aggregate rows made in {since(start)[0]:.0f} s")
    print(f"{check_ins:,} check-ins: {file.stat().st_size / 1e6:.0f} MB")
    return books


def measure(check_ins: int, folder: Path) -> None:
    books = books_of(check_ins, folder)
    with Session(books, autoflush=False) as session:
        print(f"  summary of a unit's week: {percentiles(summary_times(session))}")
        if check_ins > FEW and pictures.available():
            one_picture(session)
    if check_ins > FEW:
        print(f"  cascade: {asyncio.run(cascade(books))}")
    books.dispose()


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    check_ins = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as made_here:
        folder = Path(sys.argv[2] if len(sys.argv) > 2 else made_here)
        big_workbook()
        measure(FEW, folder)
        measure(check_ins, folder)


if __name__ == "__main__":
    main()
