"""Who a name is: the volunteer of the books, where the name belongs to one alone, and the account that speaks."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.context import Context
from handlers.ledger import written_at
from storage.duties import Periods, Who
from storage.organisation import PeopleByName, PersonOfAccount, covers
from storage.tables import Duty
from storage.tables_org import Person

LOOK_BACK = timedelta(days=3)
"""So far back a report may be about a period that is already known."""


def named(_ctx: Context, records: Sequence[Any]) -> list[str]:
    """The people whom records name."""
    return [person for record in records for person in record.fields["people"]]


def writer(ctx: Context, _records: Sequence[Any]) -> list[str]:
    """The writer's account."""
    return [ctx.incoming.sender]


def keys(ctx: Context, person: str) -> tuple[Who, Who | None]:
    """The keys of a person's periods: by name here and, for the writer, by account everywhere."""
    since = written_at(ctx).date() - LOOK_BACK
    own = ("", ctx.incoming.sender, since) if person == ctx.name else None
    return (ctx.incoming.chat, person, since), own


def all_keys(ctx: Context, records: Sequence[Any]) -> list[Who]:
    """The keys of everybody whom records name."""
    return [key for person in named(ctx, records) for key in keys(ctx, person) if key]


def periods(ctx: Context, person: str) -> list[Duty]:
    """A person's periods of the last days, oldest first."""
    return ctx.facts(Periods).of_both(*keys(ctx, person))


def person_id(ctx: Context, name: str) -> int | None:
    """The volunteer that a name means: the writer's own by account, else the only one of that name around here."""
    if name == ctx.name:
        for link in ctx.facts(PersonOfAccount).of(ctx.incoming.sender):
            return link.person_id
    found = ctx.facts(PeopleByName).of(name)
    near = [row for row in found if _near(row, ctx.unit)]
    chosen = near or found
    return chosen[0].id if len(chosen) == 1 else None


def _near(person: Person, unit: str) -> bool:
    """Whether a volunteer belongs to a unit or to one on its way up or down."""
    places = [path for path in (person.unit, person.team) if path]
    return any(covers(path, unit) or covers(unit, path) for path in places) if unit else False
