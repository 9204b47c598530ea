# ruff: noqa: SIM905 - a list of words reads better as text
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""What a stretch of words tells by its own characters: filler words around it or nothing else, or a post."""

import re

from handlers.language.expressions import by_first, expression
from handlers.language.vocabulary import DUTIES, FILLERS, NOISE, PLACE_END_CHARS, PLACE_ENDS

_NOISE_WORDS = by_first(map(re.escape, sorted({*NOISE, *FILLERS}, key=len, reverse=True)))
ONLY_NOISE = expression(rf"(?:{_NOISE_WORDS}|[-~·.+&%^$@_`\\])+")
_LONG_NOISE = by_first(
    map(
        re.escape,
        sorted(
            (n for n in NOISE if len(n) > 1 and n not in ("卡口", "点位", "岗位", "值守", "登记")),
            key=len,
            reverse=True,
        ),
    )
)
_LEAD_CHARACTERS = "俺咱我在于到去是了由请就和跟与的我,替帮给为从啊呀啦"
LEAD = expression(
    rf"^(?:(?:{_LONG_NOISE}|[{_LEAD_CHARACTERS}]|一块儿?的?|一起的?|同组的?|同班的?|"
    r"一班的?|加上|带着?|连|还有|值[守班](?=[东南西北]))+)"
)
LEAD_STARTS = frozenset(_LEAD_CHARACTERS + "一同加带连还值").union(word[0] for word in NOISE)
"""With any other character at its beginning, a stretch has no lead."""
_TRAIL_CHARACTERS = "了啦哈呀吧啊哦呢的在和跟与我都共等已上来着也"
_TRAIL = expression(rf"(?:也?到了|也在|{_LONG_NOISE}|[{_TRAIL_CHARACTERS}])+$")
_TRAIL_ENDS = frozenset(_TRAIL_CHARACTERS).union(word[-1] for word in NOISE)
"""With any other character at its end, a stretch has no trail."""
_NUMBERED = expression(
    r"\d+(?:号|栋|单元|区|队|组|排|院)|[一二三四五六七八九十]+(?:号楼|区|里|号院)|[A-Za-z]\d*(?:口|区|座|门)"
)
_FUNCTION_WORDS = expression(
    r"已经|正在|因为|所以|但是|可以|应该|感谢|谢谢|辛苦|注意|天气|下雨|下雪|好冷|大风|正常|平安|顺利|一切|马上|"
    r"路上|堵车|迟到|早退|收到|有事|休息|吃饭|回家|加油|都在|做梦|运到|拉到|放到|敲|换成|换了|接替|顶替|情况|"
    r"工作|任务|帮忙|孩子|发烧|报数|"
    r"照片|图片|上图|如图|附图|见图"
)
_COUNTED = expression(r"[一二两三四五六七八九十几\d]+[个名位户人]")
_PARTICLES = expression(r"[了吗呢吧啊呀很太把被让给更最没不无未这那哪谁您你他她它们]")
_NO_PLACE = frozenset(
    (
        "上门 登门 进村 入村 出村 进门 出门 进区 出区 进站 出站 楼门 部门 专门 热门 全镇 全区 全村 全乡 全街道 各村 "
        "各社区 各小区 各点位 各卡口 本村 本社区 本镇 该村 该社区 群里 社区群 出口 入口 进口 站岗 门岗 手里 家里 "
        "这里 那里 城里 心里 路里 夜里 村里 小区里 岗位 点位 卡口"
    ).split()
)
_DUTY_WORDS = frozenset(word for word, _ in DUTIES)
_MAX_POST = 24


def trail(text: str, start: int = 0) -> int:
    """Where the filler words at the end of `text[start:]` begin."""
    trail = _TRAIL.search(text, start) if text[-1:] in _TRAIL_ENDS else None
    return trail.start() if trail else len(text)


def looks_like_post(text: str) -> bool:
    """Whether the stretch is a place by the way it ends or is numbered."""
    if not 2 <= len(text) <= _MAX_POST or _FUNCTION_WORDS.search(text):
        return False
    if text in _NO_PLACE or text[0] in "已未被没" or (text[0] == "从" and "到" in text) or _COUNTED.match(text):
        return False
    return text.endswith(PLACE_ENDS) or (
        not _PARTICLES.search(text) and (text[-1] in PLACE_END_CHARS or bool(_NUMBERED.search(text)))
    )


def may_be_post(text: str) -> bool:
    """Whether an unknown stretch can stand for a post where one is expected."""
    return (
        text not in _NO_PLACE
        and 2 <= len(text) <= 16
        and bool(re.search(r"[一-鿿]{2}", text))
        and text not in _DUTY_WORDS
        and not _FUNCTION_WORDS.search(text)
        and not _PARTICLES.search(text)
        and not ONLY_NOISE.fullmatch(text)
    )
