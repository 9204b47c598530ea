"""The inbox: which messages were let in, and what became of them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.portions import portions
from storage.probe import Probe
from storage.tables import Inbox

_CHUNK = 500
_KNOWN = Probe[str]('EXISTS (SELECT 1 FROM inbox WHERE "key" = {})')


def known(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of `keys` that are already in the inbox."""
    wanted = _KNOWN.known(session, list(keys))
    found: set[str] = set()
    for some in portions(wanted, _CHUNK):
        found.update(session.scalars(select(Inbox.key).where(Inbox.key.in_(some))))
    return found


def count(session: Session) -> int:
    """How many messages there are."""
    return session.scalar(select(func.count(Inbox.id))) or 0


def failed(session: Session) -> Sequence[Inbox]:
    """The messages whose handlers raised, oldest first."""
    return session.scalars(select(Inbox).where(Inbox.state == "failed").order_by(Inbox.id)).all()


def by_key(session: Session, key: str) -> Inbox | None:
    """The row of one message."""
    return session.scalar(select(Inbox).where(Inbox.key == key))


def bodies(session: Session, keys: Sequence[str]) -> list[tuple[str, bytes]]:
    """(key, body as it was received) of messages; empty where it is kept no longer."""
    rows = session.execute(select(Inbox.key, Inbox.body).where(Inbox.key.in_(keys)))
    return [(key, body or b"") for key, body in rows]
