"""The composition root: configuration → running service. Everything is made here, started in order and stopped in
reverse.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot import housekeeping
from bot.channels import CHANNEL_TYPES
from bot.channels.app_callback import App
from bot.channels.base import Directory, Incoming, Receiver, Sender
from bot.channels.http import routes as callback_routes
from bot.channels.wechat import library
from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.context import Notice
from bot.dispatch import Dispatcher
from bot.effects import Addressing, Waiting
from bot.errors import ConfigError
from bot.health import Health, Metrics
from bot.inbox import Inbox
from bot.keeper import Keeper
from bot.limiter import Limiter
from bot.media import Media
from bot.names import Names
from bot.outbox import Outbox, Ways
from bot.reading_worker import readers
from bot.router import Routes
from bot.scheduler import Job, Scheduler, trigger
from bot.splitting import split
from handlers import texts, watch
from handlers.cases.jobs import Desk
from handlers.cases.jobs import jobs as returnee_jobs
from handlers.cases.settings import Settings
from handlers.duty_rules import DutyRules
from handlers.features import ROUTERS
from handlers.forms.loading import configured
from handlers.gate.jobs import jobs as gate_jobs
from handlers.gate.settings import GateSettings
from handlers.intake import Intake
from handlers.language import warm_up
from handlers.language.form_book import book_of
from handlers.language.form_spec import FormSpec
from handlers.notices import watch as notice_watch
from handlers.notices.settings import NoticeRules
from handlers.patrols import watch as patrol_watch
from handlers.patrols.settings import PatrolRules
from handlers.reports import chat_times, desk, pictures
from handlers.supplies import rules
from handlers.supplies.rules import Rules as SupplyRules
from storage import chats, engine, keys, migrate
from storage.crypto import Keyring
from storage.tables import Outbox as OutboxRow
from storage.writer import Writer

log = structlog.get_logger("kakou.app")

STOP_SECONDS = 8.0
"""For each step of a stop."""
BATCH = 200
"""Messages of one transaction at most."""


@dataclass(frozen=True, slots=True)
class Ends:
    """The channels by what they can do."""

    receivers: tuple[Receiver, ...]
    senders: Mapping[str, Sender]
    directories: tuple[Directory, ...]


def forms_of(config: Config) -> tuple[FormSpec, ...]:
    """The forms of a configuration. Raises `ConfigError` with every mistake in its form files."""
    forms, problems = configured(config.forms.folder)
    if problems:
        raise ConfigError([str(problem) for problem in problems])
    return forms


def supply_rules_of(config: Config) -> SupplyRules:
    """The rules by which a configuration shares goods out. Raises `ConfigError` with the mistake in their file."""
    try:
        return rules.configured(config.supplies.rules)
    except rules.BadRules as bad:
        raise ConfigError([f"supplies.rules: {config.supplies.rules}: {bad}"]) from bad


class Service:
    """A bot that runs. `start` returns when it listens, `stop` when everything taken in is on disk."""

    def __init__(
        self,
        config: Config,
        clock: Clock | None = None,
        extra_routes: Iterable[web.RouteDef] = (),
        *,
        batch: int = BATCH,
    ) -> None:
        self.config = config
        self._batch = batch
        self.clock = clock or SystemClock(config.time.zone)
        self.metrics = Metrics()
        self._extra_routes = tuple(extra_routes)
        self.forms = forms_of(config)
        self.supply_rules = supply_rules_of(config)
        self._groups = {group.chat: group for group in config.groups}
        ring = Keyring([config.storage.key_bytes, *config.storage.retired_key_bytes])
        self._ring = ring
        self.engine = engine.create(config.storage.url, ring)
        self.reader = engine.create(config.storage.url, ring, readonly=True)
        self._session: aiohttp.ClientSession | None = None
        self.ends = self._make_ends()
        self._runner: web.AppRunner | None = None
        self._keeper: Keeper | None = None
        self.warming: asyncio.Task[None] | None = None
        """Loads, behind the start, what the first message would wait for."""
        self._readers = readers(self.forms)
        self.writer: Writer
        self.inbox: Inbox
        self.outbox: Outbox
        self.scheduler: Scheduler
        self._names: Names
        self._media: Media

    # -- starting and stopping ---------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Migrate, start the parts from the inside out, listen last, then catch up on reports."""
        await self.start_sending()
        await self._listen()
        await self.scheduler.start()
        self._keeper = Keeper(self.writer, self.inbox.is_idle)
        self._keeper.start()
        self.warming = asyncio.create_task(_warm_up())
        for said in self.config.warnings:
            log.warning(said, action="service.warning")
        log.info("ready", action="service.ready", channels=[r.path for r in self.ends.receivers])

    async def start_sending(self, *, alone: bool = True) -> None:
        """Everything but the listener and the plan of reports: enough to send, for one-off commands.

        `alone` is false where a bot may be running on the same database: what that one is sending is its own.
        """
        await asyncio.to_thread(self._prepare_books)
        self._session = aiohttp.ClientSession()
        self.writer = Writer(self.engine)
        known = await self.writer.run(self._remember_members)
        self._names = Names(self.ends.directories, known)
        self._media = Media(self.config.channels, self._client, self.clock)
        intake = self._intake()
        dispatcher = Dispatcher(Routes(ROUTERS), intake, self._services())
        self.inbox = Inbox(self.writer, dispatcher, self.clock, self._addressing(), batch=self._batch)
        self.inbox.on_waiting = intake.expect
        self.outbox = Outbox(self.writer, self._ways(), self.clock, Limiter())
        self.outbox.busy_keys = self.inbox.busy_keys
        self.inbox.on_outgoing = self.outbox.wake
        await self.outbox.start(alone=alone and self.engine.dialect.name == "sqlite")
        self.scheduler = Scheduler(self.writer, self.clock, self._jobs())
        self.scheduler.on_outgoing = self.outbox.wake

    async def stop(self) -> None:
        """Scheduler, listener with the requests in flight, inbox, sender, writer, engine."""
        self.scheduler.stop()
        if self.warming is not None:
            await self.warming
        if self._keeper is not None:
            await self._keeper.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        try:
            await asyncio.wait_for(self.inbox.drain(), STOP_SECONDS)
        except TimeoutError:
            log.error("the inbox did not finish in time", action="service.stop")
        await self.outbox.stop(STOP_SECONDS)
        if self._session is not None:
            await self._session.close()
        if not await asyncio.to_thread(self.writer.close, STOP_SECONDS):
            log.error("the writer did not finish in time", action="service.stop")
        await asyncio.to_thread(self._readers.close)
        self.engine.dispose()
        self.reader.dispose()
        log.info("stopped", action="service.stopped")

    async def settle(self) -> None:
        """Write the reports that are due and send what is due: used after the sandbox's clock has moved."""
        await self.scheduler.tick()
        await self.outbox.drain()

    @property
    def port(self) -> int:
        """The port that is listened on, also where the configuration asked for any free one."""
        assert self._runner is not None  # noqa: S101  (asked for after `start`)
        return int(self._runner.addresses[0][1])

    async def _listen(self) -> None:
        app = web.Application(client_max_size=self.config.server.body_limit)
        health = Health(self.reader, self.clock, self.metrics, self._tokens)
        callbacks = callback_routes(
            self.ends.receivers,
            self._submit,
            self.clock,
            delivered=self.inbox.delivered,
            refused=self._count_refusal,
        )
        app.add_routes([*callbacks, *health.routes(), *self._extra_routes])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=STOP_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.config.server.host, self.config.server.port, backlog=1024)
        await site.start()

    # -- the way of a message ----------------------------------------------------------------------------------------

    async def _submit(self, incoming: Incoming) -> str | None:
        self.metrics.callbacks.labels(incoming.channel).inc()
        with self.metrics.seconds.time():
            return await self.inbox.submit(await self._media.attached(await self._names.named(incoming)))

    def _count_refusal(self, channel: str, reason: str) -> None:
        self.metrics.refused.labels(channel, reason).inc()

    def _intake(self) -> Intake:
        units = {group.chat: group.unit for group in self.config.groups if group.unit}
        names = {channel.name: getattr(channel, "bot_names", ()) for channel in self.config.channels}
        every = tuple(dict.fromkeys(name for some in names.values() for name in some)) or ("小站",)
        bot_names = lambda channel: names.get(channel) or every  # noqa: E731  (a table with a default)
        book = book_of(self.forms)
        return Intake(units, self.config.members, bot_names, self._readers.map, self._readers.expect, book)

    def _services(self) -> dict[str, Any]:
        """What handlers and jobs are given besides the database."""
        return {
            "coordinators": self._coordinators,
            "groups": {group.chat: group.unit for group in self.config.groups if group.chat_type == "group"},
            "returnees": Settings(**dict(self.config.returnees)),
            "report_desk": self._report_desk(),
            "forms": self.forms,
            "duty": DutyRules(**dict(self.config.duty)),
            "gate": GateSettings(**dict(self.config.gate)),
            "patrols": PatrolRules(**dict(self.config.patrols)),
            "notices": NoticeRules(**dict(self.config.notices)),
            "group_channel": self._report_channel,
            "supplies": self.supply_rules,
        }

    def _coordinators(self, chat: str) -> tuple[str, ...]:
        group = self._groups.get(chat)
        return group.coordinators if group else ()

    def _addressing(self) -> Addressing:
        passive = {receiver.name: receiver.passive_bytes for receiver in self.ends.receivers}
        return Addressing(
            passive_bytes=lambda channel: passive.get(channel, 0),
            answer_channel=self._answer_channel,
            notice_channel=self._notice_channel,
            failed_answer=texts.FAILED,
            split=self._split,
            waiting=None if self._to_members() else Waiting(texts.WAITS_FOR_YOU, texts.WAITS_FOR_OTHERS, texts.WAITED),
        )

    def _answer_channel(self, incoming: Incoming) -> str:
        if incoming.response_url and incoming.channel in self.ends.senders:
            return incoming.channel
        return self._report_channel(incoming.chat) or incoming.channel

    def _notice_channel(self, incoming: Incoming, notice: Notice) -> str:
        if notice.chat_type == "group":
            return self._report_channel(notice.chat) or incoming.channel
        return self._to_members() or incoming.channel

    def _ways(self) -> Ways:
        draw = pictures.render if pictures.available() else None
        return Ways(self.ends.senders, self._fallback, self._split, draw)

    def _fallback(self, row: OutboxRow) -> str | None:
        return self._report_channel(row.chat) if row.chat_type == "group" else self._to_members()

    def _report_channel(self, chat: str) -> str | None:
        group = self._groups.get(chat)
        return group.report_to or None if group else None

    def _to_members(self) -> str | None:
        """The channel that writes to single members: an app with its secret."""
        return next((name for name, sender in self.ends.senders.items() if isinstance(sender, Directory)), None)

    def _split(self, text: str, channel: str, form: str) -> list[str]:
        sender = self.ends.senders.get(channel)
        if sender is None:
            return [text]
        return split(text, sender.limits.text_bytes if form == "text" else sender.limits.markdown_bytes)

    # -- reports -----------------------------------------------------------------------------------------------------

    def _jobs(self) -> list[Job]:
        plans = [
            (
                report,
                trigger(report.trigger_fields, self.clock.zone),
                tuple(group.chat for group in self.config.report_groups(report)),
            )
            for report in self.config.reports
        ]
        duty_watch = watch.job(self._duty_desk(), self.clock.zone)
        nightly = housekeeping.job(self.config.storage.keep_words_days, self.clock.zone)
        rounds = patrol_watch.job(self._duty_desk(), PatrolRules(**dict(self.config.patrols)), self.clock.zone)
        told = notice_watch.job(self._duty_desk(), NoticeRules(**dict(self.config.notices)), self.clock.zone)
        reports = [chat_times.job(self._report_desk()), *desk.jobs(self._report_desk(), plans)]
        return [*returnee_jobs(self._desk()), *gate_jobs(self._desk()), duty_watch, rounds, told, *reports, nightly]

    def _report_desk(self) -> desk.Desk:
        """What reports need to be written and sent."""
        senders = self.ends.senders
        return desk.Desk(
            zone=self.clock.zone,
            groups={group.chat: group.unit for group in self.config.groups},
            coordinators=self._coordinators,
            channel=self._pushing_channel,
            shows_tables=lambda channel: channel in senders and senders[channel].limits.tables,
            split=self._split,
            forms=self.forms,
            rules=self.supply_rules,
        )

    def _pushing_channel(self, chat: str) -> str:
        group = self._groups.get(chat)
        return group.report_to or group.receive if group else ""

    def _duty_desk(self) -> watch.Desk:
        """What the job of duty and calls needs to send."""
        return watch.Desk(
            DutyRules(**dict(self.config.duty)),
            group=lambda chat: self._report_channel(chat) or "",
            single=lambda: self._to_members() or "",
            coordinators=self._coordinators,
            units={group.chat: group.unit for group in self.config.groups if group.unit},
            split=self._split,
        )

    def _desk(self) -> Desk:
        """What the jobs of the returnees need to send."""
        return Desk(
            self._services(),
            self.clock.zone,
            lambda: self._to_members() or "",
            lambda chat: self._report_channel(chat) or "",
            self._split,
        )

    # -- making ------------------------------------------------------------------------------------------------------

    def _make_ends(self) -> Ends:
        made = [CHANNEL_TYPES[c.type](_plain(c), self._client, self.clock) for c in self.config.channels]
        return Ends(
            tuple(channel for channel in made if isinstance(channel, Receiver)),
            {channel.name: channel for channel in made if isinstance(channel, Sender)},
            tuple(channel for channel in made if isinstance(channel, Directory)),
        )

    def _client(self) -> aiohttp.ClientSession:
        assert self._session is not None  # noqa: S101  (channels send after `start`)
        return self._session

    def _tokens(self) -> list[tuple[str, datetime | None]]:
        apps = ((name, sender) for name, sender in self.ends.senders.items() if isinstance(sender, App))
        return [(name, app.token_fetched_at) for name, app in apps]

    def _prepare_books(self) -> None:
        """The newest schema, and everything under the newest key: hashes of a former key would not be found."""
        migrate.upgrade(self.engine)
        if self.config.storage.retired_keys:
            with Session(self.engine) as session:
                counts = keys.rotate(session, self._ring)
            log.info("keys are current", action="keys.rotated", rows=sum(counts.values()))

    def _remember_members(self, session: Session) -> dict[str, str]:
        chats.learn(session, self.config.members, "config", self.clock.now())
        session.flush()
        return chats.names(session)


async def _warm_up() -> None:
    """Load what the first message would wait for, while the bot already listens."""
    try:
        await asyncio.to_thread(library)
        await asyncio.to_thread(warm_up)
    except Exception:
        log.exception("could not load ahead of the first message", action="service.warm_up")


def _plain(channel: Any) -> Any:
    """A channel's configuration as its factory reads it: secrets shown, absent values empty."""
    values: dict[str, Any] = dict.fromkeys(
        ("path", "token", "encoding_aes_key", "corp_id", "secret", "key", "api_base"), ""
    )
    values["agent_id"] = 0
    for name, value in channel:
        if value is not None:
            values[name] = value.get_secret_value() if isinstance(value, SecretStr) else value
    return SimpleNamespace(**values)


async def run(service: Service, until: "asyncio.Event", on_ready: Callable[[], None] = lambda: None) -> None:
    """Start, wait for `until`, stop."""
    await service.start()
    on_ready()
    try:
        await until.wait()
    finally:
        await service.stop()
