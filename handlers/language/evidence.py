"""How sure a record is: everything that speaks for it counts for itself, and unread words speak against it.

Coming and going tell how much of their words nobody read (`duty_draft`); they are graded there.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from handlers.language.counts import last_topic
from handlers.language.expressions import expression
from handlers.language.forms import Field
from handlers.language.kinds import opened_by
from handlers.language.people import CLEAR, is_name
from handlers.language.scan import Scan, within
from handlers.language.types import Fields, Record
from handlers.language.vocabulary import ITEM_WORDS

KIND: Final = "kind"
"""The key, among the sources of a record, of the words that say what kind it is."""
ADDRESSED, LISTED, WORD, LABEL = 0.2, 0.4, 0.6, 0.3
KNOWN, NAMED, MAYBE_NAMED = 0.5, 0.3, 0.1
COUNTED, MEASURED, NUMBERED = 0.5, 0.4, 0.1
"""A number of a known work with its measure, of anything with its measure, of a word that hardly says what."""
IDLE: Final = 0.7
"""What is lost where every item is made of words that name nothing."""
_IDLE = expression(
    r"^[这那哪谁他她它]|[他她它]们?|[这那]里|说|觉得|好久|一直|已经|[也就][^业医诊餐]|买不|没有|什么|大概|还有|怎么"
)
_WEIGHTS: Final[dict[str, float]] = {
    "phone": 0.5, "id_number": 0.6, "trip": 0.5, "ref": 0.5, "phone_tail": 0.5, "temperatures": 0.5, "temperature": 0.4,
    "outcome": 0.4, "symptoms": 0.4, "round": 0.4, "needed": 0.4, "post": 0.3, "place": 0.3, "party": 0.3,
    "address": 0.3, "community": 0.3, "township": 0.2, "origin": 0.3, "employer": 0.2, "finding": 0.2,
    "arrives_at": 0.3, "opens_at": 0.3, "staff": 0.3, "area_m2": 0.3, "transport": 0.3, "isolation": 0.3, "at": 0.2,
    "starts_at": 0.2, "field": 0.4, "day": 0.3, "attempt": 0.3, "hand_over": 0.4,
}  # fmt: skip
"""What a field that was read says for the record; the others say `_OTHER`."""
_OTHER: Final = 0.1
_PEOPLE: Final = ("people", "person", "name")
_GRADED_ELSEWHERE: Final = frozenset({"check_in", "check_out"})
_LONG: Final = 16
"""A shorter text holds no room for what nobody reads."""
_LIST: Final = 400
"""A longer one is no sentence but a list, whose records each have their own words."""
_ENOUGH: Final = 32
"""More labels make no record surer; a long form of many records would look at all of them for each."""
_WORK: Final = tuple(ITEM_WORDS)


def grade(scan: Scan, record: Record, start: int, end: int, *, listed: bool) -> None:
    """Set the confidence of a record that was read from `text[start:end]`, and point at the words of its kind."""
    if record.kind in _GRADED_ELSEWHERE:
        return
    word = _opening(scan, record.kind, start, end)
    if word is not None:
        record.sources.setdefault(KIND, word)
    labels = scan.fields(start, end)
    against = _around(labels, addressed=scan.addressed, listed=listed, word=word is not None)
    for name, value in record.fields.items():
        against = _but_for(scan, name, value, against)
    sure = (1 - against) * _understood(scan, record, start, end, labelled=bool(labels))
    if "counts" in record.fields or "items" in record.fields:
        sure *= _sense(record)
    record.confidence = round(min(record.confidence, sure), 2)


def _opening(scan: Scan, kind: str, start: int, end: int) -> tuple[int, int] | None:
    """The words that make the stretch a record of its kind; figures of work are told with a coming or a going."""
    if kind != "work":
        return opened_by(kind, scan.text, start, end)
    triggers = scan.triggers(start, end)
    return (triggers[0].start, triggers[0].end) if triggers else None


def _around(labels: Sequence[Field], *, addressed: bool, listed: bool, word: bool) -> float:
    """What the surroundings of a record leave of the doubt: whom it was said to, where it stands, labels."""
    against = 1.0
    for holds, weight in ((addressed, ADDRESSED), (listed, LISTED), (word, WORD)):
        if holds:
            against *= 1 - weight
    for label in labels[:_ENOUGH]:
        if label.concept != "unknown":
            against *= 1 - LABEL
    return against


def _but_for(scan: Scan, name: str, value: Any, against: float) -> float:
    """What a field leaves of the doubt."""
    if name in _PEOPLE and (name != "name" or isinstance(value, str)):
        for one in value if isinstance(value, list) else (value,):
            against *= 1 - _of_name(scan, one)
        return against
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for count in value:
            against *= 1 - _of_count(count)
        return against
    return against * (1 - _WEIGHTS.get(name, _OTHER))


def _of_name(scan: Scan, name: str) -> float:
    if name not in scan.text:
        return 0.0
    if name in scan.known:
        return KNOWN
    return NAMED if is_name(name) >= CLEAR else MAYBE_NAMED


def _of_count(count: Fields) -> float:
    item: str = count["item"]
    if item.endswith(_WORK) or last_topic(item):
        return COUNTED if "unit" in count else MEASURED
    return MEASURED if "unit" in count and len(item) > 1 else NUMBERED


def _sense(record: Record) -> float:
    """1 where all items are words for something; less where they are the rest of a sentence (这边3个, 一直买不到)."""
    items = [*record.fields.get("counts", ()), *record.fields.get("items", ())]
    idle = sum(_IDLE.search(item["item"]) is not None for item in items)
    return 1 - IDLE * idle / len(items) if idle else 1.0


def _understood(scan: Scan, record: Record, start: int, end: int, *, labelled: bool) -> float:
    """1 where nearly all words of the stretch were read; less, where a sentence says much else."""
    if scan.addressed or labelled or not _LONG <= end - start <= _LIST:
        return 1.0
    read = sum(len(words) for words in _words(record.fields.values()) if words in scan.text)
    read += sum(span.end - span.start for span in within(scan.times, start, end))
    read += sum(span.end - span.start for span in within(scan.numbers, start, end))
    return min(1.0, _NEVER_NOTHING + read / (end - start))


_NEVER_NOTHING: Final = 0.6


def _words(values: Sequence[Any] | Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield value["item"]
            yield value.get("unit", "")
        elif isinstance(value, list):
            yield from _words(value)
