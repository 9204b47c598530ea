"""撤回 of what was done with a notice: of one that has not gone yet, of a 取消, of a 收到. What is out stays out."""

from sqlalchemy import update

from bot.context import Context
from handlers import texts_notices as words
from handlers.notices import groups, sending
from handlers.notices.settings import rules
from handlers.steps import Taken, Way, Ways
from storage import notices
from storage.tables_notices import NoticeGroup, NoticeReader, NoticeRow


def _row(ctx: Context, taken: Taken) -> NoticeRow:
    row = notices.notice(ctx.uow.session, taken.refs[0])
    assert row is not None  # noqa: S101  (a step was taken with it, and notices are not deleted)
    return row


# -- one that was written or let go ------------------------------------------------------------------------------------


def _gone_out(ctx: Context, taken: Taken) -> str:
    row = _row(ctx, taken)
    if row.state == "sent":
        return words.ALREADY_SENT.format(ref=row.ref)
    return words.ALREADY["cancelled"].format(ref=row.ref) if row.state == "cancelled" else ""


def _cancel(ctx: Context, taken: Taken) -> None:
    row = _row(ctx, taken)
    row.state, row.file = "cancelled", None


def _cancelled(_ctx: Context, taken: Taken) -> str:
    return words.CANCELLED.format(ref=taken.refs[0])


# -- a 取消 ------------------------------------------------------------------------------------------------------------


def _lost(ctx: Context, taken: Taken) -> str:
    """A file is forgotten with its notice, and a time passes."""
    row = _row(ctx, taken)
    file_gone = row.file_name is not None and row.file is None
    time_gone = row.send_at is not None and row.send_at <= ctx.now
    why = words.FILE_GONE if file_gone else words.TIME_GONE if time_gone else ""
    return words.NOT_AGAIN.format(ref=row.ref, why=why) if why else ""


def _stands(ctx: Context, taken: Taken) -> str:
    row = _row(ctx, taken)
    at = words.moment(row.send_at.astimezone(ctx.zone), ctx.today) if row.send_at else ""
    if row.state == "draft" and ctx.now - row.written_at > rules(ctx).confirm_within:
        return words.EXPIRED.format(ref=row.ref, minutes=sending.minutes(ctx))
    said = words.GOES_AGAIN if row.state == "planned" else words.WAITS_AGAIN
    return said.format(ref=row.ref, at=at)


# -- a 收到 ------------------------------------------------------------------------------------------------------------


def _unread(ctx: Context, taken: Taken) -> None:
    """Whoever said it has read it; the group has not confirmed."""
    chats = [group.chat for group in taken.of(NoticeGroup)]
    said = (NoticeReader.ref == taken.refs[0], NoticeReader.chat.in_(chats))
    mine = NoticeReader.user_id == ctx.incoming.sender
    ctx.uow.session.execute(update(NoticeReader).where(*said, mine).values(counts=False))


def _waits(_ctx: Context, taken: Taken) -> str:
    found = groups.named({group.chat: group.unit for group in taken.of(NoticeGroup)})
    return words.STILL_WAITS.format(ref=taken.refs[0], groups=words.names([one.name for one in found]))


WRITTEN = Way(_cancelled, _gone_out, _cancel)
WAYS: Ways = {
    "notice.write": WRITTEN,
    "notice.send": WRITTEN,
    "notice.cancel": Way(_stands, _lost),
    "notice.read": Way(_waits, back=_unread),
}
"""What can be taken back exactly."""
