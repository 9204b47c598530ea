"""What people say about forms beside filling them in: answers, corrections, lists."""

from collections.abc import Mapping
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import rights, texts
from handlers.form_books import answers, fixing, lists
from handlers.language.expressions import expression
from storage import records

router = Router("forms")

_CORRECTION = expression(r"^\s*[/／]?\s*(?:更正|改正|修正|订正)[:：,， ]*(?:#?(?P<ref>[A-Za-z]{1,2}\d+))?(?=\D)")
FORM_KINDS = ("work", "supply", "enterprise")


@router.command(answers.COMMAND)
def answer(ctx: Context, command: Mapping[str, Any]) -> str | None:
    """The answer to a question about an entry."""
    return fixing.answered(ctx, command)


@router.command("form_ledger")
def ledger(ctx: Context, command: Mapping[str, Any]) -> str:
    """/台账 门磁 翠林社区."""
    return lists.ledger(ctx, command["text"])


@router.command("form_progress")
def progress(ctx: Context, command: Mapping[str, Any]) -> str:
    """/进度 抗原 翠林社区."""
    return lists.progress(ctx, command["text"])


@router.otherwise
def correct(ctx: Context, reading: Any) -> str | None:
    """更正 W3 拒检改为2户: a field that only the form knows, so that the language found no correction in it."""
    match = _CORRECTION.match(reading.text)
    if match is None:
        return None
    ctx.uow.flush()
    session = ctx.uow.session
    ref = match["ref"]
    row = records.by_refs(session, [ref.upper()]).get(ref.upper()) if ref else None
    if not ref:
        row = records.last_of(session, ctx.incoming.sender, ctx.incoming.chat, FORM_KINDS)
    if row is None or row.state != "active":
        return None
    return fixing.correct(ctx, row) if rights.may_change(ctx, row) else texts.NOT_YOURS.format(ref=row.ref)
