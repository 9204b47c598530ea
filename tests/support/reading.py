"""Say something to the language and look at what it made of it."""

from datetime import datetime
from typing import Any

from handlers.language import Message, Reading, read

SENDER = "田志刚"
PLACE = "朝阳区/望京街道"
SENT = "2022-11-24T20:10:00+08:00"


def say(
    text: str,
    *,
    sent: str = SENT,
    sender: str = SENDER,
    place: str | None = PLACE,
    chat: Any = "group",
    roster: tuple[str, ...] = (),
) -> Reading:
    """The reading of one message."""
    return read(Message(text, datetime.fromisoformat(sent), sender, place, chat, roster=frozenset(roster)))


def records(text: str, **where: Any) -> list[dict[str, Any]]:
    """The records of one message in the contract's form."""
    return [record.as_json() for record in say(text, **where).records]
