"""Names of companies: which are the same in another writing, which are so near that somebody should say. Pure."""

from difflib import SequenceMatcher
from functools import lru_cache

from handlers.language.expressions import expression
from handlers.language.sounds import reading

_MARKS = expression(r"[\s()（）【】\[\]《》<>“”\"'·,，.。、:：;；-]+")
_FORM = expression(r"(?:股份有限公司|有限责任公司|有限公司|责任公司|集团公司|总公司|公司|集团|个体工商户|经营部)+$")
_PLACE = expression(r"^(?:中国|北京市|北京)?(?:[一-鿿]{2,3}(?:区|县|镇|乡|街道))*(?=..)")
_NUMBER = expression(r"\d+|[一二三四五六七八九十甲乙丙丁东西南北]+(?=分?(?:公司|店|厂|号|部|院|分店|区|校|门|$))")
LEAST = 2
"""Characters without which nothing is compared."""
ALIKE = 0.8
"""From here on two cores are held to be near: one character in five."""


def key(name: str) -> str:
    """What a name is compared by: without marks and blanks, in one case."""
    return _MARKS.sub("", name).upper()[:200]


@lru_cache(maxsize=8192)
def core(name: str) -> str:
    """What is left without the place at its beginning and the legal form at its end."""
    short = _short(name)
    return _PLACE.sub("", short) or short


@lru_cache(maxsize=8192)
def _short(name: str) -> str:
    plain = key(name)
    return _FORM.sub("", plain) or plain


def near(one: str, other: str) -> bool:
    """Whether two different names may well mean one company. Branches with numbers of their own do not."""
    if _numbers(one) != _numbers(other):
        return False
    first, second = sorted((core(one), core(other)), key=len)
    if len(first) < LEAST:
        return False
    inside = len(first) > LEAST and first in second
    return first == second or inside or _sound(first) == _sound(second) or _alike(_short(one), _short(other))


@lru_cache(maxsize=8192)
def _numbers(name: str) -> tuple[str, ...]:
    return tuple(_NUMBER.findall(key(name)))


@lru_cache(maxsize=8192)
def _sound(word: str) -> tuple[str, ...]:
    return tuple(reading(char) for char in word)


def _alike(one: str, other: str) -> bool:
    both = len(one) + len(other)
    if min(len(one), len(other)) <= LEAST + 1 or 2 * len(set(one) & set(other)) < ALIKE * both / 2:
        return False  # most pairs share so few characters that nothing needs to be matched
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
