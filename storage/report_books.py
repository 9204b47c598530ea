"""What chats ordered about their reports, what was posted to them, and what its lines were about."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from storage.tables_daily import Posted, ReportChoice, ReportLines, ReportPlan

Values = Mapping[str, tuple[float, str]]
"""Label → (value, measure)."""


def plans(session: Session, chat: str | None = None) -> Sequence[ReportPlan]:
    """The times that chats asked for, of one chat or of all."""
    query = select(ReportPlan).where(ReportPlan.state == "active").order_by(ReportPlan.chat, ReportPlan.at)
    return session.scalars(query if chat is None else query.where(ReportPlan.chat == chat)).all()


def replace_plans(
    session: Session, chat: str, kind: str, times: Sequence[str], days: str, by: str, now: datetime
) -> None:
    """From now on a chat's reports of a kind come at these times."""
    session.execute(delete(ReportPlan).where(ReportPlan.chat == chat, ReportPlan.kind == kind))
    for at in times:
        session.add(ReportPlan(chat=chat, kind=kind, at=at, days=days, by=by, made_at=now, state="active"))
    session.flush()


def choice(session: Session, chat: str) -> ReportChoice:
    """What a chat's reports show; a new row where nobody chose yet, which the caller may add."""
    return session.get(ReportChoice, chat) or ReportChoice(chat=chat, hidden="", stopped=False)


def hidden(session: Session, chat: str) -> set[str]:
    """Sections that a chat does not want."""
    return set(choice(session, chat).hidden.split())


def remember_lines(session: Session, chat: str, sources: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Note what the lines of a report are about."""
    text = json.dumps(sources, ensure_ascii=False)
    row = session.get(ReportLines, chat)
    if row is None:
        session.add(ReportLines(chat=chat, sources=text, at=at))
        session.flush()
    else:
        row.sources, row.at = text, at


def lines(session: Session, chat: str) -> list[dict[str, Any]]:
    """What the lines of the last report of a chat are about."""
    row = session.get(ReportLines, chat)
    return list(json.loads(row.sources)) if row else []


def remember_posted(session: Session, chat: str, day: date, place: str, values: Values, at: datetime) -> None:
    """Note what was posted about a day."""
    text = json.dumps(values, ensure_ascii=False)
    row = session.get(Posted, (chat, day))
    if row is None:
        row = Posted(chat=chat, day=day, place=place, figures=text, first=text, at=at, stale=False)
        session.add(row)
        session.flush()
    else:
        row.place, row.figures, row.first, row.at, row.stale = place, text, text, at, False


def outdated(session: Session, since: date) -> Sequence[Posted]:
    """What was posted about days from `since` on and may be different now."""
    query = select(Posted).where(Posted.stale, Posted.day >= since).order_by(Posted.chat, Posted.day)
    return session.scalars(query).all()


def posted_before(session: Session, chat: str, since: date, before: date) -> Sequence[Posted]:
    """What was posted to a chat about the days from `since` until `before`, which is not among them."""
    query = select(Posted).where(Posted.chat == chat, Posted.day >= since, Posted.day < before)
    return session.scalars(query.order_by(Posted.day)).all()


def values_of(text: str) -> dict[str, tuple[float, str]]:
    """Figures as they were noted."""
    return {label: (value, measure) for label, (value, measure) in json.loads(text).items()}


def update_figures(posted: Posted, values: Values) -> None:
    """What has been told about a day by now."""
    posted.figures = json.dumps(values, ensure_ascii=False)
