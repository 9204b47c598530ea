"""The records behind the gate's lines of a report."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers import texts_gate, texts_report
from storage import gate
from storage.records import Scope, within
from storage.tables import Figure

PARTS = {
    "passed": ("in", "out", "both", "vehicles"),
    "fever": ("measured", "fever"),
    "exception": ("exception", "back"),
}
"""A line's name → the figures that it tells."""


def behind(session: Session, name: str, scope: Scope, zone: ZoneInfo, *, group: bool) -> Iterator[str]:
    """Counts that were told, and single records, by time. `group`: people are masked."""
    wanted = PARTS.get(name, (name,))
    counts = select(Figure).where(Figure.gate.in_(wanted), Figure.state == "active", Figure.total.is_(False))
    told = session.scalars(within(counts, Figure, scope).order_by(Figure.id))
    found = [(row.reported_at, texts_report.listed_work(row, _clock(row.reported_at, zone))) for row in told]
    parts = [part for part in wanted if part != "both"]
    entries = {row.id: row for part in parts for row in gate.entries(session, scope, part)}
    for entry in entries.values():
        line = texts_gate.entry_line(entry, _clock(entry.at, zone), group=group)
        found.append((entry.at, line.removeprefix("- ")))
    yield from (line for _, line in sorted(found, key=lambda one: one[0]))


def passes(session: Session, scope: Scope, *, group: bool) -> Iterator[str]:
    """Passes that were issued."""
    for row in gate.passes(session, scope):
        yield f"{row.ref} {texts_gate.pass_words(row, group=group)}，{texts_gate.day(row.issued_on)}发"


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日{local:%H:%M}"
