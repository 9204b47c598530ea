"""重复 W7, 不重复 W7: what is to become of figures that two people told."""

from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import fixes, texts, texts_figures
from handlers.language.types import Record
from handlers.ledger import audit
from handlers.rights import may_change
from storage import figures, records

router = Router("doubles")


@router.command("doubled")
def doubled(ctx: Context, command: Any) -> str | None:
    """The same work was told twice: the record is taken back."""
    return fixes.undo(ctx, [Record("undo", {"ref": command["text"].upper()})])


@router.command("not_doubled")
def not_doubled(ctx: Context, command: Any) -> str:
    """Both were done: nothing is in doubt any more."""
    ctx.uow.flush()
    ref = command["text"].upper()
    row = records.by_refs(ctx.uow.session, [ref]).get(ref)
    if row is None or row.state != "active":
        return texts.UNKNOWN_REF.format(ref=ref)
    if not may_change(ctx, row):
        return texts.NOT_YOURS.format(ref=ref)
    if not figures.not_doubled(ctx.uow.session, ref):
        return texts_figures.NOT_IN_DOUBT.format(ref=ref)
    audit(ctx, "figures.kept_apart", ref)
    return texts_figures.KEPT_APART.format(ref=ref)
