"""`kakou certificates`: what certificates of service state (民政部令第67号), a line for each volunteer."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from bot.operations import Books, Span
from handlers import certificates
from storage import duties
from storage.records import Scope


def write(books: Books, span: Span, output: Path) -> int:
    """Write the lines of everybody with hours in a span of days; how many. A name without a person in the books counts
    apart in each chat.
    """
    zone, night = books.config.time.zone_info, books.config.duty.night
    with Session(books.engine) as session:
        people: dict[object, list[Any]] = defaultdict(list)
        for row in duties.listing(session, Scope(span.first, span.last, unit=span.unit)):
            people[row.person_id or (row.chat, row.person)].append(row)
        proofs = [
            certificates.of_person(session, rows[0].person, rows, rows[0].unit, zone, night) for rows in people.values()
        ]
        found = sorted((proof for proof in proofs if proof.hours > 0), key=lambda proof: (proof.organiser, proof.name))
        certificates.write_workbook(found, output)
    return len(found)
