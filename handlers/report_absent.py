"""今天谁没来: shifts of a day against what was reported. A group hears how many, those in charge hear alone who. What
is asked of the present moment is answered by the lists of duty: who is at a post, where nobody is.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.context import Context
from handlers import call_lists, duty_lists, plans, rights, shifts
from handlers import texts_absent as words
from handlers.cases.people import home
from handlers.duty_rules import rules
from handlers.language.expressions import expression
from handlers.ledger import in_group, written_at
from handlers.report_periods import period_in
from storage import callups, daily_read
from storage.records import Scope

_ABSENT = expression(
    r"(?:谁|哪些人|哪几个|哪位|还有谁|几个人|多少人).{0,6}(?:没(?:有)?(?:来|到(?!哪)|签到|上岗|到岗|报到)|缺勤|未到|缺席)"
    r"|(?:没(?:有)?(?:来|到|到岗|上岗)|未到|缺勤|缺席)的?(?:人)?(?:有|是)?(?:谁|哪些|几个|多少|名单)"
    r"|^(?:今天|昨天|今晚|昨晚)?(?:没来|没到|未到|缺勤|缺席)的?(?:人|名单)?$"
)
_EMPTY = expression(
    r"哪.{0,4}(?:没人|没有人|空岗|缺人|空着)|没人的(?:点位|卡口|岗)|^(?:今天|今晚|现在|下一班)?(?:还)?缺(?:不缺)?(?:几个|多少)?人(?:吗|呢|不)?$"
)
_THERE = expression(r"(?:有|都是)谁$|谁在(?:岗|班|值班|值守)?$|谁在(?:那|这)|(?:有|还有)(?:人|谁)在(?:岗|吗)?$")
_OF_HEALTH = expression(r"打卡|健康|体温|返京|核实")
_NOTHING: dict[str, Any] = {}
ONE_MOMENT = timedelta(seconds=1)
DAY = timedelta(days=1)


def answer(ctx: Context, bare: str) -> str | None:
    """The answer to a question after people and posts; None where it is none. `bare`: without its mark."""
    if _OF_HEALTH.search(bare):
        return None
    if _ABSENT.search(bare):
        return _absent(ctx, period_in(bare, written_at(ctx).date())[0].last)
    if _EMPTY.search(bare):
        return duty_lists.gaps(ctx, _NOTHING)
    return _there(ctx, bare) if _THERE.search(bare) else None


def _there(ctx: Context, bare: str) -> str:
    """Who is on duty now; of a post that the question names, that one alone."""
    roster = duty_lists.roster(ctx, _NOTHING) or ""
    known = daily_read.posts_known(ctx.uow.session, ctx.unit or f"@{ctx.incoming.chat}", written_at(ctx).date())
    post = max((name for name in known if name in bare), key=len, default="")
    if not post:
        return roster
    lines = [line for line in roster.splitlines() if line.startswith("- ") and post in line.split("：")[0]]
    return "\n".join(lines).removeprefix("- ") if lines else words.NOBODY_AT.format(post=post)


def _absent(ctx: Context, day: date) -> str:
    """Every shift of a day that has begun, and calls of today, against who came."""
    ctx.uow.flush()
    at = written_at(ctx)
    until = at if day >= at.date() else datetime.combine(day + DAY, time(), at.tzinfo) - ONE_MOMENT
    whose = home(ctx)
    place, grace = plans.scope(whose.unit, whose.chat or ctx.incoming.chat), rules(ctx).late_after
    view = plans.view(ctx.uow.session, place, until)
    begun = [slot for slot in view.slots if slot.starts <= until]
    named = not in_group(ctx) and rights.rank(ctx, whose.unit) >= rights.Rank.LEAD
    lines = [words.turn_out(slot, shifts.standing(slot, view.known, until, grace), at, named=named) for slot in begun]
    lines += _calls(ctx, place, at, named=named) if day == at.date() else []
    came = daily_read.read(ctx.uow.session, place.unit or f"@{place.chat}", day, day).duty
    ask_alone = in_group(ctx) and any(words.SOME_MISSING in line for line in lines)
    return words.absent(lines, came, day, at, ask_alone=ask_alone)


def _calls(ctx: Context, place: Scope, at: datetime, *, named: bool) -> Sequence[str]:
    """Calls of this group whose people should be there by now."""
    found = [call for call in callups.going_on(ctx.uow.session) if call.chat == place.chat or _inside(call, place)]
    begun = [call for call in found if call.starts_at is not None and call.starts_at <= at]
    lists = [call_lists.current(ctx, call) for call in begun]
    return [
        words.call_turn_out(
            one.call.ref,
            one.call.place,
            (one.arrived, one.placed),
            [row.person for row, _ in one.going if not row.arrived] if named else (),
        )
        for one in lists
    ]


def _inside(call: Any, place: Scope) -> bool:
    return place.unit is not None and (call.unit == place.unit or call.unit.startswith(f"{place.unit}/"))
