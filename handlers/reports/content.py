"""From figures to the lines of a report. A section appears only where the unit has such work."""

from collections.abc import Callable, Iterator
from datetime import datetime

from handlers import texts_forms, texts_notices, texts_returnee
from handlers import texts_report as words
from handlers.reports.data import Snapshot
from handlers.reports.figures import (
    BACKLOG,
    CALLS,
    CHILDREN,
    DUTY,
    FORMS,
    GATE,
    HEALTH,
    OTHERS,
    PATROLS,
    RETURNEES,
    SUPPLIES,
    WORK,
    Clause,
    Line,
    Report,
    Section,
)
from handlers.reports.rows import ROUNDS, gate_of, of_forms, rows_of, supplies_of
from handlers.texts import PART
from storage.daily_count import DOUBLE, CountCell

Lines = Iterator[Line]


def report(found: Snapshot, as_of: datetime, title: str) -> Report:
    """The report of a snapshot. `as_of` is local."""
    when = words.of_period(found.period, as_of)
    sections = []
    for name, lines in BLOCKS.items():
        made = list(lines(found))
        if made:
            moment = words.of_moment(as_of) if name == BACKLOG else when
            sections.append(Section(name, words.TITLES[name], made, moment))
    return Report(
        title=f"{words.place_name(found.place)} {title}",
        head=words.head(found.period, as_of),
        former=words.former(found.period, found.today),
        place=found.place,
        sections=sections,
        opening=words.opening(found),
        clauses=list(_clauses(found)),
        rows=list(rows_of(found)),
    )


def _clauses(found: Snapshot) -> Iterator[Clause]:
    """What the closing sentence says."""
    now, at_gate = found.now, gate_of(found)
    if now.duty.participations:
        yield Clause(DUTY, words.sent_out(now.duty))
    of_gate, told = at_gate.clause(), of_forms(found)
    for name, cell in sorted(_works(found).items(), key=words.by_size):
        if not (of_gate and at_gate.takes_over(name)):
            yield Clause(FORMS if name in told else WORK, words.done(name, cell), words.DONE)
    yield from (Clause(FORMS, texts_forms.clause(one)) for one in found.forms if one.progress)
    if of_gate:
        yield Clause(GATE, of_gate)
    if now.value("case|registered"):
        yield Clause(RETURNEES, words.came_back(now))
    if now.value("round") or now.value("finding") or now.value("finding|fixed"):
        yield Clause(PATROLS, words.went_round(now))
    if goods := supplies_of(found).clause():
        yield Clause(SUPPLIES, goods)
    if now.whole.get("health"):
        yield Clause(HEALTH, words.healthy(now))


def _works(found: Snapshot) -> dict[str, CountCell]:
    """Figures of work that are no states of people and no parts of others."""
    states = {name for one in found.forms if one.spec.sensitive for name in one.figures}
    works = {n: c for n, c in found.now.whole.items() if n.startswith("work|") and c.reports}
    return {name: cell for name, cell in works.items() if name not in states and PART not in name}


def _duty(found: Snapshot) -> Lines:
    if found.now.duty.participations or found.before.duty.participations:
        yield Line(words.duty(found), "duty")
        if len(found.now.posts) > 1 or "" not in found.now.posts:
            for name, cell in found.now.posts.items():
                yield Line(words.post(name, cell), f"duty|{name}", cells=words.post_cells(name, cell))
    if found.uncovered:
        yield Line(words.uncovered(found.uncovered))


def _work(found: Snapshot) -> Lines:
    told = ((name, cell) for name, cell in found.now.whole.items() if name.startswith("work|") and cell.reports)
    names = [name for name, _ in sorted(told, key=words.by_size)]
    names = [name for name in names if not gate_of(found).takes_over(name)]
    by_form = of_forms(found)
    for name in dict.fromkeys([*names, *(name for name in found.totals if name.startswith("work|"))]):
        if name in by_form:
            continue
        parts = found.now.by_post.get(name, {})
        more = words.by_post(parts, name.split("|", 2)[2]) if len(parts) > 1 else ""
        yield Line(words.figure(found, name), name, more)


def _forms(found: Snapshot) -> Lines:
    """How far each form has come, then its figures: they are told here and not among the work."""
    told: set[str] = set()
    for one in found.forms:
        names = [name for name in one.figures if name not in told and _is_told(found, name)]
        if one.progress or one.doubts or not names:
            yield Line(texts_forms.standing(one), f"form|{one.spec.name}")
        for name in names:
            told.add(name)
            yield Line(words.figure(found, name), name)


def _is_told(found: Snapshot, name: str) -> bool:
    cell = found.now.whole.get(name)
    return bool(cell and cell.reports) or name in found.totals


def _gate(found: Snapshot) -> Lines:
    for one in gate_of(found).lines():
        yield Line(one.text, one.source, one.more)


def _returnees(found: Snapshot) -> Lines:
    now = found.now
    if found.present.balance is None:
        return
    if found.present.balance.intake or found.present.balance.wrong:
        registered = now.value("case|registered")
        known = found.sums.get("case|registered")
        past = known is not None and known.value > registered
        before = found.before.value("case|registered") if past and found.compares else None
        yield Line(words.count(found, "登记", registered, "人", before), "case|registered")
        yield Line(words.verification(now), "kind|verification")
        if released := now.value("case|released"):
            yield Line(words.count(found, "解除观察", released, "人"), "case|released")
        if found.present.observed.arrived:
            yield Line(words.observed(found.present.observed, found.period.last), "observing")
            yield Line(words.missing_today(found.present.observed))
        yield Line(
            texts_returnee.check(
                texts_returnee.DIGEST_HEAD,
                found.present.balance.intake,
                found.present.balance.counts,
                found.present.balance.wrong,
            ),
            "case|all",
        )


def _health(found: Snapshot) -> Lines:
    if found.now.whole.get("health") or found.present.observed.arrived:
        yield Line(words.health(found.now), "health")


def _calls(found: Snapshot) -> Lines:
    if found.now.value("kind|call_up") or found.now.value("kind|sign_up"):
        yield Line(words.signed_up(found.now), "kind|sign_up")
    for one in found.present.calls:
        yield Line(words.call(one), f"call|{one.ref}")


FOUND = ("finding", "finding|fixed", "finding|closed")


def _patrols(found: Snapshot) -> Lines:
    if any(found.now.value(name) for name in (*ROUNDS, "round|due")):
        yield Line(words.rounds(found.now), "round")
        if any(found.now.value(name) for name in FOUND) or found.now.value("round"):
            yield Line(words.findings(found.now), "finding")


def _supplies(found: Snapshot) -> Lines:
    for text, source in supplies_of(found).lines():
        yield Line(text, source)


def _others(found: Snapshot) -> Lines:
    for kind in words.OTHER_KINDS:
        if value := found.now.value(f"kind|{kind}"):
            yield Line(words.other(kind, value), f"kind|{kind}")
    if found.notices.number:
        yield Line(texts_notices.digest(found.notices.number, found.notices.waiting))


def _backlog(found: Snapshot) -> Lines:
    today = found.period.last
    for one in found.present.open:
        yield Line(words.backlog(one, today), f"open|{one.state}")
    for some in found.present.findings:
        yield Line(words.waiting_findings(some, today), f"finding|{some.state}")
    if found.doubles:
        yield Line(words.doubles(found.doubles), DOUBLE)
    for call in found.present.calls:
        if call.signed < call.needed:
            yield Line(words.short_call(call, today), f"call|{call.ref}")


def _children(found: Snapshot) -> Lines:
    for child in found.children:
        yield Line(words.child(child), "all", place=child.place, cells=words.child_cells(child))
    if found.silent:
        yield Line(words.silent(found.silent))
    elif found.children:
        yield Line(words.all_reported(len(found.children)))


BLOCKS: dict[str, Callable[[Snapshot], Lines]] = {
    DUTY: _duty,
    WORK: _work,
    FORMS: _forms,
    GATE: _gate,
    RETURNEES: _returnees,
    HEALTH: _health,
    CALLS: _calls,
    PATROLS: _patrols,
    SUPPLIES: _supplies,
    OTHERS: _others,
    BACKLOG: _backlog,
    CHILDREN: _children,
}
