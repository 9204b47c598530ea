"""消息推送 (formerly 群机器人): writes into one group by a key (document page 91770). Receives nothing."""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from bot.channels.base import Form, Limits, Outgoing
from bot.channels.wecom_api import WeComApi, check_length
from bot.errors import GiveUp

TEXT_BYTES = 2048
MARKDOWN_BYTES = 4096
PER_MINUTE = 20
IMAGE_BYTES = 2 * 1024 * 1024
FILE_BYTES = range(5, 20 * 1024 * 1024 + 1)
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
CIPHER_ID = ("wo", 32)
"""How the ciphertext user ids of an aibot look. The webhook does not know them and would show `<@wo…>` as text."""

Payload = dict[str, Any]
Builder = Callable[[Outgoing], Awaitable[Payload]]


class GroupWebhook:
    """A sender. Tables are rendered in `markdown_v2` only; people are notified in `text` and `markdown` only."""

    limits = Limits(
        markdown_bytes=MARKDOWN_BYTES, text_bytes=TEXT_BYTES, per_minute=PER_MINUTE, scope="channel", tables=True
    )

    def __init__(self, name: str, key: str, api: WeComApi) -> None:
        self.name = name
        self._key = {"key": key}
        self._api = api
        self._forms: dict[Form, Builder] = {
            "text": _text,
            "markdown": _markdown,
            "markdown_v2": _markdown_v2,
            "image": _image,
            "file": self._file,
        }

    async def send(self, message: Outgoing) -> None:
        """See `Sender.send`."""
        payload = await self._forms[message.form](message)
        await self._api.post("/cgi-bin/webhook/send", self._key, {"msgtype": message.form, message.form: payload})

    async def _file(self, message: Outgoing) -> Payload:
        if len(message.media) not in FILE_BYTES:
            raise GiveUp("size", f"{len(message.media)} bytes, a file has 5 B to 20 MB")
        path, params = "/cgi-bin/webhook/upload_media", self._key | {"type": "file"}
        return {"media_id": await self._api.upload(path, params, message.media, message.file_name or "file")}


async def _text(message: Outgoing) -> Payload:
    check_length(message.content, TEXT_BYTES)
    mentions = {"mentioned_list": list(message.mentions)} if message.mentions else {}
    return {"content": message.content} | mentions


async def _markdown(message: Outgoing) -> Payload:
    names = " ".join(f"<@{user_id}>" for user_id in message.mentions if not _is_cipher_id(user_id))
    content = f"{message.content}\n{names}" if names else message.content
    check_length(content, MARKDOWN_BYTES)
    return {"content": content}


async def _markdown_v2(message: Outgoing) -> Payload:
    check_length(message.content, MARKDOWN_BYTES)
    return {"content": message.content}


async def _image(message: Outgoing) -> Payload:
    data = message.media
    if not data.startswith(PICTURES) or len(data) > IMAGE_BYTES:
        raise GiveUp(40009, "an image is PNG or JPEG of at most 2 MB")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"base64": base64.b64encode(data).decode(), "md5": digest}


def _is_cipher_id(user_id: str) -> bool:
    prefix, length = CIPHER_ID
    return user_id.startswith(prefix) and len(user_id) >= length
