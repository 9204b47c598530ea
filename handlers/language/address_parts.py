"""What a vague address leaves out: the building, the entrance, the room, or the number on the door."""

from .expressions import expression
from .place_scan import find_places

_N = "[0-9A-Za-z〇零一二三四五六七八九十百甲乙丙丁]"
_BUILDING = expression(rf"{_N}(?:号楼|#楼?|楼|栋|幢|座)")
_ENTRANCE = expression(rf"{_N}(?:单元|门(?![牌卫口头]))")
_ROOM = expression(
    rf"{_N}(?:室|号?房(?!山))"
    rf"|(?:楼|栋|幢|座|单元|门|层|#)[-\s]?{_N}{{2,5}}(?![0-9号楼栋幢单层门排米])"
    r"|(?<![0-9])[0-9]{3,4}$"
)
_DASHED = expression(r"(?<![0-9])[0-9]{1,3}(?:[-－–—][0-9]{1,2})?[-－–—]([0-9]{1,4})(?![0-9])")
_THREE = expression(r"[0-9][-－–—][0-9]{1,2}[-－–—][0-9]")
_DASHED_ROOM = 100
_COMPOUND = expression(rf"{_N}号院")
_DOOR = expression(rf"{_N}号(?![楼院线店门岗栋房])")
_LONGEST = 200
_LODGING = expression(r"酒店|宾馆|旅馆|旅店|招待所|客栈|隔离点|民宿")
_VILLAGE = expression(r"村(?!社区)|胡同|[0-9一二三四五六七八九十]队|排$|巷")
_ESTATE = expression(r"社区|小区|[0-9]号?院|公寓|宿舍|花园|家园|[里园苑庭城湾邸]")


def missing_parts(address: str) -> tuple[str, ...]:
    """Which of 楼, 单元, 室, 门牌 must be asked for before somebody can be found at `address`; empty where nothing is.

    A house needs its number. A flat needs building and room; the entrance is asked for only together with the room,
    since many buildings have none. A hotel needs the room.
    """
    rest = _without_names(address.strip()[:_LONGEST])
    if _DASHED.search(rest):
        return _of_dashed(rest)
    building, room = _BUILDING.search(rest), _ROOM.search(rest)
    if room:
        return () if building or _LODGING.search(rest) else ("楼",)
    if building:
        return ("室",) if _ENTRANCE.search(rest) else ("单元", "室")
    if _DOOR.search(rest):
        return ()
    return _by_kind(address, rest)


def _of_dashed(rest: str) -> tuple[str, ...]:
    """5-2-501 and 12-501 are complete; 5-2 is building and entrance."""
    last = [int(found[1]) for found in _DASHED.finditer(rest)][-1]
    return () if last >= _DASHED_ROOM or _THREE.search(rest) else ("室",)


def _by_kind(address: str, rest: str) -> tuple[str, ...]:
    if _LODGING.search(rest):
        return ("室",)
    if _VILLAGE.search(address):
        return () if _COMPOUND.search(rest) else ("门牌",)  # a courtyard is a house there: 西贯市村3号院
    if _ESTATE.search(address):
        return ("楼", "室") if _ENTRANCE.search(rest) else ("楼", "单元", "室")
    return ("门牌",)


def _without_names(address: str) -> str:
    """The address without the numbers inside names: 翠微路21号社区 has no door 21."""
    rest = address
    for span in reversed(find_places(address)):
        if span.value.full:
            rest = rest[: span.start] + "·" + rest[span.end :]
    return rest
