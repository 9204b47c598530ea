"""A day's figures of supplies, from its lines and shares: what was asked for, came, was set aside, was signed for."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from storage.tables_supplies import SupplyLine, SupplyShare

Where = tuple[date, str, str]
"""(day, unit, chat)."""


def figures(
    lines: Iterable[SupplyLine], given: Iterable[SupplyShare], signed: Iterable[SupplyShare]
) -> Iterator[tuple[Where, str, float]]:
    """(where, figure, value): `supply|need|口罩|只`, and `received`, `given`, `signed` likewise."""
    needs: dict[Where, dict[tuple[str, str, str], float]] = defaultdict(dict)
    for line in lines:
        where, amount = (line.day, line.unit, line.chat), line.amount or 0.0
        if line.action == "received":
            yield where, name("received", line), amount
        elif line.action == "delivered":
            yield where, name("given", line), amount
            yield where, name("signed", line), amount
        else:
            _need(needs[where], line)
    for where, by_party in needs.items():
        for (_, item, measure), amount in by_party.items():
            yield where, f"supply|need|{item}|{measure}", amount
    for share in given:
        yield (share.day, share.unit, share.chat), name("given", share), _got(share)
    for share in signed:
        if share.signed_on is not None:
            yield (share.signed_on, share.unit, share.chat), name("signed", share), _got(share)


def _need(found: dict[tuple[str, str, str], float], line: SupplyLine) -> None:
    """What a party said last counts, with whatever it added."""
    key = line.enterprise or line.party, line.item, line.measure
    if line.amount is not None:
        found[key] = (found.get(key, 0.0) if line.more else 0.0) + line.amount


def _got(share: SupplyShare) -> float:
    return float(share.amount if share.received is None else share.received)


def name(what: str, row: Any) -> str:
    """How a figure is called among the counts."""
    return f"supply|{what}|{row.item}|{row.measure}"
