"""Figures asked for by period, unit, post, team and kind of work, in any order: `汇总 东门 本周`, `汇总 平谷大队 昨天`,
东门昨天几个人, 红石坎村这周测温多少. Who did most is not told: a report thanks, it does not rank.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.context import Context
from bot.router import Router
from handlers import hours_book, report_absent, report_each
from handlers import texts_report as words
from handlers.cases.people import home
from handlers.language import places, when
from handlers.language.expressions import expression
from handlers.ledger import written_at
from handlers.report_periods import period_in, period_of
from handlers.reports.data import Period, place_for
from handlers.units import path_of
from storage import daily_read, report_lists
from storage.daily_count import CountCell, DutyCell, told_twice

router = Router("report_questions")

_LEAD = expression(r"^(?:请|麻烦|帮我|给我|查一下|查询|查|看一下|看看|看)*\s*(?:汇总|统计|小结|总结)(?:一下)?[\s:：]*")
_TAIL = expression(r"[\s的]*(?:汇总|统计|小结|总结)$")
_HOW_MANY = expression(
    r"(?:了|的)?(?:一共|总共|共计|合计)?(?:有|是)?(?:多少|几)(?P<of>[\u4e00-\u9fff]{0,3}?)(?:了|呢|啊|呀)?$"
)
_HOW_MANY_BEFORE = expression(r"(?:一共|总共|共)?有?(?:多少|几)个?人?次?(?=到岗|值守|在岗|上岗|值班|签到)")
_CAME = expression(
    r"(?:一共|总共|共)?(?:都)?(?:来|到|派)了?(?:一共|总共)?(?:多少|几)(?:个|名|位)?(?:人|志愿者)?(?:了|呢|啊)?$"
    r"|(?:多少|几)(?:个|名|位)?(?:人|志愿者)(?:来|到)了?$"
)
_RANKING = expression(
    r"排名|排行|排第几|第一名|前[三五十]名|倒数|评比"
    r"|谁.{0,8}(?:最|更)(?:多|少|长|短|好|差|勤|积极|快|慢|辛苦)|(?:最|更)(?:多|少|勤|积极|差|好)的(?:人|是谁)"
)
_SKIPPED = expression(
    r"^(?:[\s,，、。:：的了和]|一共|总共|一下|数据|情况|怎么样|如何|请|呢|吗|现在|目前|这会儿|我们|咱们|本村|本镇|本群|这里)+"
)
_WORD = expression(r"[^\s,，、。:：]+")
_ASKED_ELSEWHERE = ((expression(r"没核实|还没核实|核实了几"), "待核实"),)
_OWN = expression(
    r"^我(?:自己)?(?:今天|昨天|本周|这周|上周|本月|这个?月)?.{0,3}(?:值了|值班|干了|在岗|上了|做了|报了|站了)"
    r".{0,3}(?:多久|多长时间|几个?小时|多少小时|多少个小时|什么|啥|几次|多少次|哪些)"
)
AXES = ("team", "employer")
WHOLE_OF: Mapping[str, tuple[str, ...]] = {
    "全村": ("村", "社区"),
    "全社区": ("社区",),
    "全镇": ("镇", "乡", "街道", "地区"),
    "全乡": ("乡", "镇"),
    "全街道": ("街道",),
    "全区": ("区",),
}
"""How people call the whole of a unit that their group is for → how its name ends."""
SHORTEST = 2
"""Characters of a name: a single one would be found in any word."""


@dataclass(slots=True)
class Asked:
    """What the words of a question name."""

    period: Period
    unit: str = ""
    """Path; empty where none is named."""
    post: str = ""
    group: tuple[str, str] | None = None
    """(axis, path) of a team or an employer."""
    figures: list[str] = field(default_factory=list)
    duty: bool = False
    unknown: list[str] = field(default_factory=list)

    @property
    def narrow(self) -> bool:
        """Whether it is about less than a whole report."""
        return bool(self.post or self.group or self.figures or self.duty)


@dataclass(frozen=True, slots=True)
class Known:
    """Names that are in use in a place and below it."""

    posts: Mapping[str, set[str]]
    """Post → the places that have one of this name."""
    items: Mapping[str, list[str]]
    """Kind of work → its figures."""


def unread(ctx: Context, text: str) -> str | None:
    """The answer to a question after less than a whole report, or to words that nobody knows in an order; None where
    the text is neither.
    """
    bare = text.strip().lstrip("/／ ").rstrip("?？。!！~ ")
    if _RANKING.search(bare):
        return words.NO_RANKING
    stripped, asked = _stripped(bare)
    if not asked:
        return None
    ctx.uow.flush()
    found = understood(ctx, stripped, led=asked == "led")
    if found is None or (asked == "plain" and not found.narrow):
        return None
    if found.unknown:
        return _not_known(ctx, found) if found.narrow or found.unit or asked == "led" else None
    return _told(ctx, found) if found.narrow else None


def _stripped(bare: str) -> tuple[str, str]:
    """The words that name something, and how they ask: `led` by the name of the command, `plain`, or not at all."""
    if match := _LEAD.match(bare):
        return bare[match.end() :], "led"
    if match := _TAIL.search(bare):
        return bare[: match.start()], "led"
    if match := _HOW_MANY_BEFORE.search(bare):
        return f"{bare[: match.start()]} {bare[match.end() :]}", "plain"
    if match := _CAME.search(bare):
        return f"{bare[: match.start()]} {words.PEOPLE_ASKED}", "plain"
    if match := _HOW_MANY.search(bare):
        people = words.PEOPLE_ASKED if match["of"] in words.PEOPLE_MEASURES else ""
        return f"{bare[: match.start()]} {people}", "plain"
    return bare, ""


@router.otherwise
def ask(ctx: Context, reading: Any) -> str | None:
    """A question that the language took for nothing."""
    text = reading.text.strip()
    if not (reading.addressed or text.startswith(("/", "／"))) or "\n" in text:
        return None
    bare = text.lstrip("/／ ").rstrip("?？。!！~ ")
    if _OWN.search(bare):
        return hours_book.mine(ctx, None)
    for other in (report_absent.answer, report_each.answer):
        if (said := other(ctx, bare)) is not None:
            return said
    said = unread(ctx, text)
    if said is None:
        said = next((words.ASK_SO.format(command=command) for p, command in _ASKED_ELSEWHERE if p.search(bare)), None)
    return said


def understood(ctx: Context, text: str, *, led: bool) -> Asked | None:
    """What the words name; None where they name nothing."""
    period, rest = period_in(text, written_at(ctx).date())
    found = Asked(period)
    known = _known(ctx)
    people = False
    while rest := rest[match.end() :] if (match := _SKIPPED.match(rest)) else rest:
        if rest.startswith(words.PEOPLE_ASKED):
            people, rest = True, rest[len(words.PEOPLE_ASKED) :]
            continue
        length = _next(ctx, rest, known, found)
        if not length:
            word = _WORD.match(rest)
            length = word.end() if word else 1
            if value := when.command_period(rest[:length], written_at(ctx)):
                found.period = period_of(value, written_at(ctx).date())
            else:
                found.unknown.append(rest[:length])
        rest = rest[length:]
    # 测温多少人 asks for the count, 东门几个人 for those on duty.
    found.duty = found.duty or (people and not found.figures)
    return found if led or found.narrow or found.unit else None


def _known(ctx: Context) -> Known:
    """What is called how in the chat's unit."""
    today = written_at(ctx).date()
    place = _own_place(ctx)
    session = ctx.uow.session
    items: dict[str, list[str]] = {}
    for name in daily_read.sums(session, place, today):
        if name.startswith("work|"):
            items.setdefault(name.split("|")[1], []).append(name)
    return Known(daily_read.posts_known(session, place, today), items)


def _own_place(ctx: Context) -> str:
    """What a question is about that names no unit; in a single chat, the group for which the writer acts."""
    whose = home(ctx)
    return place_for(whose.unit, whose.chat or ctx.incoming.chat)


def _next(ctx: Context, rest: str, known: Known, found: Asked) -> int:
    """Note what the longest name at the beginning of `rest` names; its length, 0 where nobody knows one."""
    for end in range(len(rest), 0, -1):
        if _names(ctx, rest[:end], known, found):
            return end
    return 0


def _names(ctx: Context, word: str, known: Known, found: Asked) -> bool:
    if word in words.DUTY_WORDS:
        found.duty = True
    elif word in words.OTHER_FIGURES:
        found.figures.append(words.OTHER_FIGURES[word])
    elif word in WHOLE_OF and (unit := _level(home(ctx).unit, WHOLE_OF[word])):
        found.unit = unit
    elif word in known.items:
        found.figures += known.items[word]
    elif word in known.posts:
        found.post = word
    elif len(word) < SHORTEST or " " in word:
        return False
    elif (group := _group(ctx, word)) is not None:
        found.group = group
    elif places.is_unit(word, home(ctx).unit or None):
        found.unit = path_of(ctx.uow.session, word, home(ctx).unit)
    else:
        return False
    return True


def _level(path: str, ends: tuple[str, ...]) -> str:
    """The lowest level of a path whose name ends so; empty where there is none."""
    levels = path.split("/")
    depth = next((depth for depth in range(len(levels), 0, -1) if levels[depth - 1].endswith(ends)), 0)
    return "/".join(levels[:depth])


def _group(ctx: Context, word: str) -> tuple[str, str] | None:
    for axis in AXES:
        if path := report_lists.group_named(ctx.uow.session, axis, word):
            return axis, path
    return None


def _not_known(ctx: Context, found: Asked) -> str:
    posts = list(_known(ctx).posts)
    return words.not_known(found.unknown, posts)


# -- answers -----------------------------------------------------------------------------------------------------------


def _told(ctx: Context, found: Asked) -> str:
    at = written_at(ctx)
    if found.group is not None:
        return group_told(ctx, *found.group, found)
    place = found.unit or _own_place(ctx)
    figures = daily_read.read(ctx.uow.session, place, found.period.first, found.period.last)
    duty, counts, label = figures.duty, figures.whole, words.place_name(place)
    if found.post:
        duty, counts = _of_post(ctx, place, found)
        label = words.post_label(place, found.post)
    asked = {name: counts.get(name) for name in found.figures}
    if not asked and found.post and not found.duty:
        asked = {name: cell for name, cell in counts.items() if name.startswith("work|") and cell.reports}
        return words.asked(label, found.period, at, duty, asked)
    return words.asked(label, found.period, at, duty if found.duty else None, asked)


def _of_post(ctx: Context, place: str, found: Asked) -> tuple[DutyCell, dict[str, CountCell]]:
    """Duty and figures of every post of this name in a place and below it."""
    duty, counts = DutyCell(), dict[str, CountCell]()
    for own in _own_figures(ctx, place, found):
        duty.merge(own.posts.get(found.post, DutyCell()))
        for name, by_post in own.by_post.items():
            if cell := by_post.get(found.post):
                whole = counts.setdefault(name, CountCell())
                whole.merge(cell)
                whole.days = max(whole.days, cell.days)
    return duty, counts


def _own_figures(ctx: Context, place: str, found: Asked) -> Iterator[daily_read.Figures]:
    session = ctx.uow.session
    having = daily_read.posts_known(session, place, written_at(ctx).date()).get(found.post, {place})
    read = daily_read.read_all(session, sorted(having), found.period.first, found.period.last)
    yield from read.values()


def group_told(ctx: Context, axis: str, path: str, found: Asked) -> str:
    """The duty of a team's or an employer's people; work is told by posts and not by people."""
    rows = report_lists.group_duty(ctx.uow.session, axis, path, found.period.first, found.period.last)
    if found.post:
        rows = [row for row in rows if row.post == found.post]
    said = words.group(path, found.period, written_at(ctx), attended(rows), found.post)
    return f"{said}\n{words.GROUP_HAS_NO_WORK}" if found.figures else said


def attended(rows: list[Any]) -> DutyCell:
    """Duty of a list of rows (see `report_lists.group_duty`). Hours that were told twice count once."""
    cell = DutyCell()
    twice = told_twice(rows, [str(row.person_id) for row in rows])
    for row in rows:
        cell.participations += 1 + row.unnamed
        cell.hours += (row.hours or 0.0) - twice.get(row.id, 0.0)
        cell.open += row.state == "open"
        cell.people.add(row.person_id)
    return cell
