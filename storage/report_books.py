"""What chats ordered about their reports, what was posted to them, and what its lines were about."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from storage.bulk import conflict_insert
from storage.tables import Base
from storage.tables_daily import Posted, ReportChoice, ReportLines, ReportPlan

Values = Mapping[str, tuple[float, str, str]]
"""Label → (value, measure, section of the report)."""


def plans(session: Session, chat: str | None = None) -> Sequence[ReportPlan]:
    """The times that chats asked for, of one chat or of all."""
    query = select(ReportPlan).where(ReportPlan.state == "active").order_by(ReportPlan.chat, ReportPlan.at)
    return session.scalars(query if chat is None else query.where(ReportPlan.chat == chat)).all()


def number_of_plans(session: Session) -> int:
    """How many times chats asked for."""
    return session.scalar(select(func.count()).where(ReportPlan.state == "active")) or 0


def share_of_plans(session: Session, share: int, number: int) -> Sequence[ReportPlan]:
    """One of `number` shares of the times that chats asked for; the first is 0."""
    query = select(ReportPlan).where(ReportPlan.state == "active", ReportPlan.id % number == share)
    return session.scalars(query.order_by(ReportPlan.chat, ReportPlan.at)).all()


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


def chosen(session: Session, chats: Collection[str]) -> dict[str, ReportChoice]:
    """What reports show, by chat, where somebody chose."""
    rows = session.scalars(select(ReportChoice).where(ReportChoice.chat.in_(chats)))
    return {row.chat: row for row in rows}


def with_own_times(session: Session, chats: Collection[str], kind: str) -> set[str]:
    """Those of the chats that asked for a kind of report at times of their own."""
    query = select(ReportPlan.chat).where(ReportPlan.state == "active", ReportPlan.kind == kind)
    return set(session.scalars(query.where(ReportPlan.chat.in_(chats))))


def remember_lines(session: Session, sources: Mapping[str, Sequence[Mapping[str, Any]]], at: datetime) -> None:
    """Note what the lines of reports are about, by chat."""
    rows = [{"chat": chat, "sources": json.dumps(some, ensure_ascii=False), "at": at} for chat, some in sources.items()]
    _replace(session, ReportLines, rows, ("sources", "at"))


def lines(session: Session, chat: str) -> list[dict[str, Any]]:
    """What the lines of the last report of a chat are about."""
    text = session.scalar(select(ReportLines.sources).where(ReportLines.chat == chat))
    return list(json.loads(text)) if text else []


def remember_posted(session: Session, day: date, posted: Mapping[str, tuple[str, Values]], at: datetime) -> None:
    """Note what was posted about a day: chat → (place, figures)."""
    rows = []
    for chat, (place, values) in posted.items():
        text = json.dumps(values, ensure_ascii=False)
        said = {"figures": text, "first": text, "at": at, "stale": False}
        rows.append({"chat": chat, "day": day, "place": place, **said})
    _replace(session, Posted, rows, ("place", "figures", "first", "at", "stale"))


def _replace(session: Session, table: type[Base], rows: Sequence[dict[str, Any]], changed: Sequence[str]) -> None:
    """Insert rows; of those that are there already change some columns."""
    if rows:
        statement = conflict_insert(session.get_bind().dialect, table)
        values = {name: statement.excluded[name] for name in changed}
        key = list(table.__table__.primary_key)
        session.execute(statement.on_conflict_do_update(index_elements=key, set_=values), list(rows))


def outdated(session: Session, since: date) -> Sequence[Posted]:
    """What was posted about days from `since` on and may be different now."""
    query = select(Posted).where(Posted.stale, Posted.day >= since).order_by(Posted.chat, Posted.day)
    return session.scalars(query).all()


def changed_since(session: Session, chats: Collection[str], since: date, before: date) -> Sequence[Posted]:
    """What was posted to chats about the days from `since` until `before`, which is not among them, and may not be
    what the books say any more.
    """
    query = select(Posted).where(Posted.chat.in_(chats), Posted.day >= since, Posted.day < before)
    different = or_(Posted.stale, Posted.figures != Posted.first)
    return session.scalars(query.where(different).order_by(Posted.chat, Posted.day)).all()


def told_since(session: Session, moment: datetime, since: date) -> set[str]:
    """Chats that were told since a moment that figures of a day from `since` on have changed."""
    return set(session.scalars(select(Posted.chat).where(Posted.day >= since, Posted.told_at > moment)))


def values_of(text: str) -> dict[str, tuple[float, str, str]]:
    """Figures as they were noted; of the older ones the section is not known."""
    return {label: (said[0], said[1], "".join(said[2:])) for label, said in json.loads(text).items()}


def update_figures(posted: Posted, values: Values) -> None:
    """What has been told about a day by now."""
    posted.figures = json.dumps(values, ensure_ascii=False)
