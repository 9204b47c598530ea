"""What is forgotten after a while: words as they came and went. Records, figures and their history stay."""

from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from storage.tables import Chain, Inbox, Outbox

OVER = ("sent", "dead")
"""States of messages that nobody will send any more."""


def forget_words(session: Session, before: datetime) -> dict[str, int]:
    """Forget what was said before a moment: bodies of messages received (their rows stay, so that a repetition is
    still known), messages written, and 接龙 that nobody has touched since (who posts one again begins it anew).
    Returns how many of each.
    """
    received = update(Inbox).where(Inbox.received_at < before, Inbox.body.is_not(None)).values(body=None)
    written = delete(Outbox).where(Outbox.created_at < before, Outbox.state.in_(OVER))
    chains = delete(Chain).where(Chain.updated_at < before)
    statements = {"received": received, "written": written, "chains": chains}
    done = {name: session.execute(statement) for name, statement in statements.items()}
    return {name: cast("CursorResult[object]", result).rowcount for name, result in done.items()}
