"""The sandbox with a bot beside it: for trying, and for playing a file of messages."""

import asyncio
import json
import os
import socket
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import Service
from bot.clock import MovableClock
from bot.config import parse
from bot.keeper import Keeper
from bot.sandbox import Sandbox, SandboxSettings
from bot.sandbox.play import BadFile, Played, play, read, settings_of
from handlers import texts_report
from handlers.reports.data import Period
from handlers.reports.digest import compose
from storage.tables import Inbox, RecordRow

ZONE = ZoneInfo("Asia/Shanghai")
SHOWN_FAILURES = 5


class Trial:
    """A sandbox and a bot in one process and on one port; they speak HTTP with each other."""

    def __init__(
        self,
        port: int,
        data_dir: Path,
        clock: MovableClock,
        settings: SandboxSettings | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """`more`: tables of the configuration beside those of the sandbox."""
        self.clock = clock
        self.url = f"http://127.0.0.1:{port or free_port()}"
        self.sandbox = Sandbox(clock, self.url, settings or SandboxSettings())
        mapping = {**self.sandbox.config_mapping(data_dir), **(more or {})}
        self.config_file = data_dir / "config.toml"
        _write_private(self.config_file, toml(mapping))
        self.service = Service(parse(mapping, "sandbox", {}), clock, self.sandbox.routes())
        self.sandbox.on_clock_moved = self.service.settle

    async def start(self) -> None:
        """Bot first, then the platform that calls it."""
        await self.service.start()
        self.sandbox.next_due = self.service.scheduler.next_due
        await self.sandbox.start()

    async def stop(self) -> None:
        """Platform first: open pages hold connections."""
        await self.sandbox.stop()
        await self.service.stop()


async def run_sandbox(port: int, data_dir: Path, stop: asyncio.Event, at: datetime | None = None) -> None:
    """Run until `stop`, with the clock going on from `at` (local, without a zone) or from now."""
    begin = at.replace(tzinfo=ZONE) if at else datetime.now(ZONE)
    trial = Trial(port, data_dir, MovableClock(begin, running=True))
    await trial.start()
    click.echo(f"打开 {trial.url}/sandbox 试用；按 Ctrl+C 结束。", err=True)
    try:
        await stop.wait()
    finally:
        await trial.stop()


async def play_file(path: Path, port: int, data_dir: Path) -> int:
    """Play a file; print what was stored and the digest. Returns the status of the process."""
    console = Console()
    try:
        lines = read(path)
        settings = settings_of(path)
    except BadFile as error:
        click.echo(str(error), err=True)
        return 2
    if not lines:
        click.echo(f"{path}: no messages", err=True)
        return 2
    folder = data_dir / f"play-{datetime.now(ZONE):%Y%m%d-%H%M%S}-{os.getpid()}"
    trial = Trial(0 if port else port, folder, MovableClock(lines[0].sent_at.astimezone(ZONE)), settings)
    await trial.start()
    try:
        played = await _with_progress(path, trial, console)
        await trial.service.inbox.drain()
        await Keeper(trial.service.writer).catch_up()
        stored = await asyncio.to_thread(_stored, trial, played)
    finally:
        await trial.stop()
    for line in stored:
        click.echo(line)
    click.echo(f"\nkakou export check_in --config {trial.config_file}", err=True)
    return _verdict(played)


async def _with_progress(path: Path, trial: Trial, console: Console) -> Played:
    columns = (TextColumn("播放"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("play", total=None)
        return await play(path, trial.sandbox, lambda done, total: bar.update(task, completed=done, total=total))


def _stored(trial: Trial, played: Played) -> list[str]:
    """What the books hold now, and the digest over all units and days of the file."""
    assert played.first is not None and played.last is not None  # noqa: S101, PT018  (the file has messages)
    first, last = played.first.astimezone(ZONE), played.last.astimezone(ZONE)
    with Session(trial.service.reader) as session:
        inbox = dict(session.execute(select(Inbox.state, func.count()).group_by(Inbox.state)).tuples().all())
        kinds = session.execute(
            select(RecordRow.kind, func.count()).group_by(RecordRow.kind).order_by(RecordRow.kind)
        ).all()
        digest = compose(session, Period(first.date(), last.date()), "", "", last, title=texts_report.SUMMARY)
    lines = [
        f"messages {played.sent}, answered 200 {played.delivered}, passive replies {played.replied}",
        f"inbox {sum(inbox.values())} ({', '.join(f'{state} {number}' for state, number in sorted(inbox.items()))})",
        f"records {sum(number for _, number in kinds)}: " + ", ".join(f"{kind} {number}" for kind, number in kinds),
        "",
        digest,
    ]
    if played.failed:
        lines.append(f"not delivered: {', '.join(played.failed[:SHOWN_FAILURES])}")
    return lines


def _verdict(played: Played) -> int:
    return 1 if played.failed else 0


def free_port() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def toml(mapping: Mapping[str, Any]) -> str:
    """A configuration of tables, and lists of tables, of plain values as TOML."""
    lines: list[str] = []
    for name, value in mapping.items():
        for table in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            lines += [f"{key} = {json.dumps(item, ensure_ascii=False)}" for key, item in table.items()]
            lines.append("")
    return "\n".join(lines)


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
