"""The figures of a report alone: for tables, the picture, the workbook and comparisons."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from handlers import texts_report as words
from handlers.gate import figures as gate
from handlers.reports.data import Snapshot
from handlers.reports.figures import DUTY, FORMS, GATE, HEALTH, PATROLS, RETURNEES, SUPPLIES, WORK, Row
from handlers.supplies.figures import Supplies
from handlers.texts import APPROX


def rows_of(found: Snapshot) -> Iterator[Row]:
    """The figures alone: for the table, the picture, the workbook and comparisons."""
    for section, rows in ROWS.items():
        for row in rows(found):
            yield replace(row, section=row.section or section, before=row.before if found.compares else None)


def _duty_rows(found: Snapshot) -> Iterator[Row]:
    now, before = found.now.duty, found.before.duty
    if not (now.participations or before.participations):
        return
    for label, value, measure, then, total in (
        ("到岗人次", now.participations, "人次", before.participations, found.participations),
        ("到岗人数", len(now.people), "人", len(before.people), None),
        ("值守时长", round(now.hours, 1), "小时", round(before.hours, 1), None),
        ("有人的点位", len(now.posts), "个", len(before.posts), None),
    ):
        yield Row(label, value, measure, then if found.has_past else None, total)


def _work_rows(found: Snapshot) -> Iterator[Row]:
    """Counts of work; what the gate tells, as the gate tells it."""
    at_gate, told = gate_of(found), of_forms(found)
    for name, cell in sorted(found.now.whole.items(), key=words.by_size):
        if name.startswith("work|") and cell.reports and not at_gate.takes_over(name):
            row = _row(found, name, name.split("|")[1], name.split("|", 2)[2])
            section = FORMS if name in told else WORK
            yield replace(row, value=cell.value, hedge=APPROX.get(cell.hedge, ""), section=section)


def _gate_rows(found: Snapshot) -> Iterator[Row]:
    at_gate = gate_of(found)
    for name, (label, measure) in gate.ROWS.items() if at_gate.works else ():
        if name in found.now.whole or name in found.before.whole:
            yield replace(_row(found, name, label, measure), hedge=APPROX.get(at_gate.cell(name).hedge, ""))


def _case_rows(found: Snapshot) -> Iterator[Row]:
    if found.present.balance is None or not (found.present.balance.intake or found.present.balance.wrong):
        return
    for name, label in CASES.items():
        row = _row(found, name, label, "人")
        # All that ever came, as the line of the sum says it: those who were handed on are no longer this place's.
        yield replace(row, total=found.present.balance.intake) if name == "case|registered" else row


def _health_rows(found: Snapshot) -> Iterator[Row]:
    if reports := found.now.whole.get("health"):
        yield Row("健康打卡", reports.reports, "人次")
        row = _row(found, "abnormal", "健康异常", "例")
        before = found.before.value("abnormal") if found.before.whole.get("health") else row.before
        yield replace(row, before=before)  # of days with reports it is known that none was abnormal


def _patrol_rows(found: Snapshot) -> Iterator[Row]:
    if any(found.now.value(name) for name in ROUNDS):
        for name, (label, measure) in ROUNDS.items():
            yield _row(found, name, label, measure)


ROUNDS = {
    "round": ("巡查", "轮"),
    "finding": ("发现问题", "处"),
    "finding|fixed": ("整改问题", "处"),
    "finding|closed": ("复查通过", "处"),
}


def _supply_rows(found: Snapshot) -> Iterator[Row]:
    for what, label in SUPPLY_ROWS.items():
        for (item, measure), _ in supplies_of(found).items(what):
            yield _row(found, f"supply|{what}|{item}|{measure}", f"{label}{item}", measure)


ROWS: dict[str, Callable[[Snapshot], Iterator[Row]]] = {
    DUTY: _duty_rows,
    WORK: _work_rows,
    GATE: _gate_rows,
    RETURNEES: _case_rows,
    HEALTH: _health_rows,
    PATROLS: _patrol_rows,
    SUPPLIES: _supply_rows,
}
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
    now, sum_ = found.now.whole.get(name), found.sums.get(name)
    has_past = before is not None or (sum_ is not None and sum_.reports > (now.reports if now else 0))
    was = before.value if before else 0
    return Row(label, found.now.value(name), measure, was if has_past else None, whole)


def _told_of_heads(name: str) -> bool:
    """Whether a figure is one of numbers that people tell: who is registered is counted once and adds up."""
    return name.startswith(("work|", "gate|"))


def gate_of(found: Snapshot) -> gate.Gate:
    """The gate's figures of a snapshot."""
    return gate.Gate(found.now, found.before, found.sums)


def supplies_of(found: Snapshot) -> Supplies:
    """Companies and supplies in a snapshot."""
    return Supplies(found.now, found.present.supplies)


def of_forms(found: Snapshot) -> set[str]:
    """Figures of work that are told with their forms."""
    return {name for one in found.forms for name in one.figures}
