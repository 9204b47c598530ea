"""From the name of a unit, as people say it, to its path in the tree."""

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from storage.tables import Chat, RecordRow


def path_of(session: Session, name: str, current: str) -> str:
    """The path of the unit called `name`: on the way to the chat's own unit, else among the units that are in use.

    A name that no unit in use carries is returned as it is: its report is empty, and says for which unit.
    """
    own = _cut(current, name)
    if own:
        return own
    used = union(select(Chat.unit), select(RecordRow.unit)).subquery()
    query = select(used.c.unit).where(used.c.unit.contains(name, autoescape=True))
    found = sorted(
        {cut for unit in session.scalars(query) if (cut := _cut(unit, name))}, key=lambda path: (path.count("/"), path)
    )
    near = [path for path in found if current and path.split("/")[0] == current.split("/", maxsplit=1)[0]]
    return next(iter(near or found), name)


def _cut(path: str, name: str) -> str:
    """`path` down to the level called `name`, or nothing. `平谷区/金海湖镇` also answers to 金海湖."""
    levels = path.split("/")
    for depth, level in enumerate(levels, 1):
        if level == name or (len(name) > 1 and level[:-1] == name):
            return "/".join(levels[:depth])
    return name if "/" in name and path.startswith(name) else ""
