"""The words that say what kind of record a text is, and what around them says that it is none."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from handlers.language.expressions import alternatives, by_first, expression
from handlers.language.light import light

CHECK_IN: Final = "check_in"
CHECK_OUT: Final = "check_out"

_IN_WORDS = (
    r"到岗|签到|上岗|接班(?<!交接班)|接岗|报到|补签|补卡|到的岗|上的岗|接的班|接了班|到了岗|上了岗|签个到|签下到|"
    r"就位|到位|上哨|顶班|开始值守|开始值班|开始执勤|上班|进岗|在岗打卡|到点位了|到卡口了|已到卡口|已到点位|"
    r"到了(?:(?<=[我们人都已经刚]到了)|(?<![^,。!\s]到了))(?=[,。!\s]|到了|$)|上(?<=[0-9点半]上)(?:的|了)?(?=[,;"
    r"。\s]|$)|上勤|换岗到位|进点|值上了|接上岗|顶岗|来接班|到的(?<=[点分半刻\d]到的)|打卡(?<=班打卡)|值守打卡|"
    r"值班打卡|上岗打卡|(?:到达|抵达|赶到|来到)(?=[^,。;\s]{2,16}(?:卡口|卡点|村口|路口|点位|门|岗|社区))"
)
_OUT_WORDS = (
    r"离岗|签退|下岗|收工|交班|撤岗|下班|下哨|交岗|离的岗|下的岗|交的班|收的工|下的班|下了岗|交了班|离了岗|退岗|"
    r"值守结束|值班结束|执勤结束|结束值守|结束值班|结束执勤|签个退|收队|撤哨|离开岗位|值守完毕|值班完毕|收岗|"
    r"值完了|下(?<=[0-9点半]下)(?:的|了)?(?=[,;。\s]|$)|守完了|干完了|忙完了|站完了|先撤了?|撤了(?=[,。!\s]|$)|"
    r"下勤|收摊|撤离|交接完了?|完工|撤下来|下来了|走了(?<=我走了)|结束工作|工作结束|任务结束|任务完成|已结束|"
    r"结束了|下夜班|下早班|下白班|下晚班|下中班"
)
_DUTY = expression(by_first([*alternatives(_IN_WORDS), *(f"{word}()" for word in alternatives(_OUT_WORDS))]))
"""A group is set where a word of going matched."""
_NOT_BEFORE = expression(
    r"(?:预计|计划|没有?|没法|未|还没|还未|忘了|忘记|忘|别|无法|不能|不得|不用|不再|才能|方可|准备|打算|即将|将要|将|"
    r"待会儿?|等会儿?|一会儿?|回头|要|想|能|可以|怎么|如何|是否|不|请|记得|及时|按时|务必|争取|应该|应|该|再|谁|"
    r"继续|等待|等|需|需要|必须|通知|提醒|拟|催|负责|几点|先)(?:再|先|及时|按时|去|来|他|她|人|安排|\s)?$"
)
_NOT_AFTER = expression(
    r"(?:率|记录本|本子|本[找不丢]|表|制度|格式|方式|流程|要求|码|处|群|小程序|系统|提醒|通知|须知|模板|截图|"
    r"信息表|的(?:来|到了|各位|大家|同志|志愿|伙伴|人|朋友|兄弟|姐妹|同学|老师|同事|家人|队员|时候|话|事|问题|"
    r"流程|地方|那|都|请|同仁|战友|小伙伴|党员|格式|是哪|要|可以)|"
    r"前(?!门|侧|头|街|面|院|[一-鿿]{1,6}(?:村|口|门|社区|卡口))|之前|以前|不了|不上|后(?:请|要|再|及时|记得|"
    r"务必|别|马上|立即|先|把|才|必须|就可以)|之后|以后|时(?:请|要|记得|务必|须|注意|带|必须|间[是怎几])|"
    r"没有?(?:啊|呀|$|[?\s])|了没|了吗|吗|是不是|不签|还是|怎么|能不能|的人|人员(?:必须|要|请|注意)|和签退|"
    r"、签退|或签退|都要|要[带提注]|可以|是直接|是[在要发]|从几点|几点|成功了?吗|问题|记录(?:怎|在|呢)|已满|失败|"
    r"不上去)"
)
_TOLD = expression(r"(?:让|要求|通知|必须|都要|得|应该|需要|说|安排|催)[^,;。:!\n]{0,8}$")
_TOMORROW = expression(r"(?:明[早天晚儿日]|后天|次日)[^,;。\s]{0,8}$")
_PAST_FORMS = frozenset({"补签", "补卡"})


@light
class Trigger:
    """A word of reporting and where it stands."""

    start: int
    end: int
    kind: str
    word: str


def find_duty(text: str, start: int = 0, end: int | None = None) -> Sequence[Trigger]:
    """The words of coming and going that report something; asked for, negated, planned or attributive ones are none."""
    stop = len(text) if end is None else end
    return _found_in_all(text) if start == 0 and stop == len(text) <= _LONGEST else _found(text, start, stop)


_LONGEST = 400
"""Longer ones are no single sentences, and only these are asked for twice."""


@lru_cache(maxsize=64)
def _found_in_all(text: str) -> tuple[Trigger, ...]:
    return tuple(_found(text, 0, len(text)))


def _found(text: str, start: int, stop: int) -> list[Trigger]:
    found: list[Trigger] = []
    for match in _DUTY.finditer(text, start, stop):
        word, (begin, end) = match.group(), match.span()
        if begin > start and _is_denied(text, word, start, begin):
            continue
        if _NOT_AFTER.match(text, end, stop):
            continue
        found.append(Trigger(begin, end, CHECK_OUT if match.lastindex else CHECK_IN, word))
    return found


def _is_denied(text: str, word: str, start: int, begin: int) -> bool:
    """Whether the words before it make it none of a report: not yet, to come, what somebody is told to do."""
    if word not in _PAST_FORMS and _NOT_BEFORE.search(text[max(start, begin - 6) : begin]):
        return True
    if word[0] in "上下" and _TOMORROW.search(text, max(start, begin - 10), begin):
        return True
    return _TOLD.search(text, max(start, begin - 10), begin) is not None
