import asyncio
from collections.abc import Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text
from sqlalchemy.orm import Session

from bot import outbox as module
from bot.clock import MovableClock
from bot.errors import GiveUp, RetryLater
from bot.outbox import MOST_ATTEMPTS, Outbox, backoff
from storage import outbox as rows
from storage.tables import Outbox as OutboxRow
from storage.writer import Writer
from tests.storage.rows import outbox as row
from tests.support.databases import Database, in_transaction
from tests.unit.engine.world import Channel, outbox_states, outgoing, sender_loop, until


def put(engine: Engine, *keys: str, **values: Any) -> None:
    plain = {"content": None, **values}
    work = [row(key, **{**plain, "content": plain["content"] or key}) for key in keys]
    in_transaction(engine, lambda session: session.execute(insert(OutboxRow), work))


def one(engine: Engine, key: str) -> OutboxRow:
    with Session(engine) as session:
        return session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one()


@asynccontextmanager
async def running(sender: Outbox, *, alone: bool = True) -> Any:
    await sender.start(alone=alone)
    try:
        yield sender
    finally:
        await sender.stop(5)


@pytest.fixture
def main() -> Iterator[Channel]:
    channel = Channel("main")
    yield channel
    assert channel.most_inside <= 1, "one message of a chat at a time"


# -- the ordinary way ------------------------------------------------------------------------------------------------


async def test_what_waits_is_sent_and_marked(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    put(
        engine,
        "a1",
        chat="a",
        mentions=["lina"],
        media=b"png",
        file_name="chart.png",
        response_url="https://127.0.0.1/r",
    )
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
    (sent,) = main.sent
    assert (sent.channel, sent.chat, sent.content, sent.form) == ("main", "a", "a1", "markdown")
    assert (sent.mentions, sent.media, sent.file_name) == (("lina",), b"png", "chart.png")
    assert (sent.response_url, sent.chat_type) == ("https://127.0.0.1/r", "group")
    found = one(engine, "a1")
    assert (found.state, found.attempts, found.sent_at) == ("sent", 1, clock.now())


async def test_the_order_of_each_chat_is_kept(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    for n in range(8):
        put(engine, f"a{n}", chat="a")
        put(engine, f"b{n}", chat="b")
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
    assert [c for c in main.contents if c[0] == "a"] == [f"a{n}" for n in range(8)]
    assert [c for c in main.contents if c[0] == "b"] == [f"b{n}" for n in range(8)]


async def test_a_slow_chat_holds_up_nobody_else(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    slow = Channel("slow")
    slow.gate.clear()
    put(engine, "s1", "s2", channel="slow", chat="s")
    put(engine, "a1", "a2", chat="a")
    async with running(sender_loop(writer, clock, main, slow)):
        await until(lambda: len(main.sent) == 2)
        assert slow.tried == ["s1"]
        slow.gate.set()
        await until(lambda: len(slow.sent) == 2)


async def test_news_wake_the_sender(writer: Writer, clock: MovableClock, engine: Engine, main: Channel) -> None:
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
        put(engine, "a1")
        sender.wake()
        await until(lambda: main.contents == ["a1"])


# -- failures --------------------------------------------------------------------------------------------------------


async def test_a_retry_comes_after_its_pause_and_before_later_messages(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    put(engine, "a1", "a2")
    main.faults = [RetryLater(45009, "api freq out of limit", after=30)]
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
        found = one(engine, "a1")
        assert (found.state, found.attempts, found.error) == ("pending", 1, "45009 api freq out of limit")
        assert found.not_before == clock.now() + timedelta(seconds=30)
        assert main.sent == []
        clock.forward(timedelta(seconds=31))
        await sender.drain()
    assert main.tried == ["a1", "a1", "a2"]
    assert outbox_states(engine) == {"a1": "sent", "a2": "sent"}


def test_the_pauses_double_up_to_a_cap() -> None:
    for attempt, seconds in [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (40, 600)]:
        assert all(0.8 * seconds <= backoff(attempt) <= 1.2 * seconds for _ in range(20))


async def test_there_is_an_end_to_trying(writer: Writer, clock: MovableClock, engine: Engine, main: Channel) -> None:
    put(engine, "a1", "a2")
    main.faults = [RetryLater("timeout") for _ in range(MOST_ATTEMPTS)]
    async with running(sender_loop(writer, clock, main)) as sender:
        for _ in range(MOST_ATTEMPTS + 1):
            await sender.drain()
            clock.forward(timedelta(seconds=800))
        await sender.drain()
    assert main.tried == ["a1"] * MOST_ATTEMPTS + ["a2"]
    assert outbox_states(engine) == {"a1": "dead", "a2": "sent"}
    assert one(engine, "a1").error == f"given up after {MOST_ATTEMPTS} attempts: timeout"


async def test_what_is_refused_goes_another_way_and_then_dies(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    digest = Channel("digest")
    main.faults = [GiveUp(40008, "expired"), GiveUp(40008, "expired")]
    digest.faults = [GiveUp(93000, "no such webhook")]
    put(engine, "a1", response_url="https://127.0.0.1/r", chat="a")
    put(engine, "b1", chat="b")
    roads = {"main": "digest", "digest": "main"}
    async with running(sender_loop(writer, clock, main, digest, fallback=roads)) as sender:
        await sender.drain()
    assert sorted(outbox_states(engine).values()) == ["dead", "sent"]
    assert len(main.tried) == 2, "no way is tried twice"
    assert len(digest.tried) == 2
    (dead,) = [found for found in outgoing(engine) if found.state == "dead"]
    assert dead.error == "93000 no such webhook"
    assert all(message.response_url == "" for message in digest.sent)


async def test_the_other_way_gets_it_in_parts_that_it_can_carry(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    digest = Channel("digest")
    main.faults = [GiveUp(40008)]
    put(engine, "a1", content="onetwo")
    sender = sender_loop(
        writer, clock, main, digest, fallback={"main": "digest"}, split=lambda text, _c, _f: [text[:3], text[3:]]
    )
    async with running(sender):
        await sender.drain()
    assert digest.contents == ["one", "two"]


async def test_a_channel_that_is_not_configured_kills(writer: Writer, clock: MovableClock, engine: Engine) -> None:
    put(engine, "a1", channel="gone")
    async with running(sender_loop(writer, clock)) as sender:
        await sender.drain()
    assert one(engine, "a1").error == "no such channel is configured"
    assert outbox_states(engine) == {"a1": "dead"}


@pytest.mark.parametrize(("purpose", "state"), [("report", "dead"), ("reply", "pending")])
async def test_a_doubtful_report_waits_for_a_person(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel, purpose: str, state: str
) -> None:
    put(engine, "a1", purpose=purpose)
    main.faults = [RetryLater("timeout", sure_unsent=False)]
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
        found = one(engine, "a1")
    assert found.state == state
    assert found.error == ("uncertain: timeout" if purpose == "report" else "timeout")


async def test_a_channel_with_a_fault_of_its_own_leaves_no_message_without_a_verdict(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    put(engine, "a1", "a2")
    main.faults = [KeyError("errcode")]
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
    assert outbox_states(engine) == {"a1": "dead", "a2": "sent"}
    assert one(engine, "a1").error == "uncertain: KeyError while sending"


async def test_a_message_that_cannot_be_opened_does_not_stand_in_the_way(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    put(engine, "a1", chat="a")
    put(engine, "b1", chat="b")
    in_transaction(engine, lambda s: s.execute(text("UPDATE outbox SET content = x'00' WHERE key = 'a1'")))
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
    assert main.contents == ["b1"]
    with Session(engine) as session:
        found = dict(session.execute(select(OutboxRow.key, OutboxRow.state)).tuples().all())
    assert found == {"a1": "dead", "b1": "sent"}


async def test_a_database_that_is_away_for_a_moment_does_not_make_a_message_uncertain(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MARK_AGAIN", (0.0, 0.0))
    faults, mark = [OSError("away"), OSError("away")], rows.mark_sent

    def mark_sent(*args: Any) -> None:
        if faults:
            raise faults.pop()
        mark(*args)

    monkeypatch.setattr(rows, "mark_sent", mark_sent)
    put(engine, "a1")
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
    assert main.contents == ["a1"]
    assert outbox_states(engine) == {"a1": "sent"}


async def test_the_sender_outlives_a_database_that_is_down(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, waiting = [OSError("down")], rows.waiting

    def look(*args: Any) -> Any:
        if faults:
            raise faults.pop()
        return waiting(*args)

    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
        monkeypatch.setattr(rows, "waiting", look)
        put(engine, "a1")
        sender.wake()
        await until(lambda: not faults)
        await sender.drain()
    assert main.contents == ["a1"]


# -- rates -----------------------------------------------------------------------------------------------------------


async def test_a_webhook_gets_twenty_a_minute(writer: Writer, clock: MovableClock, engine: Engine) -> None:
    hook = Channel("hook", per_minute=20, scope="channel")
    put(engine, *(f"a{n:02}" for n in range(30)), channel="hook", chat="a")
    put(engine, *(f"b{n:02}" for n in range(15)), channel="hook", chat="b")
    counts = []
    async with running(sender_loop(writer, clock, hook)) as sender:
        for _ in range(3):
            await sender.drain()
            counts.append(len(hook.sent))
            clock.forward(timedelta(seconds=59))
            await sender.drain()
            assert len(hook.sent) == counts[-1], "not a second earlier"
            clock.forward(timedelta(seconds=2))
    assert counts == [20, 40, 45]


async def test_the_limit_of_a_chat_is_its_own(writer: Writer, clock: MovableClock, engine: Engine) -> None:
    app = Channel("app", per_minute=3, scope="chat")
    for chat in "ab":
        put(engine, *(f"{chat}{n}" for n in range(5)), channel="app", chat=chat)
    async with running(sender_loop(writer, clock, app)) as sender:
        await sender.drain()
    assert sorted(app.contents) == ["a0", "a1", "a2", "b0", "b1", "b2"]


async def test_a_restart_remembers_what_was_sent(writer: Writer, clock: MovableClock, engine: Engine) -> None:
    put(
        engine, *(f"s{n}" for n in range(19)), channel="hook", state="sent", sent_at=clock.now() - timedelta(seconds=30)
    )
    put(engine, "a1", "a2", "a3", channel="hook")
    hook = Channel("hook", per_minute=20, scope="channel")
    async with running(sender_loop(writer, clock, hook)) as sender:
        await sender.drain()
        assert hook.contents == ["a1"]
        clock.forward(timedelta(seconds=31))
        await sender.drain()
    assert hook.contents == ["a1", "a2", "a3"]


async def test_what_another_instance_sent_counts_as_well(writer: Writer, clock: MovableClock, engine: Engine) -> None:
    hook = Channel("hook", per_minute=20, scope="channel")
    async with running(sender_loop(writer, clock, hook), alone=False) as sender:
        await sender.drain()
        put(engine, *(f"s{n}" for n in range(20)), channel="hook", state="sent", sent_at=clock.now())
        clock.forward(timedelta(seconds=11))
        put(engine, "a1", channel="hook", not_before=clock.now())
        sender.wake()
        await sender.drain()
        assert hook.contents == []
        clock.forward(timedelta(seconds=50))
        await sender.drain()
    assert hook.contents == ["a1"]


# -- crashes and second instances ------------------------------------------------------------------------------------


async def test_a_message_that_lost_its_process_is_dead_and_visible(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    put(engine, "a1", state="sending", attempts=1, not_before=clock.now() + module.LEASE)
    put(engine, "a2")
    async with running(sender_loop(writer, clock, main)) as sender:
        await until(lambda: main.contents == ["a2"])
        await sender.drain()
    assert outbox_states(engine) == {"a1": "dead", "a2": "sent"}
    assert one(engine, "a1").error == rows.UNCERTAIN


async def test_another_instances_message_is_left_to_it_until_its_lease_ends(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    put(engine, "a1", state="sending", attempts=1, not_before=clock.now() + module.LEASE)
    put(engine, "a2")
    put(engine, "b1", chat="b")
    async with running(sender_loop(writer, clock, main), alone=False) as sender:
        await until(lambda: main.contents == ["b1"])
        assert outbox_states(engine)["a1"] == "sending"
        clock.forward(module.LEASE + timedelta(seconds=1))
        sender.wake()
        await until(lambda: main.contents == ["b1", "a2"])
    assert outbox_states(engine)["a1"] == "dead"


async def test_a_lost_offer_goes_another_way_but_not_while_its_callback_is_open(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    for key, chat in [("lost", "a"), ("open", "b")]:
        put(engine, f"reply|{key}", chat=chat, message_key=key, state="offered", not_before=clock.now())
    sender = sender_loop(writer, clock, main)
    sender.busy_keys = lambda: ["open"]
    async with running(sender):
        await until(lambda: main.contents == ["reply|lost"])
        await sender.drain()
        assert outbox_states(engine)["reply|open"] == "offered"


async def test_two_instances_send_everything_once(each_database: Database, clock: MovableClock) -> None:
    engine = each_database.engine()
    put(engine, *(f"a{n:02}" for n in range(12)), chat="a")
    put(engine, *(f"b{n:02}" for n in range(12)), chat="b")
    writers = [Writer(each_database.engine()) for _ in range(2)]
    channels = [Channel("main"), Channel("main")]
    senders = [sender_loop(writer, clock, channel) for writer, channel in zip(writers, channels, strict=True)]
    async with running(senders[0], alone=False), running(senders[1], alone=False):
        await asyncio.gather(*(sender.drain() for sender in senders))
    assert all(writer.close() for writer in writers)
    sent = [content for channel in channels for content in channel.contents]
    assert sorted(sent) == sorted(f"{chat}{n:02}" for chat in "ab" for n in range(12))
    assert set(outbox_states(engine).values()) == {"sent"}
    for channel in channels:
        for chat in "ab":
            mine = [content for content in channel.contents if content[0] == chat]
            assert mine == sorted(mine)


async def test_a_stop_lets_what_is_on_its_way_arrive(
    writer: Writer, clock: MovableClock, engine: Engine, main: Channel
) -> None:
    main.gate.clear()
    put(engine, "a1", "a2")
    sender = sender_loop(writer, clock, main)
    await sender.start(alone=True)
    await until(lambda: main.tried == ["a1"])
    stopping = asyncio.create_task(sender.stop(5))
    await asyncio.sleep(0)
    main.gate.set()
    await stopping
    assert outbox_states(engine) == {"a1": "sent", "a2": "pending"}


async def test_a_revived_message_is_sent(writer: Writer, clock: MovableClock, engine: Engine, main: Channel) -> None:
    put(engine, "a1", state="dead")
    async with running(sender_loop(writer, clock, main)) as sender:
        await sender.drain()
        assert main.sent == []
        in_transaction(engine, lambda s: rows.revive(s, one(engine, "a1").id, clock.now()))
        await sender.drain()
    assert main.contents == ["a1"]
