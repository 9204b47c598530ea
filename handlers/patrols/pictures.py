"""Pictures of findings. The chat keeps them; the books keep where they are."""

from typing import Any

from bot.context import Context
from handlers import texts_patrol as words
from handlers.ledger import audit, in_group, written_at
from handlers.patrols.settings import rules
from handlers.patrols.states import UNDONE
from storage import patrols
from storage.tables_patrols import Finding, FindingPicture

PICTURED = frozenset({"image", "mixed"})


def attach(ctx: Context, ref: str) -> None:
    """The message's own pictures belong to the finding that it is about; to the first one where it is about several."""
    mark = ("picture", ctx.incoming.key)
    if ctx.incoming.kind not in PICTURED or mark in ctx.book.marks:
        return
    ctx.book.marks.add(mark)
    for media in ctx.incoming.media:
        _keep(ctx, ref, media)


def _keep(ctx: Context, ref: str, media: str) -> None:
    ctx.uow.insert(
        FindingPicture,
        ref=ref,
        channel=ctx.incoming.channel,
        media=media,
        at=written_at(ctx),
        by=ctx.name,
        message_key=ctx.incoming.key,
    )


def receive(ctx: Context, reading: Any) -> str | None:
    """A picture without words, right after a finding was reported or put right by the same person."""
    if ctx.incoming.kind not in PICTURED or not ctx.incoming.media or reading.text.strip():
        return None
    ctx.uow.flush()
    one = _newest(ctx)
    if one is None:
        return None
    for media in ctx.incoming.media:
        _keep(ctx, one.ref, media)
    audit(ctx, "finding.picture", one.ref, number=len(ctx.incoming.media))
    ctx.uow.flush()
    number = patrols.pictures(ctx.uow.session, [one.ref])[one.ref]
    return words.PICTURE.format(ref=one.ref, text=one.text, number=number)


def _newest(ctx: Context) -> Finding | None:
    """The finding that the writer has just done something about; what other groups found is no business of this one."""
    since = written_at(ctx) - rules(ctx).picture_within
    step = patrols.last_step_of(ctx.uow.session, ctx.incoming.sender, since)
    one = patrols.finding(ctx.uow.session, step.ref) if step is not None else None
    if one is None or one.state == UNDONE:
        return None
    return one if one.chat == ctx.incoming.chat or not in_group(ctx) else None
