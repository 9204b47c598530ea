"""What follows a preview: 发, 确认发送 T3, 取消通知 T3."""

from collections.abc import Sequence

from bot.context import Context
from handlers import rights
from handlers import texts_notices as words
from handlers.ledger import audit
from handlers.notices import groups, sending
from handlers.notices.settings import rules
from handlers.traces import Trail
from storage import notices
from storage.tables_notices import NoticeRow


def _drafts(ctx: Context) -> Sequence[NoticeRow]:
    """What the writer was shown here and may still let go."""
    since = ctx.now - rules(ctx).confirm_within
    return notices.drafts_of(ctx.uow.session, ctx.incoming.sender, ctx.incoming.chat, since)


def go(ctx: Context, ref: str | None) -> str | None:
    """发, 确认发送 T3. None where nothing waits for a bare 发."""
    ctx.uow.flush()
    session = ctx.uow.session
    if ref is None:
        waiting = _drafts(ctx)
        if len(waiting) > 1:
            return words.WHICH.format(refs="、".join(row.ref for row in waiting), ref=waiting[0].ref)
        ref = waiting[0].ref if waiting else None
    row = notices.notice(session, ref) if ref else None
    if row is None:
        return words.UNKNOWN.format(ref=ref) if ref else None
    return _not_now(ctx, row) or _confirmed(ctx, row)


def _not_now(ctx: Context, row: NoticeRow) -> str | None:
    """Why a notice cannot be let go."""
    if not _decides(ctx, row):
        return words.NOT_YOUR_NOTICE.format(ref=row.ref, by=row.by)
    if row.state in words.ALREADY:
        at = words.moment(row.send_at.astimezone(ctx.zone), ctx.today) if row.send_at else ""
        if row.state != "cancelled" or ctx.now - row.written_at <= rules(ctx).confirm_within:
            return words.ALREADY[row.state].format(ref=row.ref, at=at)
    if row.state != "missed" and ctx.now - row.written_at > rules(ctx).confirm_within:
        return words.EXPIRED.format(ref=row.ref, minutes=sending.minutes(ctx))
    return None


def _decides(ctx: Context, row: NoticeRow) -> bool:
    return ctx.incoming.sender == row.sender or (bool(row.unit) and rights.may(ctx, "notify", row.unit))


def _confirmed(ctx: Context, row: NoticeRow) -> str:
    """Let it go; whoever moves the row on first sends it."""
    session = ctx.uow.session
    if not notices.take(session, row.ref, ("draft", "missed"), "sent"):
        return words.ALREADY["sent"].format(ref=row.ref)
    session.refresh(row)
    rows = notices.groups(session, [row.ref])[row.ref]
    return sending.let_go(ctx, row, groups.named({one.chat: one.unit for one in rows}))


def cancel(ctx: Context, ref: str | None) -> str:
    """取消通知 T3."""
    ctx.uow.flush()
    session = ctx.uow.session
    if ref is None:
        waiting = _drafts(ctx)
        if len(waiting) != 1:
            return words.WHICH_CANCEL
        ref = waiting[0].ref
    row = notices.notice(session, ref)
    if row is None:
        return words.UNKNOWN.format(ref=ref)
    if not _decides(ctx, row):
        return words.NOT_YOUR_NOTICE.format(ref=ref, by=row.by)
    trail: Trail | None = Trail(row)
    if not notices.take(session, ref, ("draft", "planned", "missed"), "cancelled"):
        return words.ALREADY_SENT.format(ref=ref) if row.state == "sent" else words.ALREADY["cancelled"].format(ref=ref)
    session.refresh(row)
    if row.file is not None:
        row.file, trail = None, None
    audit(ctx, "notice.cancel", ref, trail)
    return words.CANCELLED.format(ref=ref)
