"""The outbox: every message that is to be sent ends as sent or as dead.

pending → sending → sent        a sender claims a row, commits, sends, marks
pending → sending → pending     the platform did not take it, and a later try may succeed
pending → sending → dead        it never will, or nobody can know whether it arrived
offered → sent | pending        a reply that rides in the callback's own answer; taken back when that answer was late
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from storage.tables import Outbox

UNCERTAIN = "uncertain: the process ended while this was being sent; it may have arrived"
WAITS = "waits: no channel writes to single members; told when this one next writes to the bot alone"
"""Why a message to a person is dead where only answers reach people."""
UNSENT = ("pending", "sending")
UNSEEN = {"synchronize_session": False}
"""Of a statement at the beginning of a transaction: no object is loaded yet that would have to be told."""


def waiting(session: Session, limit: int) -> Sequence[Row[tuple[int, str, str, str, datetime]]]:
    """(id, channel, chat, state, not before) of the first unsent row of each chat, oldest first, without contents.

    The first alone, as later ones wait for it: a chat with a long queue must not hide the others.
    """
    first = select(func.min(Outbox.id)).where(Outbox.state.in_(UNSENT)).group_by(Outbox.channel, Outbox.chat)
    columns = (Outbox.id, Outbox.channel, Outbox.chat, Outbox.state, Outbox.not_before)
    return session.execute(select(*columns).where(Outbox.id.in_(first)).order_by(Outbox.id).limit(limit)).all()


def load(session: Session, ids: Sequence[int]) -> Sequence[Outbox]:
    """Whole rows, in the order in which they were written."""
    return session.scalars(select(Outbox).where(Outbox.id.in_(ids)).order_by(Outbox.id)).all()


def claim(session: Session, ids: Iterable[int], lease_until: datetime) -> list[int]:
    """Take rows for sending: those of `ids` that were still pending. Two senders never hold the same row.

    `not_before` becomes the end of the lease: a row that is still `sending` by then lost its process.
    """
    claimed = []
    values = {"state": "sending", "attempts": Outbox.attempts + 1, "not_before": lease_until}
    for row_id in ids:
        done = session.execute(update(Outbox).where(Outbox.id == row_id, Outbox.state == "pending").values(**values))
        if done.rowcount:  # type: ignore[attr-defined]
            claimed.append(row_id)
    return claimed


def mark_sent(session: Session, row_id: int, at: datetime) -> None:
    """The platform took it."""
    session.execute(update(Outbox).where(Outbox.id == row_id).values(state="sent", sent_at=at, error=""))


def mark_retry(session: Session, row_id: int, not_before: datetime, error: str) -> None:
    """The platform did not take it; try again from `not_before`."""
    _set(session, row_id, state="pending", not_before=not_before, error=error)


def reroute(session: Session, row_id: int, channel: str, now: datetime, parts: Sequence[str] = ()) -> None:
    """Send it through another channel instead; `tried` remembers the ones that refused it.

    `parts` are its content as the other channel can carry it; further ones become messages behind it.
    """
    row = session.get_one(Outbox, row_id)
    if row.state == "sent":
        return
    row.tried = " ".join([*row.tried.split(), row.channel])
    row.state, row.channel, row.response_url, row.not_before, row.attempts = "pending", channel, None, now, 0
    if parts:
        row.content = parts[0]
    session.flush()
    own = {"id", "key", "content"}
    rest = {column.name: getattr(row, column.name) for column in Outbox.__table__.columns if column.name not in own}
    for number, part in enumerate(parts[1:], 1):
        session.add(Outbox(key=f"{row.key}|{number}", content=part, **rest))
    session.flush()


def mark_dead(session: Session, row_id: int, error: str) -> None:
    """It will not be sent; a person sees it under `kakou dead` and in `/ready`."""
    _set(session, row_id, state="dead", error=error)


def _set(session: Session, row_id: int, **values: object) -> None:
    # A lease can run out under a slow sender and an operator revive the row: what arrived meanwhile stays sent.
    session.execute(update(Outbox).where(Outbox.id == row_id, Outbox.state != "sent").values(**values))


def offered(session: Session, message_key: str) -> Outbox | None:
    """The reply that still waits to ride in the answer to this message."""
    return session.scalar(select(Outbox).where(Outbox.message_key == message_key, Outbox.state == "offered"))


def replies(session: Session, message_keys: Sequence[str]) -> list[tuple[str, str]]:
    """(key of the message, text) of what was answered to messages."""
    rows = session.execute(
        select(Outbox.message_key, Outbox.content).where(
            Outbox.message_key.in_(message_keys), Outbox.purpose == "reply"
        )
    )
    return [(str(key), content) for key, content in rows]


def mark_delivered(session: Session, message_keys: Sequence[str], at: datetime) -> None:
    """The callback's answer carried the reply of these messages to the platform."""
    session.execute(_DELIVERED, {"keys": message_keys, "at": at}, execution_options=UNSEEN)


_DELIVERED = (
    update(Outbox)
    .where(Outbox.message_key.in_(bindparam("keys", expanding=True)), Outbox.state == "offered")
    .values(state="sent", sent_at=bindparam("at"))
)


def take_back(session: Session, message_keys: Sequence[str], now: datetime) -> None:
    """The callback's answer went out without the reply: send it another way, from `now` on."""
    where = (Outbox.message_key.in_(message_keys), Outbox.state == "offered")
    session.execute(update(Outbox).where(*where).values(state="pending", not_before=now))


def sweep(session: Session, now: datetime, busy_ids: Sequence[int] = (), busy_keys: Sequence[str] = ()) -> int:
    """Find what lost its process: rows whose time in `sending` or `offered` has run out, but for those that are busy
    here.

    A row in the middle of sending becomes dead, as nobody can know whether it arrived, and a person decides. A reply
    whose answer was lost, and that the platform's own retry did not fetch, goes another way. Returns how many were
    uncertain.
    """
    late = Outbox.not_before <= now
    lost = (Outbox.state == "offered", late, Outbox.message_key.not_in(busy_keys))
    session.execute(update(Outbox).where(*lost).values(state="pending"))
    gone = (Outbox.state == "sending", late, Outbox.id.not_in(busy_ids))
    done = session.execute(update(Outbox).where(*gone).values(state="dead", error=UNCERTAIN))
    return done.rowcount  # type: ignore[attr-defined, no-any-return]


def end_leases(session: Session, now: datetime) -> None:
    """At the start of the only process of a database: whatever is in the middle of sending belongs to a process that is
    gone.
    """
    session.execute(update(Outbox).where(Outbox.state == "sending").values(not_before=now))


def sent_since(session: Session, since: datetime, but: Sequence[int] = ()) -> list[tuple[str, str, datetime]]:
    """(channel, chat, sent at) of messages sent since a moment, `but` for some: what the limiter is fed with."""
    query = select(Outbox.channel, Outbox.chat, Outbox.sent_at).where(Outbox.sent_at >= since, Outbox.id.not_in(but))
    return [(row.channel, row.chat, row.sent_at) for row in session.execute(query)]


def dead(session: Session) -> Sequence[Outbox]:
    """Messages that will not be sent, oldest first."""
    return session.scalars(select(Outbox).where(Outbox.state == "dead").order_by(Outbox.id)).all()


def waits_for(session: Session, user: str, most: int) -> Sequence[Outbox]:
    """Messages to a person that could only be an answer to what the person writes alone, oldest first. No files."""
    where = (Outbox.state == "dead", Outbox.chat_type == "single", Outbox.chat == user, Outbox.error == WAITS)
    worded = Outbox.form.in_(("markdown", "markdown_v2", "text"))
    return session.scalars(select(Outbox).where(*where, worded).order_by(Outbox.id).limit(most)).all()


def revive(session: Session, row_id: int, now: datetime) -> bool:
    """Try a dead message again, by an operator's decision. False where there is no such dead message."""
    where = (Outbox.id == row_id, Outbox.state == "dead")
    done = session.execute(update(Outbox).where(*where).values(state="pending", not_before=now, attempts=0, tried=""))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def states_since(session: Session, prefix: str, since: datetime) -> dict[str, int]:
    """How many messages whose keys begin with `prefix`, written since a moment, are in each state."""
    mine = func.substr(Outbox.key, 1, len(prefix)) == prefix
    query = select(Outbox.state, func.count()).where(Outbox.created_at >= since, mine)
    return dict(session.execute(query.group_by(Outbox.state)).tuples().all())


def oldest_unsent(session: Session) -> datetime | None:
    """When the oldest message that still waits was written."""
    return session.scalar(select(func.min(Outbox.created_at)).where(Outbox.state.in_(UNSENT)))


def count_by_state(session: Session) -> dict[str, int]:
    """How many messages are in each state."""
    counted = session.execute(select(Outbox.state, func.count().label("n")).group_by(Outbox.state))
    return {row.state: row.n for row in counted}
