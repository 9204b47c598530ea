"""What one may ask: the register and who has not answered, needs with their gaps, batches, coverage, the sentence for
the press.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from bot.context import Context, Notice
from handlers import masking, rights, times
from handlers import texts_supplies as words
from handlers.ledger import in_group, written_at
from handlers.supplies import books as workbooks
from handlers.supplies import covered, places, stock
from handlers.supplies.standing import Books, works
from storage.tables_supplies import Enterprise

if TYPE_CHECKING:
    from handlers.supplies.needs import Goods

MOST = 12


def _books(ctx: Context) -> Books:
    return stock.books_of(ctx, places.here(ctx))


# -- companies ---------------------------------------------------------------------------------------------------------


def figures(ctx: Context, _text: str) -> str:
    """企业: how many are known, have answered, work again, with how many people."""
    books = _books(ctx)
    if not books.companies:
        return words.NONE_LISTED
    lines = words.figures(totals(list(books.companies.values()), books.today), written_at(ctx))
    lacking = [(goods, float(total.lacks)) for goods, total in books.totals.items() if total.lacks]
    if lacking:
        lines.append(f"- 还缺：{words.items(lacking)}")
    return "\n".join(lines)


def totals(companies: Sequence[Enterprise], today: date) -> dict[str, int]:
    """Figures of a register."""
    open_ = [one for one in companies if works(one, today)]
    return {
        "all": len(companies),
        "reported": sum(one.state in {"reported", "updated"} for one in companies),
        "contacted": sum(one.state == "contacted" for one in companies),
        "listed": sum(one.state == "listed" for one in companies),
        "open": len(open_),
        "planned": sum(one.open is None and one.opens_on is not None and one.opens_on > today for one in companies),
        "closed": sum(one.open is False for one in companies),
        "staff": sum(one.staff or 0 for one in companies),
        "returned": sum(one.returned or 0 for one in companies),
        "dormitory": sum(bool(one.dormitory) for one in companies),
        "canteen": sum(bool(one.canteen) for one in companies),
    }


def silent(ctx: Context, _text: str) -> str:
    """企业 未报: whom to call."""
    found = list(_books(ctx).companies.values())
    if not found:
        return words.NONE_LISTED
    left = [one for one in found if one.state in {"listed", "contacted"}]
    if not left:
        return words.ALL_REPORTED.format(count=len(found))
    lines = [words.SILENT_HEAD.format(count=len(left), total=len(found))]
    for state in ("listed", "contacted"):
        names = [one.name for one in left if one.state == state]
        if names:
            lines.append(f"- {words.STATES[state]}（{len(names)}）：{words.some(names, 20)}")
    return "\n".join(lines)


def show(ctx: Context, text: str) -> str:
    """企业 查看 大都饭店."""
    company = places.meant(ctx, places.here(ctx), text)
    return company if isinstance(company, str) else card(ctx, company)


def card(ctx: Context, company: Enterprise) -> str:
    """Everything about one company; its contact masked for a group."""
    books = _books(ctx)
    today = books.today
    lines = [f"🏢 **{company.ref} {company.name}**（{words.STATES[company.state]}）"]
    if told := words.facts(company, today):
        lines.append(f"- {'，'.join(told)}")
    if company.contact or company.contact_phone:
        shown = masking.person(company.contact, company.contact_phone)
        plain = f"{company.contact or ''} {company.contact_phone or ''}".strip()
        lines.append(f"- 联系人：{shown if in_group(ctx) else plain}")
    for goods, one in books.standings.get(company.ref, {}).items():
        given = f"，已分配 {words.number(one.given)}，已签收 {words.number(one.signed)}" if one.given else ""
        need = "没报数量" if one.unstated else f"需 {words.amount(goods, one.need)}"
        lines.append(f"- {goods[0]}：{need}{given}，还缺 {words.amount(goods, one.lacks)}")
    if left := words.missing(company):
        lines.append(f"- {left}")
    return "\n".join(lines)


# -- supplies ----------------------------------------------------------------------------------------------------------


def gaps(ctx: Context, _text: str) -> str:
    """物资 缺口."""
    books = _books(ctx)
    if not books.totals:
        return words.NOTHING_YET
    at = written_at(ctx)
    lines = [f"**物资缺口**（截至 {at.month}月{at.day}日{at:%H:%M}）"]
    lines += [words.gap_line(goods, books.totals[goods]) for goods in books.goods()[:MOST]]
    signed, wanted = covered.coverage(books)
    if signed:
        lines.append(f"- {words.coverage(signed, wanted)}")
    short = [goods[0] for goods, total in books.totals.items() if total.stock < 0]
    if short:
        lines.append(words.STOCK_SHORT.format(items="、".join(short)))
    return "\n".join(lines)


def needs(ctx: Context, text: str) -> str:
    """物资 需求 口罩: who lacks how much."""
    books = _books(ctx)
    item = books.rules.goods(text.strip(), "")[0]
    lines = []
    for goods in books.goods():
        if item and goods[0] != item:
            continue
        lacking = sorted(books.totals[goods].in_need, key=lambda key: -books.standing(key, goods).lacks)
        shown = [f"{books.parties[k].name} {words.number(books.standing(k, goods).lacks)}" for k in lacking[:MOST]]
        more = f"……等 {len(lacking)} 家" if len(lacking) > MOST else ""
        if shown:
            lines.append(
                f"- {goods[0]} 还缺 {words.amount(goods, books.totals[goods].lacks)}：{'、'.join(shown)}{more}"
            )
    return "\n".join(["**还缺什么**", *lines]) if lines else "现在没有单位还缺" + (item or "物资") + "。"


def batches(ctx: Context, _text: str) -> str:
    """物资 到货: batches in order, and what is in stock."""
    books = _books(ctx)
    by_batch: dict[int, list[str]] = defaultdict(list)
    whence: dict[int, str] = {}
    for line in books.lines:
        if line.action == "received" and line.batch is not None:
            by_batch[line.batch].append(words.counted((line.item, line.measure), line.amount or 0))
            whence[line.batch] = f"{times.span(line.day, line.day)}{f'，来自{line.party}' if line.party else ''}"
    if not by_batch:
        return words.NOTHING_YET
    lines = [f"- 第{words.chinese(n)}批（{whence[n]}）：{'、'.join(found)}" for n, found in by_batch.items()]
    left = [(goods, float(total.stock)) for goods, total in books.totals.items() if total.received]
    return "\n".join(["**到货与库存**", *lines, f"- 现有库存：{words.items(left)}"])


def coverage(ctx: Context, _text: str) -> str:
    """物资 覆盖."""
    books = _books(ctx)
    signed, wanted = covered.coverage(books)
    if not wanted:
        return words.NO_NOTES
    by_state: dict[str, int] = defaultdict(int)
    for note, _ in books.notes:
        by_state[note.state] += 1
    states = "，".join(
        f"{words.NOTE_STATES[s]} {by_state[s]} 张" for s in ("allocated", "on_way", "signed") if by_state[s]
    )
    lines = [f"**发放覆盖**：{words.coverage(signed, wanted)}"]
    if states:
        lines.append(f"- 单据：{states}")
    if left := covered.uncovered(books):
        lines.append(f"- {words.NOT_COVERED.format(names=words.some(left, 20))}")
    return "\n".join(lines)


def story(ctx: Context, _text: str) -> str:
    """物资 小结: one sentence as the newspapers write it."""
    books = _books(ctx)
    days = [line.day for line in books.lines]
    if not days:
        return words.NOTHING_YET
    at = places.here(ctx)
    name = at.unit.rsplit("/", 1)[-1] or "本群"
    return f"{times.span(min(days), books.today)}，{name}{'；'.join(_parts(books))}。"


def _parts(books: Books) -> list[str]:
    surveyed = [one for one in books.companies.values() if one.reported_at is not None]
    parts = [f"摸排企业{len(surveyed)}家"] if surveyed else []
    if need := _sums(books, "need"):
        parts.append(f"汇总需求{need}")
    if received := _sums(books, "received"):
        count = len({line.batch for line in books.lines if line.action == "received"})
        parts.append(f"到货{count}批，共{received}")
    signed, wanted = covered.coverage(books)
    if signed:
        crew = {person for note, _ in books.notes for person in note.crew or () if note.state == "signed"}
        by = f"由{len(crew)}名志愿者" if crew else ""
        parts.append(
            f"{by}为{signed}家单位送去{_sums(books, 'signed')}，均已签收，覆盖率{words.percent(signed, wanted)}"
        )
    short = _sums(books, "lacks")
    parts.append(f"还缺{short}" if short else "需求全部满足")
    return parts


def _sums(books: Books, name: str) -> str:
    found: list[tuple[Goods, float]] = [(goods, getattr(books.totals[goods], name)) for goods in books.goods()]
    return words.items((goods, value) for goods, value in found if value)


# -- files -------------------------------------------------------------------------------------------------------------


def register_file(ctx: Context, _text: str) -> str:
    """企业 导出: contacts only for somebody in charge, in a single chat."""
    books = _books(ctx)
    if not books.companies:
        return words.NONE_LISTED
    media = workbooks.register_book(books, ctx.zone, contacts=_may_see(ctx))
    return _send(ctx, workbooks.file_name("企业台账", books.today.isoformat()), media)


def needs_file(ctx: Context, _text: str) -> str:
    """物资 需求表."""
    books = _books(ctx)
    if not books.totals:
        return words.NOTHING_YET
    return _send(ctx, workbooks.file_name("物资需求缺口表", books.today.isoformat()), workbooks.needs_book(books))


def notes_file(ctx: Context, _text: str) -> str:
    """物资 单据: the list with a column to sign, as it stands."""
    books = _books(ctx)
    if not books.notes:
        return words.NO_NOTES
    media = workbooks.notes_book(books.notes, books, contacts=_may_see(ctx), zone=ctx.zone)
    return _send(ctx, workbooks.file_name("配送签收表", books.today.isoformat()), media)


def _may_see(ctx: Context) -> bool:
    return not in_group(ctx) and rights.rank(ctx, places.here(ctx).unit) >= rights.Rank.LEAD


def _send(ctx: Context, name: str, media: bytes) -> str:
    kind = ctx.incoming.chat_type
    ctx.notices.append(Notice(ctx.incoming.chat, name, "notice", kind, "file", media, name))
    return words.FILE_SENT.format(name=name)
