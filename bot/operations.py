"""What the operator's commands do: export, report now, dead letters, replay, key rotation, doctor."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from bot.app import Service
from bot.channels import aibot, app_message
from bot.channels.base import Incoming
from bot.clock import SystemClock
from bot.config import AibotCallback, AppCallback, Config
from bot.errors import ConfigError, Rejected
from handlers.form_books import sheets as form_sheets
from handlers.form_books import specs as form_specs
from handlers.forms.loading import configured
from handlers.reports import export as writing
from storage import daily, daily_check, engine, inbox, migrate, outbox
from storage.crypto import Keyring, SealError
from storage.keys import rotate as rotate_keys
from storage.records import Scope
from storage.tables import Inbox, Outbox

REPORT_WAIT = 60.0
"""Seconds that `kakou report --now` waits for the platform."""


@dataclass(frozen=True, slots=True)
class Books:
    """An open database and the configuration that it belongs to."""

    config: Config
    engine: Engine
    ring: Keyring


@dataclass(frozen=True, slots=True)
class Span:
    """What to export."""

    first: date | None
    last: date | None
    unit: str | None


@contextmanager
def database(config: Config, *, writing: bool = False) -> Iterator[Books]:
    """The database of a configuration; it must have been migrated unless the caller is going to write."""
    ring = Keyring([config.storage.key_bytes, *config.storage.retired_key_bytes])
    opened = engine.create(config.storage.url, ring, readonly=not writing)
    try:
        if not writing and migrate.current(opened) != migrate.newest():
            raise ConfigError(["storage.url: the database has another schema; run `kakou migrate` first"])
        yield Books(config, opened, ring)
    finally:
        opened.dispose()


def upgrade(books: Books) -> str:
    """Migrate; the revision afterwards."""
    migrate.upgrade(books.engine)
    return str(migrate.current(books.engine))


def export(books: Books, kind: str, form: str, span: Span, output: Path | None, stdout: IO[str]) -> int:
    """Write the records of a kind, or the entries of a form; how many."""
    with Session(books.engine) as session:
        names, found = _exported(books, session, kind, Scope(span.first, span.last, unit=span.unit))
        if form == "xlsx":
            return writing.write_xlsx(found, names, output or stdout.buffer)  # type: ignore[attr-defined]
        with _text(output, stdout) as out:
            return writing.write_csv(found, names, out) if form == "csv" else writing.write_jsonl(found, out)


def _exported(
    books: Books, session: Session, kind: str, scope: Scope
) -> tuple[tuple[str, ...], Iterator[dict[str, Any]]]:
    """(columns, rows) of a kind, or of a form. Raises `ConfigError` where no form is called so."""
    zone = books.config.time.zone_info
    if not kind.startswith(form_sheets.PREFIX):
        return writing.columns(kind), writing.rows(session, kind, scope, zone)
    forms, _ = configured(books.config.forms.folder)
    name = kind.removeprefix(form_sheets.PREFIX)
    spec = form_specs.named(forms, name)
    if spec is None:
        raise ConfigError([f"there is no form {name}; expected one of {', '.join(one.name for one in forms)}"])
    return form_sheets.columns(spec), form_sheets.rows(session, spec, scope, zone)


@contextmanager
def _text(output: Path | None, stdout: IO[str]) -> Iterator[IO[str]]:
    if output is None:
        yield stdout
    else:
        with output.open("w", encoding="utf-8", newline="") as out:
            yield out


async def report_now(config: Config, name: str, chat: str | None) -> tuple[int, list[str]]:
    """Write a report for this moment and send it. Returns how many groups got one, and what to tell the operator."""
    if name not in {report.name for report in config.reports}:
        known = "、".join(report.name for report in config.reports) or "none"
        raise ConfigError([f"reports: there is no report {name}; there are: {known}"])
    service = Service(config.model_copy(update={"server": config.server.model_copy(update={"port": 0})}))
    await service.start_sending(alone=False)
    try:
        began = service.clock.now().replace(microsecond=0)
        written = await service.scheduler.run_now(name, chat)
        with suppress(TimeoutError):
            await asyncio.wait_for(service.outbox.drain(), REPORT_WAIT)
        states = await service.writer.run(lambda session: outbox.states_since(session, f"report|{name}|", began))
    finally:
        await service.stop()
    return _told(name, written, states)


def _told(name: str, written: int, states: Mapping[str, int]) -> tuple[int, list[str]]:
    """What became of the messages of a report: 0 where one of them did not arrive."""
    waiting = sum(states.get(state, 0) for state in ("pending", "sending", "offered"))
    lines = [f"{name} was written for {written} groups; {states.get('sent', 0)} messages sent"]
    if waiting:
        lines.append(f"{waiting} messages wait; the running bot goes on trying")
    if dead_ones := states.get("dead", 0):
        lines.append(f"{dead_ones} messages were not taken: `kakou dead` says why")
    return (0 if waiting or dead_ones else written), lines


def dead(books: Books) -> list[str]:
    """One line for each message that will not be sent. Contents are not shown: they may be about people."""
    zone = books.config.time.zone_info
    with Session(books.engine) as session:
        rows = outbox.dead(session)
        lines = [
            f"{r.id}  {r.created_at.astimezone(zone):%Y-%m-%d %H:%M}  {r.purpose}  {r.channel}  {r.error}" for r in rows
        ]
    return lines or ["none"]


def revive(books: Books, number: int) -> bool:
    """Send a dead message again."""
    now = SystemClock(books.config.time.zone).now()
    with Session(books.engine) as session, session.begin():
        return outbox.revive(session, number, now)


def rotate(books: Books) -> int:
    """Seal everything with the newest key; how many rows."""
    migrate.upgrade(books.engine)
    with Session(books.engine) as session:
        return sum(rotate_keys(session, books.ring).values())


async def replay(config: Config, *, unread: bool) -> list[str]:
    """Decide failed messages (and, if asked, those in which nothing was read) again, each in its own transaction."""
    service = Service(config.model_copy(update={"server": config.server.model_copy(update={"port": 0})}))
    await service.start_sending(alone=False)
    try:
        rows = await service.writer.run(lambda session: _candidates(session, unread=unread))
        lines = [await _replay_one(service, config, row) for row in rows]
        return [line for line in lines if line] or ["nothing to do"]
    finally:
        await service.stop()


def _candidates(session: Session, *, unread: bool) -> list[Inbox]:
    rows = list(inbox.failed(session))
    if unread:
        rows += session.scalars(
            select(Inbox).where(Inbox.state == "done", Inbox.outcome == "", Inbox.body.is_not(None))
        )
    return rows


async def _replay_one(service: Service, config: Config, row: Inbox) -> str:
    incoming = _reread(config, row)
    if incoming is None:
        return f"{row.key}: the body is gone or no channel of that name is configured"
    outcome = await service.writer.run(lambda session: _again(session, service, row, incoming))
    return "" if row.state == "done" and not outcome else f"{row.key}: {outcome or 'nothing was read'}"


def _again(session: Session, service: Service, row: Inbox, incoming: Incoming) -> str:
    """Forget the row and decide the message as if it came now, with the time at which it was written."""
    session.execute(delete(Outbox).where(Outbox.message_key == row.key, Outbox.state != "sent"))
    session.execute(delete(Inbox).where(Inbox.id == row.id))
    service.inbox.attempt(session, [incoming], passive=False)
    again = inbox.by_key(session, row.key)
    return f"{again.state} {again.outcome}".strip() if again is not None and again.outcome else ""


def _reread(config: Config, row: Inbox) -> Incoming | None:
    channel = next((c for c in config.channels if c.name == row.channel), None)
    if row.body is None or channel is None:
        return None
    zone = config.time.zone_info
    try:
        if isinstance(channel, AibotCallback):
            incoming = aibot.parse(channel.name, row.body, zone)
        elif isinstance(channel, AppCallback):
            identity = app_message.AppIdentity(channel.corp_id, channel.agent_id)
            incoming = app_message.parse(channel.name, row.body, identity, zone)
        else:
            return None
    except Rejected:
        return None
    return replace(incoming, key=row.key, sent_at=row.sent_at or row.received_at) if incoming else None


def settle_daily(books: Books, *, rebuild: bool, progress: daily_check.Progress) -> str:
    """Count what is marked as not counted yet, or everything anew. Needs an engine that may write."""
    with Session(books.engine) as session, session.begin():
        if rebuild:
            cells = daily_check.rebuild(session, progress)
            return f"✓ daily figures were made anew from the records: {cells} days of units"
        cells = daily.catch_up(session)
    return f"✓ {cells} days of units waited to be counted" if cells else ""


def doctor_daily(books: Books, progress: daily_check.Progress) -> str:
    """Whether the daily aggregates are what the records say."""
    with Session(books.engine) as session:
        wrong = daily_check.differences(session, progress)
    if not wrong:
        return "✓ daily figures agree with the records"
    day, place = wrong[0]
    first = f"{day.isoformat()} {place or 'all units'}"
    return f"✗ daily figures differ from the records, {len(wrong)} times, first {first}: `kakou doctor --rebuild`"


def doctor(books: Books) -> list[str]:
    """Findings, one a line: ✓ fine, ! worth a look, ✗ wrong."""
    with Session(books.engine) as session:
        findings = [f"✓ schema {migrate.newest()}", *_doctor_keys(session), *_doctor_inbox(session)]
        findings += _doctor_outbox(session, SystemClock(books.config.time.zone))
    findings += [f"! {said}" for said in books.config.warnings]
    if not any(group.report_to for group in books.config.groups):
        findings.append(
            "! no group has report_to: digests go out only through the receiving channel, which may not be able to push"
        )
    return findings


def _doctor_keys(session: Session) -> list[str]:
    try:
        session.scalars(select(Inbox.body).where(Inbox.body.is_not(None)).order_by(Inbox.id.desc()).limit(50)).all()
    except SealError as error:
        return [f"✗ storage.key does not open what is stored: {error}; put the former key into storage.retired_keys"]
    return ["✓ the key opens what is stored"]


def _doctor_inbox(session: Session) -> list[str]:
    total = inbox.count(session)
    failed = session.scalar(select(func.count(Inbox.id)).where(Inbox.state == "failed")) or 0
    said = f"{total} messages, {failed} failed"
    return [f"✗ {said}: look at the log, then `kakou replay`" if failed else f"✓ {said}"]


def _doctor_outbox(session: Session, clock: SystemClock) -> list[str]:
    states = outbox.count_by_state(session)
    findings = (
        [f"✗ {states['dead']} messages were not sent: `kakou dead`"] if states.get("dead") else ["✓ no dead messages"]
    )
    oldest = outbox.oldest_unsent(session)
    if oldest is not None and clock.now() - oldest > timedelta(minutes=15):
        findings.append(
            f"! the oldest unsent message is of {oldest.astimezone(clock.zone):%Y-%m-%d %H:%M}: is the bot running?"
        )
    return findings
