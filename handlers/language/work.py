"""Figures of work done, by post."""

from bisect import bisect_left

from handlers.language.chunks import read_rest
from handlers.language.counts import Figure, read_figures
from handlers.language.expressions import expression
from handlers.language.parts import parts_of
from handlers.language.posts import looks_like_post
from handlers.language.scan import Context, Region
from handlers.language.types import Fields, Record

_AS_OF = expression(r"截[至止]到?(?:目前|今日|今天|现在)?")
_TEAM = expression(r"[一-鿿]{1,8}(?:组|队|小组|分队)")
_LINE = expression(r"[^\n]+")


def read_work(region: Region, context: Context) -> list[Record]:
    """A record per post that figures stand behind."""
    scan = region.scan
    region.claim_all(region.inside(scan.times))
    region.take_all(_AS_OF)
    stated: str | None = context.post
    for item in scan.fields(region.start, region.end):
        if item.concept == "post":
            stated = scan.text[item.start : item.end].split("\n")[0]
            region.claim(item.label_start, item.start + len(stated))
        elif item.concept in ("name", "people", "leader", "time", "remark"):
            region.claim(item.label_start, item.end)
    figures = read_figures(region)
    if not figures:
        return []
    region.take_all(_TEAM)
    posts = _posts(region)
    if context.topic and len(figures) == 1 and looks_like_post(figures[0].fields["item"]):
        place = figures[0].fields["item"]
        return [Record("work", {"post": place, "counts": [{**figures[0].fields, "item": context.topic}]})]
    if context.entry and not posts and not stated:
        return [_record(scan.text, None, figures)]
    return _by_post(scan.text, figures, posts, stated)


def _posts(region: Region) -> list[tuple[int, str]]:
    rest = read_rest(region)
    return [(chunk.start, chunk.text) for chunk in rest.posts]


def _by_post(text: str, figures: list[Figure], posts: list[tuple[int, str]], stated: str | None) -> list[Record]:
    groups: list[tuple[str | None, list[Figure]]] = []
    starts = [at for at, _ in posts]
    for figure in figures:
        index = bisect_left(starts, figure.start)
        post = posts[index - 1][1] if index else stated
        if groups and groups[-1][0] == post:
            groups[-1][1].append(figure)
        else:
            groups.append((post, [figure]))
    if len(groups) == 1 and groups[0][0] is None and len(posts) == 1:
        groups[0] = (posts[0][1], groups[0][1])
    return [_record(text, post, group) for post, group in groups]


def _record(text: str, post: str | None, figures: list[Figure]) -> Record:
    fields: Fields = {"post": post} if post else {}
    fields["counts"] = [figure.fields for figure in figures]
    return Record("work", fields, parts=parts_of(text, figures))
