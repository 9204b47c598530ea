"""Which figures are parts of another one: `采样3500人次，其中老人200人次`, `18名在管控区，其余32名在社区卡口`.

A part is told beside its whole and never added to it.
"""

from collections.abc import Mapping, Sequence

from handlers.language.counts import Figure
from handlers.language.expressions import expression

_OF_THEM = "其中"
_REST = ("其余", "剩余", "剩下", "余下")
_END = expression(r"[。;!\n]")


def parts_of(text: str, figures: Sequence[Figure]) -> Mapping[int, int]:
    """Number of a part → number of its whole, both counted from 0. Parts have the measure of their whole."""
    found: dict[int, int] = {}
    whole: int | None = None
    for number in range(1, len(figures)):
        between = text[figures[number - 1].end : figures[number].start]
        if _OF_THEM in between:
            whole = number - 1 if whole is None else whole
        elif _END.search(between):
            whole = None
        if whole is None or not _alike(figures[whole], figures[number]):
            whole = None
            continue
        found[number] = whole
    return found


def is_rest(item: str) -> bool:
    """Whether a part is all that the others leave: then parts and whole must be equal."""
    return item.startswith(_REST)


def _alike(whole: Figure, part: Figure) -> bool:
    same = whole.fields.get("unit") == part.fields.get("unit")
    return same and not part.fields.get("total")
