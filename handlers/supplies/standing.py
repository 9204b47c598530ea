"""How everybody of a place stands with every item: read from the books in a few queries, folded by `needs`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor

from sqlalchemy.orm import Session

from handlers.cases.people import Home
from handlers.supplies import names
from handlers.supplies.needs import Event, Goods, Standing, Standings, Total, fold, totals
from handlers.supplies.rules import Rules
from storage import supplies
from storage.tables_supplies import Enterprise, SupplyLine, SupplyNote, SupplyShare

POST = "@"
"""Keys of parties that are no company begin with it."""


@dataclass(frozen=True, slots=True)
class Party:
    """Whoever needs or gets goods: a company, or a post or unit as it was called."""

    key: str
    """The company's reference, or `@` and the name's key."""
    name: str
    company: Enterprise | None = None

    @property
    def staff(self) -> int:
        return (self.company.staff or 0) if self.company else 0

    def list_reason(self, rules: Rules, today: date) -> str:
        """Why it is on the list of those who get goods: planned, open, post; empty where it is not."""
        if self.company is None:
            return "post" if "post" in rules.eligible else ""
        if self.company.open is False:
            return ""
        if "open" in rules.eligible and works(self.company, today):
            return "open"
        return "planned" if "planned" in rules.eligible and self.company.opens_on is not None else ""


def works(company: Enterprise, today: date) -> bool:
    """Whether a company is open: it said so, or its day has come."""
    if company.open is not None:
        return company.open
    return company.opens_on is not None and company.opens_on <= today


@dataclass(slots=True)
class Books:
    """Everything about supplies of one place."""

    rules: Rules
    today: date
    companies: dict[str, Enterprise]
    parties: dict[str, Party] = field(default_factory=dict)
    standings: Standings = field(default_factory=dict)
    totals: dict[Goods, Total] = field(default_factory=dict)
    lines: list[SupplyLine] = field(default_factory=list)
    notes: list[tuple[SupplyNote, list[SupplyShare]]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    """Key of a name → the company's reference; empty where two companies have it."""

    def party(self, name: str, ref: str = "") -> Party:
        """The party that is called so, met now if it is new."""
        found = self.companies.get(ref or self._company(name))
        key = found.ref if found is not None else POST + names.key(name)
        return self.parties.setdefault(key, Party(key, found.name if found is not None else name, found))

    def _company(self, name: str) -> str:
        return self.known.get(names.key(name)) or self.known.get(names.core(name), "")

    def standing(self, key: str, goods: Goods) -> Standing:
        return self.standings.get(key, {}).get(goods, Standing())

    def on_list(self) -> list[Party]:
        """Who gets goods: on the list by the rule, and in need of something. In the order of the register."""
        return [
            party
            for key, party in self.parties.items()
            if party.list_reason(self.rules, self.today) and any(s.need for s in self.standings.get(key, {}).values())
        ]

    def signed(self) -> set[str]:
        """Keys of the parties that have signed for something."""
        return {key for key, items in self.standings.items() if any(one.signed for one in items.values())}

    def goods(self) -> list[Goods]:
        """All goods, those that most is needed of first."""
        return sorted(self.totals, key=lambda goods: (-self.totals[goods].need, goods))


def load(session: Session, at: Home, rules: Rules, today: date) -> Books:
    """Everything as it stands. What the batch has added must be flushed."""
    scope = supplies.scope_of(at.unit, at.chat)
    found = {row.ref: row for row in supplies.enterprises(session, scope)}
    books = Books(rules, today, found, known=_known(session, found))
    for ref, row in found.items():
        books.parties[ref] = Party(ref, row.name, row)
    books.lines = list(supplies.lines(session, scope))
    books.notes = supplies.notes(session, scope)
    books.standings = fold(_events(books))
    books.totals = totals(books.standings)
    _stock(books)
    return books


def _known(session: Session, found: dict[str, Enterprise]) -> dict[str, str]:
    """Every name, and every core that belongs to one company alone."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for row in supplies.names_of(session, list(found)):
        by_name[row.key].add(row.enterprise)
    by_core: dict[str, set[str]] = defaultdict(set)
    for company in found.values():
        by_core[names.core(company.name)].add(company.ref)
    merged = {key: refs for key, refs in by_core.items() if key not in by_name} | by_name
    return {key: next(iter(refs)) for key, refs in merged.items() if len(refs) == 1}


def _events(books: Books) -> Iterator[Event]:
    for line in books.lines:
        yield from _line(books, line)
    for note, shares in books.notes:
        key = books.party(note.party, note.enterprise).key
        for share in shares:
            yield from _share(note, share, key)


def _line(books: Books, line: SupplyLine) -> Iterator[Event]:
    goods = line.item, line.measure
    if line.action == "need":
        key = books.party(line.party, line.enterprise).key
        amount = None if line.amount is None else ceil(line.amount)
        yield Event(line.at, line.id, "more" if line.more else "need", key, goods, amount)
    elif line.action == "delivered" and line.amount is not None:
        key = books.party(line.party, line.enterprise).key
        for kind in ("given", "signed"):
            yield Event(line.at, line.id, kind, key, goods, floor(line.amount))


def _share(note: SupplyNote, share: SupplyShare, key: str) -> Iterator[Event]:
    goods = share.item, share.measure
    got = share.amount if share.received is None else share.received
    yield Event(note.made_at, share.id, "given", key, goods, got)
    if note.state == "signed" and note.signed_at is not None:
        yield Event(note.signed_at, share.id, "signed", key, goods, got)


def _stock(books: Books) -> None:
    for line in books.lines:
        if line.amount is None or line.action == "need":
            continue
        total = books.totals.setdefault((line.item, line.measure), Total())
        if line.action == "received":
            total.received += floor(line.amount)
    for total in books.totals.values():
        total.stock = total.received - total.given


def open_notes(books: Books, keys: Iterable[str], states: Iterable[str]) -> list[tuple[SupplyNote, list[SupplyShare]]]:
    """The notes of parties in one of `states`."""
    wanted, allowed = set(keys), set(states)
    return [
        (note, shares)
        for note, shares in books.notes
        if note.state in allowed and books.party(note.party, note.enterprise).key in wanted
    ]
