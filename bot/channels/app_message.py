"""The bodies of 自建应用: XML of messages and events → `Incoming` (document pages 90239 and 90240). Pure.

wechatpy's parser reads the XML. It raises whatever its libraries raise and hands on lists where an element is repeated,
so it stands behind a fence and every field is checked to be text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from bot.channels.base import Incoming, Kind
from bot.channels.callback import clean, decode, identifier, message_key, moment
from bot.channels.wechat import library
from bot.errors import Rejected

SYSTEM_SENDER = "sys"
KINDS: Mapping[str, Kind] = {
    "text": "text",
    "voice": "voice",
    "image": "image",
    "video": "video",
    "shortvideo": "video",
    "file": "file",
    "event": "event",
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "text": ("Content",),
    "voice": ("Recognition",),
    "location": ("Label",),
    "link": ("Title", "Description", "Url"),
}
"""Which fields of a message type hold its words."""
EXTRA: Mapping[str, str] = {
    "AgentID": "agent_id",
    "EventKey": "event_key",
    "TaskId": "task_id",
    "Location_X": "latitude",
    "Location_Y": "longitude",
}
# XML 1.0 knows no such characters; keyboards produce them, and one must not cost the message.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r"))


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """Whose messages are let in. `agent_id` 0: any app of the corp."""

    corp_id: str
    agent_id: int = 0


def parse(channel: str, raw: bytes, identity: AppIdentity, zone: tzinfo | None) -> Incoming | None:
    """One decrypted body. None for the platform's own `sys`. Raises `Rejected`."""
    body = load(raw)
    sender = identifier(body.get("FromUserName"), "sender")
    msgtype = _text(body, "MsgType").lower()
    _check_identity(body, msgtype, identity)
    if sender == SYSTEM_SENDER:
        return None
    if not sender:
        raise Rejected("no sender", 400)
    return Incoming(
        channel=channel,
        key=message_key(channel, sender, identifier(body.get("MsgId"), "msgid"), raw),
        chat=sender,
        chat_type="single",
        sender=sender,
        kind=KINDS.get(msgtype, "other"),
        raw=raw,
        text="\n".join(filter(None, (_text(body, name) for name in WORDS.get(msgtype, ())))),
        sent_at=moment(body.get("CreateTime"), zone),
        media=tuple(filter(None, [_text(body, "MediaId")])),
        event=_text(body, "Event") if msgtype == "event" else "",
        extra=dict(_extra(body)),
    )


def load(raw: bytes) -> Mapping[str, Any]:
    """The fields of the body through wechatpy's parser, or `Rejected`."""
    text = decode(raw.translate(None, _CONTROLS))
    try:
        fields = vars(library().parse_message(text))["_data"]
    except Exception as error:  # the fence: xmltodict, expat and wechatpy raise a dozen kinds
        raise Rejected("xml", 400) from error
    return dict(fields)


def _check_identity(body: Mapping[str, Any], msgtype: str, identity: AppIdentity) -> None:
    """The corp always; the app for messages, and for events that name one (results of batch jobs do not)."""
    if identifier(body.get("ToUserName"), "corp") != identity.corp_id:
        raise Rejected("corp")
    agent = identifier(body.get("AgentID"), "agent")
    nameless = not agent and msgtype == "event"
    if identity.agent_id and agent != str(identity.agent_id) and not nameless:
        raise Rejected("agent")


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return clean(value) if isinstance(value, str) else ""


def _extra(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    return ((key, value) for name, key in EXTRA.items() if (value := _text(body, name)))
