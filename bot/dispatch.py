"""A batch of messages → effects and answers, inside one transaction. Pure of I/O but for the session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channels.base import Incoming
from bot.context import Context, FactBook, Notice
from bot.router import Route, Routes
from storage.unit_of_work import UnitOfWork


class HandlerFailed(Exception):
    """A handler raised on one message of a batch. The batch is done again without that message's effects."""

    def __init__(self, incoming: Incoming) -> None:
        super().__init__(incoming.key)
        self.incoming = incoming


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of one message."""

    outcome: str
    """Kinds of records and the command, joined by a comma; empty for chatter."""
    answer: str | None
    notices: Sequence[Notice] = ()


class Interpreter(Protocol):
    """Gives messages their meaning. It is told the whole batch first so that it can load what it needs at once."""

    def open(self, book: FactBook, batch: Sequence[Incoming], now: datetime) -> "Interpretation": ...


class Interpretation(Protocol):
    """The interpreter at work on one batch."""

    def read(self, incoming: Incoming) -> tuple[Any, str, str]:
        """(reading, the writer's display name, the chat's unit) of one message, as things stand now in the batch."""

    def changed(self, incoming: Incoming) -> bool:
        """Whether an earlier message of the batch changed how this one reads."""


class Dispatcher:
    """Reads a batch, loads the facts that its handlers declared, and lets them decide one message after the other."""

    def __init__(self, routes: Routes, interpreter: Interpreter, services: Mapping[str, Any]) -> None:
        self._routes = routes
        self._interpreter = interpreter
        self._services = services

    def decide(self, uow: UnitOfWork, batch: Sequence[Incoming], now: datetime) -> list[Decision]:
        """Decisions in the order of `batch`. Raises `HandlerFailed` for the first message whose handler raises."""
        book = FactBook(uow)
        view = self._interpreter.open(book, batch, now)
        contexts = [self._context(view, uow, book, incoming, now) for incoming in batch]
        planned = [(context, self._routes.steps(context.reading)) for context in contexts]
        _load(book, planned)
        decisions = []
        for context, steps in planned:
            if view.changed(context.incoming):
                _read_again(context, view)
                steps = self._routes.steps(context.reading)  # noqa: PLW2901  (the message reads differently now)
            decisions.append(_act(context, steps))
        return decisions

    def _context(
        self, view: Interpretation, uow: UnitOfWork, book: FactBook, incoming: Incoming, now: datetime
    ) -> Context:
        try:
            reading, name, unit = view.read(incoming)
        except Exception as error:
            raise HandlerFailed(incoming) from error
        return Context(incoming, reading, now, name, unit, uow, book, self._services)


def _read_again(context: Context, view: Interpretation) -> None:
    try:
        context.reading, context.name, context.unit = view.read(context.incoming)
    except Exception as error:
        raise HandlerFailed(context.incoming) from error


def _load(book: FactBook, planned: Sequence[tuple[Context, Sequence[tuple[Route, Any]]]]) -> None:
    wanted: dict[Any, list[Any]] = {}
    for context, steps in planned:
        try:
            _want(wanted, context, steps)
        except Exception as error:
            raise HandlerFailed(context.incoming) from error
    for store, keys in wanted.items():
        book.get(store).ensure(keys)


def _want(wanted: dict[Any, list[Any]], context: Context, steps: Sequence[tuple[Route, Any]]) -> None:
    for route, item in steps:
        for store, keys in route.needs.items():
            wanted.setdefault(store, []).extend(keys(context, item))


def _act(context: Context, steps: Sequence[tuple[Route, Any]]) -> Decision:
    reading = context.reading
    answers = []
    try:
        for route, item in steps:
            answer = route.handler(context, item)
            if answer:
                answers.append(answer)
                if item is reading and not reading.records:
                    break
    except Exception as error:
        raise HandlerFailed(context.incoming) from error
    kinds = [record.kind for record in reading.records]
    if reading.command:
        kinds.append(reading.command["name"])
    return Decision(",".join(dict.fromkeys(kinds)), "\n".join(dict.fromkeys(answers)) or None, tuple(context.notices))
