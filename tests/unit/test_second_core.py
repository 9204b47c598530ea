"""Sharing a burst with a helper process: the same results in the same order, whatever happens to the helper."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot import second_core
from bot.reading_worker import readers
from bot.second_core import SecondCore
from handlers.language import Message, Reading, read
from handlers.understanding import unasked

fields_of = readers(None)._travel.pack
AT = datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MESSAGES = [Message(f"@小站 签到 东门 测温{n}人次", AT, "李明", "平谷区") for n in range(60)]


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecondCore]:
    monkeypatch.setattr(second_core, "PATIENCE", 60.0)
    made = readers(None)
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
    few = MESSAGES[: second_core.SOON - 1]
    assert core.map(few) == [read(m) for m in few]
    assert core._starting is None


def test_a_few_more_have_the_helper_started(core: SecondCore) -> None:
    some = MESSAGES[: second_core.SOON]
    assert core.map(some) == [read(m) for m in some]
    assert core._starting is not None


def test_a_burst_is_shared_and_keeps_its_order(core: SecondCore) -> None:
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES], "before the helper is ready"
    core._starting.join()
    assert core._process is not None
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]


def test_every_order_travels(core: SecondCore) -> None:
    """Orders of the features carry objects of their own."""
    texts = (
        *(
            "登记 进 张某 京A12345 36.5 从河北保定来",
            "处置 J3 移交社区",
            "发证 张某 3号楼2单元501",
            "查车 345",
            "离京 张某 13800001234",
        ),
        *(
            "巡查 每2小时 22:00-6:00",
            "汇总 本周",
            "撤回 C12",
            "离京电话 张某 未接",
            "企业 名单",
            "招募 明天8点 东门 5人",
        ),
    )
    some = [replace(MESSAGES[0], text=f"@小站 {text}") for text in texts]
    assert core.map(some) == [unasked(m) for m in some]
    core._starting.join()
    assert core.map([*some, *MESSAGES]) == [unasked(m) for m in [*some, *MESSAGES]]
    assert sum(reading.command is not None for reading in core.map(some)) > len(some) // 2


def test_what_was_expected_is_read_before_it_is_asked_for(core: SecondCore) -> None:
    started(core)
    read_here: list[Message] = []

    def note(message: Message) -> Reading:
        read_here.append(message)
        return read(message)

    core._function = note
    for message in MESSAGES:
        core.expect(message)
    few = MESSAGES[: second_core.LEAST - 1]
    with core._lock:
        assert core._news.wait_for(lambda: not core._waiting and not core._sent, second_core.PATIENCE)
    assert core.map(few) == [read(m) for m in few], "also where they are few"
    assert core.map(MESSAGES[::-1]) == [read(m) for m in MESSAGES[::-1]]
    assert read_here == []


def test_what_turns_out_differently_is_read_again(core: SecondCore) -> None:
    started(core)
    for message in MESSAGES:
        core.expect(replace(message, sender="王小明"))
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]


def test_one_faulty_item_leaves_the_others_to_the_helper(core: SecondCore) -> None:
    started(core)
    core._travel = replace(core._travel, pack=lambda message: () if message is MESSAGES[7] else fields_of(message))
    assert core.map(MESSAGES) == [read(m) for m in MESSAGES]
    assert core._process is not None


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
