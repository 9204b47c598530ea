"""How the forms of a place stand: for reports. Asked for many places at once."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.orm import Session

from handlers.form_books import state
from handlers.form_books.counting import called
from handlers.language.form_spec import FormSpec
from storage import form_entries
from storage.daily_count import figure_name
from storage.nest import Nest

REMEMBERED = timedelta(days=7)
"""What is not finished is told for so long after the last word about it."""


@dataclass(slots=True)
class Standing:
    """One form in a place and everything below it."""

    spec: FormSpec
    entries: int = 0
    fresh: int = 0
    """Entries that were new or changed in the period."""
    doubts: int = 0
    """Entries whose figures do not add up."""
    last: date = date.min
    parts: list[form_entries.Part] = field(default_factory=list)
    progress: list[state.Progress] = field(default_factory=list)

    @property
    def figures(self) -> list[str]:
        """Names of its figures among the counts of the daily aggregates, in the form's order."""
        totals = {one.key for one in self.spec.fields if one.total}
        named = (
            figure_name((called(one) if one.field in totals else one.item)[:64], one.unit[:16])
            for one in self.spec.figures
        )
        return list(dict.fromkeys(named))

    @property
    def left(self) -> float:
        return sum(one.left for one in self.progress)


def standings(
    session: Session, forms: Sequence[FormSpec], places: Collection[str], first: date, last: date, *, present: bool
) -> dict[str, list[Standing]]:
    """Of each place: the forms of which something came between two days, in the order of `forms`; where the report is
    about the present, also how far they have come, and those that are not finished.
    """
    specs = {spec.name: spec for spec in forms}
    nest = Nest(places)
    found: dict[str, dict[str, Standing]] = defaultdict(dict)
    fresh = form_entries.changed_between(session, first, last)
    for form, place, number, day, doubt, *part in form_entries.plain_rows(session, list(specs), nest):
        for above in nest.above(place):
            one = found[above].setdefault(form, Standing(specs[form]))
            one.entries += 1
            one.fresh += number in fresh
            one.doubts += bool(doubt)
            one.last = max(one.last, day)
            one.parts.append(form_entries.as_part(part))
    return {place: _worth_telling(found[place], forms, last, present=present) for place in found}


def _worth_telling(
    found: dict[str, Standing], forms: Sequence[FormSpec], last: date, *, present: bool
) -> list[Standing]:
    told = [found[spec.name] for spec in forms if spec.name in found]
    for one in told:
        one.progress = state.whole_of(one.spec, one.parts) if present else []
        one.doubts = one.doubts if present else 0
    return [one for one in told if one.fresh or (one.left > 0 and last - REMEMBERED <= one.last <= last)]
