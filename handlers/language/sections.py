# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""Cut a text into sections of one kind each, and drop the sentences that report nothing."""

import re
from datetime import datetime, timedelta, timezone

from handlers.language import gate
from handlers.language.chunks import read_rest
from handlers.language.counts import read_figures
from handlers.language.expressions import expression
from handlers.language.kinds import kind_of
from handlers.language.light import light
from handlers.language.moments import TimeRange
from handlers.language.scan import Region, Scan

_SENTENCE = expression(r"(?:[^。;!?\n]{1,5}!+[ ]?)*[^。;!?\n]+[。;!?]*")
_CLAUSE = expression(r"[^。;!?\n]+[。;!?]*")
"""The same where no exclamation mark stands."""
_FIGURES = expression(
    r"[0-9一二两三四五六七八九十百千万余多来] ?(?:人次|人份|户|辆|单|箱|份|张|车|个|次|条|人|家|栋|平方米|平米|"
    r"件|通|名|例|趟|批|支)"
)
_PLAIN_FIGURES = expression(
    r"(?:测温|扫码|登记|劝返|消杀|抗原|采样|门磁|清运|配送|转运|送菜|送餐|入户|走访|排查|电话|发放|服务|查验|"
    r"台账|车辆|录入|建档|巡查|出入证|宣传)[^,;。\n]{0,12}?[0-9一二两三四五六七八九十百千]"
)
_LOCAL = timezone(timedelta(hours=8))
_PLACE_WORD = expression(r"[口门岗点站村区]")
_CALLED = expression(r"核[实查对]|尾号|核转|[Rr]\d")
_BARE_FIGURES = expression(
    r"(?:测温|扫码|登记|劝返|消杀|抗原|采样|门磁|异常|进|出|车辆|查码|配送|入户|排查)[: ]?\d+(?![\d:.点])"
)
_FORM_KINDS = ("returnee", "enterprise", "check_in", "duty", "health", "supply", "patrol", "verification")
_BRACKET_ANNOUNCE = expression(
    r"^【?(?:重要|紧急|温馨|健康|防疫|疫情)*(?:通知|公告|提醒|提示|通告|倡议|倡议书|转发)】?"
)

_ENDS = frozenset("。;!?\n")
_ANNOUNCING = frozenset("【重紧温健防疫通公提倡转")
"""What an announcement of this kind begins with."""


@light
class Section:
    """A stretch of the text and the kind of record that it opens."""

    start: int
    end: int
    kind: str | None


@light
class Part:
    """A section whose kind is known."""

    start: int
    end: int
    kind: str


def divide(scan: Scan) -> list[Part]:
    """The sections of a message, in order. Empty where it is chatter."""
    text = scan.text
    if not text or gate.is_addressed_thanks(text) or (text[0] in _ANNOUNCING and _BRACKET_ANNOUNCE.match(text)):
        return []
    fields = scan.fields() if ":" in text or "\n" in text or "=" in text or text.count(" ") > 5 else []
    filled = sum(field.end > field.start for field in fields if field.concept != "unknown")
    if filled >= 2 and (kind := _form_kind(text, {field.concept for field in fields})):
        return [Part(0, len(text), kind)]
    parts = _join(scan, list(_sentences(scan)))
    if not parts and not scan.notes and (kind := kind_of(text)):
        return [Part(0, len(text), kind)]
    return parts


def _sentences(scan: Scan) -> list[Section]:
    found: list[Section] = []
    for start, end in _stretches(scan):
        sentence = scan.text[start:end]
        kind = kind_of(sentence.strip())
        if kind == "verification" and not scan.addressed and not _CALLED.search(scan.text):
            kind = None
        reason = gate.why_silent(sentence, kind=kind, addressed=scan.addressed)
        if reason in ("plan", "thanks") and kind is None and found:
            reason = None
        if reason is not None:
            scan.note(f"{reason}: {sentence.strip()}")
            if reason in ("announcement", "question", "news") and not found:
                return [*found, *_rest_after(scan, end, reason)]
            continue
        found.append(Section(start, end, kind))
    return found


def _stretches(scan: Scan) -> list[tuple[int, int]]:
    """Where the sentences stand; most messages are a single one."""
    text = scan.text
    if _ENDS.isdisjoint(scan.characters):
        return [(0, len(text))]
    return [match.span() for match in (_SENTENCE if "!" in scan.characters else _CLAUSE).finditer(text)]


def _rest_after(scan: Scan, start: int, reason: str) -> list[Section]:
    """What follows an opening that reports nothing counts only with a kind of its own and nothing against it."""
    rest: list[Section] = []
    for match in _SENTENCE.finditer(scan.text, start):
        kind = kind_of(match.group().strip())
        if reason == "announcement" or gate.why_silent(match.group(), kind=kind, addressed=scan.addressed) is not None:
            return []
        rest.append(Section(match.start(), match.end(), kind))
    return rest if scan.addressed else []


def _join(scan: Scan, sentences: list[Section]) -> list[Part]:
    """A sentence without a kind of its own belongs to the one before, or opens what follows."""
    parts: list[Part] = []
    pending: int | None = None
    for section in sentences:
        last = parts[-1] if parts else None
        if section.kind is None or (last and last.kind == section.kind) or (last and _belongs(scan, last, section)):
            if last:
                parts[-1] = Part(last.start, section.end, last.kind)
            elif pending is None:
                pending = section.start
        else:
            start = section.start if pending is None else pending
            parts.append(Part(start, section.end, section.kind))
            pending = None
    if not parts and pending is not None:
        return _figures_only(scan, pending, sentences[-1].end)
    return parts


def _belongs(scan: Scan, last: Part, section: Section) -> bool:  # noqa: PLR0911 - a list of rules: the first that holds wins
    """Whether a sentence with a kind of its own only continues the one before it."""
    text = scan.text[section.start : section.end]
    if last.kind == "call_up":
        return section.kind in ("sign_up", "duty", "leave", "patrol", "supply")
    if last.kind == "returnee":
        return section.kind in ("health", "duty") and "\n" not in scan.text[max(0, section.start - 1) : section.start]
    if last.kind == "verification":
        return section.kind in ("correction", "returnee", "health")
    if last.kind == "patrol":
        return section.kind in ("duty", "supply") and not re.match(r"\s*(?:离岗|签退|签到|到岗)", text)
    if last.kind == "enterprise":
        return section.kind in ("supply", "call_up", "returnee", "duty", "health")
    if last.kind == "health":
        return section.kind in ("verification", "patrol") and not re.match(r"\s*(?:核实|巡查)", text)
    if last.kind == "correction":
        return section.kind in ("duty", "returnee") or _is_bare(scan.text[last.start : last.end])
    return False


def _is_bare(opening: str) -> bool:
    """Whether a correction says only of whom or of which record: its field and value come below."""
    return len(opening) <= _LONGEST_HEAD and ":" not in opening and not re.search(r"改[为成]|应|[为是到]\S", opening)


_LONGEST_HEAD = 16


def _figures_only(scan: Scan, start: int, end: int) -> list[Part]:  # noqa: PLR0911 - a list of rules: the first that holds wins
    """Figures without any other word of a report are work; a line that opens like a duty form is one."""
    text = scan.text[start:end]
    if _period_over(scan, start, end):
        return [Part(start, end, "check_out")]
    if gate.is_figure_plan(text):
        scan.note(f"plan: {text}")
        return []
    if scan.addressed and len(_BARE_FIGURES.findall(text)) > 1:
        return [Part(start, end, "work")]
    if scan.temperatures and gate.passes_gate(text):
        scan.note(f"somebody at the gate: {text}")
        return []
    if scan.temperatures and (scan.addressed or re.search(r"[Dd]\d|第.{1,3}天|均?正常", text)):
        return [Part(start, end, "health")]
    if _FIGURES.search(text) and (scan.addressed or _PLAIN_FIGURES.search(text)):
        return [Part(start, end, "work")]
    return []


def _period_over(scan: Scan, start: int, end: int) -> bool:
    """Hours that have passed, with a person or a post beside them: a stay that is over."""
    region = Region(scan, start, end)
    spans = [
        span
        for span in region.inside(scan.times)
        if isinstance(span.value, TimeRange) and span.value.start.has_time and span.value.end.has_time
    ]
    if not spans or not (scan.addressed or _PLACE_WORD.search(region.text)):
        return False
    first = spans[0].value
    ends = first.resolve("report")[1] if isinstance(first, TimeRange) else None
    sent = scan.message.sent_at.astimezone(_LOCAL).replace(tzinfo=None)
    if ends is None or ends.time is None or datetime.combine(ends.date, ends.time) > sent + timedelta(minutes=60):
        return False
    region.claim_all(region.inside(scan.times))
    read_figures(region)
    rest = read_rest(region)
    return bool(rest.people or rest.posts)


def _form_kind(text: str, concepts: set[str]) -> str | None:  # noqa: PLR0911 - a list of rules: the first that holds wins
    """What kind of form the labels and the words before them make."""
    head = text[:40]
    opening = kind_of(text.split("\n", 1)[0].strip())
    if (
        len(concepts & {"opens_at", "staff", "returned", "dormitory", "canteen", "area_m2"}) > 2
        and opening != "correction"
    ):
        return "enterprise"
    if opening in ("correction", "undo", "call_up", "verification", "sign_up", "withdraw", "supply", "leave"):
        return opening
    if concepts & {"arrives_at", "arrives_plan", "origin", "arrived"} and not concepts & {"opens_at", "staff"}:
        return "returnee"
    if concepts & {"opens_at", "staff", "dormitory", "canteen", "area_m2"} or (
        "company" in concepts and "shortages" in concepts
    ):
        return "enterprise"
    if concepts & {"needed", "deadline"} and opening != "duty":
        return "call_up"
    if "round" in concepts or opening == "patrol":
        return "patrol"
    if opening in ("returnee", "enterprise", "health", "duty"):
        return opening
    if concepts & {"temperature", "day"} and concepts & {"name", "people"} and "address" not in concepts:
        return "health"
    return kind_of(head) if kind_of(head) in _FORM_KINDS else None
