"""Files and pictures that come with a notice: sent to the bot alone, kept sealed for half an hour, taken by
通知附件.
"""

import io
import zipfile

from bot.context import Context
from handlers import texts_notices as words
from handlers.cases import workbook
from handlers.cases.workbook import BadWorkbook
from handlers.ledger import in_group
from handlers.notices import groups
from handlers.notices.settings import rules
from storage import notices

MOST_BYTES = 5 * 1024 * 1024
"""Every group's message holds a copy until it is sent."""
MOST_OF_PICTURE = 2 * 1024 * 1024
"""A group's webhook takes no larger one as a picture; it goes as a file then."""
LEAST_BYTES = 5
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg"}
KINDS = {b"%PDF": "pdf", b"\xd0\xcf\x11\xe0": "doc", **PICTURES}
PARTS = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
"""Folder inside a file of an office program → its ending."""
TABLES = frozenset({"xlsx", "doc"})
"""What the import of tables answers to: endings of files that it may be able to read."""


def receive(ctx: Context) -> str | None:
    """A file in a single chat, from somebody who may send notices. None where others answer to it."""
    content = ctx.incoming.extra.get("file")
    if ctx.incoming.kind not in {"file", "image"} or in_group(ctx) or not content or not _may(ctx):
        return None
    name = name_of(content, ctx.incoming.file_name)
    is_table = name.rsplit(".", 1)[-1] in TABLES
    what = words.PICTURE if is_picture(content) else f"《{name}》"
    if not LEAST_BYTES <= len(content) <= MOST_BYTES:
        most = words.size(MOST_BYTES)
        return None if is_table else words.FILE_TOO_BIG.format(what=what, size=words.size(len(content)), most=most)
    ctx.uow.flush()
    notices.hold(ctx.uow.session, ctx.incoming.sender, content, name, ctx.now)
    wait = rules(ctx).confirm_within.seconds // 60
    return None if is_table else words.FILE_HELD.format(what=what, size=words.size(len(content)), minutes=wait)


def _may(ctx: Context) -> bool:
    known = groups.every(ctx.uow.session, ctx.services.get("groups", {}))
    return any(groups.may_write(ctx, known).values())


def taken(ctx: Context) -> tuple[bytes | None, str | None]:
    """The file that the writer sent last, and its name."""
    row = notices.held(ctx.uow.session, ctx.incoming.sender, ctx.now - rules(ctx).confirm_within)
    return (row.content, row.name) if row is not None else (None, None)


def drop(ctx: Context) -> None:
    """Forget it: the notice has it now."""
    row = notices.held(ctx.uow.session, ctx.incoming.sender, ctx.now - rules(ctx).confirm_within)
    if row is not None:
        ctx.uow.session.delete(row)


def name_of(content: bytes, told: str) -> str:
    """The name that it came with; else one by what it is: not every channel tells names."""
    if told:
        return told[:100]
    ending = next((kind for start, kind in KINDS.items() if content.startswith(start)), "") or _inside(content)
    if ending in PICTURES.values():
        return f"{words.PICTURE}.{ending}"
    return f"{words.FILE}.{ending}" if ending else words.FILE


def _inside(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return "" if b"\0" in content else "txt"
    return next((kind for folder, kind in PARTS.items() if any(name.startswith(folder) for name in names)), "zip")


def is_picture(content: bytes) -> bool:
    """Whether a group can be shown it as a picture."""
    return content.startswith(tuple(PICTURES)) and len(content) <= MOST_OF_PICTURE


def is_personal(content: bytes) -> bool:
    """Whether it is a table with names and phone numbers: no group sees such a thing."""
    try:
        return bool(workbook.read(content))
    except BadWorkbook:
        return False
