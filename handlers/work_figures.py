"""The figures that a record of work makes, and what becomes of them when the record is corrected."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.gate.metrics import metric_of
from handlers.texts import PART
from storage.tables import Figure, RecordRow

PARTS = "_parts"
"""Among the fields of a kept record: number of a part → number of its whole, as pairs."""
LONGEST = 64


def figures(fields: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The columns of each count. A part is called after its whole, so that nobody adds the two: 采样（其中老人）."""
    counts = fields["counts"]
    wholes = dict(fields.get(PARTS, ()))
    for number, count in enumerate(counts):
        whole = wholes.get(number)
        if whole is None:
            yield _columns(count, count["item"])
        else:
            told = _columns(count, f"{counts[whole]['item']}{PART}{count['item']}）")
            yield {**told, "total": bool(counts[whole].get("total"))}


def _columns(count: Mapping[str, Any], item: str) -> dict[str, Any]:
    return {
        "item": item[:LONGEST],
        "measure": count.get("unit", "")[:16],
        "value": float(count["value"]),
        "most": float(count["max"]) if "max" in count else None,
        "approx": count.get("approx", ""),
        "total": bool(count.get("total")),
        "gate": metric_of(count),
    }


def carry(session: Session, row: RecordRow) -> None:
    """Make the figures of a corrected record anew: they count for the same day and place as before."""
    own = (Figure.ref == row.ref, Figure.entry.is_(None))
    former = session.scalars(select(Figure).where(*own).order_by(Figure.id)).all()
    if not former:
        return
    # What an entry of a form holds is counted from there: only the others are made anew.
    of_form = session.scalar(select(Figure.id).where(Figure.ref == row.ref, Figure.entry.is_not(None)).limit(1))
    items = {one.item for one in former}
    first = former[0]
    kept = {name: getattr(first, name) for name in ("ref", "chat", "unit", "day", "reported_at", "state")}
    for one in former:
        session.delete(one)
    for columns in (one for one in figures(row.fields) if of_form is None or one["item"] in items):
        session.add(Figure(post=row.fields.get("post", ""), **kept, **columns))
