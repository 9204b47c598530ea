"""What people read about call-ups and 接龙."""

from collections.abc import Sequence
from datetime import date, datetime

from handlers import times
from handlers.texts import DUTIES

CALL_HOW = "请说清人数，例如：招募 孙河乡 12人 明天9点前到 核酸辅助 一周"
NO_CALL = "现在没有正在招募的任务，{ref} 已记下您的意愿，有任务时再招呼大家。"
NO_CALL_HERE = "这里没有正在进行的招募。发起请说：招募 孙河乡 12人 明天9点前到 核酸辅助 一周"
OVER_DEADLINE = "{call} 的报名已截止，{ref} 已记下您的意愿，需要时再联系您。"
CLOSED = "{call} 已经结束。"
NOT_ON_LIST = "{people} 不在 {call} 的名单里。"
WITHDRAWN = "好的，{people}已退出 {call}，谢谢告知。"
PROMOTED_LINE = "{people} 递补入选。"
PROMOTED = "🎉 {person}，{call} 有名额了，您已递补入选：{what}。不能来请回：退出报名"
PROMOTED_WITH = "🎉 {person}，{call} 有名额了，您带的人也递补入选：{what}。"
SET_BACK_WITH = "{person}，{call} 的名额有变动，您带的人现在是备选第{number}位（{what}），有空缺按顺序递补，谢谢理解。"
SET_BACK = "{person}，{call} 的名额有变动，您现在是备选第{number}位（{what}），有空缺按顺序递补，谢谢理解。"
CONFIRMED_PERSON = "📌 {person}，{call} 名单已确认：{what}。收到请准备好，到了回“到岗”。"
WITHDRAWN_TOLD = "📌 {call}：{people} 退出报名，现在 {score}。"
CANCELLED = "{call} 已取消，谢谢大家报名。"
SPLIT_HOW = "请这样说：分配 管控区 18人，社区卡口 32人；最后一处可以写：其余 社区卡口"
MOVE_HOW = "请这样说：驰援 3人 从 管控区 到 社区卡口；或：驰援 张三、李四 到 社区卡口"
NOT_ENOUGH = "{place}现在是 {heads} 人，调不出 {wanted} 人。"
MOVED = "🔁 {call} 调整：{what}。{split}"
QUOTA = "🔧 {call} 名额改为 {needed} 人，现在 {score}。"
QUOTA_HOW = "请这样说：Z3 名额 15人"
MUSTER_FULL = "🎉 {call} {count}/{count} 全部到位（{at}）{early}。"
LOST = "⚠️ 这次接龙里少了：{lines}。可能是被覆盖了，原来的记录都还在；确实退出请回：退出报名 姓名。"


def _listed(words: Sequence[str]) -> str:
    return "，".join(word for word in words if word)


def score(count: int, needed: int) -> str:
    """7/12, or 12/12，备选4人."""
    reserve = f"，备选{count - needed}人" if count > needed else ""
    return f"{min(count, needed)}/{needed}{reserve}"


def when(starts_at: datetime | None, starts_on: date | None, today: date) -> str:
    """明天09:00前到."""
    if starts_at is not None:
        return f"{times.clock(starts_at, today)}前到"
    return times.dated(starts_on.isoformat(), today) if starts_on else ""


def days(number: float | None) -> str:
    """连续7天."""
    return f"连续{times.plain(number)}天" if number and number != 1 else ""


def what(place: str, duty: str, at: str, length: str) -> str:
    """Place, work, time and length of a call in one phrase."""
    return _listed((place, DUTIES.get(duty, ""), at, length))


def called(ref: str, said: str, needed: int, deadline: str, wants: str) -> str:
    """The answer to a call: what is wanted and how to join."""
    until = f"，报名截止 {deadline}" if deadline else ""
    of_them = f"，其中{wants}" if wants else ""
    head = f"📢 {ref} 招募 {needed} 人：{said}{of_them}{until}。"
    return f"{head}\n想参加请回“报名”，带人写“姓名+n”，有车、有特长请一并写上。"


def signed(ref: str, people: str, number: int, placed: int, waiting: int, count: int, needed: int) -> str:
    """The answer to one sign-up."""
    if placed and not waiting:
        seat = f"第{number}位"
    elif placed:
        seat = f"第{number}位起，{placed}人入选、{waiting}人备选"
    else:
        seat = f"备选第{number - needed}位，有空缺按顺序递补"
    return f"✋ {ref} {people} 已报名，{seat}（{score(count, needed)}）。"


def offers(vehicle: bool, skills: Sequence[str]) -> str:  # noqa: FBT001  (a fact of the sign-up)
    """有车、会录系统 as they stand on the list."""
    return "、".join([*(["有车"] if vehicle else []), *skills])


def changed(ref: str, people: str, count: int, needed: int) -> str:
    """A sign-up that was repeated with something new."""
    return f"✏️ {ref} {people} 的报名已更新（{score(count, needed)}）。"


def already(people: str, number: int, count: int, needed: int) -> str:
    """A sign-up that was there."""
    return f"{people} 已经在名单里了，第{number}位（{score(count, needed)}）。"


def minutes(opened: datetime, filled: datetime) -> str:
    """52分钟, or 2小时5分钟."""
    total = max(0, int((filled - opened).total_seconds() // 60))
    hours, rest = divmod(total, 60)
    if not total:
        return "不到1分钟"
    return f"{hours}小时{rest}分钟" if hours else f"{rest}分钟"


def board(ref: str, said: str, counts: tuple[int, int], names: Sequence[str], reserve: Sequence[str], note: str) -> str:
    """The list of a call as it stands."""
    count, needed = counts
    lines = [f"📢 **{ref} 招募进度 {score(count, needed)}** {said}"]
    if names:
        lines.append(f"名单（{min(count, needed)}人）：{'、'.join(names)}")
    if reserve:
        lines.append(f"备选：{'、'.join(reserve)}")
    return "\n".join([*lines, note] if note else lines)


def filled(took: str) -> str:
    """The line below a list that is full."""
    return f"✅ 名额已满，用时{took}。再报名的按顺序进备选。"


def wanted(met: Sequence[tuple[str, int, int]]) -> str:
    """有车 1/2，会录系统 3/3: what those with a place offer of what the call asks for."""
    return "其中 " + "，".join(f"{name} {have}/{number}" for name, have, number in met) if met else ""


def missing(number: int, until: str, *, over: bool) -> str:
    """The line below a list that is not full. `until`: when it closes, if that was said."""
    if over:
        return f"报名已截止（{until}），还差 {number} 人。"
    if until:
        return f"还差 {number} 人，{until} 截止，想参加请回“报名”。"
    return f"还差 {number} 人，想参加请回“报名”。"


def confirmed(ref: str, said: str, names: Sequence[str], heads: tuple[int, int], offer: str) -> str:
    """The list as it goes."""
    going, reserve = heads
    lines = [f"✅ **{ref} 名单确认 {going} 人** {said}", "、".join(names)]
    if offer:
        lines.append(offer)
    if reserve:
        lines.append(f"另有备选 {reserve} 人，有空缺按顺序递补。")
    return "\n".join(lines)


def mustered(ref: str, counts: tuple[int, int], at: str, absent: Sequence[str], *, group: bool) -> str:
    """Who has arrived. A group hears how many are missing, a single chat who."""
    here, of = counts
    if not absent and here >= of:
        return f"🎉 {ref} 集结 {here}/{of}，全部到位（{at}）。"
    who = f"，还没到：{'、'.join(absent)}" if absent and not group else ""
    return f"📍 {ref} 集结 {here}/{of}（{at}）{who}，还差 {of - here} 人。"


def split(ref: str, parts: Sequence[tuple[str, int]], total: int, left: int) -> str:
    """A split with its check sum."""
    said = "，".join(f"{place} {heads}人" for place, heads in parts)
    adding = " + ".join(str(heads) for _, heads in parts)
    reached = total - left
    if left == 0:
        return f"🧭 {ref} 分配：{said}。{adding} = {total}，人数对上了 ✓"
    gap = f"还有 {left} 人没分到" if left > 0 else f"多分了 {-left} 人"
    return f"🧭 {ref} 分配：{said}。{adding} = {reached}，名单是 {total} 人，{gap}，请核对。"


def closing(ref: str, lines: Sequence[str]) -> str:
    """The report at the end of a call."""
    return "\n".join([f"🏁 **{ref} 招募小结**", *(f"- {line}" for line in lines if line)])


def chain(total: int, added: int, changes: int, lines: Sequence[str], lost: Sequence[str]) -> str:
    """One answer to a 接龙: what is new in it, and the alarm for lines that it lost."""
    parts = [f"新增 {added}" if added else "", f"更新 {changes}" if changes else ""]
    news = "，".join(part for part in parts if part) or "没有变化"
    answer = [f"📋 接龙共 {total} 条，{news}。", *lines[:6]]
    if len(lines) > 6:  # noqa: PLR2004  (so many lines a group bears)
        answer.append(f"……共 {len(lines)} 条，都已记下。")
    if lost:
        answer.append(LOST.format(lines="；".join(lost)))
    return "\n".join(answer)
