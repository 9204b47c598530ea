import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bot import scheduler as module
from bot.clock import MovableClock
from bot.scheduler import Job, NotToday, Part, Scheduler, trigger
from storage.slots import claim
from storage.tables import Audit, Slot
from storage.unit_of_work import UnitOfWork
from storage.writer import Writer
from tests.support.databases import Database
from tests.unit.engine.world import outgoing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Report:
    """A report that tells its slot and counts how often it was written; `faults` are raised first."""

    def __init__(self, *targets: str) -> None:
        self.targets = list(targets or ["g1"])
        self.faults: list[Exception] = []
        self.parts = 1

    def compose(self, uow: UnitOfWork, chat: str, slot: datetime, now: datetime) -> Sequence[Part]:
        uow.insert(Audit, at=now, actor="", action="composed", ref="", message_key="", detail=None)
        if self.faults:
            raise self.faults.pop(0)
        local = slot.astimezone(now.tzinfo)
        return [Part("digest", chat, "markdown", f"{local:%d %H:%M} {n}") for n in range(self.parts)]

    def job(self, clock: MovableClock, name: str = "nightly", late: timedelta = 2 * HOUR, **cron: str) -> Job:
        fields = cron or {"hour": "22", "minute": "0"}
        return Job(name, trigger(fields, clock.zone), lambda _session: list(self.targets), late, self.compose)


def slots(engine: Engine) -> list[tuple[str, str, str]]:
    """(chat, local time, state), oldest first."""
    with Session(engine) as session:
        found = session.scalars(select(Slot).order_by(Slot.slot, Slot.chat)).all()
    return [(slot.chat, f"{slot.slot + timedelta(hours=8):%d %H:%M}", slot.state) for slot in found]


def reasons(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return list(session.scalars(select(Slot.reason).where(Slot.state == "skipped").order_by(Slot.slot)))


def posted(engine: Engine) -> list[str]:
    return [f"{row.chat} {row.content}" for row in outgoing(engine)]


@pytest.fixture
def report() -> Report:
    return Report()


@pytest.fixture
def scheduler(writer: Writer, clock: MovableClock, report: Report) -> Scheduler:
    return Scheduler(writer, clock, [report.job(clock)])


async def test_a_group_is_armed_when_it_is_first_seen(scheduler: Scheduler, engine: Engine) -> None:
    assert await scheduler.tick() == 0
    assert slots(engine) == [("g1", "24 08:00", "armed")]
    assert await scheduler.tick() == 0
    assert len(slots(engine)) == 1
    assert posted(engine) == []


async def test_a_slot_is_written_when_it_is_due_and_once(
    scheduler: Scheduler, engine: Engine, clock: MovableClock
) -> None:
    woken: list[int] = []
    scheduler.on_outgoing = lambda: woken.append(1)
    await scheduler.tick()
    clock.set(clock.now().replace(hour=21, minute=59, second=59))
    assert await scheduler.tick() == 0
    clock.forward(timedelta(seconds=1))
    assert await scheduler.tick("nightly") == 1
    assert woken == [1]
    assert [await scheduler.tick() for _ in range(3)] == [0, 0, 0]
    assert posted(engine) == ["g1 24 22:00 0"]
    assert slots(engine)[1:] == [("g1", "24 22:00", "sent")]


async def test_the_outbox_row_is_a_report_of_its_slot(
    scheduler: Scheduler, engine: Engine, clock: MovableClock, report: Report
) -> None:
    report.parts = 2
    await scheduler.tick()
    clock.forward(14 * HOUR)
    await scheduler.tick()
    first, second = outgoing(engine)
    assert (first.purpose, first.channel, first.chat, first.state) == ("report", "digest", "g1", "pending")
    assert first.key == "report|nightly|g1|2020-02-24T22:00:00+08:00|0"
    assert (first.not_before, second.content) == (clock.now(), "24 22:00 1")


async def test_each_target_has_slots_of_its_own(
    scheduler: Scheduler, engine: Engine, clock: MovableClock, report: Report
) -> None:
    await scheduler.tick()
    report.targets.append("g2")
    clock.forward(14 * HOUR)
    assert await scheduler.tick() == 1
    assert slots(engine)[1:] == [("g1", "24 22:00", "sent"), ("g2", "24 22:00", "armed")]
    clock.forward(DAY)
    assert await scheduler.tick() == 2


# -- after a pause ---------------------------------------------------------------------------------------------------


async def test_what_was_missed_is_caught_up_within_its_delay(
    scheduler: Scheduler, engine: Engine, clock: MovableClock
) -> None:
    await scheduler.tick()
    clock.set(clock.now().replace(day=25, hour=0))
    assert await scheduler.tick() == 1
    assert posted(engine) == ["g1 24 22:00 0"]


async def test_what_is_too_late_is_written_down_with_its_reason(
    scheduler: Scheduler, engine: Engine, clock: MovableClock
) -> None:
    await scheduler.tick()
    clock.set(clock.now().replace(day=26, hour=23))
    assert await scheduler.tick() == 1
    assert slots(engine)[1:] == [
        ("g1", "24 22:00", "skipped"),
        ("g1", "25 22:00", "skipped"),
        ("g1", "26 22:00", "sent"),
    ]
    assert reasons(engine) == [
        "2940 minutes late, at most 120 are allowed",
        "1500 minutes late, at most 120 are allowed",
    ]
    assert posted(engine) == ["g1 26 22:00 0"]


async def test_a_very_long_pause_is_written_down_shortly(
    writer: Writer, engine: Engine, clock: MovableClock, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_BACK", 3 * DAY)
    scheduler = Scheduler(writer, clock, [report.job(clock)])
    await scheduler.tick()
    clock.forward(10 * DAY)
    await scheduler.tick()
    assert [state for _, _, state in slots(engine)] == ["armed", *["skipped"] * 3]
    assert reasons(engine)[0].endswith("; older ones as well")
    assert not reasons(engine)[1].endswith("as well")


async def test_a_clock_that_goes_back_writes_nothing_again(
    scheduler: Scheduler, engine: Engine, clock: MovableClock
) -> None:
    await scheduler.tick()
    clock.forward(14 * HOUR)
    assert await scheduler.tick() == 1
    clock.forward(-2 * HOUR)
    assert await scheduler.tick() == 0
    clock.forward(2 * HOUR)
    assert await scheduler.tick() == 0
    clock.forward(DAY)
    assert await scheduler.tick() == 1
    assert len(posted(engine)) == 2


# -- failures --------------------------------------------------------------------------------------------------------


async def test_a_report_that_fails_leaves_its_slot_free_and_is_tried_again(
    scheduler: Scheduler, engine: Engine, clock: MovableClock, report: Report
) -> None:
    await scheduler.tick()
    clock.forward(14 * HOUR)
    report.faults = [KeyError("unit")]
    assert await scheduler.tick() == 0
    assert slots(engine) == [("g1", "24 08:00", "armed")]
    assert posted(engine) == []
    clock.forward(timedelta(minutes=1))
    assert await scheduler.retry() == 1
    assert posted(engine) == ["g1 24 22:00 0"]
    with Session(engine) as session:
        assert len(session.scalars(select(Audit.id)).all()) == 1, "what the failed try had changed is gone"
    assert await scheduler.retry() == 0


async def test_later_slots_do_not_pass_over_one_that_failed(
    writer: Writer, engine: Engine, clock: MovableClock, report: Report
) -> None:
    scheduler = Scheduler(writer, clock, [report.job(clock, late=90 * timedelta(minutes=1), minute="0")])
    await scheduler.tick()
    report.faults = [KeyError("unit"), KeyError("unit")]
    clock.forward(HOUR)
    assert await scheduler.tick() == 0
    clock.forward(HOUR)
    assert await scheduler.tick() == 0
    clock.forward(HOUR)
    assert await scheduler.tick() == 2
    assert [state for _, _, state in slots(engine)] == ["armed", "skipped", "sent", "sent"]
    assert reasons(engine) == ["120 minutes late, at most 90 are allowed; it failed with KeyError"]


async def test_one_groups_failure_is_not_the_others(writer: Writer, engine: Engine, clock: MovableClock) -> None:
    report = Report("g1", "g2")
    scheduler = Scheduler(writer, clock, [report.job(clock)])
    await scheduler.tick()
    clock.forward(14 * HOUR)
    report.faults = [KeyError("unit"), KeyError("unit")]
    assert await scheduler.tick() == 1, "first they fail together, then one of them alone"
    assert posted(engine) == ["g2 24 22:00 0"]


async def test_a_fault_that_passes_costs_nobody_a_report(writer: Writer, engine: Engine, clock: MovableClock) -> None:
    report = Report("g1", "g2")
    scheduler = Scheduler(writer, clock, [report.job(clock)])
    await scheduler.tick()
    clock.forward(14 * HOUR)
    report.faults = [KeyError("unit")]
    assert await scheduler.tick() == 2
    assert posted(engine) == ["g1 24 22:00 0", "g2 24 22:00 0"]


# -- many together ---------------------------------------------------------------------------------------------------


class Bundled(Report):
    """Writes its targets together; those in `broken` cannot be written, those in `unwanted` do not want it."""

    def __init__(self, *targets: str) -> None:
        super().__init__(*targets)
        self.bundles: list[list[str]] = []
        self.broken: set[str] = set()
        self.unwanted: set[str] = set()

    def compose(self, uow: UnitOfWork, chat: str, slot: datetime, now: datetime) -> Sequence[Part]:
        if chat in self.broken:
            raise ValueError(chat)
        if chat in self.unwanted:
            raise NotToday("a holiday")
        return super().compose(uow, chat, slot, now)

    def all_of(
        self, uow: UnitOfWork, chats: Sequence[str], slot: datetime, now: datetime
    ) -> dict[str, Sequence[Part] | NotToday]:
        self.bundles.append(list(chats))
        found: dict[str, Sequence[Part] | NotToday] = {}
        for chat in chats:
            try:
                found[chat] = self.compose(uow, chat, slot, now)
            except NotToday as reason:
                found[chat] = reason
        return found

    def job(self, clock: MovableClock, name: str = "nightly", late: timedelta = 2 * HOUR, **cron: str) -> Job:
        return replace(super().job(clock, name, late, **cron), bundle=self.all_of)


@pytest.fixture
def bundled(monkeypatch: pytest.MonkeyPatch) -> Bundled:
    monkeypatch.setattr(module, "AT_ONCE", 3)
    return Bundled("g1", "g2", "g3", "g4", "g5")


async def test_targets_of_one_slot_are_written_some_at_a_time_and_once(
    writer: Writer, engine: Engine, clock: MovableClock, bundled: Bundled
) -> None:
    bundled.unwanted = {"g2"}
    scheduler = Scheduler(writer, clock, [bundled.job(clock)])
    await scheduler.tick()
    clock.forward(14 * HOUR)
    assert await scheduler.tick() == 4
    assert bundled.bundles == [["g1", "g2", "g3"], ["g4", "g5"]]
    assert [await scheduler.tick() for _ in range(2)] == [0, 0]
    assert posted(engine) == [f"g{n} 24 22:00 0" for n in (1, 3, 4, 5)]
    states = ["sent", "skipped", "sent", "sent", "sent"]
    assert [state for _, _, state in slots(engine)[5:]] == states
    assert reasons(engine) == ["a holiday"]


async def test_a_target_that_fails_takes_no_other_with_it(
    writer: Writer, engine: Engine, clock: MovableClock, bundled: Bundled
) -> None:
    scheduler = Scheduler(writer, clock, [bundled.job(clock)])
    await scheduler.tick()
    bundled.broken = {"g2"}
    clock.forward(14 * HOUR)
    assert await scheduler.tick() == 4
    assert sorted(posted(engine)) == [f"g{n} 24 22:00 0" for n in (1, 3, 4, 5)]
    with Session(engine) as session:
        assert len(session.scalars(select(Audit)).all()) == 4, "nothing of the bundle that failed has stayed"
    bundled.broken, bundled.bundles = set(), []
    assert await scheduler.retry() == 1
    assert bundled.bundles == [], "what failed goes alone"
    assert sorted(posted(engine)) == [f"g{n} 24 22:00 0" for n in (1, 2, 3, 4, 5)]


async def test_what_somebody_else_has_is_left_out_of_a_bundle(
    writer: Writer, engine: Engine, clock: MovableClock, bundled: Bundled
) -> None:
    scheduler = Scheduler(writer, clock, [bundled.job(clock)])
    await scheduler.tick()
    clock.forward(14 * HOUR)
    with Session(engine) as session, session.begin():
        assert claim(session, "nightly", "g3", clock.now(), clock.now())
    assert await scheduler.tick() == 4
    assert bundled.bundles == [["g1", "g2", "g4"], ["g5"]]
    assert len(slots(engine)) == 10


async def test_what_else_is_due_is_written_in_its_turn(
    writer: Writer, engine: Engine, clock: MovableClock, bundled: Bundled
) -> None:
    scheduler = Scheduler(writer, clock, [bundled.job(clock, late=30 * HOUR)])
    await scheduler.tick()
    clock.forward(14 * HOUR + DAY)
    assert await scheduler.tick() == 10
    assert bundled.bundles == []
    assert posted(engine)[:2] == ["g1 24 22:00 0", "g1 25 22:00 0"]


async def test_two_schedulers_write_bundles_once(
    each_database: Database, clock: MovableClock, bundled: Bundled
) -> None:
    writers = [Writer(each_database.engine()) for _ in range(2)]
    instances = [Scheduler(writer, clock, [bundled.job(clock)]) for writer in writers]
    await asyncio.gather(*(instance.tick() for instance in instances))
    clock.set(clock.now().replace(hour=22))
    written = sum(await asyncio.gather(*(instance.tick() for instance in instances for _ in range(2))))
    assert all(writer.close() for writer in writers)
    found = posted(each_database.engine())
    assert len(found) == len(set(found)) == written == 5


# -- by hand, and what comes next ------------------------------------------------------------------------------------


async def test_a_report_by_hand_is_beside_the_plan(scheduler: Scheduler, engine: Engine, clock: MovableClock) -> None:
    await scheduler.tick()
    clock.set(clock.now().replace(hour=22, minute=30))
    assert await scheduler.run_now("nightly") == 1
    assert posted(engine) == ["g1 24 22:30 0"]
    assert await scheduler.tick() == 1, "the one of 22:00 is still due"
    assert slots(engine)[1:] == [("g1", "24 22:00", "sent"), ("g1", "24 22:30", "manual")]


async def test_a_report_by_hand_for_one_group(writer: Writer, engine: Engine, clock: MovableClock) -> None:
    scheduler = Scheduler(writer, clock, [Report("g1", "g2").job(clock)])
    assert await scheduler.run_now("nightly", "g2") == 1
    assert await scheduler.run_now("nightly", "g2") == 0, "the same moment again"
    assert posted(engine) == ["g2 24 08:00 0"]
    with pytest.raises(KeyError):
        await scheduler.run_now("weekly")


async def test_the_next_slot_is_the_earliest_of_all_jobs(writer: Writer, clock: MovableClock, report: Report) -> None:
    jobs = [report.job(clock), report.job(clock, "noon", hour="12", minute="0")]
    scheduler = Scheduler(writer, clock, jobs)
    start = clock.now()
    due = [start.replace(hour=12), start.replace(hour=22), start.replace(day=25, hour=12)]
    found: list[datetime | None] = [start]
    for _ in due:
        assert found[-1] is not None
        found.append(scheduler.next_due(found[-1]))
    assert found[1:] == due
    assert Scheduler(writer, clock, []).next_due(start) is None
    assert isinstance(jobs[0].trigger, CronTrigger)


# -- the alarm and several instances ---------------------------------------------------------------------------------


async def test_a_start_catches_up_and_sets_the_alarm(scheduler: Scheduler, engine: Engine, clock: MovableClock) -> None:
    await scheduler.tick()
    clock.forward(15 * HOUR)
    await scheduler.start()
    try:
        assert posted(engine) == ["g1 24 22:00 0"]
        alarms = {job.id: job for job in scheduler._alarm.get_jobs()}
        assert set(alarms) == {"nightly", "|retry"}
        assert all(job.coalesce and job.misfire_grace_time is None for job in alarms.values())
    finally:
        scheduler.stop()
        scheduler.stop()
    await asyncio.sleep(0)


async def test_two_schedulers_on_one_database_write_once(each_database: Database, clock: MovableClock) -> None:
    writers = [Writer(each_database.engine()) for _ in range(2)]
    report = Report("g1", "g2", "g3")
    instances = [Scheduler(writer, clock, [report.job(clock)]) for writer in writers]
    await asyncio.gather(*(instance.tick() for instance in instances))
    written = 0
    clock.set(clock.now().replace(hour=22))
    for _ in range(3):
        written += sum(await asyncio.gather(*(instance.tick() for instance in instances for _ in range(2))))
        clock.forward(DAY)
    assert all(writer.close() for writer in writers)
    engine = each_database.engine()
    assert len(posted(engine)) == len(set(posted(engine))) == written == 9
    assert [state for _, _, state in slots(engine)] == ["armed"] * 3 + ["sent"] * 9
