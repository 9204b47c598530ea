"""Which groups there are, which of them a word means, who may write to them, and who is asked to confirm there.

Asked are those in charge of the group's own unit and the coordinators whom the configuration names for it, but not the
sender; one of them is enough. Where nobody is known, anybody of the group confirms.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.context import Context
from handlers import rights
from handlers import texts_notices as words
from storage import chats, organisation
from storage.tables_org import Role

HERE = frozenset({"本群", "这个群", "这群"})
ALL = frozenset({"所有群", "所有的群", "全部群", "全部的群", "各群", "各个群", "全体群", "全体"})
Coordinators = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """A group that can be written to, or could be."""

    chat: str
    unit: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is asked to confirm. `user` is empty where no account of that name is known."""

    name: str
    user: str = ""


class Several(Exception):
    """A name that means several places; the message lists their paths."""


def every(session: Session, configured: Mapping[str, str]) -> list[Group]:
    """All groups, in the order of the tree; a binding made in the chat wins."""
    units = {**configured, **chats.bound(session)}
    return named(units)


def named(units: Mapping[str, str]) -> list[Group]:
    """Groups with names that tell them apart."""
    many = Counter(units.values())
    met: Counter[str] = Counter()
    found = []
    for chat, unit in sorted(units.items(), key=lambda item: (item[1], item[0])):
        met[unit] += 1
        name = unit.rsplit("/", 1)[-1] or words.NO_UNIT
        found.append(Group(chat, unit, f"{name}{met[unit]}群" if many[unit] > 1 else name))
    return found


def meant(known: Sequence[Group], word: str, chat: str, unit: str) -> list[Group]:
    """The groups that a word means: this one, all, one by name, or a unit and everything below. Raises `Several`."""
    if word in HERE:
        return [group for group in known if group.chat == chat]
    if word in ALL:
        return list(known)
    if exact := [group for group in known if group.name == word]:
        return exact if not _is_unit(known, word) else _of_unit(known, word, unit)
    return _of_unit(known, word, unit)


def _is_unit(known: Sequence[Group], word: str) -> bool:
    return any(word in group.unit.split("/") for group in known)


def _of_unit(known: Sequence[Group], word: str, unit: str) -> list[Group]:
    paths = sorted({path for group in known if (path := _cut(group.unit, word.removesuffix("群") or word))})
    if len(paths) > 1:
        near = [path for path in paths if organisation.covers(unit, path) or organisation.covers(path, unit)]
        paths = near if unit and len(near) == 1 else paths
    if len(paths) > 1:
        raise Several("、".join(paths))
    return [group for group in known if paths and organisation.covers(paths[0], group.unit)]


def _cut(path: str, word: str) -> str:
    """`path` down to the level that a word names: 金海湖镇, 金海湖, 平谷区/金海湖镇, 金海湖镇红石坎村."""
    levels = path.split("/") if path else []
    for last in range(1, len(levels) + 1):
        for first in range(last):
            some = levels[first:last]
            if word in {"/".join(some), "".join(some)} or (len(word) > 1 and word == levels[last - 1][:-1]):
                return "/".join(levels[:last])
    return ""


def may_write(ctx: Context, some: Sequence[Group]) -> dict[str, bool]:
    """Chat → whether the writer may send notices there."""
    by_unit: dict[str, bool] = {}
    found = {}
    for group in some:
        if group.unit not in by_unit:
            by_unit[group.unit] = bool(group.unit) and rights.may(ctx, "notify", group.unit)
        configured = ctx.incoming.sender in ctx.services["coordinators"](group.chat)
        found[group.chat] = by_unit[group.unit] or configured or (not group.unit and rights.may(ctx, "notify", ""))
    return found


def asked(session: Session, coordinators: Coordinators, group: tuple[str, str], sender: str) -> list[Asked]:
    """Who is asked to confirm in a group (chat, unit)."""
    chat, unit = group
    query = select(Role).where(Role.unit == unit).order_by(Role.id)
    roles = session.scalars(query).all() if unit else ()
    by_name = organisation.accounts(session, [role.name for role in roles if not role.user_id]) if roles else {}
    users = {role.user_id or by_name.get(role.name, ""): role.name for role in roles}
    nameless = [Asked(role.name) for role in roles if not (role.user_id or by_name.get(role.name))]
    configured = [user for user in coordinators(chat) if user not in users]
    names = chats.load_accounts(session, configured)
    found = [Asked(name, user) for user, name in users.items() if user]
    found += [Asked(names[user].name or user if user in names else user, user) for user in configured]
    return [one for one in (*found, *nameless) if one.user != sender]


def counts(ctx: Context, group: tuple[str, str], sender: str) -> bool:
    """Whether the writer's word confirms for a group."""
    writer = ctx.incoming.sender
    if writer == sender:
        return False
    people = asked(ctx.uow.session, ctx.services["coordinators"], group, sender)
    if not people or any(one.user == writer for one in people):
        return True
    account = chats.load_accounts(ctx.uow.session, [writer]).get(writer)
    trusted = account.name if account is not None and account.source in rights.TRUSTED else ""
    if trusted and any(not one.user and one.name == trusted for one in people):
        return True
    return bool(group[1]) and rights.rank(ctx, group[1]) >= rights.Rank.LEAD


def in_charge(ctx: Context, group: tuple[str, str], sender: str) -> bool:
    """Whether the writer is one of those who are asked by name: for words that come from a single chat."""
    return bool(asked(ctx.uow.session, ctx.services["coordinators"], group, sender)) and counts(ctx, group, sender)


def people(some: Sequence[Asked]) -> Iterator[str]:
    """Their names, each once."""
    yield from dict.fromkeys(one.name for one in some)
