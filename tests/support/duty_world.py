"""Invented people and groups for the scenarios of duty and calls."""

from bot.sandbox.settings import Chat, Member

VILLAGE = (
    Member("lead", "刘桂英", "卡口长", coordinator=True),
    Member("chen", "陈建国"),
    Member("sun", "孙晓雨"),
    Member("ma", "马志强"),
    Member("zhou", "周丽丽"),
    Member("boss", "赵明华", "镇协调员", coordinator=True),
)
VILLAGE_CHATS = (
    Chat("wrVillage", "红石坎村卡口值守群", "group", "平谷区/金海湖镇/红石坎村", tuple(m.user_id for m in VILLAGE)),
)
TOWN_CHATS = (
    *VILLAGE_CHATS,
    Chat("wrTown", "金海湖镇工作群", "group", "平谷区/金海湖镇", ("boss",)),
    Chat("wrPass", "将军关村群", "group", "平谷区/金海湖镇/将军关村", ("sun", "zhou")),
)
"""The village with the town above it and another village beside it."""
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
_GIVEN = ("建军", "丽华", "志远", "秀兰")


def volunteers(number: int) -> tuple[Member, ...]:
    """So many members with different names."""
    names = [surname + given for given in _GIVEN for surname in _SURNAMES]
    return tuple(Member(f"v{i}", names[i]) for i in range(number))


CAPTAIN = Member("captain", "顾长风", "领队", coordinator=True)


def call_group(name: str, unit: str, number: int) -> tuple[tuple[Member, ...], tuple[Chat, ...]]:
    """A group of a captain and so many volunteers."""
    members = (CAPTAIN, *volunteers(number))
    return members, (Chat("wrCalls", name, "group", unit, tuple(m.user_id for m in members)),)
