"""The bodies of 智能机器人: JSON of messages and events → `Incoming` (document pages 100719 and 101027). Pure.

Identity is strict, content is lenient: a message without a sender is refused, one with odd content is kept, because the
raw body can be read again by a better parser.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo
from typing import Any, Literal

from bot.channels.base import ChatType, Incoming, Kind
from bot.channels.callback import clean, decode, identifier, message_key, moment
from bot.errors import Rejected

SYSTEM_SENDER = "sys"
KINDS: Mapping[str, Kind] = {
    "text": "text",
    "voice": "voice",
    "image": "image",
    "file": "file",
    "video": "video",
    "mixed": "mixed",
    "event": "event",
}
SPOKEN = ("text", "voice")
"""Message types whose words stand in `content`."""
LINKED = ("image", "file", "video")
"""Message types whose media stands at `url`, valid for five minutes."""
EVENT_DETAILS = ("card_type", "event_key", "task_id", "id", "type", "content")

Json = Mapping[str, Any]


def parse(channel: str, raw: bytes, zone: tzinfo | None) -> Incoming | None:
    """One decrypted body. None for a `stream` refresh and for the platform's own `sys`. Raises `Rejected`."""
    body = load(raw)
    sender = identifier(mapping(body, "from").get("userid"), "sender")
    msgtype = text(body, "msgtype")
    if msgtype == "stream" or sender == SYSTEM_SENDER:
        return None
    if not sender and msgtype != "event":
        raise Rejected("no sender", 400)
    chat_type, chat = _chat(body, sender)
    quote = mapping(body, "quote")
    return Incoming(
        channel=channel,
        key=message_key(channel, sender, identifier(body.get("msgid"), "msgid"), raw),
        chat=chat,
        chat_type=chat_type,
        sender=sender,
        kind=KINDS.get(msgtype, "other"),
        raw=raw,
        text=_words(body),
        quote=_words(quote),
        sent_at=moment(body.get("create_time"), zone),
        response_url=text(body, "response_url"),
        media=tuple(_media(body, "url")) + tuple(_media(quote, "url")),
        event=text(mapping(body, "event"), "eventtype"),
        extra=dict(_extra(body)),
    )


def load(raw: bytes) -> Json:
    """A JSON object, or `Rejected`. Raw control characters are let through: the platform sends some."""
    try:
        body = json.loads(decode(raw), strict=False)
    except (ValueError, RecursionError) as error:
        raise Rejected("json", 400) from error
    if not isinstance(body, dict):
        raise Rejected("json", 400)
    return body


def mapping(body: Json, name: str) -> Json:
    """The object at `name`, or an empty one where something else stands there."""
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def text(body: Json, name: str) -> str:
    """The cleaned text at `name`, or an empty one where something else stands there."""
    value = body.get(name)
    return clean(value) if isinstance(value, str) else ""


def _chat(body: Json, sender: str) -> tuple[ChatType, str]:
    chat = identifier(body.get("chatid"), "chat")
    kind: Literal["group", "single", ""] = "group" if chat else ""
    match body.get("chattype", kind):
        case "group" if chat:
            return "group", chat
        case "group":
            raise Rejected("no chat", 400)
        case _:
            return "single", sender


def _parts(message: Json) -> Iterator[Json]:
    """A mixed message's parts, any other message itself."""
    if message.get("msgtype") != "mixed":
        yield message
        return
    items = mapping(message, "mixed").get("msg_item")
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, dict))


def _values(message: Json, types: tuple[str, ...], name: str) -> Iterator[str]:
    for part in _parts(message):
        kind = part.get("msgtype")
        if kind in types and (value := text(mapping(part, str(kind)), name)):
            yield value


def _words(message: Json) -> str:
    return "\n".join(_values(message, SPOKEN, "content"))


def _media(message: Json, name: str) -> Iterator[str]:
    return _values(message, LINKED, name)


def _extra(body: Json) -> Iterator[tuple[str, Any]]:
    event = mapping(body, "event")
    detail = mapping(event, text(event, "eventtype"))
    sources: tuple[tuple[str, Callable[[], str]], ...] = (
        ("aibotid", lambda: text(body, "aibotid")),
        ("corpid", lambda: text(mapping(body, "from"), "corpid")),
        ("quote_type", lambda: text(mapping(body, "quote"), "msgtype")),
    )
    yield from ((name, value) for name, read in sources if (value := read()))
    yield from ((name, detail[name]) for name in EVENT_DETAILS if isinstance(detail.get(name), str | int))
    if keys := tuple(_media(body, "aeskey")):  # the long connection encrypts every file with its own key
        yield "media_keys", keys
