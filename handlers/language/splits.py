"""Who is where: `50名志愿者到位，18名在管控区，其余32名在社区卡口`. The whole and its parts, so that their sum can
be checked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.language.counts import Figure
from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral
from handlers.language.scan import Region
from handlers.language.types import Span

_NUMBER = r"([0-9]{1,5}|[一二两三四五六七八九十百]{1,6}) ?(名|位|人|个)(?!次|份|小时|多)"
_GROUP = r"(志愿者|党员|队员|社工|职工|干部|同志|人员|人)?"
_WHOLE = expression(_NUMBER + _GROUP)
_PART = expression(
    rf"(?:其中|其余|剩余|剩下|余下|另外|另)?的?{_NUMBER}{_GROUP}(?:分别|都)?(?:在|去了?|到了?|赴|前往|安排在|安排到|分配到|分到|留在|支援)"
    r"([^,;。、\s\d]{2,12}?)(?:值守|值班|支援|服务|工作)?(?=[,;。、\s]|$)"
)
_FEWEST = 2
_AT = frozenset("在去到赴往支")
_MEASURES = "名位人个"


@dataclass(frozen=True, slots=True)
class Split:
    """The figures, of which the first is the whole of the others."""

    figures: Sequence[Figure]

    @property
    def parts(self) -> dict[int, int]:
        return dict.fromkeys(range(1, len(self.figures)), 0)


def read_split(region: Region) -> Split | None:
    """Two places or more with the heads at each, behind how many there are; claims the parts and leaves the whole."""
    if _AT.isdisjoint(region.scan.characters):
        return None
    rest = region.rest
    if max(map(rest.count, _MEASURES)) <= _FEWEST:
        return None
    found = list(_PART.finditer(rest))
    whole = _WHOLE.search(rest, 0, found[0].start()) if len(found) >= _FEWEST else None
    if whole is None or any(match[2] != whole[2] for match in found):
        return None
    base = region.start
    region.claim_all([Span(base + match.start(), base + match.end(), None) for match in found])
    return Split((_figure(base, whole.span(), whole[3] or "人员", whole), *(
        _figure(base, match.span(), match[4], match) for match in found
    )))  # fmt: skip


def _figure(base: int, span: tuple[int, int], item: str, match: re.Match[str]) -> Figure:
    fields = {"item": item, "value": int(read_numeral(match[1]) or 0), "unit": match[2]}
    return Figure(base + span[0], base + span[1], fields)
