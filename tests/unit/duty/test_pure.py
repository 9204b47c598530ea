"""The pure parts of duty: hours, shifts, splits, orders and plans in words."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from handlers import call_splits, hours, orders, plan_words, seats, shifts, spans
from storage.tables import Duty

ZONE = ZoneInfo("Asia/Shanghai")
SENT = datetime(2022, 11, 6, 18, 0, tzinfo=ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2022, 11, day, hour, minute, tzinfo=ZONE)


def period(start: datetime | None, end: datetime | None, stated: float | None = None, **more: str) -> Duty:
    length = stated if stated is not None else hours.between(start, end, timedelta(hours=24))
    return Duty(
        starts_at=start, ends_at=end, hours=length, **{"state": "closed", "approval": "", "confirmed_by": ""} | more
    )


ACCOUNTS = [
    ("over midnight", [period(at(6, 13), at(7, 3))], (14.0, 5.0, 0.0)),
    ("two posts at once", [period(at(6, 8), at(6, 12)), period(at(6, 10), at(6, 14))], (6.0, 0.0, 0.0)),
    ("the same twice", [period(at(6, 8), at(6, 12)), period(at(6, 8), at(6, 12))], (4.0, 0.0, 0.0)),
    ("stated, shorter", [period(at(6, 8), at(6, 14), 5.0)], (5.0, 0.0, 0.0)),
    ("stated, no times", [period(None, None, 3.0)], (3.0, 0.0, 0.0)),
    ("waits for approval", [period(at(6, 8), at(6, 12), approval="pending")], (0.0, 0.0, 0.0)),
    ("confirmed", [period(at(6, 8), at(6, 12), confirmed_by="刘桂英")], (4.0, 0.0, 4.0)),
    ("never told", [period(at(6, 8), None, state="unreported")], (0.0, 0.0, 0.0)),
    ("backwards", [period(at(6, 12), at(6, 8))], (0.0, 0.0, 0.0)),
]


@pytest.mark.parametrize(("rows", "expected"), [a[1:] for a in ACCOUNTS], ids=[a[0] for a in ACCOUNTS])
def test_an_account_of_hours(rows: list[Duty], expected: tuple[float, float, float]) -> None:
    found = hours.account(rows, ZONE, (22, 6))
    assert (found.total, found.night, found.confirmed) == expected


def test_gaps_are_what_no_stretch_covers() -> None:
    covered = [(at(6, 2), at(6, 4)), (at(6, 3), at(6, 6)), (at(6, 8), at(6, 30 - 20))]
    assert spans.gaps(covered, at(6, 0), at(6, 12)) == [
        (at(6, 0), at(6, 2)),
        (at(6, 6), at(6, 8)),
        (at(6, 10), at(6, 12)),
    ]


PLANS = [
    ("红民村社区 11月7日至14日 9:30-20:00 每天6至9名", "红民村社区", date(2022, 11, 7), date(2022, 11, 14), 570, 1200, 6, 9, ()),
    ("东门 夜班 20:00-8:00 张小强、李明 11月7日", "东门", date(2022, 11, 7), date(2022, 11, 7), 1200, 1920, 2, None, ("张小强", "李明")),
    ("南门 24小时 每天 2人", "南门", date(2022, 11, 6), None, 0, 1440, 2, None, ()),
    ("东门 每天 夜班 陈建国", "东门", date(2022, 11, 6), None, 1200, 1920, 1, None, ("陈建国",)),
]  # fmt: skip


@pytest.mark.parametrize("row", PLANS, ids=[row[0] for row in PLANS])
def test_a_plan_in_words(row: tuple) -> None:
    text, post, first, last, starts, ends, least, most, people = row
    found = plan_words.read(text, SENT, "王五", "海淀区")
    assert found is not None
    assert (found.post, found.first, found.last) == (post, first, last)
    assert (found.starts, found.ends, found.least, found.most, found.people) == (starts, ends, least, most, people)


@pytest.mark.parametrize("text", ["东门", "张小强 李明", "东门 8:00-12:00"])
def test_half_a_plan_is_none(text: str) -> None:
    assert plan_words.read(text, SENT, "王五", "海淀区") is None


ORDERS = [
    ("排班 东门 夜班 张三", "plan"), ("排班", "plans"), ("李四替张三 明天夜班", "swap"), ("同意 T3", "agree"), ("不同意 C12", "decline"),
    ("空岗", "gaps"), ("名单确认 Z3", "confirm_list"), ("分配 管控区 18人,其余 卡口", "split"), ("分配口罩200只", None), ("Z3 名额 15人", "quota"),
    ("接张三的班", "hand_over"), ("补签 昨天 14:00-18:00", None), ("到岗 东门", None), ("任命 刘桂英 卡口长", "grant"), ("我们昨天排班了", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), ORDERS, ids=[order[0] for order in ORDERS])
def test_orders(text: str, name: str | None) -> None:
    found = orders.read(text)
    assert (found and found["name"]) == name


SPLITS = [
    ("管控区 18人,社区卡口 32人", [("管控区", 18), ("社区卡口", 32)]),
    (
        "炭厂里、魔方公寓、驼房里等管控区 18人；其余32人 社区卡口",
        [("炭厂里、魔方公寓、驼房里等管控区", 18), ("社区卡口", 32)],
    ),
    ("管控区 18人,其余 社区卡口", [("管控区", 18), ("社区卡口", None)]),
    ("管控区", []),
    ("18人", []),
    ("其余 甲,其余 乙", []),
]


@pytest.mark.parametrize(("text", "parts"), SPLITS, ids=[split[0] for split in SPLITS])
def test_a_split_in_words(text: str, parts: list) -> None:
    assert call_splits.read(text) == parts


def test_a_split_is_summed() -> None:
    assert seats.check_sum([("甲", 18), ("乙", None)], 50) == ([("甲", 18), ("乙", 32)], 0)
    assert seats.check_sum([("甲", 18), ("乙", 30)], 50)[1] == 2
    assert seats.check_sum([("甲", 18), ("乙", 40)], 50)[1] == -8


NAMES = ("", "东门", "红石坎村卡口东门", "卡口东门", "西门", "门", "东")


@pytest.mark.parametrize("names", [(), ("",), ("东门",), ("红石坎村卡口东门", "西门"), ("门",), ("东",)])
def test_names_of_posts_fit_as_each_of_them_would(names: tuple[str, ...]) -> None:
    known = shifts.Named(names)
    for post in NAMES:
        assert known.fits(post) == any(shifts.same_post(name, post) for name in names), post


DURING = [
    ("all", None, [6, 14, 22, 30, 38, 46]),
    ("one moment", (at(7, 6), at(7, 6, 1)), [30]),
    ("an end is over", (at(7, 14), at(7, 14, 1)), [38]),
    ("over midnight", (at(6, 23), at(7, 7)), [22, 30]),
    ("another zone", (at(7, 6).astimezone(UTC), at(7, 15).astimezone(UTC)), [30, 38]),
]


@pytest.mark.parametrize(("during", "begin"), [d[1:] for d in DURING], ids=[d[0] for d in DURING])
def test_shifts_that_go_on_in_a_time(during: tuple[datetime, datetime] | None, begin: list[int]) -> None:
    rosters = [
        SimpleNamespace(
            id=n, ref=f"B{n}", unit="", post="东门", shift="", first=date(2022, 11, 1), last=None,
            starts=hour * 60, ends=(hour + 8) * 60, least=1, most=None,
        )
        for n, hour in enumerate((6, 14, 22))
    ]  # fmt: skip
    found = shifts.slots(rosters, (), (), (date(2022, 11, 6), date(2022, 11, 7)), ZONE, during)
    assert [(slot.starts - at(6, 0)) // timedelta(hours=1) for slot in found] == begin


def test_whoever_checked_in_elsewhere_is_not_missing() -> None:
    slot = shifts.Slot(1, "B1", "", "东门", "", date(2022, 11, 6), at(6, 8), at(6, 16), 1, None, ("甲", "乙", "丙"))
    seen = [
        shifts.Presence("甲", "红石坎村东门", at(6, 8, 30), None, open=True),
        shifts.Presence("乙", "西门", at(6, 8), None, open=True),
        shifts.Presence("丁", "东门", at(6, 9), None, open=True),
    ]
    known = shifts.known(seen, [(slot.unit, "东门")], {"甲", "乙", "丙"})
    found = shifts.standing(slot, known, at(6, 10), timedelta(minutes=15))
    assert (found.present, found.late, found.missing, found.extra) == (("甲",), ("甲",), ("丙",), ("丁",))
