"""The work that somebody is on: the words of 任务 and what they mean."""

from handlers.language.expressions import expression
from handlers.language.scan import Region
from handlers.language.vocabulary import DUTIES, STATED_DUTIES

_DUTY = expression("|".join(sorted((word for word, _ in DUTIES), key=len, reverse=True)))
_DUTY_OF = dict(DUTIES)
_DUTY_AROUND = expression(
    r"(?:热线|检测|登记|辅助|秩序|维护|维持|值守|扫码|测温|志愿者|组|工作|岗位|岗|采样|、|入户|安装|任务|点?引导|"
    r"服务|的)*"
)


def duty_in(text: str) -> str | None:
    """The code of the first work that `text` names."""
    match = _DUTY.search(text)
    return _DUTY_OF[match.group()] if match else None


def stated_duty(text: str) -> str | None:
    """The code behind a label that asks for the task: 值守 counts there."""
    return duty_in(text) or next((code for word, code in STATED_DUTIES.items() if word in text), None)


def take_duty(region: Region, before_figures: int | None = None) -> str | None:
    """Claim every word of work that is no place (采样点); the first one's code, where it stands before the
    first figure.
    """
    first: str | None = None
    for match in _DUTY.finditer(region.rest):
        start, code = match.start(), _DUTY_OF[match.group()]
        around = _DUTY_AROUND.match(region.rest, match.end())
        end = around.end() if around else match.end()
        before = region.rest[start - 1 : start]
        if code == "gate" and match.group()[0] in "卡门看" and "一" <= (before or " ") <= "鿿":
            continue  # 牛奶厂宿舍卡点 is a post, 值守 behind it is no task
        if region.rest[end : end + 1] in ("点", "站", "亭", "处", "棚", "枪", "仪", "计", "服", "液", "棉", "品", "车"):
            continue
        if before_figures is None or start + region.start < before_figures:
            first = first or code
        region.claim(start + region.start, end + region.start)
    return first
