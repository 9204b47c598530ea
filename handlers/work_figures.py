"""The figures that a record of work makes, and what becomes of them when the record is corrected."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from handlers.gate.metrics import metric_of
from storage.tables import Figure, RecordRow


def figure(count: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one count of the contract."""
    return {
        "item": count["item"][:64],
        "measure": count.get("unit", "")[:16],
        "value": float(count["value"]),
        "most": float(count["max"]) if "max" in count else None,
        "approx": count.get("approx", ""),
        "total": bool(count.get("total")),
        "gate": metric_of(count),
    }


def carry(session: Session, row: RecordRow) -> None:
    """Make the figures of a corrected record anew: they count for the same day and place as before."""
    former = session.scalars(select(Figure).where(Figure.ref == row.ref).order_by(Figure.id)).all()
    if not former:
        return
    first = former[0]
    kept = {name: getattr(first, name) for name in ("ref", "chat", "unit", "day", "reported_at", "state")}
    for one in former:
        session.delete(one)
    for count in row.fields["counts"]:
        session.add(Figure(post=row.fields.get("post", ""), **kept, **figure(count)))
