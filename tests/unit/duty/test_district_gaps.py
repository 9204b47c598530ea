"""空岗 of a district with many posts: what each unit lacks and the worst posts, within one message."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from handlers import duty_lists
from storage.crypto import Keyring
from storage.tables import Duty
from storage.tables_org import Post
from tests.support.databases import SqliteFiles
from tests.support.duty_books import CHAT, DISTRICT, ZONE, DutyBooks

MIDNIGHT = datetime(2020, 2, 23, tzinfo=ZONE)
TODAY = MIDNIGHT.date()


@pytest.fixture
def books(sqlite_files: SqliteFiles, tmp_path: Path, keyring: Keyring) -> Iterator[DutyBooks]:
    with sqlite_files.fresh(tmp_path, keyring) as database:
        yield DutyBooks(database.engine(), MIDNIGHT + timedelta(hours=10))


def posts(books: DutyBooks, streets: int, each: int) -> None:
    with Session(books.engine) as session, session.begin():
        for number in range(streets * each):
            unit = f"平谷区/第{number % streets + 1}街道/第{number + 1}村"
            session.add(Post(unit=unit, name=f"{number + 1}号卡口", starts=0, ends=1440, state="active"))


def period(
    books: DutyBooks, unit: str, post: str, start: float, end: float | None, state: str = "closed", day: date = TODAY
) -> None:
    """Somebody at a post, in hours after midnight."""
    row = Duty(in_ref="C1", chat="wr1", unit=unit, person="何天一", post=post, day=day, state=state)
    row.starts_at = MIDNIGHT + timedelta(hours=start)
    row.ends_at = None if end is None else MIDNIGHT + timedelta(hours=end)
    with Session(books.engine) as session, session.begin():
        session.add(row)


def test_a_district_hears_what_each_of_its_units_lacks(books: DutyBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_lists, "MANY_POSTS", 2)
    posts(books, 3, 2)
    period(books, "平谷区/第1街道/第1村", "1号卡口", 0, 4)
    period(books, "平谷区/第1街道/第1村", "1号卡口", 3, 9)
    period(books, "平谷区/第1街道/第4村", "4号卡口", 5, None, "open")
    period(books, "平谷区/第1街道/第4村", "4号卡口", 0, 2)
    period(books, "平谷区/第2街道/第2村", "2号卡口", 0, None, "unreported")
    for number in (3, 6):
        period(books, f"平谷区/第3街道/第{number}村", f"{number}号卡口", -2, None, "open")
    books.say("lead", "排班 东门 12:00-16:00 每班3人", chat=CHAT)
    assert books.say("boss", "空岗", chat=DISTRICT).splitlines() == [
        "**空岗与缺口**（截至 2月23日10:00）",
        "现在应有人的点位 6 个，没有在岗记录的 3 个；1 个单位没有空岗",
        "- 第2街道：空 2/2 个（第2村2号卡口、第5村5号卡口）",
        "- 第1街道：空 1/2 个（第1村1号卡口）",
        "- 金海湖镇：空 0/0 个，接下来的班还差 3 人",
        "**空得最久的点位**",
        "- 第2村2号卡口：00:00 起",
        "- 第5村5号卡口：00:00 起",
        "- 第1村1号卡口：09:00 起",
        "**接下来缺人最多的班**",
        "- 红石坎村东门（今天12:00–16:00）：还差 3 人",
        "看一个单位今天的全部空档请发：空岗 第2街道",
    ]


def test_hundreds_of_empty_posts_fit_into_one_message(books: DutyBooks) -> None:
    posts(books, 30, 12)
    said = books.say("boss", "空岗", chat=DISTRICT)
    assert "现在应有人的点位 360 个，没有在岗记录的 360 个" in said
    assert "……还有 10 个单位" in said
    assert len(said.encode()) <= 4096


def longest(said: str) -> list[str]:
    lines = said.splitlines()
    return [line for line in lines[lines.index("**空得最久的点位**") + 1 :] if line.startswith("- ")]


def test_who_began_yesterday_may_have_left_today(books: DutyBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_lists, "MANY_POSTS", 2)
    posts(books, 1, 14)
    night = TODAY - timedelta(days=1)
    for number in range(1, 13):  # more than are shown: a night's end moves each of them behind the others in turn
        unit, post = f"平谷区/第1街道/第{number}村", f"{number}号卡口"
        period(books, unit, post, -2, number / 2, day=night)
        period(books, unit, post, 0, 0.25)
    period(books, "平谷区/第1街道/第1村", "1号卡口", 9, 9.5, "undone")
    period(books, "平谷区/第1街道/第2村", "2号卡口", 9, 11)
    assert longest(books.say("boss", "空岗", chat=DISTRICT)) == [
        "- 第13村13号卡口：00:00 起",
        "- 第14村14号卡口：00:00 起",
        *(f"- 第{number}村{number}号卡口：{number // 2:02}:{number % 2 * 30:02} 起" for number in range(1, 9)),
    ]


def test_a_post_is_the_one_that_people_call_shorter(books: DutyBooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_lists, "MANY_POSTS", 2)
    posts(books, 1, 3)
    period(books, "平谷区/第1街道/第1村", "号卡口", 1, 6)
    period(books, "平谷区/第1街道/第2村", "", 1, 5)
    period(books, "平谷区/第1街道/第3村", "北门", 1, 5)
    assert longest(books.say("boss", "空岗", chat=DISTRICT)) == [
        "- 第3村3号卡口：00:00 起",
        "- 第2村2号卡口：05:00 起",
        "- 第1村1号卡口：06:00 起",
    ]
