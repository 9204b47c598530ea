"""Bodies of callbacks as the platform writes them, and the bot's passive replies as the platform reads them."""

import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, tostring

from bot.sandbox.crypto import BadReply, Codec
from bot.sandbox.settings import Chat

STREAM_BYTES: Final = 20480
AIBOT_ID: Final = "aib-sandbox"


@dataclass(frozen=True, slots=True)
class Words:
    """What a member says."""

    text: str
    quote: str = ""
    voice: bool = False
    """Spoken: the platform delivers the transcript. Single chats only."""
    file: str = ""
    """A file instead of words: its address for the 智能机器人, its media id for the 自建应用. Single chats only."""


@dataclass(frozen=True, slots=True)
class Passive:
    """A passive reply: its words, and the stream that may go on."""

    content: str = ""
    stream: str = ""
    finished: bool = True


def new_msgid() -> str:
    """Make a message id as seen in 2026: 32 hex characters."""
    return secrets.token_hex(16)


def aibot_message(chat: Chat, sender: str, words: Words, msgid: str, response_url: str) -> bytes:
    """Write a message to the 智能机器人."""
    body = _common(chat, sender, msgid)
    if response_url:
        body["response_url"] = response_url
    kind = "voice" if words.voice and chat.chat_type == "single" else "text"
    body |= {"msgtype": kind, kind: {"content": words.text}}
    if words.file:
        body |= {"msgtype": "file", "file": {"url": words.file}}
    if words.quote:
        body["quote"] = {"msgtype": "text", "text": {"content": words.quote}}
    return json.dumps(body, ensure_ascii=False).encode()


def aibot_refresh(chat: Chat, sender: str, stream: str) -> bytes:
    """Write the platform's question how an unfinished stream goes on."""
    body = _common(chat, sender, new_msgid()) | {"msgtype": "stream", "stream": {"id": stream}}
    return json.dumps(body, ensure_ascii=False).encode()


def _common(chat: Chat, sender: str, msgid: str) -> dict[str, Any]:
    where = {"chatid": chat.platform_id} if chat.chat_type == "group" else {}
    return {"msgid": msgid, "aibotid": AIBOT_ID, **where, "chattype": chat.chat_type, "from": {"userid": sender}}


def _xml(fields: dict[str, str]) -> bytes:
    root = Element("xml")
    for name, value in fields.items():
        SubElement(root, name).text = value
    return bytes(tostring(root, encoding="utf-8"))


def app_message(corp_id: str, agent_id: int, sender: str, words: Words, *, msgid: str, now: datetime) -> bytes:
    """Write a text message to the 自建应用; its ids are numbers."""
    return _xml(
        {
            "ToUserName": corp_id,
            "FromUserName": sender,
            "CreateTime": str(int(now.timestamp())),
            **(
                {"MsgType": "file", "MediaId": words.file} if words.file else {"MsgType": "text", "Content": words.text}
            ),
            "MsgId": str(int(msgid[:15], 16)),
            "AgentID": str(agent_id),
        }
    )


def app_envelope(corp_id: str, agent_id: int, encrypted: str) -> bytes:
    """Wrap a ciphertext for the 自建应用."""
    return _xml({"ToUserName": corp_id, "AgentID": str(agent_id), "Encrypt": encrypted})


def aibot_envelope(encrypted: str) -> bytes:
    """Wrap a ciphertext for the 智能机器人."""
    return json.dumps({"encrypt": encrypted}).encode()


def read_aibot_reply(codec: Codec, nonce: str, body: bytes) -> Passive:
    """Read the bot's answer to an aibot callback. Raises `BadReply`."""
    try:
        outer = json.loads(body)
        encrypted, signature = str(outer["encrypt"]), outer["msgsignature"]
        timestamp, echoed = outer["timestamp"], outer["nonce"]
    except (ValueError, KeyError, TypeError):
        raise BadReply("the answer is not the JSON that the platform reads") from None
    if not isinstance(timestamp, int) or echoed != nonce:
        raise BadReply("the answer's timestamp is no integer or its nonce is another")
    if codec.sign(str(timestamp), nonce, encrypted) != signature:
        raise BadReply("the answer's signature is wrong")
    return _aibot_words(codec.decrypt(encrypted))


def _aibot_words(plain: bytes) -> Passive:
    try:
        body = json.loads(plain)
        kind = body["msgtype"]
        part = body[kind]
        content = str(part.get("content", ""))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadReply("the decrypted answer has not the shape of a reply") from None
    if kind != "stream":
        raise BadReply(f"the platform takes no {kind} as a reply to a message")
    if len(content.encode()) > STREAM_BYTES:
        raise BadReply(f"the answer is longer than {STREAM_BYTES} bytes")
    return Passive(content, str(part.get("id", "")), finished=bool(part.get("finish")))


def read_app_reply(codec: Codec, body: bytes) -> Passive:
    """Read the bot's answer to an app callback. Raises `BadReply`."""
    outer = _fields(body)
    try:
        encrypted, timestamp, nonce = outer["Encrypt"], outer["TimeStamp"], outer["Nonce"]
        signature = outer["MsgSignature"]
    except KeyError:
        raise BadReply("the answer is not the XML that the platform reads") from None
    if codec.sign(timestamp, nonce, encrypted) != signature:
        raise BadReply("the answer's signature is wrong")
    inner = _fields(codec.decrypt(encrypted))
    if inner.get("MsgType") != "text":
        raise BadReply("the sandbox reads text replies of an app only")
    return Passive(inner.get("Content", ""))


def _fields(body: bytes) -> dict[str, str]:
    if re.search(rb"<!(DOCTYPE|ENTITY)", body):
        raise BadReply("the answer declares entities")
    try:
        return {child.tag: child.text or "" for child in fromstring(body)}  # noqa: S314  (no entities, see above)
    except ParseError:
        raise BadReply("the answer is no XML") from None
