"""`kakou import returnees`: a workbook into the books, in one transaction, after it was shown what would happen."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from bot.clock import Clock, SystemClock
from bot.config import Config
from bot.operations import Books, database
from handlers import texts_returnee as words
from handlers.cases import importing, workbook
from handlers.cases.importing import Plan
from handlers.cases.intake import Origin
from handlers.cases.people import Home, home_of_unit, homes
from handlers.cases.settings import Settings
from handlers.cases.states import Act
from handlers.language import warm_up
from storage import migrate
from storage.cases import BoundGroups, Cases, Pairs
from storage.types import ring_of
from storage.unit_of_work import UnitOfWork

CHUNK = 200
"""Rows between two steps of the progress bar."""


class Refused(Exception):
    """The file or the unit cannot be taken; the message says why."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was read or written, and how to say it."""

    plan: Plan
    lines: list[str]


def returnees(config: Config, file: Path, unit: str | None, *, apply: bool, clock: Clock | None = None) -> Done:
    """Read a workbook and, with `apply`, register its people. Raises `Refused`."""
    try:
        rows = workbook.read(file.read_bytes())
    except workbook.BadWorkbook as bad:
        raise Refused(f"{bad.sentence}什么都没有改动。") from None
    warm_up()
    with database(config, writing=True) as books:
        migrate.upgrade(books.engine)
        with Session(books.engine, autoflush=False, expire_on_commit=False) as session, session.begin():
            now = (clock or SystemClock(config.time.zone)).now()
            plan = _work(session, books, rows, _home(session, config, unit), now, apply=apply)
    lines = words.import_plan(plan, applied=apply).splitlines()[:1]
    lines += [f"- 第{row}行：{why}" for row, why in plan.rejected]
    return Done(plan, lines if apply or not plan.fresh else [*lines, "以上是试读，没有写入；确认后加 --apply。"])


def _home(session: Session, config: Config, unit: str | None) -> Home:
    configured = {group.chat: group.unit for group in config.groups if group.chat_type == "group"}
    known = homes({"groups": configured}, BoundGroups(session).of(""))
    if unit is None:
        if len(known) == 1:
            return known[0]
        raise Refused(f"--unit: 请写明单位，有：{'、'.join(home.unit for home in known) or '（还没有绑定的群）'}")
    found = home_of_unit(known, unit.strip("/"))
    if found is None:
        raise Refused(
            f"--unit: 没有负责 {unit} 的群，有：{'、'.join(home.unit for home in known) or '（还没有绑定的群）'}"
        )
    return Home(found.chat, unit.strip("/"))


def _work(session: Session, books: Books, rows: list[workbook.Row], at: Home, now: datetime, *, apply: bool) -> Plan:
    rules = Settings(**dict(books.config.returnees))
    cases, hashes = Cases(session), ring_of(books.engine.dialect)
    importing.load_keys(cases, hashes, rows)
    with _progress("读取", len(rows)) as step:
        plan = importing.plan(rows, lambda f: importing.registered(cases, hashes, f), rules, at.unit, now, step)
    if apply:
        _write(session, cases, plan, at, rules, now)
    return plan


def _write(session: Session, cases: Cases, plan: Plan, at: Home, rules: Settings, now: datetime) -> None:
    uow, pairs = UnitOfWork(session), Pairs(session)
    hashes = ring_of(session.get_bind().dialect)
    origin = Origin(at.chat, at.unit, many=True)
    stamp = hashlib.sha256(repr([row for row, _ in plan.fresh]).encode()).hexdigest()[:12]
    act = Act(uow, rules, now, message_key=f"import|{now:%Y%m%d%H%M%S}|{stamp}")
    made = [fields for _, fields in plan.fresh]
    with _progress("写入", len(made)) as step:
        for start in range(0, len(made), CHUNK):
            importing.write(uow, cases, pairs, hashes, made[start : start + CHUNK], origin, act)
            step(min(start + CHUNK, len(made)))
    uow.flush()


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)
