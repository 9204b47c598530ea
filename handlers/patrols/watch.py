"""What is due by itself: rounds go into the books at their time; one that does not come is reminded of in the group,
then told to those in charge, once each.

A round is only missed when its time is over. What could not be said in time, because the bot was off, is not said hours
later: the board and the due round's note tell of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.scheduler import Job, Part, trigger
from handlers import texts_patrol as words
from handlers import times
from handlers.cases.people import Home
from handlers.patrols import posts, slots
from handlers.patrols.people import in_charge, on_duty
from handlers.patrols.settings import PatrolRules
from handlers.watch import Desk
from storage import chats, nudges, patrols
from storage import slots as job_slots
from storage.tables_patrols import PatrolPlan, PatrolSlot
from storage.unit_of_work import UnitOfWork

JOB = "patrol-watch"
EVERY = "*/5"
"""Minutes of the hour at which the job looks."""
MAX_DELAY = timedelta(minutes=15)
KEEP_SLOTS = timedelta(days=2)
STALE = timedelta(hours=2)
"""So long after its time an alert is worth nothing any more."""
MOST_NAMED = 3


class Watch:
    """One look at the rounds that are due."""

    def __init__(self, desk: Desk, rules: PatrolRules, uow: UnitOfWork, now: datetime) -> None:
        self._desk = desk
        self._rules = rules
        self._session = uow.session
        self._now = now
        self._zone: ZoneInfo = now.tzinfo  # type: ignore[assignment]  # the clock's times carry a ZoneInfo

    def parts(self) -> list[Part]:
        """Everything that is to be said now; what it changes is in the session."""
        units = {**self._desk.units, **chats.bound(self._session)}
        posts.adopt(self._session, units, self._now, self._desk.rules.night)
        self._session.flush()
        plans = {plan.id: plan for plan in patrols.plans(self._session)}
        slots.fill(self._session, plans.values(), self._now, self._zone)
        self._session.flush()
        found: list[Part] = []
        silent: dict[str, list[PatrolSlot]] = defaultdict(list)
        for row in patrols.unsettled(self._session):
            plan = plans.get(row.plan_id)
            if plan is None:
                row.note = words.PLAN_STOPPED
                continue
            found += self._remind(row, plan)
            if self._alert(row, plan):
                silent[row.chat].append(row)
            self._settle(row)
        return [*found, *(part for chat, rows in silent.items() for part in self._told(chat, rows))]

    def _remind(self, row: PatrolSlot, plan: PatrolPlan) -> Iterator[Part]:
        wait = self._rules.remind(timedelta(minutes=plan.every))
        if row.reminded_at is not None or not row.due_at + wait <= self._now < row.until:
            return
        if self._first("remind", row):
            row.reminded_at = self._now
            people = on_duty(self._session, Home(row.chat, row.unit), row.post)[:MOST_NAMED]
            named = words.ON_DUTY.format(people="、".join(people)) if people else words.ANYBODY
            text = words.REMIND.format(post=words.place(row.post), at=self._clock(row.due_at), people=named)
            yield Part(self._desk.group(row.chat), row.chat, "markdown", text, purpose="notice")

    def _alert(self, row: PatrolSlot, plan: PatrolPlan) -> bool:
        """Whether those in charge are to hear of it now."""
        moment = row.due_at + self._rules.alert(timedelta(minutes=plan.every))
        if row.alerted_at is not None or row.note or self._now < moment:
            return False
        if self._now - moment > STALE:
            row.note = words.NOT_REMINDED
            return False
        return self._first("alert", row)

    def _settle(self, row: PatrolSlot) -> None:
        if row.state == "due" and self._now >= row.until:
            row.state = "missed"

    def _told(self, chat: str, rows: Sequence[PatrolSlot]) -> Iterator[Part]:
        """One message for each of those in charge, however many rounds it is about."""
        channel = self._desk.single()
        users: dict[str, list[PatrolSlot]] = defaultdict(list)
        for row in rows:
            whom = in_charge(self._session, self._desk.coordinators(chat), row.unit, row.post) if channel else ()
            for user in whom:
                users[user].append(row)
            row.alerted_at = self._now
            row.note = "" if whom else words.NOBODY_TOLD
        for user, missing in users.items():
            yield Part(channel, user, "markdown", self._words(missing), chat_type="single", purpose="alert")

    def _words(self, rows: Sequence[PatrolSlot]) -> str:
        now = self._clock(self._now)
        if len(rows) > 1:
            lines = [f"- {words.place(row.post)}{self._clock(row.due_at)}，{self._standing(row)}" for row in rows]
            return words.ALERT_MORE.format(now=now, lines="\n".join(lines))
        row = rows[0]
        said = {"post": words.place(row.post), "at": self._clock(row.due_at), "people": self._standing(row)}
        return words.ALERT_ONE.format(now=now, **said)

    def _standing(self, row: PatrolSlot) -> str:
        people = on_duty(self._session, Home(row.chat, row.unit), row.post)[:MOST_NAMED]
        return words.STANDING.format(people="、".join(people)) if people else words.NOBODY

    def _first(self, what: str, row: PatrolSlot) -> bool:
        key = f"patrol|{what}|{row.plan_id}|{row.due_at.isoformat()}"
        return nudges.first_time(self._session, key, self._now)

    def _clock(self, moment: datetime) -> str:
        return times.clock(moment.astimezone(self._zone), self._now.date())


def job(desk: Desk, rules: PatrolRules, zone: ZoneInfo) -> Job:
    """The job, for the scheduler."""

    def compose(uow: UnitOfWork, _target: str, _slot: datetime, now: datetime) -> list[Part]:
        job_slots.forget(uow.session, JOB, now - KEEP_SLOTS)
        found = Watch(desk, rules, uow, now.astimezone(zone)).parts()
        return [replace(part, content=text) for part in found if part.channel for text in _split(desk, part)]

    return Job(JOB, trigger({"minute": EVERY}, zone), lambda _session: ("",), MAX_DELAY, compose, frequent=True)


def _split(desk: Desk, part: Part) -> list[str]:
    return desk.split(part.content, part.channel, part.form)
