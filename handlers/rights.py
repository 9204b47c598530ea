"""Who may do what, in one place. A role holds within a unit and below; a refusal says whom to ask.

Somebody without a role who writes in a bound group is a volunteer until somebody says otherwise. Where nobody in charge
is known at all, whoever is there first may bind, plan and lead a call: a village has a group before it has named
anybody. Nobody names others, or proves hours, that way.
"""

from collections.abc import Mapping
from enum import IntEnum

from sqlalchemy.orm import Session

from bot.context import Context
from handlers import texts_duty
from handlers.duty_rules import rules
from storage import chats, organisation
from storage.chats import Accounts
from storage.tables import RecordRow
from storage.tables_org import Role


class Rank(IntEnum):
    """Roles in ascending order."""

    VOLUNTEER = 0
    LEAD = 1
    COORDINATOR = 2
    ADMINISTRATOR = 3


ROLES: Mapping[str, Rank] = {"lead": Rank.LEAD, "coordinator": Rank.COORDINATOR, "administrator": Rank.ADMINISTRATOR}
"""Names of roles in the books."""
RIGHTS: Mapping[str, Rank] = {
    "report": Rank.VOLUNTEER,  # 到岗, 离岗, figures, rounds, for oneself and for colleagues
    "sign_up": Rank.VOLUNTEER,
    "call_up": Rank.VOLUNTEER,  # need is told by whoever sees it
    "swap_own": Rank.VOLUNTEER,
    "plan": Rank.LEAD,
    "swap_any": Rank.LEAD,
    "approve": Rank.LEAD,
    "confirm_hours": Rank.LEAD,
    "manage_call_up": Rank.LEAD,  # and whoever called
    "certificate_any": Rank.LEAD,
    "patrol_plan": Rank.LEAD,
    "assign_finding": Rank.LEAD,  # to others; anybody takes one on themselves
    "recheck": Rank.LEAD,  # and whoever found it; nobody re-checks their own work
    "issue_pass": Rank.VOLUNTEER,  # whoever stands at the gate hands them out
    "void_pass": Rank.LEAD,  # and whoever issued it
    "see_gate": Rank.LEAD,  # who came through, whole
    "allocate": Rank.LEAD,  # scarce goods
    "notify": Rank.COORDINATOR,
    "change_any": Rank.COORDINATOR,
    "bind": Rank.COORDINATOR,
    "name_lead": Rank.COORDINATOR,
    "name_coordinator": Rank.COORDINATOR,
    "name_administrator": Rank.ADMINISTRATOR,
}
"""Action → the least role."""
FREE = frozenset(
    {"bind", "void_pass", "plan", "swap_any", "manage_call_up", "patrol_plan", "assign_finding", "recheck"}
)
"""What anybody may do where nobody in charge is known."""
TRUSTED = ("config", "directory")
"""Where a display name must come from for a role that was given to a name: what somebody says of themselves proves
nothing.
"""


def rank(ctx: Context, unit: str | None = None, post: str = "") -> Rank:
    """The writer's role over a unit (by default the chat's), or over one post of it."""
    here = ctx.unit if unit is None else unit
    if ctx.incoming.sender in rules(ctx).administrators:
        return Rank.ADMINISTRATOR
    found = [Rank.VOLUNTEER]
    if ctx.incoming.sender in _coordinators(ctx, here):
        found.append(Rank.COORDINATOR)
    name = _trusted_name(ctx)
    roles = organisation.roles_of(ctx.uow.session, ctx.incoming.sender, name, here)
    found += [ROLES[role.role] for role in roles if not role.post or role.post == post or not post]
    if post and name and _leads(ctx.uow.session, name, here, post):
        found.append(Rank.LEAD)
    return max(found)


def _coordinators(ctx: Context, unit: str) -> list[str]:
    """User ids that the configuration names for this chat, and for groups whose unit is this one or above it."""
    groups = ctx.services.get("groups", {})
    over = [chat for chat, place in groups.items() if place and unit and organisation.covers(place, unit)]
    if unit == ctx.unit or not ctx.unit or organisation.covers(ctx.unit, unit):
        over.insert(0, ctx.incoming.chat)
    return list(dict.fromkeys(user for chat in over for user in ctx.services["coordinators"](chat)))


def _trusted_name(ctx: Context) -> str:
    account = ctx.facts(Accounts).get(ctx.incoming.sender)
    return account.name if account is not None and account.source in TRUSTED else ""


def _leads(session: Session, name: str, unit: str, post: str) -> bool:
    found = organisation.post(session, unit, post)
    return found is not None and found.lead == name


def may(ctx: Context, action: str, unit: str | None = None, post: str = "") -> bool:
    """Whether the writer may do `action` in a unit, or where nobody is known who could allow it."""
    least = RIGHTS[action]
    if least is Rank.VOLUNTEER or rank(ctx, unit, post) >= least:
        return True
    return action in FREE and not in_charge(ctx, Rank.LEAD, unit)


def refusal(ctx: Context, action: str, unit: str | None = None) -> str:
    """Why not, and whom to ask: those who may, else those in charge here, who know further."""
    return texts_duty.refused(action, in_charge(ctx, RIGHTS[action], unit) or in_charge(ctx, Rank.LEAD, unit))


def in_charge(ctx: Context, least: Rank, unit: str | None = None) -> list[str]:
    """Names of those who have at least this role over a unit, the nearest first; ids where no name is known."""
    here = ctx.unit if unit is None else unit
    session = ctx.uow.session
    roles = [role for role in organisation.roles_over(session, here) if ROLES[role.role] >= least]
    users = _coordinators(ctx, here) if least <= Rank.COORDINATOR else []
    users += rules(ctx).administrators
    known = chats.load_accounts(session, users)
    named = [known[user].name for user in users if user in known and known[user].name]
    return list(dict.fromkeys([*(role.name for role in roles), *named])) or list(dict.fromkeys(users))


def in_charge_accounts(session: Session, configured: tuple[str, ...], unit: str, least: Rank = Rank.LEAD) -> list[str]:
    """User ids of those in charge of a unit: for messages to them. The nearest come first."""
    users = [_account(session, role) for role in organisation.roles_over(session, unit) if ROLES[role.role] >= least]
    return list(dict.fromkeys([*(user for user in users if user), *configured]))


def _account(session: Session, role: Role) -> str:
    if role.user_id:
        return role.user_id
    found = [row for row in organisation.accounts_named(session, role.name) if row.source in TRUSTED]
    return found[0].user_id if len(found) == 1 else ""


def is_coordinator(ctx: Context) -> bool:
    """Whether the configuration names the writer as a coordinator of the chat."""
    return ctx.incoming.sender in ctx.services["coordinators"](ctx.incoming.chat)


def may_change(ctx: Context, row: RecordRow) -> bool:
    """A record is changed by whoever reported it, by a coordinator of its unit, or by somebody of the same chat about a
    person who is named in it: a colleague signs for a colleague.
    """
    if row.sender == ctx.incoming.sender or is_coordinator(ctx):
        return True
    named = [*row.fields.get("people", ()), row.fields.get("by"), row.fields.get("person"), row.fields.get("name")]
    if row.chat == ctx.incoming.chat and ctx.name in named:
        return True
    return rank(ctx, row.unit) >= RIGHTS["change_any"]
