"""What people read about companies and supplies."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from handlers import times
from handlers.texts import MOST_LINES

Goods = tuple[str, str]

STATES = {"listed": "未联系", "contacted": "已联系", "reported": "已报", "updated": "已报"}
NOTE_STATES = {"allocated": "已分配", "on_way": "配送中", "signed": "已签收", "returned": "已退回"}
RULES = {"need": "按需分配", "equal": "平均分配", "staff": "按职工人数分配"}
REASONS = {"planned": "有复工计划", "open": "营业中", "post": "点位"}
SURVEY_FIELDS = {
    "opens_on": "开工时间",
    "staff": "职工人数",
    "returned": "返京人数",
    "dormitory": "有无宿舍",
    "canteen": "有无食堂",
    "area_m2": "经营面积",
}

SURVEY_NO_NAME = "没看出是哪家企业，请带上名称再发一次，例如：复工摸排 某某公司 2月24日开工 职工56人 返京12人"
SURVEY_MORE = "想补充就再发：复工摸排 {name} {example}"
SAME_AGAIN = "🏢 {ref} {name}：和已报的一样，没有变化。"
ASK_SAME = (
    "❓ {new} {new_name} 和已有的 {old} {old_name} 是同一家吗？\n"
    "同一家请回：企业 合并 {new} {old}；不是请回：企业 不同 {new} {old}"
)
JOINED = "🏢 已合并：{gone} 并入 {kept} {name}，两个名称以后都认。"
SURE_SAME = (
    "{first} {first_name} 和 {second} {second_name} 名称不像一家，合并后不能分开。"
    "确实是同一家请回：企业 合并 {first} {second} 确定"
)
DIFFER = "好的，{first} 和 {second} 是两家，以后不再问。"
TWO_COMPANIES = "请写两个企业编号，例如：企业 合并 E7 E3"
NO_COMPANY = "没找到企业“{name}”。可以发“企业”看全部，或用编号，例如：企业 查看 E3"
SEVERAL = "“{name}”有几家：{found}。请用编号再说一次。"
LISTED = "📋 已登记 {new} 家待摸排企业{known}。摸排后直接发：复工摸排 企业名 开工时间 职工人数 返京人数 ……"
LISTED_KNOWN = "，{count} 家早已在册"
CONTACTED = "📞 已记：{names} 已联系。"
OPENED = "🏢 {name}：营业中。"
CLOSED = "🏢 {name}：停业，暂不列入发放名单。"
CONTACT_KEPT = "📇 {name} 的联系人已更新。"
CONTACT_HOW = "请这样说（建议单独发给我）：企业 联系人 某某公司 王建国 13800001111"
ALL_REPORTED = "在册 {count} 家企业都已报，辛苦了！👍"
NONE_LISTED = "还没有登记企业。可以发：企业 名单 大都饭店、阳坊超市；或直接发：复工摸排 企业名 ……"
SILENT_HEAD = "**还没报的企业** {count} 家（在册 {total} 家）"

NEED_NOTED = "📦 {ref} 需求：{party}{items}。"
NO_PARTY = "（没写是哪里要，先记在{party}名下）"
UNNUMBERED = "{items} 还没说数量，请补一句，例如：{party}需要 {item}100只"
BATCH = "📥 {ref} 第{number}批到货：{items}{source}。"
BATCH_STOCK = "现有库存：{stock}。"
BATCH_UNNUMBERED = "{items} 还没说数量，没算进库存；请再报一句，例如：收到 {item}100只"
BATCH_NEXT = "可以分了，请负责人发：分配"
GIVEN_NOTED = "🚚 {ref} 送达：{party} {items}。"
GIVEN_NOTES = "对应单据 {refs} 在路上，对方收下后请回：签收 {first}"
STOCK_SHORT = "⚠️ {items}的库存不够（已送出的比到货的多），请核对到货记录。"
NOTHING_YET = "还没有物资记录。需求：大都饭店需要 口罩200只；到货：收到区总工会 口罩2000只。"

NOTHING_TO_SHARE = "没有可分配的物资：{why}。"
WHY_NO_STOCK = "库存是空的，到货后先报一句，例如：收到区总工会 口罩2000只"
WHY_NO_NEED = "在册单位都没有还缺的，或不在发放范围内"
WHY_NO_ITEM = "没有叫“{item}”的库存；现有：{stock}"
DRAFT_HEAD = "🧮 **{ref} 分配方案（待确认）**：{rule}，名单 {parties} 家"
DRAFT_ITEM = "- {item}：可分 {stock}，名单共缺 {lacks}，这次分 {shared}，{after}"
DRAFT_SHORT = "还差 {short}"
DRAFT_ENOUGH = "够了，余 {left}"
DRAFT_OUT = "未纳入（没有复工计划，也没报营业）：{names}。确实营业请发：企业 营业 企业名"
DRAFT_UNSTATED = "没报数量、这次没算的：{names}"
DRAFT_NEXT = "全表已发给您。确认请回：分配 确认；要改请回：分配 改 企业名 物资 数量；不要了：分配 取消"
DRAFT_CHANGED = "方案出来后又有新情况，按最新的重算了一遍，请再看一眼："
DRAFT_WAITS = "⚠️ 原来的方案 {ref} 已由这份代替。"
NO_DRAFT = "没有待确认的分配方案，请先发：分配 或 分配 口罩"
CONFIRMED = "✅ {ref} 已确认：{notes} 家，单据 {refs}，共{items}。"
CONFIRMED_NEXT = "配送表（带签收栏）已单独发给您。出发请发：配送 {first} 张三 李四 京A12345"
CONFIRMED_SHORT = "还差{short}，下批到货再发“分配”，接着补。"
CANCELLED = "{ref} 已取消，没有分出任何物资。"
CHANGE_HOW = "请这样说：分配 改 大都饭店 口罩 30"
CHANGE_WHOLE = "数量“{said}”不行，请写整数，例如：分配 改 大都饭店 口罩 30"
CHANGE_NO_ITEM = "这份方案里没有“{item}”，有：{items}。"
CHANGE_TOO_MUCH = "{party} 的{item}还缺 {lacks}，不能多给；请给 0 到 {lacks} 之间的数。"
CHANGE_NO_STOCK = "{item}一共只有 {stock} 可分，给不了 {amount}。"
CHANGE_NOBODY = "{party} 不在这份方案的名单里。"

LEAVE_HOW = "请写单号和送的人，例如：配送 D1-D12 张三 李四 京A12345"
LEFT = "🚚 {refs} 出发：{count} 家，{people}{vehicle}。送到后请回：签收 {first}"
HEAVY = "\n其中 {item} {weight}一{measure}，要 {people} 个人一起抬，慢一点。"
HEAVY_ALONE = "{item} {weight}一{measure}，一个人搬不动，请写上 {people} 位：配送 {refs} {name} 同伴姓名"
NO_NOTE = "没有单据 {refs}，请核对一下单号。"
NOT_YOUR_NOTE = "{refs} 不归您所在的群，请让送货人或本单位的人来签。"
ALREADY = "{refs} 已经签收过，不重复记。"
WAS_RETURNED = "{refs} 已退回，要再送请负责人重新发：分配"
NOTHING_TO_SIGN = "{name} 没有待签收的单据。"
SIGN_HOW = "请写单号或单位，例如：签收 D3；或：签收 大都饭店"
SIGN_DOUBT = "{refs} 先不签。少了请写实收的数，例如：签收 {first} 口罩45只；没收到、要退请说：退回 {first} 原因"
SIGN_ONE = "写数量请一张单一张单地签，例如：签收 {first} 口罩45只"
BACK_SIGNED = "{refs} 已经签收了。签错了请先撤回签收：撤回 {first}；再说：退回 {first} 原因"
NOT_HERE = "请在群里发，或者先在所在的群里报一次，我就知道记在哪个群了。"
SIGNED = "✅ {refs} 已签收：{what}{short}。{coverage}"
SIGNED_MANY = "{count} 家"
SIGNED_SHORT = "（比单据少 {items}，差额退回库存）"
SIGNED_TOO_MUCH = "{ref} 单据上是{items}，签收数不能比它多；多收了请先和负责人核对。"
SIGN_UNKNOWN = "{ref} 单据上没有{items}，单据上是：{note}。"
RETURNED = "↩️ {refs} 已退回库存{reason}。下次分配会重新算上。"
SIGNED_TOLD = "✅ {name} 已签收 {refs}：{items}。"
COVERED = "已签收 {signed}/{of} 家，覆盖率 {percent}。"
ALL_COVERED = "🎉 {of} 家全部签收，覆盖率 100%，辛苦了！"
NOT_COVERED = "还没收到的：{names}"
FILE_SENT = "{name} 已发出，请查收。"
STANDS = {
    "allocated": "单据还在，现在是“已分配”，出发时再说一声就行。",
    "on_way": "现在是“配送中”，收下后再签就行。",
}
GIVEN_SINCE = "{what}不能撤回：退回库存的东西后来又分出去了。请和负责人核对后再分一次：分配"
ANOTHER_DRAFT = "现在已有方案 {ref} 在等确认，请先定那一份：分配 确认，或 分配 取消"
DRAFT_AGAIN = "方案 {ref} 又等您确认：分配 确认；要改：分配 改 企业名 物资 数量；不要了：分配 取消"
NO_DRAFT_NOW = "现在没有待确认的方案，什么都没分出去。"
AS_BEFORE = "方案回到改之前的样子，确认请说：分配 确认"
NOT_LISTED = "这次登记的企业不在册了。"
NOT_CONTACTED = "又算“未联系”。"
CONTACTED_BEFORE = "{names}之前就联系过了，不变。"
UNDECIDED = "是不是同一家，等您再说。"
COMPANY_STANDS = "{name}现在：{known}。"
UNTOLD = "没说是否营业"
NO_NOTES = "还没有配送单据，请先发：分配"
TELL_GOODS = "没看懂要几样东西，请这样说：大都饭店追加 口罩200只"


def number(value: float) -> str:
    """1,220."""
    return f"{value:,.0f}"


def counted(goods: Goods, amount: float) -> str:
    """口罩1,220只."""
    return f"{goods[0]}{number(amount)}{goods[1]}"


def amount(goods: Goods, value: float) -> str:
    """1,220只."""
    return f"{number(value)}{goods[1]}"


def items(found: Iterable[tuple[Goods, float]]) -> str:
    """口罩50只、84消毒液2桶."""
    return "、".join(counted(goods, value) for goods, value in found)


def said_items(found: Sequence[Mapping[str, Any]]) -> str:
    """Items as they were said; those without a number by name."""
    return "、".join(f"{i['item']}{times.plain(i['value']) if 'value' in i else ''}{i.get('unit', '')}" for i in found)


def some(names: Sequence[str], most: int = MOST_LINES) -> str:
    """甲、乙等12家."""
    shown = "、".join(names[:most])
    return f"{shown}等{len(names)}家" if len(names) > most else shown


def span(refs: Sequence[str]) -> str:
    """D1–D12 where they follow each other, else D1、D4; a long list is cut."""
    runs: list[list[int]] = []
    for one in sorted({int(ref[1:]) for ref in refs}):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = [f"D{run[0]}–D{run[-1]}" if len(run) > 1 else f"D{run[0]}" for run in runs]
    return "、".join(words) if len(words) <= MOST_LINES else f"{'、'.join(words[:MOST_LINES])}等{len(refs)}张"


def percent(part: int, whole: int) -> str:
    """92.9%; never 100% before the last one, never 0% once there is one."""
    if not whole:
        return "—"
    rounded = round(100 * part / whole, 1)
    rounded = min(rounded, 99.9) if part < whole else rounded
    return f"{max(rounded, 0.1) if part else 0:g}%"


def note_stands(states: Iterable[str]) -> str:
    """Where notes are once a step with them is taken back."""
    return "".join(STANDS[state] for state in sorted(set(states)) if state in STANDS)


def coverage(signed: int, of: int) -> str:
    """How many of the list have signed."""
    if of and signed >= of:
        return ALL_COVERED.format(of=of)
    return COVERED.format(signed=signed, of=of, percent=percent(signed, of))


def opens(day: date | None, today: date, *, open_: bool | None) -> str:
    """2月24日开工, 已于2月10日开工, 营业中, 停业."""
    if open_ is False:
        return "停业"
    when = "" if day is None else f"{day.month}月{day.day}日"
    if day is not None and day > today:
        return f"计划{when}开工"
    return f"{when}已开工" if when else "营业中" if open_ else ""


def yes_no(value: bool | None, what: str) -> str:  # noqa: FBT001  (a field of the survey)
    """有宿舍, 无宿舍, or nothing."""
    return "" if value is None else f"{'有' if value else '无'}{what}"


def facts(company: Any, today: date) -> list[str]:
    """What a company has told, in the order of the survey."""
    words = [
        opens(company.opens_on, today, open_=company.open),
        f"职工{company.staff}人" if company.staff is not None else "",
        f"返京{company.returned}人" if company.returned is not None else "",
        yes_no(company.dormitory, "宿舍"),
        yes_no(company.canteen, "食堂"),
        f"面积{times.plain(company.area_m2)}平米" if company.area_m2 is not None else "",
    ]
    return [word for word in words if word]


EXAMPLES = {
    "opens_on": "2月24日开工",
    "staff": "职工56人",
    "returned": "返京12人",
    "dormitory": "有宿舍",
    "canteen": "有食堂",
    "area_m2": "面积800平米",
}


def missing(company: Any) -> str:
    """What the survey still lacks, with an example; empty where nothing."""
    left = [name for name in SURVEY_FIELDS if getattr(company, name) is None]
    if "opens_on" in left and company.open is not None:
        left.remove("opens_on")
    if not left:
        return ""
    more = SURVEY_MORE.format(name=company.name, example=" ".join(EXAMPLES[name] for name in left[:2]))
    return f"还差：{'、'.join(SURVEY_FIELDS[name] for name in left)}。{more}"


def surveyed(ref: str, company: Any, short: str, today: date, *, one: bool) -> str:
    """The answer to the first survey of a company."""
    told = "，".join([*facts(company, today), *([f"缺{short}"] if short else [])])
    left = (missing(company) if one else "") or "谢谢！"
    return f"🏢 {ref} {company.name}：{told}。{left}"


def survey_changed(ref: str, company: Any, changes: Sequence[str], short: str) -> str:
    """The answer to a later one."""
    told = "，".join([*changes, *([f"缺{short}"] if short else [])])
    return f"🏢 {ref} {company.name} 已更新：{told}。其余照原来的。"


def change(name: str, before: Any, after: Any) -> str:
    """返京人数 12→15."""
    old = "" if before is None else f" {_value(before)}→"
    return f"{SURVEY_FIELDS[name]}{old or ' '}{_value(after)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "有" if value else "无"
    if isinstance(value, date):
        return f"{value.month}月{value.day}日"
    return times.plain(value)


def figures(total: Mapping[str, int], as_of: datetime) -> list[str]:
    """Resumption figures of the register."""
    head = f"**企业复工**（截至 {as_of.month}月{as_of.day}日{as_of:%H:%M}）"
    reached = (
        f"在册 {total['all']} 家：已报 {total['reported']}，已联系未报 {total['contacted']}，未联系 {total['listed']}"
    )
    work = f"营业（已开工）{total['open']} 家，有复工计划 {total['planned']} 家，停业 {total['closed']} 家"
    people = f"职工 {number(total['staff'])} 人，返京 {number(total['returned'])} 人"
    homes = f"有宿舍 {total['dormitory']} 家，有食堂 {total['canteen']} 家"
    return [head, f"- {reached}", f"- {work}", f"- {people}；{homes}"]


def gap_line(goods: Goods, total: Any) -> str:
    """One item: needed, came, set aside, signed, stock, gap."""
    stated, unstated = total.parties - total.unstated, total.unstated
    need = f"{stated} 家需 {amount(goods, total.need)}" if stated else f"{unstated} 家需要（没报数量）"
    more = f"（另 {unstated} 家没报数量）" if stated and unstated else ""
    stock = f"库存 {amount(goods, total.stock)}"
    came = f"到货 {amount(goods, total.received)}"
    return (
        f"- {goods[0]}：{need}{more}，{came}，"
        f"已分配 {number(total.given)}，已签收 {number(total.signed)}，{stock}，缺口 {amount(goods, total.gap)}"
    )


def chinese(value: int) -> str:
    """一, 十二 for small numbers: 第一批."""
    digits = "零一二三四五六七八九"
    if value < len(digits):
        return digits[value]
    tens, ones = divmod(value, 10)
    if tens >= len(digits):
        return str(value)
    return f"{'' if tens == 1 else digits[tens]}十{digits[ones] if ones else ''}"


DIGEST: Mapping[str, str] = {
    "survey": "复工摸排 {count} 条",
    "need": "申报需求 {items}",
    "received": "到货 {items}",
    "given": "分配 {items}",
    "signed": "签收 {served} 家：{items}",
    "now": "现在：{covered}",
    "gap": "缺口 {items}",
}
CLAUSE = "为 {served} 家单位送去{items}"
CLAUSE_PLAIN = "送去{items}"


def listed_line(line: Any) -> str:
    """G3 2月20日 大都饭店 需要 口罩100只."""
    verb = {"need": "追加" if line.more else "需要", "received": "到货", "delivered": "送达"}[line.action]
    told = counted((line.item, line.measure), line.amount) if line.amount is not None else line.item
    return f"{line.ref} {line.day.month}月{line.day.day}日 {line.party} {verb} {told}"


def listed_share(note: Any, share: Any) -> str:
    """D3 大都饭店 口罩43只（已签收）."""
    got = share.amount if share.received is None else share.received
    return f"{note.ref} {note.party} {counted((share.item, share.measure), got)}（{NOTE_STATES[note.state]}）"
