"""Notices, their groups and readers, and files that wait to be sent on: what handlers, the job and reports look up."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import CursorResult, delete, func, select, update
from sqlalchemy.orm import Session

from storage.daily_count import place_of
from storage.tables import Outbox
from storage.tables_notices import NoticeFile, NoticeGroup, NoticeReader, NoticeRow
from storage.upsert import insert_new

PURPOSE = "bulletin"
"""Of its messages in the outbox."""
MOST_LISTED = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """Notices that a group sent in a period, and in how many groups nobody has confirmed them."""

    number: int = 0
    waiting: int = 0


def notice(session: Session, ref: str) -> NoticeRow | None:
    """One notice."""
    return session.scalar(select(NoticeRow).where(NoticeRow.ref == ref))


def groups(session: Session, refs: Collection[str]) -> dict[str, list[NoticeGroup]]:
    """The groups of each of these notices, in the order of the units."""
    found: dict[str, list[NoticeGroup]] = {ref: [] for ref in refs}
    rows = session.scalars(select(NoticeGroup).where(NoticeGroup.ref.in_(list(refs))))
    for row in sorted(rows, key=lambda row: (row.unit, row.chat)):  # databases sort Chinese in orders of their own
        found[row.ref].append(row)
    return found


def readers(session: Session, ref: str) -> Sequence[NoticeReader]:
    """Who said that they had read it, the earliest first."""
    return session.scalars(select(NoticeReader).where(NoticeReader.ref == ref).order_by(NoticeReader.id)).all()


def has_read(session: Session, row: Mapping[str, object]) -> bool:
    """Note a reader; False where that was known."""
    return insert_new(session, NoticeReader, row)


def drafts_of(session: Session, sender: str, chat: str, since: datetime) -> Sequence[NoticeRow]:
    """What somebody wrote in a chat since a moment and has not let go yet, the newest first."""
    query = select(NoticeRow).where(NoticeRow.sender == sender, NoticeRow.chat == chat, NoticeRow.state == "draft")
    return session.scalars(query.where(NoticeRow.written_at >= since).order_by(NoticeRow.id.desc())).all()


def waiting_in(session: Session, chats: Collection[str], since: datetime) -> list[tuple[NoticeRow, NoticeGroup]]:
    """Notices that were sent to these groups since a moment and that they have not confirmed, the newest first."""
    query = (
        select(NoticeRow, NoticeGroup)
        .join(NoticeGroup, NoticeGroup.ref == NoticeRow.ref)
        .where(NoticeRow.state == "sent", NoticeRow.sent_at >= since)
        .where(NoticeGroup.chat.in_(list(chats)), NoticeGroup.confirmed_at.is_(None))
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(NoticeRow.id.desc()))]


def take(session: Session, ref: str, states: Collection[str], state: str) -> bool:
    """Move a notice on from one of `states`: the database decides who does."""
    moved = update(NoticeRow).where(NoticeRow.ref == ref, NoticeRow.state.in_(list(states))).values(state=state)
    return cast("CursorResult[object]", session.execute(moved)).rowcount == 1


def confirm(session: Session, group: NoticeGroup, name: str, now: datetime) -> bool:
    """Confirm for a group, once."""
    query = update(NoticeGroup).where(NoticeGroup.id == group.id, NoticeGroup.confirmed_at.is_(None))
    done = session.execute(query.values(confirmed_at=now, confirmed_by=name))
    session.refresh(group)
    return cast("CursorResult[object]", done).rowcount == 1


def due(session: Session, now: datetime) -> Sequence[NoticeRow]:
    """Planned ones whose time has come."""
    query = select(NoticeRow).where(NoticeRow.state == "planned", NoticeRow.send_at <= now)
    return session.scalars(query.order_by(NoticeRow.send_at, NoticeRow.id)).all()


def to_remind(session: Session, before: datetime) -> Sequence[NoticeRow]:
    """Those sent before a moment that not everybody has confirmed, and of which nobody was reminded."""
    query = select(NoticeRow).where(NoticeRow.state == "sent", NoticeRow.sent_at <= before)
    query = query.where(NoticeRow.reminded_at.is_(None), NoticeRow.done_at.is_(None))
    return session.scalars(query.order_by(NoticeRow.id)).all()


def newest(session: Session, chat: str, sender: str, *, policies: bool) -> Sequence[NoticeRow]:
    """The newest that were sent to a chat or from it, or by somebody; with `policies`, those of a level."""
    here = select(NoticeGroup.ref).where(NoticeGroup.chat == chat)
    query = select(NoticeRow).where((NoticeRow.chat == chat) | (NoticeRow.sender == sender) | NoticeRow.ref.in_(here))
    shown = NoticeRow.state == "sent" if policies else NoticeRow.state.in_(("sent", "planned", "draft"))
    query = query.where(shown, NoticeRow.level != "") if policies else query.where(shown)
    return session.scalars(query.order_by(NoticeRow.id.desc()).limit(MOST_LISTED)).all()


def hold(session: Session, sender: str, content: bytes, name: str, now: datetime) -> None:
    """Keep a file for its sender; the former one is forgotten."""
    session.execute(delete(NoticeFile).where(NoticeFile.sender == sender))
    session.add(NoticeFile(sender=sender, content=content, name=name, size=len(content), at=now))
    session.flush()


def held(session: Session, sender: str, since: datetime) -> NoticeFile | None:
    """The file that somebody sent since a moment."""
    return session.scalar(select(NoticeFile).where(NoticeFile.sender == sender, NoticeFile.at >= since))


def expire(session: Session, before: datetime) -> None:
    """Forget files and drafts that nobody came back to, and the files of messages that have been sent."""
    session.execute(delete(NoticeFile).where(NoticeFile.at < before))
    old = update(NoticeRow).where(NoticeRow.state == "draft", NoticeRow.written_at < before)
    session.execute(old.values(state="cancelled", file=None))
    gone = update(Outbox).where(Outbox.purpose == PURPOSE, Outbox.state == "sent", Outbox.media.is_not(None))
    session.execute(gone.values(media=None))


def forget(session: Session, before: datetime) -> int:
    """Forget the words of notices that were written before a moment; who confirmed them stays. How many."""
    old = update(NoticeRow).where(NoticeRow.written_at < before, NoticeRow.body != "")
    values = {"body": "", "file": None, "file_name": None}
    return cast("CursorResult[object]", session.execute(old.values(**values))).rowcount


def tallies(session: Session, first: date, last: date) -> dict[str, Tally]:
    """Place of the chat that sent → what was sent from there between two days."""
    query = (
        select(NoticeRow.unit, NoticeRow.chat, func.count(NoticeRow.ref.distinct()), func.count(NoticeGroup.id))
        .outerjoin(NoticeGroup, (NoticeGroup.ref == NoticeRow.ref) & NoticeGroup.confirmed_at.is_(None))
        .where(NoticeRow.state == "sent", NoticeRow.day >= first, NoticeRow.day <= last)
        .group_by(NoticeRow.unit, NoticeRow.chat)
    )
    found: dict[str, Tally] = {}
    for unit, chat, number, waiting in session.execute(query):
        place = place_of(unit, chat)
        before = found.get(place, Tally())
        found[place] = Tally(before.number + number, before.waiting + waiting)
    return found
