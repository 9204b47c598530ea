"""Signs of health in a text: well, unwell, symptoms, and what negates them."""

from dataclasses import dataclass, field

from handlers.language.expressions import expression
from handlers.language.scan import hide
from handlers.language.vocabulary import ABNORMAL, NORMAL, SYMPTOMS

_ONE = (
    "|".join(sorted(SYMPTOMS, key=len, reverse=True))
    + r"|(?:嗓子|喉咙|咽喉|头|肚子|身上|浑身|全身|肌肉|胸口)(?:还|有点儿?|有些|稍微|比较|很|特别|一直)*(?:疼|痛|干|"
    r"痒|哑|酸|晕|闷|发紧)|鼻子(?:有点|不通|堵)+"
)
_NEGATED = expression(
    rf"(?:无|没啥|没什么|没有?|未(?:见|出现|有|发现)?|否认|不|暂无|均无|都没有?)(?:再|任何|明显|其他|其它|出现|"
    rf"有)*(?:{_ONE})(?:(?:[、/和及或与]|等)*(?:{_ONE}))*(?:等)?(?:等?(?:相关|其他|不适|异常|可疑)?(?:症状|情况|"
    rf"现象|表现|不适|反应)|等)?"
)
_HEAD = expression(
    f"[无没未否不暂均都嗓喉咽头肚身浑全肌胸鼻{''.join(sorted({word[0] for word in (*SYMPTOMS, *NORMAL, *ABNORMAL)}))}]"
)
"""Every sign begins with one of these."""
_NORMAL = expression("|".join(sorted(NORMAL, key=len, reverse=True)))
_ABNORMAL = expression("|".join(sorted(ABNORMAL, key=len, reverse=True)))
_SYMPTOM = expression(rf"(?:{_ONE})(?!(?:也|都|已经?|基本)*(?:好了|消失|没了|缓解|痊愈|退了))")
_NO = expression(r"^(?:否|无|没有|没|均无|都没有|无任何)$")
_YES = expression(r"^(?:是|有)$")
FEVER = 37.3
"""℃; from here on a temperature alone is abnormal (domain.md B3)."""


@dataclass(slots=True)
class Sign:
    """One word about health and where it stands."""

    start: int
    end: int
    well: bool
    symptom: str | None = None


@dataclass(slots=True)
class Health:
    """What several signs say together."""

    normal: bool | None = None
    symptoms: list[str] = field(default_factory=list)


def find_signs(text: str) -> list[Sign]:
    """All signs in text order; negated symptoms count as well, not as symptoms."""
    taken: list[Sign] = []
    if _HEAD.search(text) is None:
        return taken
    masked = text
    for pattern, well in (
        (_NEGATED, True),
        (_SYMPTOM, False),
        (_WELL_NOT, True),
        (_UNWELL, False),
        (_NORMAL, True),
        (_ABNORMAL, False),
    ):
        for match in pattern.finditer(masked):
            symptom = match.group() if pattern is _SYMPTOM else None
            taken.append(Sign(match.start(), match.end(), well, symptom))
        if taken:
            masked = hide(masked, taken)
    taken.sort(key=lambda sign: sign.start)
    return taken


_WELL_NOT = expression(
    r"(?:没啥|没什么|没有什么|没有任何|没任何|没哪儿?|没有哪里|无|没有?|未见|未发现|未|均无|暂无)(?:任何|明显|"
    r"其他|其它|身体|出现)*(?:异常|不适|不良反应|症状|不舒服|异样)"
)
_UNWELL = expression(r"(?:不正常|不太好|不舒服|有不适|不好|不太舒服)")


def judge(signs: list[Sign], temperatures: list[float]) -> Health:
    """Abnormal by a symptom, by a word or by fever; normal where that is said; else unknown."""
    health = Health()
    for sign in signs:
        if sign.symptom and sign.symptom not in health.symptoms:
            health.symptoms.append(sign.symptom)
    if any(not sign.well for sign in signs) or any(value >= FEVER for value in temperatures):
        health.normal = False
    elif signs:
        health.normal = True
    return health


def answer(value: str) -> bool | None:
    """A bare 是 or 否 to a question about symptoms: whether there are any. Bare digits answer nothing."""
    bare = value.strip(" 。,")
    if _NO.match(bare):
        return False
    return True if _YES.match(bare) else None
