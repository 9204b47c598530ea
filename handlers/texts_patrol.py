"""What people read about rounds and findings. Neutral: a round that is not in the books may have been made all the
same, and a finding says what, not whose fault.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from handlers import times

STATES = {"open": "待指派", "assigned": "待整改", "fixed": "待复查", "closed": "已复查", "undone": "已撤回"}
WAITS_FOR = {"open": "等指派", "assigned": "等整改", "fixed": "等复查"}
"""State → by whom it waits, for lists and reports."""
STEPS = {
    "find": "发现",
    "assign": "指派",
    "fix": "整改",
    "pass": "复查通过",
    "fail": "复查不通过",
    "reopen": "重开",
    "undo": "撤回",
    "take_back": "撤回上一步",
}
ASKED_FOR = {
    "assign": "指派 {ref} 张三",
    "fix": "{ref} 已整改 怎么改的",
    "pass": "{ref} 复查通过",
    "fail": "{ref} 复查不通过 原因",
    "reopen": "{ref} 重开 原因",
}
"""Step → how to ask for it."""
FIRST_TRY = {"open": ("assign", "fix"), "assigned": ("fix",), "fixed": ("pass", "fail"), "closed": ("reopen",)}
"""State → what an answer suggests."""

PLAN_HOW = "请这样说：巡查 每2小时 22:00-6:00 红石坎村卡口。停止请说：巡查 停 红石坎村卡口"
PLAN_LONG = "间隔请在10分钟到24小时之间。" + PLAN_HOW
PLAN_GONE = "这份巡查计划不算了。"
PLAN_AGAIN = "照旧提醒：{plans}。"
PLANNED_SINCE = "{posts}后来又定了巡查计划，不用再恢复；看计划请说：巡查计划"
PLAN_CLOCK = "没看懂时间“{said}”，一天是 00:00 到 24:00。" + PLAN_HOW
PLAN_NONE = "本群还没有巡查计划。负责人可以说：巡查 每2小时 22:00-6:00 红石坎村卡口"
PLAN_GROUP = "巡查计划按群来定，请在值守群里说。" + PLAN_HOW
NO_SUCH_PLAN = "没有 {post} 的巡查计划。现在有：{plans}"
STOP_WHICH = "本群有几处巡查：{plans}"
STOP_HOW = "。请写上点位，例如：巡查 停 {post}；都停请说：巡查 停 全部"
HERE = "本群"
"""Where a plan names no post."""
STOPPED = "好的，{posts}的巡查不再提醒。恢复时再说一次：巡查 每2小时 22:00-6:00 点位"
NEXT_DUE = "下一轮 {at}"
PLAN_BESIDE = "另有一份名字相近的计划也在提醒：{plans}。不要了请说：巡查 停 {post}"
ROUND_WHERE = "请在值守群里报，或者先在群里报一次到岗，我就知道是哪个群的巡查了。"
ROUND_AHEAD = "时间还没到，巡完再报一次就行；要定时巡查请负责人说：巡查 每2小时 22:00-6:00 点位"
REPEATED = "{post}第{number}轮已记过（{ref}），不重复记。有新情况请直接写出来。"
REMIND = "🔦 {post}{at} 这一轮巡查还没有记录，{people}方便时请走一圈，完成后回“巡查 {post}正常”。辛苦了。"
ON_DUTY = "在岗的{people}"
ANYBODY = "在岗的同志"
ALERT_ONE = "📌 {post}{at} 这一轮巡查到 {now} 还没有记录，{people}。也可能是巡了还没报，可以问一声。"
ALERT_MORE = "📌 下面几轮巡查到 {now} 还没有记录，也可能是巡了还没报，可以问一声：\n{lines}"
STANDING = "现在在岗：{people}"
NOBODY = "现在没有人报在岗"
NOT_REMINDED = "系统当时没在运行，没有提醒"
NOBODY_TOLD = "没有可单独通知的负责人"
PLAN_STOPPED = "计划已停"

UNKNOWN = "没找到 {ref}，发“/问题”看现在有哪些。"
NOT_A_FINDING = "{ref} 这一轮没有发现问题，不用整改。"
ASSIGN_WHOM = "请写上姓名，例如：指派 {ref} 张三"
ASSIGN_SELF = "{ref} 指派给别人要由负责人来做，请找：{who}。您自己来改，请说：指派 {ref} 我"
CHECK_WHO = "{ref} 的复查请发现的人或负责人来做：{who}。"
ANOTHER_CHECKS = "{ref} 是您整改的，复查请换一位，负责人或发现的人都可以。"
FAIL_WHY = "{ref} 哪里还不行？请写上原因，例如：{ref} 复查不通过 还缺1页"
REOPEN_WHY = "{ref} 为什么重开？请写上原因，例如：{ref} 重开 又坏了"
NO_FINDINGS = "现在没有待处理的问题。👍"
PICTURE = "📷 已附到 {ref} {text}（共{number}张）。"
CANNOT_UNDO = "{ref} 已经复查过了，不能撤回；确实有误请负责人说：{ref} 重开 原因"
ASSIGNED_TOLD = "🔧 {by}请您整改 {ref}：{where}{text}。改好了回：{ref} 已整改 怎么改的"
FIXED_TOLD = "🔧 {ref} {where}{text}：{by}说{fix}。看过了请回：{ref} 复查通过，或 {ref} 复查不通过 原因"
FAILED_TOLD = "{ref} {where}{text} 复查没通过：{why}。改好了再回：{ref} 已整改 怎么改的"
MOST_LISTED = 20
UNNAMED = "有问题，待补充"
DONE = "已整改"
NO_ROUNDS = "还没有到点的巡查"
FREE = "**巡查** 最近24小时 {rounds} 轮"
OPEN = "待处理的问题：{said}（发“/问题”看清单）"
OF_TURN = "本班已巡 {done}/{all} 轮。"


def every(minutes: int) -> str:
    """每2小时, 每90分钟."""
    return f"每{minutes // 60}小时" if minutes % 60 == 0 else f"每{minutes}分钟"


def clock(minutes: int) -> str:
    """06:00 for 1800 minutes; 24:00 for midnight at the end of a day."""
    return "24:00" if minutes == 1440 else f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"  # noqa: PLR2004


def place(post: str) -> str:
    """The post in front of a sentence."""
    return f"{post} " if post else ""


def plan(post: str, minutes: int, starts: int, ends: int) -> str:
    """红石坎村卡口 每2小时（22:00–次日06:00）."""
    next_day = "次日" if ends > 1440 else ""  # noqa: PLR2004
    return f"{place(post)}{every(minutes)}（{clock(starts)}–{next_day}{clock(ends)}）"


def planned(said: str, moments: Sequence[int], rules: tuple[int, int], following: str) -> str:
    """The answer to a new plan: when rounds are due, and what happens when none comes."""
    shown = "、".join(clock(minute % 1440) for minute in moments[:12]) + ("……" if len(moments) > 12 else "")  # noqa: PLR2004
    lines = [
        f"🗓 巡查已定：{said}，一天 {len(moments)} 轮：{shown}。{following}",
        f"到点{rules[0]}分钟没记录，群里提醒在岗的同志；{rules[1]}分钟没记录，单独告诉负责人。巡完回“巡查 正常”就行。",
    ]
    return "\n".join(lines)


def round_(ref: str, number: int, at: str, post: str, said: str) -> str:
    """📝 P1 巡查：第6轮，02:10，红石坎村卡口，正常."""
    return f"📝 {ref} 巡查：{'，'.join(part for part in (f'第{number}轮', at, post, said) if part)}。"


def problems(number: int) -> str:
    """What a round found, in short."""
    return f"发现问题 {number} 处" if number else "正常"


def found(ref: str, text: str, fix: str) -> str:
    """One new finding, and what comes next."""
    if fix:
        return f"⚠️ {ref} {text}（{fix}）：已整改，等复查。看过了回：{ref} 复查通过"
    return f"⚠️ {ref} {text}：待整改。回“指派 {ref} 姓名”安排人，改好了回“{ref} 已整改”"


def stepped(ref: str, text: str, action: str, said: str, state: str, name: str) -> str:
    """The answer to a step."""
    done = {
        "assign": f"🔧 {ref} {text}：请{name}整改，改好了回：{ref} 已整改 怎么改的",
        "fix": f"🔧 {ref} {text}：已整改{f'（{said}）' if said else ''}，等复查。看过了回：{ref} 复查通过",
        "pass": f"✅ {ref} {text}：复查通过，已销号。辛苦了！",
        "fail": f"↩️ {ref} {text}：复查没通过（{said}），{STATES[state]}{f'：{name}' if name else ''}。",
        "reopen": f"↩️ {ref} {text}：已重开（{said}），{STATES[state]}{f'：{name}' if name else ''}。",
    }
    return done[action]


def finding_stands(text: str, state: str, name: str) -> str:
    """Where a finding is once a step with it is taken back."""
    return f"{text}：{STATES[state]}{f'（{name}）' if name and state == 'assigned' else ''}。"


def illegal(ref: str, state: str, actions: Sequence[str]) -> str:
    """Why a step is not possible, and what is."""
    ways = "；".join(ASKED_FOR[action].format(ref=ref) for action in actions)
    return f"{ref} 现在是“{STATES[state]}”。" + (f"可以说：{ways}" if ways else "要登记新的问题，请再报一次巡查。")


def suggested(ref: str, text: str, state: str) -> str:
    """The answer to words about a finding that nobody understood."""
    ways = "；".join(ASKED_FOR[action].format(ref=ref) for action in FIRST_TRY.get(state, ()))
    return f"{ref} {text}（{STATES[state]}）。" + (f"可以说：{ways}" if ways else "")


def photos(number: int) -> str:
    """How many pictures a finding has."""
    return f"📷{number}" if number else ""


def returned(number: int) -> str:
    """How often a finding came back."""
    return f"退回{number}次" if number else ""


def age(day: date, today: date) -> str:
    """今天, 3天."""
    days = (today - day).days
    return "今天" if days <= 0 else f"{days}天"


def listed(ref: str, text: str, details: Sequence[str]) -> str:
    """One open finding in a list."""
    return f"- {ref} {text}（{'，'.join(part for part in details if part)}）"


def findings(groups: Mapping[str, Sequence[str]], closed: int) -> str:
    """The list of what is open, by whom it waits."""
    lines = []
    for state, rows in groups.items():
        if rows:
            lines += [f"**{STATES[state]}** {len(rows)} 处", *rows[:MOST_LISTED]]
            if len(rows) > MOST_LISTED:
                lines.append(f"- ……还有 {len(rows) - MOST_LISTED} 处")
    done = [f"今天复查通过 {closed} 处。"] if closed else []
    return "\n".join([*(lines or [NO_FINDINGS]), *done])


def none_of(state: str, others: Mapping[str, int]) -> str:
    """Nothing waits in the state that was asked for, but something does in others."""
    said = "，".join(f"{word} {others[name]} 处" for name, word in STATES.items() if others.get(name))
    return f"没有{STATES[state]}的问题；还有 {said}，发“/问题”看全部。"


def history(action: str, at: datetime, today: date, name: str, detail: Mapping[str, str]) -> str:
    """One step of a finding."""
    who = f" → {detail['assignee']}" if detail.get("assignee") else ""
    said = f"：{detail['said']}" if detail.get("said") else ""
    return f"- {times.clock(at, today)} {STEPS.get(action, action)} {name}{who}{said}"


def made(at: str, name: str, number: int) -> str:
    """Who made a round, when."""
    return f"{at} {name}（第{number}轮）"


def slot(at: str, state: str, done: str, note: str) -> str:
    """One due round on the board."""
    shown = {"done": f"✅ {done}", "due": "等巡查", "missed": "没有记录"}[state]
    return f"- {at}：{shown}{f'（{note}）' if note and state == 'missed' else ''}"


def score(done: int, due: int, missed: int) -> str:
    """How a turn stands."""
    gap = f"，{missed} 轮没有记录" if missed else ""
    return f"应巡 {due} 轮，已巡 {done} 轮{gap}"
