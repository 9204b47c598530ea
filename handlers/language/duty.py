# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""到岗 and 离岗, with the figures of work that a leaving reports."""

import re
from collections.abc import Sequence

from handlers.language.chunks import read_rest
from handlers.language.counts import read_figures
from handlers.language.duty_draft import Draft
from handlers.language.duty_parts import pairs, split_by_trigger
from handlers.language.entries import numbered
from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.scan import NO_CONTEXT, Context, Region
from handlers.language.stay_form import read_field
from handlers.language.tables import read_table
from handlers.language.triggers import CHECK_IN, CHECK_OUT, Trigger, find_duty
from handlers.language.types import Fields, Record


def read_duty(region: Region, context: Context) -> list[Record]:
    """Records of one section: one for each person's line, each trigger of its own, or the whole."""
    if rows := read_table(region, _COLUMNS):
        return _table(region, rows, context)
    entries = _entry_lines(region) or _pieces(region)
    if entries:
        header, lines = entries
        shared = context
        for line in header:
            shared = _shared(line, shared)
        return [record for line in lines for record in _groups(line, shared, entry=True)]
    return _groups(region, context, entry=context.entry)


_COLUMNS = {
    "上岗": "start",
    "到岗": "start",
    "签到": "start",
    "离岗": "end",
    "签退": "end",
    "下岗": "end",
    "交班": "end",
    "接班": "start",
}
"""What these words ask for at the head of a column; in front of a colon they are triggers."""


def _table(region: Region, rows: list[tuple[Region, list[Field]]], context: Context) -> list[Record]:
    """One record per row below a line of labels."""
    header = Region(region.scan, region.start, rows[0][0].start if rows else region.end)
    triggers = find_duty(header.text.split("\n", 1)[0])
    kind = triggers[0].kind if triggers else context.kind
    records = []
    for row, cells in rows:
        draft = Draft(
            row, context.but(kind=kind if kind in (CHECK_IN, CHECK_OUT) else CHECK_IN, sender=None, entry=True)
        )
        for cell in cells:
            read_field(draft, cell)
        draft.read()
        records += draft.finish()
    return records


def _pieces(region: Region) -> tuple[list[Region], list[Region]] | None:
    """`签到:甄建平 北门 7:00;段小丽 南门 7:00`: pieces between semicolons that each report by themselves."""
    scan = region.scan
    if scan.text.find(";", region.start, region.end) < 0:
        return None
    text, triggers = region.text, scan.triggers(region.start, region.end)
    if len(triggers) > 1:
        return None
    colon = text.find(":", triggers[0].end - region.start, triggers[0].end - region.start + 2) if triggers else -1
    start = region.start + colon + 1 if colon >= 0 else region.start
    pieces = [Region(scan, m.start(), m.end()) for m in re.compile(r"[^;]+").finditer(scan.text, start, region.end)]
    if len(pieces) < 2 or not all(_is_row(piece) for piece in pieces):
        return None
    return [Region(scan, region.start, start)], pieces


def _shared(header: Region, context: Context) -> Context:
    """What a header line says for the lines below it."""
    triggers = header.scan.triggers(header.start, header.end)
    kind = triggers[-1].kind if triggers else context.kind if context.kind in (CHECK_IN, CHECK_OUT) else None
    draft = Draft(header, context.but(kind=kind))
    draft.read()
    fields = draft.fields
    return context.but(
        kind=kind,
        day=draft.day or context.day,
        post=fields.get("post") or context.post,
        shift=fields.get("shift") or context.shift,
        duty=fields.get("duty") or context.duty,
        sender=None,
        entry=True,
        starts_at=fields.get("starts_at") or context.starts_at,
        ends_at=fields.get("ends_at") or context.ends_at,
    )


def _entry_lines(region: Region) -> tuple[list[Region], list[Region]] | None:
    """Header lines and lines with one report each, or None."""
    if (inline := numbered(region)) and not _is_form(region, inline):
        return [Region(region.scan, region.start, inline[0].start)], inline
    if region.scan.text.find("\n", region.start, region.end) < 0:
        return None
    lines = []
    at = region.start
    for line in region.text.split("\n"):
        if line.strip():
            lines.append(Region(region.scan, at, at + len(line)))
        at += len(line) + 1
    rows: list[Region] = []
    others: list[Region] = []
    for piece in lines:
        (rows if _is_row(piece) else others).append(piece)
        if len(others) > _HEADER_LINES:
            return None
    if len(rows) < 2:
        return None
    return others, rows


def _is_form(region: Region, parts: list[Region]) -> bool:
    """Whether the numbers count the lines of one form: each begins with a label, and no two with the same."""
    labels = [f for f in region.scan.fields(region.start, region.end) if f.concept != "unknown"]
    first = [f.concept for part in parts for f in labels if part.start - _MARK <= f.label_start <= part.start]
    return len(first) >= len(parts) - 1 and len(set(first)) == len(first)


_MARK = 5
"""A label may begin with its number."""
_HEADER_LINES = 4


_NUMBERED = expression(r"\s*(?:\(?\d{1,2}[.、)]|[①-⑳])\s*")


def _is_row(line: Region) -> bool:
    """Whether the line reports by itself: somebody, and a time or a place."""
    if any(f.concept != "unknown" for f in line.scan.fields(line.start, line.end)) and not _NUMBERED.match(line.text):
        return False
    probe = Region(line.scan, line.start, line.end)
    times = probe.inside(probe.scan.times)
    probe.claim_all(times)
    read_figures(probe)
    for trigger in line.scan.triggers(line.start, line.end):
        probe.claim(trigger.start, trigger.end)
    rest = read_rest(probe)
    return bool(rest.people and (times or rest.posts or _NUMBERED.match(line.text)))


def _outside_labels(region: Region) -> Sequence[Trigger]:
    """The triggers of the text; those inside labels (到岗时间) only where there are no others."""
    triggers = region.scan.triggers(region.start, region.end)
    if len(triggers) < 2:
        return triggers
    fields = region.scan.fields(region.start, region.end)
    free = [
        t for t in triggers if not any(f.concept != "unknown" and f.label_start <= t.start < f.start for f in fields)
    ]
    return free or triggers[:1]


def _groups(region: Region, context: Context, *, entry: bool) -> list[Record]:
    triggers = _outside_labels(region)
    parts = split_by_trigger(region, triggers) if len(triggers) > 1 else None
    if not parts and (timed := pairs(region)):
        parts = [(part, triggers[0].kind if triggers else context.kind or CHECK_IN) for part in timed]
        context = context.but(kind=parts[0][1])
    if not parts:
        kind = triggers[0].kind if triggers else context.kind if context.kind in (CHECK_IN, CHECK_OUT) else CHECK_IN
        return Draft(region, context.but(kind=kind, entry=entry)).records()
    drafts = [Draft(part, context.but(kind=kind)) for part, kind in parts]
    for draft in drafts:
        draft.read()
    drafts = _merged(drafts)
    posts = [draft.fields["post"] for draft in drafts if "post" in draft.fields]
    for draft in drafts:
        if posts and "post" not in draft.fields:
            draft.fields["post"] = posts[0]
    return [record for draft in drafts for record in draft.finish()]


def _merged(drafts: list[Draft]) -> list[Draft]:
    """Drop a part that only announces the others, and give a bare start (今早6点半上的) to the stay that it
    belongs to.
    """
    named = [draft for draft in drafts if draft.people]
    if not named:
        return drafts
    kept = []
    for draft in drafts:
        bare = not draft.people and not draft.counts
        if bare and set(draft.fields) == {"starts_at"} and draft.kind == CHECK_IN and named[0].kind == CHECK_OUT:
            named[0].fields.setdefault("starts_at", draft.fields["starts_at"])
        elif bare and set(draft.fields) <= {"post"}:
            if "post" in draft.fields:
                named[0].fields.setdefault("post", draft.fields["post"])
        else:
            kept.append(draft)
    _share_time(kept)
    return kept


def _share_time(drafts: list[Draft]) -> None:
    """A hand-over happens once: the end of one stay is the start of the next."""
    out = next((d for d in drafts if d.kind == CHECK_OUT), None)
    into = next((d for d in drafts if d.kind == CHECK_IN), None)
    if out and into and "交接" in out.region.text + into.region.text and "ends_at" in out.fields:
        into.fields.setdefault("starts_at", out.fields["ends_at"])


def header_fields(region: Region) -> Fields:
    """What the header of a list says for its entries: kind, day, post, shift, duty."""
    triggers = region.scan.triggers(region.start, region.end)
    draft = Draft(region, NO_CONTEXT.but(kind=triggers[-1].kind if triggers else None))
    draft.read()
    found: Fields = {
        name: draft.fields[name] for name in ("post", "shift", "duty", "starts_at", "ends_at") if name in draft.fields
    }
    if triggers:
        found["kind"] = triggers[-1].kind
    if draft.day:
        found["day"] = draft.day
    return found
