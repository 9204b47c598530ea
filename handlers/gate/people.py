"""For which gate somebody acts, who leads the post, who may see what."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context import Context
from handlers import rights
from handlers.cases.people import Home, home
from handlers.ledger import in_group
from handlers.shifts import same_post
from storage import organisation
from storage.records import Scope
from storage.tables import Duty

MOST_TOLD = 3


def place(ctx: Context) -> Home:
    """The group and unit on whose behalf a message speaks; what it makes belongs there, also from a single chat."""
    ctx.uow.flush()
    at = home(ctx)
    ctx.unit = at.unit or ctx.unit
    return Home(at.chat or ctx.incoming.chat, ctx.unit)


def knows_place(ctx: Context) -> bool:
    """Whether it is known for which group somebody speaks: in the group itself, or as one who works there."""
    at = place(ctx)
    return in_group(ctx) or bool(at.unit) or at.chat != ctx.incoming.chat


def scope(at: Home, *, below: bool = True) -> Scope:
    """The rows of a place: of its unit with what lies below it, or of its chat."""
    return Scope(unit=at.unit or None, chat=None if at.unit and below else at.chat)


def post_of(session: Session, at: Home, account: str, name: str) -> str:
    """Where the writer stands: the post of the open period of duty, empty where there is none."""
    query = select(Duty).where(Duty.chat == at.chat, Duty.state == "open", Duty.post != "")
    rows = session.scalars(query.order_by(Duty.id.desc()).limit(200))
    return next((row.post for row in rows if account in {row.account, row.sender} and name == row.person), "")


def leads_of_post(ctx: Context, at: Home, post: str) -> list[str]:
    """User ids of those who lead a post; where nobody does, those in charge of the unit, the nearest first."""
    session = ctx.uow.session
    named = _named_for(session, at.unit, post) if post else []
    if named:
        return named
    return rights.in_charge_accounts(session, ctx.services["coordinators"](at.chat), at.unit)[:MOST_TOLD]


def _named_for(session: Session, unit: str, post: str) -> list[str]:
    roles = [role for role in organisation.roles_over(session, unit) if role.post and same_post(role.post, post)]
    users = [role.user_id or _account(session, role.name) for role in roles]
    known = organisation.post(session, unit, post)
    if known is not None and known.lead:
        users.append(_account(session, known.lead))
    return list(dict.fromkeys(user for user in users if user))


def _account(session: Session, name: str) -> str:
    found = [row for row in organisation.accounts_named(session, name) if row.source in rights.TRUSTED]
    return found[0].user_id if len(found) == 1 else ""


def may_see(ctx: Context, at: Home) -> bool:
    """Whether the writer may see everything about those who came through."""
    return rights.may(ctx, "see_gate", at.unit)


def accounts_in_charge(session: Session, configured: Sequence[str], unit: str) -> list[str]:
    """Whom a job tells."""
    return rights.in_charge_accounts(session, tuple(configured), unit)[:MOST_TOLD]
