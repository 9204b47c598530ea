"""Which words made a field: found again in the stretch that the record was read from."""

from handlers.language import when
from handlers.language.scan import Scan, within
from handlers.language.types import Record

WHOLE = "record"
"""The key of the stretch that the record was read from."""
_LONGEST = 2048
"""No message is longer; what else comes is not traced field by field."""
_NEVER_WRITTEN = frozenset({"district", "township", "community", "kind"})
_TIMES = frozenset({"at", "deadline"})
_TEMPERATURES = frozenset({"temperature", "temperatures"})


def add_sources(scan: Scan, record: Record, start: int, end: int) -> None:
    """Fill `record.sources`: the whole stretch, and each field whose words can be pointed at."""
    start, end = record.sources.setdefault(WHOLE, (start, end))
    if end - start > _LONGEST:
        return
    for name, value in record.fields.items():
        if name not in record.sources and name not in _NEVER_WRITTEN and (span := _find(scan, name, value, start, end)):
            record.sources[name] = span


def _find(scan: Scan, name: str, value: object, start: int, end: int) -> tuple[int, int] | None:
    if name in _TIMES or name.endswith("_at"):
        return _time(scan, name, start, end)
    first = value
    if isinstance(value, list) and value:
        first = value[0].get("item") if isinstance(value[0], dict) else value[0]
    if name in _TEMPERATURES:
        return next(((s.start, s.end) for s in within(scan.temperatures, start, end) if s.value == first), None)
    if first is None or first is True or first is False:
        return None
    words = str(first)
    at = scan.text.find(words, start, end)
    return (at, at + len(words)) if at >= 0 else None


def _time(scan: Scan, name: str, start: int, end: int) -> tuple[int, int] | None:
    """The first expression that can set the field: an end is the last one."""
    told = within(scan.times, start, end)
    if not told:
        return None
    spans = [span for span in told if when.is_range(span.value) or not when.is_day(span.value)] or told
    span = spans[-1 if name == "ends_at" else 0]
    return span.start, span.end
