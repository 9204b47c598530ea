# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""代: who signs for whom."""

import re
from dataclasses import dataclass

from handlers.language.expressions import expression
from handlers.language.people import NONE, POSSIBLE, SELF, clean_name, is_loose_name, is_name, split_people
from handlers.language.scan import Region

_VERB = "签到|签退|打卡|报到|到岗|离岗|上岗|下岗|收工|交班|接班|补签|签个到|签|报名|请假|报|发|填|录|值守|值班|值"
_FOR = expression(
    rf"(?P<by>[一-鿿·]{{2,8}})?(?:[帮来给]|负责)?代(?!表|办|购|理|码|号|课|价|步|收|领|[一-鿿]?替)(?:替)?[ "
    rf"]?(?P<whom>[一-鿿·]{{2,4}}?(?:(?:[、,]|和|跟)[一-鿿·]{{2,4}}?){{0,5}})(?P<verb>{_VERB}|(?=[\s,;)])|$)"
)
_BY = expression(rf"(?:由)?(?P<by>[一-鿿·]{{1,12}})?代(?:为)?(?:{_VERB})(?:的|到|了|一下)?")
_SIGNER = expression(
    r"代(?:签|报|填|办|发)(?:人(?:是|为|[: ])*|:)(?P<by>[一-鿿·]{2,4})(?=[,;。\s]|$)|(?<![一-鿿])(?P<by2>[一-鿿·]{2,"
    r"4})代(?=[,;。\s]|$)"
)
_BRACKET = expression(r"\((?P<whole>[^()]*代[^()]*)\)")


@dataclass(slots=True)
class Proxy:
    """Who reported, and for whom where that is said in the same breath."""

    by: str | None = None
    whom: tuple[str, ...] = ()


def read_proxy(region: Region) -> Proxy | None:
    """What the text says with 代; claims it. A name that cannot be read leaves the words alone."""
    if "代" not in region.rest:
        return None
    sender, known = region.scan.message.sender, region.scan.known
    for bracket in _BRACKET.finditer(region.rest):
        proxy = _in_bracket(bracket["whole"], sender, known)
        if proxy:
            before = _name_before(region, bracket.start(), known) if proxy.whom and not proxy.by else None
            start = bracket.start() - (len(before) if before else 0)
            region.claim(start + region.start, bracket.end() + region.start)
            return Proxy(before or proxy.by or sender, proxy.whom)
    for signer in _SIGNER.finditer(region.rest):
        if by := _by_name(signer["by"] or signer["by2"], sender, known):
            region.claim(region.start + signer.start(), region.start + signer.end())
            return Proxy(by)
    return _outside(region, sender, known)


def _in_bracket(words: str, sender: str, known: frozenset[str]) -> Proxy | None:
    if (found := _BY.fullmatch(words.strip())) and (found["by"] is None or _by_name(found["by"], sender, known)):
        return Proxy(_by_name(found["by"], sender, known) if found["by"] else sender)
    if found := _FOR.search(words):
        whom = split_people(found["whom"], sender, known)
        if whom:
            return Proxy(_by_name(found["by"], sender, known) if found["by"] else None, tuple(whom))
    return None


def _name_before(region: Region, end: int, known: frozenset[str]) -> str | None:
    """The name that stands right before the bracket: 欧阳小明(代王五)."""
    word = re.search(r"[一-鿿·]+$", region.rest[:end])
    return word.group() if word and (is_name(word.group(), known) or is_loose_name(word.group())) else None


def _by_name(text: str, sender: str, known: frozenset[str]) -> str | None:
    name = clean_name(text)
    if name in SELF:
        return sender
    return name if is_name(name, known) > NONE else None


def _outside(region: Region, sender: str, known: frozenset[str]) -> Proxy | None:
    for found in _FOR.finditer(region.rest):
        whom = _names(found["whom"], sender, known)
        by = _by_tail(found["by"] or "", sender, known)
        if whom:
            start = found.start("by") + (len(found["by"]) - by[1]) if found["by"] else found.start()
            verb_length = 0 if found["verb"] in _KEPT_VERBS else len(found["verb"])
            region.claim(start + region.start, found.end() - (len(found["verb"]) - verb_length) + region.start)
            return Proxy(by[0] or sender, tuple(whom))
    if signed := _BY.search(region.rest):
        by = _by_tail(signed["by"] or "", sender, known)
        start = signed.start("by") + len(signed["by"]) - by[1] if signed["by"] else signed.start()
        region.claim(start + region.start, signed.end() + region.start)
        return Proxy(by[0] or sender)
    return None


_KEPT_VERBS = frozenset({"报名", "请假"})


def _names(text: str, sender: str, known: frozenset[str]) -> list[str]:
    names = split_people(text, sender, known, loose=False)
    return [name for name in names if is_name(name, known) >= POSSIBLE]


def _by_tail(text: str, sender: str, known: frozenset[str]) -> tuple[str | None, int]:
    """The name or 我 that `text` ends with, and how many characters it has."""
    text = text.removesuffix("来").removesuffix("帮")
    if text in SELF or text.endswith("我"):
        return sender, 2 if text.endswith("本人") else 1
    for size in (4, 3, 2):
        if (
            len(text) >= size
            and is_name(text[-size:], known) > NONE
            and (size < 4 or is_name(text[-3:], known) < is_name(text[-size:], known))
        ):
            return text[-size:], size
    return None, 0
