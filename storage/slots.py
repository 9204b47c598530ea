"""Report slots: the unique key (job, chat, slot) decides who writes a report, on every instance and across restarts.

States: armed (the first look at a group), sent (written to the outbox), manual (written by hand, outside the plan),
skipped.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from storage.bulk import insert_rows
from storage.tables import Slot
from storage.upsert import insert_missing, insert_new


def claim(
    session: Session, job: str, chat: str, slot: datetime, now: datetime, *, state: str = "sent", reason: str = ""
) -> bool:
    """Claim a slot within the caller's transaction. False where somebody has it already; the transaction goes on."""
    row = {"job": job, "chat": chat, "slot": slot, "state": state, "reason": reason[:200], "claimed_at": now}
    return insert_new(session, Slot, row)


def free(session: Session, job: str, chats: Sequence[str], slot: datetime) -> list[str]:
    """Those of `chats` whose slot nobody has."""
    query = select(Slot.chat).where(Slot.job == job, Slot.slot == slot, Slot.chat.in_(chats))
    taken = set(session.scalars(query))
    return [chat for chat in chats if chat not in taken]


def take(session: Session, job: str, slot: datetime, now: datetime, reasons: Mapping[str, str]) -> None:
    """Claim a slot for many: chat → why there is nothing to write, or an empty text. Raises IntegrityError where
    somebody has one of them already: nothing of the caller's transaction may stay then.
    """
    same = {"job": job, "slot": slot, "claimed_at": now}
    insert_rows(session, Slot, [{**same, "chat": chat, **_state(reason)} for chat, reason in reasons.items()])


def _state(reason: str) -> dict[str, str]:
    return {"state": "skipped" if reason else "sent", "reason": reason[:200]}


def skip_all(session: Session, job: str, chat: str, late: Sequence[tuple[datetime, str]], now: datetime) -> None:
    """Write down slots that will not be written, each with its reason; those that somebody has already stay."""
    same = {"job": job, "chat": chat, "state": "skipped", "claimed_at": now}
    insert_missing(session, Slot, [{**same, "slot": slot, "reason": reason[:200]} for slot, reason in late])


def newest(session: Session, jobs: Sequence[str]) -> dict[str, dict[str, datetime]]:
    """The newest slot of each job by target; what was written by hand does not count."""
    query = select(Slot.job, Slot.chat, func.max(Slot.slot)).where(Slot.job.in_(jobs), Slot.state != "manual")
    found: dict[str, dict[str, datetime]] = {job: {} for job in jobs}
    for job, chat, slot in session.execute(query.group_by(Slot.job, Slot.chat)):
        found[job][chat] = slot
    return found


def skip(session: Session, job: str, chat: str, slot: datetime, reason: str) -> None:
    """A claimed slot for which there is nothing to write."""
    where = (Slot.job == job, Slot.chat == chat, Slot.slot == slot)
    session.execute(update(Slot).where(*where).values(state="skipped", reason=reason[:200]))


def forget(session: Session, job: str, before: datetime) -> None:
    """Slots of a job that looks every few minutes are of no interest for long."""
    session.execute(delete(Slot).where(Slot.job == job, Slot.slot < before))
