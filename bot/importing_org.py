"""`kakou import units|people|posts|enterprises`: a table into the books, in one transaction, shown first."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.config import Config
from bot.operations import database
from handlers.imports_org import books, kinds, sheet
from storage import migrate
from storage.types import ring_of

WHAT = {"units": "单位", "people": "人员", "posts": "点位", "enterprises": "企业"}
SHOWN_REASONS = 50


class Refused(Exception):
    """The file cannot be taken; the message says why. Nothing was changed."""


def run(config: Config, kind: str, file: Path, *, apply: bool) -> list[str]:
    """Read a table and, with `apply`, write it. Returns what to tell the operator. Raises `Refused`."""
    try:
        table = sheet.read(file.read_bytes(), kinds.COLUMNS[kind], kinds.NEEDED[kind])
    except sheet.BadFile as bad:
        raise Refused(f"{file.name}：{bad}什么都没有改动。") from None
    with database(config, writing=True) as opened:
        migrate.upgrade(opened.engine)
        with Session(opened.engine, autoflush=False, expire_on_commit=False) as session, session.begin() as work:
            try:
                checked = kinds.check(kind, table.rows, table.formulas, books.known(session))
            except sheet.BadFile as bad:
                raise Refused(f"{file.name}：{bad}什么都没有改动。") from None
            now = SystemClock(config.time.zone).now()
            with _progress(f"{'写入' if apply else '试读'}{WHAT[kind]}", len(checked.good)) as step:
                writer = books.Writer(session, ring_of(opened.engine.dialect), now, step)
                outcome = writer.write(kind, checked.good)
            if not apply:
                work.rollback()
    return _said(kind, outcome, sorted([*checked.rejected, *outcome.rejected]), apply=apply)


def _said(kind: str, outcome: books.Outcome, rejected: list[tuple[int, str]], *, apply: bool) -> list[str]:
    counts = f"新增 {outcome.new}，更新 {outcome.changed}，已有 {outcome.same}，不收 {len(rejected)}"
    lines = [f"{WHAT[kind]}：{counts}。", *(f"- 第{row}行：{why}" for row, why in rejected[:SHOWN_REASONS])]
    if len(rejected) > SHOWN_REASONS:
        lines.append(f"……不收的共 {len(rejected)} 行。")
    if not apply and (outcome.new or outcome.changed):
        lines.append("以上是试读，没有写入；确认后加 --apply。")
    return lines


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
