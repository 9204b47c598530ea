"""Sharing a burst with a helper process: the same results in the same order, whatever happens to the helper."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot import second_core
from bot.second_core import SecondCore
from handlers.language import Message, read

AT = datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MESSAGES = [Message(f"@小站 签到 东门 测温{n}人次", AT, "李明", "平谷区") for n in range(60)]


@pytest.fixture
def core() -> Iterator[SecondCore]:
    made = SecondCore(read, "bot.reading_worker")
    made._enabled = True  # also on a machine with one core
    yield made
    made.close()


def started(core: SecondCore) -> int:
    """Wait for the helper; its process id."""
    assert not core._ready()
    assert core._starting is not None
    core._starting.join()
    assert core._process is not None
    return core._process.pid


def test_a_small_batch_never_leaves_the_process(core: SecondCore) -> None:
    few = MESSAGES[: second_core.LEAST - 1]
    assert core.map(few) == [read(m) for m in few]
    assert core._starting is None


def test_a_burst_is_shared_and_keeps_its_order(core: SecondCore) -> None:
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES], "before the helper is ready"
    core._starting.join()
    assert core._process is not None
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]


def test_a_helper_that_dies_costs_nothing_but_speed(core: SecondCore) -> None:
    os.kill(started(core), signal.SIGKILL)
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]
    assert core._process is None
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES], "and it is not started again"
    assert core._process is None


def test_a_helper_that_hangs_is_given_up(core: SecondCore, monkeypatch: pytest.MonkeyPatch) -> None:
    pid = started(core)
    monkeypatch.setattr(second_core, "PATIENCE", 0.01)
    os.kill(pid, signal.SIGSTOP)
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]
    assert core._process is None


def test_a_module_that_does_not_exist_is_given_up() -> None:
    core = SecondCore(read, "bot.no_such_module")
    core._enabled = True
    core.map(MESSAGES)
    core._starting.join()
    assert core._process is None
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]
    core.close()


def test_a_fault_is_met_here() -> None:
    def broken(_message: Message) -> None:
        raise ValueError("here")

    core = SecondCore(broken, "bot.reading_worker")
    with pytest.raises(ValueError, match="here"):
        core.map(MESSAGES)
    core.close()
