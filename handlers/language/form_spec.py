"""What a form is: its fields, what makes an entry the same entry, what it adds to. Plain values, made from TOML files
by `handlers.forms`; docs/forms.md explains every key to those who write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

FieldType = Literal[
    "text", "number", "flag", "date", "datetime", "person", "phone", "place", "building", "choice", "items"
]
"""How a value is read and in which shape an entry holds it (all of them go into JSON as they are):

| type | value |
|---|---|
| text, place, person | the words as written; a person without titles |
| number | int, or float where a fraction was written |
| flag | True or False |
| date | `YYYY-MM-DD` |
| datetime | `YYYY-MM-DDTHH:MM`, local; `YYYY-MM-DD` where only a day was written |
| phone | 11 digits |
| building | as written, `16号楼`, `16栋`; `building_key` makes one spelling of them |
| choice | the canonical word |
| items | a list of `{"item": …, "value"?: …, "unit"?: …}` |
"""
Kind = Literal["work", "supply", "enterprise"]
Measure = Literal["sum", "latest", "set"]
Parts = Literal["at_most", "equal"]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
KINDS: tuple[str, ...] = get_args(Kind)
MEASURES: tuple[str, ...] = get_args(Measure)
PARTS: tuple[str, ...] = get_args(Parts)
ROLES: tuple[str, ...] = ("volunteer", "lead", "coordinator", "administrator")
"""Who may send a form, as `handlers.rights` ranks them."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a form."""

    key: str
    """ASCII; the name in files, exports and entries."""
    label: str
    """What people see and write before the value: 户数."""
    type: FieldType = "text"
    unit: str = ""
    """Measure word that is shown after the value."""
    units: tuple[str, ...] = ()
    """Measure words that are accepted, the shown one among them."""
    synonyms: tuple[str, ...] = ()
    """Other words for the label."""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of type choice: (canonical, other words for it)."""
    part_of: str = ""
    """Key of the field that this is a part of: 完成, 拒检 and 未做 are parts of 户数."""
    parts: Parts = "at_most"
    """What the stated parts of this field may add up to; `equal` asks for equality as soon as all parts are stated."""
    total: bool = False
    """A 累计 figure: it replaces the last one and never adds to a day's."""
    personal: bool = False
    """Says something of a person: sealed in storage, masked in groups."""

    @property
    def words(self) -> tuple[str, ...]:
        """Everything that may stand before the value."""
        return (self.label, *self.synonyms)


@dataclass(frozen=True, slots=True)
class FigureSpec:
    """What entries of a form add to the digest."""

    item: str
    """As it stands in the digest: 完成抗原检测."""
    unit: str
    field: str
    """Key of the field that is counted."""
    measure: Measure = "sum"
    """`sum` adds the entries of a day, `latest` takes the newest value of each entry and adds those, `set` counts the
    distinct entries whose field is there and not false or 0."""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """One form."""

    name: str
    """ASCII; unique; `kakou export form:NAME`."""
    title: str
    """中文, shown: 门磁安装."""
    names: tuple[str, ...] = ()
    """Other names; each of them, like the title, opens the form in a message."""
    kind: Kind = "work"
    """Kind of record of the parse contract that the form's messages give."""
    fields: tuple[FieldSpec, ...] = ()
    identity: tuple[str, ...] = ()
    """Keys that make an entry the same entry, so that a later message updates it. Empty: every message is a new one."""
    figures: tuple[FigureSpec, ...] = ()
    senders: tuple[str, ...] = ()
    """Roles that may send it; empty: everybody in a bound group."""
    answer: str = ""
    """The group's answer, with `{key}` or `{label}` of fields in it; empty: made from the fields."""
    sensitive: bool = False
    """A personal form: details are shown in single chats only."""

    def field(self, key: str) -> FieldSpec | None:
        """The field with the key, or None."""
        return next((each for each in self.fields if each.key == key), None)

    def parts_of(self, key: str) -> tuple[FieldSpec, ...]:
        """The fields that are parts of the field `key`."""
        return tuple(each for each in self.fields if each.part_of == key)

    @property
    def required(self) -> tuple[FieldSpec, ...]:
        """The fields without which an entry is asked about."""
        return tuple(each for each in self.fields if each.required)

    @property
    def openings(self) -> tuple[str, ...]:
        """Words that open the form in a message, the title first."""
        return (self.title, *self.names)


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """Something in an entry that should be asked about; a value that could be read is kept as it was written."""

    code: Literal["below", "above", "parts_exceed", "parts_differ", "not_a_choice", "not_readable"]
    keys: tuple[str, ...]
    """The fields concerned; for parts: the total first, then its parts."""
    stated: float | str = ""
    """What was written; for parts: their sum."""
    expected: float | str = ""
    """The limit that was passed; for parts: the total."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What one message, or one row or line of it, says under a form."""

    form: str
    """`FormSpec.name`."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """Key → value, in the order of the form's fields; only what was stated."""
    approx: Mapping[str, str] = field(default_factory=dict)
    """Key → `about`, `over`, `under`, where a number was hedged (余, 近, 约)."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Key → the measure word as written, where it is not the one that the field shows: 1支, not 1盒."""
    missing: tuple[str, ...] = ()
    """Keys of required fields that were not stated. An update of a known entry need not state them."""
    problems: tuple[EntryProblem, ...] = ()
    start: int = 0
    end: int = 0
    """The stretch of the normalised text that it was read from."""

    def as_json(self) -> dict[str, Any]:
        """As `kakou parse` prints it under `_entry`."""
        shown: dict[str, Any] = dict(self.values)
        if self.approx:
            shown["_approx"] = dict(self.approx)
        if self.units:
            shown["_units"] = dict(self.units)
        if self.missing:
            shown["_missing"] = list(self.missing)
        if self.problems:
            shown["_problems"] = [f"{each.code}:{','.join(each.keys)}" for each in self.problems]
        return shown
