"""分配 and 驰援: where the people of a call go. The numbers are checked against the list."""

import re
from collections.abc import Sequence

from bot.context import Context
from handlers import call_lists, seats, texts_callup
from handlers.language.expressions import expression
from handlers.language.numerals import read_numeral
from handlers.ledger import audit, written_at
from storage import callups
from storage.tables_duty import CallUp, Deployment, SignUp

_HEADS = expression(r"(\d+|[一二两三四五六七八九十百]+) ?[人名位](?!民)")
_REST = expression(r"其余|剩余|其他|剩下")
_FILLER = expression(r"^(?:分配|人员|的|去|到|往|在|给|:|都|\s)+|(?:去|到|往|的|:|都|\s)+$")
_FROM_TO = expression(r"从(?P<source>.+?)(?:到|去|至|调往|驰援|增援)(?P<target>.+)$|(?:到|去|至)(?P<only>.+)$")


def read(text: str) -> list[tuple[str, int | None]]:
    """(place, heads) of each part; None for 其余. Empty where a part has no place, or no number."""
    parts: list[tuple[str, int | None]] = []
    for clause in re.split(r"[,，;；。\n]+", text):
        if not clause.strip():
            continue
        number, rest = _HEADS.search(clause), _REST.search(clause)
        place = _FILLER.sub("", _REST.sub("", _HEADS.sub(" ", clause)).strip()).strip()
        if not place or (number is None and rest is None):
            return []
        parts.append((place, int(read_numeral(number[1]) or 0) if number else None))
    return parts if sum(size is None for _, size in parts) <= 1 else []


def store(ctx: Context, call: CallUp, parts: Sequence[tuple[str, int]]) -> None:
    """Keep a split in the place of the former one."""
    session = ctx.uow.session
    for row in callups.deployments(session, call.id):
        session.delete(row)
    session.flush()
    for place, heads in parts:
        session.add(Deployment(call_up_id=call.id, place=place, heads=heads, at=written_at(ctx)))
    session.flush()


def move(ctx: Context, call: CallUp, text: str) -> str:
    """People go on to another place: `3人 从 管控区 到 社区卡口`, `张三 到 社区卡口`."""
    way = _FROM_TO.search(text)
    if way is None:
        return texts_callup.MOVE_HOW
    target = _FILLER.sub("", (way["target"] or way["only"]).strip())
    going = [row for row, _ in call_lists.current(ctx, call).going if row.person in text[: way.start()]]
    number = _HEADS.search(text[: way.start()])
    heads = sum(seats.heads(row) for row in going) or (int(read_numeral(number[1]) or 0) if number else 0)
    source = (way["source"] or "").strip() or (going[0].place if going else "")
    if not target or heads <= 0:
        return texts_callup.MOVE_HOW
    places = {row.place: row.heads for row in callups.deployments(ctx.uow.session, call.id)}
    if source in places and places[source] < heads:
        return texts_callup.NOT_ENOUGH.format(place=source, heads=places[source], wanted=heads)
    return _moved(ctx, call, going, (source, target, heads), places)


def _moved(
    ctx: Context, call: CallUp, going: Sequence[SignUp], way: tuple[str, str, int], places: dict[str, int]
) -> str:
    source, target, heads = way
    for row in going:
        row.place = target
    if source in places:
        places[source] -= heads
        places[target] = places.get(target, 0) + heads
        store(ctx, call, [(place, size) for place, size in places.items() if size])
    audit(ctx, "call_up.moved", call.ref, target=target, heads=heads)
    who = "、".join(row.person for row in going) or f"{heads}人"
    said = f"{who} {f'{source} → ' if source else '→ '}{target}"
    shown = "，".join(f"{place} {size}人" for place, size in places.items() if size)
    total = f"现在 {shown}，共 {sum(places.values())} 人。" if places else ""
    return texts_callup.MOVED.format(call=call.ref, what=said, split=total)
