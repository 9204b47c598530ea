"""A file of messages as people write them: every one is let in, and what the digest says is what the export lists.

Nothing that is due by the clock is done on the way (other scenarios see to that): the file spans years.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.keeper import Keeper
from bot.sandbox.play import Played, play, read, settings_of
from bot.trial import Trial
from handlers import times
from handlers.reports.data import Period
from handlers.reports.digest import compose
from handlers.reports.export import rows
from storage import daily_read
from storage.records import Scope
from storage.tables import Inbox

ZONE = ZoneInfo("Asia/Shanghai")
MESSAGES = Path(__file__).parents[2] / "examples" / "messages.jsonl"
LINES = {
    "returnee": "登记 {} 人",
    "verification": "电话核实 {} 次",
    "health": "{} 人次，",
    "leave": "请假 {} 条",
    "enterprise": "复工摸排 {} 条",
    "patrol": "巡查 {} 轮",
    "sign_up": "报名 {} 条",
    "call_up": "发起招募 {} 次",
}


@pytest.fixture
async def played(tmp_path: Path):
    clock = MovableClock(read(MESSAGES)[0].sent_at.astimezone(ZONE))
    trial = Trial(0, tmp_path, clock, settings_of(MESSAGES))
    await trial.start()
    trial.sandbox.next_due = lambda _after: None
    trial.sandbox.on_clock_moved = trial.service.outbox.drain
    try:
        done = await play(MESSAGES, trial.sandbox, lambda _done, _total: None)
        await trial.service.inbox.drain()
        await Keeper(trial.service.writer).catch_up()
        yield trial, done
    finally:
        await trial.stop()


def exported(session: Session, kind: str, period: Period) -> Iterator[dict]:
    return rows(session, kind, Scope(first=period.first, last=period.last), ZONE)


async def test_the_digest_says_what_the_export_lists(played: tuple[Trial, Played]) -> None:
    trial, done = played
    assert done.sent == done.delivered == len(read(MESSAGES)), done.failed
    period = Period(done.first.astimezone(ZONE).date(), done.last.astimezone(ZONE).date())
    with Session(trial.service.reader) as session:
        assert dict(session.execute(select(Inbox.state, func.count()).group_by(Inbox.state)).tuples().all()) == {
            "done": done.sent
        }
        digest = compose(session, period, "", "", done.last.astimezone(ZONE), title="汇总")
        for kind, line in LINES.items():
            assert line.format(len(list(exported(session, kind, period)))) in digest, kind
        told = Counter()
        for record in exported(session, "work", period):
            for count in record["counts"]:
                told[count.get("unit", "")] += 0 if count.get("total") else count["value"]
        figures = daily_read.read(session, "", period.first, period.last).whole
        summed = Counter()
        for name, cell in figures.items():
            if name.startswith("work|"):
                summed[name.rpartition("|")[2]] += cell.value
                assert times.plain(cell.value) in digest.replace(",", ""), name
        assert {unit: value for unit, value in summed.items() if value} == {u: v for u, v in told.items() if v}
