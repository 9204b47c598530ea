"""核转 on the day of registration: what is still open and whose it is, and the list for the receiving side."""

import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from handlers import texts
from handlers import texts_returnee as words
from handlers.cases import states
from handlers.cases.find import effective
from handlers.cases.people import Home, names
from storage import cases
from storage.tables import Returnee

COLUMNS = (
    ("编号", "ref"),
    ("姓名", "name"),
    ("电话", "phone"),
    ("抵京日期", "arrived_on"),
    ("居住地址", "address"),
    ("所在单位", "employer"),
    ("健康状况", "health"),
    ("隔离方式", "isolation"),
    ("核转日期", "handed_on"),
    ("观察第1天", "first_day"),
    ("解除日（零点）", "release_on"),
    ("核实人", "owner"),
)
"""Heading → what stands below it."""
WIDTH = 16


def open_cases(session: Session, home: Home) -> list[Returnee]:
    """What is ours to decide by the end of the day, of this group alone."""
    found = cases.in_states(session, states.OURS, home.unit, home.chat)
    return [case for case in found if case.chat == home.chat or not home.unit]


def reminder(session: Session, found: Sequence[Returnee], today: date) -> str:
    """For the group: how many in which state, whose, and how many are late."""
    counts = Counter(case.state for case in found)
    overdue = sum(case.clock_on is not None and case.clock_on < today for case in found)
    ordered = {state: counts[state] for state in states.STATES if counts[state]}
    return words.handover_due(ordered, owner_lines(session, found), overdue)


def owner_lines(session: Session, found: Iterable[Returnee]) -> list[str]:
    """Each volunteer with the references in their hands; last what nobody has taken."""
    by_owner: dict[str, list[str]] = defaultdict(list)
    for case in found:
        by_owner[case.owner].append(case.ref)
    known = names(session, by_owner)
    ordered = sorted(by_owner, key=lambda user: (not user, user))
    return [words.owner_line(known.get(user, ""), by_owner[user]) for user in ordered]


def to_owners(found: Iterable[Returnee]) -> dict[str, str]:
    """Volunteer → what is open in their hands, for the single chat."""
    mine: dict[str, list[str]] = defaultdict(list)
    for case in found:
        if case.owner:
            mine[case.owner].append(f"- {case.ref} {case.name or ''} {case.phone or ''}（{words.STATES[case.state]}）")
    return {user: words.own_open(lines) for user, lines in mine.items()}


def workbook(session: Session, found: Sequence[Returnee], first_day: int) -> bytes:
    """The list for the receiving side. `first_day` is how many days after the arrival day 1 is."""
    known = names(session, (case.owner for case in found))
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    import xlsxwriter  # noqa: PLC0415  (a start need not wait for it)

    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("核转名单")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, WIDTH)
        sheet.write_row(0, 0, [heading for heading, _ in COLUMNS], book.add_format({"bold": True}))
        for row, case in enumerate(found, 1):
            values = _values(case, known.get(case.owner, ""), first_day)
            sheet.write_row(row, 0, [values[name] for _, name in COLUMNS])
    return out.getvalue()


def _values(case: Returnee, owner: str, first_day: int) -> dict[str, str]:
    fields = effective(case)
    said = {
        name: texts.said(name, fields[name])
        for name in ("address", "employer", "health", "isolation")
        if name in fields
    }
    days = {
        name: value.isoformat() for name in ("arrived_on", "handed_on", "release_on") if (value := getattr(case, name))
    }
    first = date.fromordinal(case.arrived_on.toordinal() + first_day).isoformat() if case.arrived_on else ""
    plain = {"ref": case.ref, "name": case.name or "", "phone": case.phone or "", "owner": owner, "first_day": first}
    return {name: "" for _, name in COLUMNS} | said | days | plain


def file_name(day: date) -> str:
    """核转名单-2020-02-23.xlsx."""
    return f"核转名单-{day.isoformat()}.xlsx"
