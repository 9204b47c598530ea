"""What a 自建应用 does with its secret: messages to members (90236) and their names (90196)."""

from datetime import datetime, timedelta
from typing import Any

from bot.channels.base import Limits, Outgoing
from bot.channels.token import AccessToken, AuthorizedApi
from bot.channels.wecom_api import WeComApi, check_length
from bot.clock import Clock
from bot.errors import GiveUp, SendError

TEXT_BYTES = 2048
PER_MINUTE = 30
"""Per member; the platform drops what goes beyond without a word."""
DUPLICATE_SECONDS = 60
"""The platform drops the same content to the same member within this time. Long enough for the first retries after a
lost answer, short enough that somebody who asks the same thing twice is answered twice."""
NAMES_FOR = timedelta(hours=1)
NAMES_KEPT = 10_000
FORMS = ("markdown", "markdown_v2", "text", "image", "file")


class AppSender:
    """Writes to members one at a time, and tells their names."""

    limits = Limits(markdown_bytes=TEXT_BYTES, text_bytes=TEXT_BYTES, per_minute=PER_MINUTE, scope="chat")

    def __init__(self, api: WeComApi, corp_id: str, secret: str, agent_id: int, clock: Clock) -> None:
        self._api = AuthorizedApi(api, AccessToken(api, corp_id, secret, clock))
        self._agent_id = agent_id
        self._clock = clock
        self._names: dict[str, tuple[datetime, str | None]] = {}

    @property
    def token_fetched_at(self) -> datetime | None:
        """When the access token was fetched; None while there is none."""
        return self._api.token.fetched_at

    async def send(self, message: Outgoing) -> None:
        """See `Sender.send`. An app cannot write to the groups that people made."""
        if message.chat_type == "group":
            raise GiveUp("group", "an app writes to members only")
        if not message.chat or "|" in message.chat or message.chat.startswith("@"):
            raise GiveUp("recipient", "not one member")  # "@all" and lists would reach everybody
        payload = {
            "touser": message.chat,
            "agentid": self._agent_id,
            **await self._content(message),
            "enable_duplicate_check": 1,
            "duplicate_check_interval": DUPLICATE_SECONDS,
        }
        answer = await self._api.post("/cgi-bin/message/send", payload)
        if answer.get("invaliduser"):
            raise GiveUp(81013, "the recipient is not in the app's visible range")

    async def _content(self, message: Outgoing) -> dict[str, Any]:
        if message.form in {"image", "file"}:
            media_id = await self._api.upload(message.form, message.media, message.file_name or message.form)
            return {"msgtype": message.form, message.form: {"media_id": media_id}}
        check_length(message.content, TEXT_BYTES)
        form = "text" if message.form == "text" else "markdown"
        return {"msgtype": form, form: {"content": message.content}}

    async def display_name(self, user_id: str) -> str | None:
        """See `Directory.display_name`. Answers, also empty ones, are kept for an hour."""
        kept = self._names.get(user_id)
        if kept and self._clock.now() < kept[0]:
            return kept[1]
        try:
            name = (await self._api.get("/cgi-bin/user/get", {"userid": user_id})).get("name")
        except GiveUp:
            name = None
        except SendError:
            return None
        return self._keep(user_id, name if isinstance(name, str) and name else None)

    def _keep(self, user_id: str, name: str | None) -> str | None:
        if len(self._names) >= NAMES_KEPT:
            self._names.pop(next(iter(self._names)))
        self._names[user_id] = (self._clock.now() + NAMES_FOR, name)
        return name
