"""Markdown → plain text, for the places where a channel shows text only."""

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"</?font[^<>]*>"), ""),
    (re.compile(r"<@([^<>\s]+)>"), r"@\1"),
    (re.compile(r"!?\[([^\[\]]*)\]\(([^()\s]*)\)"), r"\1 \2"),
    (re.compile(r"^#{1,6} +", re.MULTILINE), ""),
    (re.compile(r"^> ?", re.MULTILINE), ""),
    (re.compile(r"^\|[ :|-]*-[ :|-]*\|[ \t]*(?:\n|$)", re.MULTILINE), ""),
    (re.compile(r"^\|[ \t]*(.*?)[ \t]*\|[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"\*\*([^*\n]+)\*\*"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)


def plain(markdown: str) -> str:
    """The words of `markdown` without its marks. Single `*` and `_` stay: masked names and ids hold them."""
    for pattern, replacement in _RULES:
        markdown = pattern.sub(replacement, markdown)
    return markdown
