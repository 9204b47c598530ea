import asyncio
import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot import inbox as module
from bot.channels.base import Incoming
from bot.clock import MovableClock
from bot.context import Context
from bot.effects import OFFER_LASTS
from bot.inbox import Inbox
from storage.tables import Chat
from storage.tables import Inbox as InboxRow
from storage.writer import Writer
from tests.support.databases import Database
from tests.unit.engine.world import (
    FAILED,
    ChatRows,
    Script,
    addressing,
    commits,
    dispatcher,
    inbox_states,
    message,
    notes,
    outbox_states,
    outgoing,
)


async def submit(inbox: Inbox, *messages: Incoming) -> list[str | BaseException | None]:
    """All at once, so that they are one batch."""
    return list(await asyncio.gather(*(inbox.submit(m) for m in messages), return_exceptions=True))


# -- one batch -------------------------------------------------------------------------------------------------------


async def test_what_arrives_together_is_one_transaction(inbox: Inbox, engine: Engine) -> None:
    with commits(engine) as seen:
        answers = await submit(inbox, *(message(f"m{n}") for n in range(50)))
    assert len(seen) == 1
    assert answers == [f"noted N{n}" for n in range(1, 51)]
    assert inbox_states(engine) == {f"m{n}": "done" for n in range(50)}
    assert outbox_states(engine) == {f"reply|m{n}": "offered" for n in range(50)}


async def test_what_arrives_meanwhile_is_the_next_batch(inbox: Inbox, engine: Engine, writer: Writer) -> None:
    hold = threading.Event()
    writer.submit(lambda _session: hold.wait())
    first = asyncio.create_task(submit(inbox, *(message(f"a{n}") for n in range(3))))
    await asyncio.sleep(0.01)
    second = asyncio.create_task(submit(inbox, *(message(f"b{n}") for n in range(3))))
    await asyncio.sleep(0.01)
    with commits(engine) as seen:
        hold.set()
        await asyncio.gather(first, second)
        await inbox.drain()
    assert len(seen) == 2
    assert list(inbox_states(engine)) == ["a0", "a1", "a2", "b0", "b1", "b2"]


async def test_a_batch_has_its_limit(writer: Writer, script: Script, clock: MovableClock, engine: Engine) -> None:
    inbox = Inbox(writer, dispatcher(script), clock, addressing(), batch=4)
    with commits(engine) as seen:
        await submit(inbox, *(message(f"m{n}") for n in range(10)))
    assert len(seen) == 3
    assert len(inbox_states(engine)) == 10


async def test_messages_take_effect_in_the_order_of_arrival(inbox: Inbox, script: Script) -> None:
    sent = [message(f"m{n}", chat=f"g{n % 3}") for n in range(30)]
    await submit(inbox, *sent)
    assert script.seen == [m.key for m in sent]


async def test_later_messages_see_what_earlier_ones_of_the_batch_did(inbox: Inbox, engine: Engine) -> None:
    ChatRows.loads.clear()
    answers = await submit(inbox, *(message(f"m{n}", "count", chat=f"g{n % 2}") for n in range(6)))
    assert answers == ["count 1", "count 1", "count 2", "count 2", "count 3", "count 3"]
    assert ChatRows.loads == [["g0", "g1"]], "one query for the whole batch"
    assert await submit(inbox, message("m9", "count", chat="g1")) == ["count 4"]
    with Session(engine) as session:
        assert dict(session.execute(select(Chat.chat, Chat.unit)).tuples().all()) == {"g0": "3", "g1": "4"}


async def test_the_decrypted_body_is_kept(inbox: Inbox, engine: Engine, clock: MovableClock) -> None:
    await submit(inbox, message("m1", "note quiet", raw=b"<xml/>"))
    with Session(engine) as session:
        row = session.scalars(select(InboxRow)).one()
    assert (row.body, row.outcome, row.received_at, row.error) == (b"<xml/>", "note,quiet", clock.now(), "")


# -- the same message again ------------------------------------------------------------------------------------------


async def test_the_same_message_twice_in_one_batch_has_its_effects_once(inbox: Inbox, engine: Engine) -> None:
    answers = await submit(inbox, message("m1"), message("m2"), message("m1"))
    assert answers == ["noted N1", "noted N2", "noted N1"]
    assert notes(engine) == [("m1", "N1"), ("m2", "N2")]
    assert list(outbox_states(engine)) == ["reply|m1", "reply|m2"]


async def test_a_later_duplicate_gets_the_reply_that_still_waits(inbox: Inbox, engine: Engine) -> None:
    assert await submit(inbox, message("m1")) == ["noted N1"]
    assert await submit(inbox, message("m1"), message("m2")) == ["noted N1", "noted N2"]
    assert notes(engine) == [("m1", "N1"), ("m2", "N2")]


async def test_a_duplicate_of_an_answered_message_is_answered_with_silence(inbox: Inbox, engine: Engine) -> None:
    first = message("m1")
    await submit(inbox, first)
    inbox.delivered(first)
    await inbox.drain()
    assert outbox_states(engine) == {"reply|m1": "sent"}
    assert await submit(inbox, message("m1")) == [None]
    assert notes(engine) == [("m1", "N1")]


async def test_five_deliveries_have_one_effect(inbox: Inbox, engine: Engine) -> None:
    for _ in range(5):
        await submit(inbox, message("m1"))
    assert notes(engine) == [("m1", "N1")]
    assert inbox_states(engine) == {"m1": "done"}


# -- failures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["bad", "note bad", "bad-read"])
async def test_a_failing_message_loses_only_its_own_effects(inbox: Inbox, engine: Engine, text: str) -> None:
    answers = await submit(inbox, message("m1"), message("m2", text), message("m3"))
    assert answers == ["noted N1", FAILED, "noted N2"]
    assert inbox_states(engine) == {"m1": "done", "m2": "failed", "m3": "done"}
    assert notes(engine) == [("m1", "N1"), ("m3", "N2")], "numbers are given back as well"
    with Session(engine) as session:
        assert session.scalars(select(Chat)).all() == [], "what it had added is gone"


async def test_the_error_that_is_kept_quotes_nobody(inbox: Inbox, engine: Engine) -> None:
    await submit(inbox, message("m1", "bad"))
    with Session(engine) as session:
        error = session.scalars(select(InboxRow.error)).one()
    assert error.startswith("ValueError in bad:")
    assert "138" not in error


async def test_many_failing_messages_are_told_apart(inbox: Inbox, engine: Engine, script: Script) -> None:
    texts = ["bad" if n % 2 else "note" for n in range(20)]
    answers = await submit(inbox, *(message(f"m{n}", text) for n, text in enumerate(texts)))
    assert answers == [FAILED if n % 2 else f"noted N{n // 2 + 1}" for n in range(20)]
    assert inbox_states(engine) == {f"m{n}": "failed" if n % 2 else "done" for n in range(20)}
    assert len(script.seen) < 150, "the batch was not done again for each of them"


async def test_what_cannot_be_written_fails_alone(inbox: Inbox, engine: Engine, script: Script) -> None:
    """The handler is content, the flush is not: the batch is done again message by message."""

    def write_twice(ctx: Context) -> str:
        for _ in range(2):
            ctx.uow.insert(Chat, chat="g1", channel="", chat_type="", unit="", bound_by="", seen_at=ctx.now)
        return "written"

    script.actions["m2"] = write_twice
    answers = await submit(inbox, message("m1"), message("m2", "note act"), message("m3"))
    assert answers == ["noted N1", FAILED, "noted N2"]
    assert inbox_states(engine) == {"m1": "done", "m2": "failed", "m3": "done"}
    assert notes(engine) == [("m1", "N1"), ("m3", "N2")]


async def test_what_cannot_be_stored_at_all_is_refused_alone(inbox: Inbox, engine: Engine) -> None:
    broken = message("m2", sender=None)
    answers = await submit(inbox, message("m1"), broken, message("m3"))
    assert answers[0] == "noted N1"
    assert isinstance(answers[1], Exception)
    assert answers[2] == "noted N2"
    assert inbox_states(engine) == {"m1": "done", "m3": "done"}


def fails(engine: Engine, times: int, on: str = "INSERT INTO inbox") -> list[str]:
    """The database does not answer the next statements that begin with `on`."""
    left = ["x"] * times

    def refuse(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith(on) and left:
            left.pop()
            raise OperationalError(statement, {}, ConnectionResetError("the database is down"))

    event.listen(engine, "before_cursor_execute", refuse)
    return left


async def test_a_database_that_is_down_fails_everybody_and_answers_nobody(inbox: Inbox, engine: Engine) -> None:
    left = fails(engine, 1)
    answers = await submit(inbox, *(message(f"m{n}") for n in range(3)))
    assert [type(answer) for answer in answers] == [OperationalError] * 3
    assert inbox_states(engine) == {}
    assert outbox_states(engine) == {}
    assert left == []
    assert await submit(inbox, message("m1")) == ["noted N1"], "the platform's retry finds everything as it was"


async def test_a_database_that_fails_inside_a_handler_is_not_the_messages_fault(inbox: Inbox, engine: Engine) -> None:
    left = fails(engine, 1, on="SELECT sequences")
    (answer,) = await submit(inbox, message("m1"))
    assert isinstance(answer, OperationalError) or isinstance(getattr(answer, "__cause__", None), OperationalError)
    assert left == []
    assert inbox_states(engine) == {}


async def test_marks_survive_a_database_that_is_down(inbox: Inbox, engine: Engine) -> None:
    first = message("m1")
    await submit(inbox, first)
    fails(engine, 1, on="UPDATE outbox")
    inbox.delivered(first)
    await inbox.drain()
    assert outbox_states(engine) == {"reply|m1": "sent"}


# -- answers and their ways ------------------------------------------------------------------------------------------


async def test_an_answer_without_a_passive_way_goes_through_the_outbox(inbox: Inbox, engine: Engine) -> None:
    woken: list[int] = []
    inbox.on_outgoing = lambda: woken.append(1)
    assert await submit(inbox, message("m1", channel="plain", response_url="https://127.0.0.1/r")) == [None]
    (row,) = outgoing(engine)
    assert (row.key, row.state, row.channel, row.content) == ("reply|m1|0", "pending", "digest", "noted N1")
    assert (row.response_url, row.message_key, row.purpose) == ("https://127.0.0.1/r", "m1", "reply")
    assert woken == [1]


async def test_an_answer_that_is_too_long_for_the_passive_way_is_sent_in_parts(
    inbox: Inbox, engine: Engine, script: Script
) -> None:
    script.actions["m1"] = lambda _ctx: "x" * 101
    assert await submit(inbox, message("m1", "act")) == [None]
    assert [(row.key, len(row.content)) for row in outgoing(engine)] == [
        ("reply|m1|0", 40),
        ("reply|m1|1", 40),
        ("reply|m1|2", 21),
    ]


async def test_a_notice_goes_to_its_own_chat(inbox: Inbox, engine: Engine) -> None:
    assert await submit(inbox, message("m1", "tell")) == ["told"]
    reply, notice = sorted(outgoing(engine), key=lambda row: row.purpose, reverse=True)
    assert (reply.purpose, reply.state) == ("reply", "offered")
    assert (notice.purpose, notice.channel, notice.chat, notice.chat_type) == ("alert", "app", "boss", "single")
    assert (notice.state, notice.message_key) == ("pending", None)


async def test_chatter_is_stored_and_not_answered(inbox: Inbox, engine: Engine) -> None:
    assert await submit(inbox, message("m1", "hello there")) == [None]
    assert inbox_states(engine) == {"m1": "done"}
    assert outgoing(engine) == []


async def test_a_late_answer_goes_another_way_at_once(
    inbox: Inbox, engine: Engine, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PASSIVE_SECONDS", -1.0)
    woken: list[int] = []
    inbox.on_outgoing = lambda: woken.append(1)
    assert await submit(inbox, message("m1")) == [None]
    await inbox.drain()
    (row,) = outgoing(engine)
    assert (row.state, row.not_before) == ("pending", clock.now())
    assert woken


async def test_an_answer_whose_connection_broke_goes_another_way(inbox: Inbox, engine: Engine) -> None:
    first = message("m1")
    await submit(inbox, first)
    assert inbox.busy_keys() == ["m1"]
    inbox.missed(first)
    assert inbox.busy_keys() == []
    await inbox.drain()
    assert outbox_states(engine) == {"reply|m1": "pending"}


async def test_a_caller_that_gives_up_finds_its_reply_again(
    inbox: Inbox, engine: Engine, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GIVE_UP_SECONDS", 0.01)
    hold = threading.Event()
    writer.submit(lambda _session: hold.wait())
    (answer,) = await submit(inbox, message("m1"))
    assert isinstance(answer, TimeoutError)
    assert inbox.busy_keys() == []
    hold.set()
    await inbox.drain()
    monkeypatch.setattr(module, "GIVE_UP_SECONDS", 4.5)
    assert await submit(inbox, message("m1")) == ["noted N1"]
    assert notes(engine) == [("m1", "N1")]


async def test_a_caller_that_went_away_without_a_word_is_forgotten(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    await submit(inbox, message("m1"))
    assert inbox.busy_keys() == ["m1"]
    monkeypatch.setattr(module, "OPEN_SECONDS", -1.0)
    assert inbox.busy_keys() == []


async def test_an_offer_lasts_until_the_platforms_retries_are_over(
    inbox: Inbox, engine: Engine, clock: MovableClock
) -> None:
    await submit(inbox, message("m1"))
    assert outgoing(engine)[0].not_before == clock.now() + OFFER_LASTS
    assert timedelta(seconds=15) <= OFFER_LASTS, "three times at 5 s"


# -- several instances on one database -------------------------------------------------------------------------------


async def test_two_instances_that_get_the_same_messages_act_once(each_database: Database, clock: MovableClock) -> None:
    writers = [Writer(each_database.engine()) for _ in range(2)]
    inboxes = [Inbox(writer, dispatcher(Script()), clock, addressing(), batch=5) for writer in writers]
    arriving = [message(f"m{n}", "note count", chat=f"g{n % 3}") for n in range(40)]
    answers = await asyncio.gather(*(submit(inbox, *arriving) for inbox in inboxes))
    assert all(writer.close() for writer in writers)
    engine = each_database.engine()
    assert inbox_states(engine) == {m.key: "done" for m in arriving}
    assert sorted(int(ref[1:]) for _, ref in notes(engine)) == list(range(1, 41))
    with Session(engine) as session:
        assert sorted(session.scalars(select(Chat.unit))) == ["13", "13", "14"]
    for here, there in zip(*answers, strict=True):
        assert here == there, "whoever is asked again gives the same answer"
