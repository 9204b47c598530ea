"""For whom somebody acts, who is responsible, and who may: the one place where returnees touch roles and units."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.context import Context
from handlers.cases.settings import Settings
from handlers.rights import Rank, in_charge_accounts, rank
from storage import cases
from storage.cases import BoundGroups
from storage.chats import Accounts, load_accounts
from storage.tables import Returnee

LEVELS = ("district", "township", "community")


@dataclass(frozen=True, slots=True)
class Home:
    """A group and the unit on whose behalf it works. Both are empty for somebody who belongs nowhere yet."""

    chat: str = ""
    unit: str = ""

    def reaches(self, case: Returnee) -> bool:
        """Whether a case is the business of this group: its own chat's, its unit's, or nobody's yet."""
        if case.chat == self.chat:
            return True
        if not case.unit:
            return case.chat == case.reporter  # from a single chat, when there was no group yet
        return bool(self.unit) and (case.unit == self.unit or case.unit.startswith(self.unit + "/"))


def settings_of(services: Mapping[str, Any]) -> Settings:
    """The rules about returnees."""
    return services.get("returnees") or Settings()


def homes(services: Mapping[str, Any], bound: Iterable[Any]) -> list[Home]:
    """All groups: as configured, and as bound in the chat, which wins."""
    known: dict[str, str] = dict(services.get("groups", {}))
    known |= {row.chat: row.unit for row in bound}
    return [Home(chat, unit) for chat, unit in sorted(known.items())]


def all_homes(ctx: Context) -> list[Home]:
    """`homes` within a batch."""
    return homes(ctx.services, ctx.facts(BoundGroups).of(""))


def home_of_unit(known: Sequence[Home], unit: str) -> Home | None:
    """The group that works for a unit: its own, else that of the nearest unit above."""
    fitting = [home for home in known if home.unit and (unit == home.unit or unit.startswith(home.unit + "/"))]
    return max(fitting, key=lambda home: len(home.unit), default=None)


def home_by_name(known: Sequence[Home], name: str) -> Home | None:
    """The group of the unit that people call `name` (沙河镇, 沙河): the highest one so called."""
    plain = name.strip("/ ")
    for home in sorted(known, key=lambda one: one.unit.count("/")):
        last = home.unit.rsplit("/", 1)[-1]
        if plain in {home.unit, last} or (len(plain) > 1 and plain == last[:-1]):
            return home
    return None


def home_of_address(known: Sequence[Home], fields: Mapping[str, Any]) -> Home | None:
    """The group of the smallest unit that an address names; else one of the same district or township; else the
    highest one there is, which sends on what is not its own: nobody who registers is left without a group.
    """
    named = {fields[level] for level in LEVELS if fields.get(level)}

    def fit(one: Home) -> tuple[bool, int, int]:
        parts = one.unit.split("/")
        return parts[-1] in named, len(named.intersection(parts)), -len(parts)

    return max((one for one in known if one.unit), key=fit, default=next(iter(known), None))


def home(ctx: Context) -> Home:
    """For whom the writer acts: the group itself; in a single chat the group that they lead, else the last one in
    which they reported something.
    """
    if ctx.incoming.chat_type == "group":
        return Home(ctx.incoming.chat, ctx.unit)
    known = all_homes(ctx)
    led = [one for one in known if ctx.incoming.sender in leads_of(ctx, one)]
    if led:
        return min(led, key=lambda one: one.unit.count("/"))
    last = cases.last_group(ctx.uow.session, ctx.incoming.sender, (one.chat for one in known))
    found = next((one for one in known if one.chat == last), None)
    return found or Home("", ctx.unit)


def leads(session: Session, services: Mapping[str, Any], at: Home) -> list[str]:
    """User ids of those who decide for a group, and who are told at once: roles in the unit and configuration."""
    return in_charge_accounts(session, services["coordinators"](at.chat), at.unit)


def home_of_case(case: Returnee) -> Home:
    """The group whose case it is."""
    return Home(case.chat, case.unit)


def leads_of(ctx: Context, at: Home) -> list[str]:
    """`leads` within a batch."""
    return leads(ctx.uow.session, ctx.services, at)


def is_lead(ctx: Context, at: Home) -> bool:
    """Whether the writer decides there. Where nobody is named, everybody of the group may."""
    named = leads_of(ctx, at)
    return ctx.incoming.sender in named or not named or rank(ctx, at.unit) >= Rank.LEAD


def may_handle(ctx: Context, at: Home) -> bool:
    """Whether the writer may see and work on cases there: of the group, and not a returnee unless in charge."""
    if not at.chat and not at.unit:
        return False
    own = ctx.facts(cases.Cases).of(("account", ctx.incoming.sender))
    return not own or ctx.incoming.sender in leads_of(ctx, at)


def names(session: Session, users: Iterable[str]) -> dict[str, str]:
    """Display names of users."""
    wanted = {user for user in users if user}
    known = load_accounts(session, wanted) if wanted else {}
    return {user: (known[user].name if user in known and known[user].name else user) for user in wanted}


def name_of(ctx: Context, user: str) -> str:
    """Display name of one user."""
    account = ctx.facts(Accounts).get(user) if user else None
    return account.name if account is not None and account.name else user


def people_named(ctx: Context, at: Home) -> str:
    """The leads of a group by name, for a sentence."""
    return "、".join(name_of(ctx, user) for user in leads_of(ctx, at)) or "本群协调员"
