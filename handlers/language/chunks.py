# ruff: noqa: SIM905 - a list of words reads better as text
# ruff: noqa: PLR2004 - lengths of words and names, in characters
"""What an unclaimed stretch is: people, a post, both glued together, or only filler words."""

from dataclasses import dataclass, field
from functools import lru_cache

from handlers.language.expressions import alternatives, by_first, expression, without_start
from handlers.language.gazetteer import gazetteer
from handlers.language.needed import Signs
from handlers.language.people import (
    CERTAIN,
    CLEAR,
    NONE,
    POSSIBLE,
    SELF,
    clean_name,
    is_loose_name,
    is_name,
    name_at_end,
    name_at_start,
    split_people,
)
from handlers.language.posts import LEAD, LEAD_STARTS, ONLY_NOISE, looks_like_post, may_be_post, trail
from handlers.language.scan import Chunk, Region, Scan
from handlers.language.surnames import COMPOUND, FOREIGN_PARTS
from handlers.language.vocabulary import PLACE_END_CHARS, PLACE_ENDS, TITLES

__all__ = ["Rest", "looks_like_post", "may_be_post", "read_rest"]

_POST = expression(rf"^(.*(?:{'|'.join(sorted(PLACE_ENDS, key=len, reverse=True))}))(.*)$")
_AND = expression(r"还有|加上|外加|以及|连同|[和跟与及]")
_ONLY = expression(r"^(?:就|只有|只|是|由|有)")
_ABSENT = expression(
    r"([一-鿿·]{2,4}(?:\([^()]*\))?)(?:今天|今晚|今早|还|因故|有事|临时)*(?:没来|没到|未到|缺席|不来|来不了|没签|"
    r"还没到|请假|休息|缺勤|没上)"
)
_ABSENCE = expression(r"没[来到签上]|未到|缺[席勤]|不来|来不了|请假|休息")
"""What all of these end with: the quick look before the expression."""
_BELONGS = expression(r"(?:我是|我们是|我在|作为)[^\s,;。]{2,12}的(?=[,;。\s\x00])")
_I_AM_WORDS = (
    r"我是|我叫|本人叫?|这里是|(?:老伴儿?|同伴|搭档|同事|[他她])(?:叫|是)|[我俺](?:妈|爸|爱人|老伴儿?|媳妇|弟|"
    r"哥|姐|妹|儿子|闺女|叔)叫|室友叫|朋友叫|儿媳妇叫|俺叫|俺是"
)
_I_AM = expression(
    rf"(?:{by_first(alternatives(_I_AM_WORDS))})([一-鿿·]{{2,4}}?)"
    r"(?=我|[,;。\s\x00]|到岗|签到|在|和|现|$)"
)
_SAYINGS = Signs(_ABSENCE, _BELONGS, _I_AM)
_NOBODY = frozenset(
    "老伴 老伴儿 同事 搭档 队友 大家 一个 另一个 他 她 他们 同伴 一个同事 朋友 老公 老婆 家人 邻居".split()
)


@dataclass(slots=True)
class Rest:
    """The people and the place that the chunks of a region speak of."""

    people: list[str] = field(default_factory=list)
    posts: list[Chunk] = field(default_factory=list)
    unknown: list[Chunk] = field(default_factory=list)
    me: bool = False
    """我 or 本人 was written."""

    def add(self, name: str) -> None:
        if name not in self.people:
            self.people.append(name)

    def take(self, part: "Rest", offset: int, sender: str) -> None:
        """Add what a stretch that begins at `offset` holds."""
        for name in part.people:
            self.add(sender if name == _WHOEVER else name)
        self.me = self.me or part.me
        if part.posts:
            self.posts += [_moved(chunk, offset) for chunk in part.posts]
        if part.unknown:
            self.unknown += [_moved(chunk, offset) for chunk in part.unknown]


def _moved(chunk: Chunk, offset: int) -> Chunk:
    return Chunk(chunk.start + offset, chunk.end + offset, chunk.text)


def read_rest(region: Region, *, name_first: bool = False) -> Rest:
    """Sort the region's unclaimed chunks; with `name_first` the first one may be a name of any kind."""
    rest = Rest()
    scan = region.scan
    if not _SAYINGS.missing(scan.characters):
        _take_sayings(region, rest)
    chunks = _join_spelled(region)
    for index, chunk in enumerate(chunks):
        if chunk.bracketed and not _is_certain(chunk.text, scan.known):
            continue
        rest.take(_sorted(chunk.text, scan, loose=name_first and index == 0), chunk.start, scan.message.sender)
    if rest.unknown and rest.people:
        _adopt_kin(rest)
    return rest


def _take_sayings(region: Region, rest: Rest) -> None:
    """Who is away, what somebody belongs to, and who says who he is."""
    if _ABSENCE.search(region.rest) is not None:
        region.take_all(_ABSENT)
    if "的" in region.rest:
        region.take_all(_BELONGS)
    for match in _I_AM.finditer(region.rest):
        if is_name(match[1], region.scan.known):
            rest.add(match[1])
            region.claim(match.start() + region.start, match.end() + region.start)


def _adopt_kin(rest: Rest) -> None:
    """喜来福 beside 喜来顺: an unread short word that shares the family name of somebody named."""
    for chunk in list(rest.unknown):
        if (
            2 <= len(chunk.text) <= 3
            and any(chunk.text[0] == name[0] and len(name) == len(chunk.text) for name in rest.people)
            and is_loose_name(chunk.text)
        ):
            rest.add(chunk.text)
            rest.unknown.remove(chunk)


def _is_certain(text: str, known: frozenset[str]) -> bool:
    return is_name(clean_name(text), known) >= CLEAR


_NUMBER_MARK = expression(r"^(?:\d{1,2}[.]|[①-⑳]|[-·*•●]+)(?=[一-鿿])")

_MARK_STARTS = frozenset("-·*•●①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")


def _unnumbered(chunk: Chunk) -> Chunk:
    first = chunk.text[0]
    mark = _NUMBER_MARK.match(chunk.text) if first in _MARK_STARTS or first.isdecimal() else None
    return Chunk(chunk.start + mark.end(), chunk.end, chunk.text[mark.end() :], chunk.bracketed) if mark else chunk


def _join_spelled(region: Region) -> list[Chunk]:
    """`王 磊`: two single characters with one space between them are one name."""
    chunks = [_unnumbered(chunk) for chunk in region.chunks()]
    joined: list[Chunk] = []
    for chunk in chunks:
        last = joined[-1] if joined else None
        if last and len(last.text) + len(chunk.text) <= 3 and len(chunk.text) == 1 and chunk.start == last.end + 1:
            name = last.text + chunk.text
            if (
                region.rest[last.end - region.start] == " "
                and not ONLY_NOISE.fullmatch(chunk.text)
                and is_name(name) >= POSSIBLE
            ):
                joined[-1] = Chunk(last.start, chunk.end, name, chunk.bracketed)
                continue
        joined.append(chunk)
    return joined


def _sorted(text: str, scan: Scan, *, loose: bool) -> Rest:
    """What a stretch of words is, wherever it stands in the message; positions count from its beginning."""
    part = scan.sorted_chunks.get((text, loose))
    if part is None:
        known = scan.known_here
        if len(text) <= _SHORT and not (known and any(name in text for name in known)):
            return _sorted_alone(text, loose)
        part = scan.sorted_chunks[text, loose] = Rest()
        _sort(Chunk(0, len(text), text), part, scan.message.sender, scan.known, loose=loose)
    return part


_WHOEVER = "\x01"
"""Stands for the sender where a stretch is read without knowing him; no text contains it."""
_SHORT = 40


@lru_cache(maxsize=4096)
def _sorted_alone(text: str, loose: bool) -> Rest:  # noqa: FBT001 - a key of the cache
    """What a stretch is in which none of the known people is named: the same in every chat."""
    part = Rest()
    _sort(Chunk(0, len(text), text), part, _WHOEVER, frozenset(), loose=loose)
    return part


def _sort(chunk: Chunk, rest: Rest, sender: str, known: frozenset[str], *, loose: bool) -> None:
    text = chunk.text
    if text in SELF:
        rest.add(sender)
        rest.me = True
        return
    if is_name(text, known) >= CLEAR:
        rest.add(text)
        return
    if ONLY_NOISE.fullmatch(text):
        return
    if names := _all_people(text, sender, known, loose=loose):
        rest.me = rest.me or any(word in SELF for word in _AND.split(text))
        for name in names:
            rest.add(name)
        return
    if (reason := _REASON.match(text)) and is_name(reason[1], known) >= CLEAR:
        rest.add(reason[1])
        return
    _sort_bare(chunk, rest, known, sender)


def _all_people(text: str, sender: str, known: frozenset[str], *, loose: bool) -> list[str]:
    """The names if the whole stretch holds nothing else."""
    if not known and _is_place(text):
        return []
    trailless = text[: trail(text)]
    candidates = [text, without_start(_ONLY, text), trailless]
    if text[0] in LEAD_STARTS:
        candidates += [without_start(LEAD, text), without_start(LEAD, trailless)]
    for candidate in dict.fromkeys(candidates):
        parts = (
            [part for part in _AND.split(candidate) if part and part not in _NOBODY]
            if not is_name(clean_name(candidate), known)
            else [candidate]
        )
        if parts and all(_is_person(part, known, loose=loose) for part in parts):
            return split_people("、".join(parts), sender, known)
    whole = clean_name(text)
    return split_people(whole, sender, known, loose=False) if not whole.endswith(PLACE_ENDS) and len(whole) >= 4 else []


def _is_place(text: str) -> bool:
    """Whether the end of a stretch leaves no room for a name in it."""
    return (
        text.endswith(_SURE_ENDS)
        and text[-4:-2] not in COMPOUND
        and text[-3:-1] not in COMPOUND
        and _NAMES_ANYWAY.search(text) is None
        and trail(text) == len(text)
    )


_SURE_ENDS = tuple(end for end in PLACE_ENDS if not any(end.endswith(title) for title in TITLES))
_NAMES_ANYWAY = expression(rf"[·()\[\]【】<>]|{'|'.join(FOREIGN_PARTS)}")
"""What makes a name of a stretch, or a note in it, whatever it ends with."""


def _is_person(part: str, known: frozenset[str], *, loose: bool) -> bool:
    name = clean_name(part)
    if part in SELF:
        return True
    strength = is_name(name, known)
    if strength == CERTAIN or strength >= CLEAR:
        return True
    return (strength > NONE and (loose or name != part or name[-1] not in PLACE_END_CHARS)) or (
        loose and is_loose_name(name)
    )


def _sort_bare(chunk: Chunk, rest: Rest, known: frozenset[str], sender: str) -> None:
    """Sort a stretch that is not people alone: a place, perhaps with a name glued to it."""
    if _WITH_ME.match(chunk.text):
        rest.add(sender)
        rest.me = True
    lead = LEAD.match(chunk.text) if chunk.text[0] in LEAD_STARTS else None
    start = lead.end() if lead else 0
    bare = _take_names(chunk.text[start : trail(chunk.text, start)], rest, known, sender)
    if not bare or (bare != chunk.text and ONLY_NOISE.fullmatch(bare)):
        return
    at = chunk.start + max(0, chunk.text.find(bare, start))
    found = Chunk(at, at + len(bare), bare)
    post = looks_like_post(bare)
    if glued := _glued(bare, known, post=post):
        name, place_start, place_end = glued
        rest.add(name)
        rest.posts.append(Chunk(at + place_start, at + place_end, bare[place_start:place_end]))
    elif post:
        rest.posts.append(found)
    elif bare.startswith(_GATES) and (gate := next(gate for gate in _GATES if bare.startswith(gate))):
        rest.posts.append(Chunk(at, at + len(gate), gate))
    else:
        rest.unknown.append(found)


def _take_names(bare: str, rest: Rest, known: frozenset[str], sender: str) -> str:
    """Take the people off a stretch where their edge is sure; what is left."""
    place = None if bare.endswith(PLACE_ENDS) else _POST.match(bare)
    if place and place[2]:
        names = _all_people(place[2], sender, known, loose=False)
        for name in names:
            rest.add(name)
        if names or ONLY_NOISE.fullmatch(place[2]):
            bare = place[1]
    if ("在" in bare or "于" in bare or "到" in bare) and (at := _PEOPLE_AT.match(bare)):
        names = _all_people(at[1], sender, known, loose=False)
        if names and looks_like_post(at[2]):
            for name in names:
                rest.add(name)
            bare = at[2]
    if (person := _known_at_start(bare, known)) and len(bare) > len(person):
        rest.add(person)
        bare = bare[len(person) :].lstrip("在于到去")
    return bare


def _is_village(name: str) -> bool:
    """焦庄户 and 司马台村 read like names, but the gazetteer has them."""
    words = gazetteer()
    return bool(words.any(name) or words.any(name + "村"))


def _glued(bare: str, known: frozenset[str], *, post: bool) -> tuple[str, int, int] | None:
    """A clear name glued to a post on either side: the name and where the post stands."""
    if post and not bare.startswith(_GATES) and not bare.endswith(_GATES):
        return None
    first, last = name_at_start(bare, known), name_at_end(bare, known)
    if first and first.name not in known and _is_village(first.name):
        first = None
    if first and bare[first.end :] in _GATES:
        return first.name, first.end, len(bare)
    if last and bare[: last.start] in _GATES:
        return last.name, 0, last.start
    if post:
        return None
    if first and looks_like_post(bare[first.end :]):
        return first.name, first.end, len(bare)
    return (last.name, 0, last.start) if last and looks_like_post(bare[: last.start]) else None


_REASON = expression(
    r"([一-鿿]{2,4}?)(?:的)?(?:家里|家人|家中|孩子|因|身体|老人|有事|生病|发烧|感冒|不舒服|妈妈|爸爸|老婆)"
)


_GATES = tuple(side + gate for side in "东西南北前后正侧" for gate in ("门", "口")) + (
    "东卡口",
    "西卡口",
    "南卡口",
    "北卡口",
    "村口",
    "路口",
    "桥头",
)
_WITH_ME = expression(r"就?[我俺咱](?:和|跟|与)|(?:同组|同班|和我一起|跟我一起|一起)的?还有")
"""Who says so is one of them."""
_PEOPLE_AT = expression(r"([一-鿿·]{2,12}?)(?:在|于|到)([一-鿿\d]{2,})")


def _known_at_start(text: str, known: frozenset[str]) -> str | None:
    return next((text[:size] for size in (4, 3, 2) if text[:size] in known), None)
