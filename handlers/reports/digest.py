"""The digest as Markdown that every channel shows: plain lines, no tables. Words are in `handlers.texts_report`."""

from datetime import datetime

from sqlalchemy.orm import Session

from handlers import texts_report as words
from handlers.cases import reconcile
from handlers.reports.data import Period, Snapshot, snapshot


def compose(session: Session, period: Period, unit: str, chat: str, as_of: datetime, *, title: str) -> str:
    """The digest of a unit (or chat) for a period, compared with the period before. `as_of` is local."""
    now = snapshot(session, period, unit, chat)
    before = snapshot(session, period.before(), unit, chat)
    head = words.head(title, unit, period, as_of)
    blocks = [
        _duty(now, before, period),
        _work(now, before, period),
        _returnees(now),
        reconcile.block(session, period.last, unit, chat),
        _health(now),
        _patrols(now),
        _others(now),
    ]
    shown = [block for block in blocks if block]
    return "\n".join([head, *shown]) if shown else f"{head}\n{words.QUIET}"


def _duty(now: Snapshot, before: Snapshot, period: Period) -> str:
    if not now.whole.participations and not before.whole.participations:
        return ""
    lines = [words.duty(now.whole, before.whole, period)]
    if len(now.posts) > 1 or "" not in now.posts:
        lines += [words.post(post, figures) for post, figures in now.posts.items()]
    return "\n".join(lines)


def _work(now: Snapshot, before: Snapshot, period: Period) -> str:
    if not now.sums:
        return ""
    lines = [words.WORK]
    for key, figure in now.sums.items():
        lines.append(words.figure(figure, before.sums.get(key), period))
        parts = [(post, found[key]) for post, found in now.work_posts.items() if key in found and found[key].reports]
        if len(parts) > 1:
            lines.append(words.by_post(parts))
    return "\n".join(lines)


def _returnees(now: Snapshot) -> str:
    return words.returnees(now.returnees, now.kinds) if now.returnees.registered or now.kinds["verification"] else ""


def _health(now: Snapshot) -> str:
    return words.health(now) if now.health_reports else ""


def _patrols(now: Snapshot) -> str:
    return words.patrols(now.patrols, now.findings) if now.patrols else ""


def _others(now: Snapshot) -> str:
    return words.others(now.kinds)
