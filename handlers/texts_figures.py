"""What the bot says about figures that do not add up, or that somebody has told already."""

from collections.abc import Mapping

from handlers import times
from handlers.work_checks import Mismatch
from storage.figures import Telling

NOT_IN_DOUBT = "{ref} 没有被当成重报，不用处理。"
KEPT_APART = "👌 {ref} 是另一批，照样计入。"


def mismatch(ref: str, found: Mismatch) -> str:
    """The parts and their whole."""
    whole = f"{times.plain(found.whole)}{found.measure}"
    parts = f"{times.plain(found.parts)}{found.measure}"
    return (
        f"⚠️ {found.item}共 {whole}，其中几项加起来是 {parts}，对不上。先按原话记下；"
        f"要改请发：更正 {ref} {found.item}改为{parts}"
    )


def possible_double(ref: str, doubles: Mapping[str, Telling]) -> str:
    """Somebody else has told the same."""
    items = "、".join(doubles)
    former = next(iter(doubles.values()))
    return (
        f"⚠️ {former.name} {former.at:%H:%M} 已报过同样的{items}（{former.ref}），可能是同一批，先计入并标出。"
        f"是重报请发：重复 {ref}；不是请发：不重复 {ref}"
    )
