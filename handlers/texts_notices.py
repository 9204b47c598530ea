"""What people read about notices."""

import re
from collections.abc import Sequence
from datetime import date, datetime

from handlers import times

HOW = (
    "请这样说：通知 金海湖镇 今晚10点前各卡口上报人数。"
    "也可以写“通知 本群 ……”“通知 红石坎村、将军关村 ……”“通知 所有群 ……”，定时写“通知 明早8点 金海湖镇 ……”。"
)
NO_GROUP = "通知发给谁？" + HOW
UNKNOWN_GROUP = "没找到“{names}”的群。{can}"
SEVERAL = "叫“{name}”的不止一个：{paths}。请写全，例如：通知 {example} 内容"
CAN = "您能发到：{names}。"
CAN_NONE = "现在还没有能发通知的群：请在群里先说“绑定 单位”，并请系统管理员给群配置推送。"
NOT_YOURS = "您不能发到：{names}。{can}"
NOT_HERE = "“本群”要在群里说；单聊请写单位，例如：通知 红石坎村 内容"
UNREACHABLE = "这些群没有配置推送，发不到：{names}。请系统管理员给群配置推送（report_to）。"
SOME_UNREACHABLE = "（发不到：{names}，没有配置推送）"
NO_BODY = "通知的内容是什么？" + HOW
NO_FILE = "没有等着发的文件。请先把文件或图片单独发给小站，{minutes} 分钟内再说：通知附件 金海湖镇 说明文字"
TOO_LONG = "通知太长了（{length} 字，最多 {most} 字），请分几条发，或用“通知附件”发文件。"
IDENTITY = "内容里有身份证号，不能发到群里。请去掉后再发。"
PERSONAL_FILE = "这份表里有姓名和电话，像是人员名单，不能发到群里。请去掉个人信息后再发。"
BAD_TIME = "没看懂时间“{said}”。请这样写：通知 明早8点 金海湖镇 内容，或：通知 今晚20:00 金海湖镇 内容"
PAST = "{at} 已经过了。要马上发就不写时间；定时请写以后的时间。"
TOO_FAR = "定时最多提前 {days} 天，请换个时间。"
UNKNOWN = "没找到 {ref}。发“/通知”看最近的通知。"
NOTHING_TO_SEND = "没有等着发的通知。" + HOW
WHICH = "有几条等着发：{refs}。请写编号，例如：确认发送 {ref}"
WHICH_READ = "有几条通知等本群确认：\n{lines}\n请写编号，例如：收到 {ref}"
WHICH_CANCEL = "请写编号，例如：取消通知 T3。发“/通知”看最近的通知。"
EXPIRED = "{ref} 的预览已过 {minutes} 分钟，没有发。请把通知再写一遍。"
ALREADY_SENT = "{ref} 已经发出去了，收不回来；内容有误请再发一条更正的通知。"
ALREADY = {
    "sent": "{ref} 已经发出了。看谁确认了：/通知 {ref}",
    "planned": "{ref} 已定在 {at} 发。不发了请说：取消通知 {ref}",
    "cancelled": "{ref} 已经取消了。要发请再写一遍。",
}
NOT_YOUR_NOTICE = "{ref} 是{by}写的，请由{by}或上级协调员来定。"
CANCELLED = "好的，{ref} 不发了。"
GOES_AGAIN = "{ref} 照原定 {at} 发。"
WAITS_AGAIN = "{ref} 又等您的“发”：确认发送 {ref}"
NOT_AGAIN = "{ref} 的取消不能撤回：{why}要发请把通知再写一遍。"
FILE_GONE = "附件已经不在了，"
TIME_GONE = "原定的时间已经过了，"
STILL_WAITS = "{ref} 还等{groups}确认。"
NOT_FOR_YOU = "{ref} 没有发给{where}，不用确认。"
HERE = "本群"
YOUR_GROUPS = "您负责的群"
NOT_SENT_YET = "{ref} 还没发。要发请说：确认发送 {ref}；不发了：取消通知 {ref}"
OWN = "{ref} 是您自己发的，等别人来确认。"
READ = "✅ {ref} 已确认（{groups}，{name} {at}）。谢谢！"
READ_NOT_COUNTED = "👀 {ref} 记下您已读。本群还请{people}看过后回：收到 {ref}"
READ_BEFORE = "{ref} 已确认过了（{name} {at}）。"
READ_AGAIN = "{ref} 您已读过，记着呢。本群还等{people}确认。"
REMIND_GROUP = "🔔 {ref} 还没有人确认：{body}\n看过请回：@小站 收到 {ref}"
REMIND_PERSON = "🔔 {ref}（{by}，{at}）还等{groups}确认：{body}\n看过请回：收到 {ref}"
SENT_AT_TIME = "📢 {ref} 已按时发到 {number} 个群：{body}\n看谁确认了：/通知 {ref}"
MISSED = (
    "⚠️ {ref} 原定 {at} 发，当时系统没在运行，过了 {hours} 小时没有再发。"
    "现在发请说：确认发送 {ref}；不发了：取消通知 {ref}"
)
FILE_HELD = (
    "📎 收到{what}（{size}）。要发到群里，{minutes} 分钟内说：通知附件 金海湖镇 说明文字。只有您发给谁，谁才看得到。"
)
FILE_TOO_BIG = "📎 {what}有 {size}，太大了，通知里最多 {most}。请压缩后再发。"
NO_NOTICES = "最近没有通知。" + HOW
NO_POLICIES = (
    "还没有发过政策。协调员可以说：政策 市级 所有群 内容；带文件先单独发给小站，再说：政策附件 市级 所有群 说明"
)
NO_UNIT = "没有绑定单位的群"
PICTURE = "图片"
FILE = "文件"
FORGOTTEN = "（内容已按保存期限删除）"
STATES = {"draft": "等“发”", "planned": "定时", "sent": "已发", "cancelled": "已取消", "missed": "没发"}
MOST_NAMED = 12
SHORT = 24


def names(some: Sequence[str]) -> str:
    """红石坎村、将军关村 等20个群."""
    shown = "、".join(some[:MOST_NAMED])
    return f"{shown} 等{len(some)}个群" if len(some) > MOST_NAMED else shown


def can(some: Sequence[str]) -> str:
    """Where somebody may write to."""
    return CAN.format(names=names(some)) if some else CAN_NONE


def short(body: str, file_name: str | None = None) -> str:
    """The beginning of a notice, in one line."""
    line = re.sub(r"\s+", " ", body).strip()
    cut = line if len(line) <= SHORT else line[: SHORT - 1] + "…"
    mark = "📎" if file_name else ""
    return f"{mark}{cut}" if cut or mark else FORGOTTEN


def size(number: int) -> str:
    """12KB, 1.5MB."""
    return f"{number / 1024 / 1024:.1f}MB" if number >= 1024 * 1024 else f"{max(1, round(number / 1024))}KB"


def title(ref: str, level: str) -> str:
    """通知 T1, or 市级政策 T1."""
    return f"{_level(level)}政策 {ref}" if level else f"通知 {ref}"


def _level(level: str) -> str:
    return level if level in {"国家", "街道"} else f"{level}级"


def posted(ref: str, level: str, who: tuple[str, str], body: str, *, file: bool) -> str:
    """What a group reads. `who`: name and unit of the sender."""
    name, unit = who
    lines = [f"📢 **{title(ref, level)}**（{' '.join(part for part in (unit, name) if part)}）"]
    lines += [_harmless(body)] if body else []
    lines += ["📎 附件在下面一条。"] if file else []
    return "\n".join([*lines, f"> 看过请回：@小站 收到 {ref}"])


def _harmless(body: str) -> str:
    """Words that notify nobody by themselves: `<@all>` would call everybody."""
    return body.replace("<@", "＜@")


def preview(ref: str, level: str, groups: Sequence[str], at: str, body: str, minutes: int) -> str:
    """What is shown before it goes to several groups. `body` holds a line about the file, if there is one."""
    when = f"，{at} 发" if at else ""
    lines = [
        f"📢 {title(ref, level)} 将发到 {len(groups)} 个群{when}：{names(groups)}",
        *(f"> {line}" for line in body.split("\n")),
        f"没问题请回：发（或：确认发送 {ref}），{minutes} 分钟内有效；不发了：取消通知 {ref}",
    ]
    return "\n".join(lines)


def sent(ref: str, level: str, groups: Sequence[str], remind: str) -> str:
    """The answer when it goes out."""
    where = f"{len(groups)} 个群：{names(groups)}" if len(groups) > 1 else names(groups)
    return f"📢 {title(ref, level)} 已发到 {where}。{remind}没确认的会提醒一次；看谁确认了：/通知 {ref}"


def planned(ref: str, level: str, groups: Sequence[str], at: str) -> str:
    """The answer when it goes out later."""
    where = f"{len(groups)} 个群：{names(groups)}" if len(groups) > 1 else names(groups)
    return f"⏰ {title(ref, level)} 定在 {at} 发到 {where}。不发了请说：取消通知 {ref}"


def wait(hours: float) -> str:
    """2小时后."""
    return f"{times.plain(hours)} 小时后"


def listed(ref: str, state: str, at: str, body: str, numbers: tuple[int, int]) -> str:
    """One notice in a list. `numbers`: groups that have confirmed, and all."""
    done = f"确认 {numbers[0]}/{numbers[1]}" if state == "sent" else STATES[state]
    return f"- {ref} {at} {body}（{done}）"


def policy(ref: str, level: str, on: date, body: str) -> str:
    """One policy in a list."""
    return f"- {ref} {_level(level)} {on.month}月{on.day}日 {body}"


def group_line(name: str, confirmed: str, readers: int, people: Sequence[str]) -> str:
    """How one group stands."""
    more = f"，另有 {readers} 人已读" if readers else ""
    if confirmed:
        return f"- {name}：✅ {confirmed}{more}"
    who = f"（等{'、'.join(people[:3])}）" if people else ""
    return f"- {name}：未确认{who}{more}"


def shown(head: str, body: str, file_name: str | None, lines: Sequence[str]) -> str:
    """The answer to /通知 T1."""
    text = [*(f"> {line}" for line in (body or FORGOTTEN).split("\n"))]
    attached = [f"> 📎 {file_name}"] if file_name else []
    return "\n".join([head, *text, *attached, *lines])


def head(ref: str, level: str, by: str, state: str, numbers: tuple[int, int]) -> str:
    """The first line of it."""
    done = f"，{numbers[0]}/{numbers[1]} 个群已确认" if state == "sent" else f"，{STATES[state]}"
    return f"📢 **{title(ref, level)}**（{by}）{done}"


def all_read(ref: str, number: int, body: str) -> str:
    """What the sender hears when the last group has confirmed."""
    return f"✅ {ref} {f'{number} 个群都' if number > 1 else '已'}确认了：{body}"


def digest(number: int, waiting: int) -> str:
    """The line of a report."""
    return f"通知 {number} 条，" + (f"未确认 {waiting} 个群" if waiting else "各群都已确认")


def moment(at: datetime, today: date) -> str:
    """今天20:00 is 20:00."""
    return times.clock(at, today)
