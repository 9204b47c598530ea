"""Parts of a message that repeat somebody else's words: they report nothing."""

from handlers.language.expressions import expression

_RULED_OFF = expression(r"[ \t]*(?:- ){2,}-[- ]*")
"""The line that mobile clients put between the quoted message and the answer."""
_PLAIN_RULE = expression(r"[ \t]*-{4,}[ \t]*")
_QUOTE_HEAD = expression(r"\s*(?:「|这是一条引用/回复消息)")
_QUOTE_BLOCK = expression(r"\s*「[^「」\n:]{1,20}:[^「」]*」[ \t]*(?:\n|$)")


def strip_quotes(text: str, quoted: list[str]) -> str:
    """Return `text` without its quoted parts; append those to `quoted`."""
    if "- -" in text or "----" in text:
        text = _cut_above_rule(text, quoted)
    if "「" in text:
        text = _cut_leading_blocks(text, quoted)
    if ">" in text:
        text = _cut_marked_lines(text, quoted)
    return text


def _cut_above_rule(text: str, quoted: list[str]) -> str:
    """Everything down to the last `- - -` line is quoted; an unspaced rule counts only below an opened quote."""
    lines = text.split("\n")
    opened = _QUOTE_HEAD.match(text) is not None
    for index in range(len(lines) - 1, -1, -1):
        line = lines[index]
        if _RULED_OFF.fullmatch(line) or (opened and _PLAIN_RULE.fullmatch(line)):
            above = "\n".join(lines[:index]).strip()
            if above:
                quoted.append(above)
            return "\n".join(lines[index + 1 :])
    return text


def _cut_leading_blocks(text: str, quoted: list[str]) -> str:
    start = 0
    while (block := _QUOTE_BLOCK.match(text, start)) is not None:
        quoted.append(block.group().strip())
        start = block.end()
    return text[start:]


def _cut_marked_lines(text: str, quoted: list[str]) -> str:
    """Lines that begin with `>`, as mail and Markdown quote."""
    lines = text.split("\n")
    marked = [line for line in lines if line.lstrip().startswith(">")]
    if not marked:
        return text
    quoted.append("\n".join(line.lstrip("> ") for line in marked))
    return "\n".join(line for line in lines if not line.lstrip().startswith(">"))
