"""收到: who has read a notice, and whether a group has confirmed it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.context import Context, Notice
from handlers import texts_notices as words
from handlers.language.expressions import expression
from handlers.ledger import audit, in_group
from handlers.notices import groups
from handlers.traces import Trail
from storage import notices
from storage.tables_notices import NoticeGroup, NoticeRow

STILL_ASKED = timedelta(days=14)
"""A bare 收到 is about notices of the last so many days."""
_ASKED_IN = expression(r"收到\s*(T\d{1,9})(?!\d)")
Pairs = Sequence[tuple[NoticeRow, NoticeGroup]]


def quoted(text: str) -> str | None:
    """The notice that a quoted message of ours is about."""
    match = _ASKED_IN.search(text)
    return match[1] if match else None


def by_ref(ctx: Context, ref: str) -> str:
    """收到 T1."""
    ctx.uow.flush()
    row = notices.notice(ctx.uow.session, ref)
    if row is None or row.state != "sent":
        own = row is not None and row.sender == ctx.incoming.sender and row.state in {"draft", "planned"}
        return (words.NOT_SENT_YET if own else words.UNKNOWN).format(ref=ref)
    sent_to = notices.groups(ctx.uow.session, [ref])[ref]
    mine = [one for one in sent_to if _mine(ctx, row, one)]
    if mine:
        return _read(ctx, row, mine)
    if row.sender == ctx.incoming.sender:
        return words.OWN.format(ref=ref)
    return words.NOT_FOR_YOU.format(ref=ref, where=words.HERE if in_group(ctx) else words.YOUR_GROUPS)


def _mine(ctx: Context, row: NoticeRow, group: NoticeGroup) -> bool:
    """Whether the writer speaks for a group: in it, or alone as one of those who are asked there."""
    if in_group(ctx):
        return group.chat == ctx.incoming.chat
    return groups.in_charge(ctx, (group.chat, group.unit), row.sender)


def bare(ctx: Context, quote: str) -> str | None:
    """收到 by itself, or in reply to a notice. None where no notice waits: it is about something else."""
    if ref := quoted(quote):
        return by_ref(ctx, ref)
    ctx.uow.flush()
    waiting = _waiting(ctx)
    refs = list(dict.fromkeys(row.ref for row, _ in waiting))
    if len(refs) > 1:
        lines = "\n".join(
            f"- {row.ref} {words.short(row.body, row.file_name)}"
            for row in {row.ref: row for row, _ in waiting}.values()
        )
        return words.WHICH_READ.format(lines=lines, ref=refs[0])
    return _read(ctx, waiting[0][0], [group for _, group in waiting]) if waiting else None


def _waiting(ctx: Context) -> Pairs:
    """What the writer may mean: notices that wait for this group, or for those that the writer is in charge of."""
    session, since = ctx.uow.session, ctx.now - STILL_ASKED
    if in_group(ctx):
        found = notices.waiting_in(session, [ctx.incoming.chat], since)
        return [(row, group) for row, group in found if row.sender != ctx.incoming.sender]
    known = groups.every(session, ctx.services.get("groups", {}))
    found = notices.waiting_in(session, [group.chat for group in known], since)
    return [(row, group) for row, group in found if _mine(ctx, row, group)]


def _read(ctx: Context, row: NoticeRow, mine: Sequence[NoticeGroup]) -> str:
    if row.sender == ctx.incoming.sender:
        return words.OWN.format(ref=row.ref)
    open_ = [group for group in mine if group.confirmed_at is None]
    if not open_:
        at = mine[0].confirmed_at.astimezone(ctx.zone) if mine[0].confirmed_at else ctx.now
        _note(ctx, row, mine[0], counts=False)
        return words.READ_BEFORE.format(ref=row.ref, name=mine[0].confirmed_by, at=words.moment(at, ctx.today))
    done = [group for group in open_ if groups.counts(ctx, (group.chat, group.unit), row.sender)]
    if not done:
        return _only_read(ctx, row, open_[0])
    trail = Trail(row, *done)
    for group in done:
        _note(ctx, row, group, counts=True)
        notices.confirm(ctx.uow.session, group, ctx.name[:64], ctx.now)
    trail.told = _finish(ctx, row)
    audit(ctx, "notice.read", row.ref, trail)
    named = words.names([one.name for one in groups.named({group.chat: group.unit for group in done})])
    return words.READ.format(ref=row.ref, groups=named, name=ctx.name, at=words.moment(ctx.now, ctx.today))


def _note(ctx: Context, row: NoticeRow, group: NoticeGroup, *, counts: bool) -> bool:
    return notices.has_read(
        ctx.uow.session,
        {
            "ref": row.ref,
            "chat": group.chat,
            "user_id": ctx.incoming.sender,
            "name": ctx.name[:64],
            "at": ctx.now,
            "counts": counts,
        },
    )


def _only_read(ctx: Context, row: NoticeRow, group: NoticeGroup) -> str:
    asked = groups.asked(ctx.uow.session, ctx.services["coordinators"], (group.chat, group.unit), row.sender)
    people = "、".join(list(groups.people(asked))[:3])
    if not _note(ctx, row, group, counts=False):
        return words.READ_AGAIN.format(ref=row.ref, people=people)
    audit(ctx, "notice.seen", row.ref)
    return words.READ_NOT_COUNTED.format(ref=row.ref, people=people)


def _finish(ctx: Context, row: NoticeRow) -> list[str]:
    """The last group has confirmed: the sender hears of it. Returns who did."""
    sent_to = notices.groups(ctx.uow.session, [row.ref])[row.ref]
    if row.done_at is not None or any(one.confirmed_at is None for one in sent_to):
        return []
    row.done_at = ctx.now
    text = words.all_read(row.ref, len(sent_to), words.short(row.body, row.file_name))
    ctx.notices.append(Notice(row.sender, text, "notice"))
    return [row.sender]
