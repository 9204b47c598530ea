"""Where the fields of a form are stated in a text: behind labels, in tables, or in running words."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from operator import attrgetter

from handlers.language.chunks import looks_like_post, may_be_post
from handlers.language.expressions import expression
from handlers.language.form_book import Form
from handlers.language.form_numbers import Mark, Numbers, completed, ratios
from handlers.language.form_spec import FieldSpec
from handlers.language.form_values import (
    LONG,
    Value,
    find_buildings,
    labelled,
    time_value,
)
from handlers.language.goods import read_goods
from handlers.language.people import CLEAR, clean_name, is_loose_name, is_name, name_at_start
from handlers.language.scan import Chunk, Region
from handlers.language.types import Span


def find_marks(form: Form, region: Region, *, bold: bool) -> list[Mark]:
    """All that is stated of the form in a region, in text order. `bold`: the text says that it is of this form, so
    that also words without a label of their own may be values; numbers may where a building is named.
    """
    _leave_out(form, region)
    marks = _behind_labels(form, region)
    buildings = form.of_type("building")
    if buildings:
        found = [span for span in find_buildings(region.scan.text, region.start, region.end) if _free(region, span)]
        marks += _claimed(region, [Mark(s.start, s.end, buildings[0], Value(s.value)) for s in found])
        marks += [] if bold else _claimed(region, list(_before_buildings(form, region, marks)))
    marks += _claimed(region, list(ratios(form, region)))
    located = any(mark.field.type == "building" for mark in marks)
    marks += _claimed(region, list(Numbers(form, region, marks, bold=bold or located)))
    marks += _claimed(region, list(completed(form, region, marks)))
    for finder in (_people, _words, _choices, _flags, _phones, _times) if bold else (_choices, _flags):
        marks += _claimed(region, list(finder(form, region)))
    if bold:
        marks += _leftovers(form, region, marks)
    return sorted(marks, key=lambda mark: mark.start)


_OF_THEM = expression(r"其中(?:有|包括)?[: ]?(?=([^。;!\n]*))")
_PLACES = expression(r"(?:\d+|[两二三四五六七八九十]+)个?(?:社区|小区|村(?!民|口)|街道)")


def _leave_out(form: Form, region: Region) -> None:
    """What no field of the form may take: how many places there are, and the parts of a figure by place behind 其中,
    which their whole holds already.
    """
    text = region.scan.text
    if not any(form.of_type("place")):
        return
    for match in _OF_THEM.finditer(text, region.start, region.end):
        if form.words.match(text, match.end()) is None and _HAN_FIRST.match(match[1]):
            region.claim(match.start(), match.end(1))
    region.take_all(_PLACES)


_HAN_FIRST = expression(r"[一-鿿]{2,}")


def _claimed(region: Region, marks: list[Mark]) -> list[Mark]:
    region.claim_all([Span(mark.value_start if mark.label_end >= 0 else mark.start, mark.end, None) for mark in marks])
    region.claim_all([Span(mark.start, mark.label_end, None) for mark in marks if mark.label_end >= 0])
    return marks


def _before_buildings(form: Form, region: Region, marks: list[Mark]) -> Iterator[Mark]:
    """太扬家园16号楼: the community right before the building."""
    place = next((each for each in form.of_type("place") if each.key in form.spec.identity), None)
    if place is None or any(mark.field is place for mark in marks):
        return
    for mark in marks:
        if mark.field.type == "building" and not mark.labelled:
            word = _HAN_AT_END.search(region.scan.text, max(region.start, mark.start - _LONGEST_NAME), mark.start)
            if word is not None and looks_like_post(word.group()):
                yield Mark(word.start(), word.end(), place, Value(word.group()))


_HAN_AT_END = expression(r"[一-鿿]{2,}$")
_LONGEST_NAME = 12


def _free(region: Region, span: Span[str]) -> bool:
    return region.free(span.start, span.end)


# ---------------------------------------------------------------- label: value

_ANY_LABEL = expression(
    r"(?:^|(?<=[\s,;。、!|】)]))[^\s,;:=。!?、()【】\d]{1,12}(?:\([^()\n]{0,16}\))?[ \t]*[:=](?!\d\d(?!\d))"
)
_UNIT_WITHIN = 12
"""Characters of a value in which its measure word stands."""
_STOP = expression(r"[,;。](?!\d{3}(?!\d))")
_SPACE = expression(r"[ \t]")
_BEGINS_LINE = expression(r"(?:^|\n)[ \t]*(?:\(?\d{1,2}[.、):]|[①-⑳]|[-·*•]|【)?[ \t]*$")


def _behind_labels(form: Form, region: Region) -> list[Mark]:
    text = region.scan.text
    found = [(m.start(), m.end(), m["word"]) for m in form.labels.finditer(text, region.start, region.end)]
    others = [(m.start(), m.end(), "") for m in _ANY_LABEL.finditer(text, region.start, region.end)] if found else []
    known = {end for _, stop, _ in found for end in (stop, len(text[:stop].rstrip()))}
    labels = sorted([*found, *(each for each in others if each[1] not in known)])
    marks: list[Mark] = []
    for index, (start, stop, word) in enumerate(labels):
        if word:
            following = labels[index + 1][0] if index + 1 < len(labels) else region.end
            field = form.field(word, text[stop : min(following, stop + _UNIT_WITHIN)])
            end = _value_end(form, region, field, (start, stop, max(following, stop)))
            if end > stop:
                marks.append(Mark(start, end, field, labelled(field, region.scan, stop, end), labelled=True))
    return _claimed(region, marks)


def _value_end(form: Form, region: Region, field: FieldSpec, at: tuple[int, int, int]) -> int:
    """How far a value reaches: to the next label, the end of its line, and, unless it is a text on a line of its own,
    to the next comma or space.
    """
    start, stop, end = at
    text = region.scan.text
    line_end = text.find("\n", stop, end)
    end = line_end if line_end >= 0 else end
    own_line = bool(_BEGINS_LINE.search(text, max(region.start, start - 8), start)) and line_end == end
    if field.type in ("text", "items") and (
        own_line or (end == region.end and _BEGINS_LINE.search(text, max(0, start - 8), start))
    ):
        return _trimmed(text, stop, end)
    if field.type != "items" and (comma := _STOP.search(text, stop, end)):
        end = comma.start()
    if field.type in LONG:
        cut = next((m.start() for m in _SPACE.finditer(text, stop, end) if form.begins.match(text, m.end())), end)
    elif field.type in ("date", "datetime", "phone"):
        cut = end
    else:
        cut = next((m.start() for m in _SPACE.finditer(text, stop, end)), end)
    return _trimmed(text, stop, cut)


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t,;。、(【[":
        end -= 1
    return end


# ---------------------------------------------------------------- words with a value behind them

_IS = expression(r"[ ]?(?:是|为|由)?[ ]?")
_WORD_IS = expression(r"[ ]+(?:是|为)?|是|为")
_TOKEN = expression(r"[^\s,;。\x00]+")
_EDGE = " \t\n,;。、:)】|"


def _after_words(form: Form, region: Region, *types: str) -> Iterator[tuple[re.Match[str], FieldSpec]]:
    """Words of fields of these types that nobody has claimed; positions count from the region's start."""
    if not form.of_type(*types):
        return
    for match in form.words.finditer(region.rest):
        if (field := form.field(match.group())).type in types:
            yield match, field


def _people(form: Form, region: Region) -> Iterator[Mark]:
    """送药人李明, 送药人 欧阳小明."""
    rest, base, known = region.rest, region.start, region.scan.known
    for match, field in _after_words(form, region, "person"):
        gap = _IS.match(rest, match.end())
        at = gap.end() if gap else match.end()
        token = _TOKEN.match(rest, at)
        if token is None:
            continue
        name = clean_name(token.group())
        if is_name(name, known) >= CLEAR or (at > match.end() and (is_loose_name(name) or _KIN.fullmatch(name))):
            yield Mark(match.start() + base, token.end() + base, field, Value(name))
        elif person := name_at_start(token.group()[:4], known):
            yield Mark(match.start() + base, at + person.end + base, field, Value(person.name))


def _words(form: Form, region: Region) -> Iterator[Mark]:
    """药品 降压药: a label and a space."""
    rest, base = region.rest, region.start
    for match, field in _after_words(form, region, "text", "place", "items"):
        gap = _WORD_IS.match(rest, match.end())
        token = _TOKEN.match(rest, gap.end()) if gap else None
        if token is None or (match.start() and rest[match.start() - 1] not in _EDGE):
            continue
        if form.words.fullmatch(token.group()) is None:
            value = labelled(field, region.scan, token.start() + base, token.end() + base)
            yield Mark(match.start() + base, token.end() + base, field, value)


def _choices(form: Form, region: Region) -> Iterator[Mark]:
    for field, pattern, words in form.choices:
        for match in pattern.finditer(region.rest):
            yield Mark(match.start() + region.start, match.end() + region.start, field, Value(words[match.group()]))


_NOT = expression(r"(?:未|没有?|无|不|非|尚未|还没|无需|不用)(?:能|曾)?$")
_WHETHER = expression(r"是否(?:已经?)?$")


def _flags(form: Form, region: Region) -> Iterator[Mark]:
    """已送达; 未送达 denies it."""
    rest = region.rest
    for match, field in _after_words(form, region, "flag"):
        before = rest[max(0, match.start() - 4) : match.start()]
        if not _WHETHER.search(before):
            yes = _NOT.search(before) is None
            yield Mark(match.start() + region.start, match.end() + region.start, field, Value(yes))


def _phones(form: Form, region: Region) -> Iterator[Mark]:
    for field in form.of_type("phone")[:1]:
        for span in region.inside(region.scan.phones):
            yield Mark(span.start, span.end, field, Value(span.value))


_NEAR = 2
_LONGEST_WORD = 8


def _times(form: Form, region: Region) -> Iterator[Mark]:
    """A time with the word of its field before or behind it."""
    fields = form.of_type("date", "datetime")
    text = region.scan.text
    for span in region.inside(region.scan.times) if fields else ():
        left = text[max(region.start, span.start - 10) : span.start].rpartition("\n")[2]
        behind = form.words.search(text, max(span.start, span.end - _NEAR), min(region.end, span.end + _LONGEST_WORD))
        words = [*reversed(list(form.words.finditer(left)))]
        words += [behind] if behind is not None and behind.start() <= span.end else []
        named = (form.field(word.group()) for word in words)
        field = next((each for each in named if each in fields), None)
        if field is not None:
            yield Mark(span.start, span.end, field, time_value(field, region.scan, span))


# ---------------------------------------------------------------- words without a label

_LINE = expression(r"[^\n;。]+")
_NO_VALUE = expression(r"今[日天晚]|目前|截[至止]|全部|[累共合总]计|一共|总共")
_ORDINAL = expression(r"第[0-9一二三四五六七八九十]")
_KIN = expression(r"[一-鿿]{1,3}(?:奶奶|爷爷|大爷|大妈|大娘|阿姨|叔叔|师傅|女士|先生|老师)")
_HOUSE = expression(r"\d+(?:号楼|栋|单元|室|号院?|门)|[一-鿿](?:苑|园|湾|里|小区|社区|村|公寓|大厦|广场)$")


def _leftovers(form: Form, region: Region, marks: list[Mark]) -> list[Mark]:
    """What is left of each line: names for people, places for places, goods for items."""
    found: list[Mark] = []
    region.take_all(form.heading)
    region.take_all(_NO_VALUE)
    text, rest, start = region.scan.text, region.rest, region.start
    in_order = sorted(marks, key=_start)
    for line in _LINE.finditer(text, start, region.end):
        part = Region(region.scan, line.start(), line.end())
        part.rest = rest[line.start() - start : line.end() - start]
        first, stop = (bisect_left(in_order, at, key=_start) for at in line.span())
        here = in_order[first:stop]
        found += _claimed(part, list(_goods(form, part, here)))
        found += _claimed(part, list(_bare_words(form, part, here)))
    return found


_start = attrgetter("start")


def _goods(form: Form, line: Region, here: list[Mark]) -> Iterator[Mark]:
    stated = {mark.field.key for mark in here}
    field = next((each for each in form.of_type("items") if each.key not in stated), None)
    if field is None:
        return
    for chunk in line.chunks():
        goods = read_goods(Region(line.scan, chunk.start, chunk.end))
        if goods and all("value" in item for item in goods):
            yield Mark(chunk.start, chunk.end, field, Value(goods))


def _bare_words(form: Form, line: Region, here: list[Mark]) -> Iterator[Mark]:
    stated = {mark.field.key for mark in here}
    texts = _before_numbers(form, line, here)
    people = [each for each in form.of_type("person") if each.key not in stated]
    places = [each for each in form.of_type("place") if each.key not in stated]
    several = places[0] if places and places[0].key in form.spec.identity else None
    head = next((m.end() + line.start for m in form.heading.finditer(line.text)), -1)
    for chunk in [_unlabelled(form, each) for each in line.chunks()]:
        name = clean_name(chunk.text)
        if (field := texts.get(chunk.end)) is not None and may_be_post(chunk.text):
            yield Mark(chunk.start, chunk.end, field, Value(chunk.text))
        elif people and (_KIN.fullmatch(chunk.text) or is_name(name, line.scan.known) >= CLEAR):
            yield Mark(chunk.start, chunk.end, people.pop(0), Value(name))
        elif places and _may_be_place(form, chunk, first=0 <= chunk.start - head <= _NEAR):
            yield Mark(chunk.start, chunk.end, places.pop(0), Value(chunk.text))
        elif several is not None and chunk.end < line.end and looks_like_post(chunk.text):
            yield Mark(chunk.start, chunk.end, several, Value(chunk.text))


def _before_numbers(form: Form, line: Region, here: list[Mark]) -> dict[int, FieldSpec]:
    """Where a number without a word of its own begins → the text field that stands right before its field in the form:
    降压药2盒.
    """
    text, order = line.scan.text, form.spec.fields
    keys = {mark.field.key for mark in here}
    found: dict[int, FieldSpec] = {}
    for mark in here:
        index = order.index(mark.field)
        if mark.field.type != "number" or mark.label_end >= 0 or mark.labelled or index == 0:
            continue
        if (field := order[index - 1]).type == "text" and field.key not in keys:
            found[mark.start - text[: mark.start].endswith(" ")] = field
    return found


def _unlabelled(form: Form, chunk: Chunk) -> Chunk:
    """What is left of 药品降压药 without the label."""
    label = form.words.match(chunk.text)
    if label is None or label.end() == 1 or label.end() == len(chunk.text):
        return chunk
    return Chunk(chunk.start + label.end(), chunk.end, chunk.text[label.end() :], chunk.bracketed)


_SHORTEST_PLACE = 3


def _may_be_place(form: Form, chunk: Chunk, *, first: bool) -> bool:
    """A place by its ending or its number; right behind the form's name also another word."""
    words = (form.field(match.group()) for match in form.words.finditer(chunk.text))
    if chunk.bracketed or _ORDINAL.match(chunk.text) or any(field.type != "place" for field in words):
        return False
    if first and may_be_post(chunk.text) and not _DIGIT.search(chunk.text):
        return True
    is_post = len(chunk.text) >= _SHORTEST_PLACE and looks_like_post(chunk.text)
    return is_post or bool(_HOUSE.search(chunk.text))


_DIGIT = expression(r"\d")
