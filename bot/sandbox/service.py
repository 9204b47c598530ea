"""The sandbox as a whole: a local WeCom beside the bot, in the same process, but heard and spoken to over HTTP."""

import base64
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from yarl import URL

from bot.clock import MovableClock
from bot.sandbox.delivery import Courier, Delivery
from bot.sandbox.envelopes import Words
from bot.sandbox.page import Page
from bot.sandbox.platform import Platform
from bot.sandbox.settings import SandboxSettings
from bot.sandbox.state import MEMBER, World

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


MOST_STOPS = 8
"""A jump over more moments at which the bot would act goes straight on, as if the bot had been off meanwhile."""


async def _nobody() -> None:
    """Do nothing when the clock moves and nobody wants to know."""


def _mentions(text: str, name: str) -> bool:
    return f"@{name}" in text or f"＠{name}" in text


class Sandbox:
    """A local WeCom for one bot at `bot_url` (scheme, host and port, where the sandbox's own routes are served too).

    Start it after the server listens and stop it before the server stops: open pages hold a connection each.
    """

    def __init__(self, clock: MovableClock, bot_url: str, settings: SandboxSettings) -> None:
        self.clock = clock
        self.settings = settings
        self.world = World(clock, settings)
        self.platform = Platform(self.world)
        self.courier = Courier(self.world, bot_url)
        self.on_clock_moved: Callable[[], Awaitable[None]] = _nobody
        """Awaited after every move of the clock, so that what is due happens now."""
        self.next_due: Callable[[datetime], datetime | None] = lambda _after: None
        """When the bot would act next: a jump of the clock stops there on its way, as real time would."""
        self._bot_url = bot_url.rstrip("/")
        self._page = Page(self)

    def routes(self) -> list[web.RouteDef]:
        """List the endpoints that the bot calls, the page and its API."""
        return [*self.platform.routes(), *self._page.routes()]

    async def start(self) -> None:
        """Be ready to deliver."""
        await self.courier.start()

    async def stop(self) -> None:
        """Close open pages and connections."""
        self._page.close()
        await self.courier.stop()

    async def say(
        self,
        member: str,
        chat: str,
        text: str,
        quote: str | None = None,
        response: bool = True,  # noqa: FBT001, FBT002  (part of the fixed interface)
        *,
        voice: bool = False,
        force: bool = False,
    ) -> Delivery:
        """Let `member` say `text` in `chat` (an id of `world.chats`) and wait for the bot's answer to the callback.

        As on the platform, the bot hears of a group message only when it is mentioned or something is quoted;
        `force` tells it anyway. Without `response` the callback carries no `response_url`.
        """
        place, words = self.world.chats[chat], Words(text, quote or "", voice)
        shown = self.world.post(chat, member, "text", text, quote=quote or "")
        told = place.chat_type == "single" or quote or force or _mentions(text, self.settings.bot_name)
        if not told:
            self.world.change(shown.number, delivery=f"没有 @{self.settings.bot_name}，机器人收不到")
            return Delivery(place, member, words, shown.number)
        delivery = self.courier.prepare(place, member, words, response=response)
        return await self._carry(replace(delivery, number=shown.number))

    async def send_file(self, member: str, chat: str, name: str, content: bytes) -> Delivery:
        """Let `member` send a file in a single chat and wait for the bot's answer to the callback."""
        place = self.world.chats[chat]
        media_id = self.world.keep_media(MEMBER, name, content)
        shown = self.world.post(chat, member, "file", name, media=media_id)
        at = media_id if place.route == "app" else f"{self._bot_url}/sandbox/files/{media_id}"
        delivery = self.courier.prepare(place, member, Words("", file=at), response=True)
        return await self._carry(replace(delivery, number=shown.number))

    async def again(self, delivery: Delivery, *, fresh: bool = False) -> Delivery:
        """Deliver a message once more: the same request, or (`fresh`) under a new nonce and timestamp."""
        return await self._carry(self.courier.sealed(delivery) if fresh else delivery)

    async def _carry(self, delivery: Delivery) -> Delivery:
        done = await self.courier.deliver(delivery)
        if done.delivered:
            said = "已送达" if done.attempts == 1 else f"第 {done.attempts} 次送达"
        else:
            said = f"投递失败：{done.problem or f'HTTP {done.status}'}（{done.attempts} 次）"
        self.world.change(done.number, delivery=said, failed=not done.delivered)
        return done

    async def move_clock(self, moment: datetime) -> None:
        """Set the clock and let everything that is due happen, what lies on the way at its own time."""
        for _ in range(MOST_STOPS):
            stop = self.next_due(self.clock.now())
            if stop is None or stop >= moment:
                break
            self.clock.set(stop)
            await self.on_clock_moved()
        self.clock.set(moment)
        self.world.tell({"type": "clock", "now": self.clock.now().isoformat()})
        await self.on_clock_moved()

    async def forward(self, by: timedelta) -> None:
        """Move the clock on by `by`."""
        await self.move_clock(self.clock.now() + by)

    def config_mapping(self, data_dir: Path) -> dict[str, Any]:
        """Give the bot's configuration for this sandbox. Makes `data_dir` and in it a storage key, if there is none."""
        address = URL(self._bot_url)
        key = storage_key_file(data_dir)
        groups = [chat for chat in self.world.chats.values() if chat.chat_type == "group"]
        return {
            "server": {"host": address.host, "port": address.port, "public_url": self._bot_url},
            "storage": {"url": f"sqlite:///{(data_dir / 'kakou.db').absolute()}", "key": f"file:{key.absolute()}"},
            "time": {"zone": str(self.clock.zone)},
            "channels": [self._main(), self._app(), *(self._webhook(chat.id) for chat in groups)],
            "groups": self._groups(),
            "reports": [{"name": "nightly", "at": "22:00", "groups": ["*"]}],
        }

    def _main(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "name": "main",
            "type": "aibot_callback",
            "path": settings.main_path,
            "token": settings.token,
            "encoding_aes_key": settings.aes_key,
            "bot_names": [settings.bot_name],
            "api_base": self._bot_url,
        }

    def _app(self) -> dict[str, Any]:
        settings = self.settings
        return {
            "name": "app",
            "type": "app_callback",
            "path": settings.app_path,
            "corp_id": settings.corp_id,
            "agent_id": settings.agent_id,
            "secret": settings.app_secret,
            "token": settings.app_token,
            "encoding_aes_key": settings.app_aes_key,
            "api_base": self._bot_url,
        }

    def _webhook(self, chat: str) -> dict[str, Any]:
        key = self.world.webhook_key(chat)
        return {"name": webhook_name(chat), "type": "group_webhook", "key": key, "api_base": self._bot_url}

    def _groups(self) -> list[dict[str, Any]]:
        entries = []
        for chat in self.world.chats.values():
            entry: dict[str, Any] = {"chat": chat.platform_id, "unit": chat.unit, "receive": chat.route}
            if chat.chat_type == "group":
                bosses = [user for user in chat.members if self.world.members[user].coordinator]
                entry |= {"report_to": webhook_name(chat.id), "coordinators": bosses}
            elif chat.unit:
                entry |= {"chat_type": "single"}
            else:
                continue
            entries.append(entry)
        return entries


def webhook_name(chat: str) -> str:
    """Give the name of the channel that posts into a group."""
    return f"hook-{chat}"


def storage_key_file(data_dir: Path) -> Path:
    """Give the file with the storage key of `data_dir`, made once, readable by its owner only."""
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data_dir / "storage.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(base64.b64encode(secrets.token_bytes(32)).decode() + "\n", encoding="ascii")
    return path
