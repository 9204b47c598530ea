"""What is due by itself: planned notices go out, groups that have not confirmed are reminded, once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from bot.scheduler import Job, Part, trigger
from handlers import texts_notices as words
from handlers.notices import groups, sending
from handlers.notices.settings import NoticeRules
from handlers.watch import Desk
from storage import notices, nudges
from storage import slots as job_slots
from storage.tables_notices import NoticeGroup, NoticeRow
from storage.unit_of_work import UnitOfWork

JOB = "notice-watch"
EVERY = "*/5"
"""Minutes of the hour at which the job looks."""
MAX_DELAY = timedelta(minutes=15)
KEEP_SLOTS = timedelta(days=2)
LATEST = timedelta(hours=3)
"""So long after its time a planned notice still goes out by itself."""
STALE = timedelta(days=1)
"""A reminder that is so late is left out."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Watch:
    """One look: everything that is to be said now."""

    desk: Desk
    rules: NoticeRules
    session: Session
    now: datetime
    """Local."""

    def parts(self) -> list[Part]:
        """Everything that is due, in order; what it changes is in the session."""
        notices.expire(self.session, self.now - self.rules.confirm_within)
        return [*self._planned(), *self._reminders()]

    def _planned(self) -> Iterator[Part]:
        for row in notices.due(self.session, self.now):
            late = self.now - row.send_at if row.send_at else timedelta(0)
            state = "missed" if late > LATEST else "sent"
            if not notices.take(self.session, row.ref, ("planned",), state):
                continue
            self.session.refresh(row)
            yield from self._missed(row, late) if state == "missed" else self._send(row)

    def _send(self, row: NoticeRow) -> Iterator[Part]:
        rows = notices.groups(self.session, [row.ref])[row.ref]
        reached = [one for one in rows if self.desk.group(one.chat)]
        lost = groups.named({one.chat: one.unit for one in rows if one not in reached})
        chats = [one.chat for one in reached]
        for one in sending.letters(row, chats, self.rules.spread):
            channel = self.desk.group(one.chat)
            yield Part(
                channel,
                one.chat,
                one.form,
                one.content,
                media=one.media,
                file_name=one.file_name,
                purpose=notices.PURPOSE,
                delay=one.delay,
            )
        sending.mark_sent(row, self.now)
        body = words.short(row.body, row.file_name)
        said = words.SENT_AT_TIME.format(ref=row.ref, number=len(chats), body=body)
        names = words.names([one.name for one in lost])
        yield self._to(row.sender, said + (words.SOME_UNREACHABLE.format(names=names) if lost else ""))

    def _missed(self, row: NoticeRow, late: timedelta) -> Iterator[Part]:
        at = words.moment((row.send_at or self.now).astimezone(self.now.tzinfo), self.now.date())
        yield self._to(row.sender, words.MISSED.format(ref=row.ref, at=at, hours=late // HOUR))

    # -- reminders -------------------------------------------------------------------------------------------

    def _reminders(self) -> Iterator[Part]:
        if self.rules.is_quiet(self.now):
            return
        rows = notices.to_remind(self.session, self.now - self.rules.remind_after)
        sent_to = notices.groups(self.session, [row.ref for row in rows])
        for row in rows:
            row.reminded_at = self.now
            open_ = [one for one in sent_to[row.ref] if one.confirmed_at is None]
            if not open_:
                yield from self._done(row, len(sent_to[row.ref]))
            elif not self._is_stale(row):
                yield from self._remind(row, [one for one in open_ if self._first(row, one)])

    def _is_stale(self, row: NoticeRow) -> bool:
        return row.sent_at is None or self.now - row.sent_at > self.rules.remind_after + STALE

    def _first(self, row: NoticeRow, group: NoticeGroup) -> bool:
        return nudges.first_time(self.session, f"notice|remind|{row.ref}|{group.chat}", self.now)

    def _done(self, row: NoticeRow, number: int) -> Iterator[Part]:
        """Two confirmed in the same moment, on two instances, and neither saw that it was the last."""
        row.done_at = self.now
        body = words.short(row.body, row.file_name)
        yield self._to(row.sender, words.all_read(row.ref, number, body))

    def _remind(self, row: NoticeRow, open_: Sequence[NoticeGroup]) -> Iterator[Part]:
        """Those who are asked hear of it alone, once for all their groups; a group where nobody is known hears it."""
        body = words.short(row.body, row.file_name)
        names = {one.chat: one.name for one in groups.named({one.chat: one.unit for one in open_})}
        alone: dict[str, list[str]] = defaultdict(list)
        for one in open_:
            asked = groups.asked(self.session, self.desk.coordinators, (one.chat, one.unit), row.sender)
            users = [person.user for person in asked if person.user] if self.desk.single() else []
            for user in users:
                alone[user].append(names[one.chat])
            if not users:
                text = words.REMIND_GROUP.format(ref=row.ref, body=body)
                yield Part(self.desk.group(one.chat), one.chat, "markdown", text, purpose="notice")
        at = words.moment((row.sent_at or self.now).astimezone(self.now.tzinfo), self.now.date())
        for user, some in alone.items():
            said = {"ref": row.ref, "by": row.by, "at": at, "groups": words.names(some), "body": body}
            yield self._to(user, words.REMIND_PERSON.format(**said))

    def _to(self, user: str, text: str) -> Part:
        return Part(self.desk.single(), user, "markdown", text, chat_type="single", purpose="notice")


def job(desk: Desk, rules: NoticeRules, zone: ZoneInfo) -> Job:
    """The job, for the scheduler."""

    def compose(uow: UnitOfWork, _target: str, _slot: datetime, now: datetime) -> list[Part]:
        job_slots.forget(uow.session, JOB, now - KEEP_SLOTS)
        found = Watch(desk, rules, uow.session, now.astimezone(zone)).parts()
        return [replace(part, content=text) for part in found if part.channel for text in _split(desk, part)]

    return Job(JOB, trigger({"minute": EVERY}, zone), lambda _session: ("",), MAX_DELAY, compose, frequent=True)


def _split(desk: Desk, part: Part) -> list[str]:
    return desk.split(part.content, part.channel, part.form)
