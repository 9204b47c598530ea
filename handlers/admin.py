"""绑定, 我是, 任命: what a chat is for, who somebody is, who is in charge. Orders about the bot itself."""

from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import rights, texts, texts_duty
from handlers.language.expressions import expression
from handlers.ledger import audit, in_group
from handlers.rights import Rank
from storage import organisation
from storage.chats import Accounts, Chats
from storage.tables_org import Role

router = Router("admin")

_BIND = expression(r"^\s*[/／]?绑定(?:本群)?\s*(?P<unit>\S.*)?$")
_NAME = expression(r"^\s*我(?:是|叫)\s*(?P<name>[\u4e00-\u9fff·]{2,12})\s*[。.!！]?\s*$")
DISTRICT = expression(r"^[\u4e00-\u9fff]{2,12}(?:/[\u4e00-\u9fff0-9A-Za-z（）()]{2,24}){0,3}$")
_GRANT = expression(
    rf"^(?P<name>[\u4e00-\u9fff·]{{2,8}})\s*(?:为|当|做|担任)?\s*(?P<role>{'|'.join(texts_duty.ROLE_WORDS)})\s*(?P<where>.*)$"
)
_GRANT_BACK = expression(
    rf"^(?P<where>\S*?)\s*(?P<role>{'|'.join(texts_duty.ROLE_WORDS)})\s*[:：]?\s*(?P<name>[\u4e00-\u9fff·]{{2,8}})$"
)


@router.otherwise
def bind(ctx: Context, reading: Any) -> str | None:
    """`/绑定 平谷区/金海湖镇/红石坎村` binds the chat to a unit."""
    match = _BIND.match(reading.text) if reading.addressed or reading.text.startswith(("/", "／")) else None
    if match is None:
        return None
    unit = (match["unit"] or "").strip().strip("/")
    if not DISTRICT.match(unit):
        return texts.BIND_HOW
    if not rights.may(ctx, "bind"):
        return rights.refusal(ctx, "bind")
    chat = ctx.facts(Chats).of(ctx.incoming.chat)[0]
    chat.unit, chat.bound_by = unit, ctx.incoming.sender
    ctx.book.marks.add(ctx.incoming.chat)
    audit(ctx, "chat.bound", unit=unit)
    return texts.BOUND.format(unit=unit)


@router.otherwise
def introduce(ctx: Context, reading: Any) -> str | None:
    """`我是李明` tells the bot a name where no directory does."""
    match = _NAME.match(reading.text) if reading.addressed else None
    if match is None:
        return None
    ctx.facts(Accounts).rename(ctx.incoming.sender, match["name"], "self")
    ctx.book.marks.add(ctx.incoming.sender)
    audit(ctx, "account.named")
    return texts.NAMED.format(name=match["name"])


@router.command("grant")
def grant(ctx: Context, command: Any) -> str:
    """任命 刘桂英 卡口长 红石坎村卡口: a role within the chat's unit and below, or over one post."""
    ctx.uow.flush()
    match = _GRANT.match(command["text"]) or _GRANT_BACK.match(command["text"])
    if match is None:
        return texts_duty.GRANT_HOW
    role = texts_duty.ROLE_WORDS[match["role"]]
    if not rights.may(ctx, f"name_{role}"):
        return rights.refusal(ctx, f"name_{role}")
    name, where = match["name"], match["where"].strip()
    unit, post = _place(ctx, where)
    if not unit:
        return texts.BIND_HOW
    if not organisation.covers(ctx.unit, unit) and rights.rank(ctx) < Rank.ADMINISTRATOR:
        return rights.refusal(ctx, "name_administrator", unit)
    _give(ctx, name, role, unit, post)
    audit(ctx, "role.granted", role=role, unit=unit, post=post, name=name)
    shown = unit.rsplit("/", 1)[-1] or "本群"
    return texts_duty.GRANTED.format(name=name, unit=shown, post=post, role=texts_duty.ROLES[role])


def _place(ctx: Context, where: str) -> tuple[str, str]:
    """(unit, post) of the words behind a role: a unit's path or name, else a post of the chat's unit."""
    if not where:
        return ctx.unit, ""
    if "/" in where:
        return where.strip("/"), ""
    for unit in organisation.units_named(ctx.uow.session, where):
        if organisation.covers(ctx.unit, unit.path):
            return unit.path, ""
    return (ctx.unit, "") if ctx.unit.endswith("/" + where) or ctx.unit == where else (ctx.unit, where)


def _give(ctx: Context, name: str, role: str, unit: str, post: str) -> None:
    session = ctx.uow.session
    found = organisation.role(session, name, role, unit)
    if found is None:
        found = Role(name=name, role=role, unit=unit, user_id="", at=ctx.now)
        session.add(found)
    trusted = [row for row in organisation.accounts_named(session, name) if row.source in rights.TRUSTED]
    found.user_id = trusted[0].user_id if len(trusted) == 1 else found.user_id or ""
    found.post, found.by = post, ctx.incoming.sender


@router.command("revoke")
def revoke(ctx: Context, command: Any) -> str:
    """免去 刘桂英 卡口长."""
    ctx.uow.flush()
    match = _GRANT.match(command["text"]) or _GRANT_BACK.match(command["text"])
    if match is None:
        return texts_duty.GRANT_HOW
    role = texts_duty.ROLE_WORDS[match["role"]]
    if not rights.may(ctx, f"name_{role}"):
        return rights.refusal(ctx, f"name_{role}")
    unit, _ = _place(ctx, match["where"].strip())
    found = organisation.role(ctx.uow.session, match["name"], role, unit)
    if found is None:
        return texts_duty.NO_ROLE.format(name=match["name"])
    ctx.uow.session.delete(found)
    audit(ctx, "role.revoked", role=role, unit=unit, name=match["name"])
    return texts_duty.REVOKED.format(
        name=match["name"], unit=unit.rsplit("/", 1)[-1] or "本群", role=texts_duty.ROLES[role]
    )


@router.command("who")
def who(ctx: Context, _command: Any) -> str:
    """谁负责: those in charge here."""
    ctx.uow.flush()
    people = rights.in_charge(ctx, Rank.LEAD)
    if not people:
        return texts_duty.NOBODY_IN_CHARGE
    place = (ctx.unit.rsplit("/", 1)[-1] if ctx.unit else "") or ("本群" if in_group(ctx) else "您所在单位")
    return texts_duty.IN_CHARGE.format(unit=place, people="、".join(people))
