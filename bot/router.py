"""Which handler gets a record or a command. Each feature has one Router; `handlers.ROUTERS` lists them in order of
priority.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from bot.context import Context
from storage.facts import Facts

Handler = Callable[[Context, Any], "str | None"]
"""Gets what it was registered for: a list of neighbouring records of its kinds, a command, or a reading in which
nothing was
found. Returns Markdown lines of the answer, or None for silence."""
Keys = Callable[[Context, Any], Iterable[Any]]
Needs = Mapping[type[Facts[Any, Any]], Keys]
"""Store → which of its keys this handler will ask for. Loaded for the whole batch before the first handler runs."""


@dataclass(frozen=True, slots=True)
class Route:
    """A handler and the facts that it needs."""

    router: str
    handler: Handler
    needs: Needs = field(default_factory=dict)


class Router:
    """The handlers of one feature."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.records: dict[str, Route] = {}
        self.commands: dict[str, Route] = {}
        self.questions: list[Route] = []
        self.afterwards: list[Route] = []

    def record(self, *kinds: str, needs: Needs | None = None) -> Callable[[Handler], Handler]:
        """Handle records of these kinds. Neighbours of a message that share a handler come together, as a list."""
        return self._into(self.records, kinds, needs)

    def command(self, *names: str, needs: Needs | None = None) -> Callable[[Handler], Handler]:
        """Handle commands of these names."""
        return self._into(self.commands, names, needs)

    def otherwise(self, handler: Handler) -> Handler:
        """Handle messages in which nothing was read. The first that answers wins; it is given the message's reading."""
        self.questions.append(Route(self.name, handler))
        return handler

    def afterwards_too(self, handler: Handler) -> Handler:
        """Handle every message in which records or a command were read, after everything else; given the reading."""
        self.afterwards.append(Route(self.name, handler))
        return handler

    def _into(self, table: dict[str, Route], names: Sequence[str], needs: Needs | None) -> Callable[[Handler], Handler]:
        def register(handler: Handler) -> Handler:
            for name in names:
                if name in table:
                    raise ValueError(f"router {self.name} handles {name} twice")
                table[name] = Route(self.name, handler, needs or {})
            return handler

        return register


class Routes:
    """All routers joined: earlier ones win."""

    def __init__(self, routers: Sequence[Router]) -> None:
        self._records: dict[str, Route] = {}
        self._commands: dict[str, Route] = {}
        self._questions: list[Route] = []
        self._afterwards: list[Route] = []
        for router in routers:
            self._records = router.records | self._records
            self._commands = router.commands | self._commands
            self._questions += router.questions
            self._afterwards += router.afterwards

    def steps(self, reading: Any) -> list[tuple[Route, Any]]:
        """The handlers that a reading calls for, each with its record or command, in the order of the text."""
        known = (record for record in reading.records if record.kind in self._records)
        grouped = groupby(known, key=lambda record: self._records[record.kind].handler)
        steps: list[tuple[Route, Any]] = []
        for _, group in grouped:
            records = list(group)
            steps.append((self._records[records[0].kind], records))
        command = reading.command
        if command and command["name"] in self._commands:
            steps.append((self._commands[command["name"]], command))
        more = self._afterwards if steps else self._questions
        return steps + [(route, reading) for route in more]
