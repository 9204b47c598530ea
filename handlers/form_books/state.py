"""What an entry is after its messages, and whether that adds up. Pure: no database, no words of the chat."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handlers.language.expressions import expression
from handlers.language.form_spec import FieldSpec, FormSpec
from handlers.language.form_values import building_key

Values = Mapping[str, Any]
Part = tuple[str, str | None, float | None, float, float]
"""An entry within a whole: (hash of its identity, of that of the entry above, total, done, left)."""
_REST = expression(r"剩|未|余|待|没")
_DAYS = frozenset({"date", "datetime"})
_PLAIN_TYPES = frozenset({"number", "flag", "date", "datetime", "building", "choice"})


class Change(Protocol):
    """What one message said about an entry."""

    @property
    def values(self) -> Mapping[str, Any]: ...
    @property
    def approx(self) -> Mapping[str, str]: ...
    @property
    def units(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Said:
    """Values with their hedges, and with their measure words where those are not the fields' own."""

    values: Mapping[str, Any]
    approx: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)

    def only(self, keys: Collection[str]) -> "Said":
        """What is said of some fields."""
        return Said(*({k: v for k, v in some.items() if k in keys} for some in (self.values, self.approx, self.units)))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something has come: 130 of 132 households."""

    whole: FieldSpec
    done_field: FieldSpec
    total: float
    done: float
    left: float
    entries: int = 1
    buildings: int = 0
    """How many buildings the entries are, of a form that is told by building."""

    @property
    def percent(self) -> int:
        """Rounded down: what is not finished is never 100."""
        return int(self.done * 100 // self.total) if self.total else 0


def wholes(spec: FormSpec) -> tuple[FieldSpec, ...]:
    """The fields that others are parts of."""
    return tuple(field for field in spec.fields if spec.parts_of(field.key))


def rest_of(spec: FormSpec, whole: FieldSpec) -> FieldSpec | None:
    """The part that says what is left, by its label: it follows from the others where it is not stated."""
    parts = spec.parts_of(whole.key)
    return next((part for part in parts if _REST.search(part.label)), None) if len(parts) > 1 else None


def done_of(spec: FormSpec, whole: FieldSpec) -> FieldSpec | None:
    """The part that says what is done: the first that is not the rest."""
    rest = rest_of(spec, whole)
    return next((part for part in spec.parts_of(whole.key) if part != rest), None)


def folded(spec: FormSpec, changes: Iterable[Change]) -> Said:
    """What is known after all changes, in their order."""
    values: dict[str, Any] = {}
    approx: dict[str, str] = {}
    units: dict[str, str] = {}
    for change in changes:
        values = updated(spec, values, change.values)
        approx = {key: how for key, how in approx.items() if key not in change.values} | dict(change.approx)
        units = {key: word for key, word in units.items() if key not in change.values} | dict(change.units)
    return Said(values, approx, units).only(values)


def updated(spec: FormSpec, known: Values, said: Values) -> dict[str, Any]:
    """What is known after a message: what it says replaces, what it leaves out stays. A rest that was stated before is
    no longer true once the total or another part changes. What an entry is called stays as it was first written.
    """
    found = {**known, **said}
    for key in set(spec.identity) & set(known) & set(said):
        if spelling(spec.field(key), known[key]) == spelling(spec.field(key), said[key]):
            found[key] = known[key]
    for whole in wholes(spec):
        rest = rest_of(spec, whole)
        others = {whole.key, *(part.key for part in spec.parts_of(whole.key))} - {rest.key if rest else ""}
        changed = any(key in said and known.get(key) != said[key] for key in others)
        if rest is not None and rest.key in known and rest.key not in said and changed:
            del found[rest.key]
    order = {field.key: number for number, field in enumerate(spec.fields)}
    return dict(sorted(found.items(), key=lambda item: order.get(item[0], len(order))))


def missing(spec: FormSpec, values: Values) -> list[FieldSpec]:
    """Required fields of which nothing is known."""
    return [field for field in spec.required if field.key not in values]


def progress(spec: FormSpec, values: Values) -> list[Progress]:
    """What can be said of each total of an entry."""
    found = []
    for whole in wholes(spec):
        total, done = values.get(whole.key), done_of(spec, whole)
        if is_number(total) and done is not None and (one := _progress(spec, values, whole, done)) is not None:
            found.append(one)
    return found


def _progress(spec: FormSpec, values: Values, whole: FieldSpec, done: FieldSpec) -> Progress | None:
    rest, total = rest_of(spec, whole), float(values[whole.key])
    others = [part for part in spec.parts_of(whole.key) if part not in (done, rest)]
    aside = sum(amount(values.get(part.key)) for part in others)
    stated = values.get(rest.key) if rest else None
    left = float(stated) if stated is not None and is_number(stated) else None
    if done.key in values:
        finished = amount(values[done.key])
    elif left is not None:
        finished = max(0.0, total - left - aside)
    else:
        return None
    return Progress(whole, done, total, finished, left if left is not None else max(0.0, total - finished - aside))


def whole_of(spec: FormSpec, parts: Collection[Part]) -> list[Progress]:
    """Progress of many entries in the form's first total; at most one. A part is not counted beside the entry that
    states the total for all parts.
    """
    first = next(iter(wholes(spec)), None)
    done_field = done_of(spec, first) if first is not None else None
    if first is None or done_field is None:
        return []
    told = {own for own, _, total, _, _ in parts if total is not None}
    found = [part for part in parts if part[2] is not None and part[1] not in told]
    total = sum(part[2] or 0.0 for part in found)
    done, left = sum(part[3] for part in found), sum(part[4] for part in found)
    houses = len(found) if any(one.type == "building" for one in spec.required) else 0
    return [Progress(first, done_field, total, done, left, len(found), houses)] if found else []


def is_number(value: Any) -> bool:
    """Whether a value can be reckoned with."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def amount(value: Any) -> float:
    """What a value counts for: a number itself, things the sum of their numbers, anything else that is there 1."""
    if is_number(value):
        return float(value)
    if isinstance(value, list):
        return float(sum(item.get("value", 0) for item in value))
    return 1.0 if value else 0.0


# -- identity, and what may be stored in the clear ---------------------------------------------------------------------


def identity(spec: FormSpec, place: str, values: Values) -> str | None:
    """Form, place and identifying values in one spelling. None where the entry is like no other: the form identifies
    nothing, something that it needs for that is not known yet, or nothing at all was named and only a day's figures
    were told, which others may have told of their own.
    """
    fields = [field for key in spec.identity if (field := spec.field(key)) is not None]
    if not fields or any(field.required and field.key not in values for field in fields):
        return None
    named = any(values.get(field.key) for field in fields if field.type not in _DAYS)
    if not named and all(field.type not in _DAYS for field in fields) and not _is_of_the_whole(spec, values):
        return None
    return _joined(spec, place, values)


def over(spec: FormSpec, place: str, values: Values) -> list[str]:
    """The identities of the entries whose part this one is, the nearest first: of a building its community, and all
    that the place tells as one. Empty where it is no part, and of forms that do not tell of buildings.
    """
    types = {key: one.type for key in spec.identity if (one := spec.field(key)) is not None}
    if "building" not in types.values() or identity(spec, place, values) is None:
        return []
    found = (
        _joined(spec, place, {key: value for key, value in values.items() if types.get(key) not in inner})
        for inner in ({"building"}, {"building", "place"})
        if any(values.get(key) and types[key] in inner for key in types)
    )
    return list(dict.fromkeys(found))


def above(spec: FormSpec, place: str, values: Values) -> str | None:
    """The nearest of them."""
    return next(iter(over(spec, place, values)), None)


def stated_of(spec: FormSpec, place: str, identity_: str) -> frozenset[str] | None:
    """The types of what an identity names: nothing for all of a place. None of an entry that is like no other."""
    lead = f"{spec.name}|{place}|"
    if not identity_.startswith(lead):
        return None
    named = zip(spec.identity, identity_.removeprefix(lead).split("|"), strict=False)
    return frozenset(one.type for key, word in named if word and (one := spec.field(key)) is not None)


def _joined(spec: FormSpec, place: str, values: Values) -> str:
    return "|".join([spec.name, place, *(spelling(spec.field(key), values.get(key, "")) for key in spec.identity)])


def _is_of_the_whole(spec: FormSpec, values: Values) -> bool:
    """Whether totals are told: there is one of them for a place."""
    return any(field.total or spec.parts_of(field.key) for field in spec.fields if field.key in values)


def spelling(field: FieldSpec | None, value: Any) -> str:
    """One spelling of what may be written in several: 16栋, 16 号楼, １６＃."""
    if field is not None and field.type == "building":
        return building_key(str(value))
    return "".join(unicodedata.normalize("NFKC", str(value)).split()).casefold()


def label(spec: FormSpec, values: Values, *, masked: bool = False) -> str:
    """How people call an entry: its identifying values, but days; of people nothing where `masked`."""
    shown = [field for key in spec.identity if (field := spec.field(key)) is not None and key in values]
    words = [str(values[f.key]) for f in shown if f.type not in _DAYS and not (masked and f.personal)]
    return " ".join(words)


def split(spec: FormSpec, values: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what may be stored in the clear, what is sealed). Words may always name somebody; numbers never do."""
    plain: dict[str, Any] = {}
    sealed: dict[str, Any] = {}
    for key, value in values.items():
        field = spec.field(key)
        fits = field is not None and field.type in _PLAIN_TYPES and not field.personal
        clear = fits and (is_number(value) or not spec.sensitive)
        (plain if clear else sealed)[key] = value
    return plain, sealed


def first_of(spec: FormSpec, values: Values, kind: str) -> str | None:
    """The first personal value of a type: whom an entry is about, and their phone."""
    keys: Sequence[str] = [f.key for f in spec.fields if f.type == kind and f.personal]
    return next((str(values[key]) for key in keys if values.get(key)), None)
