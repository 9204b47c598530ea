"""/通知, /通知 T1, /政策."""

from collections import Counter
from collections.abc import Sequence

from bot.context import Context
from handlers import rights
from handlers import texts_notices as words
from handlers.notices import groups
from storage import notices
from storage.tables_notices import NoticeGroup, NoticeRow


def show(ctx: Context, ref: str) -> str:
    """One notice: its words, which groups have confirmed, which have not and who is asked there."""
    ctx.uow.flush()
    session = ctx.uow.session
    row = notices.notice(session, ref)
    sent_to = notices.groups(session, [ref])[ref]
    if row is None or not _may_see(ctx, row, sent_to):
        return words.UNKNOWN.format(ref=ref)
    shown = sent_to if _sees_all(ctx, row) else [one for one in sent_to if one.chat == ctx.incoming.chat]
    head = words.head(ref, row.level, row.by, row.state, _numbers(sent_to))
    lines = _lines(ctx, row, shown) if row.state == "sent" else [words.names([one.name for one in _named(shown)])]
    return words.shown(head, row.body, row.file_name, lines)


def _sees_all(ctx: Context, row: NoticeRow) -> bool:
    own = row.sender == ctx.incoming.sender or row.chat == ctx.incoming.chat
    return own or (bool(row.unit) and rights.may(ctx, "notify", row.unit))


def _may_see(ctx: Context, row: NoticeRow, sent_to: Sequence[NoticeGroup]) -> bool:
    return _sees_all(ctx, row) or (row.state == "sent" and any(one.chat == ctx.incoming.chat for one in sent_to))


def _named(some: Sequence[NoticeGroup]) -> list[groups.Group]:
    return groups.named({one.chat: one.unit for one in some})


def _numbers(sent_to: Sequence[NoticeGroup]) -> tuple[int, int]:
    return sum(one.confirmed_at is not None for one in sent_to), len(sent_to)


def _lines(ctx: Context, row: NoticeRow, shown: Sequence[NoticeGroup]) -> list[str]:
    """Those that have not confirmed come first."""
    session = ctx.uow.session
    read = Counter(one.chat for one in notices.readers(session, row.ref) if not one.counts)
    names = {one.chat: one.name for one in _named(shown)}
    lines = []
    for one in sorted(shown, key=lambda one: one.confirmed_at is not None):
        asked = groups.asked(session, ctx.services["coordinators"], (one.chat, one.unit), row.sender)
        done = one.confirmed_at
        said = f"{one.confirmed_by} {words.moment(done.astimezone(ctx.zone), ctx.today)}" if done else ""
        lines.append(words.group_line(names[one.chat], said, read[one.chat], list(groups.people(asked))))
    return lines


def recent(ctx: Context) -> str:
    """The newest notices to or from this chat, or by the writer."""
    ctx.uow.flush()
    session = ctx.uow.session
    rows = notices.newest(session, ctx.incoming.chat, ctx.incoming.sender, policies=False)
    rows = [row for row in rows if row.state == "sent" or _sees_all(ctx, row)]
    if not rows:
        return words.NO_NOTICES
    sent_to = notices.groups(session, [row.ref for row in rows])
    return "\n".join(
        words.listed(
            row.ref,
            row.state,
            words.moment((row.sent_at or row.send_at or row.written_at).astimezone(ctx.zone), ctx.today),
            words.short(row.body, row.file_name),
            _numbers(sent_to[row.ref]),
        )
        for row in rows
    )


def policies(ctx: Context) -> str:
    """The newest policies of this chat."""
    ctx.uow.flush()
    rows = notices.newest(ctx.uow.session, ctx.incoming.chat, ctx.incoming.sender, policies=True)
    lines = [words.policy(row.ref, row.level, row.day, words.short(row.body, row.file_name)) for row in rows if row.day]
    return "\n".join(lines) or words.NO_POLICIES
