"""绑定 and 我是: what a chat is for, and who somebody is. Read here and not in the language: they are about the bot itself."""

import re
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts
from handlers.ledger import audit
from handlers.rights import may_bind
from storage.chats import Accounts, Chats

router = Router("admin")

_BIND = re.compile(r"^\s*[/／]?绑定(?:本群)?\s*(?P<unit>\S.*)?$")
_NAME = re.compile(r"^\s*我(?:是|叫)\s*(?P<name>[\u4e00-\u9fff·]{2,12})\s*[。.!！]?\s*$")
DISTRICT = re.compile(r"^[\u4e00-\u9fff]{2,12}(?:/[\u4e00-\u9fff0-9A-Za-z（）()]{2,24}){0,3}$")


@router.otherwise
def bind(ctx: Context, reading: Any) -> str | None:
    """`/绑定 平谷区/金海湖镇/红石坎村` binds the chat to a unit."""
    match = _BIND.match(reading.text) if reading.addressed or reading.text.startswith(("/", "／")) else None
    if match is None:
        return None
    unit = (match["unit"] or "").strip().strip("/")
    if not DISTRICT.match(unit):
        return texts.BIND_HOW
    if not may_bind(ctx):
        return texts.BIND_NOT_ALLOWED.format(who="、".join(ctx.services["coordinators"](ctx.incoming.chat)))
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
    account = ctx.facts(Accounts).of(ctx.incoming.sender)[0]
    account.name, account.source = match["name"], "self"
    ctx.book.marks.add(ctx.incoming.sender)
    audit(ctx, "account.named")
    return texts.NAMED.format(name=match["name"])
