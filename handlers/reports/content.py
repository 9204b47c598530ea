"""From figures to the lines of a report. A section appears only where the unit has such work."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from handlers import texts_forms, texts_notices, texts_returnee
from handlers import texts_report as words
from handlers.gate import figures as gate
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
    Line,
    Report,
    Row,
    Section,
)
from handlers.supplies.figures import Supplies
from handlers.texts import APPROX
from storage.daily_count import DOUBLE

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
        place=found.place,
        sections=sections,
        closing=words.closing(found, gate_of(found).clause(), gate_of(found).takes_over, supplies_of(found).clause()),
        rows=list(_rows(found)),
    )


def _duty(found: Snapshot) -> Lines:
    if found.now.duty.participations or found.before.duty.participations:
        yield Line(words.duty(found), "duty")
        if len(found.now.posts) > 1 or "" not in found.now.posts:
            for name, cell in found.now.posts.items():
                yield Line(words.post(name, cell), f"duty|{name}", cells=words.post_cells(name, cell))
    if found.uncovered:
        yield Line(words.uncovered(found.uncovered))


def _work(found: Snapshot) -> Lines:
    names = [name for name, cell in found.now.whole.items() if name.startswith("work|") and cell.reports]
    names = [name for name in names if not gate_of(found).takes_over(name)]
    of_forms = {name for one in found.forms for name in one.figures}
    for name in dict.fromkeys([*names, *(name for name in found.totals if name.startswith("work|"))]):
        if name in of_forms:
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


def gate_of(found: Snapshot) -> gate.Gate:
    """The gate's figures of a snapshot."""
    return gate.Gate(found.now, found.before, found.sums)


def _returnees(found: Snapshot) -> Lines:
    now = found.now
    if found.present.balance is None:
        return
    if found.present.balance.intake or found.present.balance.wrong:
        registered, before = now.value("case|registered"), found.before.value("case|registered")
        yield Line(words.count("登记", registered, "人", before, found.period, None), "case|registered")
        yield Line(words.verification(now), "kind|verification")
        if released := now.value("case|released"):
            yield Line(words.count("解除观察", released, "人", None, found.period, None), "case|released")
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


def _patrols(found: Snapshot) -> Lines:
    if any(found.now.value(name) for name in (*ROUNDS, "round|due")):
        yield Line(words.rounds(found.now), "round")
        if any(found.now.value(name) for name in FOUND) or found.now.value("round"):
            yield Line(words.findings(found.now), "finding")


def _supplies(found: Snapshot) -> Lines:
    for text, source in supplies_of(found).lines():
        yield Line(text, source)


def supplies_of(found: Snapshot) -> Supplies:
    """Companies and supplies in a snapshot."""
    return Supplies(found.now, found.present.supplies)


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


def _rows(found: Snapshot) -> Iterator[Row]:
    """The figures alone: for the table, the picture, the workbook and comparisons."""
    now, before = found.now, found.before
    if now.duty.participations or before.duty.participations:
        yield Row("到岗人次", now.duty.participations, "人次", before.duty.participations, found.participations)
        yield Row("到岗人数", len(now.duty.people), "人", len(before.duty.people))
        yield Row("值守时长", round(now.duty.hours, 1), "小时", round(before.duty.hours, 1))
        yield Row("有人的点位", len(now.duty.posts), "个", len(before.duty.posts))
    yield from _work_rows(found)
    if found.present.balance is not None and (found.present.balance.intake or found.present.balance.wrong):
        for name, label in CASES.items():
            row = _row(found, name, label, "人")
            # All that ever came, as the line of the sum says it: those who were handed on are no longer this place's.
            yield replace(row, total=found.present.balance.intake) if name == "case|registered" else row
    if now.whole.get("health"):
        yield Row("健康打卡", now.whole["health"].reports, "人次")
        yield _row(found, "abnormal", "健康异常", "例")
    if any(now.value(name) for name in ROUNDS):
        for name, (label, measure) in ROUNDS.items():
            yield _row(found, name, label, measure)
    yield from _supply_rows(found)


def _work_rows(found: Snapshot) -> Iterator[Row]:
    """Counts of work; what the gate tells, as the gate tells it."""
    works = gate_of(found).works
    for name, cell in found.now.whole.items():
        if name.startswith("work|") and cell.reports and not gate_of(found).takes_over(name):
            row = _row(found, name, name.split("|")[1], name.split("|", 2)[2])
            yield replace(row, value=cell.value, hedge=APPROX.get(cell.hedge, ""))
    for name, (label, measure) in gate.ROWS.items() if works else ():
        if name in found.now.whole or name in found.before.whole:
            hedge = gate_of(found).cell(name).hedge
            yield replace(_row(found, name, label, measure), hedge=APPROX.get(hedge, ""))


ROUNDS = {
    "round": ("巡查", "轮"),
    "finding": ("发现问题", "处"),
    "finding|fixed": ("整改问题", "处"),
    "finding|closed": ("复查通过", "处"),
}
FOUND = ("finding", "finding|fixed", "finding|closed")


def _supply_rows(found: Snapshot) -> Iterator[Row]:
    for what, label in SUPPLY_ROWS.items():
        for (item, measure), _ in supplies_of(found).items(what):
            yield _row(found, f"supply|{what}|{item}|{measure}", f"{label}{item}", measure)


SUPPLY_ROWS = {"need": "申报需求", "received": "到货", "signed": "签收"}
CASES = {"case|registered": "返京登记", "case|verified": "核实无误", "case|handed": "核转", "case|released": "解除观察"}


def _row(found: Snapshot, name: str, label: str, measure: str) -> Row:
    before = found.before.whole.get(name)
    total = found.sums.get(name)
    stated = found.totals.get(name)
    measure = words.summed(found.now.whole.get(name), measure) if _told_of_heads(name) else measure
    if total and _told_of_heads(name) and words.summed(total, measure) != measure:
        total = None  # heads of several days beside those of one
    whole = stated[0] if stated else total.value if total else None
    return Row(label, found.now.value(name), measure, before.value if before else 0, whole)


def _told_of_heads(name: str) -> bool:
    """Whether a figure is one of numbers that people tell: who is registered is counted once and adds up."""
    return name.startswith(("work|", "gate|"))
