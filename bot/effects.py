"""What is decided about messages, written down: inbox and outbox rows, and what their callbacks are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.channels.base import Incoming
from bot.clock import Clock
from bot.context import Notice
from bot.dispatch import Decision, Dispatcher
from storage import inbox as rows
from storage import outbox
from storage.tables import Inbox as InboxRow
from storage.tables import Outbox
from storage.unit_of_work import UnitOfWork

MOST_WAITED = 10
"""Messages that have waited for a person and are told with one answer, at most."""
SPARE = 100
"""Bytes beside each of them, for the words around."""
OFFER_LASTS = timedelta(seconds=30)
"""How long a reply waits for the platform's retry before it goes another way: WeCom tries three times at 5 s."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the callback is told: the passive reply, if there is one."""

    reply: str | None = None
    duplicate: bool = False
    sends: bool = False
    """Whether it left something in the outbox for the sender."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What people hear where no channel writes to single members: a notice to one waits until that one writes."""

    yours: str
    """Something waits for the writer."""
    others: str
    """Something waits for somebody else."""
    told: str
    """Stands before what has waited."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """Where answers and notices go. Given by the composition root, which knows the channels."""

    passive_bytes: Callable[[str], int]
    """Channel name → how long a passive reply may be; 0 where there is none."""
    answer_channel: Callable[[Incoming], str]
    """The channel that sends answers which cannot ride in the callback."""
    notice_channel: Callable[[Incoming, Notice], str]
    """The channel that sends notices."""
    failed_answer: str
    """What the sender hears when a handler failed."""
    split: Callable[[str, str, str], list[str]]
    """(text, channel, form) → parts within the channel's limits."""
    waiting: Waiting | None = None
    """None where a channel writes to single members."""


class Decider:
    """Turns decisions into inbox and outbox rows."""

    def __init__(self, session: Session, dispatcher: Dispatcher, addressing: Addressing, clock: Clock) -> None:
        self._session = session
        self._dispatcher = dispatcher
        self._to = addressing
        self._now = clock.now()
        self._uow = UnitOfWork(session)

    def run(self, batch: Sequence[Incoming], guilty: dict[str, str]) -> list[Outcome]:
        known = rows.known(self._session, (incoming.key for incoming in batch))
        fresh = {incoming.key: incoming for incoming in batch if incoming.key not in known}
        sound = [incoming for incoming in fresh.values() if incoming.key not in guilty]
        decisions = dict(zip((i.key for i in sound), self._dispatcher.decide(self._uow, sound, self._now), strict=True))
        outcomes: dict[str, Outcome] = {}
        for key, incoming in fresh.items():
            decision = decisions.get(key) or Decision("", self._to.failed_answer)
            self._keep(incoming, decision, guilty.get(key, ""))
            passive = self._answer(incoming, decision)
            sends = bool(decision.notices) or (decision.answer is not None and passive is None)
            outcomes[key] = Outcome(passive, sends=sends)
        self._uow.finish()
        return [outcomes.get(i.key) or self._again(i) for i in batch]

    def _again(self, incoming: Incoming) -> Outcome:
        row = outbox.offered(self._session, incoming.key)
        return Outcome(row.content if row else None, duplicate=True)

    def _keep(self, incoming: Incoming, decision: Decision, error: str) -> None:
        self._uow.insert(
            InboxRow,
            key=incoming.key,
            channel=incoming.channel,
            chat=incoming.chat,
            chat_type=incoming.chat_type,
            sender=incoming.sender,
            kind=incoming.kind,
            state="failed" if error else "done",
            outcome=decision.outcome[:200],
            error=error,
            received_at=self._now,
            sent_at=incoming.sent_at,
            body=incoming.raw,
        )

    def _answer(self, incoming: Incoming, decision: Decision) -> str | None:
        """Write the answer and the notices to the outbox. Returns what may ride in the callback's response."""
        passive, answer = None, self._with_waiting(incoming, decision)
        if answer:
            room = self._to.passive_bytes(incoming.channel)
            if room and len(answer.encode()) <= room:
                passive = answer
                self._send(incoming, f"reply|{incoming.key}", incoming.channel, answer, offered=True)
            else:
                self._reply(incoming, answer)
        for number, notice in enumerate(decision.notices):
            channel = self._to.notice_channel(incoming, notice)
            for part, text in enumerate(self._to.split(notice.content, channel, notice.form)):
                self._send(incoming, f"{notice.purpose}|{incoming.key}|{number}|{part}", channel, text, notice=notice)
        return passive

    def _with_waiting(self, incoming: Incoming, decision: Decision) -> str | None:
        """The answer, with what has waited for the writer, or with the word that something waits for somebody."""
        to = self._to.waiting
        if to is None:
            return decision.answer
        said = [decision.answer] if decision.answer else []
        if incoming.chat_type == "single":
            room = self._to.passive_bytes(incoming.channel) - len("".join(said).encode())
            waited = self._waited(incoming.sender, room)
            said += [to.told, *waited] if waited else []
        people = {one.chat for one in decision.notices if one.chat_type == "single" and one.form != "file"}
        if people:
            said.append(to.yours if people == {incoming.sender} else to.others)
        return "\n".join(said) or None

    def _waited(self, user: str, room: int) -> list[str]:
        """What has waited for a person, as much as the answer can carry; it is sent with the answer."""
        found = []
        for row in outbox.waits_for(self._session, user, MOST_WAITED):
            room -= len(row.content.encode()) + SPARE
            if room < 0:
                break
            outbox.mark_sent(self._session, row.id, self._now)
            found.append(row.content)
        return found

    def _reply(self, incoming: Incoming, answer: str) -> None:
        channel = self._to.answer_channel(incoming)
        for part, text in enumerate(self._to.split(answer, channel, "markdown")):
            self._send(incoming, f"reply|{incoming.key}|{part}", channel, text)

    def _send(
        self,
        incoming: Incoming,
        key: str,
        channel: str,
        content: str,
        *,
        offered: bool = False,
        notice: Notice | None = None,
    ) -> None:
        self._uow.insert(
            Outbox,
            key=key,
            purpose=notice.purpose if notice else "reply",
            channel=channel,
            chat=notice.chat if notice else incoming.chat,
            chat_type=notice.chat_type if notice else incoming.chat_type,
            form=notice.form if notice else "markdown",
            content=content,
            mentions=None,
            media=(notice.media or None) if notice else None,
            file_name=notice.file_name if notice else "",
            response_url=None if notice else incoming.response_url or None,
            message_key=None if notice else incoming.key,
            state="offered" if offered else "pending",
            attempts=0,
            not_before=self._now + (OFFER_LASTS if offered else notice.delay if notice else timedelta(0)),
            created_at=self._now,
            sent_at=None,
            error="",
        )
