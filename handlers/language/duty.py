"""到岗 and 离岗, with the figures of work that a leaving reports."""

import re

from handlers.language.chunks import read_rest
from handlers.language.counts import read_figures
from handlers.language.duty_draft import Draft
from handlers.language.duty_parts import pairs, split_by_trigger
from handlers.language.entries import numbered
from handlers.language.forms import find_fields
from handlers.language.scan import Context, Region
from handlers.language.triggers import CHECK_IN, CHECK_OUT, find_duty
from handlers.language.types import Fields, Record


def read_duty(region: Region, context: Context) -> list[Record]:
    """Records of one section: one for each person's line, each trigger of its own, or the whole."""
    entries = _entry_lines(region)
    if entries:
        header, lines = entries
        shared = context
        for line in header:
            shared = _shared(line, shared)
        return [record for line in lines for record in _groups(line, shared, entry=True)]
    return _groups(region, context, entry=context.entry)


def _shared(header: Region, context: Context) -> Context:
    """What a header line says for the lines below it."""
    triggers = find_duty(header.scan.text, header.start, header.end)
    kind = triggers[-1].kind if triggers else context.kind if context.kind in (CHECK_IN, CHECK_OUT) else None
    draft = Draft(header, context.but(kind=kind))
    draft.read()
    fields = draft.fields
    return context.but(
        kind=kind, day=draft.day or context.day, post=fields.get("post") or context.post, shift=fields.get("shift") or context.shift,
        duty=fields.get("duty") or context.duty, sender=None, entry=True,
        starts_at=fields.get("starts_at") or context.starts_at, ends_at=fields.get("ends_at") or context.ends_at,
    )  # fmt: skip


def _entry_lines(region: Region) -> tuple[list[Region], list[Region]] | None:
    """Header lines and lines with one report each, or None."""
    text = region.text
    if inline := numbered(region):
        return [Region(region.scan, region.start, inline[0].start)], inline
    if "\n" not in text:
        return None
    lines = []
    at = region.start
    for line in text.split("\n"):
        if line.strip():
            lines.append(Region(region.scan, at, at + len(line)))
        at += len(line) + 1
    rows = [line for line in lines if _is_row(line)]
    others = [line for line in lines if line not in rows]
    if len(rows) < 2 or len(others) > _HEADER_LINES:
        return None
    return others, rows


_HEADER_LINES = 4


_NUMBERED = re.compile(r"\s*(?:\(?\d{1,2}[.、)]|[①-⑳])\s*")


def _is_row(line: Region) -> bool:
    """Whether the line reports by itself: somebody, and a time or a place."""
    if any(f.concept != "unknown" for f in find_fields(line.scan.text, line.start, line.end)) and not _NUMBERED.match(
        line.text
    ):
        return False
    probe = Region(line.scan, line.start, line.end)
    times = probe.inside(probe.scan.times)
    probe.claim_all(times)
    read_figures(probe)
    for trigger in find_duty(line.scan.text, line.start, line.end):
        probe.claim(trigger.start, trigger.end)
    rest = read_rest(probe)
    return bool(rest.people and (times or rest.posts or _NUMBERED.match(line.text)))


def _groups(region: Region, context: Context, *, entry: bool) -> list[Record]:
    triggers = find_duty(region.scan.text, region.start, region.end)
    parts = split_by_trigger(region, triggers) if len({t.kind for t in triggers}) > 1 or len(triggers) > 1 else None
    if not parts and (timed := pairs(region)):
        parts = [(part, triggers[0].kind if triggers else context.kind or CHECK_IN) for part in timed]
        context = context.but(kind=parts[0][1])
    if not parts:
        kind = triggers[0].kind if triggers else context.kind if context.kind in (CHECK_IN, CHECK_OUT) else CHECK_IN
        return Draft(region, context.but(kind=kind, entry=entry)).records()
    drafts = [Draft(part, context.but(kind=kind)) for part, kind in parts]
    for draft in drafts:
        draft.read()
    posts = [draft.fields["post"] for draft in drafts if "post" in draft.fields]
    for draft in drafts:
        if posts and "post" not in draft.fields:
            draft.fields["post"] = posts[0]
    return [record for draft in drafts for record in draft.finish()]


def header_fields(region: Region) -> Fields:
    """What the header of a list says for its entries: kind, day, post, shift, duty."""
    triggers = find_duty(region.scan.text, region.start, region.end)
    draft = Draft(region, Context(kind=triggers[-1].kind if triggers else None))
    draft.read()
    found: Fields = {
        name: draft.fields[name] for name in ("post", "shift", "duty", "starts_at", "ends_at") if name in draft.fields
    }
    if triggers:
        found["kind"] = triggers[-1].kind
    if draft.day:
        found["day"] = draft.day
    return found
