"""From the records of a message to entries: new ones, or known ones that the message says more about."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.context import Context
from handlers import rights, texts_figures
from handlers import texts_forms as words
from handlers.cases.people import home
from handlers.form_books import asking, booking, specs, state
from handlers.form_books.booking import Told, known, values_of
from handlers.form_books.state import Said
from handlers.language.form_entries import check
from handlers.language.form_spec import EntryProblem, FormSpec
from handlers.ledger import in_group, keep, written_at
from handlers.masking import has_identity
from handlers.texts import PLEASE_RECALL
from handlers.work_checks import mismatches
from storage import form_entries
from storage.daily_count import place_of
from storage.form_entries import FormChanges, FormEntries, PlaceEntries
from storage.tables_forms import FormChange, FormEntry

NUMBER = "M"
"""Letter of the numbers of entries (M12)."""
UNREAD = frozenset({"not_readable", "not_a_choice"})
"""Problems of a message whose words are not kept: they cannot be a value of their field."""


def hashes(ctx: Context, records: Sequence[Any]) -> Iterable[str]:
    """Identities that the entries of records have: loaded for a whole batch at once."""
    for record in records:
        spec = specs.of_record(ctx, record)
        for entry in record.entries if spec is not None else ():
            values = dated(ctx, spec, entry.values)  # type: ignore[arg-type]  # not None here
            if (identity := state.identity(spec, place(ctx), values)) is not None:  # type: ignore[arg-type]
                for text in (identity, *state.over(spec, place(ctx), values)):  # type: ignore[arg-type]
                    yield booking.hashed(ctx, text)


def by_form(ctx: Context, records: Sequence[Any], otherwise: Callable[[Any], str]) -> list[str]:
    """The answers to records: neighbours of one form together, records of no form one by one through `otherwise`."""
    lines: list[str] = []
    for spec, some in groupby(records, key=lambda record: specs.of_record(ctx, record)):
        found = list(some)
        lines += [otherwise(record) for record in found] if spec is None else [kept(ctx, spec, found)]
    return lines


def kept(ctx: Context, spec: FormSpec, records: Sequence[Any]) -> str:
    """Keep neighbouring records of one form with their entries and answer once. Nothing is kept of somebody who may not
    send it.
    """
    if (who := not_allowed(ctx, spec)) is not None:
        return words.refused(spec, who)
    refs: list[str] = []
    touched: dict[str, list[FormEntry]] = {}
    doubles: booking.Doubles = {}
    others: list[str] = []
    wrong: list[str] = []
    for record in records:
        refs.append(keep(ctx, record))
        told = list(_told(ctx, record, refs[-1]))
        for one in told:
            touched.setdefault(one.spec.name, []).append(take(ctx, one, doubles))
        others += booking.others(ctx, record, refs[-1], told, doubles)
        wrong += [
            texts_figures.mismatch(refs[-1], one) for one in mismatches(record.fields.get("counts", ()), record.parts)
        ]
    unread = [one for record in records for e in record.entries for one in e.problems if one.code in UNREAD]
    known_ = ((specs.named(specs.all_of(ctx.services), name), some) for name, some in touched.items())
    lines = [answer(ctx, own, refs, some, unread) for own, some in known_ if own is not None]
    lines += [words.OTHERS.format(counts="，".join(others))] if others else []
    lines += [texts_figures.possible_double(refs[0], doubles)] if doubles else []
    return "\n".join([*lines, *wrong])


def _told(ctx: Context, record: Any, ref: str) -> Iterable[Told]:
    """What a record says about entries; hardly ever are they of several forms."""
    for row, entry in enumerate(record.entries):
        spec = specs.named(specs.all_of(ctx.services), entry.form)
        if spec is not None:
            said = Said(dated(ctx, spec, entry.values), entry.approx, entry.units)
            yield Told(spec, ref, said, post=record.fields.get("post", ""), row=row)


def not_allowed(ctx: Context, spec: FormSpec) -> list[str] | None:
    """Whom to ask where the writer may not send a form; None where they may."""
    if not spec.senders:
        return None
    least = min(rights.ROLES.get(role, rights.Rank.VOLUNTEER) for role in spec.senders)
    unit = home(ctx).unit
    if rights.rank(ctx, unit) >= least:
        return None
    return rights.in_charge(ctx, least, unit) or rights.in_charge(ctx, rights.Rank.LEAD, unit)


def take(ctx: Context, told: Told, doubles: booking.Doubles) -> FormEntry:
    """Add what was told to the entry it is about, which may be a new one; its figures with it. What somebody else has
    told alike is noted in `doubles`, where the entry is like no other.
    """
    entry = _entry_of(ctx, told)
    alone = entry.identity == _own_identity(told)
    add(ctx, told, entry, doubles if alone else None)
    return entry


def _own_identity(told: Told) -> str:
    return f"{told.spec.name}|{told.ref}|{told.row}"


def add(ctx: Context, told: Told, entry: FormEntry, doubles: booking.Doubles | None = None) -> None:
    """Add a change to an entry, and what it changes in the figures."""
    at = written_at(ctx)
    change = FormChange(entry=entry.number, ref=told.ref, message_key=ctx.incoming.key, sender=ctx.incoming.sender)
    former = next((c for c in ctx.facts(FormChanges).of(entry.number) if c.ref == told.ref), None)
    change.at, change.how, change.state = at, told.how, "active"
    # What completes a record counts where and when the record does.
    change.day, change.post = (former.day, former.post) if former is not None else (at.date(), told.post)
    change.values, change.approx = dict(told.said.values), dict(told.said.approx)
    change.units = dict(told.said.units)
    ctx.facts(FormChanges).add(entry.number, change)
    active = refresh(ctx, told.spec, entry)
    booking.count(ctx, told.spec, entry, active, active[-1:], doubles)
    booking.recount_parts(ctx, told.spec, entry)


def refresh(ctx: Context, spec: FormSpec, entry: FormEntry) -> list[FormChange]:
    """Make an entry what its active changes say; those changes."""
    active = [change for change in ctx.facts(FormChanges).of(entry.number) if change.state == "active"]
    said = state.folded(spec, active)
    values = said.values
    entry.plain, entry.sealed = state.split(spec, values)
    entry.approx, entry.units = dict(said.approx), dict(said.units)
    entry.state = "active" if active else "undone"
    entry.person, entry.phone = state.first_of(spec, values, "person"), state.first_of(spec, values, "phone")
    entry.person_hash, entry.phone_hash = (booking.hashed(ctx, v) if v else None for v in (entry.person, entry.phone))
    one = next(iter(state.progress(spec, values)), None)
    entry.total, entry.done, entry.left = (one.total, one.done, one.left) if one is not None else (None, None, None)
    entry.doubt = next((problem.code for problem in check(spec, values)), "")
    if active:
        entry.day, entry.updated_at, entry.sender = active[-1].day, active[-1].at, active[-1].sender
    entry.above = state.above(spec, entry.place, values)
    entry.above_hash = booking.hashed(ctx, entry.above) if entry.above else None
    ctx.facts(PlaceEntries).note(entry)
    return active


def recount(ctx: Context, spec: FormSpec, entry: FormEntry) -> None:
    """Make the figures of an entry anew: after a change of it was taken back."""
    form_entries.forget_figures(ctx.uow.session, entry.number)
    active = refresh(ctx, spec, entry)
    booking.count(ctx, spec, entry, active, active)
    booking.recount_parts(ctx, spec, entry)


def _entry_of(ctx: Context, told: Told) -> FormEntry:
    """The entry that is meant, made where there is none yet."""
    identity = state.identity(told.spec, place(ctx), told.said.values)
    text = identity or _own_identity(told)
    store, key = ctx.facts(FormEntries), booking.hashed(ctx, text)
    found = store.get(key) if identity else None
    return found if found is not None else _new(ctx, told.spec, text, key)


def _new(ctx: Context, spec: FormSpec, identity: str, key: str) -> FormEntry:
    at = written_at(ctx)
    whose = home(ctx)
    entry = FormEntry(number=ctx.uow.next_ref(NUMBER), form=spec.name, unit=whose.unit)
    entry.chat = whose.chat or ctx.incoming.chat
    entry.place, entry.identity, entry.identity_hash = place(ctx), identity, key
    entry.day, entry.updated_at, entry.sender = at.date(), at, ctx.incoming.sender
    entry.plain, entry.sealed, entry.approx, entry.units = {}, {}, {}, {}
    entry.doubt, entry.state = "", "active"
    ctx.facts(FormChanges).begin(entry.number)
    ctx.facts(FormEntries).add(key, entry)
    return entry


def dated(ctx: Context, spec: FormSpec, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values with the day of the message where a day that identifies the entry was not stated."""
    keys = [key for key in spec.identity if (f := spec.field(key)) is not None and f.type == "date"]
    today = written_at(ctx).date().isoformat()
    return {**dict.fromkeys(keys, today), **values}


def rehome(ctx: Context, spec: FormSpec, entry: FormEntry) -> FormEntry:
    """An entry whose identity has become known: another one may be the same. Its changes go there."""
    identity = state.identity(spec, entry.place, values_of(entry))
    if identity is None or identity == entry.identity:
        return entry
    store, changes, key = ctx.facts(FormEntries), ctx.facts(FormChanges), booking.hashed(ctx, identity)
    same = store.get(key)
    if same is None:
        store.of(entry.identity_hash).clear()
        entry.identity, entry.identity_hash = identity, key
        store.of(key).append(entry)
        return entry
    for change in changes.of(entry.number):
        change.entry = same.number
    changes.of(same.number).extend(changes.of(entry.number))
    changes.of(entry.number).clear()
    for one in (entry, same):
        recount(ctx, spec, one)
    return same


def answer(
    ctx: Context,
    spec: FormSpec,
    refs: Sequence[str],
    touched: Sequence[FormEntry],
    unread: Sequence[EntryProblem] = (),
) -> str:
    """What was kept, how far it has come, and one question where something is missing or does not add up."""
    masked = in_group(ctx)
    lines = [words.entry(spec, known(entry), masked=masked) for entry in touched]
    if masked and spec.sensitive:
        lines = lines[:1]
    shown = refs[0] if len(refs) == 1 else f"{refs[0]}–{refs[-1]}"
    told = any(state.progress(spec, values_of(entry)) for entry in touched)
    whole = [one for one in overall(ctx, spec) if told or one.entries > 1]
    said = [words.kept(shown, spec, lines, words.place_name(place(ctx)), whole)]
    said.append(asking.question(ctx, spec, touched, unread) or "")
    if masked and has_identity(ctx.incoming.text):
        said.append(PLEASE_RECALL)
    return "\n".join(line for line in said if line)


def overall(ctx: Context, spec: FormSpec) -> list[state.Progress]:
    """How far the place has come with a form, all its entries together."""
    if not state.wholes(spec):
        return []
    return state.whole_of(spec, ctx.facts(PlaceEntries).all_of((spec.name, place(ctx))))


def place(ctx: Context) -> str:
    """Whose entries somebody speaks of: the group's own; in a single chat those of the group that they belong to."""
    at = home(ctx)
    return place_of(at.unit, at.chat or ctx.incoming.chat)
