"""From the fields of a registration to a case: the same steps for chat, 接龙, pasted tables and workbooks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from handlers import times
from handlers.cases import states
from handlers.cases.find import effective
from handlers.cases.states import Act
from storage.cases import CaseKey, Cases, Pairs
from storage.crypto import Keyring
from storage.fresh import fresh
from storage.tables import Returnee
from storage.tables_cases import CasePair

SIMILAR = 80
"""Ratio from 0 to 100 from which on two addresses of people of the same name are taken for one."""
MOST_COMPARED = 50
"""People of one name whose addresses are compared, the newest: a common name in a large town."""
MOST_DOUBLES = 5
PERSONAL = ("name", "phone")
TAIL = 4


@dataclass(slots=True)
class Origin:
    """Where a registration comes from."""

    chat: str
    unit: str
    reporter: str = ""
    account: str | None = None
    many: bool = False
    """One of several in its message: a list is posted again and again, so what is known is not registered twice."""


@dataclass(slots=True)
class Registered:
    """What became of a registration."""

    case: Returnee
    fresh: bool
    changed: Mapping[str, Any] = field(default_factory=dict)
    """Fields that a known case got anew."""
    doubles: Sequence[tuple[Returnee, str]] = ()
    """Possible doubles, each with the reason."""


def needed(hashes: Keyring, fields: Mapping[str, Any]) -> list[CaseKey]:
    """Under which keys doubles of a registration are looked for, and under which it will be found."""
    found: list[CaseKey] = []
    if fields.get("name"):
        found.append(("name", hashes.hash(fields["name"])))
    if phone := fields.get("phone"):
        found += [("phone", hashes.hash(phone)), ("tail", hashes.hash(phone[-TAIL:]))]
    return found


def known_already(cases: Cases, hashes: Keyring, fields: Mapping[str, Any], origin: Origin) -> Returnee | None:
    """The living case of the very same person: same name and phone, same unit, and said again by the same writer or in
    a list that is posted again and again. Whatever is less certain becomes a case of its own and is shown as a
    possible double.
    """
    if not fields.get("name"):
        return None
    for case in reversed(cases.of(("name", hashes.hash(fields["name"])))):
        same = case.phone == fields.get("phone") and (case.unit, case.state in states.FINAL) == (origin.unit, False)
        if same and (origin.many or case.reporter == origin.reporter):
            return case
    return None


def register(
    cases: Cases, pairs: Pairs, hashes: Keyring, fields: Mapping[str, Any], origin: Origin, act: Act
) -> Registered:
    """Open a case under the reference `act.record_ref`, with its first event and its possible doubles."""
    case = _case(hashes, fields, origin, act)
    doubles = _doubles(cases, case)
    cases.enter(case)
    states.born(case, act)
    pairs.begin(case.ref)
    for other, reason in doubles:
        pair = fresh(CasePair, first=other.ref, second=case.ref, reason=reason, state="open", found_at=act.at)
        pairs.add(case.ref, pair)
        pairs.of(other.ref).append(pair)
    return Registered(case, fresh=True, doubles=doubles)


def _case(hashes: Keyring, fields: Mapping[str, Any], origin: Origin, act: Act) -> Returnee:
    told = {"chat": origin.chat, "unit": origin.unit, "reporter": origin.reporter, "account": origin.account}
    unknown = ("confirmed", "due_at", "clock_on", "handed_on", "release_on", "closed_on", "purged_on")
    return fresh(
        Returnee,
        ref=act.record_ref,
        day=act.day,
        registered_at=act.at,
        **told,
        **dict.fromkeys(("owner", "transfer_to", "merged_into"), ""),
        **dict.fromkeys(("attempts", "failures"), 0),
        **dict.fromkeys(unknown),
        **_registered(hashes, fields, act.day),
    )


def fill(case: Returnee, hashes: Keyring, fields: Mapping[str, Any], today: date) -> None:
    """Write the registered fields into the columns of a case. Planned and actual arrival are separate facts."""
    for column, value in _registered(hashes, fields, today).items():
        setattr(case, column, value)


def _registered(hashes: Keyring, fields: Mapping[str, Any], today: date) -> dict[str, Any]:
    name, phone = fields.get("name"), fields.get("phone")
    tail = phone[-TAIL:] if phone else None
    arrives_on, arrived = times.day(fields.get("arrives_at")), fields.get("arrived")
    actual = arrived is True and arrives_on is not None and arrives_on <= today
    return {
        "name": name,
        "phone": phone,
        "tail": tail,
        "name_hash": hashes.hash(name) if name else None,
        "phone_hash": hashes.hash(phone) if phone else None,
        "tail_hash": hashes.hash(tail) if tail else None,
        "details": {key: value for key, value in fields.items() if key not in PERSONAL},
        "arrives_on": arrives_on,
        "arrived": arrived,
        "arrived_on": arrives_on if actual else None,
    }


def _doubles(cases: Cases, case: Returnee) -> list[tuple[Returnee, str]]:
    found: dict[str, tuple[Returnee, str]] = {}
    if case.phone_hash:
        for other in cases.of(("phone", case.phone_hash)):
            found[other.ref] = (other, "phone")
    if case.name_hash:
        for other in cases.of(("name", case.name_hash))[-MOST_COMPARED:]:
            if _similar(case, other):
                found.setdefault(other.ref, (other, "name"))
    possible = [pair for pair in found.values() if pair[0].state not in (states.MERGED, states.UNDONE)]
    return possible[:MOST_DOUBLES]


def _similar(one: Returnee, other: Returnee) -> bool:
    here, there = effective(one).get("address"), effective(other).get("address")
    if not here or not there:
        return bool(one.details.get("community")) and one.details.get("community") == other.details.get("community")
    return fuzz.partial_ratio(here, there) >= SIMILAR


def update(case: Returnee, hashes: Keyring, fields: Mapping[str, Any], act: Act) -> dict[str, Any]:
    """Said again: take over what is new or different; what was there stays in the event. Returns the new fields."""
    held = {**case.details, "name": case.name, "phone": case.phone}
    new = {key: value for key, value in fields.items() if held.get(key) != value}
    if not new:
        return {}
    states.step(case, "change", act)
    fill(case, hashes, {key: value for key, value in (held | new).items() if value is not None}, act.day)
    return new


def rest_until_arrival(case: Returnee, act: Act) -> bool:
    """Registered before the arrival: nothing can be decided until then, so the case rests and comes back by itself."""
    if case.arrives_on is None or case.arrives_on <= act.day or case.state != states.REGISTERED:
        return False
    day = case.arrives_on
    due = act.at.replace(year=day.year, month=day.month, day=day.day, hour=0, minute=0, second=0, microsecond=0)
    states.step(case, "suspend", act, {"arrives_on": day, "due_at": due})
    return True
