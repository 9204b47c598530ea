"""What a certificate of service states (民政部令第67号, 2020-12-02): person, number, hours, content, organiser, date.

Only closed periods with hours count; those that wait for an approval do not. Hours that a lead has confirmed are told
apart, as 谁组织谁记录，谁记录谁证明.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from handlers import hours
from handlers.texts import DUTIES
from storage import organisation
from storage.tables import Duty

COLUMNS = (
    ("姓名", "name"),
    ("证件号码", "id_number"),
    ("志愿者编号", "number"),
    ("服务时间（小时）", "hours"),
    ("其中夜间（小时）", "night"),
    ("其中已确认（小时）", "confirmed"),
    ("服务次数", "periods"),
    ("服务内容", "content"),
    ("服务地点", "places"),
    ("服务起止", "dates"),
    ("组织单位", "organiser"),
)
GENERAL = "疫情防控志愿服务"
MOST_PLACES = 6


@dataclass(frozen=True, slots=True)
class Proof:
    """One person's line."""

    name: str
    id_number: str
    number: str
    hours: float
    night: float
    confirmed: float
    periods: int
    content: str
    places: str
    dates: str
    organiser: str

    def labelled(self, today: date) -> Mapping[str, str]:
        """Label → value, with the day of issue. An ID number is left to the workbook."""
        shown = {label: _text(getattr(self, name)) for label, name in COLUMNS if name != "id_number"}
        return {**{label: value for label, value in shown.items() if value}, "出具日期": today.isoformat()}


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def of_person(
    session: Session, name: str, periods: Sequence[Duty], organiser: str, zone: ZoneInfo, night: tuple[int, int]
) -> Proof:
    """A person's line from their periods."""
    counted = [row for row in periods if row.state == "closed" and row.hours and row.approval != "pending"]
    account = hours.account(counted, zone, night)
    ids = {row.person_id for row in periods if row.person_id is not None}
    person = organisation.person(session, ids.pop()) if len(ids) == 1 else None
    days = sorted(row.day for row in counted)
    duties = dict.fromkeys(DUTIES[row.duty] for row in counted if row.duty in DUTIES)
    places = list(dict.fromkeys(row.post for row in counted if row.post))
    return Proof(
        name=name,
        id_number=(person.id_number or "") if person else "",
        number=(person.number or "") if person else "",
        hours=account.total,
        night=account.night,
        confirmed=account.confirmed,
        periods=len(counted),
        content="、".join(duties) or GENERAL,
        places="、".join(places[:MOST_PLACES]),
        dates=f"{days[0].isoformat()} 至 {days[-1].isoformat()}" if days else "",
        organiser=(person.team if person and person.team else organiser) or "",
    )


def write_workbook(proofs: Sequence[Proof], out: Path | IO[bytes]) -> None:
    """All lines as a workbook, numbers as numbers and the rest as text."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    if not isinstance(out, Path):
        options["in_memory"] = True
    import xlsxwriter  # noqa: PLC0415  (a start need not wait for it)

    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("服务证明")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        sheet.write_row(0, 0, [label for label, _ in COLUMNS], book.add_format({"bold": True}))
        for row, proof in enumerate(proofs, 1):
            for column, (_, name) in enumerate(COLUMNS):
                sheet.write(row, column, getattr(proof, name))
