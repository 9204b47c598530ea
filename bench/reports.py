"""Reports over synthetic aggregates: 16 districts, 331 townships, 7,000 communities, 90 days.

    python -m bench.reports [check-ins]        5,000,000 by default

Prints the size of the books, p50 and p95 of `/summary` for units of every level and a week, the time of an evening's
cascade for all groups, the time of one picture, and the time and memory of a workbook of 100,000 rows.
"""

import json
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

from pyroaring import BitMap
from sqlalchemy import insert
from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.reports import pictures, workbook
from handlers.reports.data import Period
from handlers.reports.digest import made, plain
from handlers.reports.workbook import Sheet
from storage import engine, migrate
from storage.crypto import Keyring, decode_key, new_key
from storage.daily_count import WHOLE, parent_of
from storage.tables import Base

ZONE = ZoneInfo("Asia/Shanghai")
FIRST, DAYS = date(2022, 8, 27), 90
DISTRICTS, TOWNSHIPS, COMMUNITIES = 16, 331, 7000
LAST = FIRST + timedelta(days=DAYS - 1)
AS_OF = datetime(LAST.year, LAST.month, LAST.day, 22, 0, tzinfo=ZONE)
FIGURES = (("work|测温|人次", 40), ("kind|check_in", 1))
ROUNDS = 300


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


def summary_times(session: Session) -> list[float]:
    """Milliseconds of a week's summary of units of every level."""
    chance = random.Random(3)  # noqa: S311  (figures, not secrets)
    every = places()
    chosen = [""] * 20
    chosen += ["/".join(chance.choice(every).split("/")[: 1 + number % 3]) for number in range(ROUNDS - 20)]
    period = Period(LAST - timedelta(days=6), LAST)
    spent = []
    for place in chosen:
        start = time.perf_counter()
        plain(made(session, period, place, AS_OF, title=words.SUMMARY))
        spent.append((time.perf_counter() - start) * 1000)
    return spent


def cascade(session: Session) -> float:
    """Seconds for the digests of all groups: communities, townships, districts, the city."""
    paths = sorted({"/".join(path.split("/")[:depth]) for path in places() for depth in (0, 1, 2, 3)})
    period = Period(LAST, LAST)
    start = time.perf_counter()
    for place in paths:
        plain(made(session, period, place, AS_OF, title=words.DIGEST))
    return time.perf_counter() - start


def percentiles(values: list[float]) -> str:
    cuts = quantiles(values, n=20)
    return f"p50 {cuts[9]:.1f} ms, p95 {cuts[18]:.1f} ms, most {max(values):.1f} ms"


def big_workbook() -> None:
    """100,000 rows in constant memory."""
    rows = (
        (f"C{n}", LAST, "区01/镇001/村0001", "东门", "=张三", AS_OF, AS_OF, 8.0, None, "已离岗") for n in range(100_000)
    )
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "big.xlsx"
        start = time.perf_counter()
        workbook.write([Sheet(words.SHEET_DUTY, words.DUTY_COLUMNS, rows)], target)
        spent = time.perf_counter() - start
        size = target.stat().st_size / 1e6
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"workbook of 100,000 rows: {spent:.1f} s, {grown:.0f} MB more memory, {size:.1f} MB on disk")


def one_picture(session: Session) -> None:
    """A district's day."""
    period = Period(LAST, LAST)
    report = made(session, period, "区01", AS_OF, title=words.DIGEST)
    shown = pictures.content(session, report, period)
    pictures.render(shown)
    spent = []
    for number in range(20):
        fresh = json.dumps({**json.loads(shown), "title": f"区01 日报 {number}"}, ensure_ascii=False)
        start = time.perf_counter()
        size = len(pictures.render(fresh))
        spent.append((time.perf_counter() - start) * 1000)
    print(f"picture: {percentiles(spent)}, {size / 1e6:.2f} MB")


def measure(check_ins: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        books = engine.create(f"sqlite:///{folder}/kakou.db", Keyring([decode_key(new_key())]))
        migrate.upgrade(books)
        with Session(books, autoflush=False) as session:
            start = time.perf_counter()
            rows = fill(session, check_ins)
            units(session)
            session.commit()
            size = Path(folder, "kakou.db").stat().st_size / 1e6
            print(
                f"{check_ins:,} check-ins: {rows:,} aggregate rows, {size:.0f} MB, "
                f"made in {time.perf_counter() - start:.0f} s"
            )
            print(f"  summary of a unit's week: {percentiles(summary_times(session))}")
            if check_ins > 100_000:
                print(f"  cascade of {COMMUNITIES:,} groups and all above: {cascade(session):.1f} s")
                if pictures.available():
                    one_picture(session)
        books.dispose()


if __name__ == "__main__":
    big_workbook()
    measure(50_000)
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000)
