"""帮助."""

from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import texts

router = Router("help")


@router.command("help")
def help_(_ctx: Context, _command: Any) -> str:
    """What one can say."""
    return texts.HELP
