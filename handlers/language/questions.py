"""The one thing to ask when the bot was spoken to and something needed is missing."""

import re

from handlers.language.gate import is_addressed_thanks
from handlers.language.kinds import kind_of
from handlers.language.scan import Scan
from handlers.language.types import Question, Record

NEEDED: dict[str, tuple[str, ...]] = {
    "check_in": ("post",),
    "returnee": ("name", "phone", "arrives_at", "address"),
    "enterprise": ("name",),
    "leave": ("at",),
}
"""Fields without which a record is kept but asked about, in the order of asking."""
_FIRST: dict[str, str] = {
    "returnee": "name", "health": "temperatures", "verification": "outcome", "sign_up": "people",
    "withdraw": "people", "call_up": "needed", "leave": "people", "enterprise": "name", "supply": "items",
    "correction": "field", "patrol": "round", "work": "counts", "check_in": "people", "check_out": "people",
    "repeat": "people", "undo": "ref",
}  # fmt: skip


def question_for(scan: Scan, records: list[Record]) -> Question | None:
    """What is missing from the first record, or from the text that was meant as one."""
    for record in records:
        for name in NEEDED.get(record.kind, ()):
            if name not in record.fields and not (name == "address" and record.fields.get("arrived") is False):
                return Question(record.kind, name, record.fields)
    if (
        records
        or not scan.text
        or is_addressed_thanks(scan.text)
        or any(note.startswith(("question", "announcement", "news", "thanks", "wondering")) for note in scan.notes)
    ):
        return None
    return _doubtful(scan.doubtful[0]) if scan.doubtful else _unread(scan)


def _doubtful(record: Record) -> Question:
    """Something was read and is not sure enough: the first thing that would make it so."""
    wanted = (_FIRST.get(record.kind, "kind"), *NEEDED.get(record.kind, ()))
    missing = next((name for name in wanted if name not in record.fields), wanted[0])
    return Question(record.kind, missing, record.fields)


def _unread(scan: Scan) -> Question | None:
    kind = kind_of(scan.text[:200])
    if re.fullmatch(r"\s*\+ ?\d+\s*", scan.text) or any(note.startswith("sign_up: a bare") for note in scan.notes):
        return Question("sign_up", "people")
    if kind == "duty":
        triggers = scan.triggers()
        kind = triggers[0].kind if triggers else None
    return Question(kind, _FIRST[kind]) if kind in _FIRST else Question("unknown", "kind")
