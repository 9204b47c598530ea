"""The shape of a report, before it becomes text, picture or workbook: sections of lines, each with its figure and the
key under which the records behind it are found. Pure.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

DUTY = "duty"
WORK = "work"
FORMS = "forms"
GATE = "gate"
CHILDREN = "children"
RETURNEES = "returnees"
HEALTH = "health"
CALLS = "calls"
PATROLS = "patrols"
SUPPLIES = "supplies"
OTHERS = "others"
BACKLOG = "backlog"
SECTIONS = (DUTY, WORK, FORMS, GATE, RETURNEES, HEALTH, CALLS, PATROLS, SUPPLIES, OTHERS, BACKLOG, CHILDREN)
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `source` names the records behind it (`work|测温|人次`); empty where it has no figure of its own."""

    text: str
    source: str = ""
    more: str = ""
    """A further line that belongs to it, shown indented."""
    place: str | None = None
    """The place whose records they are, where that is not the report's."""
    cells: tuple[str, ...] = ()
    """The line as a row of a table, where its section has several of the same kind."""


@dataclass(frozen=True, slots=True)
class Section:
    """A block with its own period and 截至."""

    name: str
    title: str
    lines: Sequence[Line]
    when: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure for tables, pictures and comparisons. None where nothing is known."""

    label: str
    value: float
    measure: str
    before: float | None = None
    total: float | None = None
    hedge: str = ""
    """超过, 约, 近: what was told vaguely stays vague."""
    section: str = ""
    """The section that tells it."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of the closing sentence. Parts with the same `lead` share it: 完成测温 206人次、发放宣传品 800张."""

    section: str
    text: str
    lead: str = ""


MOST_WITH_ONE_LEAD = 4


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a report says."""

    title: str
    head: str
    """Period and 截至."""
    place: str
    sections: Sequence[Section]
    opening: str = ""
    """When and where, before the clauses of the closing sentence."""
    clauses: Sequence[Clause] = ()
    """Of the closing sentence, the weightiest of each lead first."""
    rows: Sequence[Row] = field(default=())
    former: str = ""
    """What the figures are held against: 昨天, 前一周."""
    changes: Sequence[str] = ()
    """What earlier reports said and is different now."""

    def without(self, hidden: Collection[str]) -> "Report":
        """The report as a coordinator wants it."""
        return replace(
            self,
            sections=[section for section in self.sections if section.name not in hidden],
            clauses=[clause for clause in self.clauses if clause.section not in hidden],
            rows=[row for row in self.rows if row.section not in hidden],
        )

    @property
    def closing(self) -> str:
        """One sentence as the newspapers write it."""
        said: list[str] = []
        for lead, group in groupby(self.clauses, lambda clause: clause.lead):
            texts = [clause.text for clause in group]
            said += [lead + "、".join(texts[:MOST_WITH_ONE_LEAD])] if lead else texts
        return f"{self.opening}{'，'.join(said)}。" if said else ""

    @property
    def numbered(self) -> list[Line]:
        """The lines that `/列 n` can list, number 1 first."""
        return [line for section in self.sections for line in section.lines if line.source]

    @property
    def values(self) -> dict[str, tuple[float, str, str]]:
        """Label → (value, measure, section): what a later report of the same day is held against."""
        return {row.label: (row.value, row.measure, row.section) for row in self.rows}
