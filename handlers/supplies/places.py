"""For which group somebody speaks, and which company they mean."""

from collections.abc import Sequence

from bot.context import Context
from handlers import texts_supplies as words
from handlers.cases.people import Home, all_homes, home
from handlers.language.expressions import expression
from handlers.supplies import names
from handlers.supplies.rules import Rules, shipped
from handlers.supplies.words import companies
from storage import supplies
from storage.daily_count import place_of
from storage.organisation import covers
from storage.supplies import Companies, EnterpriseNames
from storage.tables_supplies import Enterprise, EnterpriseName

_REF = expression(r"[EＥe]\s*\d{1,7}")


def rules_of(ctx: Context) -> Rules:
    """The rules of supplies."""
    return ctx.services.get("supplies") or shipped()


def here(ctx: Context) -> Home:
    """The group that the message is about: the chat itself; in a single chat the writer's, or the only one there is."""
    at = home(ctx)
    if at.chat:
        return at
    known = all_homes(ctx)
    return known[0] if len(known) == 1 else Home(ctx.incoming.chat, ctx.unit)


def place(at: Home) -> str:
    """Under what its companies are kept."""
    return place_of(at.unit, at.chat)


def known_as(ctx: Context, at: Home, name: str) -> Enterprise | None:
    """The company that has this name around here: of the unit itself first, then of those below and above."""
    refs = sorted({row.enterprise for row in ctx.facts(EnterpriseNames).of(names.key(name))})
    ctx.facts(Companies).ensure(refs)
    every = [row for ref in refs for row in ctx.facts(Companies).of(ref)]
    found = [row for row in every if row.state != "merged" and _is_around(row, at)]
    return min(found, key=lambda row: (row.unit != at.unit, row.listed_at), default=None)


def _is_around(company: Enterprise, at: Home) -> bool:
    if not at.unit:
        return not company.unit and company.chat == at.chat
    return bool(company.unit) and (covers(at.unit, company.unit) or covers(company.unit, at.unit))


def from_anywhere(ctx: Context, name: str) -> Enterprise | None:
    """The one company of this name, wherever it is: for a chairman who writes alone and belongs to no group."""
    ctx.uow.flush()
    refs = {row.enterprise for row in ctx.facts(EnterpriseNames).of(names.key(name))}
    found = {row.ref: row for ref in refs if (row := supplies.enterprise(ctx.uow.session, ref)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def call(ctx: Context, company: Enterprise, name: str) -> None:
    """Remember a name of a company."""
    key = names.key(name)
    if all(row.enterprise != company.ref for row in ctx.facts(EnterpriseNames).of(key)):
        ctx.facts(EnterpriseNames).add(key, EnterpriseName(enterprise=company.ref, key=key))


def meant(ctx: Context, at: Home, text: str) -> Enterprise | str:
    """The company that a command names, by its number, its name, or a part of it that only one has; else why not."""
    ctx.uow.flush()
    name = text.strip(" ,。:")
    if _REF.fullmatch(name):
        found = supplies.enterprise(ctx.uow.session, companies(name)[0])
        return found if found is not None and _within(found, at) else words.NO_COMPANY.format(name=name)
    if (exact := known_as(ctx, at, name)) is not None and exact.state not in supplies.GONE:
        return exact
    some = supplies.enterprises(ctx.uow.session, supplies.scope_of(at.unit, at.chat))
    return _only(name, [row for row in some if names.key(name) in names.key(row.name)] or _near(name, some))


def _near(name: str, some: Sequence[Enterprise]) -> list[Enterprise]:
    return [row for row in some if names.near(name, row.name)]


def _only(name: str, found: Sequence[Enterprise]) -> Enterprise | str:
    if len(found) == 1:
        return found[0]
    if not found:
        return words.NO_COMPANY.format(name=name)
    listed = "、".join(f"{row.ref} {row.name}" for row in found[:5])
    return words.SEVERAL.format(name=name, found=listed)


def _within(company: Enterprise, at: Home) -> bool:
    if not at.unit:
        return company.chat == at.chat
    return company.unit == at.unit or company.unit.startswith(at.unit + "/")
