# ruff: noqa: PLR2004 - lengths of words and names, in characters

"""Cut a text into reports of coming and going: by triggers, by pairs of name and time."""

from collections.abc import Sequence
from itertools import pairwise

from handlers.language import when
from handlers.language.chunks import read_rest
from handlers.language.expressions import expression
from handlers.language.people import CLEAR, is_name, name_at_end, name_at_start
from handlers.language.posts import looks_like_post
from handlers.language.scan import Region
from handlers.language.triggers import Trigger
from handlers.language.types import Span


def pairs(region: Region) -> list[Region] | None:
    """`张三8:00 李四8:10`: names with a time of their own each, on one line."""
    if len(region.scan.times) < 2:
        return None
    times = [span for span in region.inside(region.scan.times) if not when.is_day(span.value)]
    if len(times) < 2:
        return None
    starts = []
    for span in times:
        word = _WORD_BEFORE.search(region.scan.text, max(region.start, span.start - 10), span.start)
        if word and _opens(word[1], region.scan.known):
            starts.append(word.start(1))
    if len(starts) != len(times):
        return None
    cuts = [region.start, *starts[1:], region.end]
    if _all_named_again(region, starts[0]):
        cuts[0] = starts[0]
    return [Region(region.scan, a, b) for a, b in pairwise(cuts)]


def _all_named_again(region: Region, end: int) -> bool:
    """高进财高进宝都签退了 高进财东口19点 …: the head only says beforehand who follows."""
    names = read_rest(Region(region.scan, region.start, end)).people
    return bool(names) and all(name in region.scan.text[end : region.end] for name in names)


def _opens(word: str, known: frozenset[str]) -> bool:
    """A name, or a name glued to a post on either side: 北口董万才, 高进财东口."""
    if is_name(word, known) >= CLEAR:
        return True
    first, last = name_at_start(word, known), name_at_end(word, known)
    return bool((last and looks_like_post(word[: last.start])) or (first and looks_like_post(word[first.end :])))


_WORD_BEFORE = expression(r"(?<![一-鿿、和])([一-鿿·]{2,8})[ (:]?$")


def split_by_trigger(region: Region, triggers: Sequence[Trigger]) -> list[tuple[Region, str]] | None:
    """Parts with one report each: every trigger with people of its own opens one."""
    starts: list[tuple[int, str]] = []
    before: Trigger | None = None
    for trigger in triggers:
        if not starts or starts[-1][1] != trigger.kind or _reports_by_itself(region, trigger, starts[-1][0]):
            starts.append((_piece_start(region, trigger, before), trigger.kind))
        before = trigger
    if len(starts) < 2 or len({at for at, _ in starts}) < len(starts):
        return None
    cuts = [region.start, *(at for at, _ in starts[1:]), region.end]
    return [(Region(region.scan, a, b), kind) for (a, b), (_, kind) in zip(pairwise(cuts), starts, strict=True)]


def _reports_by_itself(region: Region, trigger: Trigger, last: int) -> bool:
    """Whether a name, or a post after another post, stands right before the trigger in its own piece."""
    start = _boundary(region, trigger.start)
    if start == region.start:
        return False
    probe = Region(region.scan, start, trigger.start)
    probe.claim_all(probe.inside(probe.scan.times))
    rest = read_rest(probe)
    return bool(rest.people) or (bool(rest.posts) and _has_post(Region(region.scan, last, start)))


def _has_post(before: Region) -> bool:
    before.claim_all([Span(t.start, t.end, None) for t in before.scan.triggers(before.start, before.end)])
    return bool(read_rest(before).posts)


_LONGEST_PIECE = 200


def _boundary(region: Region, at: int) -> int:
    """Where the piece between commas that `at` stands in begins."""
    start = max(region.start, at - _LONGEST_PIECE)
    return max(start, *(region.scan.text.rfind(mark, start, at) + 1 for mark in ",;。!\n"))


def _piece_start(region: Region, trigger: Trigger, before: Trigger | None) -> int:
    """Where the part of a trigger begins: its piece or, behind another trigger in the piece, the end of that one."""
    start = _boundary(region, trigger.start)
    if before is None or before.end <= start:
        return start
    return start if _trailing(region, before.end, trigger) else before.end


def _trailing(region: Region, end: int, trigger: Trigger) -> bool:
    """Whether the text between two triggers of one piece belongs to the first one alone: nobody is named in it."""
    probe = Region(region.scan, end, trigger.start)
    probe.claim_all(probe.inside(probe.scan.times))
    return not read_rest(probe).people
