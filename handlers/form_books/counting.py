"""What the messages about an entry add to the figures. Pure.

An entry is one thing however often it is told of, so a message adds what it changes: of a figure that is `latest` the
difference to what was known, of one that is `sum` the difference to what was said before on the same day, of one that
is `set` one, once. Added up over days and places that is right, whatever period is asked for, and taken back with the
message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from handlers.form_books import state
from handlers.form_books.state import amount, is_number
from handlers.language.form_spec import FigureSpec, FormSpec
from handlers.language.form_values import building_key

_HOUSES = frozenset({"栋", "号楼", "楼", "幢", "座", "号院"})


class Change(state.Change, Protocol):
    """What one message said about an entry, and when."""

    @property
    def day(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Count:
    """One figure that a message adds; the columns of `storage.tables.Figure` of the same names."""

    item: str
    measure: str
    value: float
    approx: str = ""
    total: bool = False


@dataclass(slots=True)
class _Known:
    """What was said before of one figure."""

    last: float = 0.0
    by_day: dict[date, float] = field(default_factory=dict)


Covered = Callable[[FigureSpec, date], bool]


def contributions(
    spec: FormSpec, changes: Sequence[Change], covered: Covered = lambda _figure, _day: False
) -> list[list[Count]]:
    """What each change adds, in the order of the changes. `covered`: the entry is part of another that tells a figure
    for all its parts.
    """
    known = [_Known() for _ in spec.figures]
    return [
        [
            one
            for figure, was in zip(spec.figures, known, strict=True)
            if (one := _count(spec, figure, was, change)) and not covered(figure, change.day)
        ]
        for change in changes
    ]


def cover(above: Sequence[Change]) -> Covered:
    """Which figures the changes of an entry tell for its parts: a day's figure on that day, others once and for all."""
    ever = {key for change in above for key in change.values}
    days = {(key, change.day) for change in above for key in change.values}

    def covered(figure: FigureSpec, day: date) -> bool:
        return (figure.field, day) in days if figure.measure == "sum" else figure.field in ever

    return covered


def called(figure: FigureSpec) -> str:
    """What a stated total is called: by what it is the total of, so that both stand in one line."""
    return (figure.item.removeprefix("累计") or figure.item)[:64]


def _count(spec: FormSpec, figure: FigureSpec, was: _Known, change: Change) -> Count | None:
    if figure.field not in change.values:
        return None
    value = amount(change.values[figure.field])
    item, hedge = figure.item[:64], change.approx.get(figure.field, "")
    measure = (figure.unit if figure.measure == "set" else change.units.get(figure.field, figure.unit))[:16]
    stated = spec.field(figure.field)
    if stated is not None and stated.total:
        return Count(called(figure), measure, value, hedge, total=True)
    if figure.measure == "set":
        value = 1.0 if value else 0.0
    before = was.by_day.get(change.day, 0.0) if figure.measure == "sum" else was.last
    was.last = was.by_day[change.day] = value
    gained = round(value - before, 6)
    return Count(item, measure, gained, "" if figure.measure == "set" else hedge) if gained else None


def is_said_by(spec: FormSpec, values: Mapping[str, Any], count: Mapping[str, Any]) -> bool:
    """Whether a count of a record is a number that the entry holds: it is counted there and not once more. A whole
    of which no part is told (抗原1100户, without 完成) is counted nowhere there, and would be lost.
    """
    for one in spec.fields:
        if _is_bare_whole(spec, values, one.key):
            continue
        if one.type == "building" and one.key in values and _is_its_number(values[one.key], count):
            return True
        number = values.get(one.key)
        numbers = [item.get("value") for item in number] if isinstance(number, list) else [number]
        fits = not count.get("unit") or not one.units or count["unit"] in one.units
        if fits and any(is_number(n) and n == count["value"] for n in numbers):
            return True
    return False


def _is_bare_whole(spec: FormSpec, values: Mapping[str, Any], key: str) -> bool:
    """Whether a field is the whole of others, and nothing that is counted was told beside it."""
    counted = {figure.field for figure in spec.figures}
    return key not in counted and any(one.part_of == key for one in spec.fields) and not counted & values.keys()


def _is_its_number(building: Any, count: Mapping[str, Any]) -> bool:
    """Whether a count is the number of a building and no count at all: 17栋."""
    return count.get("unit") in _HOUSES and building_key(str(building)) == building_key(f"{count['value']:g}栋")
