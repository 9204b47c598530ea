"""What a report is made of: the rows of one period and scope, read from the database in a few queries."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from handlers.reports import figures
from storage import duties, people
from storage import figures as counts
from storage.records import Scope, listing, within
from storage.tables import RecordRow


@dataclass(frozen=True, slots=True)
class Period:
    """A closed range of local days."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The period of the same length right before this one."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length)


@dataclass(frozen=True, slots=True)
class Returnees:
    """Registrations of a period, by what is known of them."""

    registered: int
    arrived: int
    open: int
    """Not verified yet."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All figures of one period and scope."""

    whole: figures.Attendance
    posts: dict[str, figures.Attendance]
    sums: dict[tuple[str, str], figures.Sum]
    work_posts: dict[str, dict[tuple[str, str], figures.Sum]]
    returnees: Returnees
    health_reports: int
    health_people: int
    abnormal: int
    patrols: int
    findings: Sequence[str]
    kinds: Counter[str]
    """Active records by kind: what `kakou export` lists."""


def snapshot(session: Session, period: Period, unit: str, chat: str) -> Snapshot:
    """Read the figures of a period. The scope is the unit with everything below it, or the chat where no unit is
    bound.
    """
    scope = scope_of(period, unit, chat)
    whole, posts = figures.attendance(duties.listing(session, scope))
    rows = counts.listing(session, scope)
    by_post = {post: [row for row in rows if row.post == post] for post in dict.fromkeys(row.post for row in rows)}
    registered = people.returnees(session, scope)
    health = people.health_reports(session, scope)
    patrols = [row.fields for row in listing(session, "patrol", scope)]
    return Snapshot(
        whole=whole,
        posts=posts,
        sums=figures.sums(rows),
        work_posts={post: figures.sums(found) for post, found in by_post.items()},
        returnees=Returnees(
            len(registered),
            sum(row.arrived is True for row in registered),
            sum(row.state == "registered" for row in registered),
        ),
        health_reports=len(health),
        health_people=len({row.person_hash or row.ref for row in health}),
        abnormal=sum(row.abnormal for row in health),
        patrols=len(patrols),
        findings=_findings(patrols),
        kinds=_kinds(session, scope),
    )


def scope_of(period: Period, unit: str, chat: str) -> Scope:
    """The rows that belong to a period of a unit, or of a chat; of everything where both are empty."""
    return Scope(period.first, period.last, unit=unit or None, chat=None if unit else chat or None)


def _findings(patrols: Sequence[dict[str, Any]]) -> list[str]:
    return [str(p.get("finding", "")) for p in patrols if p.get("ok") is False]


def _kinds(session: Session, scope: Scope) -> Counter[str]:
    query = within(select(RecordRow.kind, func.count()).where(RecordRow.state == "active"), RecordRow, scope)
    return Counter(dict(session.execute(query.group_by(RecordRow.kind)).tuples().all()))
