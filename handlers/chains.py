"""接龙 in a chat: everybody reposts the whole list, so only what is new in it is acted on, and a line that somebody's
repost lost is reported, not deleted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.context import Context
from handlers import texts_callup
from handlers.language.solitaire import Difference, Entry, Snapshot, difference, merge, read_snapshot
from handlers.ledger import audit, written_at
from storage.chains import Chains
from storage.tables import Chain


@dataclass(slots=True)
class Turn:
    """One message's list against what is known of its chain."""

    row: Chain
    difference: Difference
    fresh: frozenset[str]
    """Contents of the entries to act on."""
    contents: tuple[str, ...]
    lost: tuple[str, ...]
    """Contents that are missing for the first time."""
    said: bool = False
    former: dict[str, str] = field(default_factory=dict)
    """Content of a changed entry → what it was."""


def turn(ctx: Context) -> Turn | None:
    """The list of a message, or None where it is none. Worked out once for each message."""
    store = ctx.facts(Chains)
    if ctx.incoming.key not in store.turns:
        store.turns[ctx.incoming.key] = _turn(ctx, store)
    found = store.turns[ctx.incoming.key]
    return found if isinstance(found, Turn) else None


def _turn(ctx: Context, store: Chains) -> Turn | None:
    snapshot = read_snapshot(ctx.reading.text)
    if snapshot is None or not snapshot.entries:
        return None
    row = store.get(ctx.incoming.chat, snapshot.identity)
    if row is None:
        row = Chain(chat=ctx.incoming.chat, identity=snapshot.identity, entries={"order": [], "refs": {}, "lost": []})
        row.updated_at = written_at(ctx)
        store.add((row.chat, row.identity), row)
    known = row.entries["order"]
    change = difference(_snapshot(known), snapshot)
    contents = tuple(entry.content for entry in snapshot.entries)
    again = [content for content in contents if content in known and content in row.entries["lost"]]
    lost = tuple(content for content in change.dropped if content not in row.entries["lost"])
    _note(row, known, contents, change, again, ctx)
    if lost:
        audit(ctx, "chain.lost", lines=len(lost))
    fresh = frozenset([*change.added, *(new for _, new in change.changed), *change.withdrawn])
    former = {new: old for old, new in change.changed}
    return Turn(row, change, fresh, contents, lost, former=former)


def _note(
    row: Chain, known: Sequence[str], contents: Sequence[str], change: Difference, again: Sequence[str], ctx: Context
) -> None:
    lost = [content for content in {*row.entries["lost"], *change.dropped} if content not in again]
    row.entries = {"order": list(merge(known, contents)), "refs": dict(row.entries["refs"]), "lost": sorted(lost)}
    row.updated_at = written_at(ctx)


def _snapshot(contents: Sequence[str]) -> Snapshot:
    entries = tuple(Entry(number, 0, 0, content) for number, content in enumerate(contents, 1))
    return Snapshot("", "", entries, 0, 0)


def fresh(ctx: Context, records: Sequence[Any]) -> list[tuple[Any, str]]:
    """(record, entry) of what a list newly says; all records, without an entry, where the message is no list."""
    now = turn(ctx)
    if now is None:
        return [(record, "") for record in records]
    found = ((record, _entry(record, now.contents)) for record in records)
    return [(record, entry) for record, entry in found if not entry or entry in now.fresh]


def _entry(record: Any, contents: Sequence[str]) -> str:
    """The entry that a record was read from: the one that names its people."""
    names = [*record.fields.get("people", ()), record.fields.get("by") or ""]
    best = max(contents, key=lambda content: sum(1 for name in names if name and name in content), default="")
    return best if any(name and name in best for name in names) else ""


def remember(ctx: Context, entry: str, ref: str) -> None:
    """An entry made this record."""
    now = turn(ctx)
    if now is not None and entry:
        refs = {**now.row.entries["refs"], entry: ref}
        now.row.entries = {**now.row.entries, "refs": refs}


def replaced(ctx: Context, entry: str) -> str | None:
    """The record that an entry made before it was changed."""
    now = turn(ctx)
    if now is None or entry not in now.former:
        return None
    ref = now.row.entries["refs"].get(now.former[entry])
    return str(ref) if ref else None


def closing(ctx: Context, lines: Sequence[str], joined: Callable[[Sequence[str]], str]) -> str | None:
    """The answer to a message that may be a list: one line for the whole of it, and the alarm for lost lines, once."""
    now = turn(ctx)
    if now is None:
        return joined(lines) if lines else None
    if now.said:
        return None
    now.said = True
    return texts_callup.chain(
        len(now.contents), len(now.difference.added), len(now.difference.changed), lines, now.lost
    )
