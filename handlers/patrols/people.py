"""For which group somebody speaks of rounds, who stands there, who is in charge there."""

from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from bot.context import Context
from handlers import rights, shifts
from handlers.cases.people import Home, all_homes, home
from handlers.ledger import in_group
from storage import duties, organisation
from storage.records import Scope
from storage.tables_patrols import Finding

MOST_ON_DUTY = 50
MOST_TOLD = 3


def where(ctx: Context) -> Home:
    """The group itself; in a single chat the writer's group, the only one there is, else the chat."""
    found = home(ctx)
    if found.chat:
        return found
    known = all_homes(ctx)
    return known[0] if len(known) == 1 else Home(ctx.incoming.chat, ctx.unit)


def is_lost(ctx: Context, at: Home) -> bool:
    """Whether nobody would ever see what is told there: a single chat of somebody whose group is not known."""
    return not in_group(ctx) and at.chat == ctx.incoming.chat and bool(all_homes(ctx))


def scope(at: Home) -> Scope:
    """What belongs to a group: its unit with everything below, or the chat alone."""
    return Scope(unit=at.unit or None, chat=None if at.unit else at.chat)


def on_duty(session: Session, at: Home, post: str) -> list[str]:
    """Who is on duty at a post now."""
    rows = duties.on_duty(session, scope(at), MOST_ON_DUTY)
    return list(dict.fromkeys(row[2] for row in rows if shifts.same_post(row[1], post)))


def own_post(ctx: Context, at: Home) -> str:
    """Where the writer is on duty now; empty where nobody said."""
    rows = duties.on_duty(ctx.uow.session, scope(at), MOST_ON_DUTY)
    return next((row[1] for row in rows if row[2] == ctx.name and row[1]), "")


def in_charge(session: Session, configured: tuple[str, ...], unit: str, post: str) -> Sequence[str]:
    """User ids of those who hear of a post: whoever leads it, then those in charge of its unit."""
    found = organisation.post(session, unit, post) if post else None
    lead = organisation.accounts(session, [found.lead]).values() if found is not None and found.lead else ()
    return list(dict.fromkeys([*lead, *rights.in_charge_accounts(session, configured, unit)]))[:MOST_TOLD]


def may_see(ctx: Context, finding: Finding, at: Home) -> bool:
    """Whether a finding is the business of whoever writes: of the group, found by them, or given to them."""
    inside = bool(at.unit) and organisation.covers(at.unit, finding.unit)
    return finding.chat == at.chat or inside or finding.sender == ctx.incoming.sender or finding.assignee == ctx.name


def accounts(session: Session, names: Iterable[str]) -> dict[str, str]:
    """User id by name, where it is known and only one has it."""
    return organisation.accounts(session, [name for name in names if name])
