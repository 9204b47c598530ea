"""通知: orders, confirmations, and files that are to be sent on."""

from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts_notices as words
from handlers.notices import commands, confirming, files, lists, previews, sending

router = Router("notices")


@router.command("notice_send")
def send(ctx: Context, command: Mapping[str, Any]) -> str:
    """通知 金海湖镇 今晚10点前各卡口上报人数."""
    return sending.order(ctx, command)


@router.command("notice_go")
def go(ctx: Context, command: Mapping[str, Any]) -> str:
    """确认发送 T3."""
    return previews.go(ctx, command.get("ref")) or words.NOTHING_TO_SEND


@router.command("notice_cancel")
def cancel(ctx: Context, command: Mapping[str, Any]) -> str:
    """取消通知 T3."""
    return previews.cancel(ctx, command.get("ref"))


@router.command("notice_read")
def read(ctx: Context, command: Mapping[str, Any]) -> str:
    """收到 T1."""
    return confirming.by_ref(ctx, command["ref"])


@router.command("notice_show")
def show(ctx: Context, command: Mapping[str, Any]) -> str:
    """/通知 T1."""
    return lists.show(ctx, command["ref"])


@router.command("notice_list")
def recent(ctx: Context, _command: Mapping[str, Any]) -> str:
    """/通知."""
    return lists.recent(ctx)


@router.command("policies")
def policies(ctx: Context, _command: Mapping[str, Any]) -> str:
    """/政策."""
    return lists.policies(ctx)


@router.otherwise
def word(ctx: Context, reading: Any) -> str | None:
    """收到 and 发 by themselves, where a notice waits for them."""
    quote = ctx.incoming.quote
    if not (reading.addressed or quote):
        return None
    if commands.READ_ALONE.match(reading.text):
        return confirming.bare(ctx, quote) if reading.addressed or confirming.quoted(quote) else None
    return previews.go(ctx, None) if reading.addressed and commands.SEND_ALONE.match(reading.text) else None


@router.otherwise
def file(ctx: Context, _reading: Any) -> str | None:
    """A file or a picture in a single chat."""
    return files.receive(ctx)
