"""The interpreter: who wrote, for which unit, what the bot had asked them, and what the text says in that light."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.channels.base import Incoming
from bot.context import FactBook
from handlers import language
from handlers.form_books import answers as form_answers
from handlers.gate import orders as gate_orders
from handlers.language.form_book import FormBook
from handlers.language.types import Message, Question, Reading
from handlers.understanding import unasked, understand
from storage.chats import Accounts, Chats
from storage.fresh import fresh
from storage.questions import Questions
from storage.tables import Account, Chat, PendingQuestion

ANSWER_WITHIN = timedelta(minutes=30)
"""How long a question waits for its answer (issue: per person and chat, also after a restart)."""
READABLE = frozenset({"text", "voice", "mixed"})
MOST_REMEMBERED = 50_000
"""Names of writers that are kept in memory."""


ReadAll = Callable[[Sequence[Message]], list[Reading]]


def one_by_one(messages: Sequence[Message]) -> list[Reading]:
    """Read texts here, one after the other."""
    return [unasked(message) for message in messages]


class Intake:
    """Reads messages. `units` binds chats by configuration, `members` names people, `bot_names` the bot by channel."""

    def __init__(
        self,
        units: Mapping[str, str],
        members: Mapping[str, str],
        bot_names: Callable[[str], tuple[str, ...]],
        read_all: ReadAll = one_by_one,
        read_ahead: Callable[[Message], None] = lambda _message: None,
        forms: FormBook | None = None,
    ) -> None:
        self._units = units
        self._members = members
        self._bot_names = bot_names
        self._forms = forms
        self.read_all = read_all
        """Reads the texts of a batch; the composition root may give one that uses a second core."""
        self._read_ahead = read_ahead
        self._last_names: dict[str, str] = {}
        self._last_units: dict[str, str] = {}
        """By writer and by chat, as they were met last."""

    def open(self, book: FactBook, batch: Sequence[Incoming], now: datetime) -> "BatchReader":
        """Load what is known about the chats and writers of a batch, one query each."""
        return BatchReader(self, book, batch, now)

    def expect(self, incoming: Incoming) -> None:
        """A message waits for its batch: it may be read meanwhile, as if its writer and its chat were what they were.
        Where they are not, its batch reads it itself.
        """
        if incoming.kind in READABLE and incoming.arrived_at is not None:
            name = self._last_names.get(incoming.sender) or self.name(incoming, None)
            unit = self._last_units.get(incoming.chat) or self.unit(incoming.chat, None)
            self._read_ahead(self.message(incoming, name, unit, incoming.arrived_at))

    def met(self, incoming: Incoming, name: str, unit: str) -> None:
        """Remember who wrote, and for which unit."""
        if len(self._last_names) > MOST_REMEMBERED:
            self._last_names.clear()
        self._last_names[incoming.sender], self._last_units[incoming.chat] = name, unit

    def unit(self, chat: str, row: Chat | None) -> str:
        """A binding made in the chat wins over the configuration's."""
        return row.unit if row is not None and row.unit else self._units.get(chat, "")

    def name(self, incoming: Incoming, row: Account | None) -> str:
        """What a person said of themselves, then the configuration, then the directory, then the bare id."""
        own = row.name if row is not None and row.source == "self" else ""
        known = row.name if row is not None else ""
        return own or self._members.get(incoming.sender) or incoming.extra.get("name") or known or incoming.sender

    def message(self, incoming: Incoming, name: str, unit: str, now: datetime) -> Message:
        """The message as the language reads it."""
        written = incoming.sent_at or incoming.arrived_at
        at = written.astimezone(now.tzinfo) if written else now
        return Message(
            text=incoming.text,
            sent_at=at,
            sender=name,
            place=unit or None,
            chat_type=incoming.chat_type,
            bot_names=self._bot_names(incoming.channel),
            quote=incoming.quote,
            forms=self._forms,
        )


class BatchReader:
    """The interpreter at work on one batch."""

    def __init__(self, intake: Intake, book: FactBook, batch: Sequence[Incoming], now: datetime) -> None:
        self._intake = intake
        self._book = book
        self._now = now
        self._chats, self._accounts, self._questions = book.get(Chats), book.get(Accounts), book.get(Questions)
        self._chats.ensure(i.chat for i in batch)
        self._accounts.ensure(i.sender for i in batch)
        self._questions.ensure((i.chat, i.sender) for i in batch)
        for incoming in batch:
            self._met_chat(incoming)
            self._met_account(incoming)
        self._begun: dict[str, tuple[Message, str, str]] = {i.key: self._message(i) for i in batch}
        self._prepared = self._prepare([self._begun[i.key][0] for i in batch if i.kind in READABLE])

    def read(self, incoming: Incoming) -> tuple[Reading, str, str]:
        """(reading, writer's name, unit) as things stand now."""
        begun = self._begun.pop(incoming.key, None)
        message, name, unit = begun if begun is not None else self._message(incoming)
        if incoming.kind not in READABLE:
            return Reading(), name, unit
        asked = self._asked(incoming)
        if asked is not None and asked.kind == form_answers.KIND:
            reading = gate_orders.ordered(form_answers.answering(understand(message), asked), message.sent_at)
        else:
            reading = self._prepared.get(message) or unasked(message)
        if not reading.records and reading.command is None:
            reading = self._completed(incoming, message) or reading
        return reading, name, unit

    def _prepare(self, messages: Sequence[Message]) -> dict[Message, Reading]:
        """The readings of a batch, as things stand at its beginning. A fault is met again at its own message."""
        try:
            return dict(zip(messages, self._intake.read_all(messages), strict=True))
        except Exception:  # noqa: BLE001  (whatever it is, `read` raises it once more, for the guilty message alone)
            return {}

    def _message(self, incoming: Incoming) -> tuple[Message, str, str]:
        """(message, writer's name, unit) as things stand now."""
        chat, account = self._chats.get(incoming.chat), self._accounts.get(incoming.sender)
        name, unit = self._intake.name(incoming, account), self._intake.unit(incoming.chat, chat)
        self._intake.met(incoming, name, unit)
        return self._intake.message(incoming, name, unit, self._now), name, unit

    def changed(self, incoming: Incoming) -> bool:
        """Whether an earlier message of the batch bound the chat, named the writer, or made the bot ask them."""
        touched = {incoming.chat, incoming.sender, (incoming.chat, incoming.sender)}
        return not touched.isdisjoint(self._book.marks)

    def _met_chat(self, incoming: Incoming) -> None:
        if self._chats.get(incoming.chat) is None:
            told = {"chat": incoming.chat, "channel": incoming.channel, "chat_type": incoming.chat_type}
            self._chats.add(incoming.chat, fresh(Chat, **told, unit="", bound_by="", seen_at=self._now))

    def _met_account(self, incoming: Incoming) -> None:
        account = self._accounts.get(incoming.sender)
        told = str(incoming.extra.get("name", ""))
        if account is None:
            account = fresh(Account, user_id=incoming.sender, name="", source="", seen_at=self._now)
            self._accounts.add(incoming.sender, account)
        if told and account.source != "self" and account.name != told:
            self._accounts.rename(incoming.sender, told, "directory")

    def _asked(self, incoming: Incoming) -> PendingQuestion | None:
        """The question that the writer was asked here and may still answer."""
        asked = self._questions.get((incoming.chat, incoming.sender))
        return None if asked is None or self._now - asked.asked_at > ANSWER_WITHIN else asked

    def _completed(self, incoming: Incoming, message: Message) -> Reading | None:
        """What the message says as the answer to the bot's last question, or None."""
        asked = self._asked(incoming)
        if asked is None:
            return None
        question = Question(asked.kind, asked.field, asked.understood)
        reading = language.complete(question, message, asked.text, asked.ref)
        return replace(reading, addressed=True) if reading is not None else None
