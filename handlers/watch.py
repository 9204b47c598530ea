"""What is due by itself around duty and calls: reminders, questions about forgotten check-outs, gaps, lists, musters.

One job looks every few minutes. What it says, it says once: a unique key for each message decides. People are spoken to
alone; a group hears numbers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.scheduler import Job, Part, trigger
from handlers import call_lists, duty_gaps, plans, rights, shifts, texts_callup, texts_duty, times
from handlers.duty_rules import DutyRules
from handlers.shifts import Slot
from storage import callups, chats, duties, nudges, organisation, rosters, slots
from storage.records import Scope
from storage.tables import Duty
from storage.unit_of_work import UnitOfWork

JOB = "duty-watch"
EVERY = "*/5"
"""Minutes of the hour at which the job looks."""
MAX_DELAY = timedelta(minutes=15)
KEEP_SLOTS = timedelta(days=2)
KEEP_NUDGES = timedelta(days=7)
HOUR = timedelta(hours=1)
LATEST = timedelta(hours=3)
"""So long after its beginning somebody is still asked after."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What the job needs of the service."""

    rules: DutyRules
    group: Callable[[str], str]
    """Chat id → the channel that posts there."""
    single: Callable[[], str]
    """The channel that writes to single members; empty where there is none."""
    coordinators: Callable[[str], tuple[str, ...]]
    units: Mapping[str, str]
    """Chat id → unit, as configured; what was bound in the chat wins."""
    split: Callable[[str, str, str], list[str]]
    """(text, channel, form) → parts within the channel's limits."""


class Watch:
    """One look: everything that is to be said now."""

    def __init__(self, desk: Desk, uow: UnitOfWork, now: datetime) -> None:
        self._desk = desk
        self._law = desk.rules
        self._session = uow.session
        self._now = now

    def parts(self) -> list[Part]:
        """Everything that is due, in order; what it changes is in the session."""
        found = [*self._plans(), *self._forgotten(), *self._calls()]
        nudges.forget(self._session, self._now - KEEP_NUDGES)
        return found

    # -- plans -----------------------------------------------------------------------------------------------

    def _plans(self) -> Iterator[Part]:
        bound = chats.bound(self._session)
        units = {**self._desk.units, **bound}
        manned = {post.unit for post in organisation.posts(self._session, "") if post.starts is not None}
        planned = rosters.chats_with_plans(self._session, self._now.date() - timedelta(days=1))
        of_posts = [chat for chat, unit in units.items() if unit in manned]
        for chat in dict.fromkeys([*planned, *of_posts]):
            view = plans.view(self._session, Scope(chat=chat), self._now, units.get(chat, ""))
            for slot in view.coming(self._law.remind_before):
                yield from self._remind(chat, slot)
            for slot in view.coming(self._law.gaps_within):
                yield from self._gap_ahead(chat, slot)
            for slot in view.running:
                yield from self._late(chat, slot, view)
            yield from self._empty(chat, view)

    def _remind(self, chat: str, slot: Slot) -> Iterator[Part]:
        shift = self._words(slot)
        known = organisation.accounts(self._session, slot.people)
        unknown = []
        for person in slot.people:
            if not self._once("remind", slot, person):
                continue
            if known.get(person) and self._desk.single():
                yield self._to(known[person], texts_duty.REMIND.format(name=person, shift=shift))
            else:
                unknown.append(person)
        if unknown:
            yield self._post(chat, texts_duty.REMIND_GROUP.format(shift=shift, people="、".join(unknown)))

    def _gap_ahead(self, chat: str, slot: Slot) -> Iterator[Part]:
        if slot.short and slot.least > 0 and self._once("gap", slot, str(slot.short)):
            yield self._post(chat, texts_duty.GAP_AHEAD.format(shift=self._words(slot), short=slot.short))

    def _late(self, chat: str, slot: Slot, view: plans.View) -> Iterator[Part]:
        if self._now - slot.starts > LATEST:
            return
        state = shifts.standing(slot, view.known, self._now, self._law.late_after)
        missing = [person for person in state.missing if self._once("late", slot, person)]
        if not missing:
            return
        shift = self._words(slot)
        known = organisation.accounts(self._session, missing)
        for person, user in known.items():
            yield self._to(user, texts_duty.LATE_PERSON.format(name=person, shift=shift, post=slot.post))
        reached = texts_duty.LATE_TOLD if len(known) == len(missing) else ""
        told = texts_duty.LATE_LEAD.format(shift=shift, people="、".join(missing), told=reached)
        yield from (self._to(user, told) for user in self._in_charge(chat) if user not in known.values())

    def _empty(self, chat: str, view: plans.View) -> Iterator[Part]:
        """A post that is to be manned now and is not: the group is asked, nobody is named."""
        windows = duty_gaps.windows_today(view, self._now.tzinfo)
        for place, spans_ in windows.items():
            post = place[1]
            for window in spans_:
                if not window[0] <= self._now < window[1]:
                    continue
                open_gaps = shifts.uncovered(view.known.posts[place], window, self._now)
                if not open_gaps or open_gaps[-1][1] < self._now:
                    continue
                start = open_gaps[-1][0].astimezone(self._now.tzinfo)
                late = self._now - start
                key = f"empty|{chat}|{post}|{start.isoformat()}"
                if self._law.late_after <= late and nudges.first_time(self._session, key, self._now):
                    since = times.clock(start, self._now.date())
                    yield self._post(chat, texts_duty.EMPTY_POST.format(post=post or "值守", since=since))

    # -- forgotten check-outs --------------------------------------------------------------------------------

    def _forgotten(self) -> Iterator[Part]:
        soonest = self._now - min(self._law.ask_after, self._law.grace)
        for period in duties.forgotten(self._session, soonest):
            if period.asked_at is None:
                if self._is_forgotten(period):
                    yield from self._ask(period)
            elif self._now - period.asked_at >= self._law.close_after:
                period.state = "unreported"

    def _is_forgotten(self, period: Duty) -> bool:
        if period.starts_at is None:
            return False
        if period.planned_end is not None and period.planned_end > period.starts_at:
            return self._now >= period.planned_end + self._law.grace
        return self._now - period.starts_at >= self._law.ask_after

    def _ask(self, period: Duty) -> Iterator[Part]:
        period.asked_at = self._now
        start = times.clock(period.starts_at.astimezone(self._now.tzinfo), self._now.date()) if period.starts_at else ""
        words = {"name": period.person, "start": start, "post": period.post}
        text = texts_duty.ASK_OUT.format(hours=times.plain(self._law.close_after / HOUR), **words)
        user = period.account or period.sender
        if user and self._desk.single():
            yield self._to(user, text)

    # -- calls -----------------------------------------------------------------------------------------------

    def _calls(self) -> Iterator[Part]:
        for call in callups.going_on(self._session):
            found = call_lists.of(call, callups.sign_ups(self._session, call.id))
            if call.deadline is not None and self._now >= call.deadline and self._first("deadline", call.ref):
                yield from self._closed(found)
            changed = found.count != call.shown
            if call.state == "open" and changed and self._now - call.shown_at >= self._law.board_every:
                call.shown, call.shown_at = found.count, self._now
                yield self._post(call.chat, call_lists.board(found, self._now))
            if call.starts_at is not None and self._now >= call.starts_at and self._first("muster", call.ref):
                yield from self._muster(found)

    def _closed(self, found: call_lists.List) -> Iterator[Part]:
        """The time to sign up is over: whoever called hears it, and the group."""
        call, board = found.call, call_lists.board(found, self._now)
        call.shown, call.shown_at = found.count, self._now
        if self._desk.single():
            yield self._to(call.sender, board)
        if call.chat != call.sender:
            yield self._post(call.chat, board)

    def _muster(self, found: call_lists.List) -> Iterator[Part]:
        call = found.call
        if call.mustered_at is not None or not found.placed or self._now - call.opened_at < timedelta(minutes=1):
            return
        absent = [row.person for row, _ in found.going if not row.arrived]
        counts, at = (found.arrived, found.placed), times.clock(self._now, self._now.date())
        yield self._post(call.chat, texts_callup.mustered(call.ref, counts, at, absent, group=True))
        if absent and self._desk.single():
            yield self._to(call.sender, texts_callup.mustered(call.ref, counts, at, absent, group=False))

    # -- saying ----------------------------------------------------------------------------------------------

    def _words(self, slot: Slot) -> str:
        return texts_duty.shift_words(slot, self._now.date())

    def _once(self, what: str, slot: Slot, about: str) -> bool:
        return self._first(what, f"{slot.ref}|{slot.day.isoformat()}|{about}")

    def _first(self, what: str, about: str) -> bool:
        return nudges.first_time(self._session, f"{what}|{about}", self._now)

    def _in_charge(self, chat: str) -> Sequence[str]:
        met = chats.load_chats(self._session, [chat]).get(chat)
        unit = (met.unit if met else "") or self._desk.units.get(chat, "")
        return rights.in_charge_accounts(self._session, self._desk.coordinators(chat), unit)[:3]

    def _post(self, chat: str, text: str) -> Part:
        met = chats.load_chats(self._session, [chat]).get(chat)
        if met is not None and met.chat_type == "single":
            return self._to(chat, text)
        return Part(self._desk.group(chat), chat, "markdown", text, purpose="notice")

    def _to(self, user: str, text: str) -> Part:
        return Part(self._desk.single(), user, "markdown", text, chat_type="single", purpose="notice")


def job(desk: Desk, zone: ZoneInfo) -> Job:
    """The job, for the scheduler."""

    def compose(uow: UnitOfWork, _target: str, _slot: datetime, now: datetime) -> list[Part]:
        slots.forget(uow.session, JOB, now - KEEP_SLOTS)
        found = Watch(desk, uow, now.astimezone(zone)).parts()
        return [replace(part, content=text) for part in found if part.channel for text in _split(desk, part)]

    return Job(JOB, trigger({"minute": EVERY}, zone), lambda _session: ("",), MAX_DELAY, compose, frequent=True)


def _split(desk: Desk, part: Part) -> list[str]:
    return desk.split(part.content, part.channel, part.form)
