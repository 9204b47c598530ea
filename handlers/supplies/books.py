"""Tables of companies and supplies as workbooks: the register, needs with their gaps, the list that a driver takes
along.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from handlers import masking
from handlers import texts_supplies as words
from handlers.supplies.standing import Books, works
from storage.tables_supplies import Enterprise, SupplyNote, SupplyShare

if TYPE_CHECKING:
    from handlers.supplies.allocation import Plan
    from handlers.supplies.needs import Goods

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTH = 14
WIDE = 26
SIGNATURE_ROW = 24
"""Height of a line on which somebody writes, in points."""
REGISTER = (
    "编号",
    "企业",
    "状态",
    "开工时间",
    "营业",
    "职工人数",
    "返京人数",
    "宿舍",
    "食堂",
    "面积（平米）",
    "缺什么",
) + ("联系人", "电话", "最近上报")
NEEDS = ("物资", "单位", "需求单位", "编号", "需求", "已分配", "已签收", "还缺", "说明")
TOTALS = ("物资", "单位", "需求家数", "需求", "到货", "已分配", "已签收", "库存", "缺口")
NOTES = (
    "单号",
    "单位",
    "物资",
    "数量",
    "计量",
    "还缺（分配前）",
    "联系人",
    "电话",
    "送货人",
    "车牌",
    "状态",
    "签收人",
    "签收时间",
)
PLAN = ("单位", "编号", "名单依据", "物资", "计量", "还缺", "这次分", "分后仍缺")


def file_name(title: str, tail: str) -> str:
    """配送签收表-F1.xlsx."""
    return f"{title}-{tail}.xlsx"


def _book(sheets: Sequence[tuple[str, Sequence[str], Iterable[Sequence[Any]]]], height: int = 0) -> bytes:
    out = io.BytesIO()
    import xlsxwriter  # noqa: PLC0415  (a start need not wait for it)

    with xlsxwriter.Workbook(out, OPTIONS) as book:
        bold, boxed = book.add_format({"bold": True, "border": 1}), book.add_format({"border": 1})
        for title, columns, rows in sheets:
            sheet = book.add_worksheet(title)
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.set_column(0, len(columns) - 1, WIDTH)
            sheet.set_column(1, 1, WIDE)
            sheet.write_row(0, 0, columns, bold)
            for number, row in enumerate(rows, 1):
                sheet.write_row(number, 0, ["" if cell is None else cell for cell in row], boxed)
                if height:
                    sheet.set_row(number, height)
    return out.getvalue()


def register_book(books: Books, zone: Any, *, contacts: bool) -> bytes:
    """All companies. `contacts`: unmasked, for whoever may see them."""
    rows = (_company(books, one, zone, contacts=contacts) for one in books.companies.values())
    return _book([("企业台账", REGISTER, rows)])


def _company(books: Books, one: Enterprise, zone: Any, *, contacts: bool) -> list[Any]:
    items = books.standings.get(one.ref, {})
    lacking = words.items((goods, float(standing.lacks)) for goods, standing in items.items() if standing.lacks)
    open_ = "停业" if one.open is False else "是" if works(one, books.today) else ""
    flags = [None if value is None else "有" if value else "无" for value in (one.dormitory, one.canteen)]
    when = one.reported_at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if one.reported_at else ""
    known = [one.ref, one.name, words.STATES[one.state], _day(one.opens_on), open_, one.staff, one.returned]
    return [*known, *flags, one.area_m2, lacking, *_contact(one, contacts=contacts), when]


def _contact(one: Enterprise | None, *, contacts: bool) -> list[str]:
    if one is None or not (one.contact or one.contact_phone):
        return ["", ""]
    if contacts:
        return [one.contact or "", one.contact_phone or ""]
    return [masking.name(one.contact) if one.contact else "", masking.phone(one.contact_phone or "")]


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def needs_book(books: Books) -> bytes:
    """Needs with their gaps: all together, and one line for each party and item."""
    return _book([("缺口汇总", TOTALS, _totals(books)), ("需求明细", NEEDS, _needs(books))])


def _totals(books: Books) -> Iterable[Sequence[Any]]:
    for goods in books.goods():
        one = books.totals[goods]
        yield [*goods, one.parties, one.need, one.received, one.given, one.signed, one.stock, one.gap]


def _needs(books: Books) -> Iterable[Sequence[Any]]:
    for goods in books.goods():
        for key, items in books.standings.items():
            one = items.get(goods)
            if one is None:
                continue
            party = books.parties[key]
            ref = party.company.ref if party.company else ""
            told = "没报数量" if one.unstated else ""
            yield [*goods, party.name, ref, one.need, one.given, one.signed, one.lacks, told]


def plan_book(found: "Plan", ref: str) -> bytes:
    """A draft: who is to get how much, and what is still lacking then."""
    return _book([(f"分配方案{ref}", PLAN, _planned(found))])


def _planned(found: "Plan") -> Iterable[Sequence[Any]]:
    for party in found.parties:
        ref = party.company.ref if party.company else ""
        for (item, measure), lack, share in found.of(party.key):
            yield [party.name, ref, found.reasons.get(party.key, ""), item, measure, lack, share, lack - share]


def notes_book(
    notes: Sequence[tuple[SupplyNote, Sequence[SupplyShare]]], books: Books, *, contacts: bool, zone: Any = None
) -> bytes:
    """What a driver takes along: what goes where, and a place to sign."""
    rows = [row for note, shares in notes for row in _note(note, shares, books, contacts=contacts, zone=zone)]
    total: dict[Goods, int] = {}
    for _, shares in notes:
        for share in shares:
            total[share.item, share.measure] = total.get((share.item, share.measure), 0) + share.amount
    sums = [[item, measure, amount] for (item, measure), amount in total.items()]
    return _book([("配送签收表", NOTES, rows), ("装车合计", ("物资", "计量", "数量"), sums)], SIGNATURE_ROW)


def _note(
    note: SupplyNote, shares: Sequence[SupplyShare], books: Books, *, contacts: bool, zone: Any
) -> Iterable[Sequence[Any]]:
    company = books.companies.get(note.enterprise)
    who = _contact(company, contacts=contacts)
    signer = (note.signed_by or {}).get("name", "") if contacts else ""
    when = _moment(note.signed_at, zone)
    for share in shares:
        amount = share.amount if share.received is None else share.received
        carried = ["、".join(note.crew or ()), note.vehicle, words.NOTE_STATES[note.state]]
        yield [note.ref, note.party, share.item, amount, share.measure, share.need, *who, *carried, signer, when]


def _moment(when: datetime | None, zone: Any) -> str:
    return when.astimezone(zone).strftime("%m-%d %H:%M") if when and zone else ""
