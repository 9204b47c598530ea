"""Rounds that the table of posts asks for (column 巡查): a plan for each group of the post's unit.

What a group says of its plan wins: a plan that was stopped or changed there comes back only with another row.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from handlers.patrols import plan_reading, slots
from storage import organisation, patrols
from storage.tables_org import Post
from storage.tables_patrols import PatrolPlan

BY = "点位表"


def adopt(session: Session, units: Mapping[str, str], now: datetime, night: tuple[int, int]) -> None:
    """Make the plans that posts ask for and groups do not have yet. `units`: group → unit."""
    asking = [post for post in organisation.posts(session, "") if post.patrol]
    if not asking:
        return
    told = {(row.chat, row.post): row for row in patrols.plans_by(session, BY)}
    for post in asking:
        for chat in (chat for chat, unit in units.items() if unit == post.unit):
            _adopt(session, chat, post, told.get((chat, post.name)), now, night)


def _adopt(
    session: Session, chat: str, post: Post, former: PatrolPlan | None, now: datetime, night: tuple[int, int]
) -> None:
    wanted = plan_reading.read(post.patrol, night)
    if wanted is None or not wanted.possible:
        return
    same = former is not None and (former.every, former.starts, former.ends) == (
        wanted.every,
        wanted.starts,
        wanted.ends,
    )
    if same:
        return
    for row in patrols.plans(session, chat):
        if row.post == post.name:
            slots.stop(session, row, now)
    made = PatrolPlan(chat=chat, unit=post.unit, post=post.name, by=BY, made_at=now, state="active")
    made.every, made.starts, made.ends = wanted.every, wanted.starts, wanted.ends
    session.add(made)
