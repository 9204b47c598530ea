"""Days, clock times and ranges in running text.

`find_times` gives for each what was written; which of several possible moments is meant is settled by `resolve`, once
it is known whether the message reports or plans. No times are temperatures, rooms, phones, cards, trips, versions and
quantities (see `times_grammar`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from handlers.language.days import Day, Moment
from handlers.language.durations import Duration, find_durations
from handlers.language.expressions import expression
from handlers.language.moments import Bound, Part, Tense, TimeExpr, TimeRange
from handlers.language.numerals import read_numeral
from handlers.language.periods import Period, find_periods
from handlers.language.times_tokens import Token, tokens
from handlers.language.types import Span

__all__ = [
    "Duration",
    "Moment",
    "Period",
    "Tense",
    "TimeExpr",
    "TimeRange",
    "find_durations",
    "find_periods",
    "find_times",
]

_OFFSET = timedelta(hours=8)
_LOCAL = timezone(_OFFSET)

_GAP = expression(r" ?的? ?|\) ?| ?\(")
_GAP_AFTER_DAY = expression(r" ?[,:] ?")
_SUFFIX = expression(
    r"(?P<about> ?(?:左右|前后|上下|许|来钟|多(?!人|次|户)))?"
    r"(?:(?P<before>(?:之|以)?前(?![门台往后晚天日]))|(?P<after>(?:之|以)?后(?![天日门街勤]))|(?P<from>起(?!床|来)|开始))?"
)
_PREFIX = expression(
    r"(?:(?P<as_of>截[至止]到?(?:时间)?[: ]?)|(?P<until>[到至])|(?P<from>[从自] ?)|(?P<about>约|大约|大概)) ?$"
)
_LONGEST_PREFIX = 7
_BEFORE_SUFFIX = frozenset(" 左前上许来多之以后起开")
_PREFIX_ENDS = frozenset("到至从自约概")
"""What a suffix begins and a prefix ends with, spaces and what stands behind 截至 aside."""
_WORK = r"(?:开始|起|上岗|到岗|一直|值守|值班|工作|持续|[干值守站忙做])"
_CONNECTOR = expression(rf" ?(?:{_WORK} ?){{0,2}}(?: ?(?:-{{1,2}}|~|→) ?|[到至])")
_TAIL = expression(r" ?(?:-|~|[到至]) ?(1[0-9]|2[0-4]|0?[0-9]|十[一二]?|[一二两三四五六七八九])(?=[\s,;。、)]|$)")
_BEFORE_TAIL = frozenset(" -~到至")


@dataclass(slots=True)
class _Piece:
    """An expression on its way: where it stands and what it became so far."""

    start: int
    end: int
    value: TimeExpr | TimeRange
    lead: bool = False
    bare: bool = False


def find_times(text: str, reference: datetime) -> list[Span[TimeExpr | TimeRange]]:
    """All times of a normalised text in order, ranges as one. `reference`: when it was sent, aware or local."""
    offset = reference.utcoffset()
    if offset is not None and offset != _OFFSET:
        reference = reference.astimezone(_LOCAL)
    local = reference.replace(tzinfo=None)
    found = tokens(text, local)
    if not found:
        return []
    pieces = _pieces(text, found, local)
    return [Span(piece.start, piece.end, piece.value) for piece in _ranges(text, pieces, local)]


def _pieces(text: str, found: list[Token], reference: datetime) -> list[_Piece]:
    """Join a day, a part of the day and a clock time that stand together."""
    pieces: list[_Piece] = []
    index = 0
    while index < len(found):
        group = [found[index]]
        index += 1
        while index < len(found) and _continues(text, group, found[index]):
            group.append(found[index])
            index += 1
        piece = _piece(text, group, reference)
        if piece is not None:
            pieces.append(piece)
    return pieces


def _continues(text: str, group: list[Token], token: Token) -> bool:
    last = group[-1]
    if last.hour is not None or last.exact is not None or token.exact is not None:
        return False
    if token.day is not None and last.day is None:
        return False
    gap = text[last.end : token.start]
    if gap == "" or _GAP.fullmatch(gap) is not None:
        return not (gap == "" and token.day is not None and text[last.end - 1].isdigit())
    return last.day is not None and token.day is None and _GAP_AFTER_DAY.fullmatch(gap) is not None


def _piece(text: str, group: list[Token], reference: datetime) -> _Piece | None:
    start, last = group[0].start, group[-1]
    end = last.end
    day, part = _day_and_part(group) if len(group) > 1 else (last.day, last.part)
    if last.hour is None and ((day is None and last.exact is None) or _needs_time(text, last, start)):
        return None
    expr = TimeExpr(
        reference, day, part, last.hour, last.minute, last.colon, last.padded, last.approx, None, last.exact
    )
    if last.until is not None:
        hour, minute = last.until
        return _Piece(
            start, end, TimeRange(expr, TimeExpr(reference, hour=hour, minute=minute, colon=True, padded=last.padded))
        )
    expr, end = _flagged(text, expr, start, end)
    return _Piece(start, end, expr, last.lead, last.part is not None and last.hour is not None)


def _day_and_part(group: list[Token]) -> tuple[Day | None, Part | None]:
    """The surest day and the last part of the day that the tokens name."""
    days = [token.day for token in group if token.day is not None]
    parts = [token.part for token in group if token.part is not None]
    day = next((day for day in days if day.is_calendar and day.kind != "weekday"), days[0] if days else None)
    return day, parts[-1] if parts else None


def _needs_time(text: str, last: Token, start: int) -> bool:
    return last.part is None and text[start : last.end] in _NEED_TIME


_NEED_TIME = frozenset(("第二天", "前", "后", "当", "次", "翌"))
"""Too ambiguous to be a day by themselves."""


def _flagged(text: str, expr: TimeExpr, start: int, end: int) -> tuple[TimeExpr, int]:
    """Take in the hedge behind and note what the word before or behind makes of the time."""
    suffix = _SUFFIX.match(text, end) if text[end : end + 1] in _BEFORE_SUFFIX else None
    lead = text[max(0, start - _LONGEST_PREFIX) : start]
    before = _PREFIX.search(lead) if lead.rstrip(" ")[-1:] in _PREFIX_ENDS or "截" in lead else None
    bound: Bound | None = None
    approx = expr.approx
    if before is not None:
        bound = "as_of" if before["as_of"] else "until" if before["until"] else "from" if before["from"] else None
        approx = approx or bool(before["about"])
    if suffix is not None and suffix.end() > end and expr.exact is None:
        approx = approx or bool(suffix["about"])
        bound = "before" if suffix["before"] else "after" if suffix["after"] else "from" if suffix["from"] else bound
        end = suffix.end()
    return (expr.bounded(approx=approx, bound=bound), end) if approx != expr.approx or bound else (expr, end)


def _ranges(text: str, pieces: list[_Piece], reference: datetime) -> list[_Piece]:
    """Join two times with a dash or 到 between them."""
    joined: list[_Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        follower = pieces[index + 1] if index + 1 < len(pieces) else None
        ranged = _range(text, piece, follower) if follower is not None else None
        if ranged is not None:
            index += 1
        elif not piece.lead:
            ranged = _with_tail(text, piece, reference)
        if ranged is not None:
            joined.append(ranged)
        index += 1
    return joined


def _range(text: str, first: _Piece, second: _Piece) -> _Piece | None:
    start, end = first.value, second.value
    if not isinstance(start, TimeExpr) or not isinstance(end, TimeExpr) or start.exact or end.exact or second.lead:
        return None
    if not start.has_time and end.has_time and not end.has_day:
        return None
    if start.bound in ("until", "before"):
        return None
    between = text[first.end : second.start]
    glued = between == "" and first.bare and second.bare  # 早八晚六
    slashed = between == "/" and not start.has_time and not end.has_time
    if not (glued or slashed or _CONNECTOR.fullmatch(between) is not None):
        return None
    return _Piece(first.start, second.end, TimeRange(start, end.bounded(approx=end.approx, bound=None)))


def _with_tail(text: str, piece: _Piece, reference: datetime) -> _Piece:
    """`8点-12`, `早8到6`: a bare number ends the range."""
    start = piece.value
    if not isinstance(start, TimeExpr) or start.hour is None or start.bound == "until":
        return piece
    tail = _TAIL.match(text, piece.end) if text[piece.end : piece.end + 1] in _BEFORE_TAIL else None
    hour = read_numeral(tail[1]) if tail is not None else None
    if tail is None or not isinstance(hour, int):
        return piece
    end = TimeExpr(reference, hour=hour, colon=start.colon, padded=len(tail[1]) > 1 and tail[1][0] == "0")
    return _Piece(piece.start, tail.end(), TimeRange(start, end))
