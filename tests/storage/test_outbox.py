import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from storage import outbox
from storage.tables import Outbox
from tests.storage import rows
from tests.support.databases import Database, in_transaction

NOW = rows.NOW
LATER = NOW + timedelta(minutes=2)


def put(session: Session, *keys: str, **values: Any) -> list[int]:
    session.execute(insert(Outbox), [rows.outbox(key, **values) for key in keys])
    return list(session.scalars(select(Outbox.id).where(Outbox.key.in_(keys)).order_by(Outbox.id)))


def states(session: Session) -> dict[str, str]:
    return dict(session.execute(select(Outbox.key, Outbox.state).order_by(Outbox.id)).tuples().all())


def row(session: Session, key: str) -> Outbox:
    session.expire_all()
    return session.scalars(select(Outbox).where(Outbox.key == key)).one()


def keys_waiting(session: Session, limit: int = 100) -> list[str]:
    found = {r.id for r in outbox.waiting(session, limit)}
    return list(session.scalars(select(Outbox.key).where(Outbox.id.in_(found)).order_by(Outbox.id)))


def test_the_first_of_each_chat_waits_in_the_order_of_writing(session: Session) -> None:
    put(session, "a1", "a2", chat="a")
    put(session, "b1", chat="b")
    put(session, "a3", chat="a", channel="other")
    put(session, "b2", chat="b")
    assert keys_waiting(session) == ["a1", "b1", "a3"]
    assert keys_waiting(session, 2) == ["a1", "b1"]


def test_a_chat_with_a_long_queue_does_not_hide_the_others(session: Session) -> None:
    put(session, *(f"a{n}" for n in range(1000)), chat="a")
    put(session, "b1", chat="b")
    assert keys_waiting(session, 10) == ["a0", "b1"]


def test_what_is_sent_dead_or_offered_does_not_wait(session: Session) -> None:
    for state in ("sent", "dead", "offered", "sending", "pending"):
        put(session, state, state=state, chat=state)
    assert keys_waiting(session) == ["sending", "pending"]


def test_a_later_message_waits_for_the_one_on_its_way(session: Session) -> None:
    first, _ = put(session, "a1", "a2")
    outbox.claim(session, [first], LATER)
    assert keys_waiting(session) == ["a1"]
    outbox.mark_retry(session, first, LATER, "45009")
    assert keys_waiting(session) == ["a1"]
    outbox.mark_sent(session, first, NOW)
    assert keys_waiting(session) == ["a2"]


def test_a_claim_is_a_lease(session: Session) -> None:
    ids = put(session, "a1", "a2")
    assert outbox.claim(session, ids, LATER) == ids
    assert outbox.claim(session, ids, LATER) == []
    claimed = outbox.load(session, ids)
    assert [(r.state, r.attempts, r.not_before) for r in claimed] == [("sending", 1, LATER)] * 2
    assert claimed[0].content == "content of a1"


def test_two_senders_never_hold_the_same_row(database: Database) -> None:
    ids = in_transaction(database.engine(), lambda s: put(s, *(f"a{n}" for n in range(40))))
    claimed: list[int] = []

    def sender() -> None:
        engine = database.engine()
        for row_id in ids:
            claimed.extend(in_transaction(engine, lambda s, i=row_id: outbox.claim(s, [i], LATER)))

    threads = [threading.Thread(target=sender) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == ids


def test_a_retry_keeps_its_attempts_and_its_reason(session: Session) -> None:
    (row_id,) = put(session, "a1")
    outbox.claim(session, [row_id], LATER)
    outbox.mark_retry(session, row_id, LATER, "45009 api freq out of limit")
    found = row(session, "a1")
    assert (found.state, found.attempts, found.not_before, found.error) == (
        "pending",
        1,
        LATER,
        "45009 api freq out of limit",
    )


def test_a_reroute_begins_anew_and_remembers_who_refused(session: Session) -> None:
    (row_id,) = put(session, "a1", response_url="https://127.0.0.1/r", attempts=7, state="sending")
    outbox.reroute(session, row_id, "digest", NOW)
    found = row(session, "a1")
    assert (found.channel, found.state, found.attempts, found.response_url) == ("digest", "pending", 0, None)
    outbox.reroute(session, row_id, "app", NOW)
    found = row(session, "a1")
    assert (found.channel, found.tried.split()) == ("app", ["main", "digest"])


def test_a_reroute_in_parts_keeps_their_order(session: Session) -> None:
    (row_id,) = put(session, "a1", content="one two", mentions=["lina"], chat="g7")
    outbox.reroute(session, row_id, "digest", NOW, ["one", "two"])
    assert states(session) == {"a1": "pending", "a1|1": "pending"}
    first, second = row(session, "a1"), row(session, "a1|1")
    assert (first.content, second.content) == ("one", "two")
    assert (second.channel, second.chat, second.mentions, second.tried) == ("digest", "g7", ["lina"], "main")


@pytest.mark.parametrize("verdict", ["retry", "dead", "reroute"])
def test_what_was_sent_stays_sent(session: Session, verdict: str) -> None:
    """A slow sender whose lease ran out does not undo what another one did after an operator's decision."""
    (row_id,) = put(session, "a1")
    outbox.mark_sent(session, row_id, NOW)
    if verdict == "retry":
        outbox.mark_retry(session, row_id, LATER, "timeout")
    elif verdict == "dead":
        outbox.mark_dead(session, row_id, "timeout")
    else:
        outbox.reroute(session, row_id, "digest", NOW)
    assert row(session, "a1").state == "sent"


def test_the_dead_are_listed_and_revived_by_decision(session: Session) -> None:
    first, second = put(session, "a1", "a2")
    outbox.mark_dead(session, first, "no such channel is configured")
    assert [(r.key, r.error) for r in outbox.dead(session)] == [("a1", "no such channel is configured")]
    assert not outbox.revive(session, second, NOW)
    assert not outbox.revive(session, 999, NOW)
    assert outbox.revive(session, first, LATER)
    found = row(session, "a1")
    assert (found.state, found.attempts, found.not_before, found.tried) == ("pending", 0, LATER, "")
    assert outbox.dead(session) == []


# -- replies that ride in the callback's answer ----------------------------------------------------------------------


def offer(session: Session, *keys: str, until: datetime = LATER) -> None:
    for key in keys:
        put(session, f"reply|{key}", message_key=key, state="offered", not_before=until)


def test_an_offered_reply_is_found_until_it_is_delivered(session: Session) -> None:
    offer(session, "m1")
    found = outbox.offered(session, "m1")
    assert found is not None
    assert found.content == "content of reply|m1"
    outbox.mark_delivered(session, ["m1"], NOW)
    assert outbox.offered(session, "m1") is None
    assert row(session, "reply|m1").sent_at == NOW


def test_a_reply_that_was_taken_back_goes_at_once(session: Session) -> None:
    offer(session, "m1", "m2")
    outbox.take_back(session, ["m1"], NOW)
    found = row(session, "reply|m1")
    assert (found.state, found.not_before) == ("pending", NOW)
    assert row(session, "reply|m2").state == "offered"


@pytest.mark.parametrize("first", ["delivered", "taken back"])
def test_delivered_and_taken_back_exclude_each_other(session: Session, first: str) -> None:
    offer(session, "m1")
    calls = [
        ("delivered", lambda: outbox.mark_delivered(session, ["m1"], NOW)),
        ("taken back", lambda: outbox.take_back(session, ["m1"], NOW)),
    ]
    for _, call in sorted(calls, key=lambda item: item[0] != first):
        call()
    assert row(session, "reply|m1").state == ("sent" if first == "delivered" else "pending")


# -- what lost its process -------------------------------------------------------------------------------------------


def test_a_sweep_finds_what_lost_its_process(session: Session) -> None:
    gone, busy, young = put(session, "gone", "busy", "young")
    outbox.claim(session, [gone, busy], LATER)
    outbox.claim(session, [young], LATER + timedelta(seconds=1))
    offer(session, "lost", "open", until=LATER)
    offer(session, "fresh", until=LATER + timedelta(seconds=1))
    assert outbox.sweep(session, LATER - timedelta(microseconds=1)) == 0
    assert outbox.sweep(session, LATER, [busy], ["open"]) == 1
    assert states(session) == {
        "gone": "dead",
        "busy": "sending",
        "young": "sending",
        "reply|lost": "pending",
        "reply|open": "offered",
        "reply|fresh": "offered",
    }
    assert row(session, "gone").error == outbox.UNCERTAIN


def test_the_only_process_ends_the_leases_of_the_one_before(session: Session) -> None:
    (row_id,) = put(session, "a1")
    outbox.claim(session, [row_id], LATER)
    outbox.end_leases(session, NOW)
    assert outbox.sweep(session, NOW) == 1
    assert states(session) == {"a1": "dead"}


# -- what is asked about the outbox ----------------------------------------------------------------------------------


def test_the_limiter_is_rebuilt_from_what_was_sent(session: Session) -> None:
    for seconds in (10, 60, 61):
        put(session, f"s{seconds}", state="sent", sent_at=NOW - timedelta(seconds=seconds), chat=f"g{seconds}")
    put(session, "unsent")
    found = sorted(outbox.sent_since(session, NOW - timedelta(seconds=60)))
    assert [(channel, chat) for channel, chat, _ in found] == [("main", "g10"), ("main", "g60")]
    assert found[0][2] == NOW - timedelta(seconds=10)
    (mine,) = [r.id for r in session.scalars(select(Outbox)) if r.key == "s10"]
    assert [chat for _, chat, _ in outbox.sent_since(session, NOW - timedelta(seconds=60), [mine])] == ["g60"]


def test_the_states_are_counted(session: Session) -> None:
    assert outbox.oldest_unsent(session) is None
    put(session, "a1", "a2", created_at=LATER)
    put(session, "a3", state="sending")
    put(session, "a4", state="sent", created_at=NOW - timedelta(days=1))
    assert outbox.oldest_unsent(session) == NOW
    assert outbox.count_by_state(session) == {"pending": 2, "sending": 1, "sent": 1}
