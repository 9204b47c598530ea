"""What each record changed of a row that others had made, so that it alone can be taken back: pure, on rows.

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
