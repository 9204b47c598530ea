"""What each record or step changed of rows, so that it alone can be taken back: pure, on rows.

Columns that hang together (a period's end with its hours) are a group and go back together. What a later record said
of a group holds, also where an earlier one is taken back.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Protocol

Groups = Sequence[Sequence[str]]

PERIOD: Groups = (
    ("in_ref", "starts_at", "day"),
    ("out_ref", "ends_at", "state", "hours", "approval", "asked_at"),
    ("planned_end",),
    ("unnamed",),
    ("post",),
    ("shift",),
    ("duty",),
)
SIGN_UP: Groups = (("extra",), ("vehicle",), ("state",))
STEPS: Mapping[str, Sequence[str]] = {
    "supply_notes": ("state", "crew", "vehicle", "left_at", "signed_at", "signed_ref"),
    "supply_shares": ("state", "received", "signed_on"),
    "supply_allocations": ("state", "changes", "basis", "decided_at"),
    "duties": ("confirmed_by", "confirmed_at"),
    "enterprises": ("state",),
    "enterprise_pairs": ("decision",),
    "passes": ("state", "closed_on", "valid_until"),
    "gate_entries": ("action",),
    "departures": ("state", "closed_on", "done_on", "returnee_ref"),
    "findings": ("state", "assignee", "assigned_at", "fix", "fixed_by", "fixed_sender", "fixed_on")
    + ("closed_by", "closed_on", "returned"),
    "patrol_plans": ("state", "stopped_at"),
    "patrol_slots": ("state",),
    "notices": ("state", "done_at"),
    "notice_groups": ("confirmed_at", "confirmed_by"),
}
"""Table → what a step may change of its rows, and taking it back restores. Nothing that identifies a returnee, a
passer-by or a company's contact: what a step remembers outlives them.
"""
_READ = {"datetime": datetime.fromisoformat, "date": date.fromisoformat}


class Traced(Protocol):
    """A row that remembers: the newest change stands last."""

    changes: list[dict[str, Any]] | None


@contextmanager
def changing(row: Traced, groups: Groups, ref: str | None) -> Iterator[None]:
    """Whatever happens to `row` inside is what the record `ref` changed."""
    before = [{name: getattr(row, name) for name in group} for group in groups]
    yield
    was = {
        str(number): {name: _write(value) for name, value in former.items()}
        for number, former in enumerate(before)
        if any(getattr(row, name) != value for name, value in former.items())
    }
    if was and ref:
        row.changes = [*(row.changes or ()), {"ref": ref, "was": was}]


def changed_by(row: Traced, ref: str) -> bool:
    """Whether the record changed the row."""
    return any(change["ref"] == ref for change in row.changes or ())


def take_back(row: Traced, groups: Groups, ref: str) -> bool:
    """Undo what the record `ref` changed, unless a later one changed it again. False where it changed nothing."""
    kept: list[dict[str, Any]] = []
    due: dict[str, Mapping[str, Any]] = {}
    found = False
    for change in row.changes or ():
        if change["ref"] == ref:
            found = True
            due = {**change["was"], **due}
        else:
            was = {number: due.pop(number, former) for number, former in change["was"].items()}
            kept.append({**change, "was": was})
    for number, former in due.items():
        for name in groups[int(number)]:
            setattr(row, name, _read(former[name]))
    row.changes = kept or None
    return found


def _write(value: Any) -> Any:
    kind = "datetime" if isinstance(value, datetime) else "date" if isinstance(value, date) else ""
    return [kind, value.isoformat()] if kind else value


def _read(value: Any) -> Any:
    return _READ[value[0]](value[1]) if isinstance(value, list) else value


# -- steps -------------------------------------------------------------------------------------------------------------


class Trail:
    """What one step does to rows from here on. `told`: user ids of those who are told of it alone."""

    def __init__(self, *rows: Any) -> None:
        self.told: list[str] = []
        self._rows = [(row, {name: getattr(row, name) for name in STEPS[row.__tablename__]}) for row in rows]

    def made(self, row: Any, **gone: Any) -> None:
        """A row that the step has made, and what it is once the step is taken back."""
        self._rows.append((row, gone))

    def changes(self) -> list[dict[str, Any]]:
        """What was, and what is now, as plain data. Everything must be flushed."""
        return [change for row, was in self._rows if (change := _changed(row, was))]


def _changed(row: Any, was: Mapping[str, Any]) -> dict[str, Any] | None:
    now = {name: getattr(row, name) for name in was}
    names = [name for name in was if was[name] != now[name]]
    if not names:
        return None
    both = {"was": {name: _pair(was[name]) for name in names}, "now": {name: _pair(now[name]) for name in names}}
    return {"table": row.__tablename__, "id": row.id, **both}


def holds(row: Any, change: Mapping[str, Any]) -> bool:
    """Whether a row still is as a step left it."""
    return row is not None and all(getattr(row, name) == _single(pair) for name, pair in change["now"].items())


def put_back(row: Any, change: Mapping[str, Any]) -> None:
    """Make a row what it was before a step."""
    for name, pair in change["was"].items():
        setattr(row, name, _single(pair))


def _pair(value: Any) -> list[Any]:
    kind = "datetime" if isinstance(value, datetime) else "date" if isinstance(value, date) else ""
    return [kind, value.isoformat() if kind else value]


def _single(pair: Sequence[Any]) -> Any:
    kind, value = pair
    return _READ[kind](value) if kind else value
