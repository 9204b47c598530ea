"""Slips of dictation and typing in the domain's own words, by sound: 签倒 → 签到, 测问 → 测温.

A slip is mended only where the reading is certain: one character of the word is right and tells it apart, the other one
sounds like the right one, and the pair is no ordinary word there. Length never changes, so spans stay. Names, places
and numbers are left alone.
"""

import re
from functools import lru_cache

from handlers.language.expressions import AnyOf, expression, first_characters
from handlers.language.sounds import readings

_HANZI = "[\u4e00-\u9fff]"

_BY_FIRST: dict[str, tuple[str, str]] = {
    "签": ("到退", "名字收发署证约订注章售"),
    "测": ("温", "试量评算核定验绘体了过的"),
    "抗": ("原", "疫体击病议旱战洪压日癌生住菌"),
    "消": ("杀", "毒息费防失除耗化灭炎遣极退沉亡夏音"),
    "扫": ("码", "地雪把街路描除黑墓马视"),
    "巡": ("查", "逻视检回护防诊察更街山夜游"),
    "咳": ("嗽", "痰血喘"),
}
"""Right first character → right second ones, and the ordinary followers that need no look-up."""

_BY_SECOND: dict[str, tuple[str, str]] = {
    "温": ("测体", "气升室高低额量降水常恒保超肛耳腋的"),
    "酸": ("核", "胃乳果盐硫醋腰心辛碳叶尿"),
    "杀": ("消", "自他谋被抹扑绝厮"),
}
"""The same with the second character right."""

_FIXED: tuple[tuple[str, str], ...] = (
    # Ports stand in ordinary sentences, so only where a report begins or goes on, and without ships and planes.
    (r"(?<![\u4e00-\u9fff])(?:离)[港缸钢杠](?![口区币澳商机])", "离岗"),
    (r"(?<![\u4e00-\u9fff])上[港缸杠](?![口区币澳])", "上岗"),
    (r"(?<![\u4e00-\u9fff])下[港缸杠](?![口区币澳])", "下岗"),
    (r"(?<![\u4e00-\u9fff])到[港缸钢杠](?![口区币澳])", "到岗"),
    (r"(?<![\u4e00-\u9fff])[里理立利](?:岗)(?![村镇乡路街位亭])", "离岗"),
    (r"(?:(?<![\u4e00-\u9fff])|(?<=[了我已刚就]))[道倒导稻](?:岗)(?![村镇乡路街位亭])", "到岗"),
    (r"[核合]算(?=秩序|检测|采样|志愿|辅助|结果|阴性|阳性|引导|现场|维持|点位|筛查|组)", "核酸"),
    (r"(?<![具集全身团整个物载主客群气液固一大])体[问文闻纹](?![题候询卷答诊件字化艺体章理])", "体温"),
    (r"卡[寇扣](?=值守|值班|到岗|签到|签退|离岗|[ ,:;。东南西北]|$)", "卡口"),
    (r"[直执职]守(?=卡口|到岗|签到|人员|点位)", "值守"),
    (r"值手", "值守"),
    (r"提[温文](?= ?[0-9三])", "体温"),
    (r"打[咔咖](?=[ ,:。]|$)", "打卡"),
    (r"请[架价](?=[ ,:。]|$)", "请假"),
    (r"交[斑搬般](?=[ ,:。]|$)", "交班"),
    (r"接[斑搬般](?=[ ,:。]|$)", "接班"),
    (r"巡茶(?= ?第|[ ,:])", "巡查"),
    (r"寻查(?= ?第|[ ,:]|正常|一切)", "巡查"),
    (r"(?<=返京|来京|信息)登[机计纪级]", "登记"),
    (r"反京(?=登记|报备|人员|时间)|返[经惊景](?=登记|报备|人员|时间)", "返京"),
    (r"(?<![\u4e00-\u9fff])核[时食识石](?= ?[\u4e00-\u9fffR])", "核实"),
    (r"(?<![\u4e00-\u9fff])报[明铭](?![确白])", "报名"),
    (r"(?<![\u4e00-\u9fff])收[公功](?![司里交寓安章费务效])", "收工"),
    (r"(?<=健康)打开", "打卡"),
    (r"(?<=居家|集中)隔[理里丽利力]", "隔离"),
    (r"劝[反犯](?=[0-9一二三四五六七八九十])", "劝返"),
    (r"(?<=[0-9余多])人[刺此词]", "人次"),
    (r"门[词慈辞](?=[0-9一二三四五六七八九十]|安装)", "门磁"),
)

_HINTS = AnyOf(
    "提[温文]|打[咔咖]|请[架价]|[交接][斑搬般]|巡茶|[港缸钢杠刺词慈辞寇扣]|报[明铭]|里岗|理岗|立岗|利岗|道岗|倒岗|导岗|稻岗|算[秩检采志辅结阴阳引现维点筛组]|体[问文闻纹]|[直执职]守|值手|寻查|登[机计纪级]"
    "|反京|返[经惊景]|核[时食识石]|收[公功]|打开|隔[理里丽利力]|劝[反犯]|人此|"
    + "|".join(f"{first}(?![{right}{ordinary}])(?={_HANZI})" for first, (right, ordinary) in _BY_FIRST.items())
    + "|"
    + "|".join(f"{second}(?<![{right}{ordinary}]{second})" for second, (right, ordinary) in _BY_SECOND.items())
)
"""Without one of these no slip can be in a text: most texts need no closer look."""
_HEADS = (*_BY_FIRST, *(first for pattern, _ in _FIXED for first in first_characters(pattern)))
_SUSPECT = expression(
    rf"(?=[{''.join(dict.fromkeys(_HEADS))}]|{_HANZI}[{''.join(_BY_SECOND)}])(?:"
    + "|".join(
        [
            rf"(?P<f{number}>{first}(?![{right}{ordinary}]){_HANZI})"
            for number, (first, (right, ordinary)) in enumerate(_BY_FIRST.items())
        ]
        + [
            rf"(?P<s{number}>(?![{right}{ordinary}{second}]){_HANZI}{second}(?![奶菜甜梅辣]))"
            for number, (second, (right, ordinary)) in enumerate(_BY_SECOND.items())
        ]
        + [rf"(?P<x{number}>{pattern})" for number, (pattern, _) in enumerate(_FIXED)]
    )
    + ")"
)
_FIRSTS, _SECONDS = tuple(_BY_FIRST), tuple(_BY_SECOND)
_TRAVEL = expression("航班|飞机|机场|轮船|货船|港口|码头|香港|起飞|航运")

_NEAR_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("l", "n"))
"""Sounds that dictation and southern speech confuse; both sides are taken to the right one."""


def mend(text: str) -> str:
    """`text` with the certain slips mended, of the same length."""
    if not _HINTS.search(text):
        return text
    ports = _TRAVEL.search(text) is not None
    return _SUSPECT.sub(lambda match: _mended(match, ports=ports), text)


def _mended(match: re.Match[str], *, ports: bool) -> str:
    written = match.group()
    branch = match.lastgroup or ""
    kind, number = branch[0], int(branch[1:])
    if kind == "x":
        meant = _FIXED[number][1]
        return written if ports and "岗" in meant else meant
    if kind == "f":
        first = _FIRSTS[number]
        return next((first + right for right in _BY_FIRST[first][0] if sounds_like(written[1], right)), written)
    second = _SECONDS[number]
    return next((right + second for right in _BY_SECOND[second][0] if sounds_like(written[0], right)), written)


@lru_cache(maxsize=4096)
def sounds_like(written: str, meant: str) -> bool:
    """Whether two characters share a reading, tones and commonly confused sounds aside."""
    return not _readings(written).isdisjoint(_readings(meant))


@lru_cache(maxsize=4096)
def _readings(char: str) -> frozenset[str]:
    return frozenset(_plain_sound(sound) for sound in readings(char))


def _plain_sound(sound: str) -> str:
    for heard, taken in _NEAR_SOUNDS:
        sound = sound.replace(heard, taken)
    return sound
