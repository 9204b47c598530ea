"""/台账 and /进度: the entries of a form, how far it has come, where something is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from bot.context import Context
from handlers import rights
from handlers import texts_forms as words
from handlers.form_books import specs, state
from handlers.form_books.booking import known, values_of
from handlers.form_books.entries import place
from handlers.language.form_spec import FormSpec
from handlers.ledger import in_group, written_at
from handlers.units import path_of
from storage import daily_read, form_entries
from storage.daily_count import figure_name
from storage.tables_forms import FormEntry
from storage.types import ring_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A form, a place, and what else was said."""

    spec: FormSpec
    place: str
    rest: str


def ledger(ctx: Context, text: str) -> str:
    """The entries of a form in a place. Of forms about people a group reads sums alone."""
    asked = _asked(ctx, text, "台账")
    if isinstance(asked, str):
        return asked
    if asked.spec.sensitive and not in_group(ctx) and not _may_see(ctx, asked.place):
        who = "、".join(rights.in_charge(ctx, rights.Rank.LEAD, _unit(asked.place))) or words.NOBODY
        return words.ONLY_LEADS.format(title=asked.spec.title, who=who)
    ctx.uow.flush()
    masked = in_group(ctx) or not _may_see(ctx, asked.place)
    if found := _search(ctx, asked):
        head = words.FOUND_HEAD.format(title=asked.spec.title, count=len(found))
        return "\n".join([head, *_each(asked.spec, found, masked=masked)])
    here = form_entries.listing(ctx.uow.session, asked.spec.name, asked.place)
    if not here:
        return _nothing(ctx, asked)
    if asked.spec.sensitive and in_group(ctx):
        return "\n".join([*_progress(ctx, asked, here), words.SENSITIVE_LIST.format(title=asked.spec.title)])
    head = words.list_head(asked.spec, asked.place, written_at(ctx), len(here))
    return "\n".join([head, *_each(asked.spec, here, masked=masked), *_sums(asked.spec, here)])


def progress(ctx: Context, text: str) -> str:
    """How far a form has come in a place: by unit or by entry, what is left, who has not reported."""
    asked = _asked(ctx, text, "进度")
    if isinstance(asked, str):
        return asked
    ctx.uow.flush()
    here = form_entries.listing(ctx.uow.session, asked.spec.name, asked.place)
    return "\n".join(_progress(ctx, asked, here)) if here else _nothing(ctx, asked)


def _asked(ctx: Context, text: str, command: str) -> Asked | str:
    """What was asked for, or what to say where no form is called so."""
    forms = specs.all_of(ctx.services)
    titles = "、".join(spec.title for spec in forms)
    name, _, rest = text.strip().partition(" ")
    if not name:
        return words.WHICH_FORM.format(command=command, example=forms[0].title, names=titles)
    spec = specs.called(forms, name)
    if spec is None:
        return words.UNKNOWN_FORM.format(name=name, names=titles)
    if spec.name in words.ELSEWHERE:
        return words.ELSEWHERE[spec.name].format(title=spec.title)
    rest = rest.strip()
    own = place(ctx)
    if rest and _search(ctx, Asked(spec, own, rest)):
        return Asked(spec, own, rest)
    return Asked(spec, path_of(ctx.uow.session, rest, _unit(own)) if rest else own, rest)


def _unit(place_: str) -> str:
    return "" if place_.startswith("@") else place_


def _may_see(ctx: Context, place_: str) -> bool:
    return rights.rank(ctx, _unit(place_)) >= rights.Rank.LEAD


def _nothing(ctx: Context, asked: Asked) -> str:
    said = words.NO_ENTRIES.format(title=asked.spec.title, place=words.place_name(asked.place))
    missing = _silent(ctx.uow.session, asked.place, ())
    return "\n".join([said, *missing])


def _search(ctx: Context, asked: Asked) -> list[FormEntry]:
    """Entries about a person or a phone: found by the keyed hash, in the writer's own place and below."""
    if not asked.rest:
        return []
    hashed = ring_of(ctx.uow.session.get_bind().dialect).hash(asked.rest)
    return form_entries.about(ctx.uow.session, asked.spec.name, place(ctx), hashed)


def _each(spec: FormSpec, found: Sequence[FormEntry], *, masked: bool) -> list[str]:
    shown = [words.listed(spec, known(one), one, masked=masked) for one in found[: words.MOST_LISTED]]
    more = len(found) - words.MOST_LISTED
    return [*shown, words.LIST_MORE.format(count=more)] if more > 0 else shown


def _sums(spec: FormSpec, found: Iterable[FormEntry]) -> list[str]:
    whole = _whole(spec, found)
    return [f"合计 {words.share(one)}，剩{words.number(one.left)}{one.whole.unit}" for one in whole]


def _whole(spec: FormSpec, found: Iterable[FormEntry]) -> list[state.Progress]:
    return state.whole_of(spec, [form_entries.part_of(one) for one in found])


def _progress(ctx: Context, asked: Asked, here: Sequence[FormEntry]) -> list[str]:
    spec, today = asked.spec, written_at(ctx).date()
    lines = [words.progress_head(spec, asked.place, written_at(ctx))]
    fresh = sum(entry.day == today for entry in here)
    lines += _sums(spec, here) + words.figure_lines(figures(ctx.uow.session, asked.place, spec, here, today))
    lines.append(words.entries_told(len(here), fresh))
    units = _by_unit(spec, asked.place, here)
    lines += [words.unit_line(name, len(some), whole) for name, (some, whole) in units.items()]
    open_ = [] if units else list(_open(spec, here, masked=in_group(ctx)))
    if open_:
        lines.append(words.NOT_DONE.format(names=words.some(open_)))
    if doubts := [state.label(spec, values_of(one), masked=in_group(ctx)) or one.number for one in here if one.doubt]:
        lines.append(words.DOUBTS.format(count=len(doubts), names=words.some(doubts)))
    return [*lines, *_silent(ctx.uow.session, asked.place, [one.place for one in here])]


def _by_unit(
    spec: FormSpec, place: str, here: Sequence[FormEntry]
) -> dict[str, tuple[list[FormEntry], list[state.Progress]]]:
    """The entries of each unit right below a place; empty where nothing came from below."""
    groups: dict[str, list[FormEntry]] = {}
    for entry in here:
        if entry.place != place and not entry.place.startswith("@"):
            depth = place.count("/") + 1 if place else 0
            groups.setdefault(entry.place.split("/")[depth], []).append(entry)
    return {name: (some, _whole(spec, some)) for name, some in groups.items()}


def _open(spec: FormSpec, here: Iterable[FormEntry], *, masked: bool) -> Iterable[str]:
    """Entries that are not finished, the ones with most left first."""
    found = []
    for entry in here:
        values = values_of(entry)
        left = sum(one.left for one in state.progress(spec, values))
        if left > 0:
            unit = next((one.whole.unit for one in state.progress(spec, values)), "")
            name = state.label(spec, values, masked=masked) or entry.number
            found.append((-left, f"{name}剩{words.number(left)}{unit}"))
    return [name for _, name in sorted(found)]


def _silent(session: Session, place: str, heard: Sequence[str]) -> list[str]:
    """The units below a place from which nothing has come."""
    if place.startswith("@"):
        return []
    expected = form_entries.units_below(session, place)
    missing = sorted(expected - {_cut(path, place) for path in heard})
    if not missing:
        return [words.ALL_IN.format(count=len(expected))] if expected else []
    names = [path.rsplit("/", 1)[-1] for path in missing]
    return [words.SILENT.format(names=words.some(names), count=len(names))]


def _cut(path: str, place: str) -> str:
    """The unit right below `place` on the way to `path`."""
    return form_entries.right_below(path, place)


def figures(
    session: Session, place: str, spec: FormSpec, here: Iterable[FormEntry], today: date
) -> list[Mapping[str, Any]]:
    """Today's and all figures of a form, by the sums that the digest shows; stated totals are those of the entries."""
    now = daily_read.read(session, place, today, today).whole
    sums = daily_read.sums(session, place, today)
    entries = [values_of(entry) for entry in here]
    found: list[Mapping[str, Any]] = []
    for figure in spec.figures:
        name, field = figure_name(figure.item, figure.unit), spec.field(figure.field)
        if field is not None and field.total:
            whole = sum(state.amount(values.get(field.key)) for values in entries)
            found.append({"figure": figure, "today": None, "whole": whole})
        elif name in sums:
            found.append({"figure": figure, "today": now[name].value if name in now else 0, "whole": sums[name].value})
    return found
