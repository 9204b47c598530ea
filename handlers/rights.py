"""Who may do what, in one place."""

from bot.context import Context
from storage.tables import RecordRow


def is_coordinator(ctx: Context) -> bool:
    """Whether the writer coordinates the chat."""
    return ctx.incoming.sender in ctx.services["coordinators"](ctx.incoming.chat)


def may_change(ctx: Context, row: RecordRow) -> bool:
    """A record is changed by whoever reported it, by a coordinator of the chat, or by somebody of the same chat about a
    person who is named in it: a colleague signs for a colleague.
    """
    if row.sender == ctx.incoming.sender or is_coordinator(ctx):
        return True
    named = [*row.fields.get("people", ()), row.fields.get("by"), row.fields.get("person"), row.fields.get("name")]
    return row.chat == ctx.incoming.chat and ctx.name in named


def may_bind(ctx: Context) -> bool:
    """A chat that has coordinators is bound by them; one that has none, by whoever is there first."""
    coordinators = ctx.services["coordinators"](ctx.incoming.chat)
    return not coordinators or ctx.incoming.sender in coordinators
